"""The room on a real Kafka's disk."""

import shutil

import pytest
from confluent_kafka.admin import AdminClient, ConfigResource  # type: ignore[attr-defined]

from streams.kafka.admin import create_topics
from streams.kafka.disk import disks
from streams.settings import KafkaSettings, Settings
from streams.topics import RAW, REVISIONS
from tests.support.real_kafka import RealKafka

pytestmark = pytest.mark.kafka


async def test_a_broker_says_how_much_room_its_disk_has(kafka: RealKafka) -> None:
    """The one broker's disk is the one that its data folder lies on, and is neither full nor empty."""
    [disk] = await disks(KafkaSettings(bootstrap=kafka.bootstrap))

    assert disk.total_bytes == pytest.approx(shutil.disk_usage(kafka.folder).total, rel=0.01)
    assert 0 < disk.usable_bytes < disk.total_bytes


async def test_topics_are_bounded_in_bytes_where_it_is_asked(kafka: RealKafka, settings: Settings) -> None:
    """A topic's share of `kafka.topic_gib` is Kafka's `retention.bytes`; a state has none, and no share is too small."""
    settings.kafka.bootstrap = kafka.bootstrap
    settings.kafka.topic_gib = 1.0
    await create_topics(settings.kafka, [RAW, REVISIONS])

    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    found = {
        name: admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, name)])
        for name in (RAW.name, REVISIONS.name)
    }
    bounds = {name: next(iter(future.values())).result()["retention.bytes"].value for name, future in found.items()}

    assert bounds == {RAW.name: str(2**30 // settings.kafka.partitions), REVISIONS.name: "-1"}
