"""`wirewatch apply`: steps over a file, without a broker."""

import os
import stat
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from streams.errors import InputError, ReaderGone, SettingsError
from wirewatch.cli.apply_arguments import Arguments
from wirewatch.cli.apply_records import Causes, Records, Summary, opened_lines, print_summary
from wirewatch.cli.console import errors, load, log_errors, run_until_signal, with_config
from wirewatch.cli.progress import Shown, progress
from wirewatch.terminal.console import safe_json
from wirewatch.terminal.standard import give_up

if TYPE_CHECKING:
    from agents.fetch.files.found import Refusal
    from wirewatch.apply.chain import Chain
    from wirewatch.apply.explain import Explainer

#: Of documents that were read well and list nothing, as the page of one article does.
NO_ENTRIES = "no entries: no document lists any (the page of an article itself is for `apply clean`)"


@click.command()
@click.argument("steps", metavar="STEP[,STEP…]")
@click.argument("files", metavar="[FILE…]", nargs=-1, type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--entries", is_flag=True, help="After poll: the entries in a neutral form, not raw records.")
@click.option("--url", help="After poll: where the document was fetched, for its relative addresses.")
@click.option("--source", help="After poll: the source of its raw records; by default their host.")
@click.option(
    "--watches",
    "watches_path",
    type=click.Path(exists=True, path_type=Path),
    help="The watches of the step watch: a TOML file, or a folder of them.",
)
@click.option(
    "--explain", is_flag=True, help="With the step clean alone: the reasons of each record in a line behind it."
)
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a file, as a run that can be resumed.",
)
@click.option(
    "--format", "form", type=click.Choice(["parquet", "csv", "jsonl"]), help="Of the file; by default its name says it."
)
@click.option("--resume", is_flag=True, help="Go on where a run with --output was stopped.")
@click.option(
    "--progress",
    "show",
    is_flag=True,
    help="Show progress on standard error; a terminal has it if output goes to a file.",
)
@with_config
def apply(*, config: Path | None, **given: Any) -> None:
    """Run steps over a file of JSON lines (standard input without FILE), without a broker.

    Reads records of the first step's input type and writes the last step's output records to standard output, in the
    order of the input, with the code that the workers run. `dedup` writes copies too; a record that a step refuses comes
    out as a dead record in its place. A raw record's own `id` is kept as `ref`. Input may be packed by gzip, bzip2, xz
    or zstd. A terminal gets a summary at the end, and anything else a line where records were refused. Exits with 0 then,
    too; with 2 where a file, or a part of it, cannot be read.

    \b
    Steps, in this order:
      poll    takes saved feeds, sitemaps and pages: files, folders and
              those in them, or a list (.jsonl) of {path, url,
              content_type}; fetches nothing
      clean   takes raw records, saved pages (.html, .mhtml, .warc, .wacz, a
              folder), texts (.txt), mails (.eml, .mbox) or a table of
              articles (.csv, .tsv, .parquet; see docs/tables.md); standard
              input is what its first line says
      dedup   takes clean records
      tag     takes clean records
      stories takes tagged records, groups those about one event
      trends  takes what stories gives, writes what is unusually much
      watch   takes tagged records, writes the alerts that the watches
              would have raised, by the articles' own clock

    \b
    wirewatch apply clean,tag page.html
    wirewatch apply clean,dedup,tag raw.jsonl > tagged.jsonl
    wirewatch apply watch --watches watches/ tagged.jsonl
    wirewatch apply clean --progress raw.jsonl.gz | jq -r .title
    wirewatch apply poll,clean,tag --url https://example.org/feed feed.xml
    wirewatch apply poll --entries feeds/ sitemap.xml.gz

    With --output the records go into a table, with columns for country, topic
    and story (docs/tables.md), or into JSON lines. The file appears when it is
    whole, and replaces one that is there; a run that is stopped, by Ctrl-C or
    worse, goes on with --resume and gives the same file.

    \b
    wirewatch apply clean,dedup,tag,stories raw.jsonl.gz -o news.parquet
    wirewatch apply clean,dedup,tag,stories raw.jsonl.gz -o news.parquet --resume

    With --explain each clean record is followed by a line of the schema wirewatch.explanation.v1: `explains` is the
    record's id; `choices` gives, for each field, its value, where on the page it stands and why it was taken; `claims`
    are the statements that the page makes about itself.

    \b
    wirewatch apply clean --explain raw.jsonl | jq '.choices.title'
    """
    log_errors()
    arguments = Arguments(settings=load(config, None), **given)
    arguments.check()
    if arguments.polls:
        apply_poll(arguments)
    elif arguments.output is not None:
        from wirewatch.cli.apply_file import apply_file

        apply_file(arguments, arguments.output)
    else:
        apply_chain(arguments)


def apply_poll(arguments: Arguments) -> None:
    """Read saved documents, and run the steps after `poll` over their raw records."""
    from wirewatch.apply.poll import documents, spool_files, write_files

    files, settings, rest = arguments.files, arguments.settings, arguments.steps.partition(",")[2]
    if not files or Path("-") in files:
        raise SettingsError("the step `poll` takes files: a feed has no lines that could come over standard input")
    if arguments.entries and rest:
        raise SettingsError("--entries is for people and tools; the step after `poll` takes raw records")

    refused = Causes()

    def refuse(refusal: "Refusal") -> None:
        refused.add(refusal.where, refusal.error, refusal.where)

    tasks = documents(files, arguments.url, arguments.source, entries=arguments.entries, refuse=refuse)
    if not rest:
        if not run_until_signal(write_files(tasks, settings, sys.stdout.buffer)):
            errors.print(NO_ENTRIES, soft_wrap=True)
        refused.check()
        return
    with tempfile.NamedTemporaryFile(prefix="wirewatch-poll-", suffix=".jsonl") as raw:
        if not run_until_signal(spool_files(tasks, settings, Path(raw.name))):
            errors.print(NO_ENTRIES, soft_wrap=True)
        apply_chain(replace(arguments, steps=rest, files=(Path(raw.name),)))
    refused.check()


def apply_chain(arguments: Arguments) -> None:
    """Run steps over a file of JSON lines, and sum up its output records at the end."""
    from wirewatch.apply.chain import Chain as StepChain
    from wirewatch.apply.explain import Explainer

    steps, settings = arguments.steps, arguments.settings
    show = arguments.show or (errors.is_terminal and into_file())
    watches = arguments.watches()
    chain = Explainer(settings) if arguments.explain else StepChain(steps, settings, watches)
    summary = Summary()
    try:
        with opened_lines(steps, arguments.path, settings) as (lines, total):
            run_until_signal(write_records(chain, lines, total, summary, show=show))
    except SystemExit:
        errors.print(
            f"interrupted: {summary}; it cannot go on from here, as a run with --output FILE can (--resume)",
            soft_wrap=True,
        )
        raise
    except InputError:
        if summary.all:  # else the error says it
            print_summary(summary, lines)
        raise
    if show or errors.is_terminal or summary.dead or (not summary.all and lines.passed_over()) or lines.columns():
        print_summary(summary, lines)


def into_file() -> bool:
    """Return whether standard output is a file (`> out.jsonl`): a terminal would stand still while it is written."""
    return stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)


async def write_records(
    chain: "Chain | Explainer", lines: Records, total: Callable[[], int | None], summary: Summary, *, show: bool
) -> None:
    """Write the output records to standard output; raise `InputError` at the end where the file broke off."""
    with progress(total() if show else None, shown=show, share=lines.share) as shown:
        try:
            await write_all(chain, lines, summary, shown)
        except ReaderGone:  # it has seen enough: `wirewatch apply … | head`
            give_up(sys.stdout.fileno())
    lines.check()


async def write_all(chain: "Chain | Explainer", lines: Records, summary: Summary, shown: Shown) -> None:
    """Write each record as it comes, and all of them before the end."""
    out = sys.stdout.buffer
    on_terminal = sys.stdout.isatty()
    async with aclosing(cast("AsyncGenerator[bytes, None]", chain.run(lines))) as records:
        async for record in records:
            out.write((safe_json(record) if on_terminal else record) + b"\n")
            summary.add(record)
            shown.advance()
    out.flush()
