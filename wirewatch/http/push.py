"""`POST /push`: news from programs of one's own, JSON lines of raw records or a page.

202   every record that was taken is on Kafka, with its ids; records that are none are named beside them
400   nothing of it is a record
401   `push.token` is not set, or the request does not bring it
413   larger than one raw message may be
415   neither JSON lines nor a page
429   too much is on its way to Kafka: again after `Retry-After`
503   Kafka does not take it
"""

import asyncio
import hmac
from datetime import UTC, datetime
from typing import Any, Literal

import orjson
from aiohttp import hdrs, web
from prometheus_client import CollectorRegistry, Counter

from agents.fetch.files.pushed import LINE_TYPES, PAGE_TYPES, Pushed, read_push
from streams import ids
from streams.errors import BrokerError
from streams.events import header_list
from streams.records import Raw, encode
from streams.settings import Settings
from streams.topics import MAX_RAW_BYTES, RAW
from wirewatch.http.guards import problem
from wirewatch.http.posted import PostedBodies
from wirewatch.http.push_settings import PushSettings

PATH = "/push"
RETRY_SECONDS = 5
Outcome = Literal["taken", "refused", "token", "full", "too_large", "unavailable"]


class PushMetrics:
    """Pushed records by outcome."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.records = Counter(
            "wirewatch_push",
            "Pushes: records taken and refused; requests refused: token, full, too_large, unavailable",
            ["outcome"],
            registry=registry,
        )
        for outcome in ("taken", "refused", "token", "full", "too_large", "unavailable"):
            self.records.labels(outcome)


class Push:
    """The route, and the producer that it starts when first something is pushed."""

    def __init__(self, settings: Settings, metrics: PushMetrics) -> None:
        self._own: PushSettings = settings[PushSettings]
        self._metrics = metrics
        self.bodies = PostedBodies(settings, MAX_RAW_BYTES, self._own.waiting_mib << 20)

    async def push(self, request: web.Request) -> web.Response:
        """Take pushed records."""
        if not self._admits(request):
            return self._refuse(
                "token", 401, "a push needs `Authorization: Bearer TOKEN`, with the setting push.token of this worker"
            )
        kind = request.content_type
        if kind not in LINE_TYPES and kind not in PAGE_TYPES:
            return self._refuse("refused", 415, f"{kind} is neither {LINE_TYPES[0]} nor text/html")
        size = self.bodies.size_of(request)
        if size > MAX_RAW_BYTES:
            return self._refuse("too_large", 413, f"{size} bytes; a push may have {MAX_RAW_BYTES}")
        if self.bodies.full(size):
            headers = {str(hdrs.RETRY_AFTER): str(RETRY_SECONDS)}
            return self._refuse("full", 429, "too much is on its way to Kafka: push it again later", headers)
        with self.bodies.room(size):
            return await self._take(request)

    def _admits(self, request: web.Request) -> bool:
        scheme, _, given = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), self._own.token.encode())
        return bool(self._own.token) and scheme.lower() == "bearer" and same

    def _refuse(
        self, outcome: Outcome, status: int, message: str, headers: dict[str, str] | None = None
    ) -> web.Response:
        self._metrics.records.labels(outcome).inc()
        return problem(status, message, headers)

    async def _take(self, request: web.Request) -> web.Response:
        body = await self.bodies.body(request)
        if body is None:
            return self._refuse("too_large", 413, f"over {MAX_RAW_BYTES} bytes")
        given = request.headers.get(hdrs.CONTENT_TYPE, "")
        url, source = request.query.get("url"), request.query.get("source")
        read = await asyncio.to_thread(read_push, body, given, datetime.now(UTC), url, source)
        try:
            taken = await asyncio.wait_for(self._send(read), self._own.timeout_seconds)
        except (BrokerError, TimeoutError) as error:
            return self._refuse("unavailable", 503, f"Kafka did not take it: {error or 'no answer in time'}")
        refused = [
            {"line": number, "reason": found.reason, "error": found.error}
            for number, found in read
            if not isinstance(found, Raw)
        ]
        self._metrics.records.labels("taken").inc(len(taken))
        self._metrics.records.labels("refused").inc(len(refused))
        answer = {"taken": taken, "refused": refused}
        status = 202 if taken else 400
        return web.Response(body=orjson.dumps(answer), status=status, content_type="application/json")

    async def _send(self, read: list[Pushed]) -> list[dict[str, Any]]:
        """Send the records; return their ids once all are confirmed."""
        producer = await self.bodies.producer()
        taken, sent = [], []
        for number, raw in read:
            if not isinstance(raw, Raw):
                continue
            article = ids.article_id(raw.url, raw.source, raw.title, raw.content)
            fetch = ids.fetch_id(article, raw.fetched_at)
            headers = header_list(fetch, "raw", "push")
            sent.append(await producer.send(RAW.name, encode(raw), key=article.encode(), headers=headers))
            taken.append({"line": number, "id": article, "fetch_id": fetch})
        await asyncio.gather(*sent)
        return taken
