"""`POST /push` on a real worker's server and a broker: taken with ids, refused with a reason, shut when it is full."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
import pytest

from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.reading import read_all
from streams.records import Raw, decode
from streams.settings import Settings
from streams.topics import MAX_RAW_BYTES, RAW
from wirewatch.http.push_settings import PushSettings
from wirewatch.http.server import WebApp, serving
from wirewatch.metrics import new_metrics
from wirewatch.service import Service

TOKEN = {"Authorization": "Bearer secret"}
PLAIN = {"Content-Type": "text/plain"}
LINES = {"Content-Type": "application/x-ndjson"}
RECORD = {"url": "https://a.example/1", "content_type": "text/html", "content": "<p>News</p>"}


@pytest.fixture(scope="module")
def broker() -> Iterator[EmbeddedBroker]:
    """Give a broker."""
    with EmbeddedBroker() as started:
        yield started


@asynccontextmanager
async def worker(bootstrap: str, **push: Any) -> AsyncIterator[tuple[aiohttp.ClientSession, str, Settings]]:
    """Give a worker's server without steps, and a client of it."""
    settings = Settings()
    settings.kafka.bootstrap = bootstrap
    settings.worker.http_port = 0
    for name, value in {"token": "secret", **push}.items():
        setattr(settings[PushSettings], name, value)
    async with serving(WebApp(Service(settings, [], new_metrics()))) as address, aiohttp.ClientSession() as client:
        yield client, f"{address}/push", settings


async def raw_of(settings: Settings, article: str) -> list[Raw]:
    """Return the raw records of an article on the broker."""
    return [
        decode(message.value or b"", Raw)
        async for message in read_all(settings.kafka, [RAW.name])
        if message.key == article.encode()
    ]


async def test_lines_are_taken_with_their_ids(broker: EmbeddedBroker) -> None:
    """Records are on Kafka when the answer comes; a line that is none is named beside them."""
    async with worker(broker.bootstrap) as (client, url, settings):
        body = orjson.dumps(RECORD) + b"\n\n{broken\n"
        async with client.post(url, data=body, headers=TOKEN | LINES) as answer:
            told = await answer.json()

        [taken], [refused] = told["taken"], told["refused"]
        [raw] = await raw_of(settings, taken["id"])
    assert answer.status == 202
    assert (taken["line"], refused["line"], refused["reason"]) == (1, 3, "invalid_json")
    assert (raw.url, raw.via, raw.content) == ("https://a.example/1", "push", "<p>News</p>")
    assert taken["fetch_id"].startswith(f"{taken['id']}:")


async def test_a_page_is_taken_by_its_address(broker: EmbeddedBroker) -> None:
    """A page is decoded by the charset of its sender; its address is in the query."""
    async with worker(broker.bootstrap) as (client, url, settings):
        kind = {"Content-Type": "text/html; charset=windows-1251"}
        page = "<title>Новости дня</title>".encode("cp1251")
        async with client.post(url, params={"url": "https://a.example/2"}, data=page, headers=TOKEN | kind) as answer:
            told = await answer.json()
        [raw] = await raw_of(settings, told["taken"][0]["id"])

    assert (raw.url, raw.content_type) == ("https://a.example/2", "text/html")
    assert raw.content == "<title>Новости дня</title>"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic secret"}])
async def test_without_the_token_nothing_is_taken(broker: EmbeddedBroker, headers: dict[str, str]) -> None:
    """No token, another one, or another scheme."""
    async with (
        worker(broker.bootstrap) as (client, url, _),
        client.post(url, data=b"{}", headers=headers | LINES) as answer,
    ):
        assert answer.status == 401


async def test_without_a_setting_nobody_may_push(broker: EmbeddedBroker) -> None:
    """An empty token is no token."""
    async with (
        worker(broker.bootstrap, token="") as (client, url, _),
        client.post(url, data=b"{}", headers={"Authorization": "Bearer "} | LINES) as answer,
    ):
        assert answer.status == 401


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/x-ndjson", 400),
        (b"x" * (MAX_RAW_BYTES + 1), "text/plain", 413),
        (b"x", "image/png", 415),
        (b"<p>a page that nobody can name</p>", "text/html", 400),
        (orjson.dumps(RECORD) + b"\n" + b"\n".join([b"{}"] * 2000), "application/x-ndjson", 202),
    ],
)
async def test_what_is_refused(broker: EmbeddedBroker, body: bytes, kind: str, status: int) -> None:
    """Each refusal has its status; a few good lines among bad ones are taken."""
    async with (
        worker(broker.bootstrap) as (client, url, _),
        client.post(url, data=body, headers=TOKEN | {"Content-Type": kind}) as answer,
    ):
        assert answer.status == status


async def test_a_text_that_grows_too_large_for_a_message_is_refused(broker: EmbeddedBroker) -> None:
    """A record within the limit may be over it as a message: in JSON a control character takes six bytes."""
    async with worker(broker.bootstrap) as (client, url, _):
        body = b"\x01" * (MAX_RAW_BYTES // 4)
        async with client.post(url, params={"source": "desk"}, data=body, headers=TOKEN | PLAIN) as answer:
            told = await answer.json()

    assert answer.status == 400
    assert [(refused["line"], refused["reason"]) for refused in told["refused"]] == [(1, "too_large")]


async def test_a_packed_bomb_is_not_unpacked_beyond_the_limit(broker: EmbeddedBroker) -> None:
    """The limit is that of the unpacked body."""
    async with worker(broker.bootstrap) as (client, url, _):
        packed = gzip.compress(b" " * (MAX_RAW_BYTES * 4))
        async with client.post(url, data=packed, headers=TOKEN | LINES | {"Content-Encoding": "gzip"}) as answer:
            assert answer.status == 413


async def test_a_packed_body_is_taken(broker: EmbeddedBroker) -> None:
    """Senders that pack say so; another packing than gzip and deflate is refused with those that there are."""
    async with worker(broker.bootstrap) as (client, url, _):
        lines = gzip.compress(orjson.dumps(RECORD))
        async with client.post(url, data=lines, headers=TOKEN | LINES | {"Content-Encoding": "gzip"}) as answer:
            assert (answer.status, len((await answer.json())["taken"])) == (202, 1)
        async with client.post(url, data=lines, headers=TOKEN | LINES | {"Content-Encoding": "br"}) as answer:
            assert (answer.status, "gzip and deflate" in (await answer.json())["error"]) == (415, True)


async def test_when_it_is_full_it_says_when_to_come_again(broker: EmbeddedBroker) -> None:
    """A second push is refused while a large one is on its way."""
    async with worker(broker.bootstrap, waiting_mib=1) as (client, url, _):
        port = int(url.partition("127.0.0.1:")[2].partition("/")[0])
        _, first = await asyncio.open_connection("127.0.0.1", port)
        head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer secret\r\nContent-Type: application/x-ndjson"
        first.write(f"POST /push HTTP/1.1\r\n{head}\r\nContent-Length: 4000000\r\n\r\n{{".encode())
        await first.drain()
        status, again = 0, None
        for _ in range(500):
            async with client.post(url, data=b"{}", headers=TOKEN | LINES) as second:
                status, again = second.status, second.headers.get("Retry-After")
            if status == 429:
                break
            await asyncio.sleep(0.01)
        first.close()
    assert (status, again) == (429, "5")


async def test_kafka_that_is_away_is_said() -> None:
    """A record that could not be written is answered with 503, and is pushed again by its sender."""
    async with (
        worker("127.0.0.1:9", timeout_seconds=5.0) as (client, url, _),
        client.post(url, data=orjson.dumps(RECORD), headers=TOKEN | LINES) as answer,
    ):
        assert answer.status == 503
