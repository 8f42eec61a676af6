"""The dedup step alone on a real Kafka, before a backlog of sketched articles: articles a second of its processor time.

usage: python -m bench.dedup_on_kafka [--articles N] [--words N]
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from agents.dedup.sketch import make_sketch
from bench.idle import processor_seconds
from streams.ids import digest
from streams.kafka.clients import consuming, partitions_of, producing
from streams.records import Clean, encode
from streams.settings import Settings
from streams.topics import DUPLICATES, RAW, SKETCHED, UNIQUE
from tests.support.flow import Worker, make_topics
from tests.support.real_kafka import RealKafka, free_port

WARM = 500


def articles(count: int, words: int) -> Iterator[tuple[Clean, bytes]]:
    """Yield clean records of so many words with their sketches; each tenth is a copy of an earlier one."""
    dice = random.Random(5)
    vocabulary = [f"{chr(97 + n % 26)}word{n}" for n in range(20_000)]
    texts: list[str] = []
    for number in range(count):
        if number % 10 == 9:
            text = dice.choice(texts[-2_000:])
        else:
            text = " ".join(dice.choices(vocabulary, k=words))
            texts.append(text)
        now = datetime.now(UTC)
        clean = Clean(
            id=digest(f"{number}"), fetch_id=f"{digest(str(number))}:1", url=f"https://a{number % 50}.example/{number}",
            source=f"a{number % 50}.example", title=f"Title {number}", text=text, extractor="given", fetched_at=now,
            processed_at=now, language="en",
        )  # fmt: skip
        yield clean, make_sketch(clean)


async def main() -> None:
    """Fill the topic, start a worker, and print its processor time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=8_000)
    parser.add_argument("--words", type=int, default=260)
    arguments = parser.parse_args()
    settings = Settings()
    with RealKafka() as kafka, tempfile.TemporaryDirectory() as folder:
        settings.kafka.bootstrap, settings.kafka.partitions = kafka.bootstrap, 4
        await make_topics(settings)
        async with producing(settings.kafka, linger_ms=20, max_batch_size=1 << 20) as producer:
            for number, (clean, sketch) in enumerate(articles(arguments.articles, arguments.words)):
                await producer.send(RAW.name, b"{}", partition=number % 4)
                headers = [
                    ("ce_id", clean.fetch_id.encode()), ("ww_sketch", sketch),
                    ("ww_order", repr(time.time()).encode()), ("ww_origin", f"{number % 4}:{number // 4}".encode()),
                ]  # fmt: skip
                await producer.send(SKETCHED.name, encode(clean), key=clean.id.encode(), partition=0, headers=headers)
        with Worker(kafka.bootstrap, free_port(), Path(folder) / "worker.log", steps="dedup") as worker:
            async with consuming(settings.kafka) as consumer:
                before, done = (0.0, 0.0), 0
                while done < arguments.articles:
                    partitions = [
                        p for topic in (UNIQUE, DUPLICATES) for p in await partitions_of(consumer, topic.name)
                    ]
                    done = sum((await consumer.end_offsets(partitions)).values())
                    if done >= WARM and not before[0]:
                        before, warm, start = processor_seconds(worker.pid), done, time.perf_counter()
                    await asyncio.sleep(0.05)
            seconds, wall = processor_seconds(worker.pid)[0] - before[0], time.perf_counter() - start
            count = done - warm
            print(
                f"{count} articles of {arguments.words} words: {count / seconds:.0f} a second of processor time, "
                f"{count / wall:.0f} a second of wall time"
            )


if __name__ == "__main__":
    asyncio.run(main())
