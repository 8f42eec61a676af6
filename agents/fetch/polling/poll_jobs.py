"""Polls of this worker's sources, and documents of their hubs: each asked or read, recorded, and planned again.

A source has one of them at a time: both go by its state, and both write it.
"""

import logging

from agents.fetch.asking.agenda import Agenda, Job
from agents.fetch.asking.requests import Request
from agents.fetch.polling.planning import polled_domain
from agents.fetch.polling.poll import Polling
from agents.fetch.polling.recording import count_poll, health_change
from agents.fetch.polling.subscribing import Subscribing
from agents.fetch.polling.underway import Underway
from agents.fetch.polling.workplace import NOT_TAKEN, Workplace
from agents.fetch.polling.writing import StateWriter
from agents.fetch.source import state

logger = logging.getLogger("wirewatch.fetch")

#: Before a source is looked at again whose hub's document, or poll, is underway.
BUSY_SECONDS = 1.0


class PollJobs:
    """Polls sources when their jobs are due, and reads documents of hubs."""

    def __init__(
        self,
        place: Workplace,
        agenda: Agenda,
        polling: Polling,
        subscribing: Subscribing,
        writer: StateWriter,
        underway: Underway,
    ) -> None:
        self._place = place
        self._agenda = agenda
        self._polling = polling
        self._subscribing = subscribing
        self._writer = writer
        self._underway = underway
        #: sources of which a hub's document is being read
        self._reading: set[str] = set()

    async def poll(self, job: Job) -> None:
        """Poll a source in its domain's turn, and put its next poll on the agenda."""
        place, clock = self._place, self._place.clock
        source = place.store.sources.get(job.name)
        if source is None or not source.enabled:
            return
        if job.name in self._reading:
            self._agenda.add(job._replace(due=clock.now() + BUSY_SECONDS))
            return
        begun = clock.now()
        with self._writer.reading(job.name) as known:
            before = state.unpack(state.pack(known))
            polled = await self._polling.poll(source, known, job.domain)
            self._subscribing.discover(known, polled)
            if self._subscribing.is_due(source, known):
                await self._subscribing.ask(source, known)
            events = health_change(source, known, polled.moved_from, clock.now(), place.metrics)
            await self._writer.record(source, before, known, polled, events)
        count_poll(place.metrics, polled, known, clock.now() - begun)
        if place.partitions.own_source(job.name):
            self._agenda.add(Job(polled_domain(source, known), "poll", job.name, known.next_at))

    async def read_pushed(self, request: Request) -> None:
        """Read a document of a hub once no poll of its source is underway; a failure is left to the next poll."""
        source = self._place.store.sources.get(request.source)
        if source is None or not source.enabled:
            return
        if request.source in self._reading or ("poll", request.source) in self._underway:
            await self._place.clock.sleep(BUSY_SECONDS)
            self._subscribing.take(request)
            return
        self._reading.add(request.source)
        try:
            await self._subscribing.read(source, request)
        except NOT_TAKEN as error:
            logger.warning("what the hub of source %s has sent waits for its next poll: %s", source.name, error)
        except Exception:  # a hub's document must not end the polls
            logger.exception("what the hub of source %s has sent cannot be read: report this error", source.name)
        finally:
            self._reading.discard(request.source)
