"""`wirewatch ingest`: saved news to news.raw."""

import asyncio
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from streams.errors import InputError, WirewatchError
from wirewatch.cli.console import configured, data_folder, errors, load, run_until_signal

if TYPE_CHECKING:
    from agents.fetch.files.found import Found, Reading, Refusal
    from streams.settings import Settings
    from wirewatch.ingest.sending import Count

#: Refusals shown one by one; the rest are counted.
MAX_REPORTED = 50
#: So many days are more than any calendar has before today.
MANY_DAYS = 700_000
#: A producer for much at once.
FAST = {"enable_idempotence": True, "linger_ms": 5, "max_batch_size": 1 << 20}


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@click.option("--source", help="Source of saved pages that do not say their URL; their folder's name by default.")
@click.option("--quiet", is_flag=True, help="No progress bar; refusals are still reported.")
@configured
def ingest(
    paths: tuple[str, ...], source: str | None, *, quiet: bool, config: Path | None, bootstrap: str | None
) -> None:
    """Send raw records and pages to news.raw, and ask for pages by their addresses.

    PATH is a file or a folder of JSON lines of raw records (.jsonl), saved pages (.html, .mhtml), texts (.txt), web
    archives (.warc, .wacz), mails (.eml, .mbox) and tables of articles (.csv, .tsv, .parquet; docs/tables.md has the names
    of columns), packed by gzip, bzip2, xz or zstd or not (raw.jsonl.gz); `-` or nothing is standard input: JSON lines, CSV, a
    page or a web archive, as its first line says. A line that is no raw record is reported with its place and counted, and
    the rest goes on; exit 1 then. Records of a web archive that are no page (images, redirects, robots.txt, requests) are
    passed over and counted by kind, hidden files of a folder (.DS_Store) are passed over. A page over the size limit leaves
    a dead letter, without its content. An address (https://…) is asked for by the fetch step of a running worker, in its
    domain's turn and as robots.txt allows. With --data it is on the laptop's disk when the command ends, whether or not
    anything runs there.

    \b
    wirewatch ingest raw.jsonl pages/ crawl.warc.gz archive.csv
    wirewatch ingest https://news.example/a-story
    crawler | wirewatch ingest -
    """
    settings = load(config, bootstrap, running=False)
    urls = [path for path in paths if is_address(path)]
    found = [existing(path) for path in paths or ("-",) if not is_address(path)]
    sys.exit(run_until_signal(run_ingest(settings, found, urls, source, quiet=quiet)))


def is_address(path: str) -> bool:
    """Return whether it is a web address, not a path."""
    return path.startswith(("http://", "https://"))


def existing(path: str) -> Path:
    """Return a path; raise `InputError` for a file that does not exist."""
    if path != "-" and not Path(path).exists():
        raise InputError(f"{path}: there is no such file or folder")
    return Path(path)


async def run_ingest(
    settings: "Settings", paths: Sequence[Path], urls: Sequence[str], source: str | None, *, quiet: bool
) -> int:
    """Send the records of the paths and ask for the addresses; return 1 when a record was refused."""
    from agents.clean.metadata.dates.parsing import stated_time
    from agents.clean.settings import CleanSettings
    from agents.fetch.files.found import Reading
    from agents.fetch.files.undated import UndatedRows
    from streams.journal.inbox import leaving
    from streams.kafka.clients import require_topics
    from streams.kafka.confirming import confirming
    from streams.topics import FETCHES, RAW
    from wirewatch.cli.apply_records import Causes
    from wirewatch.ingest.pages import ask_for
    from wirewatch.ingest.sending import Count, send, settle
    from wirewatch.terminal.interrupts import waited_for

    folder = data_folder()
    if folder is None:
        await require_topics(settings.kafka, (RAW, FETCHES) if urls else (RAW,))
    count, refusals, tables, undated = Count(horizon_of(settings, folder)), Refusals(), Causes(), UndatedRows()
    limit = settings[CleanSettings].max_page_bytes
    with bar_of_bytes(quiet=quiet) as bar:
        task = bar.add_task("", total=total_bytes(paths), sent=0)
        with stopped_at(count):
            async with leaving(folder, count.keep) if folder else confirming(settings.kafka, **FAST) as producer:
                moved = partial(bar.advance, task)
                reading = Reading(limit, source, moved, count.pass_over, tables.add, undated.add, stated_time)
                for found in waited_for(read_paths(paths, reading)):
                    refusal = await send(producer, found, count, limit)
                    if refusal is not None:
                        refusals.report(refusal)
                    if count.sent % 50 == 0:
                        bar.update(task, sent=count.sent)
                asked = await ask_for(producer, urls, source)
                for refusal in await settle(producer, count) if folder is None else ():
                    refusals.report(refusal)
        bar.update(task, sent=count.sent)
    refusals.sum_up()
    if tables.total:
        errors.print(f"tables: {tables}", soft_wrap=True)
    if undated.total:
        errors.print(str(undated), soft_wrap=True)
    print_summary(count, asked)
    return 1 if count.refused else 0


def bar_of_bytes(*, quiet: bool) -> Progress:
    """Return a bar of the bytes that were read, and of how many records were sent; it shows at a terminal alone."""
    columns = (TextColumn("{task.fields[sent]} sent"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    return Progress(*columns, console=errors, disable=quiet or not errors.is_terminal)


@contextmanager
def stopped_at(count: "Count") -> Iterator[None]:
    """Say how many were sent where Ctrl-C or an error breaks off; Kafka may not have got the last ones."""
    try:
        yield
    except (asyncio.CancelledError, WirewatchError):
        sent = min(count.kept, count.sent) if count.kept is not None else f"at most {count.sent}"
        again = "the same command again sends everything, and the same news counts once"
        errors.print(f"stopped: {sent} sent; {again}" if count.sent else "stopped: nothing sent", soft_wrap=True)
        raise


class Refusals:
    """Prints the first refusals one by one, and counts the others by cause."""

    def __init__(self) -> None:
        from wirewatch.cli.apply_records import Causes

        self._shown = 0
        self._rest = Causes()

    def report(self, refusal: "Refusal") -> None:
        """Print a refusal, or count it."""
        why = f"{refusal.reason}: {refusal.error}"
        if self._shown < MAX_REPORTED:
            self._shown += 1
            errors.print(f"{refusal.where}: {why}", soft_wrap=True)
        else:
            self._rest.add(refusal.where, why, refusal.where)

    def sum_up(self) -> None:
        """Print the counts, where there are any."""
        if self._rest.total:
            errors.print(f"{self._rest.total} more not sent: {self._rest}", soft_wrap=True)


def horizon_of(settings: "Settings", folder: Path | None) -> datetime | None:
    """Return the time before which history keeps nothing; None where it keeps all, or none is kept as far as is known here."""
    from agents.archive.settings import ArchiveSettings

    archive = settings[ArchiveSettings]
    kept = bool(folder or archive.url or archive.url_env)
    return datetime.now(UTC) - timedelta(days=archive.days) if kept and 0 < archive.days < MANY_DAYS else None


def print_summary(count: "Count", asked: int) -> None:
    """Print how many records were sent, refused and passed over, and how many pages were asked for."""
    from agents.fetch.files.passed_over import listed

    refused = sum(count.refused.values())
    reasons = ", ".join(f"{n} {reason}" for reason, n in sorted(count.refused.items()))
    errors.print(f"{count.sent} sent, {refused} refused" + (f" ({reasons})" if reasons else ""), soft_wrap=True)
    if said := listed(count.passed_over):
        errors.print(said, soft_wrap=True)
    if count.old:
        errors.print(
            f"{count.old} of them from longer ago than history is kept (archive.days): they go through all steps, but no search "
            "finds them; archive.days = 0 keeps all",
            soft_wrap=True,
        )
    if asked:
        errors.print(f"{asked} asked for: the fetch step of a running worker gets them")


def read_paths(paths: Iterable[Path], reading: "Reading") -> Iterator["Found"]:
    """Yield the records and refusals of all paths; `-` is standard input."""
    from agents.fetch.files.piped import read_piped
    from agents.fetch.files.reading import read_path

    for path in paths:
        if str(path) == "-":
            yield from read_piped(sys.stdin.buffer, reading)
        else:
            yield from read_path(path, reading)


def total_bytes(paths: Iterable[Path]) -> int | None:
    """Return the size of all files; None where standard input is among them."""
    from agents.fetch.files.folders import bytes_of

    return None if any(str(path) == "-" for path in paths) else sum(map(bytes_of, paths))
