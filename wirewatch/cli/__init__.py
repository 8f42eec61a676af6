"""The command line: `wirewatch --help`."""

import logging
import os
import sys
from contextlib import aclosing
from pathlib import Path
from typing import IO, Any

import click
import orjson
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from streams.errors import OutputError
from streams.topics import PUBLIC, TOPICS
from wirewatch import __version__
from wirewatch.cli.console import Group, configured, errors, leave, load, output, run_until_signal, set_up_logging
from wirewatch.cli.deliveries import deliveries
from wirewatch.cli.watches import watches


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="wirewatch")
def main() -> None:
    """News over Kafka: raw pages in; clean, unique, tagged articles out.

    \b
    Try it, without Kafka:      wirewatch demo
    Over a file, no broker:     wirewatch apply clean,dedup,tag raw.jsonl
    On a Kafka of your own:     wirewatch topics create
                                wirewatch run
                                wirewatch ingest raw.jsonl pages/ archive.warc.gz
                                wirewatch tail news.tagged --region VE
                                wirewatch audit

    Settings come from wirewatch.toml, then WIREWATCH_<SECTION>_<NAME> variables, then options.
    """


@main.command()
@click.option("--once", is_flag=True, help="End after the summary: exit 0, or 1 when the accounts do not balance.")
@click.option("--http-port", type=int, default=None, help="Port of the page and the metrics; 0 takes a free one.")
@click.option("--plain", is_flag=True, help="Lines instead of a live view (the default where there is no terminal).")
@click.option("--config", type=click.Path(dir_okay=False, path_type=Path), help="Settings file.")
def demo(*, once: bool, http_port: int | None, plain: bool, config: Path | None) -> None:
    """Run everything on a sample of news, with an embedded broker: no Kafka, no Docker, no key.

    The sample holds invented events in real places, in several languages, and everything that news brings: copies,
    revisions, broken pages. After the summary it keeps serving the page, metrics and health until Ctrl-C. The embedded
    broker keeps everything in memory and forgets: it is for looking, never for data.
    """
    output.print("wirewatch demo: starting an embedded broker and all steps, a few seconds …", style="dim")
    from wirewatch.demo.run import run_demo  # noqa: PLC0415

    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    settings = load(config, None, worker__http_port=http_port)
    leave(lambda: run_until_signal(run_demo(settings, once=once, plain=plain or not output.is_terminal)))


@main.command()
@click.option("--steps", metavar="STEP[,STEP…]", help="Only these steps; all of them by default.")
@click.option("--http-port", type=int, default=None, help="Port of metrics, health and the page; 0 takes a free one.")
@configured
def run(steps: str | None, http_port: int | None, config: Path | None, bootstrap: str | None) -> None:
    """Run the steps against Kafka until Ctrl-C or SIGTERM.

    Start as many as you like on as many machines: each step is a consumer group, and Kafka spreads its partitions over
    the workers. A worker may be killed at any time; nothing is lost, and what is repeated has the same ids.

    \b
    Steps: clean, learn, sketch, dedup, tag, match, watch, deliver
    """
    from wirewatch.cli.worker import run_worker  # noqa: PLC0415
    from wirewatch.steps import chosen  # noqa: PLC0415

    settings = load(config, bootstrap, worker__http_port=http_port)
    set_up_logging(settings.worker.log_level)
    wanted = chosen(steps)
    leave(lambda: run_until_signal(run_worker(settings, wanted)))


@main.command()
@click.argument("steps", metavar="STEP[,STEP…]")
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--watches",
    "watches_path",
    type=click.Path(exists=True, path_type=Path),
    help="The watches of the step watch: a TOML file, or a folder of them.",
)
@click.option("--progress", is_flag=True, help="Show a progress bar on standard error when it is a terminal.")
@click.option("--config", type=click.Path(dir_okay=False, path_type=Path), help="Settings file.")
def apply(steps: str, file: IO[bytes], *, watches_path: Path | None, progress: bool, config: Path | None) -> None:
    """Run steps over a file of JSON lines (standard input without FILE), without a broker.

    Reads records of the first step's input type and writes the last step's output records to standard output, in the
    order of the input, with the code that the workers run. `dedup` writes copies too; what a step refuses comes out as a
    dead record in its place. A raw record's own `id` is kept as `ref`. Input may be compressed by gzip.

    \b
    Steps, in this order:
      clean   takes raw records
      dedup   takes clean records
      tag     takes clean records
      watch   takes tagged records, writes the alerts that the watches
              would have raised, by the articles' own clock

    \b
    wirewatch apply clean,dedup,tag raw.jsonl > tagged.jsonl
    wirewatch apply watch --watches watches/ tagged.jsonl
    wirewatch apply clean --progress raw.jsonl.gz | jq -r .title
    """
    from agents.watch.files import load as load_watches  # noqa: PLC0415
    from wirewatch.apply import Chain  # noqa: PLC0415

    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    found = load_watches(watches_path) if watches_path is not None else None
    chain = Chain(steps, load(config, None), found)
    sys.exit(run_until_signal(_apply(chain, file, show=progress and errors.is_terminal)))


async def _apply(chain: Any, file: IO[bytes], *, show: bool) -> int:
    from wirewatch.cli.lines import Lines  # noqa: PLC0415

    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=errors, disable=not show
    ) as bar:
        task = bar.add_task("articles", total=_count_lines(file) if show else None)
        out = sys.stdout.buffer
        lines = Lines(file)
        try:
            async with aclosing(chain.run(lines)) as records:
                async for record in records:
                    _write(out, record + b"\n")
                    if show:
                        bar.advance(task)
            _write(out)
        except BrokenPipeError:  # the reader has seen enough: `wirewatch apply … | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    lines.check()
    return 0


def _write(out: IO[bytes], line: bytes = b"") -> None:
    """Write a line, or without one what is still to be written; raise `OutputError` where there is no room for it."""
    try:
        if line:
            out.write(line)
        else:
            out.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is tried again as Python ends
        raise OutputError(f"standard output cannot be written: {error.strerror or error}") from error


def _count_lines(file: IO[bytes]) -> int | None:
    """Return a file's number of lines; None for a pipe, and for what is packed."""
    from wirewatch.cli.lines import GZIP_MAGIC  # noqa: PLC0415

    if not file.seekable():
        return None
    packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    file.seek(0)
    if packed:
        return None
    count = sum(1 for _ in file)
    file.seek(0)
    return count


@main.command()
@click.argument("paths", nargs=-1, metavar="[PATH…]", type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--source", help="Source of saved pages that do not say their URL; their folder's name by default.")
@click.option("--quiet", is_flag=True, help="No progress bar; refusals are still reported.")
@configured
def ingest(
    paths: tuple[Path, ...], source: str | None, *, quiet: bool, config: Path | None, bootstrap: str | None
) -> None:
    """Send raw records and pages to news.raw.

    PATH is a file or a folder of JSON lines of raw records (.jsonl, .jsonl.gz), saved pages (.html) and web archives
    (.warc, .warc.gz); `-` or nothing is JSON lines on standard input. What is no raw record is reported with its place
    and counted, and the rest goes on; exit 1 then. A page over the size limit leaves a dead letter, without its content.
    """
    from wirewatch.cli.worker import run_ingest  # noqa: PLC0415

    settings = load(config, bootstrap)
    sys.exit(run_until_signal(run_ingest(settings, paths or (Path("-"),), source, errors, quiet=quiet)))


@main.command()
@click.argument("topic", metavar="TOPIC")
@click.option(
    "--region",
    "regions",
    multiple=True,
    help="Country or division (VE, US-TX), by the header `regions`. Repeatable: any.",
)
@click.option(
    "--topic", "topics", multiple=True, help="IPTC topic (medtop:16000000), by the header `topics`. Repeatable: any."
)
@click.option("--language", "languages", multiple=True, help="Language (es). Repeatable: any.")
@click.option("--source", "sources", multiple=True, help="Source. Repeatable: any.")
@click.option("--from-beginning", is_flag=True, help="Start with the oldest that Kafka has, not with what comes next.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines instead of a line for people.")
@click.option("-n", "--count", type=click.IntRange(min=1), help="End after so many.")
@configured
def tail(topic: str, *, config: Path | None, bootstrap: str | None, **options: Any) -> None:
    """Show what comes over TOPIC, as it comes.

    \b
    wirewatch tail news.tagged --region VE --topic medtop:11000000
    wirewatch tail news.dead --from-beginning --json | jq .error
    """
    from wirewatch.cli.worker import run_tail  # noqa: PLC0415

    if topic not in TOPICS:
        raise click.BadParameter(
            f"no topic is called {topic}; there are {', '.join(t.name for t in PUBLIC)}", param_hint="TOPIC"
        )
    run_until_signal(run_tail(load(config, bootstrap), topic, output, **options))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@configured
def audit(*, as_json: bool, config: Path | None, bootstrap: str | None) -> None:
    """Reconcile the topics: what went in, what came out where, what is on its way, what is missing or double.

    Exit 0 when nothing is missing and nothing is double, 1 otherwise. Reads everything that Kafka retains; what is still
    on its way is no mistake.
    """
    from wirewatch.audit import audit as run_audit  # noqa: PLC0415
    from wirewatch.cli.worker import account_json, account_table  # noqa: PLC0415
    from wirewatch.steps import STEPS  # noqa: PLC0415

    account = run_until_signal(run_audit(load(config, bootstrap), STEPS))
    if as_json:
        click.echo(orjson.dumps(account_json(account), option=orjson.OPT_INDENT_2))
    else:
        output.print(account_table(account))
    sys.exit(0 if account.balanced else 1)


@main.group(name="topics")
def topics_group() -> None:
    """Make and list the Kafka topics."""


@topics_group.command(name="create")
@click.option(
    "--partitions", type=click.IntRange(min=1), help="Of each topic that needs no single order (kafka.partitions)."
)
@click.option("--replication", type=click.IntRange(min=1), help="Copies of each partition (kafka.replication).")
@configured
def topics_create(partitions: int | None, replication: int | None, config: Path | None, bootstrap: str | None) -> None:
    """Make the topics that Kafka lacks, with partitions, retention, compaction and size limits; leave the others alone."""
    from streams.kafka.admin import create_topics  # noqa: PLC0415

    settings = load(config, bootstrap, kafka__partitions=partitions, kafka__replication=replication)
    results = run_until_signal(create_topics(settings.kafka, TOPICS.values()))
    for result in results:
        output.print(
            f"{result.name:22} {'made, ' + str(result.partitions) + ' partitions' if result.created else 'was there'}"
        )


@topics_group.command(name="list")
def topics_list() -> None:
    """Show the table of topics, without asking Kafka."""
    table = Table("topic", "key", "carries", "written by", "kept", box=None, header_style="dim")
    for topic in TOPICS.values():
        kept = "latest of each key" if topic.compacted else f"{(topic.retention_hours or 0) // 24} d"
        table.add_row(topic.name, topic.key, topic.carries, topic.written_by, kept)
    output.print(table)


@main.command()
@click.argument("record", required=False)
@click.option(
    "--write",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write all schemas and asyncapi.json into this folder.",
)
def schema(record: str | None, write: Path | None) -> None:
    """Print the JSON Schema of RECORD, or the AsyncAPI document without RECORD.

    RECORD is raw, clean, duplicate, tagged, story, trend, digest, dead, watch,
    alert, delivery, source or health.
    """
    from wirewatch import schema as schemas  # noqa: PLC0415

    if write is not None:
        for name in schemas.write_all(write):
            output.print(name)
        return
    document = schemas.asyncapi() if record is None else schemas.json_schema(record)
    click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2))


main.add_command(watches)
main.add_command(deliveries)


if __name__ == "__main__":
    main()
