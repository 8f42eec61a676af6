"""Where somebody else's topic is begun, and gone on with, on an embedded broker."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from agents.fetch.foreign.topics import ForeignTopics
from agents.fetch.metrics import FetchMetrics
from agents.fetch.polling.store import Store
from streams.kafka.clients import client_options, producing
from streams.kafka.embedded import PARTITIONS, EmbeddedBroker
from streams.message import Change, Message, Output
from streams.records import Source
from streams.settings import Settings
from wirewatch.metrics import new_metrics

TOPIC, GROUP = "partner.articles", "wirewatch-source-partner"


@pytest.fixture
def broker(settings: Settings) -> Iterator[EmbeddedBroker]:
    """A broker of somebody else's with one topic."""
    with EmbeddedBroker([TOPIC]) as running:
        settings.kafka.bootstrap = running.bootstrap
        yield running


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[list[Output]]:
    """Read the topic while the block runs; give what becomes of its messages."""
    store, taken = Store(), list[Output]()
    store.sources["partner"] = Source(
        name="partner", url=f"kafka:///{TOPIC}", kind="kafka", options={"text": "/text", "url": "/url"}
    )

    async def publish(_: Sequence[Change], outputs: Sequence[tuple[Output, Message | None]]) -> None:
        taken.extend(output for output, _ in outputs)

    topics = ForeignTopics(store, settings.kafka, publish, new_metrics()[FetchMetrics])
    running = asyncio.ensure_future(topics.run())
    try:
        async with asyncio.timeout(60):
            yield taken
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def committed(settings: Settings, *places: TopicPartition) -> AsyncIterator[AIOKafkaConsumer]:
    """Commit the first offset of partitions, as the group that reads them; give its consumer."""
    consumer = AIOKafkaConsumer(**client_options(settings.kafka), group_id=GROUP, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(places)
        await consumer.commit(dict.fromkeys(places, 0))
        yield consumer
    finally:
        await consumer.stop()


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something is so."""
    while not holds():
        await asyncio.sleep(0.02)


async def test_where_a_topic_is_begun_is_committed_at_once(settings: Settings, broker: EmbeddedBroker) -> None:
    """Messages that come while no worker runs are read by the next one, though none came before: the end has gone by then."""
    admin = AIOKafkaAdminClient(**client_options(settings.kafka))
    await admin.start()
    places = [TopicPartition(TOPIC, number) for number in range(PARTITIONS)]
    async with reading(settings):
        while any(at.offset < 0 for at in (await admin.list_consumer_group_offsets(GROUP, partitions=places)).values()):
            await asyncio.sleep(0.02)
    await admin.close()


async def test_what_retention_has_left_is_read(settings: Settings, broker: EmbeddedBroker) -> None:
    """No worker ran for longer than the topic keeps its messages: those that it still has are not passed over."""
    place = TopicPartition(TOPIC, 0)
    async with producing(settings.kafka) as producer:
        for _ in range(8):
            await producer.send_and_wait(TOPIC, os.urandom(1 << 20), partition=0)
    async with committed(settings, place) as consumer:
        begin, end = (await consumer.beginning_offsets([place]))[place], (await consumer.end_offsets([place]))[place]
    assert 0 < begin < end
    async with reading(settings) as taken:
        await until(lambda: len(taken) >= end - begin)


async def test_a_partition_that_was_added_is_read_from_its_beginning(
    settings: Settings, broker: EmbeddedBroker
) -> None:
    """It is found half a minute later: messages that came into it until then are news as those of the others are."""
    async with producing(settings.kafka) as producer:
        await producer.send_and_wait(TOPIC, b"{}", partition=3)
    async with committed(settings, *(TopicPartition(TOPIC, number) for number in range(3))):
        pass
    async with reading(settings) as taken:
        await until(lambda: len(taken) == 1)
