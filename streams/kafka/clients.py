"""Clients of Kafka: security settings, producers, and consumers without a group."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka import client as any_client
from aiokafka.admin import client as admin_client
from aiokafka.errors import ClusterAuthorizationFailedError, KafkaConnectionError, KafkaError, NodeNotReadyError
from aiokafka.helpers import create_ssl_context
from aiokafka.protocol.metadata import MetadataRequest

from streams.errors import BrokerAway, BrokerError
from streams.journal.producer import RUNNING, JournaledProducer
from streams.kafka import batches, lost_ends, packing, rests, sequences
from streams.kafka.away import learn_leaders
from streams.kafka.pace import look_seldom
from streams.kafka.partitions import choose_partition
from streams.kafka.patience import asking_kafka, attend
from streams.kafka.refusals import astray, cut_off, refusal
from streams.settings import KafkaSettings
from streams.topics import MAX_DEAD_BYTES, MIB, KafkaTopic

batches.install()
lost_ends.install()
packing.install()
rests.install()
sequences.install()
# Where Kafka has `auto.create.topics.enable`, its default, a question about a topic makes it: with one partition, and settings
# by which a state is forgotten after a week.
any_client.MetadataRequest = admin_client.MetadataRequest = partial(MetadataRequest, allow_auto_topic_creation=False)

#: How often a consumer asks where its topics' partitions are, so how late those are read that were added; aiokafka: 5 min.
METADATA_SECONDS = 30
#: For every consumer: what a producer has taken back with its transaction is not read.
READ_COMMITTED = "read_committed"
#: Requests hold one message and what Kafka wraps around it.
MAX_REQUEST_BYTES = MAX_DEAD_BYTES + MIB


def client_options(settings: KafkaSettings) -> dict[str, Any]:
    """Return the options that every aiokafka client takes."""
    options: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap,
        "security_protocol": settings.security_protocol,
        "ssl_context": ssl_context(settings),
    }
    if settings.security_protocol.startswith("SASL"):
        options |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.sasl_username,
            "sasl_plain_password": settings.sasl_password,
        }
    return options


def ssl_context(settings: KafkaSettings) -> ssl.SSLContext | None:
    """Return the TLS context that the settings describe, or None where there is no TLS."""
    if not settings.security_protocol.endswith("SSL"):
        return None
    try:
        context: ssl.SSLContext = create_ssl_context(
            cafile=settings.ssl_cafile or None,
            certfile=settings.ssl_certfile or None,
            keyfile=settings.ssl_keyfile or None,
        )
    except (OSError, ssl.SSLError) as error:
        raise BrokerError(f"kafka.ssl_*: the certificate files cannot be read: {error}") from error
    return context


@asynccontextmanager
async def reaching(settings: KafkaSettings) -> AsyncIterator[None]:
    """Turn a failed connection into an error with its address and advice."""
    try:
        yield
    except (KafkaConnectionError, OSError) as error:
        started = "Unable to bootstrap" not in str(error)
        if told := refusal(settings.bootstrap) or ("" if started else cut_off(settings.bootstrap)):
            raise BrokerAway(told) from error
        why = f" ({error})" if started else ""  # else it is the address again, as Python writes it
        raise BrokerAway(
            f"Kafka does not answer at {settings.bootstrap}{why}. Set kafka.bootstrap in wirewatch.toml, "
            "WIREWATCH_KAFKA_BOOTSTRAP or --bootstrap; `make kafka` starts a local one, `wirewatch demo` needs none."
        ) from error
    except ClusterAuthorizationFailedError as error:
        raise BrokerError(
            f"Kafka at {settings.bootstrap} lets our user write to no topic: it needs the right Write on those of its work"
        ) from error
    except KafkaError as error:
        if isinstance(error, NodeNotReadyError) and (told := astray(settings.bootstrap)):
            raise BrokerAway(told) from error
        raise BrokerError(f"Kafka at {settings.bootstrap}: {error}") from error


@asynccontextmanager
async def producing(settings: KafkaSettings, **options: Any) -> AsyncIterator[AIOKafkaProducer]:
    """Give a started producer; its messages are sent before it closes. With a journal, it journals first."""
    options |= client_options(settings)
    options |= {"compression_type": "zstd", "max_request_size": MAX_REQUEST_BYTES, "acks": "all"}
    options["partitioner"] = choose_partition
    journal = RUNNING.get(settings.journal)
    producer = JournaledProducer(journal, **options) if journal is not None else AIOKafkaProducer(**options)
    attend(producer, settings.bootstrap, "start", "partitions_for", "send")
    try:
        async with reaching(settings):
            await producer.start()
        yield producer
    finally:
        await producer.stop()


@asynccontextmanager
async def consuming(settings: KafkaSettings, *topics: str, **options: Any) -> AsyncIterator[AIOKafkaConsumer]:
    """Give a started consumer without a group: it reads for itself and commits nothing.

    Where what it would read next was removed, it goes on with the first that is there: aiokafka's own way is to pass over all.
    """
    options = {"auto_offset_reset": "earliest", **options}
    options |= {"enable_auto_commit": False, "isolation_level": READ_COMMITTED}
    options["metadata_max_age_ms"] = METADATA_SECONDS * 1000
    consumer = AIOKafkaConsumer(*topics, **client_options(settings), **options)
    attend(consumer, settings.bootstrap, "start", "topics", "beginning_offsets", "end_offsets", "position", "getmany")
    try:
        async with reaching(settings):
            await consumer.start()
        look_seldom(consumer)
        learn_leaders(consumer)
        yield consumer
    finally:
        await _stop(consumer)


async def _stop(consumer: AIOKafkaConsumer) -> None:
    """Stop a consumer; where its broker is away, aiokafka (0.14) raises the cancellation of a fetch of its own out of it.

    That is no cancellation of ours: it would end the task that only wanted to stop reading.
    """
    try:
        await consumer.stop()
    except asyncio.CancelledError:
        await consumer._client.close()  # noqa: SLF001 - what `stop` had yet to do
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise


async def partitions_of(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    """Return a topic's partitions, asking the broker; empty where there is no such topic.

    Raises `BrokerAway` where no broker answers: that says nothing of the topic.
    """
    client = consumer._client  # noqa: SLF001
    asked = client._bootstrap_servers  # noqa: SLF001
    with asking_kafka(asked):
        if topic in client._topics and consumer.partitions_for_topic(topic) is None:  # noqa: SLF001
            # of a topic that it was given before, `add_topic` says that all is well
            answered = await client.force_metadata_update()
        else:
            answered = await client.add_topic(topic)  # aiokafka refreshes metadata for topics that it knows only
    numbers = consumer.partitions_for_topic(topic)
    if numbers is None and not answered:
        raise BrokerAway(astray(asked) or f"Kafka at {asked} does not answer any more")
    return [TopicPartition(topic, number) for number in sorted(numbers or ())]


def leaderless(consumer: AIOKafkaConsumer, topic: str) -> list[int]:
    """Return the partitions of a topic that no broker leads, as the last answer about it said."""
    cluster = consumer._client.cluster  # noqa: SLF001
    numbers = consumer.partitions_for_topic(topic) or set()
    return sorted(numbers - (cluster.available_partitions_for_topic(topic) or set()))


def absence(consumer: AIOKafkaConsumer, topic: str) -> str:
    """Say why a topic has no partitions, to be read behind Kafka's address."""
    if topic in consumer._client.cluster.unauthorized_topics:  # noqa: SLF001 - aiokafka logs it only
        return f"does not show us {topic}: our user needs the right Describe on it, which Read and Write include"
    return f"has no topic {topic}: `wirewatch topics create` makes all that are missing"


async def require_topics(settings: KafkaSettings, topics: Sequence[KafkaTopic]) -> None:
    """Raise `BrokerError` where Kafka lacks one of the topics: nothing makes them with settings of its own."""
    async with consuming(settings) as consumer:
        for topic in topics:
            if not await partitions_of(consumer, topic.name):
                raise BrokerError(f"Kafka at {settings.bootstrap} {absence(consumer, topic.name)}")
