"""How far partitions were read, and of which leaders: where messages may have been lost, that is noticed."""

from types import SimpleNamespace

import pytest

from streams.kafka.batches import LEADER_AT, Batches
from streams.kafka.identity import Commit
from streams.kafka.lost_ends import NO_LEADER, ReadTo, doubted, note, read_to
from tests.streams.test_batches import batch


def of_leader(leader: int, data: bytes) -> bytes:
    """Return a batch that a leader of that number took."""
    return data[:LEADER_AT] + leader.to_bytes(4, "big", signed=True) + data[LEADER_AT + 4 :]


@pytest.mark.parametrize(
    ("position", "leader", "doubt"),
    [
        (10, 3, None),
        (10, NO_LEADER, None),  # it follows in the same answer
        (10, 4, ReadTo(3, 10)),
        (0, 3, ReadTo(3, 10)),
        (20, 4, ReadTo(3, 20)),  # it was set back, and a commit has set it ahead again
    ],
)
def test_another_leader_and_an_earlier_place_raise_a_doubt(position: int, leader: int, doubt: ReadTo | None) -> None:
    """Whether what was read before is there still; a partition that was never read raises none."""
    state = SimpleNamespace(position=0)
    note(state, 3, ReadTo(3, 10))
    assert doubted(state) is None
    state.position = position
    note(state, leader, ReadTo(max(3, leader), position + 5))
    assert doubted(state) == doubt
    assert read_to(state) == ReadTo(max(3, leader), position + 5)


def test_the_first_doubt_stays_until_it_is_asked_about() -> None:
    """Two elections, one soon after the other: it is the place before both that may be gone."""
    state = SimpleNamespace(position=10, read_to=ReadTo(3, 10))
    note(state, 4, ReadTo(4, 12))
    state.position = 12
    note(state, 5, ReadTo(5, 14))
    assert doubted(state) == ReadTo(3, 10)


def test_batches_know_the_leaders_that_took_them() -> None:
    """That of the first batch in an answer, and that of the last one so far."""
    batches = Batches(of_leader(6, batch(1, [b"a"])) + of_leader(7, batch(2, [b"b"])))
    assert batches.leader == NO_LEADER
    batches.next_batch()
    assert (batches.first_leader, batches.leader) == (6, 6)
    batches.next_batch()
    assert (batches.first_leader, batches.leader) == (6, 7)


def test_a_commit_says_of_which_topic_and_leader_it_is() -> None:
    """Those of older versions name the topic alone, and strangers' name nothing."""
    assert [Commit.of(str(each)) for each in (Commit("ab", 7), Commit("ab"))] == [Commit("ab", 7), Commit("ab")]
    assert str(Commit("ab")) == "topic:ab"
    assert [Commit.of(words) for words in ("", "place:ab", "place:ab:x", "of somebody")] == [None] * 4
