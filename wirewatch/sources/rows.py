"""Sources and their states as plain values, for `--json` and for the page."""

from typing import Any

from agents.fetch.companion import FetchCompanion
from agents.fetch.source.state import PollState
from streams.network.addresses import without_user
from streams.records import Source
from streams.step import Companion

FOREVER = 1e11
#: Rows that the page gets: those that somebody should look at come first.
MOST_ROWS = 50

#: States in which somebody should look at a source.
TROUBLED = ("failing", "blocked", "dead", "quiet", "extraction_drop", "stale_dates")


def state_of(source: Source, known: PollState | None) -> str:
    """Return how a source is doing."""
    if not source.enabled:
        return "paused"
    return known.health if known is not None else "new"


def in_trouble(source: Source, known: PollState | None) -> bool:
    """Return whether somebody should look at a source: by its state, or as it is new and was not reached yet."""
    state = state_of(source, known)
    return state in TROUBLED or (state == "new" and known is not None and bool(known.error))


def row_of(source: Source, known: PollState | None) -> dict[str, Any]:
    """Return a source and its state as plain values."""
    row: dict[str, Any] = {
        "name": source.name,
        "url": without_user(source.url),
        "state": state_of(source, known),
        "enabled": source.enabled,
    }
    if known is not None:
        row |= {
            "reason": known.reason,
            "since": known.health_since or None,
            "polled_at": known.last_poll_at or None,
            "next_at": known.next_at if known.next_at < FOREVER else None,
            "new_at": known.last_new_at or None,
            "articles": known.new_entries,
            "polls": known.polls,
            "not_modified": known.not_modified,
            "turned_over": known.turned_over,
            "location": known.location or None,
            "kind": known.kind or None,
            "error": known.error or None,
        }
    return row


def overview(companion: Companion | None) -> dict[str, Any]:
    """Return how many of a worker's sources are in which state, and a row for some: the troubled first."""
    if not isinstance(companion, FetchCompanion):
        return {"counts": {}, "rows": []}
    poller = companion.poller
    store, names = poller.store, poller.shown(MOST_ROWS)
    return {
        "counts": {state: number for state, number in poller.counts.items() if number > 0},
        "rows": [row_of(store.sources[name], store.state(name)) for name in names],
    }
