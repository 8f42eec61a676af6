"""`wirewatch apply`: steps over a file, without a broker."""

import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol, cast

import click
import orjson

from streams.errors import InputError, OutputError, SettingsError
from streams.settings import Settings
from wirewatch.cli.console import errors, load, log_errors, run_until_signal
from wirewatch.cli.progress import Shown, progress
from wirewatch.cli.terminal import safe_json

if TYPE_CHECKING:
    from wirewatch.apply.chain import Chain
    from wirewatch.apply.explain import Explainer

#: Files that an error names.
MAX_NAMED = 5
#: Characters of an error that a summary shows.
MAX_ERROR = 300
SCHEMA = re.compile(rb'\{"schema":"wirewatch\.(\w+)\.')


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
@click.option("--progress", "show", is_flag=True, help="Show progress on standard error; --output on a terminal does.")
@click.option("--config", type=click.Path(dir_okay=False, path_type=Path), help="Settings file.")
def apply(
    steps: str,
    files: tuple[Path, ...],
    *,
    entries: bool,
    url: str | None,
    source: str | None,
    watches_path: Path | None,
    explain: bool,
    output: Path | None,
    form: str | None,
    resume: bool,
    show: bool,
    config: Path | None,
) -> None:
    """Run steps over a file of JSON lines (standard input without FILE), without a broker.

    Reads records of the first step's input type and writes the last step's output records to standard output, in the
    order of the input, with the code that the workers run. `dedup` writes copies too; a record that a step refuses comes
    out as a dead record in its place. A raw record's own `id` is kept as `ref`. Input may be compressed by gzip. A
    terminal gets a summary at the end, and anything else a line where records were refused.

    \b
    Steps, in this order:
      poll    takes saved feeds, sitemaps and pages: files, folders, or a
              list (.jsonl) of {path, url, content_type}; fetches nothing
      clean   takes raw records, or saved pages (.html, .warc, a folder)
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
    whole; a run that is stopped, by Ctrl-C or worse, goes on with --resume and
    gives the same file.

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
    settings = load(config, None)
    first, _, rest = steps.partition(",")
    polls, of_poll, of_output = first.strip() == "poll", bool(entries or url or source), bool(form or resume)
    if why := conflict(
        steps, files, polls=polls, of_poll=of_poll, explain=explain, writes=output is not None, of_output=of_output
    ):
        raise SettingsError(why)
    if polls:
        apply_poll(rest, files, settings, watches_path, entries=entries, url=url, source=source, show=show)
        return
    path = files[0] if files else Path("-")
    if output is not None:
        from wirewatch.cli.apply_file import apply_file

        apply_file(steps, path, settings, watches_path, output, form, resume=resume, show=show)
        return
    apply_chain(steps, path, settings, watches_path, explain=explain, show=show)


def conflict(
    steps: str,
    files: tuple[Path, ...],
    *,
    polls: bool,
    of_poll: bool,
    explain: bool,
    writes: bool,
    of_output: bool,
) -> str | None:
    """Return why arguments do not go together, or None. `of_poll`, `of_output`: with options of `poll` or --output."""
    reasons = {
        "--format and --resume go with --output FILE": of_output and not writes,
        "--output takes the steps after `poll`: write its raw records to a file first": polls and writes,
        "--explain gives the reasons of the step clean: use it with that step alone": explain
        and steps.strip() != "clean",
        "--entries, --url and --source go with the step `poll`": of_poll and not polls,
        "only the step `poll` takes more than one FILE; `cat` puts JSON lines together": len(files) > 1 and not polls,
        "--explain writes to standard output": explain and writes,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def apply_poll(
    rest: str,
    files: tuple[Path, ...],
    settings: Settings,
    watches_path: Path | None,
    *,
    entries: bool,
    url: str | None,
    source: str | None,
    show: bool,
) -> None:
    """Read saved documents, and run the steps of `rest` over their raw records."""
    from wirewatch.apply.poll import documents, spool_files, write_files

    if not files or Path("-") in files:
        raise SettingsError("the step `poll` takes files: a feed has no lines that could come over standard input")
    if entries and rest:
        raise SettingsError("--entries is for people and tools; the step after `poll` takes raw records")
    tasks = documents(files, url, source, entries=entries)
    if not rest:
        run_until_signal(write_files(tasks, settings, sys.stdout.buffer))
        return
    with tempfile.NamedTemporaryFile(prefix="wirewatch-poll-", suffix=".jsonl") as raw:
        run_until_signal(spool_files(tasks, settings, Path(raw.name)))
        apply_chain(rest, Path(raw.name), settings, watches_path, explain=False, show=show)


def apply_chain(
    steps: str, path: Path, settings: Settings, watches_path: Path | None, *, explain: bool, show: bool
) -> None:
    """Run steps over a file of JSON lines, and sum up its output records at the end."""
    from agents.watch.files import load as load_watches
    from wirewatch.apply.chain import Chain as StepChain
    from wirewatch.apply.explain import Explainer

    watches = load_watches(watches_path) if watches_path is not None else None
    chain = Explainer(settings) if explain else StepChain(steps, settings, watches)
    summary = Summary()
    try:
        with opened_lines(steps, path, settings) as (lines, total):
            run_until_signal(
                write_records(chain, lines, total, summary, show=show),
            )
    except SystemExit:
        errors.print(f"interrupted: {summary}", soft_wrap=True)
        raise
    if show or errors.is_terminal or summary.dead:
        errors.print(summary.whole(), soft_wrap=True)


class Summary:
    """Counts output records by kind, and dead ones by reason."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._first = ""

    @property
    def dead(self) -> int:
        """The number of dead records."""
        return self._kinds["dead"]

    def add(self, record: bytes) -> None:
        """Count one record."""
        found = SCHEMA.match(record)
        kind = found[1].decode() if found else "other"
        self._kinds[kind] += 1
        if kind == "dead":
            fields = orjson.loads(record)
            self._reasons[str(fields.get("reason"))] += 1
            self._first = self._first or str(fields.get("error"))

    def __str__(self) -> str:
        """Say it in one line: `997 tagged, 2 duplicate, 1 dead (1 empty)`."""
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(self._reasons.items()))
        parts = [f"{count} {kind}" + (f" ({reasons})" if kind == "dead" else "") for kind, count in self._kinds.items()]
        return ", ".join(parts) or "no records"

    def whole(self) -> str:
        """Say it with the error of the first dead record."""
        from agents.fetch.files.reading import with_advice

        return f"{self}; the first refusal: {with_advice(self._first)[:MAX_ERROR]}" if self.dead else str(self)


class Records(Protocol):
    """Records as lines of JSON; `check` raises `InputError` where not all could be read."""

    def __iter__(self) -> Iterator[bytes]: ...

    def check(self) -> None:
        """Raise where something is missing."""


class SavedPages:
    """The raw records of saved pages and web archives, as lines; `check` raises where one was none."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._refused: list[str] = []

    def __iter__(self) -> Iterator[bytes]:
        from agents.fetch.files.reading import Refusal, read_path
        from streams.records import encode

        for found in read_path(self._path, self._max_bytes, None, lambda _: None):
            if isinstance(found, Refusal):
                self._refused.append(f"{found.where}: {found.error}")
            else:
                yield encode(found)

    def check(self) -> None:
        """Raise `InputError` where a file was no page."""
        if self._refused:
            raise InputError(f"not read: {'; '.join(self._refused[:MAX_NAMED])}")


@contextmanager
def opened_lines(steps: str, path: Path, settings: Settings) -> Iterator[tuple[Records, Callable[[], int | None]]]:
    """Give the records of a file as lines, and a function that counts them: saved pages where `clean` comes first."""
    from agents.clean.settings import CleanSettings
    from agents.fetch.files.opening import Lines
    from agents.fetch.files.reading import kind_of

    if steps.partition(",")[0].strip() == "clean" and (path.is_dir() or kind_of(path) in ("page", "archive")):
        yield SavedPages(path, settings[CleanSettings].max_page_bytes), lambda: None
        return
    with click.open_file(str(path), "rb") as file:
        yield Lines(file), lambda: count_lines(file)


async def write_records(
    chain: "Chain | Explainer", lines: Records, total: Callable[[], int | None], summary: Summary, *, show: bool
) -> None:
    """Write the output records to standard output; raise `InputError` at the end where the file broke off."""
    with progress(total() if show else None, shown=show) as shown:
        try:
            await write_all(chain, lines, summary, shown)
        except BrokenPipeError:  # the reader has seen enough: `wirewatch apply … | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    lines.check()


async def write_all(chain: "Chain | Explainer", lines: Records, summary: Summary, shown: Shown) -> None:
    """Write each record as it comes, and all of them before the end."""
    out = sys.stdout.buffer
    on_terminal = sys.stdout.isatty()
    async with aclosing(cast("AsyncGenerator[bytes, None]", chain.run(lines))) as records:
        async for record in records:
            write(out, (safe_json(record) if on_terminal else record) + b"\n")
            summary.add(record)
            shown.advance()
    write(out)


def write(out: IO[bytes], line: bytes = b"") -> None:
    """Write a line, or flush without one; raise `OutputError` where there is no room."""
    try:
        # without a buffer (PYTHONUNBUFFERED) a write that a signal interrupts takes a part of the line
        left = memoryview(line)
        while left:
            left = left[out.write(left) or 0 :]
        if not line:
            out.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is tried again as Python ends
        raise OutputError(f"standard output cannot be written: {error.strerror or error}") from error


def count_lines(file: IO[bytes]) -> int | None:
    """Return a file's number of lines; None for a pipe and for a compressed file."""
    from agents.fetch.files.opening import GZIP_MAGIC

    if not file.seekable():
        return None
    packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    file.seek(0)
    if packed:
        return None
    count = sum(1 for _ in file)
    file.seek(0)
    return count
