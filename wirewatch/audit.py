"""`wirewatch audit`: read the topics and reconcile them. Each raw message ends in exactly one place.

A fetch id is final when it is on `news.tagged`, `news.duplicates` or `news.dead`. One that is nowhere is on its way
while a step still has to read where it was last seen, and missing otherwise. A place counts once however often the same
message was written there: what has the same id there is the same thing. Two different places are an error.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from aiokafka import ConsumerRecord, TopicPartition

from streams.kafka.admin import committed
from streams.kafka.replay import read_all
from streams.settings import Settings
from streams.step import Message, Step
from streams.topics import CLEAN, DEAD, DUPLICATES, RAW, SKETCHED, TAGGED, UNIQUE, KafkaTopic

FINAL = (TAGGED.name, DUPLICATES.name, DEAD.name)
#: Steps behind the last place: what they refuse has been accounted for already.
AFTER_TAGGING = (b"/wirewatch/match", b"/wirewatch/watch", b"/wirewatch/deliver")
#: Where a message may be last seen on its way, in order.
PATH: tuple[KafkaTopic, ...] = (RAW, CLEAN, SKETCHED, UNIQUE)


@dataclass
class Account:
    """The result. Balanced when nothing is missing and nothing is double; settled when nothing is on its way either."""

    raw_messages: int = 0
    fetches: int = 0
    redelivered: int = 0
    final: Counter[str] = field(default_factory=Counter)
    written_again: int = 0
    refused_at_the_door: int = 0
    dead_after_tagging: int = 0
    dead_by_reason: Counter[str] = field(default_factory=Counter)
    on_their_way: Counter[str] = field(default_factory=Counter)
    missing: list[tuple[str, str]] = field(default_factory=list)
    double: list[tuple[str, str]] = field(default_factory=list)
    unknown: int = 0

    @property
    def balanced(self) -> bool:
        """Whether nothing is missing and nothing is double."""
        return not self.missing and not self.double

    @property
    def settled(self) -> bool:
        """Whether everything has also arrived."""
        return self.balanced and not self.on_their_way


def message_of(record: ConsumerRecord[bytes, bytes]) -> Message:
    """Return a consumer's record as a step sees it."""
    return Message(
        record.topic,
        record.partition,
        record.offset,
        record.key,
        record.value or b"",
        dict(record.headers),
        record.timestamp / 1000,
    )


async def audit(settings: Settings, steps: dict[str, Step]) -> Account:
    """Read every message of the topics as they are now and reconcile them."""
    account = Account()
    last_seen: dict[str, tuple[str, int, int]] = {}
    places: defaultdict[str, Counter[str]] = defaultdict(Counter)
    at_the_door: set[str] = set()
    raw: set[str] = set()
    offsets = await read_offsets(settings, steps)
    # Downstream first: what arrives while we read is then on its way, never missing.
    for topics in (FINAL, (UNIQUE.name,), (SKETCHED.name,), (CLEAN.name,), (RAW.name,)):
        async for record in read_all(settings.kafka, topics):
            message = message_of(record)
            if not message.value and record.topic == SKETCHED.name:
                continue
            fetch = message.fetch_id
            if record.topic in FINAL:
                if record.topic == DEAD.name and message.headers.get("ce_source") in AFTER_TAGGING:
                    account.dead_after_tagging += 1
                    continue
                places[fetch][record.topic] += 1
                if record.topic == DEAD.name and message.headers.get("ce_source") == b"/wirewatch/ingest":
                    at_the_door.add(fetch)
                continue
            seen = last_seen.get(fetch)
            if record.topic == RAW.name:
                account.raw_messages += 1
                raw.add(fetch)
            if seen is None or PATH_INDEX[record.topic] >= PATH_INDEX[seen[0]]:
                last_seen[fetch] = (record.topic, record.partition, record.offset)
    account.fetches = len(raw)
    account.redelivered = account.raw_messages - account.fetches
    reconcile(account, last_seen, places, at_the_door, offsets)
    return account


PATH_INDEX = {topic.name: index for index, topic in enumerate(PATH)}


async def read_offsets(settings: Settings, steps: dict[str, Step]) -> dict[TopicPartition, int]:
    """Return how far each step has read, by topic and partition."""
    offsets: dict[TopicPartition, int] = {}
    for step in steps.values():
        offsets |= await committed(settings.kafka, step.group(settings), step.takes.name)
    return offsets


def reconcile(
    account: Account,
    last_seen: dict[str, tuple[str, int, int]],
    places: defaultdict[str, Counter[str]],
    at_the_door: set[str],
    offsets: dict[TopicPartition, int],
) -> None:
    """Fill the account from what was read."""
    account.refused_at_the_door = len(at_the_door)
    for fetch, where in places.items():
        if fetch in at_the_door and fetch not in last_seen:
            continue
        if fetch not in last_seen:
            account.unknown += 1
        if len(where) > 1:
            account.double.append((fetch, " and ".join(sorted(where))))
        account.written_again += sum(where.values()) - len(where)
        account.final.update(where.keys())
    for fetch, (topic, partition, offset) in last_seen.items():
        if fetch in places:
            continue
        if offset >= offsets.get(TopicPartition(topic, partition), 0):
            account.on_their_way[topic] += 1
        else:
            account.missing.append((fetch, topic))
