"""Ten minutes at 20 articles a second, to a receiver that comes and goes: `python -m bench.soak [--record]`.

On a real Kafka with one worker of all steps; every article raises an alert. The webhook takes alerts for two minutes and
answers 503 for the next half, again and again. Prints quantiles of the time from an article's arrival in news.raw to the
complete request that was taken: for articles that came while the webhook was up, and for those of them that came after
it had all that had waited; how long it took to have that; what came twice or never; and the slope of the worker's memory.

Each article is news, so that all states grow until they are at their bounds, in days as these are set. Here they are set
so low that the articles before those that are measured fill them (`--fill`). Their number is that of the widest bound that
has no setting: how common words are is told from 60,000 articles. They come as fast as the worker tells of them. The slope
is that of the second half: what memory grows by then is no state.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import islice

import numpy as np
import psutil

from bench.alerts import articles, feed
from bench.lab import Lab, until
from bench.measured import record, table
from tests.support.hooks import Hook

UP_SECONDS, DOWN_SECONDS = 120.0, 30.0
SAMPLE_SECONDS = 5.0
#: Articles before those that are measured, which fill the states; how many are sent together and at how many a second, while
#: so many at most are not yet told of.
FILL_ARTICLES, FILL_CHUNK, FILL_RATE, FILL_OPEN = 61_000, 500, 1_000.0, 2_000
#: Bounds that so many articles reach.
DELIVER = "ledger_hours = 0.04\n"
TABLES = """
[clean]
max_revisions = 500
[dedup]
max_articles = 2000
[stories]
max_stories = 2000
[trends]
max_keys = 2000
[digest]
max_stories = 2000
"""
REFUSED, TAKEN = 503, 200


async def come_and_go(hook: Hook, phases: list[tuple[float, float]]) -> None:
    """Let the webhook take alerts and refuse them in turns; note each time (from, to) in which it took them."""
    while True:
        hook.status = TAKEN
        began = time.time()
        try:
            await asyncio.sleep(UP_SECONDS)
        finally:
            phases.append((began, time.time()))
        hook.status = REFUSED
        await asyncio.sleep(DOWN_SECONDS)


async def fill_states(lab: Lab, count: int) -> None:
    """Send articles as fast as the worker tells of them, so that no alert waits too long."""
    found = articles(None, count)
    for sent in range(0, count, FILL_CHUNK):
        await until(lambda sent=sent: len(lab.hook.ids) >= sent - FILL_OPEN, 600)  # type: ignore[misc]
        await feed(lab.settings, islice(found, FILL_CHUNK), FILL_RATE, {})
        size = psutil.Process(lab.workers[0].pid).memory_info().rss / 2**20
        print(f"{min(sent + FILL_CHUNK, count)} of {count} sent, the worker has {size:.0f} MiB", file=sys.stderr)
    await until(lambda: len(lab.hook.ids) >= count, 600)


async def memory(pid: int, samples: list[tuple[float, float, float]]) -> None:
    """Sample time, and MiB of a process alone and with its children."""
    process = psutil.Process(pid)
    while True:
        sizes = [p.memory_info().rss / 2**20 for p in [process, *process.children(recursive=True)] if p.is_running()]
        samples.append((time.time(), sizes[0], sum(sizes)))
        await asyncio.sleep(SAMPLE_SECONDS)


def slope(samples: Sequence[tuple[float, float, float]], column: int) -> str:
    """Return MiB at the end and MiB a minute, by least squares over the second half."""
    counted = samples[len(samples) // 2 :]
    minutes = [(sample[0] - samples[0][0]) / 60 for sample in counted]
    fitted = np.polyfit(minutes, [sample[column] for sample in counted], 1)
    return f"{counted[-1][column]:.0f} MiB, {fitted[0]:+.2f} MiB a minute"


def quantiles(name: str, seconds: Sequence[float]) -> tuple[object, ...]:
    """Return a row: how many, and milliseconds at the quantiles."""
    ordered = sorted(seconds)
    cells = [ordered[min(len(ordered) - 1, int(len(ordered) * q))] for q in (0.5, 0.95, 0.99)]
    return name, len(ordered), *(f"{1000 * cell:.0f}" for cell in [*cells, ordered[-1]])


def caught_up(phases: Sequence[tuple[float, float]], arrived: dict[str, float], taken: dict[str, float]) -> list[float]:
    """Return for each time of being up when all that had come before it was taken."""
    return [
        max([began, *(taken[article] for article, at in arrived.items() if at < began and article in taken)])
        for began, _ in phases
    ]


async def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--rate", type=float, default=20.0)
    parser.add_argument("--fill", type=int, default=FILL_ARTICLES, help="articles before those that are measured")
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    count, fill = int(arguments.rate * arguments.seconds), arguments.fill
    phases: list[tuple[float, float]] = []
    samples: list[tuple[float, float, float]] = []
    arrived: dict[str, float] = {}
    async with Lab(deliver=DELIVER, tables=TABLES) as lab:
        await asyncio.to_thread(lab.ready)
        await fill_states(lab, fill)
        before = len(lab.hook.receipts)
        beside = [
            asyncio.ensure_future(come_and_go(lab.hook, phases)),
            asyncio.ensure_future(memory(lab.workers[0].pid, samples)),
        ]
        await feed(lab.settings, articles(None, fill + count, skip=fill), arguments.rate, arrived)
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        lab.hook.status = TAKEN
        await until(lambda: len(lab.hook.ids) >= fill + count, 120)
        receipts = [receipt for receipt in lab.hook.receipts[before:] if receipt.status == TAKEN]
    taken = {receipt.body["data"]["article"]["id"]: receipt.at for receipt in reversed(receipts)}
    twice = sum(times > 1 for times in Counter(receipt.webhook_id for receipt in receipts).values())
    up = [a for a, at in arrived.items() if a in taken and any(began <= at < ended for began, ended in phases)]
    ready = caught_up(phases, arrived, taken)
    calm = [a for a in up if any(done <= arrived[a] < end for done, (_, end) in zip(ready, phases, strict=True))]
    rows = [
        quantiles("came while it was up", [taken[a] - arrived[a] for a in up if taken[a] < end_of(phases, arrived[a])]),
        quantiles(
            "after it had what had waited",
            [taken[a] - arrived[a] for a in calm if taken[a] < end_of(phases, arrived[a])],
        ),
    ]
    behind = ", ".join(f"{done - began:.1f}" for done, (began, _) in list(zip(ready, phases, strict=True))[1:])
    text = (
        table(("articles", "n", "p50, ms", "p95", "p99", "slowest"), rows)
        + f"\n\n{len(arrived)} articles at {arguments.rate:g} a second, {len(arrived) - len(taken)} never told of, "
        f"{twice} taken twice. All that had waited was taken {behind or '-'} s after the receiver was back. "
        f"Memory over the second half, with its states full: the worker {slope(samples, 1)}; "
        f"with its children {slope(samples, 2)}."
    )
    print(text)
    if arguments.record:
        record("soak", "Soak", text, command="python -m bench.soak --record")


def end_of(phases: Sequence[tuple[float, float]], at: float) -> float:
    """Return when the time of being up ended in which a moment lies."""
    return next((ended for began, ended in phases if began <= at < ended), at)


if __name__ == "__main__":
    asyncio.run(main())
