"""Administration of Kafka: topics that are made, and how far a consumer group has read."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    NotCoordinatorForGroupError,
    TopicAlreadyExistsError,
    for_code,
)

from streams.errors import BrokerError
from streams.kafka.clients import client_options, consuming, partitions_of, reaching
from streams.kafka.patience import attend
from streams.settings import KafkaSettings
from streams.topics import KafkaTopic

#: How often a group's coordinator is asked for, half a second apart.
COORDINATOR_TRIES = 40


@dataclass(frozen=True)
class TopicResult:
    """The outcome of `create_topics` for one topic."""

    name: str
    partitions: int
    created: bool


@asynccontextmanager
async def administering(settings: KafkaSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    """Give a started client for administration. Raises `BrokerAway` where Kafka does not answer."""
    admin = AIOKafkaAdminClient(**client_options(settings))
    attend(admin, settings.bootstrap, "start", "list_topics", "create_topics", "list_consumer_group_offsets")
    try:
        async with reaching(settings):
            await admin.start()
        yield admin
    finally:
        await admin.close()


async def create_topics(settings: KafkaSettings, topics: Iterable[KafkaTopic]) -> list[TopicResult]:
    """Create the topics that are missing; raise `BrokerError` where the broker refuses."""
    async with administering(settings) as admin:
        wanted = list(topics)
        async with reaching(settings):
            existing = set(await admin.list_topics())
        new = [
            NewTopic(
                name=topic.name,
                num_partitions=topic.partitions or settings.partitions,
                replication_factor=settings.replication,
                topic_configs=topic.config(partition_bytes(settings, topic)),
            )
            for topic in wanted
            if topic.name not in existing
        ]
        async with reaching(settings):
            response = await admin.create_topics(new) if new else None
        for name, code, *message in response.topic_errors if response is not None else ():
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise BrokerError(
                    f"topic {name} could not be made: {error.__name__} {message[0] if message else ''}".strip()
                )
        made = {topic.name for topic in new}
        return [TopicResult(t.name, t.partitions or settings.partitions, t.name in made) for t in wanted]


def partition_bytes(settings: KafkaSettings, topic: KafkaTopic) -> int:
    """Return the most that a partition of a new topic holds, 0 for no bound: its share, and room for two messages."""
    share = int(settings.topic_gib * 2**30) // (topic.partitions or settings.partitions)
    return max(share, 2 * topic.max_message_bytes) if share else 0


async def committed(settings: KafkaSettings, group: str, topic: str) -> dict[TopicPartition, int]:
    """Return the committed offsets of a consumer group in a topic, by partition."""
    async with consuming(settings) as consumer:
        partitions = await partitions_of(consumer, topic)
    if not partitions:
        return {}
    async with administering(settings) as admin:
        for _ in range(COORDINATOR_TRIES):
            try:
                offsets: Mapping[TopicPartition, Any] = await admin.list_consumer_group_offsets(
                    group, partitions=partitions
                )
            except (GroupCoordinatorNotAvailableError, NotCoordinatorForGroupError, GroupLoadInProgressError):
                await asyncio.sleep(0.5)  # a broker that has just started makes its offsets topic first
                continue
            return {partition: meta.offset for partition, meta in offsets.items() if meta.offset >= 0}
        raise BrokerError(f"Kafka at {settings.bootstrap} has no coordinator for the group {group}")
