"""Sources on a running worker: put on news.sources, polled from a real server, their articles on news.raw."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from agents.fetch.asking.requests import REQUEST_HEADER
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.reading import read_all
from streams.records import Raw, Source, decode
from streams.settings import Settings
from streams.topics import FETCHES, HEALTH, RAW
from tests.support.flow import forked_worker_on
from tests.support.newsstand import Newsstand, SystemTime, feed, item
from wirewatch.operating.audit import audit
from wirewatch.sources import topic as source_topic
from wirewatch.steps import STEPS

FETCH = {"fetch_allow_private": "127.0.0.0/8", "fetch_first_poll_seconds": "0", "fetch_domain_delay_seconds": "0.2"}
PAGE = web.Response(text=f"<html><body><p>{'The whole article. ' * 50}</p></body></html>", content_type="text/html")


@pytest.fixture
async def stand() -> AsyncIterator[Newsstand]:
    """Give a server whose log is by the machine's clock."""
    async with Newsstand(SystemTime()) as server:
        yield server


async def records(settings: Settings, topic: str, least: int, seconds: float = 30.0) -> list[Any]:
    """Return the messages of a topic once there are so many."""
    end = time.monotonic() + seconds
    while True:
        found = [message async for message in read_all(settings.kafka, [topic])]
        if len(found) >= least or time.monotonic() > end:
            return found
        await asyncio.sleep(0.3)


async def test_source_that_is_put_is_polled_by_a_running_worker(
    settings: Settings, tmp_path: Path, stand: Newsstand
) -> None:
    """A source that is put after the worker's start gives its articles, each settled under its request's id."""
    link = f"http://127.0.0.1:{stand.port}"
    stand.pages["/feed"] = feed(*[item(n, time.time() - 60 * n, link=f"{link}/{n}") for n in range(1, 4)])
    stand.default = lambda request: PAGE if request.path.strip("/").isdigit() else web.Response(status=404)
    log = tmp_path / "worker.log"
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        with forked_worker_on(broker.bootstrap, log, steps="fetch", worker_fetch_wait_seconds="0.1", **FETCH) as worker:
            worker.ready()
            change = await source_topic.put(source_topic.OnKafka(settings), [Source(name="a", url=f"{link}/feed")])
            assert change.new == ["a"]
            raw = await records(settings, RAW.name, 3)
            found = {decode(message.value, Raw).title: decode(message.value, Raw) for message in raw}
            assert sorted(filter(None, found)) == ["Article 1", "Article 2", "Article 3"], log.read_text()[-3000:]
            assert all(record.via == "page" and record.backfill and record.source == "a" for record in found.values())
            asked = {dict(m.headers)["ce_id"] for m in await records(settings, FETCHES.name, 3)}
            assert {dict(message.headers)[REQUEST_HEADER] for message in raw} == asked
            assert len(await records(settings, HEALTH.name, 1)) == 1
            entries = (await audit(settings, STEPS)).entries
            assert (entries.entries, entries.raw, entries.balanced) == (3, 3, True)
            assert (await source_topic.remove(source_topic.OnKafka(settings), ["a", "b"])) == (["a"], ["b"])


async def test_how_articles_were_cleaned_reaches_the_source_that_brought_them(
    settings: Settings, tmp_path: Path, stand: Newsstand
) -> None:
    """The fetch step learns from the clean step's topics how much text a source's articles have, and which were refused."""
    link, text = f"http://127.0.0.1:{stand.port}", "The harbour council voted on Tuesday to widen the channel. " * 40
    polls = itertools.count(1)

    def printed(_: web.Request) -> web.Response:
        """Return a feed that has another article at each poll: what is read begins with what comes after the start."""
        numbers = range(next(polls), 0, -1)
        return feed(*[item(n, time.time() - 1, text=f"{text} {n}", link=f"{link}/{n}") for n in numbers])

    stand.pages["/feed"] = printed
    quick = {**FETCH, "fetch_state_write_seconds": "1", "fetch_min_interval_seconds": "1"}
    quick |= {"fetch_max_interval_seconds": "1", "fetch_unvalidated_interval_seconds": "1"}
    log = tmp_path / "worker.log"
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        with forked_worker_on(
            broker.bootstrap, log, steps="fetch,clean", worker_fetch_wait_seconds="0.1", **quick
        ) as worker:
            worker.ready(120)
            place, end = source_topic.OnKafka(settings), time.monotonic() + 120
            await source_topic.put(place, [Source(name="a", url=f"{link}/feed", body="entry")])
            known = None
            while (known is None or known.pages < 3) and time.monotonic() < end:
                await asyncio.sleep(0.3)
                known = (await source_topic.states(place)).get("a")
            assert known is not None
            assert known.pages >= 3, log.read_text()[-3000:]
            assert known.page_length > 1000
