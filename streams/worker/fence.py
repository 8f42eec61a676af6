"""Fences between the owners of a partition of states: late writes of a former owner do not count.

A worker that is frozen for longer than its session writes, once it goes on, what it had begun: no question asked before a
write can keep it from that. So each owner claims a partition before it writes there: its claim is a record of the
partition's own log, with a number one higher than any before, and a name that nobody else has. Whatever it writes bears
both. A reader that has passed a claim takes nothing more of lower numbers, or of the same number and another name. What
lies before the claim has been read by whoever made it (see `streams.worker.state`). The next owner writes once more what
counts under the keys of late records: compaction keeps the last record of a key, whoever wrote it.

Records without a number are those of older workers, and of commands: they are taken as they come.
"""

import logging
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol
from uuid import uuid4

from aiokafka import AIOKafkaProducer
from aiokafka.structs import RecordMetadata

from streams.kafka.producer import given, state_message
from streams.message import Change
from streams.topics import KafkaTopic

logger = logging.getLogger("wirewatch.state")

#: The header that says whose a state record is.
OWNER_HEADER = "ww_owner"
#: The key of claims; each partition keeps the latest.
CLAIM_KEY = "wirewatch:owner"
#: The highest number that is believed: a stranger's higher one would shut out all owners to come.
MOST_CLAIMS = 10**12


class Owner(NamedTuple):
    """An owner of a partition: the number of its claim, and its name. They compare in the order of their numbers."""

    number: int
    name: str

    def __bytes__(self) -> bytes:
        """Return it as it stands in a header."""
        return f"{self.number}:{self.name}".encode()


#: Whoever had a partition before anybody claimed it.
NOBODY = Owner(0, "")


def read_owner(headers: Sequence[tuple[str, bytes | None]]) -> Owner | None:
    """Return whose a record is; None where it does not say. Raises `ValueError` for a header that is none of ours."""
    for header, value in headers:
        if header == OWNER_HEADER:
            given = (value or b"")[:100]
            number, _, name = given.decode().partition(":")
            owner = Owner(int(number), name)
            if not 0 < owner.number <= MOST_CLAIMS or not name:
                raise ValueError(f"no owner of a partition: {given!r}")
            return owner
    return None


class Claimant(Protocol):
    """Whoever takes partitions over."""

    async def claim(self, topic: KafkaTopic, numbers: Mapping[int, int]) -> dict[int, tuple[Owner, int]] | None:
        """Claim partitions under these numbers; return each owner, and the offset of its claim.

        None where they are not this worker's any more. Raises `KafkaError`.
        """

    async def write(self, changes: Sequence[Change]) -> None:
        """Write changes to partitions that were claimed. Raises `KafkaError`."""

    def forget_claim(self, topic: KafkaTopic, partition: int) -> None:
        """Write to a partition without a number from now on: none can count there any more."""


class Fence:
    """The owners of one topic's partitions, as far as its log has been read."""

    def __init__(self, topic: KafkaTopic) -> None:
        #: the keys whose last record came late, by partition: as many as former owners wrote of before they noticed
        self.late: dict[int, set[bytes]] = {}
        self._topic = topic
        self._owners: dict[int, Owner] = {}

    def owner(self, partition: int) -> Owner:
        """Return the owner that the log names last."""
        return self._owners.get(partition, NOBODY)

    def is_full(self, partition: int) -> bool:
        """Return whether a partition has the highest number: none of ours comes near it, and no claim can follow."""
        return self.owner(partition).number >= MOST_CLAIMS

    def passes(self, partition: int, key: bytes, headers: Sequence[tuple[str, bytes]]) -> bool:
        """Take note of a record's owner, in the order of the log; return whether the record counts."""
        owner, before = read_owner(headers), self.owner(partition)
        if owner is not None and owner.number > before.number:
            self._owners[partition] = before = owner
        if owner is not None and owner != before:
            self.late.setdefault(partition, set()).add(key)
            return False
        if partition in self.late:
            self.late[partition].discard(key)  # its owner has written of it since
        return True

    def forget(self) -> None:
        """Forget all: the topic was made anew."""
        self._owners.clear()
        self.late.clear()

    def take_late(self, partitions: Iterable[int]) -> dict[int, set[bytes]]:
        """Return the keys of partitions whose last record came late, as far as was read since this was last asked; say so."""
        late = {partition: keys for partition in partitions if (keys := self.late.pop(partition, None))}
        for partition, keys in late.items():
            logger.warning(
                "%s [%d]: a former owner wrote of %d keys when others had the partition: that is passed over",
                *(self._topic.name, partition, len(keys)),
            )
        return late


class Claims:
    """The claims of one step on one worker, through its producer; its writes bear them."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self._name = uuid4().hex[:12]
        self._headers: dict[tuple[str, int], bytes] = {}

    def headers(self, change: Change) -> list[tuple[str, bytes]]:
        """Return the header of a change; none where its partition was never claimed.

        One that was given away keeps it: what is written late is known by it.
        """
        header = self._headers.get((change.topic.name, change.partition))
        return [] if header is None else [(OWNER_HEADER, header)]

    async def claim(self, topic: KafkaTopic, numbers: Mapping[int, int]) -> dict[int, tuple[Owner, int]]:
        """Claim partitions under these numbers; return each owner, and the offset of its claim. Raises `KafkaError`.

        To be asked only while the group surely counts this worker as a member: nobody else can have claimed them then.
        """
        owners = {partition: Owner(number, self._name) for partition, number in numbers.items()}
        sent = {}
        for partition, owner in owners.items():
            change = Change(topic, partition, CLAIM_KEY, bytes(owner))
            sent[partition] = await self._send(change, [(OWNER_HEADER, bytes(owner))])
        offsets = {partition: (await confirmed).offset for partition, confirmed in sent.items()}
        for partition, owner in owners.items():
            self._headers[topic.name, partition] = bytes(owner)
        return {partition: (owner, offsets[partition]) for partition, owner in owners.items()}

    async def write(self, changes: Sequence[Change]) -> None:
        """Write changes. Raises `KafkaError`."""
        for confirmed in [await self._send(change, self.headers(change)) for change in changes]:
            await confirmed

    def forget_claim(self, topic: KafkaTopic, partition: int) -> None:
        """Write to a partition without a number from now on: none can count there any more."""
        self._headers.pop((topic.name, partition), None)

    async def _send(self, change: Change, owner: list[tuple[str, bytes]]) -> Awaitable[RecordMetadata]:
        """Give a change to the producer, with its owner's header; return its confirmation."""
        return await given(self._producer, state_message(change, owner))
