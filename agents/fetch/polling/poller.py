"""The poller: beside the step's messages, it makes the requests that are due in this worker's domains.

What a poll finds is written in this order: that it is about to be handed out, with its time; the requests; the source's new
state. A worker that dies in between leaves a state that says so, and the next one polls again at once, without conditions,
and gives what it finds the same time, and so the same ids. A page's raw message is acknowledged before the page is struck
off.

Its parts: `planning` keeps the agenda, `jobs` do what is due there by `polls` and `pages`, `subscribing` and `turns` speak
with hubs and other workers, `writing` keeps the states. Here is when each of them has its turn.
"""

import asyncio
from collections.abc import Callable, Mapping
from random import Random

from agents.fetch.asking.agenda import Agenda
from agents.fetch.asking.asker import Asker, Heard
from agents.fetch.asking.requests import Request
from agents.fetch.polling.jobs import Jobs
from agents.fetch.polling.page import Paging
from agents.fetch.polling.page_jobs import PageJobs
from agents.fetch.polling.planning import Planning
from agents.fetch.polling.poll import Polling
from agents.fetch.polling.poll_jobs import PollJobs
from agents.fetch.polling.subscribing import Subscribing
from agents.fetch.polling.turns import TurnsElsewhere, TurnsLent
from agents.fetch.polling.underway import Underway
from agents.fetch.polling.workplace import Workplace
from agents.fetch.polling.writing import StateWriter
from agents.fetch.settings import FetchSettings, WebSubSettings

#: How long requests may go on when partitions are taken away; one given up is made again by their next owner.
GRACE_SECONDS = 2.0
TIDY_SECONDS = 30.0
#: A turn that was lent ends so much later than its request can.
LEASE_MARGIN_SECONDS = 10.0


class Poller:
    """Polls sources and fetches pages until it is cancelled, by the asker that it opens for its turns and budgets."""

    def __init__(
        self,
        place: Workplace,
        open_asker: Callable[[TurnsElsewhere, Heard], Asker],
        agenda: Agenda,
        settings: FetchSettings,
        websub: WebSubSettings,
        chance: Random,
    ) -> None:
        self.store = place.store
        self._place = place
        self._agenda = agenda
        self._settings = settings
        self._wake = asyncio.Event()
        self._resumed: set[int] = set()
        self._written_at = self._tidied_at = place.clock.now()
        self._underway = Underway(self._wake.set)
        self._writer = StateWriter(place, agenda.budgets)
        self._elsewhere = TurnsElsewhere(place)
        self._asker = asker = open_asker(self._elsewhere, self._writer.heard)
        polling = Polling(asker, settings, place.clock, chance)
        pages = PageJobs(place, agenda, Paging(asker, settings, place.clock), self._writer)
        self._subscribing = Subscribing(place, asker, polling, self._writer, websub)
        self._planning = Planning(
            place, agenda, pages, self._writer, self._underway, settings.first_poll_seconds, chance
        )
        self._polls = PollJobs(place, agenda, polling, self._subscribing, self._writer, self._underway)
        self._jobs = Jobs(place, agenda, asker, self._polls, pages)
        lease = settings.timeout_seconds + LEASE_MARGIN_SECONDS
        self._lent = TurnsLent(place, asker, self._underway.begin, lease)

    # -- the step's side

    def source_changed(self, name: str) -> None:
        """Take note of a source that is new, changed or gone."""
        if self._planning.source_changed(name):
            self._wake.set()

    def poll_now(self, name: str) -> None:
        """Poll a source as soon as its domain allows it."""
        if self._planning.poll_now(name):
            self._wake.set()

    def page_waits(self, key: str, value: bytes) -> None:
        """Put a page on the agenda that is now persisted."""
        if self._planning.page_waits(key, value):
            self._wake.set()

    def said(self, request: Request) -> None:
        """Take a hub's document or its word on a lease, outcomes of cleaning, or a message about a turn."""
        if request.kind == "turn_given":
            self._elsewhere.given(request)
        elif request.kind.startswith("turn"):
            self._lent.said(request)
        elif not self._place.partitions.own_source(request.source):
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
        return self._writer.shown(most)

    @property
    def underway(self) -> int:
        """How many jobs are underway."""
        return len(self._underway)

    # -- the companion

    async def run(self) -> None:
        """Make due requests, until cancelled."""
        clock = self._place.clock
        while not await self.prepare():
            await clock.sleep(1.0)
        while True:
            self._wake.clear()
            await self.turn()
            due, now = self._agenda.next_at(), clock.now()
            tidy = self._tidied_at + TIDY_SECONDS - now
            wait = tidy if due is None or not self._room else min(due - now, tidy)
            await clock.wait(self._wake, max(wait, 0.001))

    async def prepare(self) -> bool:
        """Learn how many partitions the requests have; return whether that is known."""
        return await self._place.partitions.learn()

    async def turn(self) -> None:
        """Start the jobs that are due, and write states."""
        self.take_up_resumed()
        now = self._place.clock.now()
        for job in self._agenda.take(now, self._room):
            self._underway.begin((job.kind, job.name), self._jobs.do(job))
            if job.kind == "poll":
                self._place.metrics.poll_late.observe(max(now - job.due, 0.0))
        while self._room and (pushed := self._subscribing.next()) is not None:
            self._underway.begin(("pushed", pushed.id), self._polls.read_pushed(pushed))
        await self._writer.write_budgets()
        if now - self._written_at >= self._settings.state_write_seconds:
            await self.write()
        if now - self._tidied_at >= TIDY_SECONDS:
            self._tidied_at = now
            self._asker.budgets.forget(now)
            self._show()

    def resume(self, partition: int) -> None:
        """Begin with a partition."""
        self._resumed.add(partition)
        self._wake.set()

    def take_up_resumed(self) -> None:
        """Put the jobs of resumed partitions on the agenda."""
        if self._resumed:
            resumed, self._resumed = self._resumed, set()
            self._planning.take_up(resumed)
            self._show()

    async def pause(self) -> None:
        """Begin nothing more; let running jobs end for a moment, and write all states that are surely ours."""
        self._place.partitions.clear()
        self._resumed.clear()
        self._subscribing.clear()
        self._agenda.clear()
        await self._underway.end(GRACE_SECONDS)
        self._agenda.clear()
        await self.write()
        self._writer.forget_changes()
        self._writer.forget_counts()
        self._show()

    async def close(self) -> None:
        """End everything and close the connections."""
        await self.pause()
        await self._asker.close()

    async def write(self) -> None:
        """Write the states of sources that were polled and brought nothing, all at once."""
        self._written_at = self._place.clock.now()
        await self._writer.write()

    @property
    def _room(self) -> int:
        """How many jobs may be begun now."""
        return max(self._settings.parallel - len(self._underway), 0)

    def _show(self) -> None:
        metrics, budgets = self._place.metrics, self._asker.budgets
        self._writer.show()
        metrics.pages_waiting.set(self._agenda.pages)
        metrics.domains.set(len(budgets))
        metrics.throttled.set(sum(1 for _ in budgets.paused(self._place.clock.now())))
