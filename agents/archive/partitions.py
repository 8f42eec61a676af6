"""Partitions of articles in PostgreSQL: one for each recent day, and one for longer periods the older they are.

Pages of strangers claim days back to 1605, and each partition takes a table, four indexes, and locks of every statement that
reads all of them. So the old share some: all that a stranger can bring about are about two hundred. A new one ends where its
neighbours begin, so that those of a day that were made when it was recent stay, until `joined` says that they become one.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from agents.archive.places import first_place_of_day, limits_of_day

#: Days ago up to which each day has a partition of its own; each month then; each year then. Older ones share a century's.
DAILY = 92
MONTHLY = 5 * 366
YEARLY = 50 * 366


class Partition(NamedTuple):
    """A partition, by its first day and the one behind its last (YYYYMMDD); older workers left the latter empty, for one day."""

    first: str
    until: str = ""

    def holds(self, day: str) -> bool:
        """Return whether a day lies in it."""
        return day == self.first or self.first < day < self.until

    @property
    def end(self) -> str:
        """The first day behind it."""
        return self.until or _text(date.fromisoformat(self.first) + timedelta(days=1))

    @property
    def table(self) -> str:
        """The name of its table."""
        return f"articles_{self.first}"

    @property
    def limits(self) -> tuple[int, int]:
        """Its first place, and the first one behind it."""
        first, last = limits_of_day(self.first)
        return first, first_place_of_day(self.until) if self.until else last


def holder(day: str, partitions: Sequence[Partition]) -> Partition | None:
    """Return the partition that a day lies in, of those that there are, in order."""
    at = bisect_right(partitions, day, key=lambda each: each.first) - 1
    return partitions[at] if at >= 0 and partitions[at].holds(day) else None


def partition_for(day: str, partitions: Sequence[Partition], today: date) -> Partition:
    """Return a new partition for a day that none of these holds, which are in order.

    Raises `OverflowError` behind the last day of the calendar.
    """
    first, until = map(_text, period(date.fromisoformat(day), today))
    at = bisect_right(partitions, day, key=lambda each: each.first)
    if at:
        before = partitions[at - 1]
        first = max(first, before.end)
    if at < len(partitions):
        until = min(until, partitions[at].first)
    return Partition(first, until)


def period(day: date, today: date) -> tuple[date, date]:
    """Return the first day of the period whose days share a partition, and the day after it; neighbours may cut it short."""
    age = (today - day).days
    wider = [span for least, span in SPANS if age > least]
    return wider[-1](day) if wider else (day, day + timedelta(days=1))


def joined(partitions: Sequence[Partition], today: date) -> tuple[Partition, list[Partition]] | None:
    """Return the partition that others are to become, and these; None where there are none.

    `partitions`: all, in order. The oldest are chosen whose month, year or century has been over for as long as `SPANS` says.
    """
    for at, partition in enumerate(partitions):
        day = date.fromisoformat(partition.first)
        if (today - day).days <= DAILY:  # nor is any later one old enough
            return None
        for least, span in reversed(SPANS):
            _, until = span(day)
            if (today - until).days < least:
                continue
            members = _ending_by(partitions, at, _text(until))
            if len(members) > 1:
                return Partition(members[0].first, members[-1].end), members
    return None


def _ending_by(partitions: Sequence[Partition], at: int, limit: str) -> list[Partition]:
    last = at
    while last < len(partitions) and partitions[last].end <= limit:
        last += 1
    return [*partitions[at:last]]


def _month(day: date) -> tuple[date, date]:
    return day.replace(day=1), (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _year(day: date) -> tuple[date, date]:
    return date(day.year, 1, 1), date(day.year + 1, 1, 1)


def _century(day: date) -> tuple[date, date]:
    century = day.year // 100 * 100
    return date(max(1, century), 1, 1), date(century + 100, 1, 1)


#: After so many days a day shares a partition with those of its month, year or century.
SPANS: tuple[tuple[int, Callable[[date], tuple[date, date]]], ...] = (
    (DAILY, _month),
    (MONTHLY, _year),
    (YEARLY, _century),
)


def utc_today() -> date:
    """Return the day that it is (UTC)."""
    return datetime.now(UTC).date()


def _text(day: date) -> str:
    return day.isoformat().replace("-", "")
