"""The sources in force, as `news.sources` has them: put, removed, listed; their states, and the wish to poll one now.

They are on a Kafka, or in a laptop's folder while nothing runs there: then what is written waits in its inbox.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import msgspec

from agents.fetch.asking import requests
from agents.fetch.asking.budget import DomainState
from agents.fetch.asking.domains import domain_of
from agents.fetch.polling.store import DOMAIN, SOURCE, domain_decoder
from agents.fetch.source import state
from agents.fetch.source.state import PollState
from streams.errors import InvalidRecord
from streams.events import header_list
from streams.journal.inbox import leaving
from streams.journal.store import NAME, Store, snapshot, states_of
from streams.kafka.clients import require_topics
from streams.kafka.confirming import confirming
from streams.kafka.reading import read_all
from streams.message import key_text
from streams.records import Source, decode, encode, unpacked
from streams.settings import Settings
from streams.topics import FETCHES, POLLS, SOURCES, KafkaTopic
from streams.worker.state import what_counts

#: Messages of an inbox that are looked at.
MOST_LEFT = 100_000


class Place(Protocol):
    """Where sources stand."""

    def read(self, topic: KafkaTopic) -> AsyncIterator[tuple[str, bytes | None]]:
        """Yield the keys and values of a compacted topic, in order."""

    def writing(self) -> AbstractAsyncContextManager[Any]:
        """Give a producer."""


class OnKafka:
    """A Kafka, or the broker of a laptop that runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def read(self, topic: KafkaTopic) -> AsyncIterator[tuple[str, bytes | None]]:
        """Yield the keys and values of a topic that count."""
        await require_topics(self._settings.kafka, [topic])
        async for key, value in what_counts(topic, read_all(self._settings.kafka, [topic.name])):
            yield key, value

    def writing(self) -> AbstractAsyncContextManager[Any]:
        """Give a producer."""
        return confirming(self._settings.kafka, enable_idempotence=True)


class OnLaptop(OnKafka):
    """The broker of a laptop that runs, with its journal and its inbox: they come to the broker only once its steps run."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        super().__init__(settings)
        self._journal = folder / NAME

    async def read(self, topic: KafkaTopic) -> AsyncIterator[tuple[str, bytes | None]]:
        """Yield the keys and values of a topic: the journal's, those of the broker, and behind them those left."""
        for row in states_of(self._journal, topic.name):
            yield row.key, row.value
        with snapshot(self._journal) as journal:  # before the broker is read: a message that leaves the inbox is there
            left = list(islice(journal.inbox(topic.name), MOST_LEFT))
        async for key, value in super().read(topic):
            yield key, value
        for message in left:
            yield key_text(message.key), message.value


class InFolder:
    """A laptop's folder on which nothing runs now: its journal, and behind it its inbox."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def read(self, topic: KafkaTopic) -> AsyncIterator[tuple[str, bytes | None]]:
        """Yield the keys and values of a topic."""
        store = Store(self._folder)
        try:
            for row in store.states(topic.name):
                yield row.key, row.value
            for message in store.left(MOST_LEFT):
                if message.topic == topic.name:
                    yield key_text(message.key), message.value
        finally:
            store.close()

    def writing(self) -> AbstractAsyncContextManager[Any]:
        """Give the folder's inbox."""
        return leaving(self._folder)


@dataclass
class Change:
    """The outcome of `put`: names of sources that are new, changed and unchanged."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


async def in_force(place: Place) -> tuple[dict[str, Source], dict[str, str]]:
    """Return the sources in force by name, and the errors of records that are none."""
    found: dict[str, bytes] = {}
    async for name, value in place.read(SOURCES):
        found.pop(name, None)
        if value is not None:
            found[name] = value
    good: dict[str, Source] = {}
    wrong: dict[str, str] = {}
    for name, value in sorted(found.items()):
        try:
            good[name] = decode(value, Source)
        except InvalidRecord as error:
            wrong[name] = error.error
    return good, wrong


async def put(place: Place, sources: Iterable[Source]) -> Change:
    """Put sources into force. One that is in force already keeps the time at which it was added."""
    change, (before, _) = Change(), await in_force(place)
    async with place.writing() as producer:
        for source in sources:
            old = before.get(source.name)
            added = source.added_at or (old.added_at if old is not None else None) or datetime.now(UTC)
            wanted = msgspec.structs.replace(source, added_at=added)
            if old is not None and encode(old) == encode(wanted):
                change.unchanged.append(source.name)
                continue
            (change.changed if old is not None else change.new).append(source.name)
            await write(producer, source.name, encode(wanted))
    return change


async def remove(place: Place, names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Take sources out of force; return the names that were in force, and those that were not."""
    wanted, (before, wrong) = list(names), await in_force(place)
    there = [name for name in wanted if name in before or name in wrong]
    async with place.writing() as producer:
        for name in there:
            await write(producer, name, None)
    return there, [name for name in wanted if name not in there]


async def write(producer: Any, name: str, value: bytes | None) -> None:
    """Write one record; it is there when the producer's place is left."""
    headers = header_list(name, "sources", "sources")
    await producer.send(SOURCES.name, value, key=name.encode(), headers=headers)


async def ask_polls(place: Place, sources: Iterable[Source]) -> int:
    """Ask that sources be polled as soon as their domains allow it; return how many."""
    now, asked = datetime.now(UTC), 0
    async with place.writing() as producer:
        for source in sources:
            request = requests.poll_request(source.name, now)
            headers = header_list(request.id, "fetches", "sources")
            key = domain_of(source.url).encode()
            await producer.send(FETCHES.name, requests.pack(request), key=key, headers=headers)
            asked += 1
    return asked


class PollerStates(NamedTuple):
    """The pollers' states: of each source by its name, and of each domain that is left alone for a while."""

    states: dict[str, PollState]
    domains: dict[str, DomainState]


async def states(place: Place) -> Mapping[str, PollState]:
    """Return the states that the pollers have written of each source. A poll that changed nothing is written minutes later."""
    return (await polled(place)).states


async def polled(place: Place) -> PollerStates:
    """Return all that the pollers have written of sources and of their domains."""
    found: dict[str, bytes] = {}
    async for key, value in place.read(POLLS):
        found.pop(key, None)
        if value is not None and key.startswith((SOURCE, DOMAIN)):
            found[key] = value
    good = PollerStates({}, {})
    for key, packed in found.items():
        name = key[len(SOURCE) :]
        try:
            if key.startswith(SOURCE):
                good.states[name] = state.unpack(packed)
            else:
                good.domains[name] = unpacked(domain_decoder, packed)
        except msgspec.DecodeError:
            continue  # the worker that has it says so in its log
    return good
