"""`wirewatch move`: a laptop's watches, sources, polls, ledger and raw messages onto a Kafka.

What steps make of raw messages is not moved: they make it again, with the same ids and by the same times. The delivery
ledger is, so that no alert is told twice; and what is known of sources and domains, so that nothing is asked for twice.
Moving again after it broke off changes nothing that is there.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from agents.deliver import ledger
from agents.fetch.asking import requests
from agents.fetch.asking.domains import domain_of, partition_of
from agents.fetch.polling.store import DOMAIN, PAGE, SOURCE
from streams.errors import InvalidRecord
from streams.journal.store import NAME, JournalEntry, StateRow, snapshot, states_of, unpack
from streams.kafka.clients import producing, require_topics
from streams.records import Source, decode
from streams.settings import Settings
from streams.topics import ALERTS, FETCHES, LEDGER, POLLS, RAW, SOURCES, WATCHES
from wirewatch.laptop.folder import locked, require_laptop

#: Sent before the answers to earlier ones are waited for.
TOGETHER = 256


@dataclass
class MoveReport:
    """How many records of each topic were moved, and which states nobody can read."""

    records: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


async def move(folder: Path, settings: Settings) -> MoveReport:
    """Move a folder to the Kafka of the settings; raise `JournalError` where something runs on it."""
    require_laptop(folder)
    await require_topics(settings.kafka, (RAW, WATCHES, SOURCES, LEDGER, POLLS, FETCHES, ALERTS))
    moved = MoveReport()
    with locked(folder):
        async with producing(settings.kafka, enable_idempotence=True, linger_ms=5) as producer:
            counts = {topic: len(await producer.partitions_for(topic.name)) for topic in (ALERTS, FETCHES)}
            sends = _sends(folder / NAME, counts[ALERTS], counts[FETCHES], moved.refused)
            async for batch in _batches(sends):
                for sent in [await producer.send(**message) for message in batch]:
                    await sent
                for message in batch:
                    moved.records[message["topic"]] = moved.records.get(message["topic"], 0) + 1
    return moved


async def _batches(messages: Iterable[dict[str, Any]]) -> AsyncIterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for message in messages:
        batch.append(message)
        if len(batch) == TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch


def _sends(path: Path, alerts: int, fetches: int, refused: list[str]) -> Iterable[dict[str, Any]]:
    """Yield every message to send, states first: a raw message must find them."""
    for topic in (WATCHES, SOURCES):
        for row in states_of(path, topic.name):
            yield _state(row, None)
    domains = {row.key: _domain(row) for row in states_of(path, SOURCES.name)}
    for row in states_of(path, POLLS.name):
        domain = _domain_of_state(row, domains)
        if domain:
            yield _state(row, partition_of(domain, fetches))
        else:
            refused.append(f"{row.topic} {row.key}")
    for row in states_of(path, LEDGER.name):
        try:
            entry = ledger.read_entry(row.key, row.value or b"")
        except InvalidRecord:
            refused.append(f"{row.topic} {row.key}")
            continue
        entry.partition = partition_of(entry.alert_id, alerts)
        yield _state(StateRow(row.topic, 0, row.key, ledger.encoder.encode(entry)), entry.partition)
    with snapshot(path) as journal:
        yield from (_message(entry) for entry in journal.messages(RAW.name))
        yield from (_message(entry) for entry in journal.messages(FETCHES.name) if entry.waiting)


def _state(row: StateRow, partition: int | None) -> dict[str, Any]:
    return {
        "topic": row.topic,
        "value": row.value,
        "key": row.key.encode(),
        "partition": partition,
        "headers": list(row.headers),
    }


def _message(entry: JournalEntry) -> dict[str, Any]:
    return {
        "topic": entry.topic,
        "value": unpack(entry.value),
        "key": entry.key,
        "headers": list(entry.headers),
        "timestamp_ms": entry.time_ms,
    }


def _domain(row: StateRow) -> str:
    try:
        return domain_of(decode(row.value or b"", Source).url)
    except InvalidRecord:
        return ""


def _domain_of_state(row: StateRow, domains: dict[str, str]) -> str:
    """Return the domain whose owner keeps a state of the fetch step."""
    kind, name = row.key[:2], row.key[2:]
    if kind == SOURCE:
        return domains.get(name, "")
    if kind == DOMAIN:
        return name
    try:
        return domain_of(requests.unpack(row.value or b"").url or "") if kind == PAGE else ""
    except msgspec.DecodeError:
        return ""
