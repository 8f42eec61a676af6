"""The worker's HTTP server: metrics, health, the watches' feeds, and a page with the latest alerts and articles."""

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import orjson
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from streams.errors import SettingsError
from streams.records import Tagged, encode
from streams.step import Settled, Step
from wirewatch.http.feeds.follow import following
from wirewatch.http.feeds.kept import AlertFeed
from wirewatch.http.feeds.routes import FeedRoutes
from wirewatch.service import Service

LATEST = 200
LATEST_ALERTS = 50
#: The page loads its own style and script, asks its own worker, and nothing else: no inline code, no frames, no forms.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_FILES = {"/": ("page.html", "text/html"), "/page.css": ("page.css", "text/css")} | {
    "/page.js": ("page.js", "text/javascript")
}


class Pages:
    """Answers requests from what the worker holds in memory: it never asks Kafka."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.latest: deque[bytes] = deque(maxlen=LATEST)
        self.feed = AlertFeed(service.settings.feeds.entries)
        self.feed_routes = FeedRoutes(self.feed, service.settings.feeds, service.metrics)

    def settled(self, step: Step, settled: Settled) -> None:
        """Keep the latest tagged articles."""
        for output in settled.outputs:
            if isinstance(output.record, Tagged):
                self.latest.appendleft(encode(output.record))

    async def metrics(self, _: web.Request) -> web.Response:
        """Return the metrics in Prometheus' text format."""
        return web.Response(
            body=generate_latest(self.service.metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    async def live(self, _: web.Request) -> web.Response:
        """Return 200 while every step can go on, 503 with the reason when one cannot."""
        failure = self.service.failure
        body = {"live": failure is None, "failure": str(failure) if failure else None}
        return answer(body, 200 if failure is None else 503)

    async def ready(self, _: web.Request) -> web.Response:
        """Return 200 once every step has joined its group and recovered its state, 503 with what is missing before."""
        steps = {name: {"joined": r.joined, "lag": r.totals.lag} for name, r in self.service.runners.items()}
        return answer({"ready": self.service.ready, "steps": steps}, 200 if self.service.ready else 503)

    async def status(self, request: web.Request) -> web.Response:
        """Return what each step has done, the latest articles, and with the feeds' token the latest alerts."""
        steps = [
            {
                "step": name,
                "taken": runner.totals.taken,
                "outcomes": runner.totals.outcomes,
                "lag": runner.totals.lag,
                "seconds": round(sorted(runner.totals.seconds)[len(runner.totals.seconds) // 2], 4)
                if runner.totals.seconds
                else None,
            }
            for name, runner in self.service.runners.items()
        ]
        body = b'{"steps":%b,"articles":[%b],"alerts":%b,"deliveries":%b,"alerts_wait_for":%b}'
        latest = b",".join(self.latest)
        return web.Response(
            body=body % (orjson.dumps(steps), latest, *self._alerts(request), orjson.dumps(self.feed.waits_for)),
            content_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    def _alerts(self, request: web.Request) -> tuple[bytes, bytes]:
        """Return the latest alerts, and what became of them at their receivers, as JSON; null without the token."""
        if not self.feed_routes.admits(request):
            return b"null", b"null"
        kept = self.feed.latest(None, LATEST_ALERTS)
        deliveries = {
            alert.id: {
                receiver: {"outcome": delivery.outcome, "attempt": delivery.attempt, "error": delivery.error}
                for receiver, delivery in self.feed.deliveries(alert.id).items()
            }
            for alert in kept
        }
        return b"[" + b",".join(alert.value for alert in kept) + b"]", orjson.dumps(deliveries)

    async def page(self, request: web.Request) -> web.Response:
        """Return the page, its style or its script."""
        name, kind = PAGE_FILES[request.path]
        body = files("wirewatch.http").joinpath("page", name).read_bytes()
        headers = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}
        headers |= {"Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)


def answer(body: dict[str, Any], status: int) -> web.Response:
    """Return a JSON answer."""
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


@asynccontextmanager
async def serving(pages: Pages) -> AsyncIterator[str]:
    """Serve until left, and follow the alerts meanwhile; give the address that the server has."""
    app = web.Application()
    routes: dict[str, Callable[[web.Request], Awaitable[web.Response]]] = dict.fromkeys(PAGE_FILES, pages.page)
    routes |= {"/status.json": pages.status, "/metrics": pages.metrics}
    routes |= {"/health/live": pages.live, "/health/ready": pages.ready}
    for path, handler in routes.items():
        app.router.add_get(path, handler)
    pages.feed_routes.add_to(app)
    # An event stream ends when its reader goes, not only when the next alert comes.
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
    await runner.setup()
    worker = pages.service.settings.worker
    try:
        site = web.TCPSite(runner, worker.http_host, worker.http_port)
        try:
            await site.start()
        except OSError as error:
            raise SettingsError(
                f"worker.http_port: {worker.http_host}:{worker.http_port} cannot be used ({error.strerror}); "
                "take another with --http-port, or 0 for a free one"
            ) from error
        host, port = runner.addresses[0][:2]
        async with following(pages.feed, pages.service.settings, pages.service.metrics):
            yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
