"""Recovery of a step's state, over an embedded broker."""

import asyncio

from aiokafka import TopicPartition

from streams.kafka.clients import consuming, producing
from streams.kafka.embedded import PARTITIONS, EmbeddedBroker
from streams.kafka.producer import KafkaPublisher
from streams.kafka.reading import read_between
from streams.message import Change
from streams.metrics import Metrics
from streams.settings import Settings
from streams.topics import REVISIONS
from streams.waits import Waits
from streams.worker.intake import Intake
from streams.worker.recovery import Recovery
from streams.worker.state import StateLog


async def test_partitions_that_come_together_are_read_together(settings: Settings) -> None:
    """One reader for all of them; those that are here already, or come as the step stops, are not read again."""
    keys: list[str] = []
    reads: list[set[int] | None] = []

    class Noted(StateLog):
        async def catch_up(self, partitions: set[int] | None, *progress: object) -> float:
            reads.append(partitions)
            return await super().catch_up(partitions)

    with EmbeddedBroker([REVISIONS.name]) as broker:
        settings.kafka.bootstrap = broker.bootstrap
        wanted = {*range(PARTITIONS)}
        async with producing(settings.kafka) as producer:
            await KafkaPublisher("echo", producer).publish([Change(REVISIONS, n, f"key-{n}", b"x") for n in wanted])
        log = Noted(settings.kafka, REVISIONS, lambda _, key, value: keys.append(key))
        intake = Intake(1 << 20, lambda topic, partition, offset: None)
        recovery = Recovery("echo", [log], Metrics(), intake, Waits())
        assert await recovery.recover({0}) == {0}
        assert await recovery.recover(wanted) == wanted - {0}
        assert await recovery.recover(wanted) == set()
        assert sorted(keys) == [f"key-{n}" for n in wanted]
        assert reads == [{0}, wanted - {0}]
        intake.close()
        assert await recovery.recover(wanted) == set()


async def test_a_partition_that_has_become_shorter_is_read_to_its_end(settings: Settings) -> None:
    """Its topic is made anew while it is read, or its broker has lost the last messages: no reader waits for them for ever."""
    with EmbeddedBroker([REVISIONS.name]) as broker:
        settings.kafka.bootstrap = broker.bootstrap
        async with producing(settings.kafka) as producer:
            await KafkaPublisher("echo", producer).publish([Change(REVISIONS, 0, name, b"x") for name in "ab"])
        place = TopicPartition(REVISIONS.name, 0)
        async with asyncio.timeout(30), consuming(settings.kafka, fetch_max_wait_ms=10) as consumer:
            found = [message.key async for some in read_between(consumer, {place: 0}, {place: 9}) for message in some]
    assert found == [b"a", b"b"]
