"""Watchdogs of a worker: tasks beside its steps that look at Kafka, its disks and topics, and at the clock, until cancelled."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, Protocol

from streams.errors import ClockError
from streams.kafka.disk import disks
from streams.kafka.refusals import astray, refusal
from streams.metrics import Metrics
from streams.settings import Settings
from streams.step import AnyStep
from streams.system.log_filters import OncePerMinute
from streams.system.memory import killed, memory, named_memory
from streams.worker.needs import topic_faults
from streams.worker.room import too_small
from streams.worker.runner import StepRunner

logger = logging.getLogger("wirewatch.service")
hindrances = logging.getLogger("wirewatch.service.waits")
hindrances.addFilter(OncePerMinute())
memory_log = logging.getLogger("wirewatch.service.memory")
memory_log.addFilter(OncePerMinute())

#: How often the clock is looked at.
LOOK_SECONDS = 2.0
#: A clock that is set back by more than so many seconds is told of; less is what keeping time takes.
CLOCK_SECONDS = 10.0
#: How often the brokers are asked for the room on their disks.
DISK_SECONDS = 60.0
#: How often it is looked whether the topics are as the steps need them.
TOPICS_SECONDS = 60.0
#: How soon it is looked again where they are not.
LOOK_AGAIN_SECONDS = 10.0

Runner = StepRunner[object, object]


class WorkerView(Protocol):
    """The worker, as watchdogs see it: `wirewatch.service.Service`."""

    settings: Settings
    metrics: Metrics
    steps: list[AnyStep]
    runners: dict[str, Runner]
    failures: dict[str, str]
    shortage: str
    clock: Callable[[], float]

    @property
    def troubles(self) -> dict[str, str]:
        """Why steps do not go on, by their names."""

    @property
    def silent(self) -> dict[str, str]:
        """Steps that wait for Kafka, each with its silent broker."""


def watchdogs(worker: WorkerView) -> list[Coroutine[Any, Any, None]]:
    """Return the watchdogs of steps that run."""
    return [watch_kafka(worker), watch_disks(worker), watch_topics(worker), watch_clock(worker)]


async def watch_kafka(worker: WorkerView) -> None:
    """Show whether Kafka answers, and log which broker does not, and that it does again; until cancelled."""
    named: set[str] = set()
    while True:
        worker.metrics.kafka_up.set(not worker.silent)
        where, silent = worker.settings.kafka.bootstrap, worker.silent
        why = why_silent(worker)
        if {*silent.values(), why} - {*named, ""}:
            logger.error("%s", no_answer(where, silent, len(worker.runners), why))
            named |= {*silent.values(), why}
        elif named and not silent:
            named.clear()
            logger.warning("Kafka at %s answers again", where)
        await asyncio.sleep(1)


async def say_hindrances(worker: WorkerView) -> None:
    """Log the waits of steps that last too long, of those that have yet to join their groups too; until cancelled."""
    while True:
        waiting = {name: why for name, why in worker.troubles.items() if worker.failures.get(name) != why}
        if waiting:  # those that failed have a line of their own
            hindrances.error("Kafka answers, and yet: %s", "; ".join(f"{name}: {why}" for name, why in waiting.items()))
        await asyncio.sleep(1)


async def watch_memory(worker: WorkerView, root: Path = Path("/")) -> None:
    """Show the memory of this worker, and log and note for health that it is too small; until cancelled.

    It is where it has no room for the worker, and where the system kills processes for want of it.
    """
    before = await asyncio.to_thread(killed, root)
    seen = before
    if any(step.work for step in worker.steps):
        worker.shortage = too_small(models=any(step.load for step in worker.steps), root=root)
    if worker.shortage:
        logger.warning("%s", worker.shortage)
    while True:
        if (found := await asyncio.to_thread(memory, root)) is not None:
            worker.metrics.memory_limit.set(found.limit)
            worker.metrics.memory_used.set(found.used)
        await asyncio.sleep(LOOK_SECONDS)
        now = await asyncio.to_thread(killed, root)
        if now > seen:
            worker.metrics.memory_kills.inc(now - seen)
            seen = now
            worker.shortage = (
                f"{named_memory(root)} is too small: the system has killed processes of this worker for it "
                f"({now - before} so far). Raise it, or lower worker.processes"
            )
            memory_log.error("%s", worker.shortage)


async def watch_disks(worker: WorkerView) -> None:
    """Show the room on the brokers' disks, where they say it; until cancelled."""
    while True:
        try:
            for disk in await disks(worker.settings.kafka):
                worker.metrics.disk_total.labels(disk.broker).set(disk.total_bytes)
                worker.metrics.disk_usable.labels(disk.broker).set(disk.usable_bytes)
        except Exception as error:  # noqa: BLE001 - whatever a broker answers, it is asked again
            logger.debug("the brokers do not say how full their disks are: %s", error)
        await asyncio.sleep(DISK_SECONDS)


async def watch_clock(worker: WorkerView) -> None:
    """Start all steps anew where the clock is set back: what they wait for would be as far away again; until cancelled."""
    ahead = worker.clock() - time.monotonic()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        before, ahead = ahead, worker.clock() - time.monotonic()
        if before - ahead > CLOCK_SECONDS:
            for runner in worker.runners.values():
                runner.failure = runner.failure or ClockError(f"the clock was set back by {before - ahead:,.0f} s")


async def watch_topics(worker: WorkerView) -> None:
    """Say where a topic has gone, has no leader or has other partitions than those beside it; until cancelled.

    Messages in partitions that were added have no place for their state, or are read late, and nothing else shows it.
    A fault is one where the next look sees it too: while a broker ends, another becomes the leader.
    """
    before: dict[str, str] = {}
    while True:
        await asyncio.sleep(min(LOOK_AGAIN_SECONDS, TOPICS_SECONDS) if before else TOPICS_SECONDS)
        try:
            faults = await topic_faults(worker.settings.kafka, list(worker.runners.values()), led=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, they are looked at again
            logger.debug("topics cannot be looked at: %s", error)
            continue
        for name, runner in worker.runners.items():
            runner.fault = faults.get(name) if name in before else None
        before = faults


def why_silent(worker: WorkerView) -> str:
    """Return why Kafka lets a worker in no more, with advice; empty where it answers, or nothing says why it does not."""
    where, silent = worker.settings.kafka.bootstrap, worker.silent
    if worker.runners and not silent:
        return ""
    return refusal(",".join((where, *silent.values()))) or astray(where)


def no_answer(bootstrap: str, silent: Mapping[str, str], steps: int, why: str = "") -> str:
    """Return the line of the log on a Kafka at `bootstrap` that `silent` (broker by step) of so many steps wait for.

    `why` stands in the place of the brokers.
    """
    whom = "all steps" if len(silent) == steps else ", ".join(silent)
    brokers = sorted(set(silent.values()))
    verb = "wait" if len(silent) > 1 or len(silent) == steps else "waits"
    if why:
        return f"{why}; {whom} {verb}"
    if brokers == [bootstrap]:
        return f"Kafka at {bootstrap} does not answer; {whom} {verb} for it"
    noun, does = ("broker", "does") if len(brokers) == 1 else ("brokers", "do")
    return f"Kafka at {bootstrap}: the {noun} {', '.join(brokers)} {does} not answer; {whom} {verb}"
