"""Faust's part: one app, so one consumer group, for each step, with settings made for pages instead of small events.

Faust gives the consumer groups, their rebalances, offsets that are committed only up to the first unacknowledged
message, and flow control. What differs from its defaults is said beside each setting.
"""

import logging
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import faust
from aiokafka import AIOKafkaConsumer
from faust.exceptions import ConsumerNotStarted
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, AppT, ConsumerT, Message, TransportT
from mode.utils.futures import notify

from streams.kafka.clients import MAX_REQUEST_BYTES, credentials
from streams.settings import Settings

#: messages that Faust itself buffers for a step: pages are big, so few (its default is 4,096)
STREAM_BUFFER = 16

logger = logging.getLogger("wirewatch.engine")


class _ConsumerThread(driver.AIOKafkaConsumerThread):
    """Faust's consumer, with a fetch wait that is a setting: Faust asks for 1.5 s, the embedded broker takes it all."""

    def _create_worker_consumer(self, transport: driver.Transport) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = int(transport.app.fetch_wait_seconds * 1000)  # type: ignore[attr-defined]  # noqa: SLF001
        return consumer

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Go back to what is committed, and to the beginning of a partition of which nothing is.

        Faust throws away what it has fetched when a rebalance begins and then asks for this; of a partition without a
        committed offset aiokafka stays where it is, behind what was thrown away, and those messages would be lost.
        """
        committed: Mapping[TP, int] = await super().seek_to_committed()
        if new := [partition for partition, offset in committed.items() if not offset]:
            await self.seek_to_beginning(*new)
        return committed


class _Consumer(driver.Consumer):
    """Faust's consumer, which commits only what its step says.

    Faust commits up to the first gap among the messages acknowledged since the last rebalance, so one that is
    acknowledged before an earlier one can take that one with it, and it acknowledges by itself what it skips in a
    rebalance. Steps finish out of order (arrival order, several children), so they keep the account: `finished` is the
    offset below which everything of a partition is done.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.finished: dict[TP, int] = {}

    def ack(self, message: Message) -> bool:
        """Note that a message is no longer in work; what is committed is decided by `finished`."""
        message.acked = True
        self._unacked_messages.discard(message)
        notify(self._waiting_for_ack)
        return True

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        return (tp for tp in list(self.finished) if topics is None or tp in topics or tp.topic in topics)

    def _new_offset(self, tp: TP) -> int | None:
        return self.finished.get(tp)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Let the step finish what it has begun, then forget partitions that may be another worker's next."""
        await super().on_partitions_revoked(revoked)
        for tp in revoked:
            self.finished.pop(tp, None)

    def _new_consumer_thread(self) -> _ConsumerThread:
        return _ConsumerThread(self, loop=self.loop, beacon=self.beacon)


class _Transport(driver.Transport):
    Consumer = _Consumer


class StepApp(faust.App):
    """A Faust app for one step."""

    fetch_wait_seconds: float = 0.5
    #: awaited when partitions are taken away: what was begun is finished, what was only taken is left to their next owner
    drain: Callable[[], Awaitable[None]] | None = None

    async def _consumer_wait_empty(self, consumer: ConsumerT, logger: Any) -> None:
        """Faust would wait here until every message that it handed out is acknowledged, waiting ones too."""
        if self.drain is not None:
            await self.drain()
        consumer.unacked.clear()
        await consumer.commit()

    def _new_transport(self) -> TransportT:
        return _Transport(self.conf.broker_consumer, self, loop=self.loop)


def new_app(group: str, settings: Settings) -> StepApp:
    """Return the Faust app of a step; nothing is global, nothing starts before `start`."""
    kafka, worker = settings.kafka, settings.worker
    brokers = [f"kafka://{address.strip()}" for address in kafka.bootstrap.split(",")]
    options: dict[str, Any] = {}
    if (given := credentials(kafka)) is not None:
        options["broker_credentials"] = given
    app = StepApp(
        group,
        broker=brokers,
        set_as_current=False,
        autodiscover=False,
        web_enabled=False,  # wirewatch serves its own metrics, health and page
        topic_allow_declare=False,  # `wirewatch topics create` makes topics, with their limits
        topic_disable_leader=True,  # no leader election, so no topic for it
        key_serializer="raw",
        value_serializer="raw",
        processing_guarantee="at_least_once",  # exactly_once repeats just as much (engine measurements)
        stream_buffer_maxsize=STREAM_BUFFER,
        consumer_max_fetch_size=1024 * 1024,
        consumer_auto_offset_reset="earliest",
        producer_max_request_size=MAX_REQUEST_BYTES,
        broker_session_timeout=kafka.session_timeout_seconds,
        broker_heartbeat_interval=kafka.session_timeout_seconds / 4,
        broker_commit_interval=worker.commit_interval_seconds,
        broker_commit_every=5_000,
        broker_max_poll_interval=600.0,
        datadir=tempfile.gettempdir(),  # no tables, so nothing is kept there
        **options,
    )
    app.fetch_wait_seconds = worker.fetch_wait_seconds
    return app


def finish(app: AppT, topic: str, partition: int, offset: int) -> None:
    """Say that everything below an offset of a partition is done: it may be committed."""
    consumer: Any = app.consumer
    consumer.finished[TP(topic, partition)] = offset


def positions(app: AppT) -> tuple[set[int], int]:
    """Return the partitions that an app has, and how many messages wait in them."""
    consumer: Any = app.consumer
    lag = 0
    partitions: set[int] = set()
    try:
        assignment = consumer.assignment()
    except ConsumerNotStarted:
        return partitions, lag
    for tp in assignment:
        partitions.add(tp.partition)
        end = consumer.highwater(tp)
        at = consumer._committed_offset.get(tp)  # noqa: SLF001 - Faust keeps no public account of its commits
        if end is not None:
            lag += max(0, end - (at or 0))
    return partitions, lag
