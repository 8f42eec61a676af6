"""The archive step on its topics: articles, copies, alerts, stories and trends go into the store of history.

A chunk of messages is written in one transaction, in the step's thread, and acknowledged after. The store keeps each
fetch and each event once, so that what Kafka delivers again changes nothing. While the store takes nothing the step
waits, and says so; nothing is set aside for it.
"""

import logging
import threading
import time
from collections.abc import Sequence
from enum import StrEnum

from msgspec import structs

from agents.archive.entries import ArticleEntry, EventEntry, Features, Kind, article_entry, event_entry
from agents.archive.filling import Filler
from agents.archive.metrics import ArchiveMetrics
from agents.archive.open import open_store, opener, store_url
from agents.archive.places import DAY
from agents.archive.pruning import Pruner
from agents.archive.settings import ArchiveSettings
from agents.archive.store import Store
from agents.archive.upkeep import Upkeep
from streams.errors import ArchiveError, ArchiveUnfit, Refused
from streams.message import Message, Settlement
from streams.settings import Settings
from streams.step import AnyStep, Companion, Step, Surroundings, ThreadSettler
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


class ArchiveOutcome(StrEnum):
    """Whether a message was kept, or was older than the history that is wanted."""

    KEPT = "kept"
    TOO_OLD = "too_old"


#: What is kept of a message: where it came from, its id, its value, and when it came in, in epoch seconds (0: nobody knows).
ArchiveTask = tuple[str, str, bytes, float]
#: A time that is so far ahead of now is that of a wrong clock.
MOST_AHEAD_SECONDS = 86_400.0


class ArchiveSettler(ThreadSettler[ArchiveTask, ArchiveOutcome]):
    """Writes to the store that the settings name, which is opened with the first message.

    Raises `MissingExtra` at the start where the store's library is not installed: waiting would not bring it.
    """

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
        if self._url:
            opener(self._url)
        self._features = features
        self._store: Store | None = None
        self._stopping = threading.Event()
        self.up = True
        self.failures = 0

    def task(self, message: Message) -> ArchiveTask:
        """Return topic, event id, value and time."""
        return message.topic, message.fetch_id, message.value, message.timestamp

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

    def stop(self) -> None:
        """Let a write that waits for the store give up."""
        self._stopping.set()

    def keep(self, messages: Sequence[Message]) -> None:
        """Keep messages, those that can be kept; raise `ArchiveError` at a stop."""
        self.compute_all([self.task(message) for message in messages])

    def companion(self, surroundings: Surroundings) -> Companion:
        """Return the companion that forgets old entries, and fills a store that is new."""
        beside = ArchiveSettler(surroundings.settings, self._features)
        filler = Filler(beside, self._url, surroundings.settings.kafka, [TAGGED.name, *KINDS])
        pruner = Pruner(self, self._url, self._settings, surroundings.metrics)
        return Upkeep(filler, pruner, (self, beside))

    def _entry(self, task: ArchiveTask) -> ArticleEntry | EventEntry | Refused:
        """Return the entry of a message, or why it has none; that of a clock far ahead stands where it came in.

        It would be the newest of all until its time has come.
        """
        topic, key, value, came_in = task
        try:
            entry: ArticleEntry | EventEntry = (
                article_entry(value, self._features) if topic == TAGGED.name else event_entry(KINDS[topic], key, value)
            )
        except Refused as refused:
            return refused
        now = time.time()
        return structs.replace(entry, at=came_in or now) if entry.at > now + MOST_AHEAD_SECONDS else entry

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
                if self.up or not self._stopping.is_set():  # at a stop all that waits tries once more
                    logger.warning("%s; tried again in %g s", error, wait)
                self.up = False
                self.failures += 1
                self._store = None
                if self._stopping.wait(wait):
                    raise
                wait = min(2 * wait, self._max_wait_seconds)
            else:
                self.up = True
                return


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


#: Made by `wirewatch.steps`, which alone knows the language of watches and so the features that queries look for.
STEPS: tuple[AnyStep, ...] = ()
