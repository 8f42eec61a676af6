"""A source's rhythm: the gaps between its articles, and the weekdays on which it is silent."""

from datetime import UTC, datetime

import pytest

from agents.fetch.source.rhythm import DAY, WEEK, long_gap, median_gap, note, silent_days, weekday
from agents.fetch.source.state import Rhythm

HOUR = 3_600.0
MONDAY = datetime(2026, 3, 2, tzinfo=UTC).timestamp()


def weekly(weeks: int, days: int) -> Rhythm:
    """Return the rhythm of a source that wrote at each noon of the first so many days of the week."""
    rhythm = Rhythm()
    for week in range(weeks):
        times = [MONDAY + week * WEEK + day * DAY + 12 * HOUR for day in range(days)]
        note(rhythm, times, times[-1])
    return rhythm


def test_weekdays_begin_with_monday() -> None:
    """Each day of a week has its own number, and the next week begins anew."""
    assert [weekday(MONDAY + day * DAY) for day in range(8)] == [0, 1, 2, 3, 4, 5, 6, 0]


def test_times_that_have_not_come_are_not_counted() -> None:
    """An article of this very moment is; one dated ahead, or before all time, is none of the rhythm."""
    rhythm = Rhythm()
    note(rhythm, [MONDAY, MONDAY + 1, 0.0, -5.0], MONDAY)
    assert rhythm.minutes == [MONDAY / 60]
    assert rhythm.weekdays == [1, 0, 0, 0, 0, 0, 0]


def test_a_week_counts_a_twentieth_less_each_week() -> None:
    """Counts fade by the weeks that have passed, once for each, and not within a week."""
    rhythm = Rhythm()
    note(rhythm, [MONDAY], MONDAY)
    note(rhythm, [], MONDAY + 6 * DAY)
    assert rhythm.weekdays[0] == 1
    for _ in range(2):
        note(rhythm, [], MONDAY + 2 * WEEK)
        assert rhythm.weekdays[0] == pytest.approx(0.95**2)


def test_a_clock_that_is_set_back_lets_nothing_count_more() -> None:
    """Counts neither fade nor grow by weeks that are yet to come."""
    rhythm = Rhythm()
    note(rhythm, [MONDAY], MONDAY)
    note(rhythm, [], MONDAY - 3 * WEEK)
    assert rhythm.weekdays[0] == 1


@pytest.mark.parametrize(("articles", "known"), [(3, False), (4, True)])
def test_gaps_are_believed_from_three_on(articles: int, *, known: bool) -> None:
    """Two gaps may be chance."""
    rhythm = Rhythm()
    times = [MONDAY + number * HOUR for number in range(articles)]
    note(rhythm, times, times[-1])
    assert (median_gap(rhythm), long_gap(rhythm)) == ((HOUR, HOUR) if known else (None, None))


def test_the_long_gap_is_one_of_the_longest() -> None:
    """One in twenty exceeds it; the median is not moved by that one."""
    rhythm = Rhythm()
    times = [MONDAY + number * HOUR for number in range(10)]
    note(rhythm, [*times, times[-1] + 9 * HOUR], times[-1] + DAY)
    assert (median_gap(rhythm), long_gap(rhythm)) == (HOUR, 9 * HOUR)


@pytest.mark.parametrize(
    ("weeks", "days", "silent"), [(5, 5, {5, 6}), (5, 7, set()), (2, 5, set()), (4, 4, set()), (7, 4, {4, 5, 6})]
)
def test_silent_days_are_those_without_articles(weeks: int, days: int, silent: set[int]) -> None:
    """They are believed once there are twenty articles, faded as they are, over more than two weeks."""
    assert silent_days(weekly(weeks, days)) == silent


def test_a_silent_day_is_no_gap() -> None:
    """From Friday's noon to Monday's is a day for a source that never writes at the weekend."""
    rhythm = weekly(6, 5)
    assert (median_gap(rhythm), long_gap(rhythm)) == (DAY, DAY)
