"""Kafka's records as messages of a step."""

import time

from aiokafka import ConsumerRecord

from streams.message import Message

#: By so much a message may claim to have arrived after now: the clocks of those who write differ. Kafka's own bound.
MOST_AHEAD_SECONDS = 3600.0


def message_of(record: ConsumerRecord[bytes, bytes], now: float | None = None) -> Message:
    """Return a consumer's record as a step takes it, at `now` (epoch seconds; without it, by the clock).

    A time before 1970 is the beginning of time. One in the future is now: by it, a step would forget all that is older.
    """
    timestamp, now = record.timestamp / 1000, time.time() if now is None else now
    if timestamp > now + MOST_AHEAD_SECONDS:
        timestamp = now
    return Message(
        record.topic,
        record.partition,
        record.offset,
        record.key,
        record.value or b"",
        {name: value for name, value in record.headers if value is not None},
        max(timestamp, 0.0),
    )
