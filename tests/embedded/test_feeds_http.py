"""The feeds over real HTTP, filled from a real broker: RSS, Atom, event streams, and who may read them."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Literal
from xml.etree import ElementTree as ET

import feedparser
import orjson
import pytest
from aiohttp import ClientResponse, ClientSession
from aiokafka import AIOKafkaProducer

from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.records import Delivery, WatchRecord, encode
from streams.settings import Settings
from streams.topics import ALERTS, DELIVERIES, WATCHES
from tests.support.alerts import alert, alert_ids, events, put
from wirewatch.http.feeds import routes
from wirewatch.http.feeds.metrics import FeedMetrics
from wirewatch.http.feeds.routes import FeedRoutes
from wirewatch.http.feeds.settings import FeedSettings
from wirewatch.http.server import WebApp, serving
from wirewatch.metrics import new_metrics
from wirewatch.service import Service


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    """A broker of the test's own, without topics."""
    with EmbeddedBroker(topics=()) as running:
        yield running


@pytest.fixture
def on_broker(settings: Settings, broker: EmbeddedBroker) -> Settings:
    """Settings that lead to it."""
    settings.kafka.bootstrap = broker.bootstrap
    settings.worker.http_port = 0
    settings.worker.fetch_wait_seconds = 0.05
    return settings


@pytest.fixture
async def producer(on_broker: Settings, broker: EmbeddedBroker) -> AsyncIterator[AIOKafkaProducer]:
    """A producer; the topics are there."""
    for topic in (ALERTS, DELIVERIES, WATCHES):
        broker.make(topic.name)
    async with producing(on_broker.kafka) as started:
        yield started


class Worker:
    """A worker's HTTP server without steps."""

    def __init__(self, web_app: WebApp, session: ClientSession) -> None:
        self.web_app = web_app
        self.session = session

    async def get(self, path: str, **headers: str) -> ClientResponse:
        """Return an answer, read to its end."""
        response = await self.session.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        await response.read()
        return response

    @asynccontextmanager
    async def stream(self, path: str, **headers: str) -> AsyncIterator[ClientResponse]:
        """Give an open event stream, past its first line."""
        given = {k.replace("_", "-"): v for k, v in headers.items()}
        async with self.session.get(path, headers=given) as response:
            assert response.status == 200, await response.text()
            yield response

    async def has(self, count: int) -> None:
        """Wait until so many alerts are kept."""
        feed = self.web_app.feed
        while len(feed) < count:
            changed = feed.changed
            if len(feed) < count:
                await asyncio.wait_for(changed.wait(), 20)


@asynccontextmanager
async def running(settings: Settings, **limits: float) -> AsyncIterator[Worker]:
    """Give a worker that has read back all alerts."""
    service = Service(settings, [], new_metrics())
    web_app = WebApp(service)
    web_app.feed_routes = FeedRoutes(web_app.feed, settings[FeedSettings], service.metrics, **limits)
    async with serving(web_app) as address, ClientSession(address, read_bufsize=1 << 20) as session:
        await asyncio.wait_for(web_app.feed.ready.wait(), 20)
        yield Worker(web_app, session)


async def test_alerts_before_the_start_are_read_back(on_broker: Settings, producer: AIOKafkaProducer) -> None:
    """A worker shows alerts from before its start, in order of raising, within `feeds.hours`."""
    old = alert(-3 * 3600)
    await put(producer, alert(3), alert(1), old, alert(2), alert(1))
    on_broker[FeedSettings].hours = 2.0
    async with running(on_broker) as worker:
        document = feedparser.parse(await (await worker.get("/watches/port-strikes.rss")).read())
    assert [e.title.split()[-1] for e in document.entries] == ["3", "2", "1"]


@pytest.mark.parametrize("form", ["rss", "atom"])
async def test_a_feed_holds_what_a_reader_needs(on_broker: Settings, producer: AIOKafkaProducer, form: str) -> None:
    """Title, link, id, time, source, categories and the marked words arrive in a feed reader; nothing is malformed."""
    sent = alert(1, severity="critical")
    await put(producer, sent)
    async with running(on_broker) as worker:
        answer = await worker.get(f"/watches/port-strikes.{form}")
        assert answer.headers["Content-Type"] == f"application/{form}+xml; charset=utf-8"
        body = await answer.read()
    document = feedparser.parse(body, sanitize_html=False)
    assert not document.bozo, document.bozo_exception
    assert document.version == {"rss": "rss20", "atom": "atom10"}[form]
    (entry,) = document.entries
    assert entry.id == f"urn:wirewatch:alert:{sent.id}"
    assert entry.title == f"CRITICAL: {sent.article.title}"
    assert entry.link == "https://paper.example/1?a=1&b=%C3%A9"
    assert entry.published_parsed[:6] == sent.raised_at.timetuple()[:6]
    assert entry.author == "paper.example"
    assert entry.source.title == "paper.example"
    assert {tag.label or tag.term for tag in entry.tags} == {
        *("FR", "FR-BRE", "France", "Bretagne", "economy, business and finance")
    }
    html = entry.content[0].value if form == "atom" else entry.description
    assert re.findall(r"<mark><b>(.*?)</b></mark>", html) == ["strike", "port"]
    assert "The &lt;b&gt;strike&lt;/b&gt; in" in html
    careful = feedparser.parse(body).entries[0]  # as most readers do, it strips what it does not know
    assert "<b>port</b>" in (careful.content[0].value if form == "atom" else careful.description)


async def test_conditional_get(on_broker: Settings, producer: AIOKafkaProducer) -> None:
    """A reader that has all is answered with 304 and nothing else; a new alert changes the tag."""
    await put(producer, alert(1))
    async with running(on_broker) as worker:
        first = await worker.get("/watches.atom")
        tag = first.headers["ETag"]
        assert first.headers["Cache-Control"] == "no-cache"
        again = await worker.get("/watches.atom", If_None_Match=tag)
        assert (again.status, await again.read()) == (304, b"")
        assert again.headers["ETag"] == tag
        await put(producer, alert(2))
        await worker.has(2)
        assert (await worker.get("/watches.atom", If_None_Match=tag)).status == 200


async def test_index_lists_watches(on_broker: Settings, producer: AIOKafkaProducer) -> None:
    """Watches that have raised something and those that are only in force are listed with their links."""
    await put(producer, alert(1), alert(2))
    quiet = WatchRecord(name="quiet", query="silence", severity="info")
    await producer.send_and_wait(WATCHES.name, encode(quiet), key=b"quiet", partition=0)
    async with running(on_broker) as worker:
        listed = orjson.loads(await (await worker.get("/watches")).read())["watches"]
        assert [(w["name"], w["alerts"], w["in_force"]) for w in listed] == [
            ("port-strikes", 2, False),
            ("quiet", 0, True),
        ]
        for link in ("rss", "atom"):
            assert (await worker.get(listed[1]["links"][link])).status == 200


@pytest.mark.parametrize(
    "path", ["/watches/none.rss", "/watches/none.atom", "/watches/none/events", "/watches.rss?watch=none", "/watches/x"]
)
async def test_unknown_watch(on_broker: Settings, producer: AIOKafkaProducer, path: str) -> None:
    """404, with where to look."""
    async with running(on_broker) as worker:
        answer = await worker.get(path)
    assert answer.status == 404
    assert "/watches lists" in orjson.loads(await answer.read())["error"]


async def test_token(on_broker: Settings, producer: AIOKafkaProducer) -> None:
    """Where a token is set, feeds, status and metrics need it, in either form; health and the empty page do not."""
    on_broker[FeedSettings].token = "s3cret ü"
    await put(producer, alert(1))
    async with running(on_broker) as worker:
        feeds = ("/watches", "/watches.rss", "/watches/port-strikes.atom", "/watches/events", "/watches/no/where")
        for path in (*feeds, "/status.json", "/metrics"):
            refused = await worker.get(path)
            assert refused.status == 401
            assert refused.headers["WWW-Authenticate"].startswith("Bearer")
            assert (await worker.get(path, Authorization="Bearer wrong")).status == 401
        right = await worker.get("/watches.rss", Authorization="Bearer s3cret ü")
        assert right.status == 200
        assert right.headers["Cache-Control"].startswith("private")
        assert "s3cret" not in await right.text()
        assert (await worker.get("/watches.rss?token=s3cret%20%C3%BC")).status == 200
        for path in ("/", "/page.js", "/health/live"):
            assert (await worker.get(path)).status == 200
        assert (await worker.get("/metrics", Authorization="Bearer s3cret ü")).status == 200
        told = orjson.loads(await (await worker.get("/status.json?token=s3cret%20%C3%BC")).read())
        assert [a["id"] for a in told["alerts"]] == [alert(1).id]


async def test_stream_goes_on_where_it_stopped(on_broker: Settings, producer: AIOKafkaProducer) -> None:
    """Readers that leave and return, while alerts are being raised, get each once and in order."""
    sent = [alert(n, f"watch-{n % 3}") for n in range(300)]
    on_broker[FeedSettings].entries = 300
    await put(producer, sent[0])
    async with running(on_broker) as worker:

        async def reader(path: str, pieces: int) -> list[str]:
            last = sent[0].id
            got: list[str] = []
            while len(got) < len(sent) - 1:
                async with worker.stream(path, Last_Event_ID=last) as stream:
                    got += await alert_ids(stream, min(pieces, len(sent) - 1 - len(got)))
                last = got[-1]
            return got

        readers = [asyncio.create_task(reader("/watches/events", pieces)) for pieces in (1, 7, 50, 299)]
        await put(producer, *sent[1:])
        for got in await asyncio.wait_for(asyncio.gather(*readers), 60):
            assert len(got) == len(set(got))
            assert set(got) == {a.id for a in sent[1:]}


async def test_stream_of_one_watch(on_broker: Settings, producer: AIOKafkaProducer) -> None:
    """A watch's stream has its alerts only, `?watch=` takes some of all."""
    await put(producer, alert(0, "a"))
    async with running(on_broker) as worker:
        await put(producer, alert(1, "b"), alert(2, "c"), alert(3, "a"))
        await worker.has(4)
        start = alert(0, "a").id
        async with worker.stream(f"/watches/a/events?last_event_id={start}") as stream:
            assert await alert_ids(stream, 1) == [alert(3, "a").id]
        async with worker.stream("/watches/events?watch=b&watch=c&replay=5") as stream:
            assert set(await alert_ids(stream, 2)) == {alert(1, "b").id, alert(2, "c").id}


async def test_forgotten_id(on_broker: Settings, producer: AIOKafkaProducer) -> None:
    """An id that is no longer known brings a word of the gap, then all that is kept; so does a known one after a loss."""
    on_broker[FeedSettings].entries = 3
    await put(producer, *(alert(n, "a") for n in range(6)))
    await put(producer, alert(6, "b"))
    async with running(on_broker) as worker:
        kept = [alert(n, "a").id for n in (3, 4, 5)]
        async with worker.stream("/watches/a/events", Last_Event_ID=alert(0, "a").id) as stream:
            kinds = []
            async for event in events(stream):
                kinds.append(event.kind if event.retry is None else "retry")
                if len(kinds) == 5:
                    break
            assert kinds == ["retry", "gap", "alert", "alert", "alert"]
        async with worker.stream("/watches/a/events", Last_Event_ID="0") as stream:
            assert await alert_ids(stream, 3) == kept


async def test_same_alert_is_sent_once(on_broker: Settings, producer: AIOKafkaProducer) -> None:
    """An alert that is delivered twice by Kafka, or sent again by an operator, is one entry and one event."""
    async with running(on_broker) as worker, worker.stream("/watches/events") as stream:
        await put(producer, alert(1), alert(1))
        await put(producer, alert(2), headers=(("ww_retry", b"1"),))
        await put(producer, alert(1), headers=(("ww_retry", b"1"),))
        for partition in await partitions(producer):  # what comes last in each partition comes after all of these
            last = alert(100 + partition)
            await producer.send_and_wait(ALERTS.name, encode(last), partition=partition)
        got = await alert_ids(stream, 1 + len(await partitions(producer)))
    assert got.count(alert(1).id) == 1
    assert alert(2).id not in got


async def partitions(producer: AIOKafkaProducer) -> set[int]:
    """Return the numbers of the partitions of news.alerts."""
    found: set[int] = await producer.partitions_for(ALERTS.name)
    return found


async def test_slow_reader_is_cut_off(on_broker: Settings, producer: AIOKafkaProducer) -> None:
    """A reader that takes nothing is cut off after a while and counted; meanwhile others are served."""
    big = "x" * 200_000
    async with AsyncExitStack() as stack:
        worker = await stack.enter_async_context(running(on_broker, patience_seconds=0.5))
        slow = socket.socket()
        stack.callback(slow.close)
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        address = worker.session._base_url
        assert address is not None
        await asyncio.to_thread(slow.connect, (address.host, address.port))
        slow.sendall(b"GET /watches/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await asyncio.to_thread(slow.recv, 1)
        quick = await stack.enter_async_context(worker.stream("/watches/events"))
        sent = [alert(n, owner=big) for n in range(8)]
        await put(producer, *sent)
        assert set(await alert_ids(quick, len(sent))) == {a.id for a in sent}
        metrics = worker.web_app.service.metrics
        async with asyncio.timeout(20):
            while value(metrics[FeedMetrics].connections) > 1:
                await asyncio.sleep(0.05)
        assert value(metrics[FeedMetrics].disconnects) == 1


def value(metric: Any) -> float:
    """Return a metric's value."""
    found: float = metric._value.get()
    return found


async def test_missing_topic_is_said(on_broker: Settings, broker: EmbeddedBroker) -> None:
    """Without news.alerts the worker serves, names the missing topic and the command, and shows alerts later."""
    service = Service(on_broker, [], new_metrics())
    web_app = WebApp(service)
    web_app.feed_routes = FeedRoutes(web_app.feed, on_broker[FeedSettings], service.metrics, ready_seconds=0.1)
    async with serving(web_app) as address, ClientSession(address) as session:
        worker = Worker(web_app, session)
        async with asyncio.timeout(20):
            while True:
                answer = await worker.get("/watches.rss")
                assert answer.status == 503 and answer.headers["Retry-After"]
                if "no topic news.alerts" in (text := await answer.text()):
                    break
        assert "wirewatch topics create" in text
        broker.make(ALERTS.name)
        async with producing(on_broker.kafka) as producer:
            await put(producer, alert(1))
        await asyncio.wait_for(web_app.feed.ready.wait(), 20)
        assert (await worker.get("/watches/port-strikes.rss")).status == 200


async def test_quiet_stream_is_kept_alive(on_broker: Settings, producer: AIOKafkaProducer) -> None:
    """A comment comes in between, and a reader that leaves is no longer counted."""
    async with running(on_broker, heartbeat_seconds=0.05) as worker:
        connections = worker.web_app.service.metrics[FeedMetrics].connections
        async with worker.stream("/watches/events") as stream:
            first, second = [event async for event in limited(events(stream), 2)]
            assert value(connections) == 1
        assert first.retry == routes.RECONNECT_MS
        assert second.comment == "ping"
        async with asyncio.timeout(20):
            while value(connections):
                await asyncio.sleep(0.02)


async def limited(source: AsyncIterator[Any], count: int) -> AsyncIterator[Any]:
    """Yield so many and end."""
    async for each in source:
        yield each
        count -= 1
        if not count:
            return


async def test_streams_end_with_the_server(on_broker: Settings, producer: AIOKafkaProducer) -> None:
    """A worker that stops does not wait for its readers."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession())
        web_app = WebApp(Service(on_broker, [], new_metrics()))
        async with serving(web_app) as address:
            stream = await session.get(f"{address}/watches/events")
            await stream.content.readline()
        rest = await asyncio.wait_for(stream.content.read(), 10)
        assert b"data" not in rest


async def test_status_tells_alerts_and_their_deliveries(on_broker: Settings, producer: AIOKafkaProducer) -> None:
    """The page's status has the latest alerts, the last first, and the last attempt at each receiver."""
    sent = [alert(1), alert(2)]
    await put(producer, *sent)
    attempts: list[tuple[int, Literal["delivered", "failed"]]] = [(1, "failed"), (2, "delivered")]
    for attempt, outcome in attempts:
        delivery = Delivery(
            id=f"{sent[1].id}:desk:{attempt}", alert_id=sent[1].id, watch="port-strikes", severity="warning",
            receiver="desk", receiver_type="file", attempt=attempt, outcome=outcome, attempted_at=sent[1].raised_at,
        )  # fmt: skip
        await producer.send_and_wait(DELIVERIES.name, encode(delivery), key=sent[1].id.encode())
    async with running(on_broker) as worker:
        status = orjson.loads(await (await worker.get("/status.json")).read())
    assert [a["id"] for a in status["alerts"]] == [sent[1].id, sent[0].id]
    assert status["deliveries"][sent[1].id] == {"desk": {"outcome": "delivered", "attempt": 2, "error": None}}


async def test_the_page_runs_its_own_code_only(on_broker: Settings, producer: AIOKafkaProducer) -> None:
    """Nothing inline is in the page, so that its policy needs no exception."""
    async with running(on_broker) as worker:
        page = await worker.get("/")
        html = await page.text()
        policy = page.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", html)
        for name in re.findall(r'(?:src|href)="(/page[^"]+)"', html):
            assert (await worker.get(name)).status == 200


def test_parser_of_this_test_sees_a_broken_feed() -> None:
    """The check above would notice a document that is none."""
    assert feedparser.parse(b"<rss><channel><title>a & b</title></channel></rss>").bozo
    with pytest.raises(ET.ParseError):
        ET.fromstring(b"<feed>\x00</feed>")
