"""From an article's arrival in news.raw to its alert at a webhook, on a real Kafka, at a steady rate.

usage: python -m bench.alerts [--rate 20] [--seconds 60] [--watches 5] [--pages FILE] [--record]

Prints p50, p95, p99 and the highest of two times: until the webhook's request was complete, and (from the topics) until
each hop's message was written. The clock starts when the broker appends the raw message; broker, worker, receiver and
load share this machine. Pages are invented unless --pages names a set (see bench/pipeline.py). Every article matches.
"""

import argparse
import asyncio
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from agents.watch.language.parse import parse
from agents.watch.records import Watch
from bench.measured import record, table
from bench.pipeline import pages
from streams import ids
from streams.events import header_list
from streams.kafka.clients import producing
from streams.kafka.reading import read_all
from streams.records import Alert, Raw, WatchRecord, decode, encode
from streams.settings import Settings
from streams.topics import ALERTS, RAW
from tests.support.flow import Worker, make_topics, news
from tests.support.hooks import SECRET, Hook, settings_file
from tests.support.real_kafka import RealKafka, free_port
from wirewatch.watches import topic as watch_topic

WARM_UP = 40
HEAD = ("milliseconds since news.raw", "p50", "p95", "p99", "max")
TEXT = """From an article's arrival in `news.raw` to its alert, and to the complete request at a webhook, on a real Kafka: broker,
worker and webhook on the same cores, invented pages of which every one fires."""


def watch(number: int) -> Watch:
    """Return the watch that tells the hook, or one that asks something else."""
    query = "the OR and OR people" if number == 0 else f"sanction* AND (oil OR crude) AND port{number}"
    told = ["hook"] if number == 0 else []
    record = WatchRecord(name=f"watch-{number}", query=query, receivers=told, backfill=True)  # old pages count too
    return Watch(record=record, query=parse(query))


def articles(file: Path | None, count: int, skip: int = 0) -> Iterator[Raw]:
    """Yield so many articles of which none is a copy, without the first `skip`."""
    if file is not None:
        found = pages(file, 1000)
    else:
        found = (raw for number, raw in enumerate(news(count * 2)) if number % 10 != 9 and number % 25 != 13)
    for number, raw in enumerate(found):
        if number == count:
            return
        raw.fetched_at = datetime.now(UTC)
        if number >= skip:
            yield raw


async def feed(settings: Settings, found: Iterator[Raw], rate: float, arrived: dict[str, float]) -> None:
    """Send articles at a steady rate, and note by article id when the broker had them."""
    async with producing(settings.kafka, linger_ms=0) as producer:
        start = time.perf_counter()
        for number, raw in enumerate(found):
            await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
            raw.fetched_at = datetime.now(UTC)
            article = ids.article_id(raw.url, raw.source, raw.title, raw.content)
            headers = header_list(ids.fetch_id(article, raw.fetched_at), "raw", "bench")
            sent = await producer.send(RAW.name, encode(raw), key=article.encode(), headers=headers)

            def note(done: "asyncio.Future[object]", article: str = article) -> None:
                arrived[article] = done.result().timestamp / 1000  # type: ignore[attr-defined]

            sent.add_done_callback(note)
        await producer.flush()


def quantiles(values: list[float]) -> list[str]:
    """Return p50, p95, p99 and the highest of times in seconds, in milliseconds."""
    ordered = sorted(values)
    cells = [ordered[min(len(ordered) - 1, int(len(ordered) * q))] for q in (0.5, 0.95, 0.99)]
    return [f"{1000 * value:.0f}" for value in [*cells, ordered[-1]]]


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=20.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--watches", type=int, default=5)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--record", action="store_true", help="write the figures to docs/measured.md")
    arguments = parser.parse_args()
    count = int(arguments.rate * arguments.seconds)
    settings = Settings()
    with RealKafka() as kafka, Hook() as hook, tempfile.TemporaryDirectory(prefix="wirewatch-bench-") as temporary:
        folder = Path(temporary)
        settings.kafka.bootstrap, settings.kafka.partitions = kafka.bootstrap, 4
        await make_topics(settings)
        await watch_topic.put(settings, [watch(number) for number in range(arguments.watches)])
        config = folder / "wirewatch.toml"
        config.write_text(settings_file({"hook": hook}))
        arrived: dict[str, float] = {}
        with Worker(
            kafka.bootstrap, free_port(), folder / "log", config=config, environ={"HOOK_SECRET": SECRET}
        ) as worker:
            worker.ready()
            await feed(settings, articles(arguments.pages, WARM_UP + count), arguments.rate, arrived)
            end = time.monotonic() + 60
            while len(hook.ids) < WARM_UP + count and time.monotonic() < end:  # noqa: ASYNC110 - the hook is a thread
                await asyncio.sleep(0.2)
        measured = sorted(arrived, key=lambda article: arrived[article])[WARM_UP:]
        told = {r.body["data"]["article"]["id"]: r.at for r in reversed(hook.receipts)}
        hops: dict[str, dict[str, float]] = defaultdict(dict)
        async for message in read_all(settings.kafka, [ALERTS.name]):
            alert = decode(message.value or b"", Alert)
            hops["raised"][alert.article.id] = alert.raised_at.timestamp()
    text = f"{arguments.rate:g} articles/s, {len(measured)} measured, {sum(a in told for a in measured)} told"
    print(text)
    print(f"{HEAD[0]:34} " + " ".join(f"{cell:>8}" for cell in HEAD[1:]))
    rows = []
    for name, times in (("alert raised", hops["raised"]), ("webhook told", told)):
        rows.append([name, *quantiles([times[a] - arrived[a] for a in measured if a in times])])
        print(f"{name:34} " + " ".join(f"{cell:>8}" for cell in rows[-1][1:]))
    if arguments.record:
        record(
            "alerts",
            "Alerts",
            f"{TEXT} {text}.\n\n{table(HEAD, rows)}",
            command=f"python -m bench.alerts --rate {arguments.rate:g} --seconds {arguments.seconds:g} --record",
        )


if __name__ == "__main__":
    asyncio.run(main())
