"""The watches in force, as `news.watches` has them: put, removed, muted and listed."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from agents.deliver.settings import Receivers
from agents.watch.alerts import mention
from agents.watch.mutes import Mutes, mute_key
from agents.watch.records import Watch, WatchState
from agents.watch.throttle import MAX_HELD_BACK, read_state
from streams.errors import InvalidRecord
from streams.events import header_list
from streams.kafka.clients import producing, require_topics
from streams.kafka.reading import read_all
from streams.message import key_text
from streams.records import HeldBack, WatchRecord, decode, encode
from streams.settings import Settings
from streams.topics import WATCH_STATES, WATCHES
from streams.worker.state import what_counts


@dataclass
class Change:
    """The outcome of `put`: names of watches that are new, changed, unchanged and removed."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


async def in_force(settings: Settings) -> dict[str, bytes]:
    """Return the records on `news.watches` by name."""
    found, _ = await in_force_and_muted(settings)
    return found


async def in_force_and_muted(settings: Settings) -> tuple[dict[str, bytes], Mutes]:
    """Return the records on `news.watches` by name, and who is muted."""
    found, mutes = dict[str, bytes](), Mutes()
    await require_topics(settings.kafka, [WATCHES])
    async for message in read_all(settings.kafka, [WATCHES.name]):
        key = key_text(message.key)
        if message.value is not None or not mutes.take(key):
            note(found, key, message.value)
    return found, mutes


async def mute(settings: Settings, names: Iterable[str], until: datetime | None) -> tuple[list[str], list[str]]:
    """Mute watches until a moment, or end their mute (None); return the names in force, and those that are not."""
    said = datetime.now(UTC)
    return await _write_in_force(settings, names, lambda name: mute_key(name, until, said))


async def held_back(settings: Settings) -> dict[str, list[HeldBack]]:
    """Return by watch the latest matches that raised nothing since its last alert, or wait for the end of quiet hours."""
    found: dict[str, list[HeldBack]] = {}
    async for name, value in what_counts(WATCH_STATES, read_all(settings.kafka, [WATCH_STATES.name])):
        found.pop(name, None)
        if value is not None:
            with suppress(InvalidRecord):
                found[name] = latest_held(read_state(name, value))
    return found


def latest_held(state: WatchState) -> list[HeldBack]:
    """Return the latest matches of a watch that raised no alert yet."""
    waiting = [mention(item.article, item.story, "quiet", item.held_at) for item in state.held]
    return sorted([*state.held_back, *waiting], key=lambda one: one.at)[-MAX_HELD_BACK:]


def unknown_receivers(settings: Settings, watches: Iterable[WatchRecord]) -> dict[str, list[str]]:
    """Return the receivers that watches name and the settings lack, by watch; none where the settings have no receivers.

    Who puts a watch may have other settings than the worker that delivers.
    """
    known = settings[Receivers]
    found = {watch.name: [name for name in watch.receivers if name not in known] for watch in watches if known}
    return {name: unknown for name, unknown in found.items() if unknown}


def note(found: dict[str, bytes], name: str, value: bytes | None) -> None:
    """Take up one record; None is a removal."""
    if value is None:
        found.pop(name, None)
    else:
        found[name] = value


async def put(settings: Settings, watches: Iterable[Watch], *, prune: bool = False) -> Change:
    """Put watches into force; with `prune` remove those in force that are not among them."""
    change, before = Change(), await in_force(settings)
    wanted = {watch.name: encode(watch.record) for watch in watches}
    async with producing(settings.kafka, enable_idempotence=True) as producer:
        for name, value in wanted.items():
            if before.get(name) == value:
                change.unchanged.append(name)
                continue
            (change.changed if name in before else change.new).append(name)
            await write(producer, name, value)
        for name in sorted(set(before) - set(wanted)) if prune else ():
            change.removed.append(name)
            await write(producer, name, None)
    return change


async def remove(settings: Settings, names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Take watches out of force; return the names that were in force, and those that were not."""
    return await _write_in_force(settings, names, lambda name: name)


async def _write_in_force(
    settings: Settings, names: Iterable[str], key: Callable[[str], str]
) -> tuple[list[str], list[str]]:
    """Write a message without a value for each watch that is in force; return those, and those that are not."""
    wanted, before = list(names), await in_force(settings)
    there = [name for name in wanted if name in before]
    async with producing(settings.kafka, enable_idempotence=True) as producer:
        for name in there:
            await write(producer, key(name), None)
    return there, [name for name in wanted if name not in before]


async def write(producer: AIOKafkaProducer, name: str, value: bytes | None) -> None:
    """Write one record, and wait until Kafka has it."""
    headers = header_list(name, "watches", "watches")
    await producer.send_and_wait(WATCHES.name, value, key=name.encode(), headers=headers)


def records(found: dict[str, bytes]) -> tuple[list[WatchRecord], dict[str, str]]:
    """Return the watch records, and by name the errors of those that are none."""
    good: list[WatchRecord] = []
    wrong: dict[str, str] = {}
    for name, value in sorted(found.items()):
        try:
            good.append(decode(value, WatchRecord))
        except InvalidRecord as error:
            wrong[name] = error.error
    return good, wrong
