"""How long idle fetches wait, and that messages are fetched at once all the same."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.protocol.fetch import FetchRequest

from streams.journal.producer import RUNNING, Journal
from streams.journal.store import Store
from streams.kafka import pace
from streams.kafka.clients import consuming, partitions_of, producing
from streams.kafka.embedded import EmbeddedBroker
from streams.settings import KafkaSettings, Settings
from streams.system.bell import Bell
from streams.topics import ALERTS, TAGGED
from tests.support.flow import make_topics
from tests.support.real_kafka import RealKafka

#: Nothing here takes so long, on any machine; and fetches that are not woken wait for it.
LONG_SECONDS = 60.0


class Fetches:
    """The fetches of a consumer, with the wait that each asks its broker for."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self.waits_ms: list[int] = []
        fetcher: Any = consumer._fetcher
        send = fetcher._client.send

        async def noted(node: int, request: Any, **options: Any) -> Any:
            if isinstance(request, FetchRequest):
                self.waits_ms.append(request._max_wait_ms)
            return await send(node, request, **options)

        fetcher._client.send = noted


@asynccontextmanager
async def laptop(folder: Path) -> AsyncIterator[KafkaSettings]:
    """Give the settings of an embedded broker with a journal beside it."""
    journal = Journal(Store(folder), {})
    RUNNING[str(journal.store.path)] = journal
    try:
        with EmbeddedBroker() as broker:
            yield KafkaSettings(bootstrap=broker.bootstrap, journal=str(journal.store.path))
    finally:
        del RUNNING[str(journal.store.path)]
        await journal.close()


@asynccontextmanager
async def idle(
    settings: KafkaSettings, topic: str, *, embedded: bool, **options: Any
) -> AsyncIterator[AIOKafkaConsumer]:
    """Give a patient consumer of all partitions of a topic that has read all messages."""
    async with consuming(settings, auto_offset_reset="earliest", **options) as consumer:
        consumer.assign(await partitions_of(consumer, topic))
        pace.patient(consumer, embedded=embedded)
        yield consumer


async def fetched(consumer: AIOKafkaConsumer, count: int) -> int:
    """Return how many messages a consumer has fetched, at least so many."""
    found = 0
    while found < count:
        found += sum(map(len, (await consumer.getmany(timeout_ms=1000)).values()))
    return found


async def until_asked(fetches: Fetches, times: int, wait_ms: int = 0) -> None:
    """Wait until there were so many fetches that ask for at least this wait."""
    while sum(each >= wait_ms for each in fetches.waits_ms) < times:
        await asyncio.sleep(0.01)


async def test_laptop_fetches_when_the_bell_rings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On an embedded broker a message of this process ends the wait of an idle consumer: it would take a minute else."""
    monkeypatch.setattr(pace, "ASK_SECONDS", LONG_SECONDS)
    async with laptop(tmp_path) as settings, producing(settings) as producer:
        await producer.partitions_for(TAGGED.name)
        async with idle(settings, TAGGED.name, embedded=True) as consumer:
            fetches = Fetches(consumer)
            for number in range(5):
                await (await producer.send(TAGGED.name, b"{}", key=str(number).encode()))
                assert await asyncio.wait_for(fetched(consumer, 1), LONG_SECONDS / 2) == 1
            assert len(fetches.waits_ms) <= 4 * 5  # one finds the message, one finds no more; a bell may ring early


async def test_laptop_asks_again_without_a_bell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that another program writes to the embedded broker is found, without any bell."""
    monkeypatch.setattr(pace, "ASK_SECONDS", 0.2)
    async with laptop(tmp_path) as settings:
        foreign = KafkaSettings(bootstrap=settings.bootstrap)
        async with producing(foreign) as producer:
            await producer.partitions_for(TAGGED.name)
            async with idle(settings, TAGGED.name, embedded=True) as consumer:
                await until_asked(Fetches(consumer), 2)
                await (await producer.send(TAGGED.name, b"{}"))
                assert await asyncio.wait_for(fetched(consumer, 1), LONG_SECONDS) == 1


async def test_messages_that_come_one_by_one_are_fetched_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages that come while a fetch is held back come with that fetch: of 20 in a row, each is not asked for alone."""
    monkeypatch.setattr(pace, "SPACE_SECONDS", 0.1)
    async with laptop(tmp_path) as settings, producing(settings) as producer:
        await producer.partitions_for(TAGGED.name)
        async with idle(settings, TAGGED.name, embedded=True) as consumer:
            fetches = Fetches(consumer)
            reading = asyncio.ensure_future(fetched(consumer, 20))
            start = time.monotonic()
            for number in range(20):
                await (await producer.send(TAGGED.name, b"{}", key=str(number).encode()))
            assert await asyncio.wait_for(reading, LONG_SECONDS) == 20
            assert len(fetches.waits_ms) <= 3 + (time.monotonic() - start) / pace.SPACE_SECONDS


async def test_there_is_some_time_between_fetches_to_one_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fetch is held back behind one to the same broker, but for one that has taken longer; cancelled it brings nothing."""
    loop, sent = asyncio.get_running_loop(), list[int]()
    monkeypatch.setattr(pace, "SPACE_SECONDS", LONG_SECONDS)

    async def send(assignment: Any, node: int, request: FetchRequest) -> bool:
        sent.append(node)
        return True

    way, request, now = pace.spaced(send), FetchRequest(500, 1, 1, 0, []), loop.time
    assert await way(None, 0, request)
    assert await way(None, 1, request)
    held = asyncio.ensure_future(way(None, 0, request))
    await asyncio.sleep(0)
    held.cancel()
    assert await held is False
    assert sent == [0, 1]
    monkeypatch.setattr(loop, "time", lambda: now() + LONG_SECONDS)
    assert await way(None, 0, request)


async def test_a_fetch_that_waits_holds_up_no_question() -> None:
    """A broker answers in turn what comes over one connection: what else is asked would wait for as long as the fetch."""
    wait_ms = int(LONG_SECONDS * 1000)
    with EmbeddedBroker() as broker:
        settings = KafkaSettings(bootstrap=broker.bootstrap)
        async with idle(settings, TAGGED.name, embedded=False, fetch_max_wait_ms=wait_ms) as consumer:
            await until_asked(Fetches(consumer), 1)
            question = consumer._client.force_metadata_update()
            assert await asyncio.wait_for(question, LONG_SECONDS / 2)
            consumer._client._conns.clear()  # their closing would wait for the fetch


async def test_bell_wakes_its_own_topic_only() -> None:
    """A bell of another topic wakes nobody, and one that was taken down neither."""
    bell, event = Bell(), asyncio.Event()
    bell.hang(TAGGED.name, event)
    bell.rang(ALERTS.name)
    await asyncio.sleep(0)
    assert not event.is_set()
    bell.rang(TAGGED.name)
    await asyncio.wait_for(event.wait(), LONG_SECONDS)
    event.clear()
    bell.take_down(TAGGED.name, event)
    bell.rang(TAGGED.name)
    await asyncio.sleep(0)
    assert not event.is_set()


@pytest.mark.kafka
async def test_kafka_ends_a_long_wait_when_a_message_comes() -> None:
    """On a real Kafka an idle fetch of all partitions waits long, and a message ends it: it would take a minute else."""
    with RealKafka() as kafka:
        settings = Settings()
        settings.kafka.bootstrap, settings.kafka.partitions = kafka.bootstrap, 3
        await make_topics(settings)
        wait_ms = int(LONG_SECONDS * 1000 / pace.PATIENCE)
        async with (
            producing(settings.kafka) as producer,
            idle(settings.kafka, TAGGED.name, embedded=False, fetch_max_wait_ms=wait_ms) as consumer,
        ):
            fetches = Fetches(consumer)
            for number in range(5):
                await until_asked(fetches, number + 1, wait_ms * pace.PATIENCE)
                await (await producer.send(TAGGED.name, b"{}", partition=number % 3))
                assert await asyncio.wait_for(fetched(consumer, 1), LONG_SECONDS / 2) == 1


async def test_partial_fetch_is_not_patient() -> None:
    """A fetch that leaves partitions out, whose messages are still to be taken, waits no longer than usual."""

    class Fetcher:
        def _select_read_replica(self, partition: TopicPartition) -> int:
            number: int = partition.partition
            return number % 2

    class Assignment:
        tps = frozenset(TopicPartition("t", number) for number in range(4))

    def request(*numbers: int) -> FetchRequest:
        return FetchRequest(500, 1, 1, 0, [("t", [(number, 0, 1) for number in numbers])])

    assert pace.names_all(Fetcher(), Assignment(), 0, request(0, 2))
    assert not pace.names_all(Fetcher(), Assignment(), 0, request(0))
    assert pace.names_all(Fetcher(), Assignment(), 1, request(3, 1))
