"""Places: numbers that order rows by time, one for each row.

A second has four million places. Which of them a row gets follows from its name, so that the rows of one second (all of
a day, where a publisher gives no time) stand apart, and the same row gets the same place again.
"""

import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

from agents.archive.entries import EventEntry
from agents.archive.store import Span

#: Places of a second in the order of history: numbers that grow with the time, and tell entries of one second apart.
PLACES = 1 << 22
#: Steps of one subject that stand in their order within a second.
STEPS = 1 << 16
DAY = 86_400
WEEK = 7 * DAY
#: Weeks before 1970 that count as one.
OLD_WEEKS = 1043


def place(at: float) -> int:
    """Return the first place of a second."""
    return int(at // 1) * PLACES


def second_of(n: int) -> int:
    """Return the second that a place lies in, in epoch seconds."""
    return n // PLACES


def first_place(at: float, name: str) -> int:
    """Return the place of an item at its time, if that is free."""
    return place(at) + zlib.crc32(name.encode()) % PLACES


def event_place(event: EventEntry) -> int:
    """Return the place of an event at its time, if that is free; of two steps of a subject the later one's is higher."""
    if not event.step:
        return first_place(event.at, f"{event.kind} {event.key}")
    return place(event.at) + zlib.crc32(event.subject.encode()) % (PLACES - STEPS) + min(event.step, STEPS - 1)


def placed(items: Iterable[tuple[int, str]], is_taken: Callable[[int], bool]) -> dict[int, str]:
    """Give each item (the place that it had best have, and a name) a free place there or behind it."""
    found: dict[int, str] = {}
    for first, name in items:
        n = first
        while n in found or is_taken(n):
            n += 1
        found[n] = name
    return found


def bounds(span: Span) -> tuple[int, int]:
    """Return the places of a span, the second one excluded."""
    low = place(span.since) if span.since is not None else -(1 << 62)
    high = place(span.until) if span.until is not None else 1 << 62
    return low, min(high, span.before) if span.before is not None else high


def week_of(n: int) -> int:
    """Return the week that a place lies in: whole ones since 1 January 1970, from Thursday to Wednesday (UTC).

    Those before 1970 count by twenty years, as the first week of these: pages of strangers claim days back to 1605.
    """
    week = second_of(n) // WEEK
    return week if week >= 0 else week // OLD_WEEKS * OLD_WEEKS


def limits_of_week(week: int) -> tuple[int, int]:
    """Return the first place of a week, or of the old weeks that count as one, and the first place after it."""
    weeks = OLD_WEEKS if week < 0 and week % OLD_WEEKS == 0 else 1
    return place(week * WEEK), place((week + weeks) * WEEK)


def day_number(n: int) -> int:
    """Return the day (UTC) that a place lies in, in days since 1 January 1970."""
    return second_of(n) // DAY


def limits_of_day_number(day: int) -> tuple[int, int]:
    """Return the first place of a day and the first of the next."""
    return place(day * DAY), place((day + 1) * DAY)


def day_text(day: int) -> str:
    """Return a day, in days since 1 January 1970, as 2026-11-27."""
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()  # strftime writes the year 7 with one digit


def day_of(n: int) -> str:
    """Return the day (UTC) that a place lies in, as YYYYMMDD."""
    return _moment(n).date().isoformat().replace("-", "")


def limits_of_day(day: str) -> tuple[int, int]:
    """Return the first place of a day and the first of the next."""
    begin = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC)
    return place(begin.timestamp()), place((begin + timedelta(days=1)).timestamp())


def first_place_of_day(day: str) -> int:
    """Return the first place of a day that is given as YYYYMMDD."""
    return place(datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).timestamp())


def _moment(n: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second_of(n))
