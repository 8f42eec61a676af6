"""One poll of one source: ask, read, compare; the source's new state and its new entries come out."""

import os
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from random import Random

from agents.fetch.asking.asker import Asker
from agents.fetch.asking.client import Answer, HttpRequest, RequestFailed, is_challenge, refusal_text
from agents.fetch.asking.clock import Clock
from agents.fetch.asking.documents import ReadResult, ReadTask, read_document
from agents.fetch.asking.requests import Request
from agents.fetch.asking.waits import fresh_seconds
from agents.fetch.reading.entries import FEEDS
from agents.fetch.settings import FetchSettings
from agents.fetch.source import health, redirects, rhythm, schedule, seen, validators
from agents.fetch.source.backfill import WHOLE_LEAST, Circumstances
from agents.fetch.source.health import FailureKind
from agents.fetch.source.redirects import Hop
from agents.fetch.source.rhythm import DAY
from agents.fetch.source.schedule import NEVER, Bounds, bounds_of
from agents.fetch.source.state import PollState
from streams.network.addresses import without_user
from streams.network.http_dates import retry_after
from streams.records import Source

#: Children of a sitemap index that are read at one poll, the latest changed first.
MOST_CHILDREN = 3
#: An entry that is edited again and again is taken so often a day, on average.
EDITS_A_DAY = 3
#: A moved source is asked weekly once it is dead, and a gone one never again by itself.
DEAD_INTERVAL_SECONDS = 7 * DAY


class PollFailed(Exception):
    """A poll that gave no document."""

    def __init__(self, kind: FailureKind, status: int, error: str, wait: float = 0.0) -> None:
        super().__init__(error)
        self.kind: FailureKind = kind
        self.status = status
        self.error = error
        self.wait = wait


@dataclass(slots=True)
class PollOutcome:
    """The results of a poll. `outcome` is for the metric; `when` is the time that all its new entries have."""

    outcome: str
    when: float
    requests: list[Request] = field(default_factory=list)
    result: ReadResult | None = None
    answer: Answer | None = None
    moved_from: str = ""
    lied: bool = False
    #: all of the document is newer than the one before: entries between the two may have been missed
    turned_over: bool = False


class Polling:
    """Polls sources, one at a time for each call; its decisions are written into the given state."""

    def __init__(self, asker: Asker, settings: FetchSettings, clock: Clock, chance: Random) -> None:
        self._asker = asker
        self._settings = settings
        self._clock = clock
        self._chance = chance

    async def poll(self, source: Source, state: PollState, domain: str) -> PollOutcome:
        """Poll a source, whose domain's turn has begun, and bring its state up to date."""
        now = self._clock.now()
        if state.url != source.url:
            forget_address(state, source.url)
        # a state holds no time before 1970, and no article of a feed is older
        state.added_at = max(source.added_at.timestamp(), 0.0) if source.added_at else state.added_at or now
        state.last_poll_at, state.polls = now, state.polls + 1
        polled = PollOutcome("failed", state.pending_at or now)
        await self._poll(source, state, polled).run(domain)
        self._plan(source, state, discovered=polled.outcome == "discovered")
        return polled

    async def pushed(self, source: Source, state: PollState, request: Request) -> PollOutcome:
        """Read a document that a hub has sent, and take its new entries alone.

        All else that is known of the source comes from polls: a hub may send the latest entries only.
        """
        polled = PollOutcome("pushed", state.pending_at or request.fetched_at.timestamp())
        if state.last_good_at:  # else what is old is known once it has been polled
            await self._poll(source, state, polled).read_pushed(request)
        return polled

    def bounds(self, source: Source) -> Bounds:
        """Return the bounds of a source's interval."""
        return bounds_of(self._settings, source.min_interval_seconds, source.max_interval_seconds)

    def _poll(self, source: Source, state: PollState, polled: PollOutcome) -> "Poll":
        """Return a poll that has not begun."""
        return Poll(self._asker, self._settings, self._clock, source, state, polled)

    def _plan(self, source: Source, state: PollState, *, discovered: bool) -> None:
        now = self._clock.now()
        if state.gone:
            state.next_at = NEVER
        elif discovered:
            state.next_at = now
        elif state.failing_since and now - state.failing_since >= health.DEAD_SECONDS:
            state.next_at = now + DEAD_INTERVAL_SECONDS * self._chance.uniform(0.9, 1.1)
        else:
            state.next_at = schedule.next_at(state, self.bounds(source), now, self._chance)


@dataclass
class Poll:
    """One poll: it asks, reads and compares, and brings `state` and `polled` up to date."""

    asker: Asker
    settings: FetchSettings
    clock: Clock
    source: Source
    state: PollState
    polled: PollOutcome
    #: the headers that make the request conditional; empty for an unconditional one
    conditions: dict[str, str] = field(default_factory=dict)

    async def run(self, domain: str) -> None:
        """Poll; a failure is noted in the state, and is the outcome."""
        try:
            await self._ask(domain)
        except RequestFailed as failed:
            self._failed(PollFailed(failed.kind, 0, failed.error))
        except PollFailed as failed:
            self._failed(failed)

    async def read_pushed(self, request: Request) -> None:
        """Take the new entries of a document that came without being asked for; one that is no feed has none."""
        state = self.state
        answer = Answer(
            without_user(state.topic or self.source.url), 200, {"content-type": request.content}, request.body
        )
        task = self._task(answer, state.seen, max(seen.LEAST_KEPT, 2 * state.entries))
        try:
            result = await self.asker.compute(read_document, replace(task, via="websub"))
        except RequestFailed:
            return
        if result.kind not in FEEDS:
            return
        now = self.clock.now()
        rhythm.note(state.rhythm, [now if at is None else at for at in result.new_times], now)
        state.seen = result.kept
        if result.new:
            state.last_new_at = now
        self._count(result)

    async def _ask(self, domain: str) -> None:
        source, state = self.source, self.state
        url = state.location or source.url
        pages = source.kind == "page" and source.robots == "pages"
        if (source.robots == "all" or pages) and not await self._allowed(url):
            raise PollFailed("blocked", 0, "robots.txt does not allow it")
        self.conditions = validators.conditions(state, self.clock.now())
        headers = {**self.conditions, **secrets(source)}
        document = HttpRequest(url, self.settings.max_document_bytes, headers)
        answer, hops = await self.asker.following("poll", document, domain)
        self.polled.answer = answer
        if answer.status == 304:
            self._unchanged(answer)
        elif answer.status == 200:
            await self._read(answer, hops)
        else:
            raise refused(answer, self.clock.now())

    async def _allowed(self, url: str) -> bool:
        """Say whether robots.txt allows an address; asking for it takes a turn of its own."""
        file = self.asker.robots(url) or await self.asker.fetch_robots(url)
        return (await self.asker.judge(file, (url,))).allowed[0]

    def _unchanged(self, answer: Answer) -> None:
        now, state = self.clock.now(), self.state
        if not self.conditions:
            raise PollFailed("http", 304, "HTTP 304 to a request that had no conditions")
        validators.keep(state, answer.headers)
        health.succeeded(state)
        state.status, state.not_modified = 304, state.not_modified + 1
        state.not_modified_at = now
        state.fresh_seconds = fresh_seconds(answer.headers, now)
        self.polled.outcome = "not_modified"

    async def _read(self, answer: Answer, hops: list[Hop]) -> None:
        now, state, polled = self.clock.now(), self.state, self.polled
        digest = blake2b(answer.body, digest_size=8).digest()
        if digest == state.body_hash and not state.pending_at:
            polled.outcome = "same"
        else:
            result = await self._document(answer)
            if self.source.kind == "site" and result.feeds:
                self._found_feed(result.feeds[0])
                return
            if result.kind not in FEEDS and self.source.kind != "page":
                raise PollFailed("document", 200, no_feed(result, answer))
            self._take(answer, result)
        state.body_hash = digest
        validators.replace(state, answer.headers)
        health.succeeded(state)
        state.status, state.fresh_seconds = 200, fresh_seconds(answer.headers, now)
        if not self.conditions:
            state.unconditional_at = now
        state.last_good_at = now
        before = without_user(state.location or state.url)
        if redirects.learn(state, hops, now):
            polled.moved_from = before

    def _found_feed(self, feed: str) -> None:
        """Poll the feed of a site's home page from now on; the home page again where the feed fails."""
        state = self.state
        state.location, state.hub, state.topic = feed, "", ""
        state.etag = state.last_modified = ""
        state.status = 200
        health.succeeded(state)
        self.polled.outcome = "discovered"

    async def _document(self, answer: Answer) -> ReadResult:
        """Read a document in a child process; of a sitemap index also its latest children, each in its turn."""
        result = await self.asker.compute(read_document, self._task(answer, self.state.seen))
        if result.kind != "sitemap_index":
            return result
        result.kept = self.state.seen
        for url, _ in sorted(result.children, key=lambda child: child[1], reverse=True)[:MOST_CHILDREN]:
            child, _ = await self.asker.following("poll", HttpRequest(url, self.settings.max_document_bytes))
            if child.status != 200:
                raise refused(child, self.clock.now())
            part = self._task(child, result.kept, seen.MOST_KEPT)
            merge(result, await self.asker.compute(read_document, part))
        return result

    def _task(self, answer: Answer, kept: bytes, least: int = seen.LEAST_KEPT) -> ReadTask:
        source, state, when = self.source, self.state, self.polled.when
        first = self.settings.first_entries if source.first_entries is None else source.first_entries
        return ReadTask(
            body=answer.body,
            url=answer.url,
            content_type=answer.headers.get("content-type", ""),
            source=source.name,
            found=Circumstances(
                added_at=state.added_at,
                last_good_at=state.last_good_at,
                now=when,
                expected_gap=rhythm.median_gap(state.rhythm) or 0.0,
                address_changed=bool(state.last_good_at) and not state.body_hash,
            ),
            kept=kept,
            when=when,
            take=source.body,
            old=source.backfill,
            robots=source.robots != "none",
            first_entries=first,
            most_edits=edits_left(state, when),
            least_kept=least,
            language=source.language,
            single=source.kind == "page",
        )

    def _take(self, answer: Answer, result: ReadResult) -> None:
        """Bring a state up to date with a document's own fields."""
        now, state, polled = self.clock.now(), self.state, self.polled
        headers = answer.headers
        if not self.conditions and validators.hid_articles(
            state, headers.get("etag", ""), headers.get("last-modified", ""), result.new_times
        ):
            validators.distrust(state, now)
            polled.lied = True
        first = not state.last_good_at
        rhythm.note(
            state.rhythm, result.times if first else [now if at is None else at for at in result.new_times], now
        )
        state.kind, state.title, state.language = result.kind, result.title, result.language
        state.ttl_seconds = result.ttl_seconds
        state.skip_hours, state.skip_days = schedule.bits(result.skip_hours), schedule.bits(result.skip_days)
        state.hub, state.topic = result.hub, result.topic
        state.entries, state.undated, state.future = result.entries, result.undated, result.future
        newer = sum(at is not None and at > state.newest_at for at in result.new_times)
        if not first and newer >= WHOLE_LEAST and newer * 2 >= result.entries:
            state.renewed_at, polled.turned_over = now, newer == result.entries
        if polled.turned_over:
            state.turned_over, state.turned_over_at = state.turned_over + 1, now
        state.newest_at, state.seen = result.newest_at, result.kept
        if result.new and not first:
            state.last_new_at = now
        elif first:
            state.last_new_at = result.newest_at or now
        self._count(result)
        polled.outcome = "new" if result.requests else "changed"

    def _count(self, result: ReadResult) -> None:
        self.state.new_entries += len(result.requests) - result.edited
        for request in result.requests:
            if request.url is None and not request.content.strip():  # no step after this one hears of it
                health.page_read(self.state, 0)
        self.state.edits += result.edited
        self.polled.result, self.polled.requests = result, result.requests

    def _failed(self, failed: PollFailed) -> None:
        now, state = self.clock.now(), self.state
        health.failed(state, failed.kind, failed.status, failed.error, now)
        redirects.doubt(state)
        self.polled.outcome = failed.kind
        state.fresh_seconds = min(failed.wait, schedule.MOST_ASKED_SECONDS)


def forget_address(state: PollState, url: str) -> None:
    """Begin anew with another address: validators and failures are gone, entries are known still."""
    state.url = url
    state.etag = state.last_modified = state.location = state.candidate = state.error = ""
    state.body_hash = b""
    state.candidate_since = state.distrust_until = state.unconditional_at = state.not_modified_at = 0.0
    state.failures = state.failing_since = state.fresh_seconds = 0.0
    state.gone = 0


def secrets(source: Source) -> dict[str, str]:
    """Return the headers of a source's own, their values from the environment; raise `PollFailed` where one is missing."""
    found = {}
    for name, variable in source.headers.items():
        value = os.environ.get(variable)
        if value is None:
            raise PollFailed("address", 0, f"the variable {variable}, which holds the header {name}, is not set")
        found[name] = value
    return found


def refused(answer: Answer, now: float) -> PollFailed:
    """Return the failure that a status is."""
    wait = retry_after(answer.headers, now) or 0.0
    if answer.status == 410:
        return PollFailed("gone", 410, "HTTP 410, gone")
    if answer.status in health.BLOCKED_STATUSES or (answer.status in (429, 503) and is_challenge(answer)):
        return PollFailed("blocked", answer.status, refusal_text(answer), wait)
    return PollFailed("throttled" if answer.status == 429 else "http", answer.status, refusal_text(answer), wait)


def no_feed(result: ReadResult, answer: Answer) -> str:
    """Return why a document is no feed."""
    if is_challenge(answer):
        return "a challenge for robots, where a feed was"
    if not answer.body.strip():
        return "no feed: an empty answer"
    kind = answer.headers.get("content-type", "without a content type").partition(";")[0]
    page = "a page (`wirewatch sources check` names its feeds)"
    what = {"page": page, "unknown": f"a document of no kind that is read ({kind})"}.get(result.kind, result.kind)
    return f"no feed: {what}"


def edits_left(state: PollState, now: float) -> int:
    """Return how many edited entries may still be taken today."""
    day = int(now // DAY)
    if state.edits_day != day:
        state.edits_day, state.edits = day, 0
    return max(EDITS_A_DAY * max(state.entries, 10) - state.edits, 0)


def merge(result: ReadResult, part: ReadResult) -> None:
    """Add the entries of a sitemap index's child to the index's state."""
    result.entries += part.entries
    result.undated += part.undated
    result.future += part.future
    result.newest_at = max(result.newest_at, part.newest_at)
    result.times = sorted(result.times + part.times)[-40:]
    result.new_times += part.new_times
    result.requests += part.requests
    result.new += part.new
    result.edited += part.edited
    result.backfill += part.backfill
    result.archive += part.archive
    result.kept = part.kept
    result.notes += part.notes
