"""Health and metrics: for probes and for Prometheus."""

import asyncio
import time
from collections.abc import Mapping

import orjson
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from wirewatch.service import Service
from wirewatch.watchdogs import why_silent

#: Metrics are written at most so often, however many ask.
METRICS_SECONDS = 1.0


class HealthRoutes:
    """Answers about the worker itself."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._metrics = MetricsText(service.metrics.registry)

    async def metrics(self, _: web.Request) -> web.Response:
        """Return the metrics in Prometheus' text format."""
        return web.Response(body=await self._metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def live(self, _: web.Request) -> web.Response:
        """Return 200: the event loop runs, and a step that fails is started anew."""
        return answer({"live": True, "failure": None}, 200)

    async def ready(self, _: web.Request) -> web.Response:
        """Return 200 once every step has joined its group and recovered its state, 503 with the missing ones before.

        `warnings` name what is wrong and does not stop the worker.
        """
        steps = {name: {"joined": r.joined, "lag": r.totals.lag} for name, r in self._service.runners.items()}
        body = {"ready": self._service.ready, "kafka": self._service.kafka_up, "steps": steps}
        why = why_silent(self._service)
        failures = self._service.troubles | ({"kafka": why} if why else {})
        short = {"memory": self._service.shortage} if self._service.shortage else {}
        if not self._service.ready:  # it may be why
            failures |= short
        return answer({**body, "failures": failures, "warnings": short}, 200 if self._service.ready else 503)


class MetricsText:
    """The text of a registry, written in a thread, and once for all who ask within a second."""

    def __init__(self, registry: CollectorRegistry, seconds: float = METRICS_SECONDS) -> None:
        self._registry = registry
        self._seconds = seconds
        self._text = b""
        self._until = 0.0
        self._writing: asyncio.Task[None] | None = None

    async def text(self) -> bytes:
        """Return the text, at most a second old."""
        if time.monotonic() >= self._until:
            if self._writing is None:
                self._writing = asyncio.create_task(self._write(), name="metrics")
            await asyncio.shield(self._writing)
        return self._text

    async def _write(self) -> None:
        try:
            self._text = await asyncio.to_thread(generate_latest, self._registry)
            self._until = time.monotonic() + self._seconds
        finally:
            self._writing = None


def answer(body: Mapping[str, object], status: int) -> web.Response:
    """Return a JSON answer."""
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")
