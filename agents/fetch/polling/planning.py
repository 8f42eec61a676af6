"""Planning: the polls and pages of this worker's partitions are put on its agenda, and taken off it."""

from random import Random

from agents.fetch.asking.agenda import Agenda, Job
from agents.fetch.asking.domains import domain_of
from agents.fetch.polling.page_jobs import PageJobs
from agents.fetch.polling.underway import Underway
from agents.fetch.polling.workplace import Workplace
from agents.fetch.polling.writing import StateWriter
from agents.fetch.source import health, schedule
from agents.fetch.source.state import PollState
from streams.records import Source

#: Sources that bring their news by other ways.
NOT_POLLED = frozenset({"kafka", "push", "warc"})


class Planning:
    """Keeps the agenda to the sources in force and to the pages that wait. `spread_seconds`: over which new sources are begun.

    A job that is underway is not planned beside itself: it is planned again as it ends.
    """

    def __init__(
        self,
        place: Workplace,
        agenda: Agenda,
        pages: PageJobs,
        writer: StateWriter,
        underway: Underway,
        spread_seconds: float,
        chance: Random,
    ) -> None:
        self._place = place
        self._agenda = agenda
        self._pages = pages
        self._writer = writer
        self._underway = underway
        self._spread = spread_seconds
        self._chance = chance

    def take_up(self, resumed: set[int]) -> None:
        """Plan everything in partitions that have come to this worker, a whole delay from now.

        Another owner may have asked a domain just now. Everything is looked through once, however many partitions there are.
        """
        store, partitions, now = self._place.store, self._place.partitions, self._place.clock.now()
        budgets = self._agenda.budgets
        for partition in resumed:
            partitions.begin(partition, now, budgets.delay_seconds)
        for name in list(store.domains):
            if partitions.of(name) in resumed and (known := store.domain(name)) is not None:
                budgets.restore(known, now)
        for name in list(store.sources):
            if partitions.of_source(name) in resumed:
                self._writer.take_up(name)
                self.plan(name)
        for key in list(store.pages):
            request = store.page(key)
            if request is not None and partitions.of(domain_of(request.url or "")) in resumed:
                self._pages.add(key, request)

    def source_changed(self, name: str) -> bool:
        """Take note of a source that is new, changed or gone; return whether there may be something to do now."""
        if self._place.partitions.own_source(name):
            self.plan(name)
            return True
        if name not in self._place.store.sources:
            self._drop(name)
        return False

    def plan(self, name: str) -> None:
        """Put a source's next poll on the agenda, or take it off."""
        source = self._place.store.sources.get(name)
        if source is None:
            self._drop(name)
            return
        if source.kind in NOT_POLLED:
            self._agenda.drop("poll", name)
            return
        known, now = self._state(name), self._place.clock.now()
        if not source.enabled:
            self._agenda.drop("poll", name)
        elif ("poll", name) not in self._underway:
            is_new = bool(known.pending_at) or known.url not in ("", source.url)
            due = now if is_new else schedule.within(known.next_at, now)
            domain = polled_domain(source, known)
            self._agenda.add(Job(domain, "poll", name, max(due, self._place.partitions.not_before(domain))))
        if not source.enabled or known.health == "paused":
            self._writer.later(name)
            known.health = health.assess(known, now, enabled=source.enabled).state
            self._writer.keep(name, known)

    def poll_now(self, name: str) -> bool:
        """Plan a source's poll for now; return whether it is this worker's and in force."""
        source = self._place.store.sources.get(name)
        if source is None or not source.enabled or not self._place.partitions.own_source(name):
            return False
        domain = polled_domain(source, self._place.store.state(name))
        self._agenda.add(Job(domain, "poll", name, self._place.clock.now()))
        return True

    def page_waits(self, key: str, value: bytes) -> bool:
        """Plan a page that is now persisted; return whether it is to be fetched."""
        if self._pages.done(key) or ("page", key) in self._underway:
            return False
        self._place.store.pages[key] = value
        request = self._place.store.page(key)
        if request is not None:
            self._pages.add(key, request)
        return request is not None

    def _state(self, name: str) -> PollState:
        """Return a source's state; that of a new one says when it is polled first."""
        known = self._place.store.state(name)
        if name not in self._place.store.states:
            known.next_at = schedule.first_at(self._place.clock.now(), self._chance, self._spread)
            self._writer.keep(name, known)
        return known

    def _drop(self, name: str) -> None:
        self._agenda.drop("poll", name)
        self._writer.drop(name)


def polled_domain(source: Source, known: PollState) -> str:
    """Return the domain of a source's polls: that of its new address once it has moved."""
    return domain_of(known.location or source.url if known.url == source.url else source.url)
