"""`/api/v1/events`: the articles of any search as they are kept, as server-sent events.

One follower reads what arrives in the store, and tries each article on all searches that somebody follows, beside the
event loop. An event's id is the number of its arrival: a reader that comes back with `Last-Event-ID` gets what it has
missed, or an event `gap` where the store no longer knows.
"""

import asyncio
import logging
import socket
import time
from collections.abc import Sequence

import msgspec
import orjson
from aiohttp import hdrs, web
from aiohttp_sse import EventSourceResponse

from agents.archive.entries import unpacked
from agents.archive.store import ArticleRow, Store
from agents.watch.errors import QueryError
from agents.watch.matching.article import SearchableArticle
from streams.errors import WirewatchError
from streams.records import Tagged, decode
from wirewatch.history.search import Search
from wirewatch.http import connections
from wirewatch.http.history.answers import of_hit
from wirewatch.http.history.asking import BusyError, History
from wirewatch.http.history.parameters import ParameterError, query_of
from wirewatch.http.refusals import problem

logger = logging.getLogger("wirewatch.history")

#: Readers at the same time, and events that wait for a slow one: it is cut off then, and comes back with its last id.
MAX_STREAMS, MAX_WAITING = 200, 500
#: Arrivals that are read at once, and the seconds between two looks for more.
ARRIVALS_TOGETHER, LOOK_SECONDS = 200, 1.0
#: Seconds of work that one look for more may take, shared evenly among searches: one that is dear must not stop the others.
ROUND_SECONDS = 5.0
#: Each search tries an article at least. Where all together take longer than this, the last ones hear of a gap instead.
MOST_ROUND_SECONDS = 10.0
HEARTBEAT_SECONDS, PATIENCE_SECONDS, RECONNECT_MS = 15.0, 30.0, 3_000
#: Bytes of a stream that the kernel holds for a slow reader.
SEND_BUFFER_BYTES = 64 << 10
GAP = orjson.dumps({"gap": True, "message": "articles before the next one may be missing: search for them"}).decode()

#: An arrival's number, and its article as an event says it; or `GAP`, where arrivals up to that number were not tried.
Event = tuple[int, str]


class Stream:
    """One reader: its query, and the events that wait for it."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.waiting: asyncio.Queue[Event] = asyncio.Queue(MAX_WAITING)
        self.is_slow = False
        #: the follower has read on without trying this query
        self.is_behind = False

    def put(self, event: Event) -> None:
        """Let an event wait; a reader for whom too many wait is to be cut off."""
        try:
            self.waiting.put_nowait(event)
        except asyncio.QueueFull:
            self.is_slow = True


class EventRoute:
    """The route, and the one that follows the store while somebody reads."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._streams: set[Stream] = set()
        self._position = 0
        self._follower: asyncio.Task[None] | None = None
        self._closing = False

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Send articles as they are kept, after those that a reader has missed since its `Last-Event-ID`."""
        if len(self._streams) >= MAX_STREAMS:
            return problem(503, f"{MAX_STREAMS} readers are connected: no more fit", {hdrs.RETRY_AFTER: "30"})
        try:
            stream = Stream(query_of(request.query))
            last = last_id(request)
            first, newest = await self._history.ask(lambda store: (Search(store, stream.query), store.arrivals())[1])
        except (ParameterError, QueryError) as error:
            return problem(400, str(error))
        except WirewatchError as error:
            return problem(503, str(error), {hdrs.RETRY_AFTER: "5"})
        response = await opened(request)
        missing = last is not None and not first - 1 <= last <= newest
        position = newest if last is None or last > newest else max(last, first - 1)
        self._follow(stream, newest)
        try:
            async with response:
                await response.write(f"retry: {RECONNECT_MS}\n\n".encode())
                if missing:
                    await response.send(GAP, event="gap")
                position = await self._catch_up(response, stream, position)
                await self._send(response, stream, position)
        except (TimeoutError, ConnectionResetError, BusyError):
            pass  # cut off, or gone: it comes back with its last id
        finally:
            self._streams.discard(stream)
        return response

    async def close(self, _: web.Application) -> None:
        """End all streams."""
        self._closing = True
        if self._follower is not None:
            self._follower.cancel()

    def _follow(self, stream: Stream, newest: int) -> None:
        """Begin to follow the store for a reader; the first one starts the follower."""
        self._streams.add(stream)
        if self._follower is None or self._follower.done():
            self._position = newest
            self._follower = asyncio.create_task(self._run(), name="history events")

    async def _catch_up(self, response: EventSourceResponse, stream: Stream, position: int) -> int:
        """Send the events that a reader has missed, up to where the follower stands; return the last arrival's number."""
        while position < self._position and not self._closing:
            numbers, found = await self._history.ask(lambda store, at=position: arrived(store, at, [stream.query]))  # type: ignore[misc]
            if not numbers:
                return position
            for event in found[stream.query]:
                await tell(response, event)
            position = numbers[-1]
        return position

    async def _send(self, response: EventSourceResponse, stream: Stream, position: int) -> None:
        while response.is_connected() and not self._closing and not stream.is_slow:
            try:
                number, text = await asyncio.wait_for(stream.waiting.get(), 1.0)
            except TimeoutError:
                number, text = 0, ""
            if stream.is_behind:  # whatever waits came after what is to be caught up with
                stream.is_behind = False
                position = await self._catch_up(response, stream, position)
            if number > position:
                await tell(response, (number, text))

    async def _run(self) -> None:
        """Read the store's news, for as long as somebody reads."""
        while self._streams:
            served = set(self._streams)
            queries = sorted({stream.query for stream in served})
            try:
                numbers, found = await self._history.ask(lambda store, q=queries: arrived(store, self._position, q))  # type: ignore[misc]
            except WirewatchError as error:
                logger.warning("events of the history wait: %s", error)
                numbers, found = [], {}
            for stream in self._streams & served:
                for event in found.get(stream.query, ()):
                    stream.put(event)
            if numbers:
                self._position = numbers[-1]
                for stream in self._streams - served:
                    stream.is_behind = True
            if len(numbers) < ARRIVALS_TOGETHER:
                await asyncio.sleep(LOOK_SECONDS)


def arrived(store: Store, after: int, queries: Sequence[str]) -> tuple[list[int], dict[str, list[Event]]]:
    """Return the numbers of the next arrivals, and for each query the events of those that match."""
    rows = [(number, row, searchable(row)) for number, row in store.arrived(after, ARRIVALS_TOGETHER)]
    seconds = ROUND_SECONDS / max(1, len(queries))
    found: dict[str, list[Event]] = {}
    begun = time.thread_time()
    for query in queries if rows else ():
        late = time.thread_time() - begun > MOST_ROUND_SECONDS
        found[query] = [(rows[-1][0], GAP)] if late else events_of(Search(store, query), rows, seconds)
    return [number for number, _, _ in rows], found


def events_of(search: Search, rows: Sequence[tuple[int, ArticleRow, SearchableArticle]], seconds: float) -> list[Event]:
    """Return the events of the arrivals that a search matches; a gap behind them where it takes longer than it may."""
    found: list[Event] = []
    begun = time.thread_time()
    for number, row, article in rows:
        if (hit := search.try_on(row, article)) is not None:
            found.append((number, msgspec.json.encode(of_hit(hit)).decode()))
        if number != rows[-1][0] and time.thread_time() - begun > seconds:
            return [*found, (rows[-1][0], GAP)]
    return found


async def tell(response: EventSourceResponse, event: Event) -> None:
    """Send an event."""
    await response.send(event[1], id=str(event[0]), event="gap" if event[1] is GAP else "article")


def searchable(row: ArticleRow) -> SearchableArticle:
    """Return a kept article as searches see it."""
    return SearchableArticle(decode(unpacked(row.record), Tagged))


def last_id(request: web.Request) -> int | None:
    """Return the id of the last event that a reader has. Raises `ParameterError` for one that is none."""
    given = request.headers.get("Last-Event-ID") or request.query.get("last_event_id")
    if not given:
        return None
    if not given.isascii() or not given.isdecimal() or len(given) > 18:
        raise ParameterError("Last-Event-ID: the id of an event of this stream")
    return int(given)


async def opened(request: web.Request) -> EventSourceResponse:
    """Return a stream to which events can be sent."""
    if (transport := request.transport) is not None and (sock := transport.get_extra_info("socket")) is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    response = EventSourceResponse(ping_interval=HEARTBEAT_SECONDS, send_timeout=PATIENCE_SECONDS, sep="\n")
    connections.stream(request)
    await response.prepare(request)
    return response
