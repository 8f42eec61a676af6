"""A publisher's side of polling: a real HTTP server on loopback that logs each request, and a clock that tests move."""

import asyncio
import heapq
import itertools
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from prometheus_client import CollectorRegistry

from agents.fetch.asking import requests
from agents.fetch.asking.asker import Asker, Heard
from agents.fetch.asking.client import Client, Guard
from agents.fetch.asking.domains import domain_of, partition_of
from agents.fetch.asking.opening import open_agenda
from agents.fetch.asking.requests import Request
from agents.fetch.metrics import FetchMetrics
from agents.fetch.polling.partitions import Partitions
from agents.fetch.polling.poller import Poller
from agents.fetch.polling.store import Store
from agents.fetch.polling.taking import Taking
from agents.fetch.polling.turns import TurnsElsewhere
from agents.fetch.polling.workplace import Workplace
from agents.fetch.settings import FetchSettings, WebSubSettings
from streams.records import Dead, Health, Raw, Source, encode
from streams.topics import FETCHES, POLLS
from streams.work import Failure, Success, run_chunk

#: 2026-01-05 was a Monday.
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC).timestamp()
DAY = 86_400.0


class MovedClock:
    """A clock that stands still until a test moves it; who sleeps on it wakes when it gets there."""

    def __init__(self, now: float = NOON) -> None:
        self._now = now
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    def now(self) -> float:
        """Return the time in epoch seconds."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Return when the clock has been moved on by so much."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._numbers), future))
        await future

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Return when the event is set; a test turns the poller itself."""
        await event.wait()

    @property
    def sleeping(self) -> int:
        """How many sleep."""
        return sum(not future.done() for _, _, future in self._sleepers)

    def next_at(self) -> float | None:
        """Return when the next sleeper wakes."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    def set(self, now: float) -> None:
        """Move the clock; who slept until then wakes."""
        self._now = max(self._now, now)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            future = heapq.heappop(self._sleepers)[2]
            if not future.done():
                future.set_result(None)


class SystemTime:
    """The machine's clock, for a server that a worker in another process polls."""

    def now(self) -> float:
        """Return the time in epoch seconds."""
        return time.time()


class Visit(NamedTuple):
    """One request, as the server's log has it: `at` by the test's clock, header names in lower case."""

    at: float
    host: str
    path: str
    headers: Mapping[str, str]


Handler = Callable[[web.Request], Awaitable[web.StreamResponse] | web.StreamResponse]


class Newsstand:
    """An HTTP server that is every host of the tests; `pages[(host, path)]` or `pages[path]` answers."""

    def __init__(self, clock: MovedClock | SystemTime, addresses: Sequence[str] = ("127.0.0.1",)) -> None:
        self._clock = clock
        self._addresses = addresses
        self.pages: dict[Any, Handler | web.Response] = {}
        self.log: list[Visit] = []
        self.default: Handler | None = None
        self._runner = web.ServerRunner(web.Server(self._take), shutdown_timeout=1.0)
        self.port = 0

    @property
    def clock(self) -> MovedClock:
        """The clock that a test moves."""
        assert isinstance(self._clock, MovedClock)
        return self._clock

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        for address in self._addresses:
            await web.TCPSite(self._runner, address, self.port, backlog=1024).start()
            self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    def url(self, path: str = "/feed", host: str = "a.example") -> str:
        """Return the address of a path at a host of ours."""
        return f"http://{host}:{self.port}{path}"

    def visits(self, path: str = "", host: str = "") -> list[Visit]:
        """Return the log's lines for a path, for a host, or all."""
        return [v for v in self.log if (not path or v.path == path) and (not host or v.host == host)]

    def gaps(self) -> dict[str, float]:
        """Return the shortest time between two requests, by registrable domain."""
        times: dict[str, list[float]] = {}
        for visit in self.log:
            times.setdefault(domain_of(f"http://{visit.host}/"), []).append(visit.at)
        return {
            domain: min((b - a for a, b in itertools.pairwise(sorted(at))), default=float("inf"))
            for domain, at in times.items()
        }

    async def _take(self, request: web.BaseRequest) -> web.StreamResponse:
        host = request.host.partition(":")[0]
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.log.append(Visit(self._clock.now(), host, request.path_qs, headers))
        found = self.pages.get((host, request.path)) or self.pages.get(request.path) or self.default
        if found is None:
            return web.Response(status=404)
        answer = found if isinstance(found, web.Response) else found(request)  # type: ignore[arg-type]
        if isinstance(answer, Awaitable) and not isinstance(answer, web.StreamResponse):
            answer = await answer
        if isinstance(answer, web.Response):  # an answer is good for one request
            return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
        return answer


class Everywhere(AbstractResolver):
    """A resolver by which every name is 127.0.0.1."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        """Return the one address."""
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=2, proto=6, flags=4)]

    async def close(self) -> None:
        """Do nothing."""


class Threads:
    """A pool whose children are threads: readings are the same, without processes to start."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(1)

    async def run(
        self, work: Callable[[Any], Any], tasks: Sequence[Any], timeout_seconds: float
    ) -> list[Success[Any] | Failure]:
        """Return a result for each task."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, run_chunk, work, list(tasks))

    async def stop(self) -> None:
        """End the thread."""
        self._threads.shutdown(wait=False)


@dataclass
class Topics:
    """The records that were written, in order, and those that compaction leaves; a request is taken as the step takes it."""

    published: list[tuple[str, str, Any]] = field(default_factory=list)
    states: dict[str, bytes] = field(default_factory=dict)
    poller: Poller | None = None
    taking: Taking | None = None
    #: raises where a test wants the worker to die: with the number of publications so far
    before: Callable[[int], None] = lambda number: None
    number: int = 0

    async def publish(self, changes: Sequence[Any], outputs: Sequence[tuple[Any, Any]]) -> None:
        """Write changes, then outputs."""
        self.number += 1
        self.before(self.number)
        for change in changes:
            assert change.topic is POLLS
            self.states.pop(change.key, None)
            if change.value is not None:
                self.states[change.key] = change.value
        for output, _ in outputs:
            self.published.append((output.topic.name, output.event_id, output.record))
            if output.topic is FETCHES:
                self._take(output.record)

    def _take(self, value: bytes) -> None:
        """Settle a request as the step does."""
        assert self.taking is not None
        assert self.poller is not None
        request = requests.unpack(value)
        if request.kind != "entry":
            self.poller.said(request)
            return
        taken = self.taking.take(request)
        for output in taken.outputs:
            self.published.append((output.topic.name, output.event_id, output.record))
        if taken.page:
            self.states[f"p:{request.key}"] = value
            self.poller.page_waits(request.key, value)

    def records(self, kind: type[Any]) -> list[Any]:
        """Return the records of a type, in order."""
        return [record for _, _, record in self.published if isinstance(record, kind)]

    @property
    def raw(self) -> list[Raw]:
        """The raw messages, in order."""
        return self.records(Raw)

    @property
    def dead(self) -> list[Dead]:
        """The dead letters, in order."""
        return self.records(Dead)

    @property
    def requests(self) -> list[Request]:
        """The requests, in order."""
        return [requests.unpack(record) for topic, _, record in self.published if topic == FETCHES.name]

    def health(self) -> list[tuple[str, str, str]]:
        """Return the changes of health: source, from, to."""
        return [(r.source, r.was, r.to) for r in self.records(Health)]

    def ids(self, topic: str) -> Counter[str]:
        """Return how often each event id was written to a topic."""
        return Counter(event for name, event, _ in self.published if name == topic)


class Bench:
    """A poller against a newsstand: put sources, move the clock, read the log."""

    def __init__(
        self, stand: Newsstand, topics: Topics | None = None, websub: WebSubSettings | None = None, **settings: Any
    ) -> None:
        self.stand, self.clock = stand, stand.clock
        self.topics = topics or Topics()
        given: dict[str, Any] = {
            "contact": "https://desk.example/bot",
            "allow_private": ["127.0.0.0/8"],
            "first_poll_seconds": 0.0,
        }
        given |= {"address_parallel": 0, "address_delay_seconds": 0.0, "timeout_seconds": 10.0}
        self.settings = FetchSettings(**(given | settings))
        self.metrics = FetchMetrics(CollectorRegistry())
        self.store = Store()
        for key, value in self.topics.states.items():
            self.store.restore(key, value)
        self.agenda = open_agenda(self.settings)
        self.client = Client(
            Guard(self.settings.contact, self.settings.allow_private),
            timeout_seconds=self.settings.timeout_seconds,
            resolver=Everywhere(),
        )
        self.partitions = Partitions(self.store, self._count)
        place = Workplace(self.store, self.partitions, self.topics.publish, self.metrics, self.clock)
        self.poller = Poller(
            place, self._asker, self.agenda, self.settings, websub or WebSubSettings(), random.Random(7)
        )
        self.topics.poller = self.poller
        self.topics.taking = Taking(self.settings, self.agenda)
        self.number = 4

    def _asker(self, turns: TurnsElsewhere, heard: Heard) -> Asker:
        return Asker(self.client, self.agenda, Threads(), self.clock, self.metrics, turns=turns, heard=heard)

    async def _count(self) -> int:
        return self.number

    async def start(self, *partitions: int) -> Self:
        """Give the poller its partitions, all of them by default."""
        await self.poller.prepare()
        for partition in partitions or range(self.number):
            self.poller.resume(partition)
        await self.poller.turn()
        return self

    async def put(self, name: str = "a", url: str = "", **fields: Any) -> None:
        """Put a source into force."""
        added = fields.pop("added_at", datetime.fromtimestamp(self.clock.now(), UTC))
        source = Source(name=name, url=url or self.stand.url(), added_at=added, **fields)
        if self.store.take_source(name, encode(source)):
            self.poller.source_changed(name)

    async def run(self, seconds: float) -> None:
        """Move the clock on by so much, with everything done in between when it is due."""
        end = self.clock.now() + seconds
        while True:
            await self.poller.turn()
            await self._quiet()
            due = [at for at in (self.agenda.next_at(), self.clock.next_at()) if at is not None]
            if not due or min(due) > end:
                break
            self.clock.set(max(min(due), self.clock.now() + 0.001))
        self.clock.set(end)
        await self.poller.turn()
        await self._quiet()

    async def _quiet(self) -> None:
        """Wait until nothing happens without the clock."""
        while self.poller.underway > self.clock.sleeping:
            await asyncio.sleep(0.0005)
        await asyncio.sleep(0)

    async def close(self) -> None:
        """End the poller."""
        closing = asyncio.ensure_future(self.poller.close())
        while not closing.done():
            await asyncio.sleep(0.001)
        await closing

    def state(self, name: str = "a") -> Any:
        """Return a source's state."""
        return self.store.state(name)


def rss(items: Sequence[str], **channel: str) -> bytes:
    """Return an RSS document of items, each XML already."""
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in channel.items())
    return f'<rss version="2.0"><channel><title>A</title>{fields}{"".join(items)}</channel></rss>'.encode()


def item(number: int, at: float | None = None, text: str = "", link: str = "", guid: str = "") -> str:
    """Return an item of an RSS document."""
    date = "" if at is None else f"<pubDate>{datetime.fromtimestamp(at, UTC):%a, %d %b %Y %H:%M:%S +0000}</pubDate>"
    link = link or f"http://a.example/{number}"
    body = text or f"Text of article {number}."
    id_ = f'<guid isPermaLink="false">{guid}</guid>' if guid else ""
    return (
        f"<item><title>Article {number}</title><link>{link}</link>{id_}{date}<description>{body}</description></item>"
    )


def feed(*items: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return a feed as an answer."""
    return web.Response(body=rss(items), headers={"Content-Type": "application/rss+xml", **(headers or {})})


def owner_of(url: str) -> int:
    """Return the partition that an address belongs to, of four."""
    return partition_of(domain_of(url), 4)
