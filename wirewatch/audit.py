"""`wirewatch audit`: read the topics and reconcile them. Each raw message ends in exactly one place.

The account begins at the entries of sources, where there are any (`wirewatch.entries`).

A fetch id is final when it is on `news.tagged`, `news.duplicates` or `news.dead`. One that is nowhere is on its way
while a step still has to read where it was last seen, and missing otherwise. A place counts once however often the same
message was written there: what has the same id there is the same thing. Two different places are an error.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field

from aiokafka import TopicPartition

from streams.kafka.admin import committed
from streams.kafka.replay import read_all
from streams.message import Message
from streams.settings import Settings
from streams.step import AnyStep
from streams.topics import DEAD, DUPLICATES, POLLS, RAW, TAGGED, KafkaTopic
from streams.worker.runner import message_of
from wirewatch.entries import EntryAccount, account_of_entries, page_keys
from wirewatch.replay import REPLAYED

#: Where an article's way ends.
FINAL = (TAGGED, DUPLICATES, DEAD)


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
    """Return the one place of a fetch that was put back: where it has arrived, not where it was set aside before."""
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
    """Tell whether a step gives, or a step behind it, an article a final place."""
    behind = [other for other in steps.values() if other is not step and not set(step.gives).isdisjoint(other.takes)]
    return not set(step.gives).isdisjoint((TAGGED, DUPLICATES)) or any(leads_on(other, steps) for other in behind)


async def audit(settings: Settings, steps: dict[str, AnyStep]) -> Account:
    """Read every message of the topics as they are now and reconcile them."""

    async def read(topics: Iterable[str]) -> AsyncIterator[Message]:
        async for record in read_all(settings.kafka, topics):
            yield message_of(record)

    fetched = {topic: step for step in entering(steps) for topic in step.takes}
    offsets = await read_offsets(settings, path_of(steps) | fetched)
    waiting = page_keys([((m.key or b"").decode("utf-8", "replace"), bool(m.value)) async for m in read([POLLS.name])])
    account = await account_of(steps, offsets, read)
    account.entries = await account_of_entries(waiting, offsets, read)
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
    account = Account()
    path = path_of(steps)
    index = {topic.name: number for number, topic in enumerate(path)}
    on_the_way = {f"/wirewatch/{step.name}".encode() for step in path.values()} | {b"/wirewatch/ingest"}
    before = {f"/wirewatch/{step.name}".encode() for step in entering(steps)}
    last_seen: dict[str, tuple[str, int, int]] = {}
    places: defaultdict[str, Counter[str]] = defaultdict(Counter)
    at_the_door: set[str] = set()
    raw: set[str] = set()
    replayed: set[str] = set()
    # Downstream first: what arrives while we read is then on its way, never missing.
    for topics in (FINAL, *((topic,) for topic in reversed(path))):
        async for message in read([topic.name for topic in topics]):
            if not message.value and message.topic != RAW.name:
                continue  # a mark of one that was set aside
            fetch = message.fetch_id
            if message.topic not in index:
                source = message.headers.get("ce_source", b"")
                if source in before:
                    continue  # an entry that never was a raw message: the entries' account has it
                if message.topic == DEAD.name and source.startswith(b"/wirewatch/") and source not in on_the_way:
                    account.dead_after_tagging += 1
                    continue
                places[fetch][message.topic] += 1
                if message.topic == DEAD.name and source == b"/wirewatch/ingest":
                    at_the_door.add(fetch)
                continue
            if REPLAYED in message.headers:
                replayed.add(fetch)
            seen = last_seen.get(fetch)
            if message.topic == RAW.name:
                account.raw_messages += 1
                raw.add(fetch)
            if seen is None or index[message.topic] >= index[seen[0]]:
                last_seen[fetch] = (message.topic, message.partition, message.offset)
    account.fetches = len(raw)
    account.redelivered = account.raw_messages - account.fetches
    account.replayed = len(replayed)
    reconcile(account, last_seen, places, at_the_door, offsets, replayed)
    return account


async def read_offsets(settings: Settings, path: dict[KafkaTopic, AnyStep]) -> dict[TopicPartition, int]:
    """Return how far each step of an article's way has read, by topic and partition."""
    offsets: dict[TopicPartition, int] = {}
    for topic, step in path.items():
        offsets |= await committed(settings.kafka, step.group(settings), topic.name)
    return offsets


def reconcile(
    account: Account,
    last_seen: dict[str, tuple[str, int, int]],
    places: defaultdict[str, Counter[str]],
    at_the_door: set[str],
    offsets: dict[TopicPartition, int],
    replayed: set[str],
) -> None:
    """Fill the account from all that was read."""
    account.refused_at_the_door = len(at_the_door)
    for fetch, all_places in places.items():
        where = superseded(all_places) if fetch in replayed else all_places
        if fetch in at_the_door and fetch not in last_seen:
            continue
        if fetch not in last_seen:
            account.unknown += 1
        if len(where) > 1:
            account.double.append((fetch, " and ".join(sorted(where))))
        account.written_again += sum(where.values()) - len(where)
        account.final.update(where.keys())
    for fetch, (topic, partition, offset) in last_seen.items():
        if fetch in places and (fetch not in replayed or offset < offsets.get(TopicPartition(topic, partition), 0)):
            continue
        if offset >= offsets.get(TopicPartition(topic, partition), 0):
            account.on_their_way[topic] += 1
        else:
            account.missing.append((fetch, topic))
