"""Work of a laptop beside its steps: settle the journal, empty the inbox, read others' messages along."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from aiokafka import AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from streams.errors import JournalError
from streams.journal.producer import Journal, JournaledProducer
from streams.journal.store import JournalEntry, StateRow, pack
from streams.kafka.clients import client_options, consuming, partitions_of
from streams.kafka.messages import message_of
from streams.message import key_text
from streams.settings import Settings
from streams.step import AnyStep
from streams.system.bell import BELL
from streams.system.log_filters import OncePerMinute
from streams.system.tasks import wait_for_ever
from streams.topics import DEAD, RAW, SOURCES, TOPICS, WATCHES
from wirewatch.service import Service

logger = logging.getLogger("wirewatch.laptop")

hindrances = logging.getLogger("wirewatch.laptop.waits")
hindrances.addFilter(OncePerMinute())

#: Under this name health says what hinders the journal.
JOURNAL = "journal"
SETTLE_SECONDS, LOOK_SECONDS = 0.5, 0.5
INBOX_SECONDS, INBOX_TOGETHER = 0.5, 64
AGAIN_TOGETHER = 64
FORGET_SECONDS = 600.0
#: How soon messages that others write to the broker are found.
OTHERS_MS = 400
#: The entrance shut for so long, or a journal this large, and a laptop is outgrown.
SHUT_SECONDS, LARGE_BYTES = 60.0, 4 << 30
WARN_SECONDS = 600.0
#: Topics that people and other programs write.
FOREIGN = (RAW, DEAD, WATCHES, SOURCES)


def readers(steps: Sequence[AnyStep], settings: Settings) -> dict[str, list[str]]:
    """Return the consumer groups of each topic."""
    found: dict[str, list[str]] = {}
    for step in steps:
        for topic in step.takes:
            found.setdefault(topic.name, []).append(step.group(settings))
    return found


async def settle(journal: Journal, settings: Settings) -> None:
    """Settle messages that all groups have read past by the broker's word, again and again."""
    admin = AIOKafkaAdminClient(**client_options(settings.kafka))
    await admin.start()
    try:
        while True:
            await asyncio.sleep(SETTLE_SECONDS)
            if underway := {place for place, sent in journal.sent.items() if sent}:
                await journal.read(await _committed(admin, journal.readers, underway))
            if journal.failure is not None:
                raise journal.failure
    finally:
        await admin.close()


async def _committed(
    admin: AIOKafkaAdminClient, groups_of: Mapping[str, frozenset[str]], underway: AbstractSet[tuple[str, int]]
) -> dict[tuple[str, str, int], int]:
    """Return how far each group has read the partitions in which something is underway."""
    committed: dict[tuple[str, str, int], int] = {}
    for topic in {topic for topic, _ in underway}:
        partitions = [TopicPartition(*place) for place in sorted(underway) if place[0] == topic]
        for group in groups_of.get(topic, ()):
            try:
                found = await admin.list_consumer_group_offsets(group, partitions=partitions)
            except KafkaError:  # the group is being made, or rebalances: asked again soon
                continue
            for partition, meta in found.items():
                committed[group, topic, partition.partition] = meta.offset
    return committed


async def send_again(journal: Journal, producer: JournaledProducer) -> None:
    """Send the messages that were underway when the last run ended, in their order; then wait until cancelled."""
    after, count = 0, 0
    while rows := await journal.call(journal.store.waiting, after, journal.last_before, AGAIN_TOGETHER):
        await all_sent([await producer.again(entry) for _, entry in rows])
        after, count = rows[-1][0], count + len(rows)
    if count:
        logger.info("%d messages of the last run are underway again", count)
    await wait_for_ever()


async def all_sent(sent: Sequence[Awaitable[object]]) -> None:
    """Wait for the broker's word on messages; log one that it does not take: those behind it are sent all the same."""
    for result in await asyncio.gather(*sent, return_exceptions=True):
        if isinstance(result, JournalError):
            raise result
        if isinstance(result, Exception):
            logger.error("a message of the journal is passed over: %s: %s", type(result).__name__, result)


async def refill(journal: Journal, producer: JournaledProducer) -> None:
    """Put watches and sources on the broker, for all who read them there."""
    for topic in (WATCHES, SOURCES):
        rows: list[StateRow] = await journal.call(lambda name: list(journal.store.states(name)), topic.name)
        await all_sent(
            [
                await producer.send(topic.name, row.value, row.key.encode(), row.partition, headers=row.headers)
                for row in rows
            ]
        )


async def let_in(journal: Journal, producer: AIOKafkaProducer) -> None:
    """Send the inbox's messages, again and again; each stays there until it is journaled."""
    while True:
        left = await journal.call(journal.store.left, INBOX_TOGETHER)
        if not left:
            await asyncio.sleep(INBOX_SECONDS)
            continue
        known = [each for each in left if each.topic in TOPICS]
        await all_sent([await producer.send(each.topic, each.value, each.key, headers=each.headers) for each in known])
        await journal.call(journal.store.taken, [each.number for each in left])


async def read_along(journal: Journal, settings: Settings) -> None:
    """Journal messages that others write to the broker."""
    async with consuming(settings.kafka, fetch_max_wait_ms=OTHERS_MS, auto_offset_reset="earliest") as consumer:
        partitions = [p for topic in FOREIGN for p in await partitions_of(consumer, topic.name)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        while True:
            for partition, records in (await consumer.getmany(timeout_ms=5000)).items():
                if others := [record for record in records if not journal.knows(record)]:
                    BELL.rang(partition.topic)
                    await _journal(journal, others)


async def _journal(journal: Journal, records: Sequence[Any]) -> None:
    entries: list[JournalEntry] = []
    states: list[StateRow] = []
    waiting: list[tuple[JournalEntry, Any]] = []
    for record in records:
        if TOPICS[record.topic].compacted:
            key = key_text(record.key)
            states.append(StateRow(record.topic, record.partition, key, record.value, record.headers))
            continue
        entry = JournalEntry(
            record.topic,
            await asyncio.to_thread(fetch_id_of, record),
            record.key,
            pack(record.value),
            record.headers,
            record.timestamp,
            None,
            record.topic in journal.readers,
        )
        entries.append(entry)
        if entry.waiting:
            waiting.append((entry, record))
    if entries or states:
        await journal.write(entries, states, ())
    for entry, record in waiting:  # once it is on disk: what is noted as underway may be settled at once
        journal.begun(entry)
        journal.arrived(entry, record.partition, record.offset)


def fetch_id_of(record: ConsumerRecord[bytes, bytes]) -> str:
    """Return the id by which steps and accounts know a message, one without `ce_id` too."""
    return message_of(record).fetch_id


async def forget(journal: Journal) -> None:
    """Delete messages that are older than their topic keeps them, as Kafka would."""
    while True:
        for topic in TOPICS.values():
            if topic.compacted or topic.retention_hours is None:
                continue
            before = int((time.time() - topic.retention_hours * 3600) * 1000)
            await journal.call(journal.store.forget, topic.name, before)
        await asyncio.sleep(FORGET_SECONDS)


async def show(journal: Journal) -> None:
    """Show the journal's metrics, again and again."""
    while True:
        await journal.show()
        await asyncio.sleep(SETTLE_SECONDS * 10)


async def tell(journal: Journal, service: Service) -> None:
    """Say in health and in the log that the journal's file cannot be used, and that it can again; its steps only wait."""
    while True:
        await journal.hindered.wait()
        while journal.hindered.is_set():
            if service.failures.get(JOURNAL) != journal.why:
                service.failures[JOURNAL] = journal.why
                hindrances.error("nothing goes on, and no news is lost: %s; tried again each second", journal.why)
            for runner in service.runners.values():
                runner.excuse()
            await asyncio.sleep(LOOK_SECONDS)
        service.failures.pop(JOURNAL, None)
        logger.warning("the journal %s can be used again", journal.store.path)


async def warn(journal: Journal) -> None:
    """Say when a stream has outgrown one laptop."""
    while True:
        await asyncio.sleep(SETTLE_SECONDS * 10)
        shut = time.monotonic() - journal.shut_since if journal.shut_since is not None else 0.0
        size = await journal.call(journal.store.bytes)
        if shut < SHUT_SECONDS and size < LARGE_BYTES:
            continue
        logger.warning(
            "this laptop is outgrown: news comes in faster than it is worked on (the entrance is shut for %.0f s), "
            "or the journal is large (%d MiB). `wirewatch move DIR` puts all of it onto a Kafka.",
            shut,
            size >> 20,
        )
        await asyncio.sleep(WARN_SECONDS)
