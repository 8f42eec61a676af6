"""The watches over HTTP: `/watches`, and each watch, or all of them, as RSS, as Atom and as server-sent events.

    /watches                        names, counts and links (JSON)
    /watches/NAME.rss               RSS 2.0          /watches.rss      all watches; ?watch=NAME for some of them
    /watches/NAME.atom              Atom 1.0         /watches.atom
    /watches/NAME/events            events           /watches/events

Where the setting `feeds.token` is set, every one of them needs it (`wirewatch.http.guards`).
"""

import asyncio
import socket
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256

import orjson
from aiohttp import ETag, hdrs, web
from aiohttp_sse import EventSourceResponse

from streams.metrics import Metrics
from streams.records import Alert, decode, utc
from wirewatch.http import connections
from wirewatch.http.answers import pack
from wirewatch.http.feeds.alert_feed import AlertFeed, KeptAlert
from wirewatch.http.feeds.documents import Channel, atom, rss
from wirewatch.http.feeds.metrics import FeedMetrics
from wirewatch.http.feeds.settings import FeedSettings
from wirewatch.http.guards import MAX_PATH_SHOWN, Handler
from wirewatch.http.refusals import problem

HEARTBEAT_SECONDS = 15.0
#: What a reader's program waits before it connects again.
RECONNECT_MS = 3_000
#: A reader that takes nothing for so long is cut off; it comes back with the id of its last alert.
PATIENCE_SECONDS = 30.0
#: Bytes of a stream that the kernel holds for a slow reader (it doubles the figure); otherwise it grows to megabytes.
SEND_BUFFER_BYTES = 64 << 10
MAX_STREAMS = 1_000
#: Most feed documents that are kept.
MAX_DOCUMENTS = 64
#: Most bytes of them.
MAX_DOCUMENT_BYTES = 16 << 20
#: Unknown watches that an error names.
MAX_NAMED = 10
#: A request that comes while alerts are still read back waits for so long.
READY_SECONDS = 10.0
TOO_EARLY_RETRY_SECONDS = "5"
WRITERS = {"rss": (rss, "application/rss+xml"), "atom": (atom, "application/atom+xml")}


class FeedRoutes:
    """Answers from an `AlertFeed`."""

    def __init__(
        self,
        feed: AlertFeed,
        settings: FeedSettings,
        metrics: Metrics,
        *,
        patience_seconds: float = PATIENCE_SECONDS,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        ready_seconds: float = READY_SECONDS,
    ) -> None:
        self.feed = feed
        self._entries = settings.entries
        self._private = bool(settings.token)
        self._documents = Documents()
        self._metrics = metrics[FeedMetrics]
        self._patience = patience_seconds
        self._heartbeat = heartbeat_seconds
        self._ready = ready_seconds
        self._streams: set[EventSourceResponse] = set()
        self._closing = False

    def add_to(self, app: web.Application) -> None:
        """Add the routes, and end the streams when the server stops."""
        routes: dict[str, Handler] = {
            "/watches": self.index,
            "/watches.{format:rss|atom}": self.document,
            "/watches/{name}.{format:rss|atom}": self.document,
        }
        for path, handler in routes.items():
            app.router.add_get(path, self._when_ready(handler))
        for path in ("/watches/events", "/watches/{name}/events"):
            app.router.add_get(path, self._when_ready(self.events), allow_head=False)
        app.router.add_get("/watches/{name:.*}", self._when_ready(self.elsewhere))
        app.on_shutdown.append(self._close)

    async def _close(self, _: web.Application) -> None:
        self._closing = True
        self.feed.wake()

    def _when_ready(self, handler: Handler) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                await asyncio.wait_for(self.feed.ready.wait(), self._ready)
            except TimeoutError:
                return problem(
                    503,
                    f"no alerts yet: {self.feed.waits_for}; try again in a few seconds",
                    {hdrs.RETRY_AFTER: TOO_EARLY_RETRY_SECONDS},
                )
            return await handler(request)

        return answer

    # -- documents

    async def index(self, request: web.Request) -> web.Response:
        """Return the watches with the number of their alerts and the addresses of their feeds."""
        watches = []
        for name in self.feed.names():
            last = next(iter(self.feed.latest([name], 1)), None)
            watches.append(
                {
                    "name": name,
                    "severity": self.feed.in_force.get(name) or (last.severity if last else None),
                    "in_force": name in self.feed.in_force,
                    "alerts": self.feed.count(name),
                    "latest": {"id": last.id, "raised_at": utc(last.raised_at)} if last else None,
                    "links": links(f"/watches/{name}"),
                }
            )
        body = {"watches": watches, "waits_for": self.feed.waits_for, "links": links("/watches")}
        return self._cacheable(web.json_response(body, dumps=lambda b: orjson.dumps(b).decode()))

    async def document(self, request: web.Request) -> web.StreamResponse:
        """Return a watch's alerts, or those of all, as RSS or Atom; 304 where nothing came since the last request."""
        watches = self._watches(request)
        kept = newest_first(self.feed.latest(watches, self._entries))
        write, content_type = WRITERS[request.match_info["format"]]
        site = f"{request.scheme}://{request.host}"
        tag = ETag(
            sha256("\n".join([site, request.path, *(k.id for k in kept)]).encode()).hexdigest()[:32], is_weak=True
        )
        changed = self.feed.changed_at
        response = web.Response(content_type=content_type, charset="utf-8")
        self._cacheable(response)
        response.etag = tag
        # Dates have whole seconds: one that is not over yet cannot say that nothing came.
        if datetime.now(UTC) - changed > timedelta(seconds=2):
            response.last_modified = changed
        if is_unchanged(request, tag, response.last_modified):
            response.set_status(304)
            return response
        name = request.match_info.get("name")
        channel = Channel(
            title=f"wirewatch: {name or 'all watches'}",
            site=site,
            path=request.path,
            updated=kept[0].raised_at if kept else changed,
            watch=name,
        )
        response.body = await self._documents.get(tag.value, partial(written, write, channel, kept))
        pack(request, response)
        return response

    async def elsewhere(self, request: web.Request) -> web.Response:
        """Return 404 with the addresses that exist."""
        return problem(
            404, f"nothing is at {request.path[:MAX_PATH_SHOWN]}; {AT_A_WATCH}, and /watches lists the watches"
        )

    def _cacheable(self, response: web.Response) -> web.Response:
        """Let caches keep an answer if they ask each time whether it still holds; with a token, the reader's own only."""
        response.headers[hdrs.CACHE_CONTROL] = "private, no-cache" if self._private else "no-cache"
        response.headers[hdrs.VARY] = "Authorization, Accept-Encoding" if self._private else "Accept-Encoding"
        return response

    def _watches(self, request: web.Request) -> list[str] | None:
        """Return the watches that a request is about, None for all; raise 404 for one that is not known."""
        name = request.match_info.get("name")
        asked = [name] if name is not None else list(dict.fromkeys(request.query.getall("watch", [])))
        unknown = [watch[:MAX_PATH_SHOWN] for watch in asked if not self.feed.knows(watch)][:MAX_NAMED]
        if unknown:
            raise problem_raised(
                404,
                f"no watch called {', '.join(unknown)} is in force or has raised an alert lately: "
                "/watches lists those that there are; `wirewatch watches put` makes one",
            )
        return asked or None

    # -- events

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Send alerts as they come, after those that a reader has missed since its `Last-Event-ID`."""
        watches = self._watches(request)
        if len(self._streams) >= MAX_STREAMS:
            return problem(503, f"{MAX_STREAMS} readers are connected: no more fit", {hdrs.RETRY_AFTER: "30"})
        if (transport := request.transport) is not None and (sock := transport.get_extra_info("socket")) is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        response = EventSourceResponse(ping_interval=self._heartbeat, send_timeout=self._patience, sep="\n")
        number, reported = self._start(request, watches)
        connections.stream(request)
        await response.prepare(request)
        self._streams.add(response)
        self._metrics.connections.set(len(self._streams))
        try:
            async with response:
                await response.write(f"retry: {RECONNECT_MS}\n\n".encode())
                await self._send(response, number, reported, watches)
        except (TimeoutError, ConnectionResetError):
            pass  # cut off, or gone
        finally:
            self._streams.discard(response)
            self._metrics.connections.set(len(self._streams))
        return response

    def _start(self, request: web.Request, watches: Sequence[str] | None) -> tuple[int, int]:
        """Return the number after which a reader is to be sent alerts, and the highest forgotten one that it knows of.

        Without an id it gets what comes from now on, with `?replay=N` also the N newest that are kept.
        """
        last = request.headers.get("Last-Event-ID") or request.query.get("last_event_id")
        if last:
            number = self.feed.number_of(last)
            return (0, -1) if number is None else (number, 0)
        replay = request.query.get("replay", "0")
        if not replay.isdecimal() or len(replay) > 6:
            raise problem_raised(400, f"replay={replay[:20]}: a number of alerts is needed")
        kept = self.feed.latest(watches, int(replay))
        return (kept[-1].number - 1 if kept else self.feed.newest), self.feed.newest

    async def _send(
        self, response: EventSourceResponse, number: int, reported: int, watches: Sequence[str] | None
    ) -> None:
        """Send the alerts after a number until the server stops or the reader has gone.

        `reported` is the highest forgotten number that a reader knows of, -1 where a gap is to be reported in any case.
        """
        while not self._closing and response.is_connected():
            changed = self.feed.changed  # before looking: what comes meanwhile sets it
            forgotten = self.feed.forgotten(watches)
            if forgotten > max(number, reported) or reported < 0:
                await response.send(GAP, event="gap")
                reported = forgotten
            coming = self.feed.after(number, watches)
            for each in coming:
                kept = self.feed.get(each)
                if kept is None:  # forgotten while the reader was slow: say so before going on
                    break
                await self._send_one(response, kept)
                number = each
            if not coming:
                await changed.wait()

    async def _send_one(self, response: EventSourceResponse, kept: KeptAlert) -> None:
        """Send an alert; count a reader that is cut off because it does not take it, by aiohttp-sse or by the kernel."""
        try:
            await response.send(kept.value.decode(), id=kept.id, event="alert")
        except (TimeoutError, asyncio.CancelledError):
            self._metrics.disconnects.inc()
            raise


class Documents:
    """The feed documents that were written last, by their tag: many readers of one feed cost one document."""

    def __init__(self, count: int = MAX_DOCUMENTS, max_bytes: int = MAX_DOCUMENT_BYTES) -> None:
        self._count = count
        self._max_bytes = max_bytes
        self._written: OrderedDict[str, bytes] = OrderedDict()

    async def get(self, tag: str, write: Callable[[], bytes]) -> bytes:
        """Return a document, written in a thread where it is not here."""
        if tag not in self._written:
            self._written[tag] = await asyncio.to_thread(write)
        self._written.move_to_end(tag)
        found = self._written[tag]
        while len(self._written) > self._count or sum(map(len, self._written.values())) > self._max_bytes:
            self._written.popitem(last=False)
        return found


AT_A_WATCH = "a watch has /watches/NAME.rss, /watches/NAME.atom and /watches/NAME/events"
GAP = orjson.dumps(
    {"gap": True, "message": "alerts before the next one may be missing: the worker no longer has them"}
).decode()


def written(write: Callable[[Channel, Sequence[Alert]], bytes], channel: Channel, kept: Sequence[KeptAlert]) -> bytes:
    """Return a feed's document."""
    return write(channel, [decode(k.value, Alert) for k in kept])


def newest_first(kept: Sequence[KeptAlert]) -> list[KeptAlert]:
    """Return alerts by when they were raised, so that all workers show one order."""
    return sorted(kept, key=lambda k: (k.raised_at, k.id), reverse=True)


def is_unchanged(request: web.Request, tag: ETag, changed: datetime | None) -> bool:
    """Say whether a conditional request may be answered with 304: by the tag where it has one, else by the date."""
    if request.if_none_match is not None:
        return any(given.value in (tag.value, "*") for given in request.if_none_match)
    since = request.if_modified_since
    return since is not None and changed is not None and changed.replace(microsecond=0) <= since


def links(path: str) -> dict[str, str]:
    """Return the addresses of the feeds under a path."""
    return {"rss": f"{path}.rss", "atom": f"{path}.atom", "events": f"{path}/events"}


def problem_raised(status: int, message: str) -> web.HTTPException:
    """Return the same, to be raised."""
    kind = {400: web.HTTPBadRequest, 404: web.HTTPNotFound}[status]
    return kind(text=orjson.dumps({"error": message}).decode(), content_type="application/json")
