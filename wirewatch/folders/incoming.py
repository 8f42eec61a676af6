"""A folder that fills: pages, web archives and JSON lines that other programs put there become raw messages.

A file is taken when it has not changed for a while and holds something. Once all that it holds is on Kafka it moves to
`done/` in the folder, or to `failed/` where something of it was refused; a worker that dies in between takes it again, with
the same ids. So does one that finds that it has grown meanwhile: whoever writes it was only slow.
"""

import asyncio
import itertools
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import structs
from prometheus_client import CollectorRegistry, Counter

from agents.clean.metadata.dates.parsing import stated_time
from agents.clean.settings import CleanSettings
from agents.fetch.files.found import Found, Reading, Refusal, name_of
from agents.fetch.files.passed_over import listed
from agents.fetch.files.reading import kind_of, read_path
from agents.fetch.files.undated import UndatedRows
from streams.errors import InputError, MissingExtra, SettingsError
from streams.kafka.confirming import Confirming, confirming
from streams.metrics import Metrics
from streams.records import Raw
from streams.settings import Settings
from wirewatch.folders.settings import IncomingSettings
from wirewatch.ingest.sending import Count, send, settle

logger = logging.getLogger("wirewatch.incoming")

DONE, FAILED = "done", "failed"
#: Names of files that are still being written, as most programs have them.
PARTIAL = (".part", ".tmp", ".crdownload", "~")
#: Records that are read before others get their turn.
TOGETHER = 16
#: Refusals in a row behind which a file is not read on: a packed one of a few kilobytes may hold a million empty records.
MOST_IN_A_ROW = 10_000
#: Refusals of a file that are logged one by one.
MOST_REPORTED = 20


class IncomingMetrics:
    """Files and records of the folder, by outcome."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.files = Counter(
            "wirewatch_incoming_files",
            "Files of the folder incoming.folder: done, failed",
            ["outcome"],
            registry=registry,
        )
        self.records = Counter(
            "wirewatch_incoming_records", "Records of these files: sent, refused", ["outcome"], registry=registry
        )
        for outcome in (DONE, FAILED):
            self.files.labels(outcome)
        for outcome in ("sent", "refused"):
            self.records.labels(outcome)


class IncomingFolder:
    """Takes a folder's files, one by one, in the order of their times."""

    setting = "incoming.folder"

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self._own: IncomingSettings = settings[IncomingSettings]
        self._metrics = metrics[IncomingMetrics]
        self._folder = Path(self._own.folder)
        #: files that could not be put away, with their times and sizes then
        self._stuck: dict[Path, State] = {}
        #: files whose times say nothing, as those of the future, as they were seen first so, and when (monotonic seconds)
        self._seen: dict[Path, tuple[State, float]] = {}
        if not self._folder.is_dir():
            raise SettingsError(f"{self.setting}: there is no folder {self._folder}")

    async def run(self) -> None:
        """Look again and again until cancelled."""
        async with confirming(self._settings.kafka, enable_idempotence=True) as producer:
            while True:
                for path in await asyncio.to_thread(self._ready):
                    await self._take(path, producer)
                await asyncio.sleep(self._own.look_seconds)

    def _ready(self) -> list[Path]:
        """Return the files that are whole, the oldest first."""
        found: list[tuple[float, Path]] = []
        seen, self._seen = self._seen, {}
        for path in _waiting(self._folder):
            with suppress(OSError):  # somebody has taken it away, or nobody may look
                if path.name.startswith(".") or path.name.endswith(PARTIAL) or not path.is_file():
                    continue
                state = _state(path)
                if state[1] and self._stuck.get(path) != state and self._is_quiet(path, state, seen.get(path)):
                    found.append((state[0], path))
        return [path for _, path in sorted(found)]

    def _is_quiet(self, path: Path, state: "State", seen: "tuple[State, float] | None") -> bool:
        """Return whether a file has not changed for a while, by its time, or as long as it was looked at."""
        if state[0] <= time.time() - self._own.quiet_seconds:
            return True
        now = time.monotonic()
        since = seen[1] if seen is not None and seen[0] == state else now
        self._seen[path] = state, since
        return now - since > self._own.quiet_seconds

    async def _take(self, path: Path, producer: Confirming) -> None:
        """Send a file's records, then move it out of the way, unless it has changed meanwhile."""
        before = await asyncio.to_thread(_state_if_there, path)
        if before is None:
            return
        if await asyncio.to_thread(_is_inside, path, self._folder):
            outcome = FAILED if await self._send(path, producer) else DONE
        else:
            logger.warning("%s is a link out of the folder: what it leads to is not read", path)
            outcome = FAILED
        try:
            if await asyncio.to_thread(_state, path) != before:
                logger.info("%s has changed while it was read: it is taken again once it is whole", path)
                return
            await asyncio.to_thread(_put_away, path, self._folder, outcome)
        except FileNotFoundError:
            return  # somebody has taken it away
        except OSError as error:
            # Sent again each second, its records would come without an end.
            logger.error("%s stays where it is, and is taken again when it changes: %s", path, error)  # noqa: TRY400
            outcome = FAILED
            with suppress(OSError):
                self._stuck[path] = await asyncio.to_thread(_state, path)
        self._metrics.files.labels(outcome).inc()

    async def _send(self, path: Path, producer: Confirming) -> int:
        """Send a file's records; return how many were refused."""
        count, undated = Count(), UndatedRows()
        with passing_over(count) as passed_over:
            reading = Reading(
                self._settings[CleanSettings].max_page_bytes,
                self._own.source or None,
                passed_over=passed_over,
                noted=lambda name, columns: logger.info("%s: %s", name, columns),
                undated=undated.add,
                dates=stated_time,
            )
            await _send_all(path, reading, count, producer)
        if count.passed_over:
            logger.info("%s: %s", path, listed(count.passed_over))
        if undated.total:
            logger.warning("%s", undated)
        refused = sum(count.refused.values())
        self._metrics.records.labels("sent").inc(count.sent)
        self._metrics.records.labels("refused").inc(refused)
        return refused


async def _send_all(path: Path, reading: Reading, count: Count, producer: Confirming) -> None:
    """Send a file's records as they are read, and wait until they are on Kafka."""
    limit = reading.max_bytes
    via = "archive" if await asyncio.to_thread(kind_of, path, limit) == "archive" else "file"
    records, refusals, in_a_row = read_path(path, reading), Refusals(path), 0
    while in_a_row < MOST_IN_A_ROW and (some := await asyncio.to_thread(_some, records, path)):
        for found in some:
            if isinstance(found, Raw):
                found = structs.replace(found, via=found.via or via)  # noqa: PLW2901
            refusal = await send(producer, found, count, limit)
            in_a_row = in_a_row + 1 if refusal is not None else 0
            if refusal is not None:
                refusals.report(refusal)
    if in_a_row >= MOST_IN_A_ROW:
        logger.warning("%s: the last %d records were refused, one after another: it is not read on", path, in_a_row)
    for refusal in await settle(producer, count):
        refusals.report(refusal)
    refusals.sum_up(count.refused)


def _waiting(folder: Path) -> Iterator[Path]:
    """Yield the paths in a folder and in those below, without the folder of finished files, which in time holds far more."""
    for place, below, names in os.walk(folder):
        if Path(place) == folder:
            below[:] = [name for name in below if name not in (DONE, FAILED)]
        yield from (Path(place, name) for name in names)


@contextmanager
def passing_over(count: Count) -> Iterator[Callable[[str], None]]:
    """Give the function that counts records of a web archive that are no page; once left, it ends the reading of one.

    An archive of refusals alone is read for minutes without a page, in a thread for which the end of the worker would wait.
    """
    left = threading.Event()

    def pass_over(kind: str) -> None:
        if left.is_set():
            raise InputError("nobody waits for this archive any more")
        count.pass_over(kind)

    try:
        yield pass_over
    finally:
        left.set()


class Refusals:
    """Logs the first refusals of a file, and at its end how many there were of each cause."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reported = 0

    def report(self, refusal: Refusal) -> None:
        """Log a refusal, if it is one of the first."""
        self._reported += 1
        if self._reported <= MOST_REPORTED:
            logger.warning("%s: %s: %s", refusal.where, refusal.reason, refusal.error)

    def sum_up(self, refused: Mapping[str, int]) -> None:
        """Log how many were refused, by cause, where not all have been logged."""
        if self._reported > MOST_REPORTED:
            causes = ", ".join(f"{reason} {count:,}" for reason, count in sorted(refused.items()))
            logger.warning(
                "%s: %s records refused (%s), of which the first %d stand above",
                self._path,
                f"{self._reported:,}",
                causes,
                MOST_REPORTED,
            )


def _some(records: Iterator[Found], path: Path) -> list[Found]:
    """Return the next records of a file; in a thread, for reading and decoding take their time.

    One whose library is not installed is refused: the worker goes on with the others.
    """
    try:
        return list(itertools.islice(records, TOGETHER))
    except MissingExtra as error:
        return [Refusal(name_of(path), "unreadable", str(error))]


#: When a file was changed, and its size.
State = tuple[float, int]


def _state(path: Path) -> State:
    """Return when a file was changed, and its size."""
    state = path.stat()
    return state.st_mtime, state.st_size


def _state_if_there(path: Path) -> State | None:
    """Return the same; None where somebody has taken the file away."""
    try:
        return _state(path)
    except OSError:
        return None


def _is_inside(path: Path, folder: Path) -> bool:
    """Return whether a path stays in the folder: whoever may leave files there may not read all that the worker may."""
    return path.resolve().is_relative_to(folder.resolve())


def _put_away(path: Path, folder: Path, outcome: str) -> None:
    """Move a file to its place under the folder; one that is there already is another, and both are kept.

    Raises `OSError` where it cannot be moved, or would leave the folder.
    """
    place = folder / outcome / path.relative_to(folder)
    if not _is_inside(place.parent, folder):
        raise OSError(f"{place.parent} is a link out of the folder")
    place.parent.mkdir(parents=True, exist_ok=True)
    number = 1
    while place.exists():
        place = place.with_name(f"{number}-{path.name}")
        number += 1
    path.rename(place)
