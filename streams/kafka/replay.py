"""The one loop that reads partitions to an end that is known before: topics to look at, states to recover."""

from collections.abc import AsyncIterator, Iterable, Mapping

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from streams.kafka.clients import consuming, partitions_of
from streams.settings import KafkaSettings


async def replay(
    consumer: AIOKafkaConsumer, begins: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
) -> AsyncIterator[list[ConsumerRecord[bytes, bytes]]]:
    """Yield the messages of partitions from `begins` to before `ends`, each partition in order, some at a time.

    The consumer is given these partitions and no other. What a transaction or a compaction left without a message is
    passed over.
    """
    left = {partition for partition, begin in begins.items() if begin < ends[partition]}
    consumer.assign(list(left))
    for partition in left:
        consumer.seek(partition, begins[partition])
    while left:
        for partition, messages in (await consumer.getmany(*left, timeout_ms=500)).items():
            yield [message for message in messages if message.offset < ends[partition]]
        for partition in tuple(left):
            if await consumer.position(partition) >= ends[partition]:
                left.discard(partition)
                consumer.pause(partition)


async def read_all(
    settings: KafkaSettings, topics: Iterable[str], fetch_wait_ms: int = 200
) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
    """Yield every message that the topics hold now, each partition in order; later ones are left alone."""
    async with consuming(settings, fetch_max_wait_ms=fetch_wait_ms, auto_offset_reset="earliest") as consumer:
        partitions = [partition for topic in topics for partition in await partitions_of(consumer, topic)]
        if not partitions:
            return
        ends = await consumer.end_offsets(partitions)
        begins = await consumer.beginning_offsets(partitions)
        async for messages in replay(consumer, begins, ends):
            for message in messages:
                yield message
