"""Somebody else's topic, read by a worker: the same on the embedded broker and on a real Kafka."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web

from streams.kafka.clients import producing
from streams.kafka.reading import read_all
from streams.records import Dead, Raw, Source, decode
from streams.settings import Settings
from streams.topics import DEAD, RAW
from tests.support.flow import worker_on
from tests.support.newsstand import Newsstand, SystemTime
from wirewatch.operating.audit import audit
from wirewatch.sources import topic as source_topic
from wirewatch.steps import STEPS

TOPIC = "partner.articles"
OPTIONS = {"url": "/a/link", "title": "/a/title", "text": "/a/text", "date": "/at", "from": "earliest"}
FETCH = {"fetch_allow_private": "127.0.0.0/8", "fetch_domain_delay_seconds": "0.2", "worker_fetch_wait_seconds": "0.1"}
PAGE = web.Response(text=f"<html><body><p>{'The whole article. ' * 50}</p></body></html>", content_type="text/html")
TEXT = "The whole article. " * 50


async def until(holds: Callable[[], Awaitable[bool]], log: Path, seconds: float = 180.0) -> None:
    """Wait for a condition."""
    end = time.monotonic() + seconds
    while not await holds():
        assert time.monotonic() < end, log.read_text()[-3000:]
        await asyncio.sleep(0.3)


async def read_foreign_topic(settings: Settings, folder: Path, *, fork: bool = False) -> None:
    """Read five messages, three of them articles; kill the worker, start another, read a sixth: each ends once."""
    log = folder / "worker.log"
    bootstrap = settings.kafka.bootstrap

    async def records(topic: str, kind: type[Any]) -> list[Any]:
        return [decode(m.value or b"", kind) async for m in read_all(settings.kafka, [topic])]

    async def settled(raw: int, dead: int) -> bool:
        # after a kill a message may be written again, as the same one
        titles = {record.title for record in await records(RAW.name, Raw)}
        return len(titles) >= raw and len(await letters()) >= dead

    async def letters() -> dict[str, str]:
        return {letter.fetch_id: letter.reason for letter in await records(DEAD.name, Dead)}

    async def send(*values: bytes) -> None:
        async with producing(settings.kafka) as producer:
            for value in values:
                await producer.send_and_wait(TOPIC, value)

    async with Newsstand(SystemTime()) as stand:
        stand.default = lambda request: PAGE if request.path == "/page" else web.Response(status=404)
        articles = [
            {"a": {"link": "https://a.example/1", "title": "One", "text": TEXT}, "at": 1767614400},
            {"a": {"title": "Two", "text": TEXT}},
            {"a": {"link": f"http://127.0.0.1:{stand.port}/page", "title": "Three"}},
            {"a": {}},
        ]
        await send(*map(orjson.dumps, articles), b"{broken")
        place = source_topic.OnKafka(settings)
        with worker_on(bootstrap, log, steps="fetch", fork=fork, **FETCH) as worker:
            worker.ready()
            source = Source(name="partner", url=f"kafka:///{TOPIC}", kind="kafka", options=OPTIONS)
            await source_topic.put(place, [source])
            await until(lambda: settled(3, 2), log)
            worker.kill()
        with worker_on(bootstrap, log, steps="fetch", fork=fork, **FETCH) as worker:
            worker.ready()
            await send(orjson.dumps({"a": {"link": "https://a.example/6", "title": "Six", "text": TEXT}}))
            await until(lambda: settled(4, 2), log)
        found = {record.title: record for record in await records(RAW.name, Raw)}
        assert {title: record.via for title, record in found.items()} == {
            "One": "topic",
            "Two": "topic",
            "Three": "page",
            "Six": "topic",
        }
        assert (found["One"].backfill, found["Two"].source) == (True, "partner")
        assert list((await letters()).values()) == ["invalid_record"] * 2
        entries = (await audit(settings, STEPS)).entries
        assert (entries.entries, entries.raw, dict(entries.dead)) == (6, 4, {"invalid_record": 2})
        assert entries.balanced
