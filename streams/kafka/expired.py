"""Messages that a topic's retention, or somebody, removed before a group read them."""

import logging
from collections.abc import Mapping

from aiokafka.errors import KafkaError
from faust.transport.consumer import Consumer
from faust.types import TP

logger = logging.getLogger(__name__)

#: A gap of so many offsets between messages is worth a question: ends of transactions make small ones.
WIDE_GAP = 100


async def count_expired(consumer: Consumer, tp: TP, expected: int, found: int, is_first: bool) -> int:
    """Return how many offsets from `expected` on Kafka removed before `found`, the next one, was read.

    Kafka is asked where a partition begins only at its first messages (`is_first`), and at gaps too wide for ends of
    transactions.
    """
    if found - expected < (1 if is_first else WIDE_GAP):
        return 0
    try:
        begin = (await consumer.earliest_offsets(tp))[tp]
    except KafkaError:
        return 0
    return max(0, min(begin, found) - expected)


def say_expired(lost: Mapping[TP, int], expected: Mapping[TP, int | None]) -> int:
    """Log how many offsets of each partition were lost, from the expected one on; return how many of all.

    To be asked of what is taken: what a rebalance overtakes is fetched again, and would be told of twice.
    """
    for tp, count in lost.items():
        if count:
            logger.error(
                "%s [%d]: %d messages from offset %s on were removed before they were read, by the topic's retention or by "
                "somebody; nothing brings them back, and what is there now is read",
                *tp,
                count,
                expected.get(tp),
            )
    return sum(lost.values())
