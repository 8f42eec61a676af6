"""Four workers and one killed: the server's log shows no two requests to a domain within its delay, and all articles come."""

import asyncio
import contextlib
import itertools
import time
from collections import defaultdict
from pathlib import Path

import pytest
from aiohttp import web

from agents.fetch.asking.domains import partition_of
from streams.kafka.reading import read_all
from streams.records import Raw, Source, decode
from streams.settings import Settings
from streams.topics import RAW
from tests.support.flow import make_topics, worker_on
from tests.support.newsstand import Newsstand, SystemTime, feed, item
from tests.support.real_kafka import RealKafka
from wirewatch.sources import topic as source_topic

pytestmark = pytest.mark.kafka

#: Each address is a domain of its own: three for each of the four partitions.
ADDRESSES = [
    address
    for partition in range(4)
    for address in [a for a in (f"127.0.0.{n}" for n in range(1, 255)) if partition_of(a, 4) == partition][:3]
]
DELAY = 1.0
PAGE = web.Response(text=f"<html><body><p>{'The whole article. ' * 50}</p></body></html>", content_type="text/html")
FETCH = {
    "fetch_allow_private": "127.0.0.0/8",
    "fetch_first_poll_seconds": "0",
    "fetch_domain_delay_seconds": str(DELAY),
    "fetch_min_interval_seconds": "4",
    "fetch_max_interval_seconds": "4",
    "fetch_unvalidated_interval_seconds": "4",
    "worker_fetch_wait_seconds": "0.1",
}


async def test_no_domain_is_asked_within_its_delay_when_a_worker_is_killed(
    kafka: RealKafka, settings: Settings, tmp_path: Path
) -> None:
    """Two feeds and their pages at each of twelve domains, four workers, one kill -9: the delay holds at the server."""
    async with Newsstand(SystemTime(), ADDRESSES) as stand:
        for name in ("one", "two"):
            stand.pages[f"/{name}"] = lambda request: feed(
                *[item(n, link=f"http://{request.host}{request.path}/{n}") for n in range(4)]
            )
        stand.default = lambda request: web.Response(status=404) if "robots" in request.path else PAGE
        settings.kafka.bootstrap = kafka.bootstrap
        await make_topics(settings)
        with contextlib.ExitStack() as stack:
            workers = [
                stack.enter_context(worker_on(kafka.bootstrap, tmp_path / f"{n}.log", steps="fetch", **FETCH))
                for n in range(4)
            ]
            for worker in workers:
                worker.ready()
            sources = [
                Source(name=f"{name}-{number}", url=f"http://{address}:{stand.port}/{name}")
                for number, address in enumerate(ADDRESSES)
                for name in ("one", "two")
            ]
            await source_topic.put(source_topic.OnKafka(settings), sources)
            await asyncio.sleep(6)
            killed_at = time.time()
            workers[0].kill()
            wanted = {(a, f"/{name}/{n}") for a in ADDRESSES for name in ("one", "two") for n in range(4)}
            end = time.monotonic() + 60
            while time.monotonic() < end:
                seen = {(visit.host, visit.path) for visit in stand.log}
                later = {visit.host for visit in stand.log if visit.at > killed_at + 12}
                if wanted <= seen and later == set(ADDRESSES):
                    break
                await asyncio.sleep(0.5)
            raw = [decode(message.value or b"", Raw) async for message in read_all(settings.kafka, [RAW.name])]
    assert wanted <= seen
    assert later == set(ADDRESSES), "the killed worker's domains went to nobody"
    times = defaultdict(list)
    for visit in stand.log:
        times[visit.host].append(visit.at)
    closest = {host: min(b - a for a, b in itertools.pairwise(sorted(at))) for host, at in times.items()}
    print(
        f"{len(stand.log)} requests, the closest two of a domain {min(closest.values()):.3f} s apart, {len(raw)} articles"
    )
    assert min(closest.values()) >= DELAY, closest
    articles = {record.url for record in raw}
    assert len(articles) == len(wanted)
    assert len({(record.url, record.fetched_at) for record in raw}) == len(wanted)
