"""Ends of partitions that Kafka has lost: a leader without the latest messages was let in, or a disk lost its last writes.

Offsets go on from the new end, so those that a group has read before stand for other messages then. Whoever goes on at the
old position, once the partition has grown beyond it, never sees what lies below. aiokafka (0.14) does not look for that; where
the end still lies before the position it reads all that is retained again.

Each leader numbers itself, and its batches bear the number. So what was read last, and of which leader, is kept with the
position and with each commit. Where a partition goes on with another leader's messages, or from an earlier place, the leader
of now is asked where the messages of that number end (KIP-320). What lies behind that end was lost, and is read anew from it on.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.errors import LeaderNotAvailableError
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Int16, Int32, Int64, Schema, String

logger = logging.getLogger("wirewatch.engine")

#: The number of no leader: of messages in an old format.
NO_LEADER = -1


class ReadTo(NamedTuple):
    """How far a partition was read: the number of the leader that had the last message, and the offset behind it."""

    leader: int
    offset: int


class EndsResponse(Response):  # type: ignore[misc]
    """Where the messages of leaders end."""

    API_KEY, API_VERSION = 23, 2
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "topics",
            Array(
                ("topic", String("utf-8")),
                (
                    "partitions",
                    Array(("error_code", Int16), ("partition", Int32), ("leader_epoch", Int32), ("end_offset", Int64)),
                ),
            ),
        ),
    )


class EndsQuestion(RequestStruct):  # type: ignore[misc]
    """The question as it goes to a broker."""

    API_KEY, API_VERSION = 23, 2
    RESPONSE_TYPE = EndsResponse
    SCHEMA = Schema(
        (
            "topics",
            Array(
                ("topic", String("utf-8")),
                ("partitions", Array(("partition", Int32), ("current_leader_epoch", Int32), ("leader_epoch", Int32))),
            ),
        ),
    )


class EndsRequest(Request[EndsQuestion]):  # type: ignore[misc]
    """Asks a broker, for partitions that it leads, where the messages of a leader and those before it end."""

    API_KEY = 23

    def __init__(self, leaders: Mapping[TopicPartition, int]) -> None:
        self._leaders = leaders

    def build(self, request_struct_class: type[EndsQuestion]) -> EndsQuestion:
        """Return it as it is sent."""
        by_topic = defaultdict[str, list[tuple[int, int, int]]](list)
        for place, leader in self._leaders.items():
            by_topic[place.topic].append((place.partition, NO_LEADER, leader))
        return request_struct_class([*by_topic.items()])


class FetchResult(fetcher.FetchResult):  # type: ignore[misc]
    """The messages of one partition in one answer; notes how far they were taken."""

    def _update_position(self) -> None:
        batches, behind = self._partition_records.batches, self._partition_records.next_fetch_offset
        if batches.leader != NO_LEADER:
            state = self._assignment.state_value(self._topic_partition)
            note(state, batches.first_leader, ReadTo(batches.leader, behind))
            batches.first_leader = NO_LEADER  # one answer is of one log
        super()._update_position()


def note(state: Any, first_leader: int, now: ReadTo) -> None:
    """Note how far a partition was read now, and where that raises the doubt whether the place before it is there still.

    `state`: aiokafka's of that partition, at the position from which on this was read. `first_leader`: the number of the first
    message; that of none where it follows the one before in the same answer.
    """
    before = read_to(state)
    if before is not None and (first_leader > before.leader or state.position < before.offset):
        # a commit may have set it ahead of what was read since it was set back: up to there it counts as read
        ahead = ReadTo(before.leader, max(before.offset, state.position))
        state.doubted = doubted(state) or ahead
    state.read_to = now


def states(consumer: AIOKafkaConsumer) -> dict[TopicPartition, Any]:
    """Return aiokafka's states of the partitions that a consumer has now."""
    subscription = consumer._subscription.subscription  # noqa: SLF001 - `note` keeps there how far they were read
    if subscription is None or subscription.assignment is None:
        return {}
    return {each: subscription.assignment.state_value(each) for each in subscription.assignment.tps}


def read_to(state: Any) -> ReadTo | None:
    """Return how far a partition was read, by its state; None where that is unknown."""
    found: ReadTo | None = getattr(state, "read_to", None)
    return found


def doubted(state: Any) -> ReadTo | None:
    """Return a place that messages were read to, and that may not be there any more."""
    found: ReadTo | None = getattr(state, "doubted", None)
    return found


async def lost_ends(client: Any, places: Mapping[TopicPartition, ReadTo]) -> dict[TopicPartition, int]:
    """Return the new ends of those partitions that were read further than their messages of that leader reach; say so.

    Raises `KafkaError` where a leader does not answer; one that is too old knows no numbers, and nothing is lost then.
    """
    by_node = defaultdict[int, dict[TopicPartition, int]](dict)
    for place, (leader, _) in places.items():
        node = client.cluster.leader_for_partition(place)
        if node is None or node < 0:
            raise LeaderNotAvailableError(place)
        by_node[node][place] = leader
    ends: dict[TopicPartition, int] = {}
    for node, leaders in by_node.items():
        try:
            answer = await client.send(node, EndsRequest(leaders))
        except NotImplementedError:
            continue
        for topic, partitions in answer.topics:
            for error, partition, _, end in partitions:
                if error:
                    raise LeaderNotAvailableError(topic, partition, error)
                ends[TopicPartition(topic, partition)] = end
    lost = {place: end for place, end in ends.items() if 0 <= end < places[place].offset}
    for place, end in lost.items():
        logger.error(
            "%s [%d]: Kafka has lost the %d messages from offset %d on that were read before: its new leader did not have them. "
            "What stands there since is read, and what nobody had read is gone",
            *(*place, places[place].offset - end, end),
        )
    return lost


class Places:
    """How far partitions were read, for whoever keeps positions itself, over all its consumers."""

    def __init__(self) -> None:
        self._read: dict[TopicPartition, ReadTo] = {}

    def continue_by(self, consumer: AIOKafkaConsumer) -> None:
        """Tell a consumer that has just been given partitions how far they were read, so that it sees where that is in doubt."""
        for partition, state in states(consumer).items():
            state.read_to = self._read.get(partition)

    def note(self, consumer: AIOKafkaConsumer) -> None:
        """Note how far a consumer has read; to be called before it is given other partitions."""
        for partition, state in states(consumer).items():
            if found := doubted(state) or read_to(state):
                self._read[partition] = found

    async def lost(self, consumer: AIOKafkaConsumer) -> dict[TopicPartition, int]:
        """Return the new ends of partitions whose messages Kafka has lost since they were read; forget how far those were read.

        Raises `KafkaError` where a leader does not answer.
        """
        self.note(consumer)
        asked, now = dict(self._read), states(consumer)
        found = await lost_ends(consumer._client, asked)  # noqa: SLF001 - who has the connections
        for partition, state in now.items():
            if doubted(state) is not None and doubted(state) is asked.get(partition):
                state.doubted = None
        self.forget(found)
        return found

    def forget(self, partitions: Iterable[TopicPartition] | None = None) -> None:
        """Forget how far partitions were read, or all (None): it was of topics that are no more."""
        for partition in tuple(self._read if partitions is None else partitions):
            self._read.pop(partition, None)


def install() -> None:
    """Let every consumer of this process note how far it has read."""
    fetcher.FetchResult = FetchResult
