"""A source's own rhythm: how far apart its articles come, and on which days.

Gaps are taken between the publication times of the latest articles; a source that says nothing on Sundays is not late on
a Sunday.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from agents.fetch.source.state import MOST_TIMES, Rhythm

MINUTE, DAY, WEEK = 60.0, 86_400.0, 604_800.0
#: 1970-01-05 was a Monday.
FIRST_MONDAY = 4 * DAY
#: A weekday with less than this share of its fair seventh is one on which a source does not publish.
SILENT_SHARE = 0.2
#: Weekdays are believed from so many articles on,
LEAST_ARTICLES = 20
#: over at least so many weeks.
LEAST_WEEKS = 2
#: Gaps are believed from so many articles on.
LEAST_GAPS = 3


def note(rhythm: Rhythm, times: Sequence[float], now: float) -> None:
    """Take up the times of new articles, in epoch seconds."""
    past = [at for at in times if 0 < at <= now]
    minutes = sorted({*rhythm.minutes, *(int(at // MINUTE) for at in past)})
    rhythm.minutes = minutes[-MOST_TIMES:]
    week = int((now - FIRST_MONDAY) // WEEK)
    faded = 0.95 ** min(max(week - rhythm.week, 0), 100)
    rhythm.week = week
    if past:
        earliest = int((min(past) - FIRST_MONDAY) // WEEK)
        rhythm.first_week = min(rhythm.first_week or earliest, earliest)
    counts = [count * faded for count in rhythm.weekdays]
    for at in past:
        counts[weekday(at)] += 1
    rhythm.weekdays = counts


def weekday(at: float) -> int:
    """Return the weekday of a time, 0 for Monday, in UTC."""
    return int((at - FIRST_MONDAY) // DAY) % 7


def gaps(rhythm: Rhythm) -> list[float]:
    """Return the gaps between the latest articles, in seconds, without the days on which none come."""
    times = [minute * MINUTE for minute in rhythm.minutes]
    return [later - earlier - silence(rhythm, earlier, later) for earlier, later in pairwise(times)]


def median_gap(rhythm: Rhythm) -> float | None:
    """Return the median gap between two articles in seconds; None where too few are known."""
    found = gaps(rhythm)
    return median(found) if len(found) >= LEAST_GAPS else None


def long_gap(rhythm: Rhythm) -> float | None:
    """Return the gap that only one in twenty exceeds, in seconds; None where too few are known."""
    found = sorted(gaps(rhythm))
    return found[min(int(len(found) * 0.95), len(found) - 1)] if len(found) >= LEAST_GAPS else None


def silent_days(rhythm: Rhythm) -> frozenset[int]:
    """Return the weekdays on which a source does not publish; none while too little is known."""
    total = sum(rhythm.weekdays)
    if total < LEAST_ARTICLES or rhythm.week - rhythm.first_week < LEAST_WEEKS:
        return frozenset()
    fair = total / 7
    return frozenset(day for day, count in enumerate(rhythm.weekdays) if count < fair * SILENT_SHARE)


def silence(rhythm: Rhythm, start: float, end: float) -> float:
    """Return how many seconds between two times lie on days on which the source does not publish."""
    days = silent_days(rhythm)
    if not days or end <= start:
        return 0.0
    whole, rest = divmod(end - start, WEEK)
    total, at, left = whole * len(days) * DAY, start, rest
    while left > 0:
        part = min(DAY - (at - FIRST_MONDAY) % DAY, left)
        if weekday(at) in days:
            total += part
        at += part
        left -= part
    return total
