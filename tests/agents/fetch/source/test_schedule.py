"""When a source is polled: hours and days that a feed asks to be left alone in."""

from datetime import UTC, datetime

import pytest

from agents.fetch.source.schedule import bits, not_skipped

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
