"""Every request goes through here: it has its turn at its domain, and its answer is heard by the domain's budget."""

import logging
from collections.abc import Callable
from dataclasses import replace
from http.client import responses
from typing import Any, Protocol, TypeVar

from agents.fetch.asking import robots
from agents.fetch.asking.agenda import Agenda
from agents.fetch.asking.budget import LONG_DELAY_SECONDS
from agents.fetch.asking.children import Pool
from agents.fetch.asking.client import (
    ACCEPT_ROBOTS,
    Answer,
    Client,
    HttpRequest,
    IdentityNeeded,
    RequestFailed,
    is_challenge,
    refusal_text,
)
from agents.fetch.asking.clock import Clock
from agents.fetch.asking.domains import domain_of
from agents.fetch.asking.requests import Request
from agents.fetch.asking.robots import Judgement, Question, RobotsFile, RobotsFiles, robots_url
from agents.fetch.metrics import FetchMetrics
from agents.fetch.source.health import spoken
from agents.fetch.source.redirects import REDIRECTS, Hop, RedirectError, follow
from streams.network.http_dates import retry_after
from streams.work import Failure

logger = logging.getLogger("wirewatch.fetch")
T = TypeVar("T")
#: Called with each domain whose budget has changed in a way that its next owner must know.
Heard = Callable[[str], None]
#: Shorter pauses of a domain are not worth a line in the log.
TOLD_PAUSE_SECONDS = 30.0
#: A redirect to a domain that is paused is not waited for longer than this.
MOST_WAIT_SECONDS = 300.0


class Elsewhere(Protocol):
    """Turns at the domains of other workers: `TurnsElsewhere` of `agents.fetch.polling.turns`."""

    async def ask(self, domain: str) -> str:
        """Return the id of a turn once it has come; empty for a domain of our own."""

    async def give_back(self, turn: str, domain: str, answer: Answer | None) -> None:
        """Give a turn back, with how its request went."""


class Asker:
    """Makes requests in turn, for polls and pages alike; `turns` is None where there are no other workers."""

    def __init__(
        self,
        client: Client,
        agenda: Agenda,
        pool: Pool,
        clock: Clock,
        metrics: FetchMetrics,
        *,
        read_seconds: float = 5.0,
        turns: Elsewhere | None = None,
        heard: Heard = lambda _: None,
    ) -> None:
        self.budgets = agenda.budgets
        self._client = client
        self._agenda = agenda
        self._pool = pool
        self._clock = clock
        self._metrics = metrics
        self._read_seconds = read_seconds
        self._turns = turns
        self._heard = heard
        self._begun: set[str] = set()
        self._robots = RobotsFiles()

    # -- turns

    def begin(self, domain: str) -> None:
        """Note that the agenda has begun a domain's turn: the next request there is made in it."""
        self._begun.add(domain)

    def release(self, domain: str) -> None:
        """Give back a turn that no request was made in."""
        if domain in self._begun:
            self._begun.discard(domain)
            self.budgets.end(domain, self._clock.now())
            self._agenda.recheck(domain)

    # -- one request

    async def request(
        self,
        kind: str,
        request: HttpRequest,
        domain: str = "",
    ) -> Answer:
        """Make one request when it is its domain's turn, or in the turn that has begun; raise `RequestFailed`.

        A body that cannot be unpacked is asked for once more, not packed, in a turn of its own.
        """
        domain = domain or domain_of(request.url)
        for asked in (request, replace(request, identity=True)):
            turn, answer = "", None
            if domain in self._begun:
                self._begun.discard(domain)
            else:
                turn = await self._turns.ask(domain) if self._turns is not None else ""
                await self.take_turn(domain)
            try:
                answer = await self._ask(kind, domain, asked)
            except IdentityNeeded:
                continue
            else:
                return answer
            finally:
                if self._turns is not None:
                    await self._turns.give_back(turn, domain, answer)
        raise RequestFailed("broken", "the body cannot be unpacked")

    async def _ask(self, kind: str, domain: str, request: HttpRequest) -> Answer:
        address, status = "", "failed"
        self._metrics.underway.inc()
        try:
            answer = await self._client.send(request)
            address, status = answer.address, known_status(answer.status)
            self._metrics.received.labels(kind).inc(answer.wire_bytes)
            self._hear(domain, answer)
            return answer
        finally:
            self._metrics.underway.dec()
            self._metrics.requests.labels(kind, status).inc()
            self.budgets.end(domain, self._clock.now(), address)
            self._agenda.recheck(domain)

    def _hear(self, domain: str, answer: Answer) -> None:
        """Tell the domain's budget of an answer."""
        now = self._clock.now()
        wait = retry_after(answer.headers, now)
        refused = answer.status in (429, 503) or (answer.status == 403 and not is_challenge(answer))
        until = self._learn(domain, answer.url, answer.status, wait, refused=refused)
        if until - now >= TOLD_PAUSE_SECONDS:
            logger.info("%s is not asked for %s: %s", domain, spoken(until - now), refusal_text(answer))

    def _learn(self, domain: str, url: str, status: int, wait: float | None, *, refused: bool) -> float:
        """Let the domain's budget learn how a request went, and its next owner of the changes.

        Return until when the domain is paused, 0.0 where it is not.
        """
        until = self.budgets.refused(domain, url, status, wait, self._clock.now()) if refused else 0.0
        if until or (not refused and status < 500 and self.budgets.answered(domain)):
            self._heard(domain)
        return until

    def end_turn(self, domain: str, over: Request | None) -> None:
        """End a turn that another worker had; `over`: how its request went, None where nobody says."""
        if over is not None and over.status > 0:
            refused = over.status in (403, 429, 503)
            self._learn(domain, over.url or "", over.status, over.wait or None, refused=refused)
        self.budgets.end(domain, self._clock.now())
        self._agenda.recheck(domain)

    async def take_turn(self, domain: str) -> None:
        """Wait for a domain's turn and begin it; raise `RequestFailed` where that takes too long."""
        begun = self._clock.now()
        while True:
            now = self._clock.now()
            ready = self.budgets.ready_at(domain)
            if ready is not None and ready <= now and not self.budgets.crowded(domain):
                self.budgets.start(domain, now)
                self._agenda.recheck(domain)
                return
            wait = max((ready or 0.0) - now, 0.05)
            if now + wait - begun > MOST_WAIT_SECONDS:
                raise RequestFailed("redirect", f"{domain} is not to be asked for another {wait:.0f} s")
            await self._clock.sleep(min(wait, 5.0))

    async def following(
        self,
        kind: str,
        request: HttpRequest,
        domain: str = "",
    ) -> tuple[Answer, list[Hop]]:
        """Make a request and follow its redirects, each in its turn; raise `RequestFailed`.

        Only the first request carries secrets of the source: headers go on within its own domain, not beyond, nor from
        https to http.
        """
        home = domain or domain_of(request.url)
        answer = await self.request(kind, request, home)
        hops: list[Hop] = []
        asked = [request.url]
        while answer.status in REDIRECTS and (location := answer.headers.get("location")):
            try:
                target = follow(asked[-1], answer.status, location, asked)
            except RedirectError as error:
                raise RequestFailed("redirect", str(error)) from error
            hops.append(Hop(answer.status, target))
            asked.append(target)
            kept = request.headers if may_hear(target, asked[0], home) else {}
            answer = await self.request(kind, replace(request, url=target, headers=kept))
        return answer, hops

    async def close(self) -> None:
        """Close all connections and end the child processes."""
        await self._client.close()
        await self._pool.stop()

    # -- child processes

    async def compute(self, work: Callable[[Any], T], task: Any) -> T:
        """Run a task in a child process; raise `RequestFailed` where that takes too long or too much."""
        result = (await self._pool.run(work, [task], self._read_seconds))[0]
        if isinstance(result, Failure):
            raise RequestFailed("document", f"{result.reason}: {result.error}")
        product: T = result.product
        return product

    # -- robots.txt

    def robots(self, url: str) -> RobotsFile | None:
        """Return the known rules of an address's robots.txt; None where it has to be asked for."""
        return self._robots.get(robots_url(url), self._clock.now())

    async def fetch_robots(self, url: str) -> RobotsFile:
        """Ask for an address's robots.txt, and keep the domain to its delay.

        Raise `RequestFailed` where it lies at a private address: that is no trouble of a server, and will not pass.
        """
        key, domain, now = robots_url(url), domain_of(url), self._clock.now()
        try:
            answer, _ = await self.following(
                "robots", HttpRequest(key, robots.MOST_BYTES, accept=ACCEPT_ROBOTS, cut=True)
            )
            file = robots.from_answer(answer.status, answer.body, now)
        except RequestFailed as failed:
            if failed.kind == "address":
                raise
            file = RobotsFile(None, now, trouble=True)
        self._robots.put(key, file)
        if file.text is not None:
            delay = (await self.judge(file, ())).crawl_delay
            if self.budgets.limit(domain, delay):
                self._heard(domain)
                if delay is not None and delay > LONG_DELAY_SECONDS:
                    self._metrics.pages.labels("long_crawl_delay").inc()
            self._agenda.recheck(domain)
        return file

    async def judge(self, file: RobotsFile, urls: tuple[str, ...]) -> Judgement:
        """Return whether addresses may be fetched by a robots.txt; one that cannot be read forbids nothing."""
        if file.text is None:
            return Judgement(tuple(not file.trouble for _ in urls), None)
        try:
            return await self.compute(robots.judge, Question(file.text, urls))
        except RequestFailed:
            return Judgement(tuple(True for _ in urls), None)


def may_hear(target: str, first: str, home: str) -> bool:
    """Return whether the secrets of a source may go where it leads: within its domain, and only as safe as they were sent."""
    return domain_of(target) == home and (target.startswith("https:") or not first.startswith("https:"))


def known_status(status: int) -> str:
    """Return a status as the metric has it: of those that no standard knows the class alone, for there are a thousand."""
    return str(status) if status in responses else f"{status // 100}xx"
