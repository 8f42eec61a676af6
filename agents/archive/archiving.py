"""The archive step on its topics: articles, copies, alerts, stories and trends go into the store of history.

A chunk of messages is written in one transaction, in the step's thread, and acknowledged after. The store keeps each
fetch and each event once, so that what Kafka delivers again changes nothing. While the store takes nothing the step
waits, and says so; nothing is set aside for it.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from agents.archive.entries import ArticleEntry, EventEntry, Features, Kind, article_entry, event_entry
from agents.archive.metrics import ArchiveMetrics
from agents.archive.open import open_store, store_url
from agents.archive.places import DAY, WEEK
from agents.archive.settings import ArchiveSettings
from agents.archive.store import Store
from streams.errors import ArchiveError, ArchiveUnfit, Refused
from streams.message import Message, Settlement
from streams.metrics import Metrics
from streams.settings import Settings
from streams.step import Companion, Step, Surroundings, ThreadSettler
from streams.topics import ALERTS, DIGESTS, DUPLICATES, HEALTH, STORIES, TAGGED, TRENDS

logger = logging.getLogger("wirewatch.archive")

KINDS: dict[str, Kind] = {
    DUPLICATES.name: "duplicate",
    ALERTS.name: "alert",
    STORIES.name: "story",
    TRENDS.name: "trend",
    DIGESTS.name: "digest",
    HEALTH.name: "health",
}
#: The wait before a store that takes nothing is tried again: it doubles up to the second.
FIRST_WAIT_SECONDS, MAX_WAIT_SECONDS = 0.5, 30.0
#: Characters of a store's reason in a dead letter.
MAX_REASON = 500
#: How often the old is forgotten and the size is shown.
PRUNE_SECONDS = 10.0
#: The same while the store is away: it is a line in the log each time.
AWAY_SECONDS = 60.0


class ArchiveOutcome(StrEnum):
    """Whether a message was kept, or was older than the history that is wanted."""

    KEPT = "kept"
    TOO_OLD = "too_old"


#: What is kept of a message: where it came from, its id, and its value.
ArchiveTask = tuple[str, str, bytes]


class ArchiveSettler(ThreadSettler[ArchiveTask, ArchiveOutcome]):
    """Writes to the store that the settings name; `store` is open from the first message on."""

    def __init__(
        self,
        settings: Settings,
        features: Features,
        *,
        first_wait_seconds: float = FIRST_WAIT_SECONDS,
        max_wait_seconds: float = MAX_WAIT_SECONDS,
    ) -> None:
        self._first_wait_seconds, self._max_wait_seconds = first_wait_seconds, max_wait_seconds
        self._settings = settings[ArchiveSettings]
        self._url = store_url(self._settings)
        self._features = features
        self._store: Store | None = None
        self.stopping = threading.Event()
        self.up = True
        self.failures = 0

    def task(self, message: Message) -> ArchiveTask:
        """Return topic, event id and value."""
        return message.topic, message.fetch_id, message.value

    def compute(self, task: ArchiveTask) -> ArchiveOutcome:
        """Keep one message."""
        [kept] = self.compute_all([task])
        if isinstance(kept, Refused):
            raise kept
        return kept

    def compute_all(self, tasks: Sequence[ArchiveTask]) -> list[ArchiveOutcome | Refused]:
        """Keep a chunk of messages in one transaction; waits while the store takes nothing."""
        oldest = time.time() - self._settings.days * DAY if self._settings.days else float("-inf")
        entries = [self._entry(task) for task in tasks]
        fresh = [entry for entry in entries if not isinstance(entry, Refused) and entry.at >= oldest]
        unfit = self._keep(fresh)
        return [
            entry
            if isinstance(entry, Refused)
            else unfit.get(id(entry), ArchiveOutcome.KEPT if entry.at >= oldest else ArchiveOutcome.TOO_OLD)
            for entry in entries
        ]

    def _keep(self, entries: Sequence[ArticleEntry | EventEntry]) -> dict[int, Refused]:
        """Keep entries together, or each alone where one is none for this store; return the refusals by identity."""
        try:
            self._patiently(entries)
        except ArchiveUnfit as error:
            if len(entries) == 1:
                return {id(entries[0]): Refused("invalid_record", str(error)[:MAX_REASON])}
            return {name: refused for entry in entries for name, refused in self._keep([entry]).items()}
        return {}

    def settle(self, message: Message, product: ArchiveOutcome) -> Settlement:
        """Count it: it is kept already."""
        return Settlement([], product)

    def companion(self, surroundings: Surroundings) -> Companion:
        """Return the companion that forgets old entries."""
        return Pruner(self, self._url, self._settings, surroundings.metrics)

    def _entry(self, task: ArchiveTask) -> ArticleEntry | EventEntry | Refused:
        topic, key, value = task
        try:
            return (
                article_entry(value, self._features) if topic == TAGGED.name else event_entry(KINDS[topic], key, value)
            )
        except Refused as refused:
            return refused

    def _patiently(self, entries: Sequence[ArticleEntry | EventEntry]) -> None:
        """Write entries, again and again until the store takes them or the worker stops; raise `ArchiveUnfit` at once."""
        articles = [entry for entry in entries if isinstance(entry, ArticleEntry)]
        events = [entry for entry in entries if isinstance(entry, EventEntry)]
        wait = self._first_wait_seconds
        while True:
            try:
                self._store = self._store or open_store(self._url)
                self._store.add(articles, events)
            except ArchiveUnfit:
                raise
            except ArchiveError as error:
                logger.warning("%s; tried again in %g s", error, wait)
                self.up = False
                self.failures += 1
                self._store = None
                if self.stopping.wait(wait):
                    raise
                wait = min(2 * wait, self._max_wait_seconds)
            else:
                self.up = True
                return


class Pruner:
    """Forgets entries that are too old, or the oldest weeks of a store that has grown too large."""

    def __init__(self, settler: ArchiveSettler, url: str, settings: ArchiveSettings, metrics: Metrics) -> None:
        self._settler = settler
        self._url = url
        self._settings = settings
        self._metrics = metrics[ArchiveMetrics]

    async def run(self) -> None:
        """Prune now and then, and show the size, until cancelled."""
        due, failures = 0.0, 0
        self._metrics.limit.set(self._settings.max_gib * 2**30)
        while True:
            self._metrics.up.set(self._settler.up)
            self._metrics.failures.inc(self._settler.failures - failures)
            failures = self._settler.failures
            if time.monotonic() >= due:
                try:
                    size = await asyncio.to_thread(prune, self._url, self._settings, time.time())
                except ArchiveError as error:
                    logger.warning("history is away: what is too old is not removed from it: %s", error)
                    due = time.monotonic() + AWAY_SECONDS
                else:
                    due = time.monotonic() + PRUNE_SECONDS
                    self._metrics.articles.set(size.articles)
                    self._metrics.bytes.set(size.bytes)
                    self._metrics.oldest.set(size.oldest)
            await asyncio.sleep(1)

    def resume(self, partition: int) -> None:
        """Do nothing: history has no partitions."""

    async def pause(self) -> None:
        """Do nothing: who prunes does not matter."""

    async def close(self) -> None:
        """Let a write that waits for the store give up."""
        self._settler.stopping.set()


class Size(NamedTuple):
    """The articles and bytes that a store keeps, and when the oldest article was published, in epoch seconds."""

    articles: int
    bytes: int
    oldest: float


def prune(url: str, settings: ArchiveSettings, now: float) -> Size:
    """Forget old entries, and the oldest weeks while the store is too large; return what is kept. Raises `ArchiveError`."""
    store = open_store(url)
    try:
        return pruned(store, settings, now)
    except Exception as error:
        # a disk that is full, a file that is damaged, a database that dies in the middle: none of them ends the step
        raise ArchiveError(f"{type(error).__name__}: {error}") from error
    finally:
        with suppress(Exception):  # of a connection that is broken
            store.close()


def pruned(store: Store, settings: ArchiveSettings, now: float) -> Size:
    """Forget what is too old or too much; return what is kept. Raises what the store's library raises."""
    if settings.days:
        gone = store.prune(now - settings.days * DAY)
        if gone:
            logger.info("history: %d articles from over %d days ago are forgotten", gone, settings.days)
    articles, size = store.size()
    limit = settings.max_gib * 2**30
    while limit and size > limit and articles:
        end = (store.oldest() // WEEK + 1) * WEEK
        gone = store.prune(end)
        until = datetime.fromtimestamp(end, UTC)
        logger.warning("history takes over archive.max_gib: %d articles from before %s are forgotten", gone, until)
        articles, size = store.size()
    return Size(articles, size, store.oldest())


def archive_step(features: Features) -> Step[ArchiveTask, ArchiveOutcome]:
    """Return the step; `features` are those by which queries find an article."""
    return Step(
        name="archive",
        summary="history in a store that the page and the API can search",
        takes=(TAGGED, DUPLICATES, ALERTS, STORIES, TRENDS, DIGESTS, HEALTH),
        gives=(),
        settler=lambda settings: ArchiveSettler(settings, features),
        outcomes=ArchiveOutcome,
        metrics=(ArchiveMetrics,),
        chunk_articles=256,
        chunk_bytes=4 * 1024 * 1024,
        needs="archive.url",
        has_needs=lambda settings: bool(store_url(settings[ArchiveSettings])),
    )
