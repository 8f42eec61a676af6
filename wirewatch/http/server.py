"""The worker's HTTP server: metrics, health, the watches' feeds, and a page with the latest alerts and articles."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from agents.archive.open import store_url
from agents.archive.settings import ArchiveSettings
from streams.errors import SettingsError
from streams.message import Settlement
from streams.step import AnyStep
from wirewatch.http.asked import known_parameters
from wirewatch.http.connections import Connections, LimitedSite, Limits
from wirewatch.http.digest_previews import DigestPreviews
from wirewatch.http.feeds.alert_feed import AlertFeed
from wirewatch.http.feeds.follow import following
from wirewatch.http.feeds.routes import FeedRoutes
from wirewatch.http.feeds.settings import FeedSettings
from wirewatch.http.guards import Handler, Names, Token, explain, guard, harden, show
from wirewatch.http.health import HealthRoutes
from wirewatch.http.history.asking import History
from wirewatch.http.history.routes import HistoryRoutes
from wirewatch.http.metrics import HttpMetrics
from wirewatch.http.openapi import document
from wirewatch.http.page_files import FILES, page_file
from wirewatch.http.push import PATH as PUSH_PATH
from wirewatch.http.push import Push, PushMetrics
from wirewatch.http.status import Status
from wirewatch.http.watches.routes import WatchRoutes
from wirewatch.http.websub import HubMetrics, Hubs
from wirewatch.service import Service


class WebApp:
    """All that a worker serves over HTTP: the page, health, feeds, pushes, history and watches."""

    def __init__(self, service: Service, limits: Limits | None = None) -> None:
        self.service = service
        worker, feeds = service.settings.worker, service.settings[FeedSettings]
        given = limits or Limits(worker.http_connections, worker.http_connections_per_address)
        self.metrics = service.metrics[HttpMetrics]
        self.connections = Connections(given.within_files(), self.metrics)
        self.feed = AlertFeed(feeds.entries)
        self.feed_routes = FeedRoutes(self.feed, feeds, service.metrics)
        self.status = Status(service, self.feed)
        self.health = HealthRoutes(service)
        self.hubs = Hubs(service.settings, service.metrics[HubMetrics])
        self.push = Push(service.settings, service.metrics[PushMetrics])
        url = store_url(service.settings[ArchiveSettings])
        history = History(url) if url else None
        self.history = HistoryRoutes(history, document)
        self.watch_routes = WatchRoutes(service, self.feed, history)
        self.digest_previews = DigestPreviews(service.settings)

    def settled(self, step: AnyStep, settlement: Settlement) -> None:
        """Keep the latest tagged articles."""
        self.status.settled(step, settlement)

    def application(self) -> web.Application:
        """Return the application with all routes, guarded."""
        worker, token = self.service.settings.worker, Token(self.service.settings[FeedSettings].token)
        names = Names(worker.http_host, worker.http_names, self.hubs.name)
        app = web.Application(middlewares=[show, guard(names, token, self.metrics, FILES), explain, known_parameters])
        app.on_response_prepare.append(harden)
        routes: dict[str, Handler] = dict.fromkeys(FILES, page_file)
        routes |= {"/status.json": self.status.status, "/metrics": self.health.metrics}
        routes |= {"/health/live": self.health.live, "/health/ready": self.health.ready}
        for path, handler in routes.items():
            app.router.add_get(path, handler)
        self.feed_routes.add_to(app)
        app.router.add_post(PUSH_PATH, self.push.push)
        app.on_cleanup.append(self.push.bodies.close)
        self.watch_routes.add_to(app)
        self.digest_previews.add_to(app)
        self.hubs.add_to(app)
        self.history.add_to(app)
        return app


@asynccontextmanager
async def serving(web_app: WebApp) -> AsyncIterator[str]:
    """Serve until left, and follow the alerts meanwhile; give the address that the server has."""
    # An event stream ends when its reader goes, not only when the next alert comes.
    runner = web.AppRunner(web_app.application(), access_log=None, handler_cancellation=True)
    await runner.setup()
    worker = web_app.service.settings.worker
    try:
        site = LimitedSite(runner, worker.http_host, worker.http_port, web_app.connections)
        try:
            await site.start()
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else str(error)  # asyncio's own text says the address twice
            raise SettingsError(
                f"worker.http_port: {place_of(worker.http_host, worker.http_port)} cannot be used ({why}); "
                "take another with --http-port, or 0 for a free one"
            ) from error
        host, port = runner.addresses[0][:2]
        kept = web_app.history.kept_alerts
        async with following(web_app.feed, web_app.service.settings, web_app.service.metrics, kept):
            yield f"http://{place_of(host, port)}"
    finally:
        await runner.cleanup()


def place_of(host: str, port: int) -> str:
    """Return a host and its port as they stand in a URL: an address of IPv6 in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
