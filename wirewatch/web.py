"""The worker's HTTP server: metrics, health, and a first page with the latest tagged articles."""

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import orjson
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from streams.errors import SettingsError
from streams.records import Tagged, encode
from streams.step import Settled, Step
from wirewatch.service import Service

LATEST = 200


class Pages:
    """Answers requests from what the worker holds in memory: it never asks Kafka."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.latest: deque[bytes] = deque(maxlen=LATEST)

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

    async def status(self, _: web.Request) -> web.Response:
        """Return what each step has done, and the latest articles, for the page."""
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
        latest = b",".join(self.latest)
        return web.Response(
            body=b'{"steps":' + orjson.dumps(steps) + b',"articles":[' + latest + b"]}", content_type="application/json"
        )

    async def page(self, _: web.Request) -> web.Response:
        """Return the page."""
        html = files("wirewatch").joinpath("page.html").read_bytes()
        policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"
        return web.Response(
            body=html, content_type="text/html", charset="utf-8", headers={"Content-Security-Policy": policy}
        )


def answer(body: dict[str, Any], status: int) -> web.Response:
    """Return a JSON answer."""
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


@asynccontextmanager
async def serving(pages: Pages) -> AsyncIterator[str]:
    """Serve until left; give the address that the server has."""
    app = web.Application()
    routes = {"/": pages.page, "/status.json": pages.status, "/metrics": pages.metrics}
    routes |= {"/health/live": pages.live, "/health/ready": pages.ready}
    for path, handler in routes.items():
        app.router.add_get(path, handler)
    runner = web.AppRunner(app, access_log=None)
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
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
