"""Faust's part: one app, so one consumer group, for each step.

Faust gives the consumer groups, their rebalances, offsets that are committed only up to the first unacknowledged
message, and flow control. Messages do not go through its streams: they cost two tasks and a queue each there, and here
what one fetch brought is taken at once (docs/decisions/plumbing.md).
"""

import asyncio
import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, cast

import faust
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import ConsumerStoppedError, KafkaConnectionError, KafkaError, TopicAuthorizationFailedError
from faust.sensors import Monitor
from faust.tables.manager import TableManager
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerT, Message, TransportT
from mode import Service, ServiceT
from mode.utils.futures import notify

from streams.kafka.away import learn_leaders
from streams.kafka.batches import skipped
from streams.kafka.clients import METADATA_SECONDS, READ_COMMITTED
from streams.kafka.expired import count_expired, say_expired
from streams.kafka.heartbeats import note_heartbeats
from streams.kafka.identity import Identity
from streams.kafka.pace import patient
from streams.kafka.rights import REFUSED_SECONDS, ask_again, wanted
from streams.system.awake import seconds_awake_or_asleep

#: The longest time between two heartbeats: how soon it is seen that Kafka does not answer.
MAX_HEARTBEAT_SECONDS = 3.0
#: Heartbeats that may be missing before Kafka counts as away, and what the answer to the last may take.
MISSING_HEARTBEATS, ANSWER_SECONDS = 3, 2.0
#: How long the thread of a consumer is asked for messages at once, and how often it looks whether a rebalance has begun.
ASK_SECONDS, LOOK_SECONDS = 10.0, 1.0
#: Where nothing comes an event loop wakes this often, beside heartbeats.
AWAKE_SECONDS = 5.0
#: How often a starting app is asked whether its topics are known.
START_SECONDS = 0.01

logger = logging.getLogger("wirewatch.engine")

Records = Iterable[ConsumerRecord[bytes, bytes]]


class Owner(Protocol):
    """The step that an app carries."""

    async def take(self, records: Records) -> None:
        """Take one fetch's messages of one partition, in order; waits while there is no room."""

    async def drain(self) -> None:
        """Finish begun work before partitions go to another worker, and leave the rest to it."""

    def refused(self, noun: str, error: BaseException) -> None:
        """Note that Kafka answers and does not give something; it is asked again."""

    def answered_again(self) -> None:
        """Note that Kafka answers after it had not."""


class _ConsumerThread(driver.AIOKafkaConsumerThread):
    """Faust's consumer, with a fetch wait that is a setting: Faust asks for 1.5 s, the embedded broker takes it all."""

    def _create_worker_consumer(self, transport: driver.Transport) -> AIOKafkaConsumer:
        app: StepApp = transport.app  # type: ignore[assignment]
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = int(app.fetch_wait_seconds * 1000)  # noqa: SLF001 - no option of Faust's
        consumer._isolation_level = READ_COMMITTED  # noqa: SLF001 - Faust's option brings producers of its own with it
        if app.several_topics:  # the same partitions of all topics to the same worker
            consumer._partition_assignment_strategy = (RangePartitionAssignor,)  # noqa: SLF001
        return consumer

    async def on_start(self) -> None:
        """Start, with the changes of the consumer that aiokafka has no options for."""
        await super().on_start()
        app: StepApp = self.app  # type: ignore[assignment]
        assert self._consumer is not None
        patient(self._consumer, embedded=app.embedded)
        learn_leaders(self._consumer)
        note_heartbeats(self._consumer, app)
        ask_again(self._consumer, app.refuse)
        self._identity = Identity(self._consumer)

    async def _fetch_records(
        self,
        consumer: AIOKafkaConsumer,
        active_partitions: set[TP],
        timeout: float | None = None,  # noqa: ASYNC109 - Faust's own
        max_records: int | None = None,
    ) -> Any:
        """Wait for records in the thread: each question from another thread wakes two event loops ten times."""
        app: StepApp = self.app  # type: ignore[assignment]
        rebalances, active = app.rebalancing_count, frozenset(active_partitions)
        end = time.monotonic() + (timeout or 0.0)
        while True:
            wait = min(LOOK_SECONDS, max(end - time.monotonic(), 0.0))
            try:
                records = await super()._fetch_records(consumer, active_partitions, wait, max_records)
            except TopicAuthorizationFailedError as error:  # other partitions go on
                app.refuse(error)
                records = {}
                await asyncio.sleep(REFUSED_SECONDS)
            if lost := await self._identity.lost():
                app.lost += sum(lost.values())
                records = {tp: found for tp, found in records.items() if tp not in lost}
            changed = rebalances != app.rebalancing_count or not self.consumer.flow_active
            changed |= active != self.consumer._active_partitions  # noqa: SLF001 - Faust has resumed others
            if records or changed or self.should_stop or time.monotonic() >= end:
                return records

    @Service.task
    async def _look_for_new_topics(self) -> None:
        """Look now and then whether topics are still those whose offsets are counted."""
        while not self.should_stop:
            await asyncio.sleep(METADATA_SECONDS)
            await self._identity.look()

    @Service.task
    async def _thread_keepalive(self) -> None:
        """Wake the thread's loop now and then; mode does so each second, at ten callbacks each time."""
        while not self.should_stop:  # noqa: ASYNC110 - time itself is waited for
            await asyncio.sleep(AWAKE_SECONDS)

    async def _keepalive2(self) -> None:
        """Leave out mode's look from thread to thread, each second: heartbeats say whether the thread lives."""

    def highwater(self, tp: TP) -> int:
        """Return the offset up to which may be read: those of an open transaction are no lag."""
        return cast("int", self._ensure_consumer().last_stable_offset(tp))

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Go back to the committed offset, or to the beginning of a partition that has none, or one of an older topic.

        Faust throws away what it has fetched when a rebalance begins and then asks for this; of a partition without a
        committed offset aiokafka stays where it is, behind what was thrown away, and those messages would be lost.
        """
        committed: Mapping[TP, int] = await super().seek_to_committed()
        anew: set[TP] = await self.call_thread(self._identity.made_anew, list(committed))
        if new := [partition for partition, offset in committed.items() if not offset or partition in anew]:
            await self.seek_to_beginning(*new)
        return {partition: 0 if partition in anew else offset for partition, offset in committed.items()}


class _Consumer(driver.Consumer):
    """Faust's consumer, which commits only as far as its step says.

    Faust commits up to the first gap among the messages acknowledged since the last rebalance, so one that is
    acknowledged before an earlier one can take that one with it, and it acknowledges by itself what it skips in a
    rebalance. Steps finish out of order (arrival order, several children), so they keep the account: `finished` is the
    offset below which everything of a partition is done.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.finished: dict[TP, int] = {}
        #: the offset that is expected next of each partition: behind the last message that the step was given
        self.expected: dict[TP, int] = {}
        #: how often partitions were taken away or given, and as of when their positions are set; this loop's own count
        self._turns = self._sought = 0
        self._more_finished = asyncio.Event()

    async def _drain_messages(self, fetcher: ServiceT) -> None:
        """Give the step each fetch's messages, at once."""
        try:
            while not (self.should_stop or fetcher.should_stop):
                await self._take_fetched()
        except (asyncio.CancelledError, ConsumerStoppedError):
            if not self.app.should_stop:
                raise  # Faust starts the fetcher anew: a rebalance stopped it

    async def _take_fetched(self) -> None:
        """Take one fetch; messages that a rebalance overtakes are fetched again by the partition's next owner."""
        app: StepApp = self.app  # type: ignore[assignment]
        if not self.flow_active:
            await self.wait(self.can_resume_flow)  # type: ignore[arg-type]  # mode takes any event
        turns = self._turns
        records, _ = await self._wait_next_records(ASK_SECONDS)
        if records is None or self.should_stop:
            return
        expired = {tp: await self._expired(tp, partition_records) for tp, partition_records in records.items()}
        if turns != self._turns or not self.flow_active:
            # Whether these came before or after the partitions' positions were set anew cannot be known: set them again.
            if records:
                await self.perform_seek()
            return
        app.expired += say_expired(expired, {**self._committed_offset, **self.expected})
        # all of them first: the step may take its time with one, and those of the others are lag meanwhile
        app.skipped += sum(self._skipped(tp, partition_records) for tp, partition_records in records.items())
        for partition_records in records.values():
            if app.owner is not None:
                await app.owner.take(partition_records)
            if turns != self._turns:
                return  # the rebalance sets the positions anew after it has let the step finish

    async def _expired(self, tp: TP, records: Sequence[ConsumerRecord[bytes, bytes]]) -> int:
        """Return how many offsets Kafka removed before this group read them."""
        expected = self.expected.get(tp, self._committed_offset.get(tp))
        if not expected or not records:
            return 0  # a new group, which has not promised to read anything
        return await count_expired(self, tp, expected, records[0].offset, tp not in self.expected)

    def _skipped(self, tp: TP, records: Sequence[ConsumerRecord[bytes, bytes]]) -> int:
        """Return how many offsets were passed over without a message, before and between these."""
        if not records:
            return 0
        if records[0].offset < (committed := self._committed_offset.get(tp) or 0):
            logger.warning(
                "%s [%d] is read from %d on, before its committed offset %d: its topic was made anew, or has lost its "
                "last messages, the group's offset was set beyond its end, or a commit has failed",
                *tp,
                records[0].offset,
                committed,
            )
            self._committed_offset[tp] = self.finished[tp] = records[0].offset
        expected = self.expected.get(tp, self._committed_offset.get(tp))
        self.expected[tp] = records[-1].offset + 1
        return skipped([record.offset for record in records], expected)

    @Service.task
    async def _commit_handler(self) -> None:
        """Commit at intervals where something is finished; Faust's timers wake three times for each."""
        while not self.should_stop:
            await self._more_finished.wait()
            self._more_finished.clear()
            while not self.should_stop and self._uncommitted:
                await asyncio.sleep(self.commit_interval)
                await self.commit()

    @property
    def _uncommitted(self) -> bool:
        """Whether anything is finished that is not committed."""
        return any((self._committed_offset.get(tp) or 0) < offset for tp, offset in list(self.finished.items()))

    def finish(self, tp: TP, offset: int) -> None:
        """Note that everything of a partition below an offset is done; an offset that goes back is committed too."""
        if offset < (self._committed_offset.get(tp) or 0):
            self._committed_offset[tp] = offset - 1
        self.finished[tp] = offset
        self._more_finished.set()

    @Service.task
    async def _commit_livelock_detector(self) -> None:
        """Leave out Faust's look at each partition once a second: `StepRunner.idle_seconds` sees a step that stands."""

    def ack(self, message: Message) -> bool:
        """Note that a message is no longer in work; `finished` decides the offset to commit."""
        message.acked = True
        self._unacked_messages.discard(message)
        notify(self._waiting_for_ack)
        return True

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        return (tp for tp in list(self.finished) if topics is None or tp in topics or tp.topic in topics)

    def _new_offset(self, tp: TP) -> int | None:
        return self.finished.get(tp)

    async def perform_seek(self) -> None:
        """Go back to the committed offsets, and note for which partitions: those of the latest rebalance."""
        self._sought = self._turns
        await super().perform_seek()

    def resume_flow(self) -> None:
        """Go on, unless the positions are those of an earlier rebalance: its end comes within the next one."""
        if self._sought == self._turns:
            super().resume_flow()

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Note that partitions are given again."""
        app: StepApp = self.app  # type: ignore[assignment]
        app.revoking = False
        self._turns += 1
        await super().on_partitions_assigned(assigned, generation_id)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Let the step finish its begun work, then forget partitions that may be another worker's next."""
        app: StepApp = self.app  # type: ignore[assignment]
        app.revoking = app.rebalancing = True
        self._turns += 1
        self.stop_flow()  # Faust leaves it on where there are no partitions yet, and sets positions with messages taken
        await super().on_partitions_revoked(revoked)
        for tp in revoked:
            self.finished.pop(tp, None)
            self.expected.pop(tp, None)

    def _new_consumer_thread(self) -> _ConsumerThread:
        return _ConsumerThread(self, loop=self.loop, beacon=self.beacon)


class _Transport(driver.Transport):
    Consumer = _Consumer


class Monitoring(Monitor):
    """Faust's monitor, whose means of each second nobody reads: wirewatch has metrics of its own."""

    @Service.task
    async def _sampler(self) -> None:
        """Compute nothing."""


class Tables(TableManager):
    """Faust's tables, of which a step has none."""

    async def on_start(self) -> None:
        """Start as soon as the step's topics are known; Faust gives tables a second to be declared.

        What is subscribed to before is asked for anew 45 s later.
        """
        while self.app.agents and not self.app.topics and not self.should_stop:  # noqa: ASYNC110 - Faust sets no event
            await asyncio.sleep(START_SECONDS)
        await self._update_channels()
        await self.recovery.start()


class StepApp(faust.App):
    """A Faust app for one step."""

    fetch_wait_seconds: float = 0.5
    several_topics: bool = False
    #: whether the broker is one in this process, whose only producers of note are this process's
    embedded: bool = False
    #: who is given the messages, and asked to finish when partitions are taken away
    owner: Owner | None = None
    #: offsets that were passed over without a message, not yet counted
    skipped: int = 0
    #: those of them that were removed before they were read, not yet counted
    expired: int = 0
    #: messages that were read, and that Kafka lost afterwards, not yet counted
    lost: int = 0
    #: whether partitions have been taken away and none are given yet
    revoking: bool = False
    #: when the last heartbeat was sent that the group's coordinator has answered (`seconds_awake_or_asleep`)
    heartbeat_at: float = 0.0
    #: whether the group has said since that this worker is none of it
    out: bool = False
    #: the broker that keeps the group, `host:port`, as it was last asked; empty before
    coordinator: str = ""
    #: when it has last refused us something, by the same clock: an answer too, though no place in the group
    refused_at: float = 0.0

    def refuse(self, error: KafkaError) -> None:
        """Note that Kafka does not give something."""
        if not isinstance(error, KafkaConnectionError):
            self.refused_at = seconds_awake_or_asleep()
        if self.owner is not None:
            self.owner.refused(wanted(error, self.conf.id), error)

    def answered(self, asked: float) -> None:
        """Note that the group's coordinator has answered a heartbeat that was sent at `asked` (`seconds_awake_or_asleep`)."""
        away = not self.kafka_answers
        self.heartbeat_at, self.out = asked, False
        if away and self.kafka_answers and self.owner is not None:
            self.owner.answered_again()

    def expelled(self) -> None:
        """Note that the group does not count this worker as a member any more."""
        self.out = True

    @property
    def silent_seconds(self) -> float:
        """How long the group has not confirmed that this worker is in it."""
        return seconds_awake_or_asleep() - self.heartbeat_at

    @property
    def in_session(self) -> bool:
        """Whether the group surely counts this worker as a member still."""
        return not self.out and self.silent_seconds < self.conf.broker_session_timeout

    @property
    def kafka_answers(self) -> bool:
        """Whether Kafka has answered lately."""
        silent = min(self.silent_seconds, seconds_awake_or_asleep() - self.refused_at)
        return silent < self.conf.broker_heartbeat_interval * MISSING_HEARTBEATS + ANSWER_SECONDS

    def on_rebalance_return(self) -> None:
        """Leave out Faust's sensors, which nobody reads: it warns where one rebalance begins in another."""

    def on_rebalance_end(self) -> None:
        """Note the end of one, without them; it may come late, within the next."""
        self.rebalancing = self.revoking

    async def _consumer_wait_empty(self, consumer: ConsumerT, logger: Any) -> None:
        """Faust would wait here until every message that it handed out is acknowledged, waiting ones too."""
        if self.owner is not None:
            await self.owner.drain()
        consumer.unacked.clear()
        for _ in range(2):  # the first may only wait for one that was under way, before the last of the work had ended
            await consumer.commit()

    def _new_transport(self) -> TransportT:
        return _Transport(self.conf.broker_consumer, self, loop=self.loop)
