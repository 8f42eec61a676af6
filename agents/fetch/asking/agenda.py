"""Agenda: which request is next, over all domains, without asking any domain more often than its budget allows.

Jobs wait in one queue for each domain, polls and pages apart, each in the order in which they are due; a domain with
both gives its turns to them in alternation, so that ten thousand pages of an archive do not keep a feed from being
polled. Domains stand in a heap by the time at which they can do something; an entry that is out of date is dropped when it
comes up.
"""

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from agents.fetch.asking.budget import Budgets

#: A domain whose address is at its limit is looked at again after this time.
CROWDED_SECONDS = 0.5

JobKind = Literal["poll", "page"]


class Job(NamedTuple):
    """A request that is to be made: a source's poll by name, or a page by the id of its request."""

    domain: str
    kind: JobKind
    name: str
    due: float


#: A job that waits: when it is due, its name, its domain. The same tuple stands in the queue and in the table of names.
Waiting = tuple[float, str, str]


@dataclass(slots=True)
class Queue:
    """Jobs that wait for one domain, the earliest first; None where there never was one of the kind.

    Most domains have one feed and no pages: a hundred thousand of them are to take little.
    """

    polls: list[Waiting] | None = None
    pages: list[Waiting] | None = None
    page_last: bool = False
    #: the time under which it stands in the heap
    listed: float = math.inf

    def push(self, kind: JobKind, waiting: Waiting) -> None:
        """Put a job in its line."""
        line = self.polls if kind == "poll" else self.pages
        if line is not None:
            heapq.heappush(line, waiting)
        elif kind == "poll":
            self.polls = [waiting]
        else:
            self.pages = [waiting]


class Agenda:
    """All jobs that wait. A job is known by kind and name; a later `add` replaces its time."""

    def __init__(self, budgets: Budgets) -> None:
        self.budgets = budgets
        self._queues: dict[str, Queue] = {}
        self._heap: list[tuple[float, str]] = []
        self._polls: dict[str, Waiting] = {}
        self._pages: dict[str, Waiting] = {}

    def __len__(self) -> int:
        return len(self._polls) + len(self._pages)

    @property
    def pages(self) -> int:
        """How many pages wait."""
        return len(self._pages)

    def waiting(self, domain: str) -> int:
        """Return how many pages wait for a domain, those taken off lately included."""
        queue = self._queues.get(domain)
        return len(queue.pages or ()) if queue is not None else 0

    def add(self, job: Job) -> None:
        """Put a job on the agenda, or move it."""
        waiting = (job.due, job.name, job.domain)
        (self._polls if job.kind == "poll" else self._pages)[job.name] = waiting
        queue = self._queues.get(job.domain)
        if queue is None:
            queue = self._queues[job.domain] = Queue()
        queue.push(job.kind, waiting)
        self.recheck(job.domain)

    def drop(self, kind: JobKind, name: str) -> None:
        """Take a job off the agenda; one that is not there is no error."""
        (self._polls if kind == "poll" else self._pages).pop(name, None)

    def clear(self) -> None:
        """Take everything off the agenda."""
        self._queues.clear()
        self._heap.clear()
        self._polls.clear()
        self._pages.clear()

    def due(self, kind: JobKind, name: str) -> float | None:
        """Return when a job is due; None where it is not on the agenda."""
        found = (self._polls if kind == "poll" else self._pages).get(name)
        return found[0] if found else None

    def recheck(self, domain: str) -> None:
        """Look again when a domain can do something: its budget or its jobs have changed."""
        queue = self._queues.get(domain)
        if queue is None:
            return
        at = self._first(queue)
        if at is None:
            del self._queues[domain]
            return
        ready = self.budgets.ready_at(domain)
        listed = math.inf if ready is None else max(at, ready)
        if ready is not None and listed != queue.listed:  # at the same time it stands in the heap already
            heapq.heappush(self._heap, (listed, domain))
        queue.listed = listed

    def take(self, now: float, room: int) -> Iterator[Job]:
        """Yield the jobs to start now, at most `room`; each is off the agenda and its domain's budget has started."""
        while room > 0 and self._heap and self._heap[0][0] <= now:
            listed, domain = heapq.heappop(self._heap)
            queue = self._queues.get(domain)
            if queue is None or queue.listed != listed:
                continue
            queue.listed = math.inf  # it stands in the heap no more
            ready = self.budgets.ready_at(domain)
            if ready is None or ready > now:
                self.recheck(domain)
                continue
            if self.budgets.crowded(domain):
                self._later(domain, queue, now)
                continue
            job = self._pop(domain, queue, now)
            if job is None:
                self.recheck(domain)
                continue
            self.budgets.start(domain, now)
            self.recheck(domain)
            room -= 1
            yield job

    def next_at(self) -> float | None:
        """Return when there is something to start; None while there is nothing."""
        while self._heap:
            listed, domain = self._heap[0]
            queue = self._queues.get(domain)
            if queue is not None and queue.listed == listed:
                return listed
            heapq.heappop(self._heap)
        return None

    def _later(self, domain: str, queue: Queue, now: float) -> None:
        """Put a domain whose address is at its limit back; it has no event of its own that would bring it up again."""
        queue.listed = now + CROWDED_SECONDS
        heapq.heappush(self._heap, (queue.listed, domain))

    def _first(self, queue: Queue) -> float | None:
        """Return when the first job of a domain is due; dropped and moved ones are passed over."""
        firsts = []
        for line, known in ((queue.polls, self._polls), (queue.pages, self._pages)):
            while line and known.get(line[0][1]) is not line[0]:
                heapq.heappop(line)
            if line:
                firsts.append(line[0][0])
        return min(firsts, default=None)

    def _pop(self, domain: str, queue: Queue, now: float) -> Job | None:
        self._first(queue)
        poll = queue.polls is not None and bool(queue.polls) and queue.polls[0][0] <= now
        page = queue.pages is not None and bool(queue.pages) and queue.pages[0][0] <= now
        if not (poll or page):
            return None
        queue.page_last = page and not (poll and queue.page_last)
        kind: JobKind = "page" if queue.page_last else "poll"
        line = queue.pages if queue.page_last else queue.polls
        assert line
        due, name, _ = heapq.heappop(line)
        self.drop(kind, name)
        return Job(domain, kind, name, due)
