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


#: A job that waits: when it is due, its name, its domain. The same tuple stands in its line, in the table of names, and
#: in the heap where its domain can do something at just that time.
Waiting = tuple[float, str, str]
#: Jobs of one kind that wait for one domain: a heap, or the only one itself. Most domains have one feed and no pages, and
#: a hundred thousand of them are to take little.
Line = list[Waiting] | Waiting | None


def first(line: Line) -> Waiting | None:
    """Return the earliest job of a line; None where it is empty."""
    return line[0] if isinstance(line, list) else line


def pushed(line: Line, waiting: Waiting) -> Line:
    """Return a line with one more job in it."""
    if line is None:
        return waiting
    jobs = line if isinstance(line, list) else [line]
    heapq.heappush(jobs, waiting)
    return jobs


def popped(line: Line) -> Line:
    """Return a line without its earliest job."""
    if not isinstance(line, list):
        return None
    heapq.heappop(line)
    return line or None


@dataclass(slots=True)
class Queue:
    """Jobs that wait for one domain."""

    polls: Line = None
    pages: Line = None
    page_last: bool = False
    #: the time under which it stands in the heap
    listed: float = math.inf


class Agenda:
    """All jobs that wait. A job is known by kind and name; a later `add` replaces its time."""

    def __init__(self, budgets: Budgets) -> None:
        self.budgets = budgets
        #: a queue for each domain, or the only job of a domain that can be done when it is due
        self._queues: dict[str, Queue | Waiting] = {}
        self._heap: list[Waiting] = []
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
        if not isinstance(queue, Queue) or queue.pages is None:
            return 0
        return len(queue.pages) if isinstance(queue.pages, list) else 1

    def add(self, job: Job) -> None:
        """Put a job on the agenda, or move it."""
        waiting = (job.due, job.name, job.domain)
        (self._polls if job.kind == "poll" else self._pages)[job.name] = waiting
        queue = self._queue(job.domain)
        if queue is None:
            ready = self.budgets.ready_at(job.domain)
            if job.kind == "poll" and ready is not None and ready <= job.due:
                self._queues[job.domain] = waiting
                heapq.heappush(self._heap, waiting)
                return
            queue = self._queues[job.domain] = Queue()
        if job.kind == "poll":
            queue.polls = pushed(queue.polls, waiting)
        else:
            queue.pages = pushed(queue.pages, waiting)
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
        queue = self._queue(domain)
        if queue is None:
            return
        earliest = self._first(queue)
        if earliest is None:
            del self._queues[domain]
            return
        ready = self.budgets.ready_at(domain)
        listed = math.inf if ready is None else max(earliest[0], ready)
        if ready is not None and listed != queue.listed:  # at the same time it stands in the heap already
            heapq.heappush(self._heap, earliest if listed == earliest[0] else (listed, "", domain))
        queue.listed = listed

    def take(self, now: float, room: int) -> Iterator[Job]:
        """Yield the jobs to start now, at most `room`; each is off the agenda and its domain's budget has started."""
        while room > 0 and self._heap and self._heap[0][0] <= now:
            listed, _, domain = heapq.heappop(self._heap)
            queue = self._queue(domain)
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
            listed, _, domain = self._heap[0]
            queue = self._queue(domain)
            if queue is not None and queue.listed == listed:
                return listed
            heapq.heappop(self._heap)
        return None

    def _queue(self, domain: str) -> Queue | None:
        """Return the queue of a domain, also where there was one job only; None where nothing waits."""
        found = self._queues.get(domain)
        if isinstance(found, tuple):
            found = self._queues[domain] = Queue(polls=found, listed=found[0])
        return found

    def _later(self, domain: str, queue: Queue, now: float) -> None:
        """Put a domain whose address is at its limit back; it has no event of its own that would bring it up again."""
        queue.listed = now + CROWDED_SECONDS
        heapq.heappush(self._heap, (queue.listed, "", domain))

    def _first(self, queue: Queue) -> Waiting | None:
        """Return the job of a domain that is due first; dropped and moved ones are passed over."""
        while (poll := first(queue.polls)) is not None and self._polls.get(poll[1]) is not poll:
            queue.polls = popped(queue.polls)
        while (page := first(queue.pages)) is not None and self._pages.get(page[1]) is not page:
            queue.pages = popped(queue.pages)
        return page if poll is None or (page is not None and page[0] < poll[0]) else poll

    def _pop(self, domain: str, queue: Queue, now: float) -> Job | None:
        self._first(queue)
        poll, page = (None if job is None or job[0] > now else job for job in (first(queue.polls), first(queue.pages)))
        if page is not None and not (poll is not None and queue.page_last):
            queue.page_last, queue.pages = True, popped(queue.pages)
            return self._started(domain, "page", page)
        queue.page_last = False
        if poll is None:
            return None
        queue.polls = popped(queue.polls)
        return self._started(domain, "poll", poll)

    def _started(self, domain: str, kind: JobKind, waiting: Waiting) -> Job:
        due, name, _ = waiting
        self.drop(kind, name)
        return Job(domain, kind, name, due)
