"""How files are read, and the raw records and refusals that they give, with their places."""

import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from agents.fetch.files.opening import MOST_LIMITS
from agents.fetch.files.packings import BEGIN_BYTES, packing_of
from streams.records import Raw

NOT_READ = ", and the line has not ended: nothing behind it is read"
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Refusal:
    """An input that did not become a raw message: its place, the reason, and its URL and size where known."""

    where: str
    reason: str
    error: str
    url: str | None = None
    size_bytes: int = 0


Found = Raw | Refusal


@dataclass(frozen=True)
class Reading:
    """How files are read, and functions that are called meanwhile.

    `max_bytes`: the limit of a record. `source`: of pages, and of rows that name neither a URL nor a source; None: the name
    of their folder or file. `progress` is called with the bytes read since, packed as they are on the disk, `passed_over`
    with the kind of each record of a web archive that is no page, `noted` with the name of each table and the columns that
    are read of it, `undated` with the place of each row whose time nobody can read, and that text. `dates` reads a date, in a
    language, as no feed would write it.
    """

    max_bytes: int
    source: str | None = None
    progress: Callable[[int], None] = lambda _: None
    passed_over: Callable[[str], None] = lambda _: None
    noted: Callable[[str, str], None] = lambda _, __: None
    undated: Callable[[str, str], None] = lambda _, __: None
    dates: Callable[[str, str], datetime | None] = lambda _, __: None


def with_progress(
    file: io.BufferedReader, reading: Reading, read: Callable[[Reading], Iterator[Found]]
) -> Iterator[Found]:
    """Yield what `read` gives of a file; of a packed one progress counts the bytes that were taken, not those in them."""
    if packing_of(file.peek(BEGIN_BYTES)) is None:
        yield from read(reading)
        return
    taken = 0
    for found in read(replace(reading, progress=lambda _: None)):
        before, taken = taken, file.tell()
        reading.progress(taken - before)
        yield found
    reading.progress(file.tell() - taken)


def too_long(where: str, size: int, max_bytes: int, url: str | None = None) -> Refusal:
    """Return the refusal of a line that `opening.bounded_lines` has cut."""
    error = f"{size} bytes; the limit is {max_bytes}" + NOT_READ * (size > MOST_LIMITS * max_bytes)
    return Refusal(where, "too_large", error, url, size)


def broken_off(name: str, number: int, error: Exception) -> Refusal:
    """Return the refusal of all that stands behind so many lines of a file."""
    return Refusal(f"{name}:{number + 1}", "unreadable", f"the file breaks off here: {error}")


def name_of(path: Path) -> str:
    """Return a file's name as text: a name may be any bytes, and a record holds text."""
    return os.fsencode(path).decode("utf-8", "replace")


def source_of(path: Path) -> str:
    """Return the source of a page that does not say its URL: its folder's name, without control characters."""
    return CONTROLS.sub("", name_of(path.parent.resolve()).rpartition("/")[2]).strip() or "file"


def changed_at(path: Path) -> datetime:
    """Return when a file was last changed; now where its time is in no calendar."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (ValueError, OverflowError):
        return datetime.now(UTC)
