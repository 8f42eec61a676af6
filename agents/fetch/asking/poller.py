"""The poller: beside the step's messages, it makes the requests that are due in this worker's domains.

What a poll finds is written in this order: that it is about to be handed out, with its time; the requests; the source's new
state. A worker that dies in between leaves a state that says so, and the next one polls again at once, without conditions,
and gives what it finds the same time, and so the same ids. A page's raw message is acknowledged before the page is struck
off.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from itertools import islice
from random import Random
from typing import Any

from agents.fetch.asking import health, schedule, state
from agents.fetch.asking.agenda import Agenda, Job
from agents.fetch.asking.asker import Asker, cancel_all
from agents.fetch.asking.budget import Budgets
from agents.fetch.asking.clock import Clock
from agents.fetch.asking.domains import domain_of
from agents.fetch.asking.pages import Pages
from agents.fetch.asking.paging import Paging
from agents.fetch.asking.partitions import Partitions
from agents.fetch.asking.polling import Polling
from agents.fetch.asking.recording import count_poll, health_change
from agents.fetch.asking.requests import Request
from agents.fetch.asking.state import PollState
from agents.fetch.asking.store import Store
from agents.fetch.asking.subscribing import Subscribing
from agents.fetch.asking.turns import Turns
from agents.fetch.asking.writing import NOT_TAKEN, Publish, StateWriter
from agents.fetch.metrics import FetchMetrics
from agents.fetch.settings import FetchSettings, WebSubSettings
from streams.records import Source

logger = logging.getLogger("wirewatch.fetch")

#: How long requests may go on when partitions are taken away; one given up is made again by their next owner.
GRACE_SECONDS = 2.0
#: Before something is tried again that Kafka did not take.
AWAY_SECONDS = 10.0
#: A source that our own code fails on is left alone for so long.
FAULT_SECONDS = 3600.0
TIDY_SECONDS = 30.0
#: A turn that was lent ends so much later than its request can.
LEASE_MARGIN_SECONDS = 10.0
#: Sources that bring their news by other ways.
NOT_POLLED = frozenset({"kafka", "push", "warc"})


class Poller:
    """Polls sources and fetches pages until it is cancelled."""

    def __init__(
        self,
        store: Store,
        asker: Asker,
        agenda: Agenda,
        settings: FetchSettings,
        metrics: FetchMetrics,
        publish: Publish,
        clock: Clock,
        *,
        partitions: Callable[[], Awaitable[int]],
        holds: Callable[[int], bool] = lambda partition: True,
        alone_since: float | None = None,
        websub: WebSubSettings | None = None,
        chance: Random | None = None,
    ) -> None:
        self.store = store
        self.agenda = agenda
        self._asker = asker
        self._settings = settings
        self._metrics = metrics
        self._clock = clock
        self._count_partitions = partitions
        self._holds = holds
        #: since when no other worker can have asked anybody; None where there may be one
        self._alone_since = alone_since
        self._chance = chance or Random()
        self._partitions = Partitions(store)
        self._writer = StateWriter(store, self._partitions, asker.budgets, publish, metrics)
        asker.heard = self._writer.heard
        self._polling = Polling(asker, settings, clock, self._chance)
        self._pages = Pages(
            store,
            agenda,
            self._partitions,
            Paging(asker, settings, clock),
            self._writer,
            publish,
            metrics,
            clock,
        )
        self._subscribing = Subscribing(asker, self._polling, self._writer, websub or WebSubSettings(), metrics, clock)
        asker.turns = self._turns = Turns(
            self._partitions, asker, publish, clock, self._begin, settings.timeout_seconds + LEASE_MARGIN_SECONDS
        )
        self._resumed: set[int] = set()
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}
        #: sources of which a hub's document is being read
        self._reading: set[str] = set()
        self._wake = asyncio.Event()
        self._written_at = self._tidied_at = clock.now()

    # -- the step's side

    def source_changed(self, name: str) -> None:
        """Take note of a source that is new, changed or gone."""
        if self._partitions.own_source(name):
            self._schedule(name)
            self._wake.set()
        elif name not in self.store.sources:
            self._drop_source(name)

    def poll_now(self, name: str) -> None:
        """Poll a source as soon as its domain allows it."""
        source = self.store.sources.get(name)
        if source is not None and source.enabled and self._partitions.own_source(name):
            self.agenda.add(Job(address_domain(source, self.store.state(name)), "poll", name, self._clock.now()))
            self._wake.set()

    def page_waits(self, key: str, value: bytes) -> None:
        """Put a page on the agenda that is now persisted."""
        if self._pages.done(key) or ("page", key) in self._running:
            return
        self.store.pages[key] = value
        request = self.store.page(key)
        if request is not None:
            self._pages.add(key, request)
            self._wake.set()

    def said(self, request: Request) -> None:
        """Take a hub's document or its word on a lease, outcomes of cleaning, or a message about a turn."""
        if request.kind.startswith("turn"):
            self._turns.said(request)
        elif not self._partitions.own_source(request.source):
            return
        elif request.kind == "cleaned":
            self._writer.cleaned(request.source, request.lengths)
        elif request.kind == "lease":
            self._subscribing.lease(request)
        else:
            self._subscribing.take(request)
            self._wake.set()

    # -- what is shown

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of this worker's sources are in which state."""
        return self._writer.by_state

    def shown(self, most: int) -> list[str]:
        """Return the names of some of this worker's sources, those in trouble first."""
        troubled = sorted(islice(self._writer.troubled, most))
        others = (
            name
            for name in self.store.sources
            if name not in self._writer.troubled and self._partitions.own_source(name)
        )
        return [name for name in [*troubled, *islice(others, most - len(troubled))] if name in self.store.sources]

    # -- the companion

    async def run(self) -> None:
        """Make due requests, until cancelled."""
        while not await self.prepare():
            await self._clock.sleep(1.0)
        while True:
            self._wake.clear()
            await self.turn()
            due = self.agenda.next_at()
            full = len(self._running) >= self._settings.parallel
            now = self._clock.now()
            tidy = self._tidied_at + TIDY_SECONDS - now
            wait = tidy if due is None or full else min(due - now, tidy)
            await self._clock.wait(self._wake, max(wait, 0.001))

    async def prepare(self) -> bool:
        """Learn how many partitions the requests have; tell whether that is known."""
        self._partitions.number = self._partitions.number or await self._count_partitions()
        return bool(self._partitions.number)

    async def turn(self) -> None:
        """Start what is due now, and write what is to be written."""
        self.take_up_all()
        now = self._clock.now()
        room = self._settings.parallel - len(self._running)
        for job in self.agenda.take(now, room):
            self._start(job, now)
        while len(self._running) < self._settings.parallel and (pushed := self._subscribing.next()) is not None:
            self._begin(("pushed", pushed.id), self._pushed(pushed))
        await self._writer.write_budgets()
        if now - self._written_at >= self._settings.state_write_seconds:
            await self.write()
        if now - self._tidied_at >= TIDY_SECONDS:
            self._tidy(now)

    def resume(self, partition: int) -> None:
        """Begin with a partition."""
        self._resumed.add(partition)
        self._wake.set()

    async def pause(self) -> None:
        """Begin nothing more; let running jobs end for a moment, and write all states."""
        self._partitions.clear()
        self._resumed.clear()
        self._subscribing.clear()
        self.agenda.clear()
        await cancel_all(set(self._running.values()), GRACE_SECONDS)
        self.agenda.clear()
        await self.write()
        self._writer.forget_counts()
        self._show()

    async def close(self) -> None:
        """End everything and close the connections."""
        await self.pause()
        await self._asker.close()

    async def write(self) -> None:
        """Write the states of sources that were polled and brought nothing, all at once."""
        self._written_at = self._clock.now()
        await self._writer.write()

    @property
    def underway(self) -> int:
        """How many jobs are underway."""
        return len(self._running)

    # -- the agenda

    def take_up_all(self) -> None:
        """Put what is due in the partitions that have been resumed on the agenda, a whole delay from now.

        Another owner may have asked a domain just now. Everything is looked through once, however many partitions there are.
        """
        if not self._resumed:
            return
        resumed, self._resumed = self._resumed, set()
        now, partitions = self._clock.now(), self._partitions
        since = now if self._alone_since is None else self._alone_since
        for partition in resumed:
            partitions.begin(partition, since + self._asker.budgets.delay_seconds)
        for name in list(self.store.domains):
            if partitions.of(name) in resumed and (known := self.store.domain(name)) is not None:
                self._asker.budgets.restore(known, now)
        for name in list(self.store.sources):
            if partitions.of_source(name) in resumed:
                self._writer.take_up(name)
                self._schedule(name)
        for key in list(self.store.pages):
            request = self.store.page(key)
            if request is not None and partitions.of(domain_of(request.url or "")) in resumed:
                self._pages.add(key, request)
        self._show()

    def _schedule(self, name: str) -> None:
        """Put a source's next poll on the agenda, or take it off."""
        source = self.store.sources.get(name)
        if source is None:
            self._drop_source(name)
            return
        if source.kind in NOT_POLLED:
            self.agenda.drop("poll", name)
            return
        known = self.store.state(name)
        now = self._clock.now()
        if name not in self.store.states:
            known.next_at = schedule.first_at(now, self._chance, self._settings.first_poll_seconds)
            self._writer.keep(name, known)
        if not source.enabled:
            self.agenda.drop("poll", name)
        elif ("poll", name) not in self._running:
            is_new = bool(known.pending_at) or known.url not in ("", source.url)
            due = now if is_new else schedule.within(known.next_at, now)
            domain = address_domain(source, known)
            self.agenda.add(Job(domain, "poll", name, max(due, self._partitions.not_before(domain))))
        if not source.enabled or known.health == "paused":
            self._writer.later(name)
            known.health = health.assess(known, now, enabled=source.enabled).state
            self._writer.keep(name, known)

    def _drop_source(self, name: str) -> None:
        self.agenda.drop("poll", name)
        self._writer.drop(name)

    # -- jobs

    def _start(self, job: Job, now: float) -> None:
        self._begin((job.kind, job.name), self._do(job))
        if job.kind == "poll":
            self._metrics.poll_late.observe(max(now - job.due, 0.0))

    def _begin(self, key: tuple[str, str], work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._running[key] = task

        def ended(_: "asyncio.Task[None]") -> None:
            self._running.pop(key, None)
            self._wake.set()

        task.add_done_callback(ended)

    async def _do(self, job: Job) -> None:
        """Do a job in its domain's turn; whatever fails in it, the turn ends and the job stands for later."""
        self._asker.begin(job.domain)
        try:
            if not self._holds(self._owner_of(job)):
                self.agenda.add(job._replace(due=self._clock.now() + 1.0))
            elif job.kind == "poll":
                await self._poll(job)
            else:
                await self._pages.fetch(job)
        except NOT_TAKEN as error:
            logger.warning("%s %s waits for Kafka: %s", job.kind, job.name, error)
            self.agenda.add(job._replace(due=self._clock.now() + AWAY_SECONDS))
        except Exception:
            logger.exception(
                "%s %s failed by an error of wirewatch's own, and is tried again: report it", job.kind, job.name
            )
            self._metrics.polls.labels("unknown", "error").inc()
            await self._fault(job)
        finally:
            self._asker.release(job.domain)

    async def _fault(self, job: Job) -> None:
        """Leave a source that our own code fails on alone for a while; settle a page with its entry's text."""
        if job.kind == "poll":
            self.agenda.add(job._replace(due=self._clock.now() + FAULT_SECONDS))
        else:
            await self._pages.fault(job)

    def _owner_of(self, job: Job) -> int:
        return self._partitions.of_source(job.name) if job.kind == "poll" else self._partitions.of(job.domain)

    async def _poll(self, job: Job) -> None:
        source = self.store.sources.get(job.name)
        if source is None or not source.enabled:
            return
        if job.name in self._reading:  # a document of its hub is being read
            self.agenda.add(job._replace(due=self._clock.now() + 1.0))
            return
        begun = self._clock.now()
        with self._writer.reading(job.name) as known:
            before = state.unpack(state.pack(known))
            polled = await self._polling.poll(source, known, job.domain)
            self._subscribing.discover(known, polled)
            if self._subscribing.is_due(source, known):
                await self._subscribing.ask(source, known)
            events = health_change(source, known, polled.moved_from, self._clock.now(), self._metrics)
            await self._writer.record(source, before, known, polled, events)
        count_poll(self._metrics, polled, known, self._clock.now() - begun)
        if self._partitions.own_source(job.name):
            self.agenda.add(Job(address_domain(source, known), "poll", job.name, known.next_at))

    async def _pushed(self, request: Request) -> None:
        """Read a document of a hub once no poll of its source is underway; a failure is left to the next poll."""
        source = self.store.sources.get(request.source)
        if source is None or not source.enabled:
            return
        if request.source in self._reading or ("poll", request.source) in self._running:
            await self._clock.sleep(1.0)
            self._subscribing.take(request)
            return
        self._reading.add(request.source)
        try:
            await self._subscribing.read(source, request)
        except NOT_TAKEN as error:
            logger.warning("what the hub of source %s has sent waits for its next poll: %s", source.name, error)
        except Exception:
            logger.exception("what the hub of source %s has sent cannot be read: report this error", source.name)
        finally:
            self._reading.discard(request.source)

    # -- showing

    def _tidy(self, now: float) -> None:
        self._tidied_at = now
        self._asker.budgets.forget(now)
        self._show()

    def _show(self) -> None:
        metrics, now = self._metrics, self._clock.now()
        self._writer.show()
        metrics.pages_waiting.set(self.agenda.pages)
        metrics.domains.set(len(self._asker.budgets))
        metrics.throttled.set(sum(1 for _ in self._asker.budgets.paused(now)))


def address_domain(source: Source, known: PollState) -> str:
    """Return the domain at which a source is polled now: that of its new address where it has moved."""
    return domain_of(known.location or source.url if known.url == source.url else source.url)


def budgets_of(settings: FetchSettings) -> Budgets:
    """Return budgets as the settings want them."""
    return Budgets(settings.domain_delay_seconds, settings.address_delay_seconds, settings.address_parallel)
