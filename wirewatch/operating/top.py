"""`wirewatch top`: how a running cluster does, as Kafka shows it: lag and speed of each step, topics, sources, alerts.

It joins no consumer group and commits nothing.
"""

import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError
from msgspec import Struct
from yarl import URL

from streams.errors import InvalidRecord
from streams.kafka.admin import administering, hidden
from streams.kafka.clients import consuming, partitions_of, reaching
from streams.records import Alert, Health, decode
from streams.settings import Settings
from streams.step import AnyStep
from streams.topics import ALERTS, DEAD, DUPLICATES, HEALTH, RAW, TAGGED

#: Topics whose speed is shown.
SHOWN = (RAW, TAGGED, DUPLICATES, DEAD, ALERTS)
#: Most alerts that are kept.
MAX_ALERTS = 20
#: Most sources whose state is kept.
MAX_SOURCES = 100_000
#: Messages from before the start that are read of their topics.
LOOK_BACK = 2_000
#: Seconds that Prometheus may take.
PROMETHEUS_SECONDS = 5.0


class StepState(Struct, kw_only=True):
    """A step: messages that it has still to read, and those it has read a second; null where no worker has run it."""

    step: str
    lag: int | None
    rate: float | None


class TopicState(Struct, kw_only=True):
    """A topic: the messages that Kafka has of it, and those that come a second."""

    topic: str
    messages: int
    rate: float


class View(Struct, kw_only=True):
    """The state of a cluster at one moment.

    `sources` counts them by state, `alerts` are the latest, `firing` the names of the alerts of Prometheus that fire; null
    where no Prometheus was named, or it does not answer.
    """

    at: datetime
    kafka: str
    steps: list[StepState]
    topics: list[TopicState]
    sources: dict[str, int]
    alerts: list[Alert]
    firing: list[str] | None


class Cluster:
    """Looks at a cluster again and again; speeds are those since the last look."""

    def __init__(
        self,
        settings: Settings,
        steps: Iterable[AnyStep],
        admin: AIOKafkaAdminClient,
        consumer: AIOKafkaConsumer,
        prometheus: str | None,
    ) -> None:
        self._settings, self._steps, self._admin, self._consumer = settings, tuple(steps), admin, consumer
        self._prometheus = prometheus
        self._looked: float | None = None
        self._read: dict[str, int] = {}
        self._written: dict[str, int] = {}
        self._alerts: deque[Alert] = deque(maxlen=MAX_ALERTS)
        self._sources: dict[str, str] = {}

    async def look(self) -> View:
        """Return the state as it is now."""
        async with reaching(self._settings.kafka):
            partitions = await self._partitions()
            begins = await self._consumer.beginning_offsets(partitions)
            ends = await self._consumer.end_offsets(partitions)
            committed = await self._committed(partitions)
            await self._follow(partitions, begins, ends)
        now = time.monotonic()
        seconds = now - self._looked if self._looked is not None else 0.0
        steps = [self._step(step, committed[step.name], begins, ends, seconds) for step in self._steps]
        topics = [self._topic(topic.name, begins, ends, seconds) for topic in SHOWN]
        self._looked = now
        return View(
            at=datetime.now(UTC),
            kafka=self._settings.kafka.bootstrap,
            steps=steps,
            topics=topics,
            sources=dict(Counter(self._sources.values()).most_common()),
            alerts=list(reversed(self._alerts)),
            firing=await firing(self._prometheus) if self._prometheus else None,
        )

    async def _partitions(self) -> list[TopicPartition]:
        """Return the partitions of every topic that a step takes, or that is shown, as far as there are any."""
        there = await self._consumer.topics()
        taken = [topic.name for step in self._steps for topic in step.takes]
        names = dict.fromkeys([*taken, *(topic.name for topic in SHOWN), HEALTH.name])
        return [p for name in names if name in there for p in await partitions_of(self._consumer, name)]

    async def _committed(self, partitions: list[TopicPartition]) -> dict[str, dict[TopicPartition, int]]:
        """Return how far the group of each step has read."""
        found: dict[str, dict[TopicPartition, int]] = {}
        for step in self._steps:
            names = {topic.name for topic in step.takes}
            wanted = [partition for partition in partitions if partition.topic in names]
            try:
                offsets = await self._admin.list_consumer_group_offsets(step.group(self._settings), partitions=wanted)
            except GroupAuthorizationFailedError as error:
                raise hidden(self._settings.kafka, step.group(self._settings)) from error
            except KafkaError:  # a group that has never been: nothing is known of it
                offsets = {}
            found[step.name] = {p: meta.offset for p, meta in offsets.items() if meta.offset >= 0}
        return found

    def _step(
        self,
        step: AnyStep,
        committed: Mapping[TopicPartition, int],
        begins: Mapping[TopicPartition, int],
        ends: Mapping[TopicPartition, int],
        seconds: float,
    ) -> StepState:
        if not committed:
            return StepState(step=step.name, lag=None, rate=None)
        names = {topic.name for topic in step.takes}
        mine = [partition for partition in ends if partition.topic in names]
        lag = sum(max(0, ends[p] - committed.get(p, begins[p])) for p in mine)
        read = sum(committed.values())
        before = self._read.get(step.name, read)
        self._read[step.name] = read
        return StepState(step=step.name, lag=lag, rate=max(0, read - before) / seconds if seconds else 0.0)

    def _topic(
        self, name: str, begins: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int], seconds: float
    ) -> TopicState:
        mine = [partition for partition in ends if partition.topic == name]
        written = sum(ends[p] for p in mine)
        before = self._written.get(name, written)
        self._written[name] = written
        rate = max(0, written - before) / seconds if seconds else 0.0
        return TopicState(topic=name, messages=sum(ends[p] - begins[p] for p in mine), rate=rate)

    async def _follow(
        self,
        partitions: list[TopicPartition],
        begins: Mapping[TopicPartition, int],
        ends: Mapping[TopicPartition, int],
    ) -> None:
        """Read the alerts and changes of sources' health that have come."""
        wanted = {p for p in partitions if p.topic in (ALERTS.name, HEALTH.name)}
        if wanted != set(self._consumer.assignment()):
            self._consumer.assign(sorted(wanted))
            for p in wanted:
                self._consumer.seek(p, max(begins[p], ends[p] - LOOK_BACK))
        self._consumer.resume(*wanted)
        while any([await self._consumer.position(p) < ends[p] for p in wanted]):
            batches = await self._consumer.getmany(timeout_ms=1000, max_records=500)
            for message in (message for messages in batches.values() for message in messages):
                self._take(message.topic, message.value or b"")
        # a fetch that waits for messages keeps every question of the next look waiting behind it
        self._consumer.pause(*wanted)

    def _take(self, topic: str, value: bytes) -> None:
        try:
            if topic == ALERTS.name:
                self._alerts.append(decode(value, Alert))
            else:
                health = decode(value, Health)
                self._sources.pop(health.source, None)
                self._sources[health.source] = health.to
        except InvalidRecord:
            return  # a view leaves out what is no record; the steps count it
        if len(self._sources) > MAX_SOURCES:
            del self._sources[next(iter(self._sources))]


@asynccontextmanager
async def looking(
    settings: Settings, steps: Iterable[AnyStep], prometheus: str | None = None
) -> AsyncIterator[Cluster]:
    """Give a cluster to look at. Raises `BrokerAway` where Kafka does not answer."""
    async with administering(settings.kafka) as admin, consuming(settings.kafka) as consumer:
        yield Cluster(settings, steps, admin, consumer, prometheus)


async def firing(prometheus: str) -> list[str] | None:
    """Return the names of the alerts of a Prometheus that fire, the worst first; None where it does not answer."""
    timeout = aiohttp.ClientTimeout(total=PROMETHEUS_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(URL(prometheus).with_path("/api/v1/alerts")) as answer,
        ):
            alerts: list[dict[str, Any]] = orjson.loads(await answer.read())["data"]["alerts"]
            found = [alert["labels"] for alert in alerts if alert["state"] == "firing"]
    except (TimeoutError, aiohttp.ClientError, ValueError, KeyError, TypeError):
        return None
    ranked = sorted(found, key=lambda labels: (labels.get("severity") != "critical", labels.get("alertname", "")))
    return list(dict.fromkeys(str(labels.get("alertname")) for labels in ranked))
