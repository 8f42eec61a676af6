"""A step on one worker: its messages, work, state, timers and companion, put together over Kafka.

Messages flow through three tasks with bounded room between them:

1. Faust's fetcher gives what it has fetched to the step's `Intake` (bounded in bytes: what does not fit stays in Kafka,
   so a lagging worker's memory stays flat);
2. chunks go to child processes, as many at a time as there are processes and one waiting for each, or to the step's own
   thread where the work needs a state that each child would need a copy of (`Chunks`, `Compute`);
3. finished chunks are settled in the order in which they were taken, or messages in the order in which their articles
   arrived (`OrderedSettling`): changes of state, then outputs, and when the broker has confirmed both the messages are
   acknowledged and counted (`Settling`).
"""

import asyncio
import logging
import time
from collections.abc import Iterable
from typing import Generic

from aiokafka import AIOKafkaProducer, ConsumerRecord

from streams.kafka.apps import finish, new_app
from streams.kafka.bulk import BULK
from streams.kafka.clients import consuming
from streams.kafka.lag import positions
from streams.kafka.messages import message_of
from streams.kafka.producer import KafkaPublisher
from streams.metrics import Metrics
from streams.settings import Settings
from streams.step import Backlogged, Companion, Step, Surroundings
from streams.system.awake import seconds_awake_or_asleep
from streams.topics import KafkaTopic
from streams.waits import Waits
from streams.work import Product, Task
from streams.worker.chunks import Chunks
from streams.worker.compute import Compute
from streams.worker.fence import Claims
from streams.worker.gauges import Gauges
from streams.worker.intake import Intake
from streams.worker.offsets import EntryOffsets
from streams.worker.ordered import OrderedSettling, WaitingMessage
from streams.worker.pool import WorkPool
from streams.worker.recovery import Recovery, state_logs
from streams.worker.settling import OnSettled, Settling, Totals
from streams.worker.state import StateLog, StateTooOld
from streams.worker.step_tasks import StepTasks

logger = logging.getLogger("wirewatch.worker")

#: How long a stop may take: what is begun is finished in its first part.
STOP_SECONDS, DRAIN_SECONDS = 9.0, 5.0
#: How often it is looked for new partitions, and the gauges are set.
LOOK_SECONDS = 1.0


class StepRunner(Generic[Task, Product]):
    """One step on one worker."""

    def __init__(
        self,
        step: Step[Task, Product],
        settings: Settings,
        metrics: Metrics,
        pool: WorkPool | None,
        producer: AIOKafkaProducer,
        on_settled: OnSettled = lambda step, settlement: None,
    ) -> None:
        self.step = step
        self.joined = False
        #: what is wrong with its topics
        self.fault: str | None = None
        self.app = new_app(step.group(settings), settings, [topic.name for topic in step.takes])
        self.app.owner = self
        self._settings = settings
        self._metrics = metrics
        self._settler = step.settler(settings)
        self._waits = Waits()
        claims = Claims(producer)
        self._publisher = KafkaPublisher(step.name, producer, self._waits, claims.headers)
        self._intake = Intake(settings.worker.buffer_mib * 1024 * 1024, self._finish)
        retries = metrics.retries.labels(step.name)
        self._compute = Compute(step, self._settler, settings, pool, retries.inc)
        self._settling = Settling(
            step, self._settler, self._intake, self._publisher, metrics, on_settled, lambda: self.app.in_session
        )
        self._ordered: OrderedSettling[Task, Product] | None = None
        if step.ordering is not None:
            self._ordered = OrderedSettling(
                step.ordering, settings, self._intake, self._compute, self._settling, metrics
            )
        states = state_logs(
            step.name, settings, metrics, self._settler.states, self._restore, self._settler.restore_late
        )
        claiming = None if settings.kafka.journal else claims  # a laptop's only worker is this one: nobody else claims
        self._recovery = Recovery(
            step.name, states, metrics, self._intake, self._waits, claiming, lambda: self.app.in_session
        )
        self._followed = state_logs(step.name, settings, metrics, self._settler.follows, self._settler.restore)
        self._tasks = StepTasks(step.name, self._waits, self._intake.abandon)
        self.companion: Companion | None = self._settler.companion(
            Surroundings(settings, metrics, self._publisher, self)
        )

    @property
    def failure(self) -> BaseException | None:
        """The error by which the step is to be started anew; None while it goes on."""
        return self._tasks.failure

    @failure.setter
    def failure(self, error: BaseException | None) -> None:
        self._tasks.failure = error

    @property
    def beside(self) -> list[KafkaTopic]:
        """The topics whose partitions lie beside each other: inputs and states."""
        return [*self.step.takes, *self._settler.states]

    @property
    def topics(self) -> list[KafkaTopic]:
        """All topics without which the step cannot run."""
        step = self.step
        ordering = [step.ordering.entry, step.ordering.marks] if step.ordering else []
        return [*self.beside, *step.gives, *self._settler.follows, *ordering, *([step.marks] if step.marks else [])]

    @property
    def totals(self) -> Totals:
        """Counts of the step since its start."""
        totals = self._settling.totals
        totals.taken = self._intake.taken
        return totals

    @property
    def idle_seconds(self) -> float:
        """How long nothing has been settled although messages wait."""
        return time.time() - self._settling.last_progress if self.totals.lag else 0.0

    @property
    def kafka_answers(self) -> bool:
        """Whether Kafka has answered lately."""
        return self.app.kafka_answers

    @property
    def hindrance(self) -> str | None:
        """The wait that keeps the step from going on, for too long, though Kafka answers; None where it goes on."""
        return (self.fault or self._waits.hindrance) if self.kafka_answers else None

    @property
    def in_session(self) -> bool:
        """Whether the group surely counts this worker as a member (see `streams.step.Ownership`)."""
        return self.app.in_session

    def holds(self, partition: int) -> bool:
        """Return whether a partition is surely this worker's still (see `streams.step.Ownership`)."""
        return partition in self._intake.partitions and self.app.in_session and not self.app.rebalancing

    async def start(self) -> None:
        """Recover the followed topics, start the tasks, then join the consumer group."""
        self._metrics.ready.labels(self.step.name).set(0)  # it may wait for its group without an end
        for log in self._followed:
            await log.catch_up(None)
        await self._compute.absorb(self._metrics)
        self._tasks.begin(self._settle_in_order if self._ordered is not None else self._chunks)
        for log in self._followed:
            self._tasks.begin(lambda log=log: self._follow(log))  # type: ignore[misc]
        if self.companion is not None:
            self._tasks.begin(self.companion.run)
        self.app.in_worker = True
        self.app.heartbeat_at = seconds_awake_or_asleep()
        await self.app.start()
        self._tasks.begin(self._look_after)

    async def stop(self) -> None:
        """Leave the group with begun work finished; other messages are delivered again to others."""
        begun = time.monotonic()
        end, drained = begun + STOP_SECONDS, begun + DRAIN_SECONDS
        self._intake.close()
        if self._ordered is not None:
            self._ordered.give_up()
        if self.companion is not None:
            await self._tasks.until(drained, self.companion.pause(), "its companion's work")
        if self.kafka_answers and self.failure is None:
            await self._tasks.until(drained, self._intake.drained(), "its begun messages")
        await self._tasks.end(end)
        BULK.forget(self)  # once `_look_after` notes it no more
        self._intake.abandon()
        if self.companion is not None:
            await self._tasks.until(end, self.companion.close(), "its companion")
        self._compute.close()
        if self.app.started:
            await self._tasks.until(end, self.app.stop(), "Faust")

    async def take(self, records: Iterable[ConsumerRecord[bytes, bytes]]) -> None:
        """Take one fetch's messages of one partition; its state is recovered first."""
        epoch = self._intake.epoch
        for record in records:
            if epoch == self._intake.epoch and record.partition not in self._intake.partitions:
                others = set() if self.app.rebalancing else positions(self.app)[0]
                await self._recover({record.partition, *others})
            if epoch != self._intake.epoch or self.failure is not None:
                return  # its partition went away meanwhile, and so is its state to be read by the next owner
            await self._intake.put(message_of(record), epoch)

    async def drain(self) -> None:
        """Finish begun work before partitions go to another worker, and leave the rest to it.

        A step that fails, before this or meanwhile, finishes nothing any more: Faust, which waits for this, would never end.
        """
        self._recovery.note_left(self.app.heartbeat_at)
        self._intake.give_up()
        if self._ordered is not None:
            self._ordered.give_up()
        if self.companion is not None:
            await self.companion.pause()
        await self._intake.drained()

    def refused(self, noun: str, error: BaseException) -> None:
        """Note that Kafka answers and does not give something; it is asked again."""
        self._waits.failed(noun, error)

    def answered_again(self) -> None:
        """Note that Kafka answers after it had not: waits of the meantime are no hindrance any more."""
        self._waits.begin_anew()

    def excuse(self) -> None:
        """Note that nothing can go on anywhere, as where a laptop's disk is full: this step is not stuck by itself."""
        self._settling.last_progress = time.time()

    # -- tasks

    async def _chunks(self) -> None:
        chunks = Chunks(
            self.step, self._settler, self._intake, self._compute, self._settling, lambda: self.app.rebalancing
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(chunks.dispatch())
            group.create_task(chunks.settle())

    async def _settle_in_order(self) -> None:
        assert self._ordered is not None
        assert self.step.ordering is not None
        async with consuming(self._settings.kafka, fetch_max_wait_ms=100, max_partition_fetch_bytes=1) as consumer:
            offsets: EntryOffsets[WaitingMessage] = EntryOffsets(
                consumer, self.step.ordering.entry, self._settings.kafka
            )
            await self._ordered.run(offsets)

    async def _follow(self, log: StateLog) -> None:
        async for _ in log.follow():
            await self._compute.absorb(self._metrics)

    async def _look_after(self) -> None:
        """Recover new partitions, and keep the gauges true."""
        gauges = Gauges(self._metrics, self.step.name)
        while True:
            partitions, lag = positions(self.app)
            if not partitions <= self._intake.partitions:
                await self._recover_new()
                partitions, lag = positions(self.app)
            self._settling.totals.lag = lag
            self._note_lag()
            self.joined = self.app.rebalancing_count > 0 and not self.app.rebalancing and self.kafka_answers
            if not self._settling.totals.lag or not self.kafka_answers:
                self._settling.last_progress = time.time()
            companion = self.companion.waiting if isinstance(self.companion, Backlogged) else 0
            gauges.lag.set(self._settling.totals.lag + companion)
            gauges.buffered.set(self._intake.buffer.bytes)
            gauges.ready.set(bool(partitions) and self.kafka_answers and self.hindrance is None)
            gauges.show_missed(self.app)
            await asyncio.sleep(LOOK_SECONDS)

    def _note_lag(self) -> None:
        """Report the lag of a step that computes; waits for times or for others are no work of this worker."""
        step, lag = self.step, self._settling.totals.lag
        takes, gives = ([topic.name for topic in topics] for topics in (step.takes, step.gives))
        BULK.note(self, takes, gives, lag if step.work is not None else 0)

    # -- state

    async def _recover_new(self) -> None:
        """Recover the partitions that have become this worker's; which they are is asked anew after each time: it may be long."""
        while not self.app.rebalancing and (new := positions(self.app)[0] - self._intake.partitions):
            if not await self._recover(new):
                return

    async def _recover(self, partitions: set[int]) -> bool:
        """Recover partitions that have become this worker's, and let the companion begin with them; return whether any has."""
        if self.failure is not None:
            return False
        try:
            recovered = await self._recovery.recover(partitions)
        except StateTooOld as error:
            self._tasks.fail(error)
            return False
        if self.companion is not None:
            for partition in sorted(recovered):
                self.companion.resume(partition)
        return bool(recovered)

    def _restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        if self._ordered is not None and self._ordered.restore(key, value):
            return
        self._settler.restore(topic, key, value)

    def _finish(self, topic: str, partition: int, offset: int) -> None:
        finish(self.app, topic, partition, offset)
