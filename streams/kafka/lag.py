"""How many messages wait for a step, in the partitions that are its worker's."""

from typing import Any

from faust.exceptions import ConsumerNotStarted
from faust.types import TP, AppT


def positions(app: AppT) -> tuple[set[int], int]:
    """Return the numbers of the partitions that an app has, and how many messages wait in them."""
    consumer: Any = app.consumer
    try:  # each second, of each step: Faust would look all this up anew for each partition
        subscription = consumer._thread._ensure_consumer()._subscription.subscription  # noqa: SLF001
    except ConsumerNotStarted:
        return set(), 0
    assignment = None if subscription is None else subscription.assignment
    if assignment is None:
        return set(), 0
    waiting = (_waiting(consumer, tp, assignment.state_value(tp)) for tp in assignment.tps)
    return {tp.partition for tp in assignment.tps}, sum(waiting)


def _waiting(consumer: Any, tp: TP, state: Any) -> int:
    """Return how many messages of a partition are not done.

    Where everything that the step was given is done, offsets that were read and have no message are no lag: a transaction
    ends with one, and one that is taken back leaves many. They are committed with the next message, which may never come.
    """
    end = state.lso  # of what may be read: messages of a transaction that is open do not wait for us
    if end is None:
        return 0
    done = consumer._committed_offset.get(tp) or 0  # noqa: SLF001 - Faust keeps no public account of its commits
    if max(done, consumer.finished.get(tp, 0)) >= consumer.expected.get(tp, 0):
        done = max(done, int(state.position) if state.has_valid_position else 0)
    return max(0, int(end) - done)
