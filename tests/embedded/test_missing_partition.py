"""A state whose topic has fewer partitions than those beside it: named, and waited for."""

import asyncio

import pytest

import streams.waits
from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.producer import KafkaPublisher, NoPartitionError
from streams.message import Change
from streams.settings import Settings
from streams.topics import REVISIONS
from streams.waits import Waits
from streams.worker.fence import Claims


async def test_a_partition_that_there_is_not_is_waited_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The step does not fail by an error of the library, and says what to do; it was `Unrecognized partition`."""
    monkeypatch.setattr(streams.waits, "HINDRANCE_SECONDS", 0.0)
    waits = Waits()
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        async with asyncio.timeout(30), producing(settings.kafka) as producer:
            publishing = asyncio.ensure_future(
                KafkaPublisher("clean", producer, waits).publish([Change(REVISIONS, 99, "key", b"x")])
            )
            while "no partition" not in (waits.hindrance or ""):
                await asyncio.sleep(0.01)
            assert waits.hindrance == (
                f"waits for Kafka to take messages of {REVISIONS.name}: "
                "NoPartitionError: it has no partition 99: give it as many as the topics beside it"
            )
            assert not publishing.done()
            publishing.cancel()


async def test_a_claim_of_a_partition_that_there_is_not_yet_is_waited_for(settings: Settings) -> None:
    """Partitions were added beside a worker, whose producer does not know of them: the step failed, again and again."""
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        async with asyncio.timeout(30), producing(settings.kafka) as producer:
            with pytest.raises(NoPartitionError, match="no partition 99: give it as many"):
                await Claims(producer).claim(REVISIONS, {99: 1})
