"""The traces of a poll: the event of a change of health, requests for its entries, and counts."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime

from agents.fetch.asking import requests
from agents.fetch.asking.domains import domain_of
from agents.fetch.asking.requests import Request
from agents.fetch.metrics import FetchMetrics
from agents.fetch.polling.poll import PollOutcome
from agents.fetch.source import health
from agents.fetch.source.state import PollState
from streams.message import Output
from streams.network.addresses import without_user
from streams.records import Health, Source, utc
from streams.topics import FETCHES, HEALTH

logger = logging.getLogger("wirewatch.fetch")

#: Fields of a state that a poll changes although it brought nothing.
BARE = (
    "last_poll_at",
    "next_at",
    "polls",
    "not_modified",
    "not_modified_at",
    "status",
    "unconditional_at",
    "fresh_seconds",
)


def health_change(source: Source, known: PollState, moved_from: str, now: float, metrics: FetchMetrics) -> list[Output]:
    """Return the event of a source's change of state, if it has changed."""
    verdict = health.assess(known, now, moved_from=moved_from)
    known.reason = verdict.reason[:300]
    if verdict.state == known.health:
        return []
    was, known.health, known.health_since = known.health, verdict.state, now
    since = datetime.fromtimestamp(now, UTC)
    metrics.health_changes.labels(verdict.state).inc()
    logger.log(
        logging.INFO if verdict.state in ("healthy", "moved") else logging.WARNING,
        "source %s is %s: %s",
        source.name,
        verdict.state,
        verdict.reason,
    )
    record = Health(
        id=f"{source.name}:{utc(since)}:{verdict.state}",
        source=source.name,
        url=without_user(known.location or source.url),
        was=was,
        to=verdict.state,
        reason=verdict.reason,
        evidence=verdict.evidence,
        since=since,
        processed_at=since,
    )
    return [Output(HEALTH, source.name, record, record.id)]


def request_output(request: Request) -> Output:
    """Return the message of a new entry, under the domain of its page."""
    domain = domain_of(request.url) if request.url else ""
    return Output(
        FETCHES, domain or domain_of(request.feed or "") or request.source, requests.pack(request), request.id
    )


def under_domain_of(source: Source, request: Request) -> Output:
    """Return a message for the worker that polls a source."""
    return Output(FETCHES, domain_of(source.url) or source.name, requests.pack(request), request.id)


def count_poll(metrics: FetchMetrics, polled: PollOutcome, known: PollState, seconds: float) -> None:
    """Count a poll and its entries."""
    result = polled.result
    metrics.polls.labels(known.kind or "unknown", polled.outcome).inc()
    metrics.poll_seconds.observe(seconds)
    if polled.outcome == "not_modified":
        metrics.not_modified.inc()
    if polled.lied:
        metrics.lies.inc()
    if polled.turned_over:
        metrics.turned_over.inc()
    if result is None:
        return
    new = len(result.requests) - result.edited
    counts = (
        ("new", new - result.backfill),
        ("backfill", result.backfill),
        ("edited", result.edited),
        ("archive", result.archive),
    )
    for outcome, number in counts:
        metrics.entries.labels(outcome).inc(max(number, 0))
    for request in result.requests:
        if request.published_at is not None and not request.backfill:
            metrics.published_to_fetched.observe(max(polled.when - request.published_at.timestamp(), 0.0))


def changed(before: PollState, after: PollState) -> bool:
    """Return whether a poll changed more than its own time."""
    fields: Iterable[str] = (name for name in PollState.__struct_fields__ if name not in BARE)
    return any(getattr(before, name) != getattr(after, name) for name in fields)
