"""The input of `wirewatch apply` as lines, and the sum of its output records."""

import io
import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

import click
import orjson
from msgspec.structs import replace

from streams.errors import InputError
from streams.settings import Settings
from wirewatch.cli.console import errors

if TYPE_CHECKING:
    from agents.fetch.files.found import Found, Reading

#: Causes of refusals that are named, and that are told apart.
MAX_NAMED, MAX_APART = 8, 200
#: Characters of an error that a summary shows.
MAX_ERROR = 300
#: The place of a line without a fetch id of its own.
LINE = re.compile(r":line-(\d+)\Z")
SCHEMA = re.compile(rb'\{"schema":"wirewatch\.(\w+)\.')
#: Ends of names of files that hold lines of JSON, whatever their first line is.
LINE_FILES = (".jsonl", ".ndjson", ".json")
#: What is another in each refusal of one cause.
COUNTED = re.compile(r"0x[0-9a-f]+|\d+")


class Causes:
    """Counts refusals by cause, and keeps the first of each: five of one cause would hide all others."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    @property
    def total(self) -> int:
        """The number of refusals."""
        return self._counts.total()

    def add(self, where: str, error: str, name: str = "") -> None:
        """Count a refusal: its place, its error, and the file's name where the error may hold it."""
        kind = COUNTED.sub("0", error.replace(name, "") if name else error)[:MAX_ERROR]
        if kind not in self._counts and len(self._counts) >= MAX_APART:
            kind = ""
        self._counts[kind] += 1
        place = "" if error.startswith(f"{where}: ") else f"{where}: "
        self._first.setdefault(kind, f"{place}{error[:MAX_ERROR]}")

    def check(self) -> None:
        """Raise `InputError` where there is one."""
        if self.total:
            raise InputError(f"{self.total} not read: {self}")

    def __str__(self) -> str:
        """Name the commonest causes, each with its count and its first refusal."""
        common = self._counts.most_common(MAX_NAMED)
        named = [f"{count} as {self._first[kind]}" if count > 1 else self._first[kind] for kind, count in common]
        if left := self.total - sum(count for _, count in common):
            named.append(f"and {left} for other reasons")
        return "; ".join(named)


class Summary:
    """Counts output records by kind, and dead ones by reason."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._causes = Causes()

    @property
    def dead(self) -> int:
        """The number of dead records."""
        return self._kinds["dead"]

    @property
    def all(self) -> int:
        """The number of records."""
        return self._kinds.total()

    def add(self, record: bytes) -> None:
        """Count one record."""
        found = SCHEMA.match(record)
        kind = found[1].decode() if found else "other"
        self._kinds[kind] += 1
        if kind == "dead":
            fields = orjson.loads(record)
            self._reasons[str(fields.get("reason"))] += 1
            place = fields.get("url") or fields.get("ref") or "the first"
            self._refuse(str(fields.get("error")), LINE.search(str(fields.get("fetch_id"))), str(place))

    def _refuse(self, error: str, line: re.Match[str] | None, place: str) -> None:
        from agents.fetch.files.reading import with_advice

        number = line[1] if line else ""
        self._causes.add(f"line {number}" if line else place[:MAX_ERROR], with_advice(error, first=number == "1"))

    def __str__(self) -> str:
        """Say it in one line: `997 tagged, 2 duplicate, 1 dead (1 empty)`."""
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(self._reasons.items()))
        parts = [f"{count} {kind}" + (f" ({reasons})" if kind == "dead" else "") for kind, count in self._kinds.items()]
        return ", ".join(parts) or "no records"

    def whole(self) -> str:
        """Say it with the first dead record of each cause."""
        return f"{self}; refused: {self._causes}" if self.dead else str(self)


class Records(Protocol):
    """Records as lines of JSON; `check` raises `InputError` where not all could be read."""

    def __iter__(self) -> Iterator[bytes]: ...

    def passed_over(self) -> str:
        """Say how many records of the input were passed over; empty for none."""

    def columns(self) -> str:
        """Say which columns of tables were read; empty for none."""

    def check(self) -> None:
        """Raise where something is missing."""

    def share(self) -> float | None:
        """Return how much of the input has been read, from 0 to 1; None where nobody knows."""


def print_summary(summary: Summary, records: Records, before: str = "") -> None:
    """Print the counts of the output, and how much of the input was passed over."""
    errors.print(f"{before}{summary.whole()}", soft_wrap=True)
    for said in (records.passed_over(), records.columns()):
        if said:
            errors.print(said, soft_wrap=True)


class SavedPages:
    """The raw records of saved pages, web archives and tables, as lines; `check` raises where one was none."""

    def __init__(self, read: "Callable[[Reading], Iterator[Found]]", max_bytes: int, size_bytes: int = 0) -> None:
        """Take what reads them; `size_bytes`: of the files, 0 where nobody knows."""
        from agents.fetch.files.undated import UndatedRows

        self._read = read
        self._bytes, self._left = size_bytes, size_bytes
        self._max_bytes = max_bytes
        self._refused = Causes()
        self._passed_over: Counter[str] = Counter()
        self._tables = Causes()
        self._undated = UndatedRows()

    def __iter__(self) -> Iterator[bytes]:
        from agents.clean.metadata.dates.parsing import stated_time
        from agents.fetch.files.found import Reading, Refusal
        from streams.records import encode

        reading = Reading(
            self._max_bytes,
            progress=self._taken,
            passed_over=self._pass_over,
            noted=self._tables.add,
            undated=self._undated.add,
            dates=stated_time,
        )
        for found in self._read(reading):
            if isinstance(found, Refusal):
                self._refused.add(found.where, found.error, found.where)
            else:
                if found.backfill:  # a table's: over a file the articles' own clock decides what is old
                    found = replace(found, backfill=None)  # noqa: PLW2901
                yield encode(found)

    def _taken(self, size: int) -> None:
        self._left -= size

    def share(self) -> float | None:
        """Return how much of the files has been read, from 0 to 1."""
        return min(1.0, 1 - self._left / self._bytes) if self._bytes else None

    def _pass_over(self, kind: str) -> None:
        self._passed_over[kind] += 1

    def passed_over(self) -> str:
        """Say how many records of web archives were no page."""
        from agents.fetch.files.passed_over import listed

        return listed(self._passed_over)

    def columns(self) -> str:
        """Say which columns of tables were read, which were not, and where a time could not be read."""
        said = f"tables: {self._tables}" if self._tables.total else ""
        return "\n".join(filter(None, (said, str(self._undated))))

    def check(self) -> None:
        """Raise `InputError` where a file was no page."""
        self._refused.check()


@contextmanager
def opened_lines(steps: str, path: Path, settings: Settings) -> Iterator[tuple[Records, Callable[[], int | None]]]:
    """Give the records of a file as lines, and a function that counts them: saved pages and tables where `clean` comes first."""
    from agents.clean.settings import CleanSettings
    from agents.fetch.files.folders import bytes_of
    from agents.fetch.files.opening import Lines, check_form
    from agents.fetch.files.own_lines import first_line
    from agents.fetch.files.packings import plain_name
    from agents.fetch.files.piped import Pipe
    from agents.fetch.files.reading import kind_of, read_path, unknown

    limit = settings[CleanSettings].max_page_bytes
    first = steps.partition(",")[0].strip()
    cleans = first == "clean"
    if cleans and str(path) == "-":
        pipe = Pipe(click.get_binary_stream("stdin"), limit)
        yield Lines(pipe.whole) if pipe.kind == "lines" else SavedPages(pipe.found, limit), lambda: None
        return
    kind = kind_of(path, limit) if cleans and not path.is_dir() else None
    if cleans and (path.is_dir() or kind not in ("lines", None)):
        yield SavedPages(partial(read_path, path), limit, bytes_of(path)), lambda: None
        return
    with click.open_file(str(path), "rb") as file:
        if isinstance(file, io.BufferedReader) and file.seekable():
            check_form(file)  # before a run is begun that could be resumed
            if (
                kind is None
                and not plain_name(path.name).endswith(LINE_FILES)
                and not may_be_lines(first_line(path, limit))
            ):
                only = f"the step {first} takes lines of JSON, which `clean` makes of pages, texts and tables"
                raise InputError(f"{path}: {unknown(path) if cleans else only}")
        yield Lines(file), lambda: count_lines(file)


def may_be_lines(first: bytes) -> bool:
    """Return whether a file may hold JSON by its first line; an empty one may."""
    return first.removeprefix(BOM_UTF8).lstrip()[:1] in (b"{", b"[", b"")


def count_lines(file: IO[bytes]) -> int | None:
    """Return a file's number of lines; None for a pipe and for a compressed file."""
    from agents.fetch.files.packings import BEGIN_BYTES, packing_of

    if not file.seekable():
        return None
    packed = packing_of(file.read(BEGIN_BYTES))
    file.seek(0)
    if packed:
        return None
    count = sum(1 for _ in file)
    file.seek(0)
    return count
