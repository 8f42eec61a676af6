"""Old news of a new source: entries from before it was added, and those that name no more than a day."""

import pytest

from agents.fetch.source.backfill import DAY_SECONDS, Circumstances, is_backfill

NOON = 20_000 * DAY_SECONDS + DAY_SECONDS / 2
MIDNIGHT = NOON - DAY_SECONDS / 2


@pytest.mark.parametrize(
    ("published_at", "first", "old"),
    [
        (MIDNIGHT, True, True),
        (MIDNIGHT, False, False),
        (MIDNIGHT - DAY_SECONDS, False, True),
        (MIDNIGHT + DAY_SECONDS, False, False),
        (MIDNIGHT + 60.0, False, True),
    ],
)
def test_the_day_on_which_a_source_was_added_says_nothing(published_at: float, first: bool, old: bool) -> None:
    """What a sitemap shows of that day is old at the first poll and new at a later one; other times are believed."""
    found = Circumstances(added_at=NOON, last_good_at=0.0 if first else NOON + 3600.0, now=NOON + 7200.0)
    assert is_backfill(published_at, found) is old


@pytest.mark.parametrize(
    ("before", "polled_at", "old"),
    [(60.0, 0.0, True), (60.0, 600.0, False), (3000.0, 600.0, False), (7200.0, 600.0, True), (60.0, 9 * 3600.0, False)],
)
def test_an_entry_is_dated_before_it_is_shown(before: float, polled_at: float, old: bool) -> None:
    """Found by a later poll, an entry is news though dated minutes before its source was added; at the first it is old."""
    last_good_at = NOON + polled_at if polled_at else 0.0
    found = Circumstances(added_at=NOON, last_good_at=last_good_at, now=NOON + polled_at + 600.0, new=1, entries=20)
    assert is_backfill(NOON - before, found) is old
