"""A worker process: its steps, its child processes, its HTTP server; started and stopped together.

A step that fails is started anew, after a wait that grows with each failure, and the others go on meanwhile.
"""

import asyncio
import contextlib
import logging
import platform
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

from aiokafka import AIOKafkaProducer

from streams.errors import BrokerAway, ClockError
from streams.kafka.clients import producing, require_topics
from streams.kafka.disk import disks
from streams.kafka.patience import SAY_SECONDS
from streams.kafka.quiet import OncePerMinute
from streams.metrics import Metrics
from streams.settings import Settings
from streams.step import AnyStep
from streams.topics import DEAD, RAW
from streams.waits import described
from streams.worker.needs import require_steps, topic_faults
from streams.worker.pool import WorkPool
from streams.worker.runner import StepRunner
from streams.worker.settling import OnSettled
from wirewatch import __version__

logger = logging.getLogger("wirewatch.service")
hindrances = logging.getLogger("wirewatch.service.waits")
hindrances.addFilter(OncePerMinute())

#: A step with work waiting that settles nothing for so long is stuck, and is started anew.
STUCK_SECONDS = 300.0
#: How often it is looked whether a step has failed.
LOOK_SECONDS = 2.0
#: The wait before a failed step is started anew: it doubles with each failure, and begins again after a good time.
FIRST_WAIT_SECONDS, MAX_WAIT_SECONDS, GOOD_SECONDS = 1.0, 60.0, 300.0

#: A clock that is set back by more than so many seconds is told of; less is what keeping time takes.
CLOCK_SECONDS = 10.0
#: How often the brokers are asked for the room on their disks.
DISK_SECONDS = 60.0
#: How often it is looked whether the topics are as the steps need them.
TOPICS_SECONDS = 60.0
#: How soon it is looked again where they are not.
LOOK_AGAIN_SECONDS = 10.0

Runner = StepRunner[object, object]


Before = Callable[[], Awaitable[None]]


async def nothing() -> None:
    """Do nothing before the steps start."""


class GrowingWait:
    """The waits before what has failed is started anew: each is twice the last, and after a good time the first again."""

    def __init__(self) -> None:
        self._wait, self._asked = FIRST_WAIT_SECONDS, time.monotonic()

    def next(self) -> float:
        """Return the next wait, in seconds."""
        if time.monotonic() - self._asked > GOOD_SECONDS:
            self._wait = FIRST_WAIT_SECONDS
        wait, self._wait = self._wait, min(2 * self._wait, MAX_WAIT_SECONDS)
        self._asked = time.monotonic()
        return wait


class Service:
    """The running steps of one worker, for the page, health and the terminal."""

    def __init__(self, settings: Settings, steps: Sequence[AnyStep], metrics: Metrics) -> None:
        self.settings = settings
        self.steps = list(steps)
        self.metrics = metrics
        self.metrics.build_info.labels(__version__, platform.python_version()).set(1)
        for step in steps:
            self.metrics.restarts.labels(step.name)
        self.runners: dict[str, Runner] = {}
        #: why each step that waits to be started anew has failed
        self.failures: dict[str, str] = {}
        self.started = time.time()
        #: the clock of the day
        self.clock: Callable[[], float] = time.time

    @property
    def ready(self) -> bool:
        """Whether every step has its partitions, or stands by while another worker has them, and Kafka answers."""
        joined = all(runner.joined for runner in self.runners.values())
        return bool(self.runners) and not self.troubles and joined and self.kafka_up

    @property
    def troubles(self) -> dict[str, str]:
        """Why steps do not go on, by their names: those that are to be started anew, and those that wait for too long."""
        waiting = {name: why for name, runner in self.runners.items() if (why := runner.hindrance) is not None}
        return {**self.failures, **waiting}  # what a step that is being started anew waits for is newer

    @property
    def kafka_up(self) -> bool:
        """Whether Kafka answers every step; one that waits to be started anew asks it nothing."""
        return not self.silent

    @property
    def silent(self) -> dict[str, str]:
        """Steps that wait for Kafka, each with its silent broker, or with Kafka's addresses where that is not known."""
        return {
            name: runner.app.coordinator or self.settings.kafka.bootstrap
            for name, runner in self.runners.items()
            if not runner.kafka_answers and (name not in self.failures or isinstance(runner.failure, BrokerAway))
        }

    @contextlib.asynccontextmanager
    async def running(
        self, on_settled: OnSettled = lambda step, settlement: None, before: Before = nothing
    ) -> AsyncIterator["Service"]:
        """Start pool, producer and steps; stop them in the other order.

        `before` is awaited once Kafka has the topics: no step takes a message until it is done.
        """
        needs_pool = any(step.work for step in self.steps)
        loads = [step.load for step in self.steps if step.load]
        worker = self.settings.worker
        pool = WorkPool(worker.processes, loads, worker.max_memory_mib) if needs_pool else None
        waiting = asyncio.ensure_future(self._say_waiting())
        try:
            async with producing(
                self.settings.kafka, enable_idempotence=True, linger_ms=2, max_batch_size=1 << 20
            ) as producer:
                waiting.cancel()
                self.metrics.kafka_up.set(1)  # it answered the producer: a worker that starts is no sign of an outage
                keepers: list[asyncio.Task[None]] = []
                try:
                    for step in self.steps:
                        self.runners[step.name] = self._runner(step, pool, producer, on_settled)
                    await require_topics(self.settings.kafka, [RAW, DEAD])
                    await require_steps(self.settings.kafka, list(self.runners.values()))
                    await asyncio.gather(before(), *([pool.ready()] if pool is not None else []))
                    keepers = [asyncio.ensure_future(self._say_hindrances())]
                    await asyncio.gather(*(runner.start() for runner in self.runners.values()))
                    keepers += [
                        asyncio.ensure_future(self._keep(step, pool, producer, on_settled)) for step in self.steps
                    ]
                    keepers.append(asyncio.ensure_future(self._watch_kafka()))
                    keepers.append(asyncio.ensure_future(self._watch_disks()))
                    keepers.append(asyncio.ensure_future(self._watch_topics()))
                    keepers.append(asyncio.ensure_future(self._watch_clock()))
                    yield self
                finally:
                    for keeper in keepers:
                        keeper.cancel()
                    await asyncio.gather(*keepers, return_exceptions=True)
                    await asyncio.gather(*(runner.stop() for runner in self.runners.values()), return_exceptions=True)
        finally:
            waiting.cancel()
            if pool is not None:
                await pool.stop()

    async def _say_waiting(self) -> None:
        """Log that Kafka does not answer, before whoever only shows something of it does."""
        await asyncio.sleep(SAY_SECONDS)
        bootstrap = self.settings.kafka.bootstrap
        logger.warning(
            "waiting for Kafka at %s, which has not answered for %g s; no step runs yet", bootstrap, SAY_SECONDS
        )

    async def keep_going(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do work beside the steps until cancelled; it is started anew whenever it fails. `name` stands in health."""
        waits = GrowingWait()
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
                self.failures[name] = f"{type(error).__name__}: {error}"
            wait = waits.next()
            logger.error("%s is started anew in %g s: %s", name, wait, self.failures.get(name, "it has ended"))
            await asyncio.sleep(wait)
            self.metrics.restarts.labels(name).inc()
            self.failures.pop(name, None)

    def _runner(
        self, step: AnyStep, pool: WorkPool | None, producer: AIOKafkaProducer, on_settled: OnSettled
    ) -> Runner:
        return StepRunner(step, self.settings, self.metrics, pool if step.work else None, producer, on_settled)

    async def _keep(
        self, step: AnyStep, pool: WorkPool | None, producer: AIOKafkaProducer, on_settled: OnSettled
    ) -> None:
        """Start a step anew whenever it fails or is stuck; until cancelled."""
        waits = GrowingWait()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            runner = self.runners[step.name]
            why = failure_of(runner)
            if why is None:
                continue
            wait = waits.next()
            self.failures[step.name] = why
            self.metrics.ready.labels(step.name).set(0)
            logger.error("%s is started anew in %g s: %s", step.name, wait, why)
            try:
                await runner.stop()
            except Exception:  # whatever is left of it, another one is started
                logger.exception("%s did not stop in order", step.name)
            await asyncio.sleep(wait)
            self.metrics.restarts.labels(step.name).inc()
            try:  # a file of its settings may be wrong by now
                self.runners[step.name] = runner = self._runner(step, pool, producer, on_settled)
                await runner.start()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
                runner.failure = error
                continue
            self.failures.pop(step.name, None)

    async def _watch_kafka(self) -> None:
        """Show whether Kafka answers, and log which broker does not, and that it does again; until cancelled."""
        named: set[str] = set()
        while True:
            self.metrics.kafka_up.set(self.kafka_up)
            where, silent = self.settings.kafka.bootstrap, self.silent
            if set(silent.values()) - named:
                logger.error("%s", no_answer(where, silent, len(self.runners)))
                named |= set(silent.values())
            elif named and not silent:
                named.clear()
                logger.warning("Kafka at %s answers again", where)
            await asyncio.sleep(1)

    async def _say_hindrances(self) -> None:
        """Log what steps wait for too long, those that have yet to join their groups too; until cancelled."""
        while True:
            waiting = {name: why for name, why in self.troubles.items() if self.failures.get(name) != why}
            if waiting:  # those that failed have a line of their own
                hindrances.error(
                    "Kafka answers, and yet: %s", "; ".join(f"{name}: {why}" for name, why in waiting.items())
                )
            await asyncio.sleep(1)

    async def _watch_disks(self) -> None:
        """Show the room on the brokers' disks, where they say it; until cancelled."""
        while True:
            try:
                for disk in await disks(self.settings.kafka):
                    self.metrics.disk_total.labels(disk.broker).set(disk.total_bytes)
                    self.metrics.disk_usable.labels(disk.broker).set(disk.usable_bytes)
            except Exception as error:  # noqa: BLE001 - whatever a broker answers, it is asked again
                logger.debug("the brokers do not say how full their disks are: %s", error)
            await asyncio.sleep(DISK_SECONDS)

    async def _watch_clock(self) -> None:
        """Start all steps anew where the clock is set back: what they wait for would be as far away again; until cancelled."""
        ahead = self.clock() - time.monotonic()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            before, ahead = ahead, self.clock() - time.monotonic()
            if before - ahead > CLOCK_SECONDS:
                for runner in self.runners.values():
                    runner.failure = runner.failure or ClockError(f"the clock was set back by {before - ahead:,.0f} s")

    async def _watch_topics(self) -> None:
        """Say where a topic has gone, has no leader or has other partitions than those beside it; until cancelled.

        Messages in partitions that were added have no place for their state, or are read late, and nothing else shows it.
        A fault is one where the next look sees it too: while a broker ends, another becomes the leader.
        """
        before: dict[str, str] = {}
        while True:
            await asyncio.sleep(min(LOOK_AGAIN_SECONDS, TOPICS_SECONDS) if before else TOPICS_SECONDS)
            try:
                faults = await topic_faults(self.settings.kafka, list(self.runners.values()), led=True)
            except Exception as error:  # noqa: BLE001 - whatever it is, they are looked at again
                logger.debug("topics cannot be looked at: %s", error)
                continue
            for name, runner in self.runners.items():
                runner.fault = faults.get(name) if name in before else None
            before = faults


def no_answer(bootstrap: str, silent: Mapping[str, str], steps: int) -> str:
    """Return the line of the log on a Kafka at `bootstrap` that `silent` (broker by step) of so many steps wait for."""
    whom = "all steps" if len(silent) == steps else ", ".join(silent)
    brokers = sorted(set(silent.values()))
    verb = "wait" if len(silent) > 1 or len(silent) == steps else "waits"
    if brokers == [bootstrap]:
        return f"Kafka at {bootstrap} does not answer; {whom} {verb} for it"
    noun, does = ("broker", "does") if len(brokers) == 1 else ("brokers", "do")
    return f"Kafka at {bootstrap}: the {noun} {', '.join(brokers)} {does} not answer; {whom} {verb}"


def failure_of(runner: Runner) -> str | None:
    """Return why a step cannot go on, or None."""
    if runner.failure is not None:
        return f"{type(runner.failure).__name__}: {runner.failure}"
    if runner.app.should_stop:
        reason = runner.app.crash_reason
        return "Faust stopped its app" + (f": {described(reason)}" if reason is not None else "")
    if runner.idle_seconds > STUCK_SECONDS:
        return f"{runner.totals.lag} messages wait and nothing has been settled for {runner.idle_seconds:.0f} s"
    return None
