"""`wirewatch replay`: put dead letters back after a fix, and run articles again that Kafka retains.

What is put back goes onto the topic that it came from, under the same id, so that every output takes the place of the
one before. It carries the header `ww_replay`, by which the audit knows that a second place is no mistake, and is marked as
backfill, so that no alert is raised and no trend moves, unless it is put back as live.

A sketched article goes back to `news.clean`, where it is sketched again. What lies behind tagging is no article and is
left to `wirewatch deliveries retry`.
"""

import base64
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field

import orjson
from aiokafka import AIOKafkaProducer, ConsumerRecord

from agents.clean.article import source_of
from streams.errors import InvalidRecord
from streams.events import event_headers
from streams.kafka.clients import producing
from streams.kafka.messages import message_of
from streams.kafka.reading import read_all
from streams.message import Message, key_text
from streams.records import Clean, Dead, Raw, decode
from streams.settings import Settings
from streams.topics import CLEAN, DEAD, DUPLICATES, RAW, SKETCHED, TAGGED, UNIQUE, KafkaTopic

#: The header of what was put back.
REPLAYED = "ww_replay"
#: Where an article goes back to, by the topic on which it was set aside.
BACK = {RAW.name: RAW, CLEAN.name: CLEAN, SKETCHED.name: CLEAN, UNIQUE.name: UNIQUE, TAGGED.name: TAGGED}
#: From which step on articles can be run again: what that step takes, and where its outputs stand.
AGAIN: dict[str, tuple[KafkaTopic, KafkaTopic]] = {"clean": (RAW, CLEAN), "tag": (UNIQUE, TAGGED)}
#: Messages that are sent before their confirmation is waited for.
SEND_TOGETHER = 200


@dataclass(frozen=True)
class Selection:
    """Which messages are meant; an empty set is any. Times are epoch seconds of the message."""

    steps: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    since: float | None = None
    until: float | None = None
    #: the sources of what was looked at, chosen or not: a wanted one that is not among them may be misspelt
    met: set[str] = field(default_factory=set, compare=False)

    def at(self, seconds: float) -> bool:
        """Return whether a time is meant."""
        return (self.since is None or seconds >= self.since) and (self.until is None or seconds < self.until)

    def letter(self, dead: Dead) -> bool:
        """Return whether a dead letter is meant."""
        return all(
            not wanted or value in wanted
            for wanted, value in ((self.steps, dead.step), (self.reasons, dead.reason), (self.sources, dead.source))
        )


@dataclass
class Report:
    """Counts of messages put back, or to be: by step and reason, and of those that could not be."""

    put_back: int = 0
    by: Counter[tuple[str, str]] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)


async def put_back_letters(settings: Settings, wanted: Selection, *, live: bool, dry_run: bool) -> Report:
    """Put the chosen dead letters back onto their topics, each fetch once; fetches that arrived since are left."""
    report = Report()
    arrived = await arrived_ids(settings)
    seen: set[str] = set()
    async with producing(settings.kafka, linger_ms=5) as producer:
        sending = ReplayProducer(producer, dry_run=dry_run)
        async for record in read_all(settings.kafka, [DEAD.name]):
            dead = letter_of(record)
            if dead is None or not wanted.at(record.timestamp / 1000):
                continue
            wanted.met.add(dead.source or "")
            if not wanted.letter(dead):
                continue
            if why := left_because(dead, arrived, seen):
                report.left[why] += 1
                continue
            seen.add(dead.fetch_id)
            report.put_back += 1
            report.by[dead.step, dead.reason] += 1
            value = base64.b64decode(dead.original or "")
            await sending.send(BACK[dead.topic or ""], dead.id, dead.fetch_id, value if live else as_backfill(value))
        await sending.flush()
    return report


async def run_again(settings: Settings, start: str, wanted: Selection, *, live: bool) -> Report:
    """Put the messages that a step takes, as Kafka retains them, onto its topic again."""
    report = Report()
    topic, _ = AGAIN[start]
    async with producing(settings.kafka, linger_ms=5) as producer:
        sending = ReplayProducer(producer, dry_run=False)
        async for message in meant(settings, topic, wanted):
            report.put_back += 1
            report.by[start, topic.name] += 1
            key = key_text(message.key)
            await sending.send(
                topic, key, message.fetch_id, message.value if live else as_backfill(message.value), message.headers
            )
        await sending.flush()
    return report


async def meant(settings: Settings, topic: KafkaTopic, wanted: Selection) -> AsyncIterator[Message]:
    """Yield the messages of a topic that are meant, each fetch once, as they are when this begins."""
    seen: set[str] = set()
    async for record in read_all(settings.kafka, [topic.name]):
        message = message_of(record)
        if not message.value or not wanted.at(record.timestamp / 1000) or message.fetch_id in seen:
            continue
        if wanted.sources:
            wanted.met.add(found := source(message) or "")
            if found not in wanted.sources:
                continue
        seen.add(message.fetch_id)
        yield message


def source(message: Message) -> str | None:
    """Return the source of an article, None where it cannot be read; a raw one without it has that of its address."""
    try:
        if message.topic == RAW.name:
            return source_of(decode(message.value, Raw))
        return decode(message.value, Clean).source
    except InvalidRecord:
        return None


async def arrived_ids(settings: Settings) -> set[str]:
    """Return the fetch ids that have been tagged or found to be copies."""
    return {message_of(record).fetch_id async for record in read_all(settings.kafka, [TAGGED.name, DUPLICATES.name])}


def letter_of(record: ConsumerRecord[bytes, bytes]) -> Dead | None:
    """Return a dead letter, None for a message of `news.dead` that is none."""
    try:
        return decode(record.value or b"", Dead)
    except InvalidRecord:
        return None


def left_because(dead: Dead, arrived: set[str], seen: set[str]) -> str:
    """Return why a dead letter is not put back; empty where it is."""
    if dead.fetch_id in arrived:
        return "has arrived since"
    if dead.fetch_id in seen:
        return "the same fetch again"
    if dead.reason == "undeliverable":
        return "alerts: see `wirewatch deliveries retry`"
    if dead.original is None or dead.topic is None:
        return "without its original: fetch it again"
    if dead.topic not in BACK:
        return "no article: nothing would come of it"
    return ""


def as_backfill(value: bytes) -> bytes:
    """Return a record marked as backfill; bytes that are no record stay as they are."""
    try:
        data = orjson.loads(value)
    except orjson.JSONDecodeError:
        return value
    return orjson.dumps(data | {"backfill": True}) if isinstance(data, dict) else value


class ReplayProducer:
    """Sends messages again, waiting for their confirmation now and then; a dry run sends none."""

    def __init__(self, producer: AIOKafkaProducer, *, dry_run: bool) -> None:
        self._producer = producer
        self._dry_run = dry_run
        self._underway: list[Awaitable[object]] = []

    async def send(
        self, topic: KafkaTopic, key: str, fetch_id: str, value: bytes, headers: dict[str, bytes] | None = None
    ) -> None:
        """Send one message, with the headers that it had."""
        if self._dry_run:
            return
        own = event_headers(fetch_id, topic.name.removeprefix("news."), "replay") | {REPLAYED: b"1"}
        kept = {name: each for name, each in (headers or {}).items() if name == "ww_origin"}
        sent = await self._producer.send(topic.name, value, key=key.encode(), headers=list((kept | own).items()))
        self._underway.append(sent)
        if len(self._underway) >= SEND_TOGETHER:
            await self.flush()

    async def flush(self) -> None:
        """Wait until all are confirmed."""
        for sent in self._underway:
            await sent
        self._underway.clear()
