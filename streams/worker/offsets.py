"""The offsets of an entry topic, for a step that waits until every message there has left its trace."""

import logging
from collections.abc import AsyncIterator, Mapping
from typing import Generic, Protocol, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams.kafka.clients import consuming, partitions_of
from streams.kafka.messages import message_of
from streams.kafka.reading import read_between
from streams.message import Message
from streams.settings import KafkaSettings
from streams.topics import KafkaTopic
from streams.worker.order import ArrivalOrder

logger = logging.getLogger("wirewatch.offsets")

#: How long a read may look for a message.
READ_MS = 300
#: Seconds after which an offset that left no trace is looked at.
GAP_SECONDS = 1.0
#: Most offsets behind it that are looked at in one go.
MOST_GAPS = 64
#: Messages before the first of a new owner that are looked at: as many as may have been settled while an offset was missing.
MOST_TRACES = 500

T = TypeVar("T")


class Offsets(Protocol[T]):
    """Where the entry topic's partitions begin and end, and which offsets there stand for no message."""

    async def begins(self) -> dict[int, int]:
        """Return the first offset of each partition that Kafka still has."""

    async def ends(self) -> dict[int, int]:
        """Return the offset behind the last of each partition; empty where Kafka does not know the topic now."""

    async def pass_gaps(self, order: ArrivalOrder[T], ends: Mapping[int, int], now: float) -> None:
        """Let an order pass over the offsets that stand for no message."""

    def before(self, message: Message) -> AsyncIterator[Message]:
        """Yield the last messages before one, on its partition: former owners have settled them."""


class EntryOffsets(Generic[T]):
    """Asks Kafka, through a consumer without a group that is given to it alone."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: KafkaTopic, settings: KafkaSettings) -> None:
        self._consumer = consumer
        self._settings = settings
        self._topic = topic.name
        self._taken: dict[int, int] = {}

    async def begins(self) -> dict[int, int]:
        """Return the first offset of each partition that Kafka still has."""
        found: dict[TopicPartition, int] = await self._consumer.beginning_offsets(
            await partitions_of(self._consumer, self._topic)
        )
        return {partition.partition: offset for partition, offset in found.items()}

    async def ends(self) -> dict[int, int]:
        """Return the offset behind the last of each partition; empty where Kafka does not know the topic now."""
        partitions = await partitions_of(self._consumer, self._topic)
        found: dict[TopicPartition, int] = await self._consumer.end_offsets(partitions) if partitions else {}
        return {partition.partition: offset for partition, offset in found.items()}

    async def pass_gaps(self, order: ArrivalOrder[T], ends: Mapping[int, int], now: float) -> None:
        """Let an order pass over the offsets that stand for no message."""
        for partition, offset in order.standing(ends, now, GAP_SECONDS).items():
            missing = offset
            for _ in range(MOST_GAPS):
                first = await self._next_message(partition, missing) if missing < ends[partition] else missing
                if first == missing:
                    break
                missing = order.skip(partition, first)

    async def before(self, message: Message) -> AsyncIterator[Message]:
        """Yield the last messages before one, on its partition: former owners have settled them."""
        place = TopicPartition(message.topic, message.partition)
        async with consuming(self._settings, fetch_max_wait_ms=100) as consumer:
            begins = await consumer.beginning_offsets([place])
            begin = max(begins[place], message.offset - MOST_TRACES)
            async for records in read_between(consumer, {place: begin}, {place: message.offset}):
                for record in records:
                    yield message_of(record)

    async def _next_message(self, partition: int, offset: int) -> int:
        """Return the offset of the first message from `offset` on, or the one behind all that lies there without any.

        A transaction ends with a record that no consumer is given, and whose offset is never heard of otherwise.
        """
        if self._taken.get(partition) == offset:
            return offset
        entry = TopicPartition(self._topic, partition)
        self._consumer.assign([entry])
        self._consumer.seek(entry, offset)
        try:
            messages = (await self._consumer.getmany(entry, timeout_ms=READ_MS, max_records=1)).get(entry)
        except KafkaError as error:
            logger.warning("%s [%d] at %d cannot be read, and is waited for: %s", self._topic, partition, offset, error)
            return offset
        if not messages:
            behind: int = await self._consumer.position(entry)
            return behind
        first: int = messages[0].offset
        self._taken[partition] = first
        return first
