"""The poller: beside the step's messages, it makes the requests that are due in this worker's domains.

What a poll finds is written in this order: that it is about to be handed out, with its time; the requests; the source's new
state. A worker that dies in between leaves a state that says so, and the next one polls again at once, without conditions,
and gives what it finds the same time, and so the same ids. A page's raw message is acknowledged before the page is struck
off.
"""

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import get_args

from aiokafka.errors import KafkaError

from agents.fetch.asking import health, requests, schedule, state
from agents.fetch.asking.agenda import Agenda, Job
from agents.fetch.asking.asker import Asker, cancel_all
from agents.fetch.asking.budget import Budgets
from agents.fetch.asking.clock import Clock
from agents.fetch.asking.domains import domain_of, partition_of
from agents.fetch.asking.paging import Paged, Paging, refuse
from agents.fetch.asking.polling import Polled, Polling
from agents.fetch.asking.recording import changed, count_poll, health_change, request_output
from agents.fetch.asking.requests import Request
from agents.fetch.asking.state import PollState
from agents.fetch.asking.store import DOMAIN, PAGE, SOURCE, Store, domain_encoder
from agents.fetch.metrics import FetchMetrics
from agents.fetch.settings import FetchSettings
from streams.errors import BrokerError
from streams.message import Change, Message, Output
from streams.records import Source, SourceState
from streams.topics import POLLS

logger = logging.getLogger("wirewatch.fetch")

#: How long requests may go on when partitions are taken away; one given up is made again by their next owner.
GRACE_SECONDS = 2.0
#: Before something is tried again that Kafka did not take.
AWAY_SECONDS = 10.0
#: A source that our own code fails on is left alone for so long.
FAULT_SECONDS = 3600.0
TIDY_SECONDS = 30.0
#: Ids of pages settled lately, so that a message that comes twice is fetched once.
MOST_DONE = 20_000
Publish = Callable[[Sequence[Change], Sequence[tuple[Output, Message | None]]], Awaitable[None]]


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
        chance: Random | None = None,
    ) -> None:
        self.store = store
        self.agenda = agenda
        self._asker = asker
        asker.heard = self.heard
        self._settings = settings
        self._metrics = metrics
        self._publish = publish
        self._clock = clock
        self._count_partitions = partitions
        self._holds = holds
        #: since when no other worker can have asked anybody; None where there may be one
        self._alone_since = alone_since
        self._chance = chance or Random()
        self._polling = Polling(asker, settings, clock, self._chance)
        self._paging = Paging(asker, settings, clock)
        self._partitions: dict[int, float] = {}
        self._resumed: set[int] = set()
        self._number = 0
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._bare: set[str] = set()
        self._heard: set[str] = set()
        self._gone: set[str] = set()
        self._done: OrderedDict[str, None] = OrderedDict()
        self._by_state: Counter[str] = Counter()
        self._wake = asyncio.Event()
        self._written_at = self._tidied_at = clock.now()

    # -- the step's side

    def source_changed(self, name: str) -> None:
        """Take note of a source that is new, changed or gone."""
        if not self._number or self._partition_of_source(name) not in self._partitions:
            if name not in self.store.sources:
                self._drop_source(name)
            return
        self._schedule(name)
        self._wake.set()

    def poll_now(self, name: str) -> None:
        """Poll a source as soon as its domain allows it."""
        source = self.store.sources.get(name)
        if source is not None and source.enabled and self._partition_of_source(name) in self._partitions:
            self.agenda.add(Job(self._domain(source, self.store.state(name)), "poll", name, self._clock.now()))
            self._wake.set()

    def page_waits(self, identifier: str, value: bytes) -> None:
        """Put a page on the agenda that is now persisted."""
        if identifier in self._done or ("page", identifier) in self._running:
            return
        self.store.pages[identifier] = value
        request = self.store.page(identifier)
        if request is not None and request.url:
            self._add_page(identifier, request)
            self._wake.set()

    def heard(self, domain: str) -> None:
        """Take note of a domain whose budget has to be written."""
        self._heard.add(domain)

    @property
    def pages(self) -> int:
        """How many pages wait."""
        return self.agenda.pages

    # -- the companion

    async def run(self) -> None:
        """Make due requests, until cancelled."""
        while not self._number:
            self._number = await self._count_partitions()
            if not self._number:
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

    async def turn(self) -> None:
        """Start what is due now, and write what is to be written."""
        self.take_up_all()
        now = self._clock.now()
        room = self._settings.parallel - len(self._running)
        for job in self.agenda.take(now, room):
            self._start(job, now)
        if self._heard:
            await self._write_budgets()
        if now - self._written_at >= self._settings.state_write_seconds:
            await self.write()
        if now - self._tidied_at >= TIDY_SECONDS:
            self._tidy(now)

    def take_up_all(self) -> None:
        """Put what is due in the partitions that have been resumed on the agenda."""
        while self._resumed:
            self._take_up(self._resumed.pop())

    def resume(self, partition: int) -> None:
        """Begin with a partition."""
        self._resumed.add(partition)
        self._wake.set()

    async def pause(self) -> None:
        """Begin nothing more; let running jobs end for a moment, and write all states."""
        self._partitions.clear()
        self._resumed.clear()
        self.agenda.clear()
        await cancel_all(set(self._running.values()), GRACE_SECONDS)
        self.agenda.clear()
        await self.write()
        self._by_state.clear()
        self._show()

    async def close(self) -> None:
        """End everything and close the connections."""
        await self.pause()
        await self._asker.close()

    async def write(self) -> None:
        """Write the states of sources that were polled and brought nothing, all at once."""
        names, gone = list(self._bare), list(self._gone)
        self._written_at = self._clock.now()
        changes = [self._change(SOURCE, name, self.store.states[name]) for name in names if name in self.store.states]
        changes += [Change(POLLS, self._partition(domain), SOURCE + name, None) for domain, name in map(split, gone)]
        if self._number and changes:
            await self._publish(changes, ())
            self._metrics.state_writes.labels("bare").inc(len(changes))
        self._bare.difference_update(names)
        self._gone.difference_update(gone)

    @property
    def underway(self) -> int:
        """How many jobs are underway."""
        return len(self._running)

    def begin_with(self, partitions: int) -> None:
        """Take note of how many partitions the requests have."""
        self._number = partitions

    # -- the agenda

    def _take_up(self, partition: int) -> None:
        """Put a partition's jobs on the agenda, a whole delay from now: another owner may have asked just now."""
        now = self._clock.now()
        since = now if self._alone_since is None else self._alone_since
        self._partitions[partition] = since + self._asker.budgets.delay_seconds
        for name in list(self.store.domains):
            if self._partition(name) == partition and (known := self.store.domain(name)) is not None:
                self._asker.budgets.restore(known, now)
        for name in list(self.store.sources):
            if self._partition_of_source(name) == partition:
                self._schedule(name)
        for identifier in list(self.store.pages):
            request = self.store.page(identifier)
            if request is not None and request.url and self._partition(domain_of(request.url)) == partition:
                self._add_page(identifier, request)
        self._show()

    def _schedule(self, name: str) -> None:
        """Put a source's next poll on the agenda, or take it off."""
        source = self.store.sources.get(name)
        if source is None:
            self._drop_source(name)
            return
        known = self.store.state(name)
        now = self._clock.now()
        if name not in self.store.states:
            known.next_at = schedule.first_at(now, self._chance, self._settings.first_poll_seconds)
            self._keep(name, known)
        if not source.enabled:
            self.agenda.drop("poll", name)
        elif ("poll", name) not in self._running:
            due = now if known.pending_at or known.url not in ("", source.url) else known.next_at
            domain = self._domain(source, known)
            self.agenda.add(Job(domain, "poll", name, max(due, self._not_before(domain))))
        verdict = health.assess(known, now, enabled=source.enabled)
        if verdict.state == "paused" or known.health == "paused":
            self._bare.add(name)
            known.health = verdict.state
            self._keep(name, known)

    def _drop_source(self, name: str) -> None:
        self.agenda.drop("poll", name)
        value = self.store.states.pop(name, None)
        if value is not None:
            known = state.unpack(value)
            self._by_state[known.health] -= 1
            if self._partition(domain_of(known.url)) in self._partitions:
                self._gone.add(f"{domain_of(known.url)} {name}")

    def _add_page(self, key: str, request: Request, wait: float = 0.0) -> None:
        assert request.url is not None
        domain = domain_of(request.url)
        due = max(self._clock.now() + wait, self._not_before(domain))
        self.agenda.add(Job(domain, "page", key, due))

    def _domain(self, source: Source, known: PollState) -> str:
        return domain_of(known.location or source.url if known.url == source.url else source.url)

    def _not_before(self, domain: str) -> float:
        return self._partitions.get(self._partition(domain), 0.0)

    def _partition(self, domain: str) -> int:
        return partition_of(domain, self._number or 1)

    def _partition_of_source(self, name: str) -> int:
        source = self.store.sources.get(name)
        return -1 if source is None else self._partition(domain_of(source.url))

    # -- jobs

    def _start(self, job: Job, now: float) -> None:
        task = asyncio.ensure_future(self._do(job))
        key = (job.kind, job.name)
        self._running[key] = task
        if job.kind == "poll":
            self._metrics.poll_late.observe(max(now - job.due, 0.0))

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
                await self._page(job)
        except (BrokerError, KafkaError, OSError) as error:
            logger.warning("%s %s waits for Kafka: %s", job.kind, job.name, error)
            self.agenda.add(job._replace(due=self._clock.now() + AWAY_SECONDS))
        except Exception:
            logger.exception("%s %s", job.kind, job.name)
            self._metrics.polls.labels("unknown", "error").inc()
            await self._fault(job)
        finally:
            self._asker.release(job.domain)

    async def _fault(self, job: Job) -> None:
        """Leave a source that our own code fails on alone for a while; settle a page with its entry's text."""
        if job.kind == "poll":
            self.agenda.add(job._replace(due=self._clock.now() + FAULT_SECONDS))
        elif (request := self.store.page(job.name)) is not None:
            await self._settle(job, request, refuse(request, "error", "wirewatch's own code failed on it; see its log"))

    def _owner_of(self, job: Job) -> int:
        return self._partition_of_source(job.name) if job.kind == "poll" else self._partition(job.domain)

    async def _poll(self, job: Job) -> None:
        source = self.store.sources.get(job.name)
        if source is None or not source.enabled:
            return
        begun, known = self._clock.now(), self.store.state(job.name)
        before = state.unpack(state.pack(known))
        polled = await self._polling.poll(source, known, job.domain)
        await self._record(source, before, known, polled)
        count_poll(self._metrics, polled, known, self._clock.now() - begun)
        if job.name in self.store.sources and self._partition_of_source(job.name) in self._partitions:
            self.agenda.add(Job(self._domain(source, known), "poll", job.name, known.next_at))

    async def _record(self, source: Source, before: PollState, known: PollState, polled: Polled) -> None:
        """Write a poll's results: outputs, then requests, then the new state."""
        outputs = [
            (output, None)
            for output in health_change(source, known, polled.moved_from, self._clock.now(), self._metrics)
        ]
        if polled.requests:
            known.pending_at = 0.0
            if not before.pending_at:
                before.pending_at, before.url = polled.when, known.url
                before.added_at = known.added_at
                await self._publish([self._change(SOURCE, source.name, state.pack(before))], ())
                self._keep(source.name, before)
            outputs += [(request_output(request), None) for request in polled.requests]
        elif polled.result is not None:
            known.pending_at = 0.0
        if outputs:
            await self._publish((), outputs)
        self._keep(source.name, known)
        if outputs or changed(before, known):
            await self._publish([self._change(SOURCE, source.name, self.store.states[source.name])], ())
            self._metrics.state_writes.labels("changed").inc()
            self._bare.discard(source.name)
        else:
            self._bare.add(source.name)

    async def _page(self, job: Job) -> None:
        request = self.store.page(job.name)
        if request is None:
            return
        paged = await self._paging.fetch(request)
        self._metrics.pages.labels(paged.outcome if paged.outcome != "entry" else f"entry_{paged.reason}").inc()
        if paged.output is not None:
            await self._settle(job, request, paged)
        elif paged.request is not None:
            await self._go_on(job, paged, paged.request)

    async def _go_on(self, job: Job, paged: Paged, request: Request) -> None:
        """Put a page back on the agenda, here or where its domain belongs."""
        assert request.url is not None
        value = requests.pack(request)
        partition = self._partition(job.domain)
        if paged.outcome == "moved" and self._partition(domain_of(request.url)) != partition:
            await self._publish((), [(request_output(request), None)])
            await self._strike(job.name, partition)
            return
        if paged.outcome == "again":
            await self._publish([Change(POLLS, partition, PAGE + job.name, value)], ())
        self.store.pages[job.name] = value
        self._add_page(job.name, request, paged.wait)

    async def _settle(self, job: Job, request: Request, paged: Paged) -> None:
        """Write the outcome of an entry, then strike it off."""
        assert paged.output is not None
        await self._publish((), [(paged.output, None)])
        await self._strike(job.name, self._partition(job.domain))
        if paged.length is not None and request.source in self.store.states:
            known = self.store.state(request.source)
            health.page_read(known, paged.length)
            self._keep(request.source, known)
            self._bare.add(request.source)

    async def _strike(self, identifier: str, partition: int) -> None:
        await self._publish([Change(POLLS, partition, PAGE + identifier, None)], ())
        self.store.pages.pop(identifier, None)
        self._done[identifier] = None
        while len(self._done) > MOST_DONE:
            self._done.popitem(last=False)

    # -- keeping and showing

    def _keep(self, name: str, known: PollState) -> None:
        old = self.store.states.get(name)
        if old is not None:
            self._by_state[state.unpack(old).health] -= 1
        self._by_state[known.health] += 1
        self.store.states[name] = state.pack(known)

    def _change(self, kind: str, name: str, value: bytes | None) -> Change:
        home = self._partition_of_source(name) if kind == SOURCE else self._partition(name)
        return Change(POLLS, max(home, 0), kind + name, value)

    async def _write_budgets(self) -> None:
        domains, self._heard = self._heard, set()
        changes = []
        for domain in domains:
            if self._partition(domain) not in self._partitions:
                continue  # a redirect led there: it is another worker's to remember
            known = self._asker.budgets.of(domain).state()
            value = None if known is None else domain_encoder.encode(known)
            if value is None and self.store.domains.pop(domain, None) is None:
                continue
            if value is not None:
                self.store.domains[domain] = value
            changes.append(Change(POLLS, self._partition(domain), DOMAIN + domain, value))
        try:
            await self._publish(changes, ())
        except (BrokerError, KafkaError, OSError):
            self._heard |= domains
            raise

    def _tidy(self, now: float) -> None:
        self._tidied_at = now
        self._asker.budgets.forget(now)
        self._show()

    def _show(self) -> None:
        metrics, now = self._metrics, self._clock.now()
        for name in get_args(SourceState):
            metrics.sources.labels(name).set(self._by_state[name])
        metrics.pages_waiting.set(self.agenda.pages)
        metrics.domains.set(len(self._asker.budgets))
        metrics.throttled.set(sum(1 for _ in self._asker.budgets.paused(now)))


def split(text: str) -> tuple[str, str]:
    """Return the two words of a text."""
    first, _, second = text.partition(" ")
    return first, second


def budgets_of(settings: FetchSettings) -> Budgets:
    """Return budgets as the settings want them."""
    return Budgets(settings.domain_delay_seconds, settings.address_delay_seconds, settings.address_parallel)
