"""The topics that sources of the kind `kafka` name, read by a consumer group of ours, beside the polls.

A message is committed after its request is on `wirewatch.fetches`; read again after a crash it is the same request, for its
id is made of the message's own time. All fetch workers share a topic's partitions.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError
from msgspec import structs

from agents.fetch.asking.requests import Request
from agents.fetch.foreign.mapping import place_of, pointers_of, refused, request_of, require_foreign
from agents.fetch.foreign.pointers import PointerError
from agents.fetch.metrics import FetchMetrics
from agents.fetch.polling.recording import request_output
from agents.fetch.polling.store import Store
from agents.fetch.polling.workplace import NOT_TAKEN, Publish
from streams.errors import BrokerError
from streams.kafka.clients import METADATA_SECONDS, READ_COMMITTED, client_options, reaching
from streams.records import Source
from streams.settings import KafkaSettings
from streams.topics import MAX_RAW_BYTES

logger = logging.getLogger("wirewatch.fetch")

LOOK_SECONDS = 1.0
AWAY_SECONDS = 10.0
#: Messages that are taken together.
TOGETHER = 100
#: Most topics that one worker reads.
MOST_TOPICS = 50
#: Clocks differ by less than this.
MOST_AHEAD_SECONDS = 3600.0
#: Most characters of an error that a dead letter repeats.
MOST_ERROR = 200


class ForeignTopics:
    """Reads the topics of the sources in force, a task for each."""

    def __init__(
        self,
        store: Store,
        settings: KafkaSettings,
        publish: Publish,
        metrics: FetchMetrics,
        trusted: Sequence[str] = (),
    ) -> None:
        self._store = store
        self._settings = settings
        self._publish = publish
        self._metrics = metrics
        self._trusted = trusted
        self._running: dict[str, tuple[Source, asyncio.Task[None]]] = {}
        self._crowded = False

    async def run(self) -> None:
        """Begin and end with sources as they come and go, until cancelled."""
        try:
            while True:
                await self._follow()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            for name in list(self._running):
                await self._end(name)

    async def _follow(self) -> None:
        wanted = {s.name: s for s in self._store.sources.values() if s.kind == "kafka" and s.enabled}
        if len(wanted) > MOST_TOPICS and not self._crowded:
            logger.error("%d sources of the kind kafka: a worker reads the first %d", len(wanted), MOST_TOPICS)
        self._crowded = len(wanted) > MOST_TOPICS
        wanted = dict(sorted(wanted.items())[:MOST_TOPICS])
        for name, (source, _) in list(self._running.items()):
            if wanted.get(name) != source:
                await self._end(name)
        for name, source in wanted.items():
            if name not in self._running:
                self._running[name] = (source, asyncio.ensure_future(self._read(source)))

    async def _end(self, name: str) -> None:
        _, task = self._running.pop(name)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def _read(self, source: Source) -> None:
        """Read a topic, again and again; a wrong source is reported once and left alone until it changes."""
        try:
            place, pointers = place_of(source), pointers_of(source)
            require_foreign(source, place, self._settings, self._trusted)
        except PointerError as error:
            self._metrics.topics.labels("wrong_source").inc()
            logger.error("source %s is not read: %s", source.name, error)  # noqa: TRY400 - where it came from says nothing
            return
        settings = structs.replace(self._settings, bootstrap=place.bootstrap or self._settings.bootstrap)
        while True:
            consumer = AIOKafkaConsumer(
                place.topic,
                **client_options(settings),
                group_id=source.options.get("group") or f"{self._settings.group_prefix}-source-{source.name}",
                enable_auto_commit=False,
                isolation_level=READ_COMMITTED,
                auto_offset_reset="none",  # where to begin is committed at once: see `_next`
                max_partition_fetch_bytes=MAX_RAW_BYTES,
                metadata_max_age_ms=METADATA_SECONDS * 1000,
            )
            try:
                async with reaching(settings):
                    await consumer.start()
                logger.info("source %s: reading %s", source.name, place.topic)
                while True:
                    await self._take(source, pointers, consumer)
            except NOT_TAKEN as error:
                self._metrics.topics.labels("away").inc()
                logger.warning("source %s waits for Kafka: %s", source.name, error)
            except Exception:  # one source's fault must not end the other sources
                self._metrics.topics.labels("away").inc()
                logger.exception("source %s is read again after an error of wirewatch's own: report it", source.name)
            finally:
                with suppress(KafkaError, BrokerError, OSError):
                    await consumer.stop()
            await asyncio.sleep(AWAY_SECONDS)

    async def _take(self, source: Source, pointers: dict[str, tuple[str, ...]], consumer: AIOKafkaConsumer) -> None:
        """Hand on the next messages, then commit them."""
        batches = await self._next(source, consumer)
        records = [record for batch in batches.values() for record in batch]
        if not records:
            return
        requests = await asyncio.to_thread(requests_of, source, pointers, records)
        await self._publish((), [(request_output(request), None) for request in requests])
        await consumer.commit()
        for request in requests:
            self._metrics.topics.labels("refused" if request.error else "taken").inc()

    async def _next(
        self, source: Source, consumer: AIOKafkaConsumer
    ) -> Mapping[TopicPartition, Sequence[ConsumerRecord[bytes, bytes]]]:
        """Return the next messages.

        Where a partition is begun is committed before its first message comes: what is written while no worker runs would be
        passed over else, as often as none does. What retention has removed is gone; what is behind it is read.
        """
        try:
            found: Mapping[TopicPartition, Sequence[ConsumerRecord[bytes, bytes]]] = await consumer.getmany(
                timeout_ms=500, max_records=TOGETHER
            )
        except NoOffsetForPartitionError:
            places = consumer.assignment()
            begun = [each for each in places if await consumer.committed(each) is None]
            # one beside others that are read already was added to its topic: all that it holds came since
            is_added = len(begun) < len(places)
            is_early = is_added or source.options.get("from") == "earliest"
            seek = consumer.seek_to_beginning if is_early else consumer.seek_to_end
            if begun:  # a call without any would mean all
                await seek(*begun)
                await consumer.commit({each: await consumer.position(each) for each in begun})
        except OffsetOutOfRangeError as error:
            lost = list(error.args[0])
            logger.warning("source %s: %s is read from what it still has", source.name, ", ".join(map(str, lost)))
            await consumer.seek_to_beginning(*lost)
        else:
            return found
        return {}


def requests_of(source: Source, pointers: dict[str, tuple[str, ...]], records: Sequence[Any]) -> list[Request]:
    """Return a request for each message; in a thread, for decoding takes its time.

    Of one that cannot be taken it is a refusal: the topic is somebody else's, and would stand still at it for ever.
    """
    return [requested(source, pointers, record, datetime.now(UTC)) for record in records]


def requested(source: Source, pointers: dict[str, tuple[str, ...]], record: Any, now: datetime) -> Request:
    """Return the request of one message, or its refusal: for a message that no request of ours could carry, too."""
    where = f"{record.topic}/{record.partition}/{record.offset}"
    at = time_of(record.timestamp, now)
    try:
        request = request_of(source, pointers, record.value, at, where)
        excess = request_output(request).excess_bytes
    except Exception as error:  # a bad message never stops those behind it
        logger.exception("source %s: the message %s is refused", source.name, where)
        return refused(source, at, where, f"{type(error).__name__}: {error}"[:MOST_ERROR])
    return refused(source, at, where, f"it is {excess:,} bytes too large") if excess else request


def time_of(timestamp_ms: int, now: datetime) -> datetime:
    """Return a message's time; now for one before 1970, and for one that lies after now."""
    seconds = timestamp_ms / 1000
    return datetime.fromtimestamp(seconds, UTC) if 0 <= seconds <= now.timestamp() + MOST_AHEAD_SECONDS else now
