"""Messages that others write to a laptop's broker, without the header that names them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiokafka import AIOKafkaProducer

from streams.journal.producer import RUNNING, Journal, JournaledProducer
from streams.journal.store import Store
from streams.kafka.clients import producing
from streams.kafka.embedded import PARTITIONS, EmbeddedBroker
from streams.message import Message
from streams.records import encode
from streams.settings import Settings
from streams.topics import RAW
from tests.support.flow import news
from wirewatch.laptop import keeping


@asynccontextmanager
async def laptop(settings: Settings, folder: Path) -> AsyncIterator[Journal]:
    """Give the journal of a laptop that reads others' messages and sends what is underway again; no step runs."""
    journal = Journal(Store(folder), {RAW.name: ["group"]})
    journal.last_before = journal.store.last()
    with EmbeddedBroker([*keeping.readers([], settings), *(topic.name for topic in keeping.FOREIGN)]) as broker:
        settings.kafka.bootstrap, settings.kafka.journal = broker.bootstrap, str(journal.store.path)
        RUNNING[settings.kafka.journal] = journal
        try:
            async with asyncio.timeout(60), producing(settings.kafka) as producer:
                assert isinstance(producer, JournaledProducer)
                works = [keeping.send_again(journal, producer), keeping.read_along(journal, settings)]
                running = [asyncio.ensure_future(work) for work in works]
                yield journal
                for work in running:
                    work.cancel()
                await asyncio.gather(*running, return_exceptions=True)
        finally:
            del RUNNING[settings.kafka.journal]
            await journal.close()


async def test_a_message_without_an_id_is_one_over_every_start(settings: Settings, tmp_path: Path) -> None:
    """It has the id that the steps give it, is sent again while it is underway, and not once it is settled."""
    value = encode(next(news(1)))
    async with laptop(settings, tmp_path) as journal:
        foreign = AIOKafkaProducer(bootstrap_servers=settings.kafka.bootstrap)
        await foreign.start()
        await foreign.send_and_wait(RAW.name, value, key=b"k")
        await foreign.stop()
        while not journal.sent:
            await asyncio.sleep(0.01)
    for _ in range(2):
        async with laptop(settings, tmp_path) as journal:
            while not journal.sent:
                await asyncio.sleep(0.01)
            [(_, entry)] = journal.store.waiting(0, journal.store.last(), 9)
            assert entry.event == Message(RAW.name, 0, 0, b"k", value, {}, 0.0).fetch_id
    async with laptop(settings, tmp_path) as journal:
        while not journal.sent:
            await asyncio.sleep(0.01)
        await journal.read({("group", RAW.name, partition): 9 for partition in range(PARTITIONS)})
        assert journal.store.waiting(0, journal.store.last(), 9) == []
        assert journal.store.last() == 1
