"""`/status.json`: the steps, the latest articles and alerts, for the page."""

from collections import deque
from typing import Any

import orjson
from aiohttp import web

from streams.message import Settlement
from streams.records import Tagged
from streams.step import AnyStep
from wirewatch.http.feeds.kept import AlertFeed
from wirewatch.service import Service

LATEST = 200
LATEST_ALERTS = 50


class Status:
    """Answers from the worker's memory: it never asks Kafka."""

    def __init__(self, service: Service, feed: AlertFeed) -> None:
        self._service = service
        self._feed = feed
        self.latest: deque[orjson.Fragment] = deque(maxlen=LATEST)

    def settled(self, step: AnyStep, settlement: Settlement) -> None:
        """Keep the latest tagged articles."""
        for output in settlement.outputs:
            if isinstance(output.record, Tagged):
                self.latest.appendleft(orjson.Fragment(output.value))

    async def status(self, request: web.Request) -> web.Response:
        """Return the counts of each step, the latest articles (`articles=0`: none of them) and alerts."""
        kept = self._feed.latest(None, LATEST_ALERTS)
        body = {
            "steps": self._steps(),
            "articles": [] if request.query.get("articles") == "0" else list(self.latest),
            "alerts": [orjson.Fragment(alert.value) for alert in kept],
            "deliveries": {alert.id: self._deliveries(alert.id) for alert in kept},
            "alerts_wait_for": self._feed.waits_for,
        }
        return web.Response(
            body=orjson.dumps(body), content_type="application/json", headers={"Cache-Control": "no-store"}
        )

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

    def _deliveries(self, alert_id: str) -> dict[str, dict[str, Any]]:
        """Return the last attempt at each receiver."""
        return {
            receiver: {"outcome": delivery.outcome, "attempt": delivery.attempt, "error": delivery.error}
            for receiver, delivery in self._feed.deliveries(alert_id).items()
        }
