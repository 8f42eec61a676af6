"""`POST /push`: news from programs of one's own, JSON lines of raw records or a page.

202   every record that was taken is on Kafka, with its ids; records that are none are named beside them
400   nothing of it is a record
401   `push.token` is not set, or the request does not bring it
413   larger than one raw message may be
415   neither JSON lines nor a page, or packed otherwise than by gzip or deflate
429   too much is on its way to Kafka: again after `Retry-After`
503   Kafka does not take it
"""

import asyncio
import hmac
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Literal

import orjson
from aiohttp import hdrs, web
from prometheus_client import CollectorRegistry, Counter

from agents.fetch.files.pushed import LINE_TYPES, PAGE_TYPES, Pushed, read_push
from streams import ids
from streams.errors import BrokerError, InvalidRecord
from streams.message import Output
from streams.settings import Settings
from streams.topics import MAX_RAW_BYTES, RAW
from wirewatch.http.posted import BodyRefused, PostedBodies
from wirewatch.http.push_settings import PushSettings
from wirewatch.http.refusals import problem

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
        self.bodies = PostedBodies(
            settings,
            "push",
            most_bytes=MAX_RAW_BYTES,
            waiting_bytes=self._own.waiting_mib << 20,
            retry_seconds=RETRY_SECONDS,
            send_seconds=self._own.timeout_seconds,
        )

    async def push(self, request: web.Request) -> web.Response:
        """Take pushed records."""
        if not self._admits(request):
            return self._refuse(
                "token", 401, "a push needs `Authorization: Bearer TOKEN`, with the setting push.token of this worker"
            )
        kind = request.content_type
        if kind not in LINE_TYPES and kind not in PAGE_TYPES:
            return self._refuse("refused", 415, f"{kind} is neither {LINE_TYPES[0]} nor text/html")
        try:
            async with self.bodies.taking(request) as body:
                return await self._take(request, body)
        except BodyRefused as refused:
            return self._refuse(refused.outcome, refused.status, str(refused), refused.headers)

    def _admits(self, request: web.Request) -> bool:
        scheme, _, given = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), self._own.token.encode())
        return bool(self._own.token) and scheme.lower() == "bearer" and same

    def _refuse(
        self, outcome: Outcome, status: int, message: str, headers: dict[str, str] | None = None
    ) -> web.Response:
        self._metrics.records.labels(outcome).inc()
        return problem(status, message, headers)

    async def _take(self, request: web.Request, body: bytes) -> web.Response:
        given = request.headers.get(hdrs.CONTENT_TYPE, "")
        url, source = request.query.get("url"), request.query.get("source")
        read = await asyncio.to_thread(
            lambda: list(messages_of(read_push(body, given, datetime.now(UTC), url, source)))
        )
        outputs = {line: message for line, message in read if isinstance(message, Output)}
        refusals = [(line, message) for line, message in read if not isinstance(message, Output)]
        try:
            await self.bodies.send(list(outputs.values()))
        except BrokerError as error:
            return self._refuse("unavailable", 503, str(error))
        self._metrics.records.labels("taken").inc(len(outputs))
        self._metrics.records.labels("refused").inc(len(refusals))
        answer = {
            "taken": [{"line": line, "id": each.key, "fetch_id": each.event_id} for line, each in outputs.items()],
            "refused": [{"line": line, "reason": each.reason, "error": each.error} for line, each in refusals],
        }
        status = 202 if outputs else 400
        return web.Response(body=orjson.dumps(answer), status=status, content_type="application/json")


def messages_of(pushed: Iterable[Pushed]) -> Iterator[tuple[int, Output | InvalidRecord]]:
    """Yield the message that each pushed record becomes, or why it is none, with its line."""
    for line, raw in pushed:
        if isinstance(raw, InvalidRecord):
            yield line, raw
            continue
        article = ids.article_id(raw.url, raw.source, raw.title, raw.content)
        output = Output(RAW, article, raw, ids.fetch_id(article, raw.fetched_at))
        excess = output.excess_bytes  # as JSON a text may take six times its bytes
        yield line, InvalidRecord("too_large", f"{excess} bytes more than a message may have") if excess else output
