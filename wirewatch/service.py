"""A worker process: its steps, its child processes, its HTTP server; started and stopped together.

A step that fails is started anew, after a wait that grows with each failure, and the others go on meanwhile.
"""

import asyncio
import contextlib
import logging
import platform
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from aiokafka import AIOKafkaProducer

from streams.errors import BrokerAway
from streams.kafka.clients import producing, require_topics
from streams.kafka.patience import SAY_SECONDS
from streams.metrics import Metrics
from streams.settings import Settings
from streams.step import AnyStep
from streams.topics import DEAD, RAW
from streams.waits import described
from streams.worker.needs import require_steps
from streams.worker.pool import WorkPool
from streams.worker.recovery import AWAY
from streams.worker.runner import StepRunner
from streams.worker.settling import OnSettled
from wirewatch import __version__
from wirewatch.watchdogs import Runner, say_hindrances, watch_memory, watchdogs, why_silent

logger = logging.getLogger("wirewatch.service")

#: A step with work waiting that settles nothing for so long is stuck, and is started anew.
STUCK_SECONDS = 300.0
#: How often it is looked whether a step has failed.
LOOK_SECONDS = 2.0
#: The wait before a failed step is started anew; it doubles with each failure up to the second.
FIRST_WAIT_SECONDS, MAX_WAIT_SECONDS = 1.0, 60.0
#: After so long without a failure it begins again with the first wait.
GOOD_SECONDS = 300.0
#: The same where Kafka did not answer: a step that failed again and again meanwhile would stand for a minute after its return.
AWAY_WAIT_SECONDS = 2.0

Before = Callable[[], Awaitable[None]]


async def nothing() -> None:
    """Do nothing before the steps start."""


class GrowingWait:
    """The waits before failed work is started anew: each is twice the last, and after a good time the first again."""

    def __init__(self) -> None:
        self._wait, self._asked = FIRST_WAIT_SECONDS, time.monotonic()

    def next(self, failure: BaseException | None = None) -> float:
        """Return the next wait, in seconds; a short one where it only failed because Kafka did not answer."""
        if isinstance(failure, AWAY):
            return AWAY_WAIT_SECONDS
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
            self.metrics.expired.labels(step.name)
            self.metrics.lost.labels(step.name)
            # a worker that starts, or waits for Kafka, runs it all the same
            self.metrics.ready.labels(step.name).set(0)
        self.runners: dict[str, Runner] = {}
        #: why each step that waits to be started anew has failed
        self.failures: dict[str, str] = {}
        #: which memory is too small, where it has no room for this worker or the system has killed processes for want of it
        self.shortage = ""
        self.started = time.time()
        metrics.started.set(self.started)
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
        """The steps that wait for Kafka, each with its silent broker, or else with Kafka's addresses."""
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
        pool = WorkPool.of(self.steps, self.settings) if needs_pool else None
        memory = asyncio.ensure_future(watch_memory(self))  # models are being loaded, and take the most
        waiting = asyncio.ensure_future(self._say_waiting())
        try:
            async with producing(
                self.settings.kafka, enable_idempotence=True, linger_ms=2, max_batch_size=1 << 20
            ) as producer:
                waiting.cancel()
                self.metrics.kafka_up.set(1)  # it answered the producer: a worker that starts is no sign of an outage
                keepers: list[asyncio.Task[None]] = []
                try:
                    steps = [StepKeeper(self, step, pool, producer, on_settled) for step in self.steps]
                    await require_topics(self.settings.kafka, [RAW, DEAD])
                    await require_steps(self.settings.kafka, list(self.runners.values()))
                    await asyncio.gather(before(), *([pool.ready()] if pool is not None else []))
                    keepers = [asyncio.ensure_future(say_hindrances(self))]
                    await asyncio.gather(*(runner.start() for runner in self.runners.values()))
                    beside = [*(step.keep() for step in steps), *watchdogs(self)]
                    keepers += [asyncio.ensure_future(work) for work in beside]
                    yield self
                finally:
                    for keeper in keepers:
                        keeper.cancel()
                    await asyncio.gather(*keepers, return_exceptions=True)
                    await asyncio.gather(*(runner.stop() for runner in self.runners.values()), return_exceptions=True)
        finally:
            waiting.cancel()
            memory.cancel()
            if pool is not None:
                await pool.stop()

    async def _say_waiting(self) -> None:
        """Log that Kafka does not answer, before whoever only shows something of it does."""
        await asyncio.sleep(SAY_SECONDS)
        bootstrap = self.settings.kafka.bootstrap
        logger.warning(
            "waiting for Kafka at %s, which has not answered for %g s; no step runs yet%s",
            *(bootstrap, SAY_SECONDS, f": {why}" if (why := why_silent(self)) else ""),
        )

    async def keep_going(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do work beside the steps until cancelled; it is started anew whenever it fails. `name` stands in health."""
        waits = GrowingWait()
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
                self.failures[name] = described(error)
            wait = waits.next()
            logger.error("%s is started anew in %g s: %s", name, wait, self.failures.get(name, "it has ended"))
            await asyncio.sleep(wait)
            self.metrics.restarts.labels(name).inc()
            self.failures.pop(name, None)


class StepKeeper:
    """Starts a step, and starts it anew whenever it fails or is stuck."""

    def __init__(
        self,
        service: Service,
        step: AnyStep,
        pool: WorkPool | None,
        producer: AIOKafkaProducer,
        on_settled: OnSettled,
    ) -> None:
        self._service = service
        self._step = step
        self._pool = pool if step.work else None
        self._producer = producer
        self._on_settled = on_settled
        self._replace()

    async def keep(self) -> None:
        """Look after the started step until cancelled."""
        name, service, waits = self._step.name, self._service, GrowingWait()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            runner = service.runners[name]
            why = failure_of(runner)
            if why is None:
                continue
            wait = waits.next(runner.failure)
            service.failures[name] = why
            service.metrics.ready.labels(name).set(0)
            logger.error("%s is started anew in %g s: %s", name, wait, why)
            try:
                await runner.stop()
            except Exception:  # whatever is left of it, another one is started
                logger.exception("%s did not stop in order", name)
            await asyncio.sleep(wait)
            service.metrics.restarts.labels(name).inc()
            try:  # a file of its settings may be wrong by now
                runner = self._replace()
                await runner.start()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
                runner.failure = error
                continue
            service.failures.pop(name, None)

    def _replace(self) -> Runner:
        """Make the step's runner; it takes the place of the one before."""
        service = self._service
        runner = StepRunner(self._step, service.settings, service.metrics, self._pool, self._producer, self._on_settled)
        service.runners[self._step.name] = runner
        return runner


def failure_of(runner: Runner) -> str | None:
    """Return why a step cannot go on, or None."""
    if runner.failure is not None:
        return described(runner.failure)
    if runner.app.should_stop:
        reason = runner.app.crash_reason
        return "Faust stopped its app" + (f": {described(reason)}" if reason is not None else "")
    if runner.idle_seconds > STUCK_SECONDS:
        return f"{runner.totals.lag} messages wait and nothing has been settled for {runner.idle_seconds:.0f} s"
    return None
