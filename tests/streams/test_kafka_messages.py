"""The message that a step is given of a consumer's record."""

import pytest
from aiokafka import ConsumerRecord

from streams.kafka.messages import MOST_AHEAD_SECONDS, message_of

NOW = 1_790_000_000.0


def record(timestamp_ms: int) -> ConsumerRecord[bytes, bytes]:
    """Return a record that was written at a time."""
    return ConsumerRecord("news.raw", 0, 7, timestamp_ms, 0, b"k", b"v", None, 1, 1, ())


@pytest.mark.parametrize("ahead", [MOST_AHEAD_SECONDS + 1, 10 * 365 * 86_400, 1e15])
def test_a_message_from_the_future_arrives_now(ahead: float) -> None:
    """A step that went by such a time would forget all older copies, stories and counts."""
    assert message_of(record(int((NOW + ahead) * 1000)), NOW).timestamp == NOW


@pytest.mark.parametrize("behind", [-MOST_AHEAD_SECONDS + 1, 0, 86_400, NOW])
def test_other_times_stay(behind: float) -> None:
    """Clocks that are a little ahead, and messages that are read late, are usual."""
    assert message_of(record(int((NOW - behind) * 1000)), NOW).timestamp == NOW - behind


def test_a_time_before_the_beginning_is_the_beginning() -> None:
    """Kafka writes -1 where there is none."""
    assert message_of(record(-1), NOW).timestamp == 0.0
