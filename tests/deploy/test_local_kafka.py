"""The local Kafka of `make kafka` and `make test-kafka`: its settings."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import UnknownTopicOrPartitionError

from streams.kafka.admin import create_topics
from streams.kafka.clients import producing
from streams.kafka.reading import read_all
from streams.settings import KafkaSettings
from streams.topics import DEAD, TOPICS
from tests.support.real_kafka import RealKafka

pytestmark = pytest.mark.kafka

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def broker() -> Iterator[RealKafka]:
    """Start a broker of this module's own: one test restarts it."""
    with RealKafka() as running:
        yield running


@pytest.fixture
def own(broker: RealKafka) -> KafkaSettings:
    """Return settings that name the broker."""
    return KafkaSettings(bootstrap=broker.bootstrap, partitions=1)


async def settings_of(broker: RealKafka) -> dict[str, str]:
    """Return every setting that the broker knows, with its value."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    try:
        [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.BROKER, "1")])
    finally:
        await admin.close()
    [(_, _, _, _, entries)] = answer.resources
    return {name: value for name, value, *_ in entries}


def compose_settings() -> dict[str, str]:
    """Return the KAFKA_… variables of docker-compose.yml as the image's rule turns them into settings."""
    variables: dict[str, str] = COMPOSE["services"]["kafka"]["environment"]
    return {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in variables.items()
        if name.startswith("KAFKA_") and name != "KAFKA_HEAP_OPTS"  # Java's, not the broker's
    }


async def test_a_topic_that_was_not_made_is_an_error(own: KafkaSettings) -> None:
    """A misspelt topic is refused, not made."""
    async with producing(own, request_timeout_ms=2_000) as producer:
        with pytest.raises(UnknownTopicOrPartitionError):
            await producer.send_and_wait("news.rwa", b"{}")


async def test_the_largest_dead_letter_outlives_a_restart(broker: RealKafka, own: KafkaSettings) -> None:
    """A message as large as `news.dead` allows is taken, and is still there once the broker has been restarted."""
    await create_topics(own, TOPICS.values())
    letter = random.Random(1).randbytes(DEAD.max_message_bytes - 4096)  # incompressible, less what Kafka adds
    async with producing(own) as producer:
        await producer.send_and_wait(DEAD.name, letter)

    broker.stop()
    broker.start()

    assert [message.value async for message in read_all(own, [DEAD.name])] == [letter]


async def test_the_compose_file_sets_what_kafka_knows(broker: RealKafka) -> None:
    """Each KAFKA_… variable of docker-compose.yml names a setting of this Kafka."""
    assert compose_settings().keys() - (await settings_of(broker)).keys() == set()


async def test_the_compose_file_and_the_local_broker_agree(broker: RealKafka) -> None:
    """Settings of both have one value, so that the tested Kafka is the one that runs; places and ports apart."""
    here = await settings_of(broker)
    places = ("listener", "log.dirs", "controller.quorum")

    different = {
        name: (value, here[name])
        for name, value in compose_settings().items()
        if value != here[name] and not any(place in name for place in places)
    }

    assert different == {}


def test_the_compose_file_runs_the_kafka_that_is_tested() -> None:
    """Image and pom.xml name one version."""
    version = COMPOSE["services"]["kafka"]["image"].rpartition(":")[2]

    assert f"<kafka.version>{version}</kafka.version>" in (ROOT / "deploy/kafka/pom.xml").read_text(encoding="utf-8")
