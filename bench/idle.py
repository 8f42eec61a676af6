"""Processor time of workers that have nothing to do: `python -m bench.idle [--seconds 120] [--record]`.

One with all steps on a real Kafka, one without Kafka (`wirewatch run --data`), one after the other. Counted is the
processor time of the process and its children, which other work on the machine changes little.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from bench.measured import record, table
from streams.settings import Settings
from tests.support.flow import Worker, make_topics
from tests.support.real_kafka import RealKafka, free_port

#: What a start still does after it is ready.
SETTLE_SECONDS = 20.0
HEAD = ("worker", "its own process, s", "children, s", "cores")


def processor_seconds(pid: int) -> tuple[float, float]:
    """Return the processor time of a process itself, and of its children that live."""
    process = psutil.Process(pid)
    own = process.cpu_times()
    children = [child.cpu_times() for child in process.children(recursive=True)]
    return own.user + own.system, sum(times.user + times.system for times in children)


def measured(name: str, worker: Worker, seconds: float) -> Sequence[object]:
    """Return the row of a running worker."""
    worker.ready(180)
    time.sleep(SETTLE_SECONDS)
    before, start = processor_seconds(worker.pid), time.monotonic()
    time.sleep(seconds)
    after, took = processor_seconds(worker.pid), time.monotonic() - start
    own, children = ((after[at] - before[at]) * seconds / took for at in (0, 1))
    return name, f"{own:.2f}", f"{children:.2f}", f"{(own + children) / seconds:.4f}"


def main() -> None:
    """Measure both and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        with RealKafka() as kafka:
            settings = Settings()
            settings.kafka.bootstrap = kafka.bootstrap
            asyncio.run(make_topics(settings))
            with Worker(kafka.bootstrap, free_port(), Path(folder) / "kafka.log") as worker:
                name = f"all steps, {settings.kafka.partitions} partitions, on Kafka"
                rows.append(measured(name, worker, arguments.seconds))
        with Worker("", free_port(), Path(folder) / "laptop.log", data=Path(folder) / "data") as worker:
            rows.append(measured("all steps, without Kafka (`--data`)", worker, arguments.seconds))
    text = table(HEAD, rows)
    print(text)
    if arguments.record:
        said = f"Processor seconds within {arguments.seconds:.0f} s in which nothing comes.\n\n{text}"
        record("idle", "Idle workers", said, command="python -m bench.idle --record")


if __name__ == "__main__":
    main()
