"""Turns at domains of other workers: a redirect may lead to a domain whose budget another worker keeps.

It is asked for a turn there, by a message on `wirewatch.fetches` under that domain; it answers when the turn has come, keeps
the domain busy meanwhile, and hears how the request went: a 429 pauses the domain where its budget is. A worker that dies
holds a turn for as long as a request may take, no longer. Where one worker has all domains nothing is sent.
"""

from collections.abc import Callable, Coroutine
from typing import Any
from uuid import uuid4

from agents.fetch.asking import requests
from agents.fetch.asking.asker import Asker
from agents.fetch.asking.client import Answer, RequestFailed
from agents.fetch.asking.requests import Request
from agents.fetch.polling.workplace import Workplace
from streams.message import Output
from streams.network.http_dates import retry_after
from streams.topics import FETCHES

#: How long a turn is waited for, and how often it is looked whether it has come.
MOST_WAIT_SECONDS, LOOK_SECONDS = 300.0, 0.25
#: Turns that one worker lends at once, waiting ones included; further ones are not answered, and asked for again.
MOST_LENT = 200

Begin = Callable[[tuple[str, str], Coroutine[Any, Any, None]], None]


class TurnsElsewhere:
    """Asks other workers for turns at their domains."""

    def __init__(self, place: Workplace) -> None:
        self._partitions = place.partitions
        self._clock = place.clock
        self._messages = Messages(place)
        #: turns that were asked for and have not come, by id; with an error where they will not
        self._asked: dict[str, str | None] = {}

    async def ask(self, domain: str) -> str:
        """Return the id of a turn at another worker's domain once it has come; empty for a domain of our own.

        Raises `RequestFailed` where it does not come.
        """
        if not self._partitions.number or self._partitions.own(domain):
            return ""
        turn = uuid4().hex
        self._asked[turn] = None
        try:
            await self._messages.send(domain, requests.turn_request(turn, "turn", domain, self._partitions.address()))
            end = self._clock.now() + MOST_WAIT_SECONDS
            while (said := self._asked[turn]) is None:
                if self._clock.now() >= end:
                    raise RequestFailed("redirect", f"the worker that has {domain} gives no turn there")
                await self._clock.sleep(LOOK_SECONDS)
        finally:
            del self._asked[turn]
        if said:
            raise RequestFailed("redirect", said)
        return turn

    async def give_back(self, turn: str, domain: str, answer: Answer | None) -> None:
        """Give a turn back, with how the request went."""
        if not turn:
            return
        over = requests.turn_request(turn, "turn_over", domain, "")
        if answer is not None:
            over.status, over.url = answer.status, answer.url
            over.wait = retry_after(answer.headers, self._clock.now()) or 0.0
        await self._messages.send(domain, over)

    def given(self, request: Request) -> None:
        """Take the answer of another worker, if it is still waited for."""
        if request.id in self._asked:
            self._asked[request.id] = request.error


class TurnsLent:
    """Lends turns at our domains to other workers. `lease_seconds`: the longest that a request may take."""

    def __init__(self, place: Workplace, asker: Asker, begin: Begin, lease_seconds: float) -> None:
        self._partitions = place.partitions
        self._clock = place.clock
        self._messages = Messages(place)
        self._asker = asker
        self._begin = begin
        self._lease = lease_seconds
        self._lent: dict[str, Request | None] = {}

    def said(self, request: Request) -> None:
        """Take the wish for a turn at a domain of ours, or the word that one is over."""
        if request.kind == "turn_over":
            if request.id in self._lent:
                self._lent[request.id] = request
        elif self._partitions.own(request.source) and request.id not in self._lent and len(self._lent) < MOST_LENT:
            self._lent[request.id] = None
            self._begin(("turn", request.id), self._lend(request))

    async def _lend(self, request: Request) -> None:
        """Wait for a turn at a domain of ours, lend it, and end it when it is given back or has taken too long."""
        domain, given = request.source, requests.turn_request(request.id, "turn_given", request.source, "")
        try:
            try:
                await self._asker.take_turn(domain)
            except RequestFailed as failed:
                given.error = failed.error
                await self._messages.send(request.link or domain, given)
                return
            try:
                await self._messages.send(request.link or domain, given)
                end = self._clock.now() + self._lease
                while self._lent[request.id] is None and self._clock.now() < end:
                    await self._clock.sleep(LOOK_SECONDS)
            finally:
                self._asker.end_turn(domain, self._lent[request.id])
        finally:
            del self._lent[request.id]


class Messages:
    """Messages about turns, under the key of a domain or of a worker."""

    def __init__(self, place: Workplace) -> None:
        self._publish = place.publish

    async def send(self, key: str, request: Request) -> None:
        """Send one message."""
        await self._publish((), [(Output(FETCHES, key, requests.pack(request), f"{request.id}:{request.kind}"), None)])
