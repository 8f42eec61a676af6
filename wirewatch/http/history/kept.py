"""Records of the store as they were written."""

from collections.abc import Iterable
from typing import TypeVar

from agents.archive.entries import unpacked
from agents.archive.store import EventRow
from streams.records import Record, decode

R = TypeVar("R", bound=Record)


def records(rows: Iterable[EventRow], kind: type[R]) -> list[R]:
    """Return the records of events."""
    return [decode(unpacked(row.record), kind) for row in rows]
