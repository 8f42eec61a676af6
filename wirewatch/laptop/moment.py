"""A broker for one command: where nothing runs on a laptop's folder, its journal can be seen and changed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from streams.journal.producer import RUNNING, Journal, JournaledProducer
from streams.journal.store import Store
from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.reading import remembered
from streams.settings import Settings
from streams.topics import TOPICS
from wirewatch.laptop.folder import locked
from wirewatch.laptop.keeping import refill


@contextmanager
def momentary(folder: Path, settings: Settings) -> Iterator[None]:
    """Point settings to a broker that holds a folder's watches and sources; its messages are journaled."""
    with locked(folder), EmbeddedBroker() as broker:
        store = Store(folder)
        journal = Journal(store, {})
        settings.kafka.bootstrap, settings.kafka.journal = broker.bootstrap, str(store.path)
        RUNNING[settings.kafka.journal] = journal
        try:
            asyncio.run(_fill(settings, journal))
            with remembered(broker.bootstrap, store.path):
                yield
        finally:
            del RUNNING[settings.kafka.journal]
            asyncio.run(journal.close())


async def _fill(settings: Settings, journal: Journal) -> None:
    async with producing(settings.kafka) as started:
        producer = cast("JournaledProducer", started)
        for topic in TOPICS:
            await producer.partitions_for(topic)
        await refill(journal, producer)
