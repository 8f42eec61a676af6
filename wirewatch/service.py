"""A worker process: its steps, its child processes, its HTTP server; started and stopped together."""

import asyncio
import contextlib
import logging
import platform
import time
from collections.abc import AsyncIterator, Callable, Sequence

from streams.errors import BrokerError
from streams.kafka.clients import consuming, partitions_of, producing
from streams.metrics import Metrics
from streams.settings import Settings
from streams.step import Settled, Step
from streams.topics import DEAD, RAW, KafkaTopic
from streams.worker.pool import WorkPool
from streams.worker.runner import StepRunner
from wirewatch import __version__

logger = logging.getLogger("wirewatch.service")

#: A step with work waiting that settles nothing for so long is stuck: the worker ends, so that others take over.
STUCK_SECONDS = 300.0


class Service:
    """The running steps of one worker, for the page, health and the terminal."""

    def __init__(self, settings: Settings, steps: Sequence[Step]) -> None:
        self.settings = settings
        self.steps = list(steps)
        self.metrics = Metrics()
        self.metrics.build_info.labels(__version__, platform.python_version()).set(1)
        self.runners: dict[str, StepRunner] = {}
        self.started = time.time()

    @property
    def ready(self) -> bool:
        """Whether every step has its partitions or stands by while another worker has them."""
        return bool(self.runners) and all(runner.joined for runner in self.runners.values())

    @property
    def failure(self) -> BaseException | None:
        """What made a step unable to go on, if anything did."""
        for runner in self.runners.values():
            if runner.failure is not None:
                return runner.failure
            if runner.totals.lag and time.monotonic() - runner.last_progress > STUCK_SECONDS:
                return BrokerError(
                    f"{runner.step.name}: {runner.totals.lag} messages wait and nothing has been settled"
                )
        return None

    @contextlib.asynccontextmanager
    async def running(
        self, on_settled: Callable[[Step, Settled], None] = lambda step, settled: None
    ) -> AsyncIterator["Service"]:
        """Start pool, producer and steps; stop them in the other order."""
        await require_topics(self.settings, topics_of(self.steps))
        needs_pool = any(step.work for step in self.steps)
        loads = [step.load for step in self.steps if step.load]
        worker = self.settings.worker
        pool = WorkPool(worker.processes, loads, worker.max_memory_mib) if needs_pool else None
        try:
            async with producing(
                self.settings.kafka, enable_idempotence=True, linger_ms=2, max_batch_size=1 << 20
            ) as producer:
                for step in self.steps:
                    own = pool if step.work else None
                    self.runners[step.name] = StepRunner(step, self.settings, self.metrics, own, producer, on_settled)
                try:
                    if pool is not None:
                        await pool.ready()
                    await asyncio.gather(*(runner.start() for runner in self.runners.values()))
                    yield self
                finally:
                    await asyncio.gather(*(runner.stop() for runner in self.runners.values()), return_exceptions=True)
        finally:
            if pool is not None:
                await asyncio.to_thread(pool.stop)

    async def watch(self) -> None:
        """Return when a step cannot go on."""
        while self.failure is None:  # noqa: ASYNC110 - a failure can also be that nothing happens
            await asyncio.sleep(1)


def topics_of(steps: Sequence[Step]) -> list[KafkaTopic]:
    """Return the topics without which steps cannot run."""
    return list(dict.fromkeys([RAW, DEAD, *(topic for step in steps for topic in (step.takes, *step.gives))]))


async def require_topics(settings: Settings, topics: Sequence[KafkaTopic] = (RAW,)) -> None:
    """Raise `BrokerError` where Kafka lacks one of the topics: nothing makes them with settings of its own."""
    async with consuming(settings.kafka) as consumer:
        for topic in topics:
            if not await partitions_of(consumer, topic.name):
                raise BrokerError(
                    f"Kafka at {settings.kafka.bootstrap} has no topic {topic.name}: "
                    "`wirewatch topics create` makes all that are missing"
                )
