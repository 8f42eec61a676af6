"""The offsets of an entry topic, on an embedded broker, which forgets as Kafka does by its retention."""

import os

from streams.kafka.clients import consuming, producing
from streams.kafka.embedded import EmbeddedBroker
from streams.settings import Settings
from streams.topics import RAW
from streams.worker.offsets import EntryOffsets


async def test_what_retention_has_removed_is_passed_over_and_no_more(settings: Settings) -> None:
    """An order that waits for a message which is gone goes on with the first that is there: those behind it are to come."""
    with EmbeddedBroker([RAW.name]) as broker:
        settings.kafka.bootstrap = broker.bootstrap
        async with producing(settings.kafka) as producer:
            for _ in range(8):
                await producer.send_and_wait(RAW.name, os.urandom(1 << 20), partition=0)
        async with consuming(settings.kafka, fetch_max_wait_ms=100, max_partition_fetch_bytes=1) as consumer:
            offsets: EntryOffsets[None] = EntryOffsets(consumer, RAW, settings.kafka)
            first, end = (await offsets.begins())[0], (await offsets.ends())[0]
            assert 0 < first < end
            assert await offsets._next_message(0, 0) == first
