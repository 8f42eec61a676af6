"""The partition of a key."""

from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.partitions import LONGEST_KEY, choose_partition


@given(st.binary(max_size=2 * LONGEST_KEY), st.integers(1, 50))
def test_a_key_lies_where_kafkas_own_clients_put_it(key: bytes, count: int) -> None:
    """Others write to our topics and read them by key: a key of any length has one partition for all."""
    known = list(range(count))
    assert choose_partition(key, known, []) == DefaultPartitioner()(key, known, known)


def test_a_message_without_a_key_goes_where_there_is_a_leader() -> None:
    """A partition without one would keep it waiting; where none has one, any is as good."""
    assert choose_partition(None, [0, 1, 2], [1]) == 1
    assert choose_partition(None, [4], []) == 4
