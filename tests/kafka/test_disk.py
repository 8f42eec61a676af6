"""The room on a real Kafka's disk."""

import shutil

import pytest

from streams.kafka.disk import disks
from streams.settings import KafkaSettings
from tests.support.real_kafka import RealKafka

pytestmark = pytest.mark.kafka


async def test_a_broker_says_how_much_room_its_disk_has(kafka: RealKafka) -> None:
    """The one broker's disk is the one that its data folder lies on, and is neither full nor empty."""
    [disk] = await disks(KafkaSettings(bootstrap=kafka.bootstrap))

    assert disk.total_bytes == pytest.approx(shutil.disk_usage(kafka.folder).total, rel=0.01)
    assert 0 < disk.usable_bytes < disk.total_bytes
