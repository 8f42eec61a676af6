"""`/websub/DOMAIN/SOURCE/TOPIC/TOKEN`: where hubs call.

GET   a hub asks whether we have subscribed: 200 with its challenge where the token and the topic are ours, else 404
POST  a document: 202 once it is on Kafka; 404 for a token that is not ours, 413 beyond `websub.max_bytes`, 415 where it
      cannot be unpacked, 429 while too much is on its way, 503 where Kafka does not take it. One with a wrong signature, or
      none, is answered with 202 and dropped, as the standard asks: whoever sent it learns nothing. So is one that came before.
"""

import hmac
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Literal, get_args

from aiohttp import hdrs, web
from prometheus_client import CollectorRegistry, Counter
from yarl import URL

from agents.fetch.asking import requests
from agents.fetch.asking.requests import Request
from agents.fetch.settings import WebSubSettings
from agents.fetch.source import websub
from streams.errors import BrokerError
from streams.message import Output
from streams.settings import Settings
from streams.topics import FETCHES
from wirewatch.http.posted import BodyRefused, PostedBodies
from wirewatch.http.refusals import problem

ROUTE = websub.PATH + "/{domain}/{source}/{topic}/{token}"
RETRY_SECONDS = 30
TIMEOUT_SECONDS = 20.0
MOST_CHALLENGE = 1024
#: Without the reason: it names the brokers, and a hub is a stranger.
NOT_TAKEN = "Kafka did not take it"
#: Documents that are known again when they are sent anew: by whoever has heard one, or by a hub that missed our answer.
MOST_KNOWN = 1_000
Outcome = Literal[
    "verified", "denied", "taken", "repeated", "unknown", "unsigned", "too_large", "full", "refused", "unavailable"
]


class HubMetrics:
    """Calls of hubs by outcome."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.calls = Counter("wirewatch_hub_calls", "Calls of WebSub hubs by outcome", ["outcome"], registry=registry)
        for outcome in get_args(Outcome):
            self.calls.labels(outcome)


class Hubs:
    """The route, and the producer that it starts when first a hub calls."""

    def __init__(self, settings: Settings, metrics: HubMetrics) -> None:
        self._own: WebSubSettings = settings[WebSubSettings]
        self._metrics = metrics
        #: of the documents that were taken last, whose they are and how they were signed
        self._taken: OrderedDict[tuple[str, str, str], None] = OrderedDict()
        self._bodies = PostedBodies(
            settings,
            "websub",
            most_bytes=self._own.max_bytes,
            waiting_bytes=self._own.waiting_mib << 20,
            retry_seconds=RETRY_SECONDS,
            send_seconds=TIMEOUT_SECONDS,
        )

    @property
    def name(self) -> str:
        """The host name by which hubs call; empty where none is asked."""
        return (URL(self._own.public_url).host or "") if self._own.on else ""

    def add_to(self, app: web.Application) -> None:
        """Add the routes, where hubs are asked at all."""
        if self._own.on:
            app.router.add_get(ROUTE, self.verify)
            app.router.add_post(ROUTE, self.take)
            app.on_cleanup.append(self._bodies.close)

    async def verify(self, request: web.Request) -> web.Response:
        """Confirm a subscription of ours to its hub; note the lease, or the hub's denial."""
        query, source = request.query, request.match_info["source"]
        mode, topic = query.get("hub.mode", ""), query.get("hub.topic", "")
        if not self._ours(request) or websub.topic_of(topic) != request.match_info["topic"]:
            return self._answer("unknown", 404, "nothing of the kind was subscribed to")
        challenge = query.get("hub.challenge", "")
        if mode == "subscribe" and 0 < len(challenge) <= MOST_CHALLENGE:
            wait, outcome = websub.lease_of(query.get("hub.lease_seconds", "")), "verified"
        elif mode == "denied":
            wait, outcome = 0.0, "denied"
        else:
            return self._answer("unknown", 404, "nothing of the kind was asked for")
        try:
            await self._send(request, requests.lease_request(source, datetime.now(UTC), wait))
        except BrokerError:
            return self._answer("unavailable", 503, NOT_TAKEN)
        self._metrics.calls.labels(outcome).inc()
        return web.Response(text=challenge, content_type="text/plain")

    async def take(self, request: web.Request) -> web.Response:
        """Take a document of a hub."""
        if not self._ours(request):
            return self._answer("unknown", 404, "nothing of the kind was subscribed to")
        try:
            async with self._bodies.taking(request) as body:
                return await self._take(request, body)
        except BodyRefused as refused:
            return self._answer(refused.outcome, refused.status, str(refused), refused.headers)

    async def _take(self, request: web.Request, body: bytes) -> web.Response:
        source, topic = request.match_info["source"], request.match_info["topic"]
        signature = request.headers.get("X-Hub-Signature", "")
        if not websub.signed(websub.secret_of(self._own.key, source, topic), body, signature):
            self._metrics.calls.labels("unsigned").inc()
            return web.Response(status=202)
        known = source, topic, signature.partition("=")[2].strip().lower()
        if known in self._taken:
            self._metrics.calls.labels("repeated").inc()
            return web.Response(status=202)
        kind = request.headers.get(hdrs.CONTENT_TYPE, "")
        pushed = requests.pushed_request(source, datetime.now(UTC), body, kind, signature[-8:])
        try:
            await self._send(request, pushed)
        except BrokerError:
            return self._answer("unavailable", 503, NOT_TAKEN)
        self._taken[known] = None
        if len(self._taken) > MOST_KNOWN:
            self._taken.popitem(last=False)
        self._metrics.calls.labels("taken").inc()
        return web.Response(status=202)

    def _ours(self, request: web.Request) -> bool:
        """Return whether an address was made with our key."""
        domain, source, topic, token = (request.match_info[name] for name in ("domain", "source", "topic", "token"))
        wanted = websub.token_of(self._own.key, domain, source, topic)
        return hmac.compare_digest(wanted.encode(), token.encode("utf-8", "replace"))

    def _answer(
        self, outcome: Outcome, status: int, message: str, headers: dict[str, str] | None = None
    ) -> web.Response:
        self._metrics.calls.labels(outcome).inc()
        return problem(status, message, headers)

    async def _send(self, call: web.Request, request: Request) -> None:
        """Send a request to the worker that has the source's domain. Raises `BrokerError`."""
        await self._bodies.send([Output(FETCHES, call.match_info["domain"], requests.pack(request), request.id)])
