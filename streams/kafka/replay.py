"""The one loop that reads partitions from their beginning to their end."""

from collections.abc import AsyncIterator, Iterable

from aiokafka import ConsumerRecord

from streams.kafka.clients import consuming, partitions_of
from streams.settings import KafkaSettings


async def read_all(
    settings: KafkaSettings, topics: Iterable[str], fetch_wait_ms: int = 200
) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
    """Yield every message that the topics hold now, each partition in order; later ones are left alone."""
    async with consuming(settings, fetch_max_wait_ms=fetch_wait_ms, auto_offset_reset="earliest") as consumer:
        partitions = [p for topic in topics for p in await partitions_of(consumer, topic)]
        if not partitions:
            return
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        begins = await consumer.beginning_offsets(partitions)
        left = {p for p in partitions if ends[p] > begins[p]}
        consumer.pause(*(set(partitions) - left))
        await consumer.seek_to_beginning(*partitions)
        while left:
            batches = await consumer.getmany(*left, timeout_ms=1000)
            for partition, messages in batches.items():
                for message in messages:
                    if message.offset < ends[partition]:
                        yield message
            for partition in tuple(left):
                if await consumer.position(partition) >= ends[partition]:
                    left.discard(partition)
                    consumer.pause(partition)
