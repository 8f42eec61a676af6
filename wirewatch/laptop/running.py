"""`wirewatch run --data DIR`: broker, journal, steps and HTTP server in one process; old messages come first."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from agents.dedup.settings import DedupSettings
from streams.journal.metrics import JournalMetrics
from streams.journal.producer import RUNNING, Journal, JournaledProducer
from streams.journal.store import Store
from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.reading import remembered
from streams.settings import Settings
from streams.step import AnyStep
from streams.system.tasks import run_together
from streams.topics import RAW, TOPICS
from streams.worker.ordered import MARK_KEY
from wirewatch.folders.all import first_look, folders_of
from wirewatch.http.server import WebApp, serving
from wirewatch.laptop import keeping
from wirewatch.laptop.folder import announced, locked
from wirewatch.metrics import new_metrics
from wirewatch.service import Service

logger = logging.getLogger("wirewatch.laptop")

#: Articles among which a laptop looks for duplicates: the index over a million takes 418 MiB once it is full.
LAPTOP_ARTICLES = 100_000


async def run_laptop(folder: Path, settings: Settings, steps: Sequence[AnyStep]) -> int:
    """Run until cancelled; raise the error by which the journal cannot go on."""
    with locked(folder), EmbeddedBroker() as broker:
        async with journaled(folder, settings, steps) as journal:
            settings.kafka.bootstrap = broker.bootstrap
            settings.kafka.journal = str(journal.store.path)
            settings.worker.fetch_wait_seconds = 0.1  # the embedded broker answers a fetch only when this is over
            dedup = settings[DedupSettings]
            dedup.max_articles = min(dedup.max_articles, LAPTOP_ARTICLES)
            with remembered(broker.bootstrap, journal.store.path):
                return await _run(folder, journal, settings, steps)


@asynccontextmanager
async def journaled(folder: Path, settings: Settings, steps: Sequence[AnyStep]) -> AsyncIterator[Journal]:
    """Open the journal of a folder, ready for a new start."""
    store = Store(folder)
    journal = Journal(store, keeping.readers(steps, settings))
    waiting = await journal.prepare(RAW.name, MARK_KEY)
    logger.info("%s: %d messages were underway", store.path, waiting)
    RUNNING[str(store.path)] = journal
    try:
        yield journal
    finally:
        del RUNNING[str(store.path)]
        await journal.close()


async def _run(folder: Path, journal: Journal, settings: Settings, steps: Sequence[AnyStep]) -> int:
    service = Service(settings, steps, new_metrics())
    journal.metrics = service.metrics[JournalMetrics]
    folders = folders_of(settings, service.metrics)
    web_app = WebApp(service)
    async with producing(settings.kafka, enable_idempotence=True, linger_ms=2) as started:
        producer = cast("JournaledProducer", started)
        for topic in TOPICS:  # it learns them here, not at its first message to each
            await producer.partitions_for(topic)
        await keeping.refill(journal, producer)
        with announced(folder, settings.kafka.bootstrap):  # only now: who looked before would find nothing in force
            async with serving(web_app) as address, service.running(web_app.settled, lambda: first_look(folders)):
                logger.info("running; %s (topics at %s)", address, settings.kafka.bootstrap)
                works = (
                    keeping.send_again(journal, producer),
                    keeping.settle(journal, settings),
                    keeping.let_in(journal, producer),
                    keeping.read_along(journal, settings),
                    keeping.forget(journal),
                    keeping.warn(journal),
                    keeping.show(journal),
                    keeping.tell(journal, service),
                    *(service.keep_going(folder.setting, folder.run) for folder in folders),
                )
                await run_together(works)
    return 1
