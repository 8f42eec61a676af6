"""Pages that wait: each is fetched in its domain's turn, settled once, and then struck off."""

from collections import OrderedDict

from agents.fetch.asking import requests
from agents.fetch.asking.agenda import Agenda, Job
from agents.fetch.asking.domains import domain_of
from agents.fetch.asking.requests import Request
from agents.fetch.polling.page import PageOutcome, Paging, refuse
from agents.fetch.polling.recording import request_output
from agents.fetch.polling.store import PAGE
from agents.fetch.polling.workplace import Workplace
from agents.fetch.polling.writing import StateWriter
from streams.message import Change
from streams.topics import POLLS

#: Ids of pages settled lately, so that a message that comes twice is fetched once.
MOST_DONE = 20_000


class PageJobs:
    """The pages of this worker's domains."""

    def __init__(self, place: Workplace, agenda: Agenda, paging: Paging, writer: StateWriter) -> None:
        self._store = place.store
        self._partitions = place.partitions
        self._publish = place.write
        self._metrics = place.metrics
        self._clock = place.clock
        self._agenda = agenda
        self._paging = paging
        self._writer = writer
        self._done: OrderedDict[str, None] = OrderedDict()

    def done(self, key: str) -> bool:
        """Return whether a page was settled lately."""
        return key in self._done

    def add(self, key: str, request: Request, wait: float = 0.0) -> None:
        """Put a page on the agenda."""
        if not request.url:
            return
        domain = domain_of(request.url)
        due = max(self._clock.now() + wait, self._partitions.not_before(domain))
        self._agenda.add(Job(domain, "page", key, due))

    async def fetch(self, job: Job) -> None:
        """Fetch a page in its domain's turn, and settle it, or put it back."""
        request = self._store.page(job.name)
        if request is None:
            return
        paged = await self._paging.fetch(request)
        self._metrics.pages.labels(paged.outcome if paged.outcome != "entry" else f"entry_{paged.reason}").inc()
        if paged.output is not None:
            await self._settle(job, request, paged)
        elif paged.request is not None:
            await self._go_on(job, paged, paged.request)

    async def fault(self, job: Job) -> None:
        """Settle a page that our own code fails on with its entry's text."""
        request = self._store.page(job.name)
        if request is not None:
            await self._settle(job, request, refuse(request, "error", "wirewatch's own code failed on it; see its log"))

    async def _go_on(self, job: Job, paged: PageOutcome, request: Request) -> None:
        """Put a page back on the agenda, here or where its domain belongs."""
        assert request.url is not None
        value = requests.pack(request)
        partition = self._partitions.of(job.domain)
        if paged.outcome == "moved" and self._partitions.of(domain_of(request.url)) != partition:
            await self._publish((), [(request_output(request), None)])
            await self._strike(job.name, partition)
            return
        if paged.outcome == "again":
            await self._publish([Change(POLLS, partition, PAGE + job.name, value)], ())
        self._store.pages[job.name] = value
        self.add(job.name, request, paged.wait)

    async def _settle(self, job: Job, request: Request, paged: PageOutcome) -> None:
        """Write the outcome of an entry, then strike it off."""
        assert paged.output is not None
        await self._publish((), [(paged.output, None)])
        await self._strike(job.name, self._partitions.of(job.domain))
        if paged.length == 0:  # what was read is judged where it is cleaned
            self._writer.cleaned(request.source, [0])

    async def _strike(self, key: str, partition: int) -> None:
        await self._publish([Change(POLLS, partition, PAGE + key, None)], ())
        self._store.pages.pop(key, None)
        self._done[key] = None
        while len(self._done) > MOST_DONE:
            self._done.popitem(last=False)
