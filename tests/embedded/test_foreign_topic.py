"""Somebody else's topic on the embedded broker."""

from pathlib import Path

from streams.kafka.embedded import EmbeddedBroker
from streams.settings import Settings
from tests.support.foreign import TOPIC, read_foreign_topic


async def test_each_message_of_a_topic_ends_once(settings: Settings, tmp_path: Path) -> None:
    """Articles are raw messages, the others dead letters; a worker that is killed changes nothing."""
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        broker.make(TOPIC)
        await read_foreign_topic(settings, tmp_path, fork=True)
