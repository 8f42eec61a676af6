"""When a source is polled: by its rhythm, its server's wishes and its owner's bounds, and never in skip hours and days."""

from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from agents.fetch.settings import FetchSettings
from agents.fetch.source.schedule import (
    MOST_AHEAD_SECONDS,
    NEVER,
    Bounds,
    bits,
    bounds_of,
    failed_interval,
    first_at,
    interval,
    next_at,
    not_skipped,
    within,
)
from agents.fetch.source.state import PollState, Rhythm

HOUR, DAY = 3600.0, 86_400.0
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()
BOUNDS = Bounds()

ALL_HOURS, ALL_DAYS = frozenset(range(24)), frozenset(range(7))
MONDAY = frozenset([0])


@pytest.mark.parametrize(
    ("at", "hours", "days", "asked"),
    [
        ("2026-03-02T12:30", frozenset(), frozenset(), "2026-03-02T12:30"),
        ("2026-03-02T12:30", frozenset([11, 13]), frozenset([1]), "2026-03-02T12:30"),
        ("2026-03-02T12:30", frozenset([12]), frozenset(), "2026-03-02T13:00"),
        ("2026-03-02T12:00", frozenset([12, 13, 14]), frozenset(), "2026-03-02T15:00"),
        ("2026-03-02T23:59", frozenset([23]), frozenset(), "2026-03-03T00:00"),
        ("2026-03-02T12:30", frozenset(), MONDAY, "2026-03-03T00:00"),
        ("2026-03-01T23:30", frozenset([23, 0]), MONDAY, "2026-03-03T01:00"),
        ("2026-03-02T12:30", ALL_HOURS, frozenset(), "2026-03-02T12:30"),
        ("2026-03-02T12:30", ALL_HOURS, MONDAY, "2026-03-03T00:00"),
        ("2026-03-02T12:30", frozenset([12]), ALL_DAYS, "2026-03-02T13:00"),
        ("2026-03-02T12:30", ALL_HOURS - {3}, ALL_DAYS - {6}, "2026-03-08T03:00"),
    ],
)
def test_the_first_time_that_is_not_skipped(at: str, hours: frozenset[int], days: frozenset[int], asked: str) -> None:
    """Hours are GMT's, days begin with Monday; a feed that skips all hours or all days skips none."""
    time = datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()

    found = not_skipped(time, bits(hours), bits(days))

    assert datetime.fromtimestamp(found, UTC).isoformat()[:16] == asked


def source(gap_minutes: int = 40, **fields: Any) -> PollState:
    """Return a source with validators that works, whose latest article came a gap ago, four before it a gap apart."""
    minutes = [int(NOON // 60) - gap_minutes * number for number in range(5, 0, -1)]
    given: dict[str, Any] = {"rhythm": Rhythm(minutes=minutes), "last_good_at": NOON - HOUR, "etag": "x"}
    return PollState(**(given | fields))


@pytest.mark.parametrize(
    ("state", "seconds"),
    [
        (source(), 1200),
        (source(4), 300),
        (source(60 * 24 * 3), DAY),
        (PollState(), 1800),
        (PollState(last_new_at=NOON - 9 * DAY), 1800),
        (source(etag="", last_modified="Mon"), 1200),
        (source(etag=""), HOUR),
        (source(etag="", last_good_at=0.0), 1200),
        (source(distrust_until=NOON + 1), HOUR),
        (source(distrust_until=NOON), 1200),
        (source(4, etag="", entries=20), 2400),
        (source(4, distrust_until=NOON + 1, entries=1), 300),
        (source(40, etag="", entries=90), HOUR),
        (source(etag="", entries=20, renewed_at=NOON, last_poll_at=NOON), 300),
        (source(renewed_at=NOON - 1, last_poll_at=NOON), 1200),
        (source(ttl_seconds=7200.0), 7200),
        (source(fresh_seconds=7200.0, ttl_seconds=60.0), 7200),
        (source(60 * 24 * 3, ttl_seconds=9 * DAY), DAY),
        (source(ttl_seconds=9 * DAY), DAY),
        (source(lease_until=NOON + 1, pushed=1.0), 4800),
        (source(lease_until=NOON, pushed=1.0), 1200),
    ],
)
def test_a_source_is_polled_by_its_rhythm_and_its_servers_wishes(state: PollState, seconds: float) -> None:
    """Half its gap, within bounds; an hour without validators, sooner where its entries would be gone; as it asks, a day at most.

    Seldom beside a hub; as soon as may be where entries were missed just now.
    """
    assert interval(state, BOUNDS, NOON) == seconds


@pytest.mark.parametrize(("gaps", "seconds"), [(4, 1200), (5, 1200), (6, 1440), (90, 21_600), (900, DAY)])
def test_a_source_that_is_silent_is_asked_less(gaps: int, seconds: float) -> None:
    """After a tenth of its silence, where that is longer than half its gap; a day at most."""
    newest = source().rhythm.minutes[-1] * 60
    assert interval(source(), BOUNDS, newest + gaps * 40 * 60) == seconds


@pytest.mark.parametrize(("failures", "seconds"), [(1.0, 600), (3.0, 2400), (8.0, 76_800), (9.0, DAY), (5000.0, DAY)])
def test_after_failures_it_waits_twice_as_long_each_time(failures: float, seconds: float) -> None:
    """A day at most, however many there were."""
    assert failed_interval(source(failures=failures), BOUNDS) == seconds


def test_bounds_are_the_settings_where_the_owner_set_none() -> None:
    """A shortest interval of its own holds without validators too, and is never above the longest."""
    settings = FetchSettings(min_interval_seconds=300, max_interval_seconds=DAY, unvalidated_interval_seconds=HOUR)
    assert bounds_of(settings) == Bounds(300, DAY, HOUR)
    assert bounds_of(settings, least=60) == Bounds(60, DAY, 60)
    assert bounds_of(settings, most=7200) == Bounds(300, 7200, HOUR)
    assert bounds_of(settings, least=2 * DAY) == Bounds(2 * DAY, 2 * DAY, 2 * DAY)
    seldom = FetchSettings(min_interval_seconds=2 * HOUR, unvalidated_interval_seconds=HOUR)
    assert bounds_of(seldom).without_validators == 2 * HOUR


def test_the_next_poll_is_spread_by_a_tenth() -> None:
    """Not sooner than the server asks or the bounds say, after failures by these, and in no hour that is to be skipped."""
    times = [next_at(source(), BOUNDS, NOON, Random(seed)) - NOON for seed in range(200)]
    assert 1080 <= min(times) < 1100
    assert 1300 < max(times) <= 1320
    assert min(next_at(source(ttl_seconds=1200.0), BOUNDS, NOON, Random(seed)) - NOON for seed in range(20)) == 1200
    assert min(next_at(source(4), BOUNDS, NOON, Random(seed)) - NOON for seed in range(20)) == 300
    assert next_at(source(failures=4.0), BOUNDS, NOON, Random(1)) - NOON > 4300
    assert next_at(source(skip_hours=bits(frozenset([12]))), BOUNDS, NOON, Random(1)) == NOON + HOUR
    assert next_at(source(skip_days=bits(MONDAY)), BOUNDS, NOON, Random(1)) == NOON + DAY / 2


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (NOON - 5, NOON - 5),
        (NOON + MOST_AHEAD_SECONDS, NOON + MOST_AHEAD_SECONDS),
        (NOON + MOST_AHEAD_SECONDS + 1, NOON),
        (NEVER, NEVER),
    ],
)
def test_a_time_that_no_poll_is_put_off_to_is_now(at: float, due: float) -> None:
    """A source that is gone is due never, and stays so."""
    assert within(at, NOON) == due


def test_new_sources_are_not_polled_all_at_once() -> None:
    """Each soon, within the spread."""
    times = [first_at(NOON, Random(seed), 60.0) - NOON for seed in range(100)]
    assert 0 <= min(times) < 5
    assert 55 < max(times) <= 60
