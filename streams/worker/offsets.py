"""What lies where in `news.raw`, for the step that waits until every raw message has left its trace."""

import logging
from collections.abc import Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams.kafka.clients import partitions_of
from streams.topics import RAW
from streams.worker.order import ArrivalOrder

logger = logging.getLogger("wirewatch.offsets")

#: How long a read may look for a message.
READ_MS = 300
#: An offset that left no trace for so long is looked at, and so many behind it in one go.
GAP_SECONDS = 1.0
MOST_GAPS = 64


class RawOffsets:
    """Asks Kafka about the offsets of `news.raw`, through a consumer without a group that is given to it alone."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._taken: dict[int, int] = {}

    async def begins(self) -> dict[int, int]:
        """Return the first offset of each partition that Kafka still has."""
        found: dict[TopicPartition, int] = await self._consumer.beginning_offsets(
            await partitions_of(self._consumer, RAW.name)
        )
        return {partition.partition: offset for partition, offset in found.items()}

    async def ends(self) -> dict[int, int]:
        """Return the offset behind the last of each partition; empty where Kafka does not know the topic now."""
        partitions = await partitions_of(self._consumer, RAW.name)
        found: dict[TopicPartition, int] = await self._consumer.end_offsets(partitions) if partitions else {}
        return {partition.partition: offset for partition, offset in found.items()}

    async def pass_gaps(self, order: ArrivalOrder[Any], ends: Mapping[int, int], now: float) -> None:
        """Let an order pass over the offsets that stand for no message."""
        for partition, offset in order.standing(ends, now, GAP_SECONDS).items():
            missing = offset
            for _ in range(MOST_GAPS):
                first = await self._next_message(partition, missing) if missing < ends[partition] else missing
                if first == missing:
                    break
                missing = order.skip(partition, first)

    async def _next_message(self, partition: int, offset: int) -> int:
        """Return the offset of the first message from `offset` on, or the one behind all that lies there without any.

        A transaction ends with a record that no consumer is given, and whose offset is never heard of otherwise.
        """
        if self._taken.get(partition) == offset:
            return offset
        raw = TopicPartition(RAW.name, partition)
        self._consumer.assign([raw])
        self._consumer.seek(raw, offset)
        try:
            messages = (await self._consumer.getmany(raw, timeout_ms=READ_MS, max_records=1)).get(raw)
        except KafkaError as error:
            logger.warning("%s [%d] at %d cannot be read, and is waited for: %s", RAW.name, partition, offset, error)
            return offset
        if not messages:
            behind: int = await self._consumer.position(raw)
            return behind
        first: int = messages[0].offset
        self._taken[partition] = first
        return first
