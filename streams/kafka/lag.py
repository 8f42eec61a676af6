"""How many messages wait for a step, in the partitions that are its worker's."""

from typing import Any

from faust.exceptions import ConsumerNotStarted
from faust.types import TP, AppT


def positions(app: AppT) -> tuple[set[int], int]:
    """Return the numbers of the partitions that an app has, and how many messages wait in them."""
    consumer: Any = app.consumer
    try:
        assignment = consumer.assignment()
    except ConsumerNotStarted:
        return set(), 0
    return {tp.partition for tp in assignment}, sum(_waiting(consumer, tp) for tp in assignment)


def _waiting(consumer: Any, tp: TP) -> int:
    """Return how many messages of a partition are not done.

    Where everything that the step was given is done, offsets that were read and have no message are no lag: a transaction
    ends with one, and one that is taken back leaves many. They are committed with the next message, which may never come.
    """
    end = consumer.highwater(tp)
    if end is None:
        return 0
    done = consumer._committed_offset.get(tp) or 0  # noqa: SLF001 - Faust keeps no public account of its commits
    if max(done, consumer.finished.get(tp, 0)) >= consumer.expected.get(tp, 0):
        done = max(done, _read_to(consumer, tp))
    return max(0, int(end) - done)


def _read_to(consumer: Any, tp: TP) -> int:
    """Return the offset that is fetched next of a partition, 0 where none is known yet."""
    # aiokafka gives it to a coroutine alone, and its consumer lives in a thread of its own
    assignment = consumer._thread._ensure_consumer()._subscription.subscription.assignment  # noqa: SLF001
    state = assignment.state_value(tp) if assignment is not None and tp in assignment.tps else None
    return int(state.position) if state is not None and state.has_valid_position else 0
