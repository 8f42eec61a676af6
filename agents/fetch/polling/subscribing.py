"""Subscriptions at hubs, and the documents that they send: beside the polls of the same sources, never at the same time."""

import logging
from collections import deque

from agents.fetch.asking.asker import Asker
from agents.fetch.asking.client import HttpRequest, RequestFailed
from agents.fetch.asking.domains import domain_of
from agents.fetch.asking.requests import Request
from agents.fetch.polling.poll import Polling, PollOutcome
from agents.fetch.polling.workplace import Workplace
from agents.fetch.polling.writing import StateWriter
from agents.fetch.settings import WebSubSettings
from agents.fetch.source import state, websub
from agents.fetch.source.state import PollState
from streams.records import Source

logger = logging.getLogger("wirewatch.fetch")

#: Documents of hubs that wait to be read in one worker: what is dropped is found by the next poll.
MOST_WAITING = 64
ANSWER_BYTES = 4096


class Subscribing:
    """Subscribes to sources' news at hubs, and reads the documents that these send."""

    def __init__(
        self, place: Workplace, asker: Asker, polling: Polling, writer: StateWriter, settings: WebSubSettings
    ) -> None:
        self._metrics = place.metrics
        self._clock = place.clock
        self._asker = asker
        self._polling = polling
        self._writer = writer
        self._settings = settings
        self._waiting: deque[Request] = deque()

    # -- asking hubs

    def discover(self, known: PollState, polled: PollOutcome) -> None:
        """Take note of the hub that a poll's answer names, and of whether the hub or the poll came first."""
        if polled.answer is not None and polled.answer.status == 200:
            known.hub, known.topic = websub.discovered(known, polled.answer.links)
        if polled.result is not None and known.lease_until > self._clock.now():
            websub.count(known, polled=len(polled.requests))

    def is_due(self, source: Source, known: PollState) -> bool:
        """Return whether a source's hub is to be asked now."""
        wanted = self._settings.on and source.options.get("websub") != "off" and not known.failures
        return wanted and websub.is_due(known, self._clock.now())

    async def ask(self, source: Source, known: PollState) -> None:
        """Ask a hub; it calls us back before anything counts."""
        now, own = self._clock.now(), self._settings
        topic = websub.topic_of(known.topic)
        callback = websub.callback_of(own.public_url, own.key, domain_of(source.url), source.name, known.topic)
        form = websub.form_of(callback, known.topic, websub.secret_of(own.key, source.name, topic), own.lease_seconds)
        known.subscribed_at, known.subscribed = now, f"{known.hub} {known.topic}"
        try:
            answer = await self._asker.request("websub", HttpRequest(known.hub, ANSWER_BYTES, form=form))
        except RequestFailed as failed:
            self._metrics.websub.labels("not_asked").inc()
            logger.warning("source %s: its hub cannot be asked: %s", source.name, failed.error)
            return
        if answer.status in (202, 204, 200):
            self._metrics.websub.labels("asked").inc()
            return
        self._metrics.websub.labels("not_asked").inc()
        logger.warning("source %s: its hub does not take the subscription: HTTP %d", source.name, answer.status)

    # -- what hubs say

    def take(self, request: Request) -> None:
        """Take a document of a hub, to be read soon."""
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.popleft()
            self._metrics.websub.labels("dropped").inc()
        self._waiting.append(request)

    def next(self) -> Request | None:
        """Return the document that has waited longest, off the line; None where none waits."""
        return self._waiting.popleft() if self._waiting else None

    def clear(self) -> None:
        """Forget waiting documents: their sources are another worker's now, and their next polls find it."""
        self._waiting.clear()

    def lease(self, request: Request) -> None:
        """Take note of how long a hub will tell us of a source's news."""

        def take(known: PollState) -> None:
            known.lease_until = request.fetched_at.timestamp() + request.wait if request.wait else 0.0

        self._writer.change(request.source, take)
        self._metrics.websub.labels("leased" if request.wait else "denied").inc()

    async def read(self, source: Source, request: Request) -> None:
        """Read a document of a hub as if it had been polled, and give its new entries."""
        with self._writer.reading(source.name) as known:
            before = state.unpack(state.pack(known))
            polled = await self._polling.pushed(source, known, request)
            if polled.result is None:
                self._metrics.websub.labels("unreadable").inc()
                return
            websub.count(known, pushed=len(polled.requests))
            self._metrics.websub.labels("news" if polled.requests else "known").inc()
            await self._writer.record(source, before, known, polled, ())
