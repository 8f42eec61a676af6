"""Which topic it is: one that was deleted and made anew has the name of the old one, and another id.

Offsets are those of one topic. aiokafka (0.14) knows topics by their names: where a new one has grown beyond the old
position before it is read, it is read from there, and what lies below is never seen. So each commit says in its metadata
of which topic it is, and a partition whose commit is of another one is read from its beginning. What has been read of the
new topic by then is read again, and gives the same ids. Who reads without a group, as states are read, asks `Renewals`.

Each commit also says which leader had the last message before it, by which ends that Kafka has lost are found
(`streams.kafka.lost_ends`).

Brokers before Kafka 2.8 know no ids, and commits of older versions name none: nothing is compared then.
"""

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping
from io import BytesIO
from typing import Any, NamedTuple, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, LeaderNotAvailableError
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    AbstractType,
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Schema,
    TaggedFields,
)
from aiokafka.structs import OffsetAndMetadata

from streams.kafka.lost_ends import NO_LEADER, ReadTo, doubted, lost_ends, read_to
from streams.kafka.lost_ends import states as states_of

logger = logging.getLogger("wirewatch.engine")

#: How the metadata of our commits begin: those of a topic and a leader's number, and those of a topic alone. What older versions
#: find of the former they compare with nothing.
PLACE, MARK = "place:", "topic:"
#: The id of none.
NO_ID = bytes(16)
#: The pause before a leader is asked again that has not answered.
AGAIN_SECONDS = 1.0


class Uuid(AbstractType[bytes]):  # type: ignore[misc]
    """The sixteen bytes of an id."""

    @classmethod
    def encode(cls, value: bytes) -> bytes:
        """Return them as they are."""
        return value

    @classmethod
    def decode(cls, data: BytesIO) -> bytes:
        """Return the next sixteen."""
        return data.read(len(NO_ID))


class MetadataResponse(Response):  # type: ignore[misc]
    """The first version of the answer that has ids."""

    API_KEY, API_VERSION = 3, 10
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            CompactArray(
                ("node_id", Int32),
                ("host", CompactString("utf-8")),
                ("port", Int32),
                ("rack", CompactString("utf-8")),
                ("tags", TaggedFields),
            ),
        ),
        ("cluster_id", CompactString("utf-8")),
        ("controller_id", Int32),
        (
            "topics",
            CompactArray(
                ("error_code", Int16),
                ("name", CompactString("utf-8")),
                ("topic_id", Uuid),
                ("is_internal", Boolean),
                (
                    "partitions",
                    CompactArray(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", CompactArray(Int32)),
                        ("in_sync", CompactArray(Int32)),
                        ("offline", CompactArray(Int32)),
                        ("tags", TaggedFields),
                    ),
                ),
                ("authorized_operations", Int32),
                ("tags", TaggedFields),
            ),
        ),
        ("authorized_operations", Int32),
        ("tags", TaggedFields),
    )


class MetadataQuestion(RequestStruct):  # type: ignore[misc]
    """The question as it goes to a broker."""

    API_KEY, API_VERSION, FLEXIBLE_VERSION = 3, 10, True
    RESPONSE_TYPE = MetadataResponse
    SCHEMA = Schema(
        ("topics", CompactArray(("topic_id", Uuid), ("name", CompactString("utf-8")), ("tags", TaggedFields))),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_operations", Boolean),
        ("include_topic_operations", Boolean),
        ("tags", TaggedFields),
    )


class IdsRequest(Request[MetadataQuestion]):  # type: ignore[misc]
    """Asks for topics by their names; makes none."""

    API_KEY = 3

    def __init__(self, topics: Iterable[str]) -> None:
        self._topics = sorted(topics)

    def build(self, request_struct_class: type[MetadataQuestion]) -> MetadataQuestion:
        """Return it as it is sent."""
        return request_struct_class([(NO_ID, name, {}) for name in self._topics], False, False, False, {})


async def topic_ids(client: Any, topics: Collection[str]) -> dict[str, str]:
    """Return the ids of topics, as hexadecimal digits; of those only that the broker knows, and says.

    Raises `KafkaError` where it does not answer.
    """
    try:
        answer = await client.send(client.get_random_node(), IdsRequest(topics))
    except NotImplementedError:  # the broker is older
        return {}
    return {name: found.hex() for error, name, found, *_ in answer.topics if not error and found != NO_ID}


class Renewals:
    """Tells which topics were made anew since their positions were noted, for whoever keeps positions itself."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    async def found(self, client: Any, topics: Collection[str]) -> set[str]:
        """Return the topics that were made anew since they were last asked for; note their ids.

        To be asked before the ends of partitions: of a topic that is made anew in between, it is the next answer that tells.
        Raises `KafkaError` where Kafka does not answer.
        """
        now = await topic_ids(client, topics)
        anew = {name for name, found in now.items() if self._ids.get(name, found) != found}
        self._ids |= now
        for name in anew:
            logger.warning("%s was made anew: it is read from its beginning", name)
        return anew


class Commit(NamedTuple):
    """The origin of a committed offset: the topic's id, and the number of the leader that had the message before it."""

    topic: str
    leader: int = NO_LEADER

    @classmethod
    def of(cls, metadata: str) -> Self | None:
        """Return the origin that metadata give; None where they are none of ours."""
        if metadata.startswith(MARK):
            return cls(metadata.removeprefix(MARK))
        topic, _, leader = metadata.removeprefix(PLACE).partition(":")
        return cls(topic, int(leader)) if metadata.startswith(PLACE) and leader.isdecimal() else None

    def __str__(self) -> str:
        """Return the metadata."""
        return f"{MARK}{self.topic}" if self.leader == NO_LEADER else f"{PLACE}{self.topic}:{self.leader}"


class Identity:
    """The topics that a consumer in a group reads and their messages, as of when they were read."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._ids: dict[str, str] = {}
        self._commit = consumer.commit
        consumer.commit = self._stamped

    async def _stamped(self, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
        """Commit, and say of which topics the offsets are, and of which leaders the messages before them.

        An offset beyond what was read is of messages that were read before their partition was set back: it is left out.
        """
        states, stamped = states_of(self._consumer), {}
        for partition, at in offsets.items():
            read = read_to(states.get(partition)) or ReadTo(NO_LEADER, at.offset)
            if at.offset <= read.offset:
                stamped[partition] = self._stamp(partition, at, read.leader)
        if stamped:
            await self._commit(stamped)

    def _stamp(self, partition: TopicPartition, at: OffsetAndMetadata, leader: int) -> OffsetAndMetadata:
        """Return an offset with its origin, where that is known."""
        topic = self._ids.get(partition.topic)
        return at if topic is None else OffsetAndMetadata(at.offset, str(Commit(topic, leader)))

    async def made_anew(self, partitions: Collection[TopicPartition]) -> set[TopicPartition]:
        """Return those of the consumer's partitions whose commits are of another topic of that name; note the ids of now.

        Of the others the commits say how far they have been read.
        """
        if not partitions:
            return set()
        committed = await self._consumer._coordinator.fetch_committed_offsets(list(partitions))  # noqa: SLF001
        self._ids |= await self._now({partition.topic for partition in partitions})
        anew, states = set(), states_of(self._consumer)
        for partition, at in committed.items():
            now, said = self._ids.get(partition.topic), Commit.of(at.metadata)
            if now is None or said is None:
                continue
            if said.topic != now:
                logger.warning("%s [%d] was made anew: it is read from its beginning", *partition)
                anew.add(partition)
            elif said.leader != NO_LEADER and partition in states:
                states[partition].read_to = ReadTo(said.leader, at.offset)
        return anew

    async def lost(self) -> dict[TopicPartition, int]:
        """Return the partitions whose latest messages do not count, and how many of those read before are lost to Kafka.

        They are read from the new end on, or, where no leader says yet where that is, from the old place again.
        """
        states = states_of(self._consumer)
        doubts = {partition: place for partition, state in states.items() if (place := doubted(state)) is not None}
        if not doubts:
            return {}
        for partition in doubts:
            states[partition].doubted = None
        try:
            now = await topic_ids(self._consumer._client, {each.topic for each in doubts})  # noqa: SLF001
            if not now.keys() >= {each.topic for each in doubts} & self._ids.keys():
                raise LeaderNotAvailableError("a broker that has just started shows no topics yet")
            same = {each: at for each, at in doubts.items() if now.get(each.topic) == self._ids.get(each.topic, "")}
            ends = await lost_ends(self._consumer._client, same)  # noqa: SLF001
        except (KafkaError, OSError) as error:
            logger.debug("whether messages are lost is not known yet: %s", error)
            ends = {partition: place.offset for partition, place in doubts.items()}
            await asyncio.sleep(AGAIN_SECONDS)
        found = {}
        for partition, end in ends.items():
            if states.items() <= states_of(self._consumer).items():  # no rebalance has set other positions meanwhile
                states[partition].read_to = ReadTo(doubts[partition].leader, end)
                self._consumer.seek(partition, end)
            found[partition] = doubts[partition].offset - end
        return found

    async def look(self) -> None:
        """Join the group anew where a topic was made anew, so that positions are set anew too."""
        now = await self._now(self._ids)
        if any(now.get(topic, before) != before for topic, before in self._ids.items()):
            self._consumer._coordinator.request_rejoin()  # noqa: SLF001 - aiokafka has no other way

    async def _now(self, topics: Collection[str]) -> dict[str, str]:
        """Return the ids of topics now; empty where Kafka does not say them."""
        if not topics:
            return {}
        try:
            return await topic_ids(self._consumer._client, topics)  # noqa: SLF001
        except (KafkaError, OSError) as error:
            logger.debug("the ids of %s are not known: %s", ", ".join(topics), error)
            return {}
