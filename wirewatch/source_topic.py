"""The sources in force, as `news.sources` has them: put, removed, listed; their states, and the wish to poll one now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
from aiokafka import AIOKafkaProducer

from agents.fetch.asking import requests, state
from agents.fetch.asking.domains import domain_of
from agents.fetch.asking.state import PollState
from agents.fetch.asking.store import SOURCE
from streams.errors import InvalidRecord
from streams.events import event_headers
from streams.kafka.clients import producing
from streams.kafka.replay import read_all
from streams.records import Source, decode, encode
from streams.settings import Settings
from streams.topics import FETCHES, POLLS, SOURCES
from wirewatch.service import require_topics


@dataclass
class Change:
    """The outcome of `put`: names of sources that are new, changed and unchanged."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


async def in_force(settings: Settings) -> tuple[dict[str, Source], dict[str, str]]:
    """Return the sources on `news.sources` by name, and the errors of records that are none."""
    found: dict[str, bytes] = {}
    await require_topics(settings, [SOURCES])
    async for message in read_all(settings.kafka, [SOURCES.name]):
        name = (message.key or b"").decode("utf-8", "replace")
        found.pop(name, None)
        if message.value is not None:
            found[name] = message.value
    good: dict[str, Source] = {}
    wrong: dict[str, str] = {}
    for name, value in sorted(found.items()):
        try:
            good[name] = decode(value, Source)
        except InvalidRecord as error:
            wrong[name] = error.error
    return good, wrong


async def put(settings: Settings, sources: Iterable[Source]) -> Change:
    """Put sources into force. One that is in force already keeps the time at which it was added."""
    change, (before, _) = Change(), await in_force(settings)
    async with producing(settings.kafka, enable_idempotence=True) as producer:
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


async def remove(settings: Settings, names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Take sources out of force; return the names that were in force, and those that were not."""
    wanted, (before, wrong) = list(names), await in_force(settings)
    there = [name for name in wanted if name in before or name in wrong]
    async with producing(settings.kafka, enable_idempotence=True) as producer:
        for name in there:
            await write(producer, name, None)
    return there, [name for name in wanted if name not in there]


async def write(producer: AIOKafkaProducer, name: str, value: bytes | None) -> None:
    """Write one record, and wait until Kafka has it."""
    headers = list(event_headers(name, "sources", "sources").items())
    await producer.send_and_wait(SOURCES.name, value, key=name.encode(), headers=headers)


async def ask_polls(settings: Settings, sources: Iterable[Source]) -> int:
    """Ask that sources be polled as soon as their domains allow it; return how many."""
    now, asked = datetime.now(UTC), 0
    await require_topics(settings, [FETCHES])
    async with producing(settings.kafka, enable_idempotence=True) as producer:
        for source in sources:
            request = requests.poll_request(source.name, now)
            headers = list(event_headers(request.id, "fetches", "sources").items())
            key = domain_of(source.url).encode()
            await producer.send_and_wait(FETCHES.name, requests.pack(request), key=key, headers=headers)
            asked += 1
    return asked


async def states(settings: Settings) -> Mapping[str, PollState]:
    """Return the pollers' state of each source. A poll that changed nothing is written minutes later."""
    found: dict[str, bytes] = {}
    async for message in read_all(settings.kafka, [POLLS.name]):
        key = (message.key or b"").decode("utf-8", "replace")
        if not key.startswith(SOURCE):
            continue
        found.pop(key.removeprefix(SOURCE), None)
        if message.value is not None:
            found[key.removeprefix(SOURCE)] = message.value
    good: dict[str, PollState] = {}
    for name, value in found.items():
        try:
            good[name] = state.unpack(value)
        except msgspec.DecodeError:
            continue  # the worker that has it says so in its log
    return good
