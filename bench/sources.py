"""Polling: polls a second on one core beside feedparser with httpx, states of 100,000 feeds, 10,000 feeds for an hour.

usage: python -m bench.sources [polls|states|fleet|latency] [--polls 2000] [--sources 100000] [--feeds 10000] [--record]

polls: a server in a process of its own answers over TLS, each request on a new connection, half of them with 304 and half
with a feed of 30 items (gzip); CPU seconds of the polling process alone, its parsing included. The peer makes a
conditional request with httpx and reads the answer with feedparser; it compares nothing and writes nothing.
states: memory of so many sources in a poller, and the time to read their states from a real Kafka.
fleet: one local server, so many feeds at a fifth as many domains, a mix of 200, 304, 404, 429 and slow answers, an hour
of a clock that is moved; each feed's polls against its bounds, counted by the server.
latency: `wirewatch run --data` on feeds of a local server that print articles at random times: from publication to tag.
"""

import argparse
import asyncio
import gc
import os
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path

import psutil
from aiohttp import web

from agents.fetch.source import seen, state
from agents.fetch.source.state import PollState, Rhythm
from bench.measured import record
from bench.polls import document, measure_polls
from streams.journal.store import NAME, snapshot, unpack
from streams.kafka.clients import producing
from streams.records import Source, Tagged, decode, encode
from streams.settings import Settings
from streams.topics import POLLS, TAGGED
from streams.worker.state import StateLog
from tests.support.flow import make_topics, sentence
from tests.support.newsstand import NOON, Bench, MovedClock, Newsstand, SystemTime, item, rss
from tests.support.processes import start_program
from tests.support.real_kafka import RealKafka

HOUR = 3600.0
TITLES = {
    "polls": "Sources: polling",
    "states": "Sources: states of 100,000",
    "fleet": "Sources: 10,000 feeds for an hour",
    "latency": "Sources: from publication to tag",
}
#: Articles in each feed of the fleet: what is measured there is the plan, not the reading.
ITEMS = 10
#: Of the feeds whose articles are timed: their polls, their articles, and the time that a laptop has to start.
POLL_SECONDS, PRINT_SECONDS, WARM_SECONDS = 10.0, 15.0, 60.0


def known_state(number: int) -> PollState:
    """Return the state of a usual source: 60 seen entries, 40 times, validators."""
    chance = random.Random(number)
    return PollState(
        url=f"https://feeds.publisher-{number}.example/section/news.rss",
        added_at=NOON,
        next_at=NOON + chance.uniform(0, HOUR),
        last_poll_at=NOON + chance.random(),
        last_good_at=NOON + chance.random(),
        last_new_at=NOON + chance.random(),
        etag=f'W/"{number:032x}"',
        last_modified="Mon, 05 Jan 2026 12:00:00 GMT",
        body_hash=chance.randbytes(8),
        status=200,
        kind="rss",
        title=f"The news of publisher {number}",
        language="en",
        entries=30,
        seen=chance.randbytes(60 * seen.SIZE),
        rhythm=Rhythm([int(NOON // 60) - 45 * n for n in range(40, 0, -1)], [4.0] * 7, 2900),
        polls=1000,
        not_modified=500,
        new_entries=700,
        newest_at=NOON,
        health="healthy",
        health_since=NOON,
        reason="polled as usual",
    )


async def measure_states(sources: int) -> list[str]:
    """Measure memory and restoring."""
    settings = Settings()
    total = 0
    with RealKafka() as kafka:
        settings.kafka.bootstrap, settings.kafka.partitions = kafka.bootstrap, 4
        await make_topics(settings)
        async with producing(settings.kafka, linger_ms=20, max_batch_size=1 << 20) as producer:
            for number in range(sources):  # none is kept: what is freed would hide what is taken
                value = state.pack(known_state(number))
                total += len(value)
                await producer.send(POLLS.name, value, key=f"s:publisher-{number}".encode(), partition=number % 4)
        gc.collect()
        async with Newsstand(MovedClock()) as stand:
            bench = Bench(stand)
            for number in range(sources):
                name = f"publisher-{number}"
                source = Source(name=name, url=f"https://feeds.{name}.example/section/news.rss")
                bench.store.take_source(name, encode(source))
            process = psutil.Process()
            before = process.memory_info().rss
            start, cpu = time.monotonic(), time.process_time()
            log = StateLog(settings.kafka, POLLS, lambda topic, key, value: bench.store.restore(key, value))
            await log.catch_up(None)
            await bench.poller.prepare()
            for partition in range(4):
                bench.poller.resume(partition)
            bench.poller.take_up_resumed()
            wall, cpu = time.monotonic() - start, time.process_time() - cpu
            gc.collect()
            each = (process.memory_info().rss - before) / sources
            assert len(bench.agenda) == sources
            await bench.client.close()
    return [
        (
            f"{sources} sources with 60 seen entries and a rhythm: {total / sources:.0f} bytes each on `wirewatch.polls`, "
            f"{each:.0f} bytes of memory each in a poller, agenda included (beside the record of the source). Restored from a "
            f"real Kafka and on the agenda after {wall:.1f} s ({cpu:.1f} s of CPU)."
        ),
    ]


def answer_of(number: int, counts: Counter[int]) -> web.Response | None:
    """Return a feed's answer by the kind of its number; None is a slow 200."""
    counts[number] += 1
    kind = number % 10
    if kind == 7:
        return web.Response(status=404)
    if kind == 8:
        return web.Response(status=429, headers={"Retry-After": "900"}) if counts[number] % 2 else None
    if kind == 9:
        return None
    return web.Response(
        body=document(number % 50, ITEMS), headers={"ETag": f'"{number}"', "Content-Type": "application/rss+xml"}
    )


async def measure_fleet(feeds: int) -> list[str]:
    """Poll so many feeds for an hour of moved time, and hold the server's count against the plan."""
    clock = MovedClock()
    counts: Counter[int] = Counter()
    process = psutil.Process()
    async with Newsstand(clock) as stand:

        async def answer(request: web.Request) -> web.StreamResponse:
            number = int(request.path.strip("/"))
            found = answer_of(number, counts)
            if found is None:
                await clock.sleep(20)
                return web.Response(body=document(number % 50, ITEMS), content_type="application/rss+xml")
            if found.status == 200 and request.headers.get("If-None-Match") == found.headers["ETag"]:
                return web.Response(status=304, headers={"ETag": found.headers["ETag"]})
            return found

        stand.default = answer
        # the client's own limit goes by the machine's clock: a busy machine would make failures, and so late polls, of it
        bench = await Bench(stand, first_poll_seconds=900.0, parallel=500, timeout_seconds=300.0).start()
        added = time.monotonic()
        for number in range(feeds):
            url = stand.url(f"/{number}", f"h{number // 5}.example")
            await bench.put(f"s{number}", url, body="entry", min_interval_seconds=600.0, max_interval_seconds=1200.0)
        memory = []
        for _ in range(12):
            await bench.run(300)
            bench.topics.published.clear()
            gc.collect()
            memory.append(process.memory_info().rss / 2**20)
        wall = time.monotonic() - added
        result = plan_of(stand, feeds)
        closest = min(stand.gaps().values())
        await bench.close()
    return [
        (
            f"{feeds} feeds at {feeds // 5} domains, 7 of 10 with validators, 1 missing, 1 that says 429, 1 that takes 20 s; "
            f"an hour of moved clock in {wall:.0f} s: {len(stand.log)} requests. {result} The closest two requests to a domain "
            f"were {closest:.1f} s apart. Memory after 20, 40 and 60 minutes: {memory[3]:.0f}, {memory[7]:.0f}, {memory[11]:.0f} "
            "MiB (the server and its log are in the same process)."
        ),
    ]


def plan_of(stand: Newsstand, feeds: int) -> str:
    """Return how many feeds were polled within their bounds (600 to 1,200 s, a tenth of jitter, their domain's turns)."""
    times: defaultdict[str, list[float]] = defaultdict(list)
    for visit in stand.log:
        times[visit.path].append(visit.at)
    early = late = never = 0
    for number in range(feeds):
        at = times.get(f"/{number}", [])
        never += not at
        gaps = [b - a for a, b in pairwise(at)]
        early += any(gap < 540 for gap in gaps)
        # a failed feed waits twice as long, and every feed of a domain that says 429 for as long as it asked, twice
        most = 1200 * 1.1 + 120 + (1800 if number % 10 >= 5 else 0)
        late += any(gap > most for gap in gaps)
    return f"Never polled: {never}; polled sooner than planned: {early}; later: {late}."


class Presses:
    """Feeds that print an article at random times, each at an address of its own."""

    def __init__(self, feeds: int, seconds: float) -> None:
        chance = random.Random(5)
        start = time.time() + WARM_SECONDS
        self.times = [
            sorted(start + chance.uniform(0, seconds) for _ in range(int(seconds / PRINT_SECONDS)))
            for _ in range(feeds)
        ]

    def answer(self, request: web.Request) -> web.Response:
        """Return a feed as it is now."""
        number, now = int(request.path.strip("/")), time.time()
        out = [(n, at) for n, at in enumerate(self.times[number]) if at <= now]
        old = [(-n, now - 86_400 * n) for n in range(1, 4)]
        items = [
            item(
                number * 1000 + n,
                at,
                text=" ".join(sentence(random.Random(f"{number} {n} {line}")) for line in range(14)),
                link=f"http://{request.host}/{number}/{n}",
            )
            for n, at in [*reversed(out), *old]
        ]
        return web.Response(body=rss(items), content_type="application/rss+xml")


async def measure_latency(feeds: int, seconds: float) -> list[str]:
    """Measure from publication to tag, on a laptop."""
    addresses = [f"127.0.0.{number + 1}" for number in range(feeds)]
    presses = Presses(feeds, seconds)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with Newsstand(SystemTime(), addresses) as stand:
            stand.default = presses.answer
            lists = folder / "lists"
            lists.mkdir()
            (lists / "feeds.toml").write_text(
                "".join(
                    f'[[source]]\nname = "s{n}"\nurl = "http://{address}:{stand.port}/{n}"\nbackfill = "skip"\n'
                    f"min_interval_seconds = {POLL_SECONDS}\nmax_interval_seconds = {POLL_SECONDS}\n"
                    for n, address in enumerate(addresses)
                )
            )
            command = [sys.executable, "-m", "wirewatch", "run", "--http-port", "0"]
            command += ["--data", str(folder / "data"), "--sources", str(lists)]
            given = {"WIREWATCH_FETCH_ALLOW_PRIVATE": "127.0.0.0/8", "WIREWATCH_FETCH_FIRST_POLL_SECONDS": "1"}
            with (folder / "log").open("wb") as log:
                process = start_program(command, env={**os.environ, **given}, stdout=log, stderr=log)
            try:
                await asyncio.sleep(WARM_SECONDS + seconds + 4 * POLL_SECONDS)
            finally:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        with snapshot(folder / "data" / NAME) as journal:
            found = [
                entry.time_ms / 1000 - record.published_at.timestamp()
                for entry in journal.messages(TAGGED.name)
                if (record := decode(unpack(entry.value) or b"", Tagged)).published_at is not None
                and not record.backfill
            ]
    printed = sum(map(len, presses.times))
    found.sort()
    p50, p99 = found[len(found) // 2], found[min(int(len(found) * 0.99), len(found) - 1)]
    return [
        (
            f"{feeds} feeds on a local server, each polled every {POLL_SECONDS:g} s and printing {printed / feeds:.0f} articles "
            f"at random times in {seconds:.0f} s; `wirewatch run --data`, all steps. Of {printed} articles {len(found)} were "
            f"tagged as new; from publication (whole seconds) to tag: median {p50:.1f} s, p99 {p99:.1f} s, at most "
            f"{found[-1]:.1f} s."
        ),
    ]


async def main() -> None:
    """Measure the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=list(TITLES))
    parser.add_argument("--polls", type=int, default=2000)
    parser.add_argument("--sources", type=int, default=100_000)
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--record", action="store_true", help="write docs/measured.md")
    arguments = parser.parse_args()
    parts: dict[str, Callable[[], Awaitable[list[str]]]] = {
        "polls": lambda: measure_polls(arguments.polls),
        "states": lambda: measure_states(arguments.sources),
        "fleet": lambda: measure_fleet(arguments.feeds),
        "latency": lambda: measure_latency(20, 150.0),
    }
    for name in [arguments.what] if arguments.what else list(TITLES):
        text = "\n".join(await parts[name]())
        print(f"{text}\n")
        if arguments.record:
            record(f"sources-{name}", TITLES[name], text, command=f"python -m bench.sources {name} --record")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


if __name__ == "__main__":
    asyncio.run(main())
