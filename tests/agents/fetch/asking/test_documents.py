"""Which entries of a very long document are looked at."""

from datetime import UTC, datetime, timedelta

from agents.fetch.asking.documents import MOST_CONSIDERED, considered
from agents.fetch.reading.entries import Entry

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def test_of_a_long_document_with_dates_the_newest_entries_count() -> None:
    """Wherever they stand in it."""
    dated = [Entry(guid=str(n), published_at=MONDAY + timedelta(minutes=n)) for n in range(MOST_CONSIDERED + 5)]

    found = considered([*dated[1:], dated[0]])

    assert len(found) == MOST_CONSIDERED
    assert {entry.guid for entry in dated[:5]}.isdisjoint(entry.guid for entry in found)


def test_of_a_long_document_without_dates_both_ends_count() -> None:
    """Nobody knows at which end the new ones stand."""
    entries = [Entry(guid=str(n)) for n in range(MOST_CONSIDERED + 5)]

    found = considered(entries)

    half = MOST_CONSIDERED // 2
    assert list(found) == entries[:half] + entries[-half:]
