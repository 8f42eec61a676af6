"""The parts of a poller without its loop: on topics in memory, at a time that a test moves, with a server or without one."""

import random

from prometheus_client import CollectorRegistry

from agents.fetch.asking.asker import Asker
from agents.fetch.asking.client import Client, Guard
from agents.fetch.asking.domains import domain_of
from agents.fetch.asking.opening import open_agenda
from agents.fetch.metrics import FetchMetrics
from agents.fetch.polling.jobs import Jobs
from agents.fetch.polling.page import Paging
from agents.fetch.polling.page_jobs import PageJobs
from agents.fetch.polling.partitions import Partitions
from agents.fetch.polling.planning import Planning
from agents.fetch.polling.poll import Polling
from agents.fetch.polling.poll_jobs import PollJobs
from agents.fetch.polling.store import Store
from agents.fetch.polling.subscribing import Subscribing
from agents.fetch.polling.underway import Underway
from agents.fetch.polling.workplace import Workplace
from agents.fetch.polling.writing import StateWriter
from agents.fetch.settings import FetchSettings, WebSubSettings
from agents.fetch.source.state import PollState
from streams.records import Source, encode
from tests.support.newsstand import Everywhere, MovedClock, Threads, Topics


class TopicsUnread(Topics):
    """Topics from which nothing is read back."""

    def _take(self, value: bytes) -> None:
        """Leave a request where it is."""


class Parts:
    """All parts; none of the four partitions has begun. `held`: partitions that are this worker's just now."""

    def __init__(self, clock: MovedClock | None = None) -> None:
        self.clock, self.store, self.topics = clock or MovedClock(), Store(), TopicsUnread()
        self.held = {0, 1, 2, 3}
        self.partitions = Partitions(self.store, self._count, self.held.__contains__)
        self.partitions.number = 4
        self.metrics = FetchMetrics(CollectorRegistry())
        self.in_session = True
        self.place = Workplace(
            self.store, self.partitions, self.topics.publish, self.metrics, self.clock, lambda: self.in_session
        )
        settings = FetchSettings(contact="https://desk.example/bot", allow_private=["127.0.0.0/8"])
        self.agenda = open_agenda(settings)
        client = Client(Guard(settings.contact, settings.allow_private), timeout_seconds=10.0, resolver=Everywhere())
        self.asker = Asker(client, self.agenda, Threads(), self.clock, self.metrics)
        self.ended = 0
        self.underway = Underway(self._has_ended)
        self.writer = StateWriter(self.place, self.agenda.budgets)
        chance = random.Random(7)
        polling = Polling(self.asker, settings, self.clock, chance)
        self.pages = PageJobs(self.place, self.agenda, Paging(self.asker, settings, self.clock), self.writer)
        self.planning = Planning(self.place, self.agenda, self.pages, self.writer, self.underway, 600.0, chance)
        self.subscribing = Subscribing(self.place, self.asker, polling, self.writer, WebSubSettings())
        self.polls = PollJobs(self.place, self.agenda, polling, self.subscribing, self.writer, self.underway)
        self.jobs = Jobs(self.place, self.agenda, self.asker, self.polls, self.pages)

    def put(self, name: str, url: str, **fields: object) -> Source:
        """Put a source into force, unplanned."""
        source = Source(name=name, url=url, **fields)  # type: ignore[arg-type]
        self.store.take_source(name, encode(source))
        return source

    def know(self, name: str, **fields: object) -> None:
        """Keep a state for a source."""
        self.writer.keep(name, PollState(**fields))  # type: ignore[arg-type]

    def begin(self, url: str) -> None:
        """Take the partition of an address; it may be asked at once."""
        self.partitions.begin(self.partitions.of(domain_of(url)), self.clock.now(), 0.0)

    async def _count(self) -> int:
        return 4

    def _has_ended(self) -> None:
        self.ended += 1
