"""Input and output of a step: messages, outputs, changes of state, and the settlement of one message."""

from dataclasses import dataclass, field
from enum import StrEnum

from streams.identity import derived_fetch_id
from streams.records import Record, encode
from streams.topics import ENTRIES, KafkaTopic

#: The origin of an output without a raw message: a digest, an attempt to deliver.
NO_ORIGIN = (-1, -1)
#: A longer `ce_id` or `ww_origin` is nobody's: wirewatch's own have under 100 bytes.
MAX_HEADER_BYTES = 1000
#: What Kafka and the headers add to a record.
OVERHEAD_BYTES = 64 * 1024


def key_text(key: bytes | None) -> str:
    """Return a message's key as text, whatever bytes it has; empty for none."""
    return (key or b"").decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Message:
    """One message as a step takes it: `timestamp` is when the raw message arrived, in epoch seconds."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: dict[str, bytes]
    timestamp: float

    @property
    def fetch_id(self) -> str:
        """The id that the accounts are kept by: the header `ce_id`, or one derived from the value. Never raises.

        It has up to `MAX_HEADER_BYTES`: it becomes a header of all that the message becomes.
        """
        given = self.headers.get("ce_id")
        if given and len(given) <= MAX_HEADER_BYTES:
            return given.decode("utf-8", "replace")
        return derived_fetch_id(self.topic, self.partition, self.offset, self.value)

    @property
    def origin(self) -> tuple[int, int]:
        """Partition and offset of the raw message that this one comes from; `NO_ORIGIN` where no header says it.

        Raises `ValueError` for a header that is none of ours.
        """
        if self.topic in ENTRIES:
            return self.partition, self.offset
        given = self.headers.get("ww_origin")
        if given is None:
            return NO_ORIGIN
        partition, colon, offset = given[:MAX_HEADER_BYTES].partition(b":")
        if not colon or max(len(partition), len(offset)) > 20:
            raise ValueError(f"header ww_origin: {given[:40]!r} is no partition and offset")
        return int(partition), int(offset)


@dataclass(slots=True)
class Output:
    """A record (or bytes) for a topic; `event_id` is its `ce_id`, the fetch id for all that an article becomes.

    `headers` are added to the CloudEvents ones; `partition` None follows the key. `whole` is what `wirewatch apply` passes on
    in its place, where the topic carries less.
    """

    topic: KafkaTopic
    key: str
    record: Record | bytes
    event_id: str
    headers: dict[str, bytes] = field(default_factory=dict)
    partition: int | None = None
    whole: bytes | None = None
    _value: bytes | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def value(self) -> bytes:
        """The bytes that are sent, encoded once."""
        if self._value is None:
            self._value = self.record if isinstance(self.record, bytes) else encode(self.record)
        return self._value

    @property
    def excess_bytes(self) -> int:
        """How many bytes more it has than its topic takes; 0 where it fits."""
        names = len(self.key.encode()) + len(self.event_id.encode())
        size = names + len(self.value) + sum(map(len, self.headers)) + sum(map(len, self.headers.values()))
        return max(0, size + OVERHEAD_BYTES - self.topic.max_message_bytes)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a step's state, written to its compacted topic before any output is sent."""

    topic: KafkaTopic
    partition: int
    key: str
    value: bytes | None

    @property
    def excess_bytes(self) -> int:
        """How many bytes more it has than its topic takes; 0 where it fits."""
        return max(0, len(self.key.encode()) + len(self.value or b"") + OVERHEAD_BYTES - self.topic.max_message_bytes)


class Refusal(StrEnum):
    """The outcome that every step can have besides its own: the message was set aside as a dead letter."""

    DEAD = "dead"


@dataclass(slots=True)
class Settlement:
    """How a message was settled: its outputs, its changes of state, and the outcome for the accounts.

    `outcome` is one of the step's own outcomes, or `Refusal.DEAD`.
    """

    outputs: list[Output]
    outcome: StrEnum
    changes: list[Change] = field(default_factory=list)
