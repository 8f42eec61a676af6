"""Pruning of history: old articles go, and the oldest weeks of a store that has grown too large; what is left has few parts."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from agents.archive.metrics import ArchiveMetrics
from agents.archive.open import leaving, opened
from agents.archive.places import DAY, WEEK
from agents.archive.settings import ArchiveSettings
from agents.archive.store import Store
from streams.errors import ArchiveError
from streams.metrics import Metrics

logger = logging.getLogger("wirewatch.archive")

#: How often the old is forgotten and the size is shown.
PRUNE_SECONDS = 10.0
#: History that is kept for fewer days is forgotten before its parts are too many.
MERGED_FROM_DAYS = 2 * 366
#: The same while the store is away: it is a line in the log each time.
AWAY_SECONDS = 60.0


class Writing(Protocol):
    """The writing side of a store, whose state a pruner shows."""

    up: bool
    failures: int


class Pruner:
    """Forgets entries that are too old, or the oldest weeks of a store that has grown too large."""

    def __init__(self, writing: Writing, url: str, settings: ArchiveSettings, metrics: Metrics) -> None:
        self._writing = writing
        self._url = url
        self._settings = settings
        self._metrics = metrics[ArchiveMetrics]

    async def run(self) -> None:
        """Prune now and then, join old parts, and show the size, until cancelled."""
        due, failures = 0.0, 0
        self._metrics.limit.set(self._settings.max_gib * 2**30)
        while True:
            self._metrics.up.set(self._writing.up)
            self._metrics.failures.inc(self._writing.failures - failures)
            failures = self._writing.failures
            if time.monotonic() >= due:
                try:
                    await asyncio.to_thread(keep_small, self._url, self._settings, time.time(), self._show)
                except ArchiveError as error:
                    logger.warning("%s", error)
                    due = time.monotonic() + AWAY_SECONDS
                else:
                    due = time.monotonic() + PRUNE_SECONDS
            await asyncio.sleep(1)

    def _show(self, size: "Size") -> None:
        self._metrics.articles.set(size.articles)
        self._metrics.bytes.set(size.bytes)
        self._metrics.oldest.set(size.oldest)


class Size(NamedTuple):
    """The articles and bytes that a store keeps, and when the oldest article was published, in epoch seconds."""

    articles: int
    bytes: int
    oldest: float


def keep_small(url: str, settings: ArchiveSettings, now: float, show: Callable[[Size], None]) -> None:
    """Forget old entries, and the oldest weeks while the store is too large; show its size; join parts that are kept for long.

    All over one connection. Raises `ArchiveError`, which says what is left undone.
    """
    with opened(url, "what is too old or too much is not removed from history") as store:
        show(pruned(store, settings, now))
        if settings.days == 0 or settings.days >= MERGED_FROM_DAYS:
            with leaving("old partitions of history are not joined, which goes on later"):
                store.merge()


def pruned(store: Store, settings: ArchiveSettings, now: float) -> Size:
    """Forget old entries, and the oldest weeks of too many; return the size left. Raises the errors of the store's library."""
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
