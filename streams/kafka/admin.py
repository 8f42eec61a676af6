"""Administration of Kafka: topics that are made, and how far a consumer group has read."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    KafkaError,
    NotCoordinatorForGroupError,
    TopicAlreadyExistsError,
    TopicAuthorizationFailedError,
    for_code,
)
from aiokafka.protocol.metadata import MetadataRequest

from streams.errors import BrokerError
from streams.kafka.clients import client_options, consuming, partitions_of, reaching
from streams.kafka.patience import attend
from streams.settings import KafkaSettings
from streams.topics import KafkaTopic

#: How often a group's coordinator is asked for, half a second apart.
COORDINATOR_TRIES = 40
#: How often brokers are asked for topics that were just made, so far apart.
SHOWN_TRIES, SHOWN_SECONDS = 50, 0.1


@dataclass(frozen=True)
class TopicResult:
    """The outcome of `create_topics` for one topic: the partitions that it has now."""

    name: str
    partitions: int
    created: bool


@asynccontextmanager
async def administering(settings: KafkaSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    """Give a started client for administration. Raises `BrokerAway` where Kafka does not answer."""
    admin = AIOKafkaAdminClient(**client_options(settings))
    attend(admin, settings.bootstrap, "start", "describe_topics", "create_topics", "list_consumer_group_offsets")
    try:
        async with reaching(settings):
            await admin.start()
        yield admin
    finally:
        await admin.close()


class Shape(NamedTuple):
    """The partitions of new topics that need no single order, and the brokers with a copy of each."""

    partitions: int
    replication: int


def shape_of(settings: KafkaSettings, wanted: Iterable[KafkaTopic], existing: Mapping[str, Any]) -> Shape:
    """Return the shape of new topics: that of the settings, or of the existing topics beside them.

    `existing`: topics as Kafka describes them, by name. A step does not start on topics with partitions that do not lie
    beside each other, and one copy of a state is none where the others have three.
    """
    beside = [existing[topic.name]["partitions"] for topic in wanted if topic.name in existing and not topic.partitions]
    copies = [len(partition["replicas"]) for partitions in beside for partition in partitions]
    return Shape(max(map(len, beside), default=settings.partitions), max([settings.replication, *copies]))


async def create_topics(settings: KafkaSettings, topics: Iterable[KafkaTopic]) -> list[TopicResult]:
    """Create the topics that are missing, like those that are there; raise `BrokerError` where the broker refuses."""
    async with administering(settings) as admin:
        wanted = list(topics)
        async with reaching(settings):
            existing = {each["topic"]: each for each in await admin.describe_topics()}
        partitions, replication = shape_of(settings, wanted, existing)
        counts = {topic.name: topic.partitions or partitions for topic in wanted}
        new = [
            NewTopic(
                name=topic.name,
                num_partitions=counts[topic.name],
                replication_factor=replication,
                topic_configs=topic.config(partition_bytes(settings, counts[topic.name], topic)),
            )
            for topic in wanted
            if topic.name not in existing
        ]
        async with reaching(settings):
            response = await admin.create_topics(new) if new else None
        for name, code, *message in response.topic_errors if response is not None else ():
            error = for_code(code)
            if error is TopicAuthorizationFailedError:
                raise BrokerError(
                    f"topic {name} could not be made: our user needs the right Create on it, or on the cluster"
                )
            if code and error is not TopicAlreadyExistsError:
                raise BrokerError(
                    f"topic {name} could not be made: {error.__name__} {message[0] if message else ''}".strip()
                )
        await shown(admin, settings, [topic.name for topic in new])
        there = {name: len(each["partitions"]) for name, each in existing.items()}
        return [TopicResult(name, there.get(name, count), name not in there) for name, count in counts.items()]


async def shown(admin: AIOKafkaAdminClient, settings: KafkaSettings, names: Iterable[str]) -> None:
    """Wait until each broker shows new topics: Kafka says that they are made before the views of all brokers have them.

    The next command asks any of them. One that does not answer is left out.
    """
    wanted = set(names)
    waiting = {broker.nodeId for broker in admin._client.cluster.brokers()} if wanted else set()  # noqa: SLF001
    for _ in range(SHOWN_TRIES):
        async with reaching(settings):
            waiting = {broker for broker in waiting if not wanted <= await topics_of(admin, broker, wanted)}
        if not waiting:
            return
        await asyncio.sleep(SHOWN_SECONDS)


async def topics_of(admin: AIOKafkaAdminClient, broker: int, asked: Collection[str]) -> set[str]:
    """Return which topics a broker shows by its own view, by their names; all that are asked for where it does not answer."""
    try:
        answer = await admin._send_request(MetadataRequest(None), broker)  # noqa: SLF001 - the public ones ask any broker
    except KafkaError:
        return set(asked)
    return {each["topic"] for each in answer.to_object()["topics"] if each["partitions"]}


def partition_bytes(settings: KafkaSettings, partitions: int, topic: KafkaTopic) -> int:
    """Return the most that a partition of a new topic holds, 0 for no bound: its share, and room for two messages."""
    share = int(settings.topic_gib * 2**30) // partitions
    return max(share, 2 * topic.max_message_bytes) if share else 0


def hidden(settings: KafkaSettings, group: str) -> BrokerError:
    """Return the error of a consumer group that our user may not see."""
    return BrokerError(
        f"Kafka at {settings.bootstrap} does not show us the group {group}: our user needs the right Describe on it, which Read "
        "includes"
    )


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
            except GroupAuthorizationFailedError as error:
                raise hidden(settings, group) from error
            return {partition: meta.offset for partition, meta in offsets.items() if meta.offset >= 0}
        raise BrokerError(f"Kafka at {settings.bootstrap} has no coordinator for the group {group}")
