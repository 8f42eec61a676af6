"""Put every kind of poison on every topic, an article behind each: `python -m bench.poison [--topic NAME …] [--record]`.

On a real Kafka with one worker of all steps. The kinds are those of `tests.support.poison`, over three hundred a topic. Says
for each topic how many were written, how many of the articles behind them came to the webhook and how soon the last did,
and how often a step was started anew; then the worker is started again on all of it, and the accounts are read.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bench.lab import Lab, until
from bench.measured import record, table
from streams.records import Raw
from streams.topics import TOPICS, KafkaTopic
from tests.support.flow import load, news, settled
from tests.support.own_records import with_digest
from tests.support.poison import kinds_for, write

HEAD = ("topic", "kinds", "articles behind", "told of", "the last after, s", "steps started anew")


def fresh() -> Iterator[Raw]:
    """Yield articles that are neither copies nor revisions, without end."""
    return (raw for number, raw in enumerate(news(1_000_000)) if number % 10 != 9 and number % 25 != 13)


def restarts(lab: Lab) -> int:
    """Return how often steps were started anew."""
    found = lab.workers[0].metrics()
    return int(sum(value for name, value in found.items() if name.startswith("wirewatch_step_restarts_total")))


def told(lab: Lab, articles: list[Raw]) -> int:
    """Return how many of the articles the webhook was told of."""
    seen = {receipt.body["data"]["article"]["url"] for receipt in list(lab.hook.receipts)}
    return sum(raw.url in seen for raw in articles)


async def poisoned(lab: Lab, topic: KafkaTopic, good: Iterator[Raw]) -> tuple[object, ...]:
    """Write each kind to a topic with an article behind it, and return the topic's row."""
    kinds = await kinds_for(lab.settings, topic)
    behind: list[Raw] = []
    refused = 0
    for kind in kinds:
        refused += len(write(lab.kafka.bootstrap, topic, [kind], lab.settings.kafka.partitions))
        behind.append(next(good))
        await load(lab.settings, behind[-1:])
    start = time.monotonic()
    await until(lambda: told(lab, behind) == len(behind), 300)
    took = time.monotonic() - start
    return topic.name, len(kinds) - refused, len(behind), told(lab, behind), f"{took:.1f}", restarts(lab)


async def main() -> None:
    """Run it all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--topic", action="append", choices=list(TOPICS))
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    good, rows = fresh(), []
    temporary = tempfile.TemporaryDirectory(prefix="wirewatch-digests-")  # it goes with the process
    async with Lab(tables=with_digest(Path(temporary.name) / "digests")) as lab:
        await asyncio.to_thread(lab.ready)
        first = [next(good) for _ in range(20)]
        await load(
            lab.settings, [*first, msgspec.structs.replace(first[0], url="https://copy.example/1"), b"no record"]
        )
        await until(lambda: told(lab, first) == len(first), 120)
        for name in arguments.topic or TOPICS:
            rows.append(await poisoned(lab, TOPICS[name], good))
            print(*rows[-1], sep="  ", flush=True)
        lab.workers[0].terminate()
        lab.workers[0].start()
        await asyncio.to_thread(lab.ready)
        last = [next(good) for _ in range(20)]
        await load(lab.settings, last)
        await until(lambda: told(lab, last) == len(last), 300)
        account = await settled(lab.settings, 300)
        said = (
            f"Started again on all of it, the worker told of {told(lab, last)} of {len(last)} articles; steps started anew "
            f"{restarts(lab)} times. Audit of {account.fetches:,} fetches: missing {len(account.missing)}, "
            f"double {len(account.double)}{'' if account.settled else ', not settled'}."
        )
    print(said, *account.missing[:20], *account.double[:20], sep="\n")
    if arguments.record:
        text = f"{table(HEAD, rows)}\n\n{said}"
        record("poison", "Poison on every topic", text, command="python -m bench.poison --record")


if __name__ == "__main__":
    asyncio.run(main())
