"""The time of an output: by it Kafka forgets."""

from dataclasses import replace

import pytest

from streams.kafka.producer import time_of
from streams.topics import CLEAN, KafkaTopic
from tests.support.memory import raw

NOW, HOUR = 1_790_000_000.0, 3600.0
RETENTION = (CLEAN.retention_hours or 0) * HOUR


def at(timestamp: float, topic: KafkaTopic = CLEAN) -> float:
    """Return the time of the output that a message of a time becomes on a topic."""
    return time_of(topic, replace(raw(0), timestamp=timestamp), NOW)


def test_an_output_has_the_time_of_its_message() -> None:
    """However late it is decided; without a message it is written now."""
    for behind in (-60.0, 0.0, 24 * HOUR, 0.49 * RETENTION):
        assert at(NOW - behind) == NOW - behind
    assert time_of(CLEAN, None, NOW) == NOW


@pytest.mark.parametrize("timestamp", [0.0, 1.0, NOW - 2 * RETENTION, NOW - 0.9 * RETENTION])
def test_nothing_is_written_that_kafka_would_forget_at_once(timestamp: float) -> None:
    """Kafka deletes a segment of such messages before anybody has read them; a producer may give none, or a date of its own."""
    assert RETENTION
    assert at(timestamp) == NOW
    assert at(timestamp, replace(CLEAN, compacted=True)) == timestamp
    assert at(timestamp, replace(CLEAN, retention_hours=None)) == timestamp
