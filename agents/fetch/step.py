"""The fetch step on its topics: `wirewatch.fetches` to `news.raw`, and the sources' polls beside it.

A request is done when its raw message or dead letter is written, or when the page that it needs is noted, on Kafka, to wait
for its domain's turn; the pages are fetched, and the sources polled, beside the messages (`agents.fetch.polling.poller`).
"""

import time
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from random import Random

import msgspec
from aiohttp.abc import AbstractResolver

from agents.fetch.asking import requests
from agents.fetch.asking.clock import SystemClock
from agents.fetch.asking.opening import open_agenda, open_asker
from agents.fetch.companion import FetchCompanion
from agents.fetch.foreign.outcomes import CleanOutcomes
from agents.fetch.foreign.topics import ForeignTopics
from agents.fetch.metrics import FetchMetrics
from agents.fetch.polling.partitions import Partitions
from agents.fetch.polling.poller import Poller
from agents.fetch.polling.store import PAGE, Store
from agents.fetch.polling.taking import Taking
from agents.fetch.polling.workplace import Workplace
from agents.fetch.settings import FetchSettings, WebSubSettings
from streams.errors import Refused
from streams.kafka.clients import consuming, partitions_of
from streams.message import Change, Message, Settlement
from streams.metrics import Metrics
from streams.settings import Settings
from streams.step import Companion, Settler, Step, Surroundings
from streams.topics import FETCHES, HEALTH, POLLS, RAW, SOURCES, KafkaTopic


class FetchOutcome(StrEnum):
    """The results of a request."""

    ENTRY = "entry"
    PAGE_WAITS = "page_waits"
    DEAD_AT_ONCE = "dead_at_once"
    POLL_ASKED = "poll_asked"
    HUB = "hub"
    TURN = "turn"
    CLEANED = "cleaned"
    #: of a newer worker, during an update: passed over
    NEWER_KIND = "newer_kind"


OUTCOMES = {
    "pushed": FetchOutcome.HUB,
    "lease": FetchOutcome.HUB,
    "turn": FetchOutcome.TURN,
    "turn_given": FetchOutcome.TURN,
    "turn_over": FetchOutcome.TURN,
    "cleaned": FetchOutcome.CLEANED,
}


class FetchSettler(Settler[None, None]):
    """Takes requests: to raw messages, or to wait for their pages."""

    states: Sequence[KafkaTopic] = (POLLS,)
    follows: Sequence[KafkaTopic] = (SOURCES,)

    def __init__(self, settings: Settings) -> None:
        self.settings = settings[FetchSettings]
        self.store = Store()
        self.agenda = open_agenda(self.settings)
        self.taking = Taking(self.settings, self.agenda)
        self.poller: Poller | None = None
        #: names are looked up by it; a test gives its own
        self.resolver: AbstractResolver | None = None

    def settle(self, message: Message, product: None) -> Settlement:
        """Return the raw message or the dead letter of an entry, or the note that its page waits."""
        try:
            request = requests.unpack(message.value)
        except msgspec.DecodeError as error:
            if requests.is_newer(message.value):
                return Settlement([], FetchOutcome.NEWER_KIND)
            raise Refused("invalid_record", f"no request: {error}") from error
        if request.kind == "poll":
            if self.poller is not None:
                self.poller.poll_now(request.source)
            return Settlement([], FetchOutcome.POLL_ASKED)
        if request.kind != "entry":
            if self.poller is not None:
                self.poller.said(request)
            return Settlement([], OUTCOMES[request.kind])
        taken = self.taking.take(request)
        if not taken.page:
            raw = any(output.topic is RAW for output in taken.outputs)
            return Settlement(taken.outputs, FetchOutcome.ENTRY if raw else FetchOutcome.DEAD_AT_ONCE)
        change = Change(POLLS, message.partition, PAGE + request.key, message.value)
        return Settlement([], FetchOutcome.PAGE_WAITS, [change])

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take back a state, or take note of a source."""
        if topic is POLLS:
            self.store.restore(key, value)
        elif self.store.take_source(key, value) and self.poller is not None:
            self.poller.source_changed(key)

    def acknowledged(self, settlement: Settlement) -> None:
        """Let pages be fetched that are now noted on Kafka."""
        for change in settlement.changes:
            if self.poller is not None and change.value is not None:
                self.poller.page_waits(change.key.removeprefix(PAGE), change.value)

    def observe(self, metrics: Metrics, settlement: Settlement) -> None:
        """Show the size of the state."""
        metrics.state_entries.labels("fetch", POLLS.name).set(len(self.store.states) + len(self.store.pages))

    def companion(self, surroundings: Surroundings) -> Companion:
        """Return the poller, and the reader of others' topics."""
        settings, fetch = surroundings.settings, self.settings
        metrics = surroundings.metrics[FetchMetrics]
        opening = partial(open_asker, fetch, self.agenda, metrics, self.resolver, fetch.processes)

        async def count() -> int:
            async with consuming(settings.kafka) as consumer:
                return len(await partitions_of(consumer, FETCHES.name))

        alone_since = time.time() if settings.kafka.journal else None
        partitions = Partitions(self.store, count, surroundings.ownership.holds, alone_since)
        ownership = surroundings.ownership
        place = Workplace(
            self.store,
            partitions,
            surroundings.publisher.publish,
            metrics,
            SystemClock(),
            lambda: ownership.in_session,
        )
        self.poller = Poller(place, opening, self.agenda, fetch, settings[WebSubSettings], Random())
        topics = ForeignTopics(
            self.store, settings.kafka, surroundings.publisher.publish, metrics, self.settings.trusted_brokers
        )
        outcomes = CleanOutcomes(self.store, settings.kafka, surroundings.publisher.publish)
        return FetchCompanion(self.poller, topics, outcomes)


FETCH_STEP = Step(
    name="fetch",
    summary="feeds, sitemaps and their pages, asked politely, to raw messages",
    takes=(FETCHES,),
    gives=(RAW, HEALTH),
    settler=FetchSettler,
    outcomes=FetchOutcome,
    metrics=(FetchMetrics,),
)

STEPS = (FETCH_STEP,)
