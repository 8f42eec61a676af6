"""`/status.json`: the steps, the latest articles and alerts, and the sources, for the page."""

from collections import deque
from collections.abc import Callable
from itertools import takewhile
from typing import Any

import orjson
from aiohttp import web
from msgspec import UNSET, Struct, UnsetType

from streams.message import Settlement
from streams.records import Alert, DeliveryOutcome, Tagged
from streams.step import AnyStep
from wirewatch.http.answers import respond
from wirewatch.http.feeds.alert_feed import AlertFeed
from wirewatch.http.page_files import VERSION
from wirewatch.http.refusals import problem
from wirewatch.service import Service
from wirewatch.sources.rows import overview

LATEST = 200
LATEST_ALERTS = 50


class StepStatus(Struct, kw_only=True):
    """A step: its messages taken, outcomes, messages that wait, and median time in seconds."""

    step: str
    taken: int
    outcomes: dict[str, int]
    lag: int
    seconds: float | None


class Attempt(Struct, kw_only=True):
    """The last attempt to deliver an alert to a receiver."""

    outcome: DeliveryOutcome
    attempt: int
    error: str | None


class SourceRow(Struct, kw_only=True, forbid_unknown_fields=True):
    """A source and its state; the fields of a poll are missing before the first. Times are epoch seconds."""

    name: str
    url: str
    state: str
    enabled: bool
    reason: str | UnsetType = UNSET
    since: float | UnsetType | None = UNSET
    polled_at: float | UnsetType | None = UNSET
    next_at: float | UnsetType | None = UNSET
    new_at: float | UnsetType | None = UNSET
    articles: int | UnsetType = UNSET
    polls: int | UnsetType = UNSET
    not_modified: int | UnsetType = UNSET
    turned_over: int | UnsetType = UNSET
    location: str | UnsetType | None = UNSET
    kind: str | UnsetType | None = UNSET
    error: str | UnsetType | None = UNSET


class SourcesStatus(Struct, kw_only=True):
    """How many sources are in which state, and some of them: the troubled first."""

    counts: dict[str, int]
    rows: list[SourceRow]


class StatusAnswer(Struct, kw_only=True, forbid_unknown_fields=True):
    """A worker's state in memory: its steps, the latest articles and alerts, deliveries by alert and receiver, sources.

    Of `parts=` only those; `alerts_wait_for` says what keeps alerts from coming, null while nothing does; `page` names the
    version of the page that this worker serves.
    """

    steps: list[StepStatus] | UnsetType = UNSET
    articles: list[Tagged] | UnsetType = UNSET
    alerts: list[Alert] | UnsetType = UNSET
    deliveries: dict[str, dict[str, Attempt]] | UnsetType = UNSET
    sources: SourcesStatus | UnsetType = UNSET
    alerts_wait_for: str | None
    page: str


class Status:
    """Answers from the worker's memory: it never asks Kafka."""

    def __init__(self, service: Service, feed: AlertFeed) -> None:
        self._service = service
        self._feed = feed
        self.latest: deque[tuple[str, orjson.Fragment]] = deque(maxlen=LATEST)

    def settled(self, step: AnyStep, settlement: Settlement) -> None:
        """Keep the latest tagged articles."""
        for output in settlement.outputs:
            if isinstance(output.record, Tagged):
                self.latest.appendleft((output.record.fetch_id, orjson.Fragment(output.value)))

    async def status(self, request: web.Request) -> web.StreamResponse:
        """Return the counts of each step, the latest articles, alerts, and what became of them; of `parts=` only those.

        With `after=` and the `fetch_id` of an article, only the articles that have come since then.
        """
        kept = self._feed.latest(None, LATEST_ALERTS)
        answers: dict[str, Callable[[], Any]] = {
            "steps": self._steps,
            "articles": lambda: self._articles(request.query.get("after")),
            "alerts": lambda: [orjson.Fragment(alert.value) for alert in kept],
            "deliveries": lambda: {alert.id: self._deliveries(alert.id) for alert in kept},
            "sources": self._sources,
        }
        parts = request.query.get("parts")
        wanted = list(answers) if parts is None else parts.split(",") if parts else []
        if unknown := [part[:50] for part in wanted if part not in answers]:
            return problem(400, f"parts: there is no {', '.join(unknown)}; there are {', '.join(answers)}")
        body = {part: answers[part]() for part in wanted} | {"alerts_wait_for": self._feed.waits_for, "page": VERSION}
        return await respond(request, orjson.dumps(body), "application/json")

    def _articles(self, after: str | None) -> list[orjson.Fragment]:
        """Return the latest articles, up to one that is known."""
        return [article for _, article in takewhile(lambda kept: kept[0] != after, self.latest)]

    def _steps(self) -> list[dict[str, Any]]:
        """Return each step's counts, with its median time in seconds."""
        return [
            {
                "step": name,
                "taken": runner.totals.taken,
                "outcomes": runner.totals.outcomes,
                "lag": runner.totals.lag,
                "seconds": round(sorted(runner.totals.seconds)[len(runner.totals.seconds) // 2], 4)
                if runner.totals.seconds
                else None,
            }
            for name, runner in self._service.runners.items()
        ]

    def _sources(self) -> dict[str, Any]:
        """Return how the sources of this worker are doing."""
        runner = self._service.runners.get("fetch")
        return overview(runner.companion if runner is not None else None)

    def _deliveries(self, alert_id: str) -> dict[str, dict[str, Any]]:
        """Return the last attempt at each receiver."""
        return {
            receiver: {"outcome": delivery.outcome, "attempt": delivery.attempt, "error": delivery.error}
            for receiver, delivery in self._feed.deliveries(alert_id).items()
        }
