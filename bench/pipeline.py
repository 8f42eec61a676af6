"""Raw to tagged on a real Kafka, beside the same cores over the same pages in a bare process pool, in one run.

usage: python -m bench.pipeline [--pages FILE] [--repeat N] [--backlog N] [--workers N] [--processes N] [--steps NAMES]
                                [--short]
       python -m bench.pipeline --record [--backlog N]

Prints articles a second of both and their ratio, processor time an article in the worker's own process, its children and
Kafka beside the pool's (where other work slows all, what they do by the second weighs more), by step, latency at half load, the
worker's memory (parent, and with its children), and what it takes while it is idle. A worker has all steps, some of which
do what the bare pool does not (stories, trends, watches); `--steps` gives it some. With --record three runs, one with the
steps to the tags alone, and more workers; with --backlog too, half load and a worker far behind. All is in news.raw before
it is measured, so that who puts it there takes nothing from the worker. Pages repeat under new URLs, with their long words
changed so that a repeat is no copy. --backlog fills news.raw with so many messages first and watches the memory of a worker
that far behind.
"""

import argparse
import asyncio
import contextlib
import gzip
import logging
import re
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import psutil
from aiokafka import AIOKafkaConsumer

from bench.idle import processor_seconds
from bench.measured import record, table
from bench.pools import bare_pools
from bench.worth import Work, articles_worth, work_of
from streams.kafka.clients import consuming, partitions_of, producing
from streams.kafka.reading import read_all
from streams.records import Raw, encode
from streams.settings import Settings
from streams.topics import DEAD, DUPLICATES, RAW, TAGGED
from tests.support.flow import Worker, load, make_topics
from tests.support.real_kafka import RealKafka, free_port

PAGES = Path(__file__).parents[2] / "shared" / "data" / "clean" / "scrapinghub-dev.jsonl.gz"
#: Articles before those that are measured, and behind them, so that no step is measured idle; and the fewest in between. What
#: is under way at both ends weighs nothing (`bench.worth`).
WARM_ARTICLES, LAST_ARTICLES, LEAST_ARTICLES = 400, 1_000, 600
#: The steps from a raw page to its tags, which the bare pool does too.
TO_TAGS = "clean,learn,sketch,dedup,tag"
#: Workers, child processes of each and their steps, as they are recorded: three runs, the steps to the tags, more workers.
RECORDED = ((1, 0, None), (1, 0, None), (1, 0, None), (1, 0, TO_TAGS), (1, 1, None), (2, 1, None))
HEAD = (
    *("workers, children each", "steps", "articles/s", "bare pool", "ratio", "ratio to all work"),
    *(
        "own process, ms an article",
        "children",
        "Kafka",
        "bare pool, all work",
        "ratios of these",
        "MiB, with children",
    ),
)
#: A piece of text between tags, but for scripts and styles, which say the same of each repeat.
TEXT = re.compile(r"<(?:script|style)\b.*?</|>([^<>]+)<", re.DOTALL | re.IGNORECASE)
WORD = re.compile(r"(?<![&\w])[^\W\d_]{4,}")


def with_suffix(suffix: str, found: re.Match[str]) -> str:
    """Return a piece of text between tags, its longer words with a suffix: another article of the same layout."""
    return ">" + WORD.sub(rf"\g<0>{suffix}", found[1]) + "<" if found[1] else found[0]


def pages(file: Path, repeat: int, largest: int | None = None) -> Iterator[Raw]:
    """Yield the pages of a set, again and again, each time as other articles."""
    with gzip.open(file) as lines:
        documents = [orjson.loads(line) for line in lines]
    if largest:
        documents = [document for document in documents if len(document["html"]) <= largest]
    for turn in range(repeat):
        for number, document in enumerate(documents):
            suffix = "" if not turn else chr(97 + turn % 26) + chr(97 + turn // 26 % 26)
            html = TEXT.sub(partial(with_suffix, suffix), document["html"]) if turn else document["html"]
            yield Raw(
                url=f"https://bench{number}.example/{turn}",
                fetched_at=datetime.now(UTC),
                content_type="text/html",
                content=html,
            )


class Memory:
    """Watches a process and, at the end, its children, in MiB.

    `parent`: its highest resident set. `all`: what all of them hold, with the pages that they share counted once: the
    children are forked with the models loaded, so their resident sets hold those many times.
    """

    def __init__(self, pid: int) -> None:
        self.parent = self.all = 0.0
        self._process = psutil.Process(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            try:
                self.parent = max(self.parent, self._process.memory_info().rss / 2**20)
            except psutil.Error:
                continue

    def stop(self) -> None:
        """Stop watching, and look at all."""
        self._stop.set()
        self._thread.join()
        processes = [self._process, *self._process.children(recursive=True)]
        self.all = sum(process.memory_full_info().pss for process in processes) / 2**20


class Ends:
    """How many articles have come to their end: the topics' ends, asked of Kafka, which does not disturb the worker."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer

    async def count(self) -> int:
        """Return how many messages the final topics hold."""
        partitions = [
            p for topic in (TAGGED, DUPLICATES, DEAD) for p in await partitions_of(self._consumer, topic.name)
        ]
        return sum((await self._consumer.end_offsets(partitions)).values())

    async def wait_for(self, count: int, seconds: float) -> None:
        """Wait until so many articles are settled."""
        end = time.monotonic() + seconds
        while (found := await self.count()) < count:
            if time.monotonic() > end:
                raise SystemExit(f"only {found} of {count} after {seconds:.0f} s")
            await asyncio.sleep(0.25)


class Measured(NamedTuple):
    """Articles a second; milliseconds of processor time an article; the highest memory of all workers, in MiB."""

    rate: float
    own: float
    children: float
    kafka: float
    mebibytes: float
    all_mebibytes: float

    @property
    def milliseconds(self) -> float:
        """Processor time an article, in all processes."""
        return self.own + self.children + self.kafka


class Look(NamedTuple):
    """Workers and Kafka at a moment: its time, seconds; the work of their steps; processor seconds of own, children, Kafka."""

    time: float
    work: Mapping[str, Work]
    spent: tuple[float, float, float]


def look(workers: list[Worker], broker: int) -> Look:
    """Return how much workers have done, and have taken for it."""
    work = work_of([worker.metrics() for worker in workers])
    each = [processor_seconds(worker.pid) for worker in workers]
    own, children = (sum(seconds[at] for seconds in each) for at in (0, 1))
    return Look(time.perf_counter(), work, (own, children, sum(processor_seconds(broker))))


async def throughput(workers: list[Worker], broker: int, ends: Ends, count: int) -> Measured:
    """Measure workers before a backlog, from when they are warm to the last articles.

    `broker`: the process id of Kafka. Who fills the topic is done before: nothing of that is counted.
    """
    for worker in workers:
        await asyncio.to_thread(worker.ready, 120)
    await ends.wait_for(WARM_ARTICLES, 300)  # models loaded, caches filled
    memories = [Memory(worker.pid) for worker in workers]
    before, begun = await asyncio.to_thread(look, workers, broker), await ends.count()
    last = count - LAST_ARTICLES * len(workers)
    if last - begun < LEAST_ARTICLES:
        raise SystemExit(
            f"{begun} of {count} articles were settled before all workers were warm: more are needed (--repeat)"
        )
    await ends.wait_for(last, 900)
    after, done = await asyncio.to_thread(look, workers, broker), await ends.count()
    for memory in memories:
        memory.stop()
    if after.work["clean"].articles >= count:
        print(
            "all pages were cleaned before the end: more of them should follow those that are measured (LAST_ARTICLES)"
        )
    await ends.wait_for(count, 300)
    worth = articles_worth(before.work, after.work)
    print(f"{done - begun} articles came to their end, the work was worth {worth:.0f}")
    own, children, kafka = (
        (late - early) / worth * 1000 for early, late in zip(before.spent, after.spent, strict=True)
    )
    parent, everyone = sum(memory.parent for memory in memories), sum(memory.all for memory in memories)
    print(f"workers' memory: {parent:.0f} MiB, with their children {everyone:.0f} MiB")
    print(
        f"processor time an article: {own:.2f} ms in the workers' own processes, {children:.2f} ms in their children, "
        f"{kafka:.2f} ms in Kafka"
    )
    return Measured(worth / (after.time - before.time), own, children, kafka, parent, everyone)


async def idle(worker: Worker, seconds: float = 20.0) -> None:
    """Print how much of a core a worker takes that has nothing to do."""
    await asyncio.sleep(5)
    before = processor_seconds(worker.pid)
    await asyncio.sleep(seconds)
    after = processor_seconds(worker.pid)
    own, children = ((after[at] - before[at]) / seconds for at in (0, 1))
    print(f"idle: {own:.3f} cores in the worker's own process, {children:.3f} in its children")


async def latency(settings: Settings, ends: Ends, rate: float, values: list[bytes]) -> str:
    """Feed at a steady rate, and say how long articles took from news.raw to their tags."""
    before = await ends.count()
    since = time.time()
    async with producing(settings.kafka) as producer:
        for number, value in enumerate(values):
            delay = since + number / rate - time.time()
            if delay > 0:
                await asyncio.sleep(delay)
            await producer.send(RAW.name, value)
    await ends.wait_for(before + len(values), 120)
    took = []
    async for message in read_all(settings.kafka, [TAGGED.name, DUPLICATES.name, DEAD.name]):
        if message.timestamp / 1000 >= since:
            done = datetime.fromisoformat(orjson.loads(message.value)["processed_at"]).timestamp()
            took.append(done - message.timestamp / 1000)
    took.sort()
    said = (
        f"latency at {rate:.0f}/s (half load), {len(took)} articles: p50 {took[len(took) // 2] * 1000:.0f} ms, "
        f"p99 {took[len(took) * 99 // 100] * 1000:.0f} ms"
    )
    print(said)
    return said


def print_steps(worker: Worker) -> None:
    """Print processor seconds an article of each step's work."""
    values = worker.metrics()
    for step in ("clean", "sketch", "tag"):
        total, count = (values.get(f'wirewatch_work_seconds_{what}{{step="{step}"}}', 0.0) for what in ("sum", "count"))
        print(f"  {step}: {total / max(1, count) * 1000:.2f} ms of processor time an article")


async def backlog(settings: Settings, count: int, file: Path, folder: Path) -> str:
    """Say how much memory a worker takes that is so many messages behind."""
    small = [encode(raw) for raw in pages(file, 1, largest=60_000)]
    async with producing(settings.kafka, linger_ms=20, max_batch_size=1 << 20) as producer:
        for number in range(count):
            await producer.send(RAW.name, small[number % len(small)])
    size = sum(map(len, small)) / len(small)
    with Worker(settings.kafka.bootstrap, free_port(), folder / "backlog.log") as worker:
        worker.ready(120)
        memory = Memory(worker.pid)
        await asyncio.sleep(60)
        memory.stop()
    async with consuming(settings.kafka) as consumer:
        said = (
            f"{count} messages of {size / 1000:.0f} kB behind: {memory.parent:.0f} MiB, "
            f"with its children {memory.all:.0f} MiB; {await Ends(consumer).count()} settled in 60 s"
        )
    print(said)
    return said


async def far_behind(count: int, file: Path) -> str:
    """Say how much memory a worker takes that is so many messages behind on a Kafka of its own."""
    with RealKafka() as kafka, tempfile.TemporaryDirectory() as folder:
        settings = Settings()
        settings.kafka.bootstrap = kafka.bootstrap
        await make_topics(settings)
        return await backlog(settings, count, file, Path(folder))


async def run(
    values: list[bytes], workers: int, processes: int, steps: str | None, fresh: list[bytes] | None
) -> tuple[list[str], str]:
    """Measure some workers beside a bare pool, print it, and return a row of the table and the latency.

    `fresh`: articles for the latency, which is not measured without them. The pools do half of the pages before and half
    after the workers: a machine whose speed drifts decides less.
    """
    late = ""
    before = await bare_pools(values[WARM_ARTICLES::2])
    with RealKafka() as kafka, tempfile.TemporaryDirectory() as folder:
        settings = Settings()
        settings.kafka.bootstrap, settings.kafka.partitions = kafka.bootstrap, 4
        await make_topics(settings)
        await load(settings, values)
        options: dict[str, Any] = {"worker_processes": str(processes)} if processes else {}
        with contextlib.ExitStack() as stack:
            running = [
                stack.enter_context(
                    Worker(kafka.bootstrap, free_port(), Path(folder) / f"worker{n}.log", steps, **options)
                )
                for n in range(workers)
            ]
            async with consuming(settings.kafka) as consumer:
                ends = Ends(consumer)
                found = await throughput(running, kafka.pid, ends, len(values))
                print_steps(running[0])
                if fresh is not None:
                    late = await latency(settings, ends, found.rate / 2, fresh)
            await idle(running[0])
    after = await bare_pools(values[WARM_ARTICLES + 1 :: 2])
    counted = len(values) - WARM_ARTICLES
    (rate, cost), (whole_rate, whole_cost) = (
        (counted / (early.seconds + late.seconds), (early.processor + late.processor) / counted * 1000)
        for early, late in zip(before, after, strict=True)
    )
    print(f"pipeline {found.rate:.0f} articles/s, bare pool {rate:.0f} articles/s, ratio {found.rate / rate:.2f}")
    print(f"bare pool with all that the children do {whole_rate:.0f} articles/s, ratio {found.rate / whole_rate:.2f}")
    print(
        f"the same by processor time: {found.milliseconds:.2f} ms an article, {cost:.2f} and {whole_cost:.2f}, ratios "
        f"{cost / found.milliseconds:.2f} and {whole_cost / found.milliseconds:.2f}"
    )
    cells = [
        f"{workers}, {processes or 'one a core'}",
        "all" if steps is None else "to the tags" if steps == TO_TAGS else steps,
        *(f"{value:.0f}" for value in (found.rate, rate)),
        *(f"{value:.2f}" for value in (found.rate / rate, found.rate / whole_rate)),
        *(f"{value:.2f}" for value in (found.own, found.children, found.kafka)),
        f"{cost:.2f}, {whole_cost:.2f}",
        f"{cost / found.milliseconds:.2f}, {whole_cost / found.milliseconds:.2f}",
        f"{found.mebibytes:.0f}, {found.all_mebibytes:.0f}",
    ]
    return cells, late


async def main() -> None:
    """Run it all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, default=PAGES)
    parser.add_argument("--repeat", type=int, default=40)
    parser.add_argument("--backlog", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1, help="worker processes, each with all steps")
    parser.add_argument("--processes", type=int, default=0, help="child processes of each worker; 0: one a core")
    parser.add_argument("--steps", help="the workers' steps, comma-separated; all without it")
    parser.add_argument("--short", action="store_true", help="without the latency at half load")
    parser.add_argument("--record", action="store_true", help="write docs/measured.md: three runs, then more workers")
    arguments = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # topics that were just made have no leader for a moment
    values = [encode(raw) for raw in pages(arguments.pages, arguments.repeat)]
    size = sum(map(len, values)) / len(values) / 1000
    print(f"{len(values)} pages, {size:.0f} kB each")
    if arguments.record:
        await record_all(values, arguments)
        return
    fresh = None if arguments.short else fresh_pages(arguments)
    await run(values, arguments.workers, arguments.processes, arguments.steps, fresh)
    if arguments.backlog:
        await far_behind(arguments.backlog, arguments.pages)


def fresh_pages(arguments: argparse.Namespace) -> list[bytes]:
    """Return pages that no worker has met before."""
    return [encode(raw) for raw in pages(arguments.pages, arguments.repeat + 8)][-720:]


async def record_all(values: list[bytes], arguments: argparse.Namespace) -> None:
    """Measure three runs and then more workers, with a backlog half load and a worker far behind, and write it down."""
    command = f"python -m bench.pipeline --repeat {arguments.repeat} --record"
    rows = [(await run(values, workers, processes, steps, None))[0] for workers, processes, steps in RECORDED]
    text = (
        f"{len(values)} pages of {sum(map(len, values)) / len(values) / 1000:.0f} kB from `news.raw` to `news.tagged` on a "
        "real Kafka, broker and all on the same cores, beside the same cores in a bare process pool without Kafka.\n"
        "The bare pool cleans, sketches and tags by as many pages at once as a worker does; `all work` is a pool that also "
        "hashes texts, writes\nand reads the records between the steps and gathers for stories, as the worker's children do.\n"
        "A worker with all steps also keeps stories, trends and watches; the bare pool does what those to the tags do.\n"
        "Work on what was under way at both ends of a measurement is counted by its share. Ratios of processor time leave out "
        "what other\nwork on the machine takes, but the slower all goes, the more weighs what Kafka and a worker do by the "
        "second.\n\n"
    )
    record("pipeline", "Pipeline", text + table(HEAD, rows), command=command)
    if arguments.backlog:
        _, late = await run(values, 1, 0, None, fresh_pages(arguments))
        behind = await far_behind(arguments.backlog, arguments.pages)
        text = f"- {late}, from `news.raw` to tag\n- a worker {behind}"
        command += f" --backlog {arguments.backlog}"
        record("pipeline-behind", "Pipeline: half load, and far behind", text, command=command)


if __name__ == "__main__":
    asyncio.run(main())
