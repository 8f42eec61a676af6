"""A state that Kafka does not give, or whose claim it does not take, is named by its topic."""

import asyncio

import pytest
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, NotEnoughReplicasError

import streams.waits
import streams.worker.recovery
from streams.metrics import Metrics
from streams.settings import Settings
from streams.topics import REVISIONS, SKETCHES
from streams.waits import Waits
from streams.worker.intake import Intake
from streams.worker.recovery import Recovery
from streams.worker.state import StateLog


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NotEnoughReplicasError(), f"waits for its state on {SKETCHES.name}: "),
        (MessageSizeTooLargeError(), f"state on {SKETCHES.name} (set its max.message.bytes to 9437184): "),
    ],
)
async def test_a_state_that_is_waited_for_is_named(
    error: KafkaError, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step has several of them, and each may have rights, replicas and limits of its own."""
    monkeypatch.setattr(streams.waits, "HINDRANCE_SECONDS", 0.01)
    monkeypatch.setattr(streams.worker.recovery, "AWAY_SECONDS", 0.0)

    class Read(StateLog):
        async def catch_up(self, partitions: set[int] | None, *progress: object) -> float:
            if self.topic is SKETCHES:
                raise error
            return 0.0

    settings, waits = Settings(), Waits()
    logs = [Read(settings.kafka, topic, lambda topic, key, value: None) for topic in (REVISIONS, SKETCHES)]
    intake = Intake(1, lambda topic, partition, offset: None)
    work = asyncio.ensure_future(Recovery("clean", logs, Metrics(), intake, waits).recover({0}))
    while (found := waits.hindrance) is None:
        await asyncio.sleep(0)
    work.cancel()
    await asyncio.wait([work])
    assert words in found
