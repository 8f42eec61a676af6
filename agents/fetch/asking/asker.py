"""Every request goes through here: it has its turn at its domain, and its answer is heard by the domain's budget."""

import asyncio
import logging
import zlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from http.client import responses
from typing import Any, Protocol, TypeVar

from yarl import URL

from agents.fetch.asking import robots
from agents.fetch.asking.agenda import Agenda
from agents.fetch.asking.budget import LONG_DELAY_SECONDS, Budgets
from agents.fetch.asking.client import ACCEPT_FEED, Answer, Client, IdentityNeeded, RequestFailed
from agents.fetch.asking.clock import Clock
from agents.fetch.asking.domains import domain_of
from agents.fetch.asking.health import spoken
from agents.fetch.asking.redirects import REDIRECTS, Hop, RedirectError, follow
from agents.fetch.asking.requests import Request
from agents.fetch.asking.robots import Judgement, Question, RobotsFile
from agents.fetch.asking.waits import retry_after
from agents.fetch.metrics import FetchMetrics
from streams.work import Failure, Success

logger = logging.getLogger("wirewatch.fetch")
T = TypeVar("T")
#: Shorter pauses of a domain are not worth a line in the log.
TOLD_PAUSE_SECONDS = 30.0
#: A redirect to a domain that is paused is not waited for longer than this.
MOST_WAIT_SECONDS = 300.0
#: robots.txt files that are kept, and the bytes that they may take, packed.
MOST_ROBOTS, MOST_ROBOTS_BYTES = 20_000, 64 * 1024 * 1024
CHALLENGES = (b"just a moment", b"cf-chl", b"challenge-platform", b"captcha", b"enable javascript and cookies")


class Pool(Protocol):
    """Child processes, as `streams.worker.pool.WorkPool` has them."""

    async def run(
        self, work: Callable[[Any], Any], tasks: list[Any], timeout_seconds: float
    ) -> list[Success[Any] | Failure]:
        """Return a result for each task."""

    async def stop(self) -> None:
        """End the processes."""


class TurnsElsewhere(Protocol):
    """Turns at the domains of other workers, as `agents.fetch.asking.turns` has them."""

    async def ask(self, domain: str) -> str:
        """Return the id of a turn once it has come; empty for a domain of our own."""

    async def give_back(self, turn: str, domain: str, answer: Answer | None) -> None:
        """Give a turn back, with how its request went."""


class ChildPool:
    """A pool that is started with its first task, so that a worker without sources has no processes for them."""

    def __init__(self, start: Callable[[], Pool]) -> None:
        self._start = start
        self._pool: Pool | None = None

    async def run(
        self, work: Callable[[Any], Any], tasks: list[Any], timeout_seconds: float
    ) -> list[Success[Any] | Failure]:
        """Return a result for each task."""
        if self._pool is None:
            self._pool = self._start()
        return await self._pool.run(work, tasks, timeout_seconds)

    async def stop(self) -> None:
        """End the processes; a later task starts others."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.stop()


class Asker:
    """Makes requests in turn, for polls and pages alike."""

    def __init__(
        self,
        client: Client,
        budgets: Budgets,
        agenda: Agenda,
        pool: Pool,
        clock: Clock,
        metrics: FetchMetrics,
        *,
        read_seconds: float = 5.0,
    ) -> None:
        self.budgets = budgets
        self._client = client
        self._agenda = agenda
        self._pool = pool
        self._clock = clock
        self._metrics = metrics
        self._read_seconds = read_seconds
        #: called with each domain whose budget has changed in a way that its next owner must know
        self.heard: Callable[[str], None] = lambda domain: None
        #: turns at other workers' domains; None where there are no other workers
        self.turns: TurnsElsewhere | None = None
        self._begun: set[str] = set()
        self._robots: OrderedDict[str, tuple[bytes | None, float, bool]] = OrderedDict()
        self._robots_bytes = 0

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
        url: str,
        headers: Mapping[str, str],
        max_bytes: int,
        *,
        accept: str = ACCEPT_FEED,
        domain: str = "",
        cut: bool = False,
        form: Mapping[str, str] | None = None,
    ) -> Answer:
        """Make one request when it is its domain's turn, or in the turn that has begun; raise `RequestFailed`.

        A body that cannot be unpacked is asked for once more, not packed, in a turn of its own.
        """
        domain = domain or domain_of(url)
        for identity in (False, True):
            turn, answer = "", None
            if domain in self._begun:
                self._begun.discard(domain)
            else:
                turn = await self.turns.ask(domain) if self.turns is not None else ""
                await self.take_turn(domain)
            try:
                answer = await self._ask(
                    kind, domain, url, headers, max_bytes, accept, identity=identity, cut=cut, form=form
                )
            except IdentityNeeded:
                continue
            else:
                return answer
            finally:
                if self.turns is not None:
                    await self.turns.give_back(turn, domain, answer)
        raise RequestFailed("broken", "the body cannot be unpacked")

    async def _ask(
        self,
        kind: str,
        domain: str,
        url: str,
        headers: Mapping[str, str],
        max_bytes: int,
        accept: str,
        *,
        identity: bool,
        cut: bool,
        form: Mapping[str, str] | None,
    ) -> Answer:
        address, status = "", "failed"
        self._metrics.underway.inc()
        try:
            answer = await self._client.get(
                url, headers, max_bytes, accept=accept, identity=identity, cut=cut, form=form
            )
            address, status = answer.address, str(answer.status)
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
        if answer.status in (429, 503) or (answer.status == 403 and not is_challenge(answer)):
            if until := self.budgets.refused(domain, answer.url, answer.status, wait, now):
                if until - now >= TOLD_PAUSE_SECONDS:
                    logger.info("%s is not asked for %s: %s", domain, spoken(until - now), refusal_text(answer))
                self.heard(domain)
        elif answer.status < 500 and self.budgets.answered(domain):
            self.heard(domain)

    def end_turn(self, domain: str, over: Request | None) -> None:
        """End a turn that another worker had; `over`: how its request went, None where nobody says."""
        now = self._clock.now()
        if over is not None and over.status in (403, 429, 503):
            if self.budgets.refused(domain, over.url or "", over.status, over.wait or None, now):
                self.heard(domain)
        elif over is not None and 0 < over.status < 500 and self.budgets.answered(domain):
            self.heard(domain)
        self.budgets.end(domain, now)
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
        url: str,
        headers: Mapping[str, str],
        max_bytes: int,
        *,
        accept: str = ACCEPT_FEED,
        domain: str = "",
        cut: bool = False,
    ) -> tuple[Answer, list[Hop]]:
        """Make a request and follow its redirects, each in its turn; raise `RequestFailed`.

        Only the first request carries secrets of the source: headers go on within its own domain, not beyond.
        """
        home = domain or domain_of(url)
        answer = await self.request(kind, url, headers, max_bytes, accept=accept, domain=home, cut=cut)
        hops: list[Hop] = []
        asked = [url]
        while answer.status in REDIRECTS and (location := answer.headers.get("location")):
            try:
                target = follow(asked[-1], answer.status, location, asked)
            except RedirectError as error:
                raise RequestFailed("redirect", str(error)) from error
            hops.append(Hop(answer.status, target))
            asked.append(target)
            kept = headers if domain_of(target) == home else {}
            answer = await self.request(kind, target, kept, max_bytes, accept=accept, cut=cut)
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
        key = robots_url(url)
        found = self._robots.get(key)
        if found is None:
            return None
        packed, fetched_at, trouble = found
        file = RobotsFile(None if packed is None else zlib.decompress(packed).decode(), fetched_at, trouble)
        if file.stale(self._clock.now()):
            return None
        self._robots.move_to_end(key)
        return file

    async def fetch_robots(self, url: str) -> RobotsFile:
        """Ask for an address's robots.txt, and keep the domain to its delay."""
        key, domain, now = robots_url(url), domain_of(url), self._clock.now()
        try:
            answer, _ = await self.following(
                "robots", key, {}, robots.MOST_BYTES, accept="text/plain, */*;q=0.1", cut=True
            )
            file = robots.from_answer(answer.status, answer.body, now)
        except RequestFailed:
            file = RobotsFile(None, now, trouble=True)
        self._keep_robots(key, file)
        if file.text is not None:
            delay = (await self.judge(file, ())).crawl_delay
            if self.budgets.limit(domain, delay):
                self.heard(domain)
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

    def _keep_robots(self, key: str, file: RobotsFile) -> None:
        old = self._robots.pop(key, None)
        self._robots_bytes -= len(old[0] or b"") if old else 0
        packed = None if file.text is None else zlib.compress(file.text.encode("utf-8", "replace"))
        self._robots[key] = (packed, file.fetched_at, file.trouble)
        self._robots_bytes += len(packed or b"")
        while len(self._robots) > MOST_ROBOTS or self._robots_bytes > MOST_ROBOTS_BYTES:
            _, (dropped, _, _) = self._robots.popitem(last=False)
            self._robots_bytes -= len(dropped or b"")


def robots_url(url: str) -> str:
    """Return the address of the robots.txt that an address falls under."""
    return str(URL(url).origin() / "robots.txt")


def is_challenge(answer: Answer) -> bool:
    """Return whether an answer is a wall for robots: it is about us as such, not about how often we ask."""
    if "cf-mitigated" in answer.headers:
        return True
    beginning = answer.body[:4096].lower()
    return any(sign in beginning for sign in CHALLENGES)


def refusal_text(answer: Answer) -> str:
    """Return how a server refused, in one sentence."""
    if is_challenge(answer):
        return f"HTTP {answer.status}, a challenge for robots"
    return f"HTTP {answer.status} {responses.get(answer.status, '')}".rstrip()


async def cancel_all(tasks: "set[asyncio.Task[None]]", grace_seconds: float) -> None:
    """Let tasks end for a moment, then end them."""
    if tasks:
        await asyncio.wait(tasks, timeout=grace_seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
