"""The one loop that reads partitions to an end that is known before: topics to look at, states to recover."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from streams.journal.store import JournalEntry, StateRow, first_since, kept_of, last_of, states_of, unpack
from streams.kafka.clients import consuming, partitions_of
from streams.settings import KafkaSettings
from streams.topics import PUBLIC, TOPICS

#: The journals of laptops by their brokers' addresses: an embedded broker forgets, its journal keeps what Kafka would.
JOURNALS: dict[str, Path] = {}
#: Messages that are read from a journal together, in a thread.
TOGETHER = 500
#: How long a broker may gather messages for an answer: at a topic's end nothing more comes.
FETCH_WAIT_MS = 200
#: The partition of a message whose key says it.
BY_KEY = -1


@contextmanager
def remembered(bootstrap: str, journal: Path) -> Iterator[None]:
    """Let `read_all` on a broker read its journal."""
    JOURNALS[bootstrap] = journal
    try:
        yield
    finally:
        del JOURNALS[bootstrap]


async def read_between(
    consumer: AIOKafkaConsumer, begins: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
) -> AsyncIterator[list[ConsumerRecord[bytes, bytes]]]:
    """Yield the messages of partitions from `begins` to before `ends`, each partition in order, some at a time.

    The consumer is given these partitions and no other. What a transaction or a compaction left without a message is
    passed over. A partition that has become shorter meanwhile, as of a topic that is made anew, or of a broker that lost
    its last messages with its power, is read to the end that it has now.
    """
    left = {partition for partition, begin in begins.items() if begin < ends[partition]}
    consumer.assign(list(left))
    for partition in left:
        consumer.seek(partition, begins[partition])
    while left:
        found = await consumer.getmany(*left, timeout_ms=500)
        for partition, messages in found.items():
            yield [message for message in messages if message.offset < ends[partition]]
        now = ends if found else await consumer.end_offsets(list(left))
        for partition in tuple(left):
            if await consumer.position(partition) >= min(ends[partition], now[partition]):
                left.discard(partition)
                consumer.pause(partition)


async def read_all(settings: KafkaSettings, topics: Iterable[str]) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
    """Yield every message that the topics hold now, each partition in order; later ones are left alone.

    On a laptop these are the messages that its journal keeps, from before its broker's start too. Their offsets are their
    places in it, and the partition of one that its key gives is `BY_KEY`. Steps' states come from the journal and then, with
    what has changed since the broker's start, from the broker; those of the journal have the offset -1.
    """
    journal, wanted = JOURNALS.get(settings.bootstrap), list(topics)
    if journal is not None:
        for topic in [TOPICS[name] for name in wanted]:
            if not topic.compacted:
                wanted.remove(topic.name)
                async for message in read_journal(journal, topic.name):
                    yield message
            elif topic not in PUBLIC:  # the broker has all of a public one
                for row in await asyncio.to_thread(lambda name: list(states_of(journal, name)), topic.name):
                    yield state_record(row)
        if not wanted:
            return
    async with consuming(settings, fetch_max_wait_ms=FETCH_WAIT_MS, auto_offset_reset="earliest") as consumer:
        partitions = [partition for topic in wanted for partition in await partitions_of(consumer, topic)]
        if not partitions:
            return
        ends = await consumer.end_offsets(partitions)
        begins = await consumer.beginning_offsets(partitions)
        async for messages in read_between(consumer, begins, ends):
            for message in messages:
                yield message


async def read_journal(
    journal: Path, topic: str, since_ms: int | None = None
) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
    """Yield the messages of a topic that a laptop's journal holds now, in the order of their coming: all, or since a time."""
    last, after = await asyncio.to_thread(last_of, journal, topic), 0
    if since_ms is not None:
        first = await asyncio.to_thread(first_since, journal, topic, since_ms)
        after = first - 1 if first else last
    while after < last and (found := await asyncio.to_thread(kept_of, journal, topic, after, TOGETHER)):
        for after, entry in found:
            if after <= last:
                yield record_of(entry, after)


def state_record(row: StateRow) -> ConsumerRecord[bytes, bytes]:
    """Return a journal's state as a consumer gives it."""
    key, value = row.key.encode(), row.value
    sizes = len(key), len(value or b"")
    return ConsumerRecord(row.topic, row.partition, -1, 0, 0, key, value, None, *sizes, tuple(row.headers))


def record_of(entry: JournalEntry, offset: int) -> ConsumerRecord[bytes, bytes]:
    """Return a journal's message as a consumer gives it."""
    value, partition = unpack(entry.value), BY_KEY if entry.partition is None else entry.partition
    headers = [*entry.headers]
    if all(name != "ce_id" for name, _ in headers):
        headers.append(("ce_id", entry.event.encode()))
    sizes = len(entry.key or b""), len(value or b"")
    return ConsumerRecord(
        entry.topic, partition, offset, entry.time_ms, 0, entry.key, value, None, *sizes, tuple(headers)
    )
