"""`wirewatch audit`: read the topics and reconcile them. Each raw message ends in exactly one place.

The account begins at the entries of sources, where there are any (`wirewatch.operating.entries`).

A fetch id is final when it is on `news.tagged`, `news.duplicates` or `news.dead`. One that is nowhere is on its way
while a step still has to read where it was last seen, and missing otherwise. A place counts once however often the same
message was written there: what has the same id there is the same thing. Two different places are an error.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from aiokafka import TopicPartition

from streams.kafka.admin import committed
from streams.kafka.clients import require_topics
from streams.kafka.messages import message_of
from streams.kafka.reading import read_all
from streams.message import Message
from streams.settings import Settings
from streams.step import AnyStep
from streams.topics import DEAD, DUPLICATES, FINAL, POLLS, RAW, TAGGED, KafkaTopic
from streams.worker.state import what_counts
from wirewatch.operating.entries import EntryAccount, account_of_entries, page_keys
from wirewatch.operating.replay import REPLAYED

#: The `ce_source` of `wirewatch ingest`.
INGEST = b"/wirewatch/ingest"


@dataclass
class Account:
    """The result. Balanced when nothing is missing and nothing is double; settled when nothing is on its way either."""

    raw_messages: int = 0
    fetches: int = 0
    redelivered: int = 0
    final: Counter[str] = field(default_factory=Counter)
    written_again: int = 0
    refused_on_entry: int = 0
    dead_after_tagging: int = 0
    on_their_way: Counter[str] = field(default_factory=Counter)
    missing: list[tuple[str, str]] = field(default_factory=list)
    double: list[tuple[str, str]] = field(default_factory=list)
    unknown: int = 0
    entries: EntryAccount = field(default_factory=EntryAccount)
    replayed: int = 0

    @property
    def balanced(self) -> bool:
        """Whether nothing is missing and nothing is double."""
        return not self.missing and not self.double and self.entries.balanced

    @property
    def settled(self) -> bool:
        """Whether everything has also arrived."""
        return self.balanced and not self.on_their_way and not self.entries.waiting


def superseded(where: Counter[str]) -> Counter[str]:
    """Return the one place of a replayed fetch: its latest, not the one where it was set aside."""
    latest = next(topic.name for topic in FINAL if topic.name in where)
    return Counter({latest: where[latest]})


def path_of(steps: dict[str, AnyStep]) -> dict[KafkaTopic, AnyStep]:
    """Return the topics of an article's way from `news.raw` to its end, in order, each with the step that takes it on."""
    path: dict[KafkaTopic, AnyStep] = {}
    reached = {RAW}
    for step in steps.values():
        if reached.isdisjoint(step.takes) or not leads_on(step, steps):
            continue
        path |= dict.fromkeys(step.takes, step)
        reached |= set(step.gives) - set(FINAL)
    return path


def leads_on(step: AnyStep, steps: dict[str, AnyStep]) -> bool:
    """Return whether a step gives, or a step behind it, an article a final place."""
    behind = [other for other in steps.values() if other is not step and not set(step.gives).isdisjoint(other.takes)]
    return not set(step.gives).isdisjoint((TAGGED, DUPLICATES)) or any(leads_on(other, steps) for other in behind)


async def audit(settings: Settings, steps: dict[str, AnyStep]) -> Account:
    """Read every message of the topics as they are now and reconcile them.

    Raises `BrokerError` where there are none: an account of nothing would balance.
    """
    await require_topics(settings.kafka, (RAW, TAGGED, DUPLICATES, DEAD))

    async def read(topics: Iterable[str]) -> AsyncIterator[Message]:
        async for record in read_all(settings.kafka, topics):
            yield message_of(record)

    fetched = {topic: step for step in entering(steps) for topic in step.takes}
    offsets = await read_offsets(settings, path_of(steps) | fetched)
    states = what_counts(POLLS, read_all(settings.kafka, [POLLS.name]))
    waiting = page_keys([(key, bool(value)) async for key, value in states])
    return await reconcile(steps, waiting, offsets, read)


async def reconcile(
    steps: dict[str, AnyStep],
    waiting: Iterable[str],
    offsets: dict[TopicPartition, int],
    read: Callable[[Iterable[str]], AsyncIterator[Message]],
) -> Account:
    """Return the account of the articles and entries that `read` yields.

    `offsets` say how far the steps have read, by topic and partition, and `waiting` which pages wait, both from before.
    """
    # Entries first: one whose raw message comes while we read is then an article on its way. The other way round neither
    # account would have it, and all would seem settled.
    entries = await account_of_entries(waiting, offsets, read)
    account = await account_of(steps, offsets, read)
    account.entries = entries
    return account


def entering(steps: dict[str, AnyStep]) -> list[AnyStep]:
    """Return the steps that bring articles in: their refusals were never raw messages."""
    return [step for step in steps.values() if RAW in step.gives]


async def account_of(
    steps: dict[str, AnyStep],
    offsets: dict[TopicPartition, int],
    read: Callable[[Iterable[str]], AsyncIterator[Message]],
) -> Account:
    """Reconcile the messages of topics; `offsets` say how far the steps have read, by topic and partition."""
    sightings = Sightings(steps)
    # Downstream first: what arrives while we read is then on its way, never missing.
    for topics in (FINAL, *((topic,) for topic in reversed(path_of(steps)))):
        async for message in read([topic.name for topic in topics]):
            sightings.take(message)
    return sightings.account(offsets)


class Position(NamedTuple):
    """A message's place."""

    topic: str
    partition: int
    offset: int

    def is_read(self, offsets: Mapping[TopicPartition, int]) -> bool:
        """Return whether the step that takes it has read it."""
        return self.offset < offsets.get(TopicPartition(self.topic, self.partition), 0)


class Sightings:
    """Where each fetch was seen: how far it has come on its way, and where it ended."""

    def __init__(self, steps: dict[str, AnyStep]) -> None:
        path = path_of(steps)
        self._index = {topic.name: number for number, topic in enumerate(path)}
        self._on_the_way = {f"/wirewatch/{step.name}".encode() for step in path.values()} | {INGEST}
        self._before = {f"/wirewatch/{step.name}".encode() for step in entering(steps)}
        self._raw_messages = self._dead_after_tagging = 0
        self._raw: set[str] = set()
        self._replayed: set[str] = set()
        #: fetches that were refused as they came in, without a raw message
        self._refused: set[str] = set()
        self._furthest: dict[str, Position] = {}
        self._ends: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def take(self, message: Message) -> None:
        """Take note of a message."""
        if not message.value and message.topic != RAW.name:
            return  # a mark of one that was set aside
        if message.topic in self._index:
            self._take_underway(message)
        else:
            self._take_end(message)

    def _take_underway(self, message: Message) -> None:
        fetch, place = message.fetch_id, Position(message.topic, message.partition, message.offset)
        if REPLAYED in message.headers:
            self._replayed.add(fetch)
        if message.topic == RAW.name:
            self._raw_messages += 1
            self._raw.add(fetch)
        seen = self._furthest.get(fetch)
        if seen is None or self._index[place.topic] >= self._index[seen.topic]:
            self._furthest[fetch] = place

    def _take_end(self, message: Message) -> None:
        source = message.headers.get("ce_source", b"")
        if source in self._before:
            return  # an entry that never was a raw message: the entries' account has it
        is_dead = message.topic == DEAD.name
        if is_dead and source.startswith(b"/wirewatch/") and source not in self._on_the_way:
            self._dead_after_tagging += 1
            return
        self._ends[message.fetch_id][message.topic] += 1
        if is_dead and source == INGEST:
            self._refused.add(message.fetch_id)

    def account(self, offsets: Mapping[TopicPartition, int]) -> Account:
        """Return the account of all that was seen."""
        account = Account(
            raw_messages=self._raw_messages,
            fetches=len(self._raw),
            redelivered=self._raw_messages - len(self._raw),
            refused_on_entry=len(self._refused),
            dead_after_tagging=self._dead_after_tagging,
            replayed=len(self._replayed),
        )
        for fetch, all_ends in self._ends.items():
            if fetch not in self._furthest and fetch in self._refused:
                continue
            ends = superseded(all_ends) if fetch in self._replayed else all_ends
            account.unknown += fetch not in self._furthest
            if len(ends) > 1:
                account.double.append((fetch, " and ".join(sorted(ends))))
            account.written_again += sum(ends.values()) - len(ends)
            account.final.update(ends.keys())
        for fetch, place in self._furthest.items():
            is_read = place.is_read(offsets)
            if fetch in self._ends and (fetch not in self._replayed or is_read):
                continue
            if is_read:
                account.missing.append((fetch, place.topic))
            else:
                account.on_their_way[place.topic] += 1
        return account


async def read_offsets(settings: Settings, path: dict[KafkaTopic, AnyStep]) -> dict[TopicPartition, int]:
    """Return how far each step of an article's way has read, by topic and partition."""
    offsets: dict[TopicPartition, int] = {}
    for topic, step in path.items():
        offsets |= await committed(settings.kafka, step.group(settings), topic.name)
    return offsets
