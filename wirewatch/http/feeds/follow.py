"""Reads news.alerts into an `AlertFeed` for as long as the worker runs, without a consumer group.

Every worker reads all partitions: whichever one is asked has every watch's alerts. A broker that goes away is waited
for; the feeds then show what they have. Nothing that happens here ends the worker.
"""

import asyncio
import contextlib
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from agents.deliver.step import RETRY_HEADER
from streams.errors import BrokerError, InvalidRecord
from streams.kafka.clients import absence, consuming, partitions_of
from streams.kafka.identity import Renewals
from streams.kafka.lost_ends import Places
from streams.kafka.pace import patient
from streams.message import key_text
from streams.metrics import Metrics
from streams.records import Alert, Delivery, WatchRecord, decode
from streams.settings import Settings
from streams.system.log_budget import LogBudget
from streams.topics import ALERTS, DELIVERIES, WATCHES
from wirewatch.http.feeds.alert_feed import AlertFeed, Backlog, in_order
from wirewatch.http.feeds.metrics import FeedMetrics
from wirewatch.http.feeds.settings import FeedSettings

logger = logging.getLogger("wirewatch.feeds")

FOLLOWED = (ALERTS, DELIVERIES, WATCHES)
RETRY_SECONDS = 2.0
#: How often the broker is asked whether it is there and has the same partitions: a consumer waits in silence.
PROBE_SECONDS = 5.0
PROBE_TIMEOUT_SECONDS = 15.0
#: A message bears the time of what led to it, which is before its alert was raised: a digest's by the quiet hours.
RAISED_LATER = timedelta(hours=24)
#: Where Kafka finds no message that young, so many of the last are looked at all the same.
LOOK_BACK_MESSAGES = 2_000
#: Messages that are taken without letting others on: a few milliseconds of work.
AT_ONCE = 200


Kept = Callable[[datetime], Awaitable[list[Alert]]]


async def nothing_kept(_: datetime) -> list[Alert]:
    """Return the alerts of a history where there is none."""
    return []


@contextlib.asynccontextmanager
async def following(
    feed: AlertFeed, settings: Settings, metrics: Metrics, kept: Kept = nothing_kept
) -> AsyncIterator[None]:
    """Keep `feed` filled until left; `kept` returns alerts since a time that history has, for those Kafka no longer has."""
    task = asyncio.create_task(Follower(feed, settings, metrics, kept).run(), name="feeds")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class Follower:
    """Where it stands in each partition; it goes on from there after every interruption."""

    def __init__(self, feed: AlertFeed, settings: Settings, metrics: Metrics, kept: Kept = nothing_kept) -> None:
        self.feed = feed
        self._kept = kept
        self._settings = settings
        self._metrics = metrics[FeedMetrics]
        self._positions: dict[TopicPartition, int] = {}
        self._renewals, self._read_to = Renewals(), Places()
        since = datetime.now(UTC) - timedelta(hours=settings[FeedSettings].hours)
        self._backlog: Backlog | None = Backlog(feed.entries, since)
        self._since = since
        self._interrupted_before = False
        self._budgets = defaultdict[str, LogBudget](lambda: LogBudget(1))
        self._metrics.following.set(1)  # 0 once Kafka is waited for: a worker that starts says nothing of Kafka
        for topic in FOLLOWED:
            self._metrics.refused.labels(topic.name)  # a series from the start, so that its first increase is seen

    async def run(self) -> None:
        """Read until cancelled; whatever fails is said once and tried again."""
        while True:
            try:
                await self._read()
            except (BrokerError, KafkaError, OSError, TimeoutError) as error:
                self._interrupted(str(error) or type(error).__name__)
            except Exception as error:  # noqa: BLE001 - the feeds are a view: what breaks them must not end the steps
                self._interrupted(f"{type(error).__name__}: {error}", trace=error)
            await asyncio.sleep(RETRY_SECONDS)

    def _interrupted(self, reason: str, trace: Exception | None = None) -> None:
        self.feed.waits_for = reason
        self._metrics.following.set(0)
        if not self._interrupted_before:
            logger.warning(
                "feeds show the alerts that they have (RSS, Atom, events), and try again: %s", reason, exc_info=trace
            )
        self._interrupted_before = True

    def _resumed(self) -> None:
        if self._interrupted_before:
            logger.warning("feeds follow %s again", ALERTS.name)
        self._interrupted_before = False
        if self._backlog is None:
            self._follows()

    def _follows(self) -> None:
        self.feed.waits_for = None
        self._metrics.following.set(1)

    async def _read(self) -> None:
        """Read on until topics, partitions or their ends are others, then return; raise where Kafka does not answer."""
        wait_ms = int(self._settings.worker.fetch_wait_seconds * 1000)
        async with consuming(
            self._settings.kafka, fetch_max_wait_ms=wait_ms, auto_offset_reset="earliest", request_timeout_ms=10_000
        ) as consumer:
            partitions = await self._partitions(consumer)
            consumer.assign(partitions)
            await self._begin_anew(consumer)
            left = await self._seek(consumer, partitions)
            patient(consumer, embedded=bool(self._settings.kafka.journal))
            self._resumed()
            probed = time.monotonic()
            while True:
                if self._backlog is not None and not left:
                    await self._read_back(self._backlog)
                batches = await consumer.getmany(timeout_ms=500, max_records=AT_ONCE)
                if batches:
                    self._read_to.note(consumer)
                    self._take_all(message for messages in batches.values() for message in messages)
                    self._positions |= {partition: messages[-1].offset + 1 for partition, messages in batches.items()}
                for partition in tuple(left):
                    if await consumer.position(partition) >= left[partition]:
                        del left[partition]
                if time.monotonic() - probed > PROBE_SECONDS:
                    if await self._changed(consumer, partitions):
                        return
                    probed = time.monotonic()

    async def _changed(self, consumer: AIOKafkaConsumer, partitions: list[TopicPartition]) -> bool:
        """Return whether partitions, topics or ends are others now; raise where Kafka does not answer in time."""
        if set(await asyncio.wait_for(self._partitions(consumer), PROBE_TIMEOUT_SECONDS)) != {*partitions}:
            return True
        if await asyncio.wait_for(self._begin_anew(consumer), PROBE_TIMEOUT_SECONDS):
            return True
        await asyncio.wait_for(consumer.end_offsets(partitions), PROBE_TIMEOUT_SECONDS)
        return False

    async def _partitions(self, consumer: AIOKafkaConsumer) -> list[TopicPartition]:
        """Return the followed partitions. Raises `BrokerError` where there are no alerts, or our user may not see them."""
        if not await partitions_of(consumer, ALERTS.name):
            raise BrokerError(f"Kafka at {self._settings.kafka.bootstrap} {absence(consumer, ALERTS.name)}")
        return [p for topic in FOLLOWED for p in await partitions_of(consumer, topic.name)]

    async def _begin_anew(self, consumer: AIOKafkaConsumer) -> bool:
        """Forget how far topics were read that were made anew or have lost their last messages; tell whether any have."""
        client = consumer._client  # noqa: SLF001 - who has the connections
        anew = await self._renewals.found(client, [topic.name for topic in FOLLOWED])
        self._read_to.forget(place for place in self._positions if place.topic in anew)
        self._positions = {place: at for place, at in self._positions.items() if place.topic not in anew}
        lost = await self._read_to.lost(consumer)
        self._positions |= lost
        return bool(anew or lost)

    async def _seek(self, consumer: AIOKafkaConsumer, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        """Go to where each partition is to be read from; return the ends of those that have something to read."""
        begins = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
        since_ms = int((self._since - RAISED_LATER).timestamp() * 1000)
        timed = [p for p in partitions if p.topic != WATCHES.name]
        by_time = await consumer.offsets_for_times(dict.fromkeys(timed, since_ms))
        for partition in partitions:
            begin, end = begins[partition], ends[partition]
            at = self._positions.get(partition)
            if at is None or not begin <= at <= end:
                found = by_time.get(partition)
                at = begin if partition not in by_time else found.offset if found else end - LOOK_BACK_MESSAGES
            self._positions[partition] = max(at, begin)
            consumer.seek(partition, self._positions[partition])
        self._read_to.continue_by(consumer)
        return {p: ends[p] for p in partitions if self._positions[p] < ends[p]}

    async def _read_back(self, backlog: Backlog) -> None:
        """Show the alerts that were read back; from now on alerts are shown as they come."""
        for alert in await self._kept(self._since):
            backlog.add(alert)
        for number, alert in enumerate(backlog.in_order()):
            self.feed.take(alert)
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)  # the steps of this worker go on meanwhile
        self._backlog = None
        self._count()
        self._follows()
        self.feed.ready.set()

    def _take_all(self, messages: Iterable[ConsumerRecord[bytes, bytes]]) -> None:
        """Take messages that came together: alerts of several partitions in order of raising, as other workers do."""
        for alert in in_order(alert for message in messages if (alert := self._read_alert(message)) is not None):
            if self._backlog is not None:
                self._backlog.add(alert)
            elif self.feed.take(alert):
                self._count()

    def _read_alert(self, message: ConsumerRecord[bytes, bytes]) -> Alert | None:
        """Return the alert of a message, None where it has none that is new; deliveries and watches are taken here."""
        try:
            if message.topic == ALERTS.name:
                # What is sent to its receivers again (`wirewatch deliveries retry`) is no new alert.
                again = any(name == RETRY_HEADER for name, _ in message.headers)
                return None if again else decode(message.value or b"", Alert)
            if message.topic == DELIVERIES.name:
                self.feed.take_delivery(decode(message.value or b"", Delivery))
            else:
                name = key_text(message.key)
                record = decode(message.value, WatchRecord) if message.value else None
                if not self.feed.take_watch(name, record):
                    self._refuse(message, "more watches than feeds can name")
        except InvalidRecord as error:
            self._refuse(message, str(error))
        return None

    def _refuse(self, message: ConsumerRecord[bytes, bytes], reason: str) -> None:
        self._metrics.refused.labels(message.topic).inc()
        if self._budgets[message.topic].take():
            logger.warning(
                "%s[%d] at %d is not shown: %s; others of this hour are only counted, in wirewatch_feed_refused_total",
                *(message.topic, message.partition, message.offset, reason),
            )

    def _count(self) -> None:
        self._metrics.alerts.set(len(self.feed))
        self._metrics.bytes.set(self.feed.bytes)
