"""Matches of a watch that raised no alert yet, as the list of watches names them."""

from datetime import UTC, datetime, timedelta

from agents.watch.alerts import mention
from agents.watch.records import WatchState
from agents.watch.throttle import MAX_HELD_BACK
from streams.records import AlertArticle, AlertItem
from wirewatch.watches.topic import latest_held

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def article(number: int) -> AlertArticle:
    """Return an article."""
    return AlertArticle(id=f"a{number}", title=f"News {number}", source="news.example.org", fetched_at=NOON)


def test_what_waits_for_the_end_of_quiet_hours_is_named() -> None:
    """Whoever looks at night sees the watch's matches, though its digest comes in the morning."""
    before = [mention(article(number), None, "limit", NOON + timedelta(minutes=number)) for number in range(8)]
    waiting = [
        AlertItem(id="", article=article(number), held_at=NOON + timedelta(minutes=number)) for number in range(8, 12)
    ]

    named = latest_held(WatchState(held=waiting, held_back=before))

    assert [one.id for one in named] == [f"a{number}" for number in range(12 - MAX_HELD_BACK, 12)]
    assert [one.reason for one in named[-5:]] == ["limit", "quiet", "quiet", "quiet", "quiet"]
