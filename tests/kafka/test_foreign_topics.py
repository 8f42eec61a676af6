"""Somebody else's topic on a real Kafka."""

from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from streams.settings import Settings
from tests.support.flow import make_topics
from tests.support.foreign import TOPIC, read_foreign_topic
from tests.support.real_kafka import RealKafka

pytestmark = pytest.mark.kafka


async def test_each_message_of_a_topic_ends_once(kafka: RealKafka, settings: Settings, tmp_path: Path) -> None:
    """Articles are raw messages, the others dead letters; a worker that is killed changes nothing."""
    settings.kafka.bootstrap = kafka.bootstrap
    await make_topics(settings)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC, 3, 1)])
    await admin.close()
    await read_foreign_topic(settings, tmp_path)
