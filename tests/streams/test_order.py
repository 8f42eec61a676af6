"""ArrivalOrder: the earliest first, whichever partition brings it, and no wait without an end."""

import random
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from streams.worker.order import ArrivalOrder, OffsetMarks


def test_waits_for_a_partition_that_can_still_bring_an_earlier_one() -> None:
    """An article is held while another partition is not drained, and released once it is."""
    order: ArrivalOrder[str] = ArrivalOrder(wait_seconds=10)
    order.add(0, 0, (5.0, "b"), received=100.0, item="b")
    assert list(order.release({0: 1, 1: 1}, ends_at=101.0, now=101.0)) == []
    order.add(1, 0, (4.0, "a"), received=102.0, item="a")
    assert list(order.release({0: 1, 1: 1}, ends_at=103.0, now=103.0)) == ["a", "b"]


def test_ends_that_are_older_than_the_article_prove_nothing() -> None:
    """A partition that was drained before the article came may have received an earlier one since."""
    order: ArrivalOrder[str] = ArrivalOrder(wait_seconds=10)
    order.add(0, 0, (5.0, "b"), received=100.0, item="b")
    assert list(order.release({0: 1, 1: 0}, ends_at=99.0, now=101.0)) == []
    assert list(order.release({0: 1, 1: 0}, ends_at=100.5, now=101.0)) == ["b"]


def test_a_dead_letter_drains_its_partition() -> None:
    """A marker stands for a raw message that brings no article."""
    order: ArrivalOrder[str] = ArrivalOrder(wait_seconds=10)
    order.add(0, 0, (5.0, "b"), received=100.0, item="b")
    order.mark(1, 0, received=100.5)
    assert list(order.release({0: 1, 1: 1}, ends_at=101.0, now=101.0)) == ["b"]


def test_a_wait_ends() -> None:
    """After the wait an article goes on without the earlier ones, and is counted."""
    order: ArrivalOrder[str] = ArrivalOrder(wait_seconds=10)
    order.add(0, 0, (5.0, "b"), received=100.0, item="b")
    assert list(order.release({0: 1, 1: 1}, ends_at=111.0, now=111.0)) == ["b"]
    assert order.timeouts == 1


def test_a_partition_that_moves_is_waited_for() -> None:
    """A slow partition is no dead one: the wait begins again with everything that it brings."""
    order: ArrivalOrder[str] = ArrivalOrder(wait_seconds=10)
    order.add(0, 0, (5.0, "b"), received=100.0, item="b")
    order.mark(1, 0, received=108.0)
    assert list(order.release({0: 1, 1: 2}, ends_at=112.0, now=112.0)) == []
    assert list(order.release({0: 1, 1: 2}, ends_at=118.5, now=118.5)) == ["b"]


def test_a_dead_partition_is_waited_for_once() -> None:
    """After one wait the others go on at once, until the partition moves again."""
    order: ArrivalOrder[str] = ArrivalOrder(wait_seconds=10)
    order.add(0, 0, (5.0, "a"), received=100.0, item="a")
    assert list(order.release({0: 2, 1: 5}, ends_at=111.0, now=111.0)) == ["a"]
    order.add(0, 1, (6.0, "b"), received=111.5, item="b")
    assert list(order.release({0: 2, 1: 5}, ends_at=112.0, now=112.0)) == ["b"]
    order.mark(1, 0, received=113.0)
    order.add(0, 2, (7.0, "c"), received=113.5, item="c")
    assert list(order.release({0: 3, 1: 5}, ends_at=114.0, now=114.0)) == []


def test_what_is_forgotten_is_waited_for_again() -> None:
    """After a rebalance the held articles come again; until then their partition is not drained."""
    order: ArrivalOrder[str] = ArrivalOrder(wait_seconds=10)
    order.add(0, 0, (5.0, "a"), received=100.0, item="a")
    order.mark(0, 1, received=100.0)
    assert order.forget() == ["a"]
    order.add(1, 0, (6.0, "b"), received=101.0, item="b")
    assert list(order.release({0: 2, 1: 1}, ends_at=102.0, now=102.0)) == []
    order.add(0, 0, (5.0, "a"), received=103.0, item="a")
    assert list(order.release({0: 2, 1: 1}, ends_at=104.0, now=104.0)) == ["a", "b"]


def test_no_room_ends_a_wait_too() -> None:
    """In a hurry the earliest goes on at once."""
    order: ArrivalOrder[str] = ArrivalOrder(wait_seconds=10)
    order.add(0, 0, (5.0, "b"), received=100.0, item="b")
    assert list(order.release({0: 1, 1: 1}, ends_at=101.0, now=101.0, hurry=True)) == ["b"]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 50)), max_size=60), st.integers(0, 2**32))
def test_the_order_does_not_depend_on_how_partitions_interleave(articles: list[tuple[int, int]], seed: int) -> None:
    """However the partitions' sequences are mixed on the way, the same order comes out."""
    sequences: defaultdict[int, list[tuple[float, str]]] = defaultdict(list)
    for number, (partition, time) in enumerate(articles):
        sequences[partition].append((float(time), str(number)))
    ends = {partition: len(sequences[partition]) for partition in range(4)}
    results = []
    for dice in (random.Random(seed), random.Random(seed + 1)):
        order: ArrivalOrder[str] = ArrivalOrder(wait_seconds=1e9)
        at = dict.fromkeys(sequences, 0)
        out: list[str] = []
        while left := [p for p in sequences if at[p] < len(sequences[p])]:
            partition = dice.choice(left)
            order.add(
                partition,
                at[partition],
                sequences[partition][at[partition]],
                1.0,
                sequences[partition][at[partition]][1],
            )
            at[partition] += 1
            out += order.release(ends, ends_at=2.0, now=2.0)
        results.append(out)
    assert results[0] == results[1]
    assert len(results[0]) == len(articles)


@given(st.permutations(range(20)))
def test_seen_counts_only_without_gaps(offsets: list[int]) -> None:
    """`upto` stands at the first offset that has left no trace."""
    seen = OffsetMarks()
    noted: set[int] = set()
    for offset in offsets:
        seen.add(offset)
        noted.add(offset)
        assert seen.upto == next(n for n in range(21) if n not in noted)


def test_an_offset_without_a_message_is_passed_over() -> None:
    """An offset without a message is named once it has stood long enough, and then no longer waited for."""
    order: ArrivalOrder[str] = ArrivalOrder(wait_seconds=30)
    ends = {0: 1, 1: 4}
    order.mark(1, 0, received=99.0)
    order.mark(1, 2, received=99.0)
    order.add(0, 0, (5.0, "a"), received=100.0, item="a")

    assert order.standing(ends, now=100.0, seconds=1.0) == {}
    assert order.standing(ends, now=100.5, seconds=1.0) == {}
    assert order.standing(ends, now=101.0, seconds=1.0) == {1: 1}
    assert order.skip(1, 2) == 3
    assert order.standing(ends, now=101.0, seconds=1.0) == {1: 3}
    assert list(order.release(ends, ends_at=101.0, now=101.0)) == []
    assert order.skip(1, 4) == 4
    assert order.standing(ends, now=101.0, seconds=1.0) == {}
    assert list(order.release(ends, ends_at=101.0, now=101.0)) == ["a"]
    assert order.timeouts == 0


def test_a_partition_that_moves_is_not_looked_at() -> None:
    """Where another offset is missing each time, none has stood for long."""
    order: ArrivalOrder[str] = ArrivalOrder(wait_seconds=30)
    for offset in range(5):
        order.mark(0, offset, received=100.0 + offset)
        assert order.standing({0: 9}, now=100.0 + offset, seconds=1.5) == {}


def test_an_offset_that_has_left_its_trace_is_not_waited_for_again() -> None:
    """A message that names an old offset costs as little, when its partition goes away, as any other."""
    order: ArrivalOrder[str] = ArrivalOrder(wait_seconds=10)
    order.skip(0, 50_000_000)
    order.add(0, 3, (5.0, "old"), received=100.0, item="old")
    assert order.settled_below(0) == 50_000_000
    assert order.forget() == ["old"]
    assert order.settled_below(0) == 50_000_000
    assert order.seen[0].overtaken(1e9) is None


def test_an_offset_that_was_held_is_waited_for_again() -> None:
    """A message that a rebalance gives back comes again, and is in its place then."""
    order: ArrivalOrder[str] = ArrivalOrder(wait_seconds=10)
    order.skip(0, 5)
    order.add(0, 5, (5.0, "a"), received=100.0, item="a")
    order.add(0, 6, (6.0, "b"), received=100.0, item="b")
    assert order.settled_below(0) == 5
    order.forget()
    order.add(1, 0, (7.0, "c"), received=101.0, item="c")
    assert list(order.release({0: 7, 1: 1}, ends_at=102.0, now=102.0)) == []
    order.add(0, 5, (5.0, "a"), received=102.0, item="a")
    order.add(0, 6, (6.0, "b"), received=102.0, item="b")
    assert list(order.release({0: 7, 1: 1}, ends_at=103.0, now=103.0)) == ["a", "b", "c"]


def test_newer_ends_tell_nothing_new_while_more_is_to_come() -> None:
    """Offsets above a missing one have come: of three, one is left, and it may be the message that comes now."""
    order: ArrivalOrder[str] = ArrivalOrder(wait_seconds=10)
    for offset in (1, 2):
        order.mark(0, offset, received=100.0)
    assert order.is_behind({0: 4}, coming=1)
    assert not order.is_behind({0: 3}, coming=1)
    assert not order.is_behind({0: 4, 1: 1}, coming=1)
