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
from agents.fetch.asking.waits import fresh_seconds, retry_after
from agents.fetch.reading.entries import FEEDS
from agents.fetch.settings import FetchSettings
from agents.fetch.source import health, redirects, rhythm, schedule, seen, validators
from agents.fetch.source.backfill import Circumstances
from agents.fetch.source.health import FailureKind
from agents.fetch.source.redirects import Hop
from agents.fetch.source.rhythm import DAY
from agents.fetch.source.schedule import NEVER, Bounds, bounds_of
from agents.fetch.source.state import PollState
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
        state.added_at = source.added_at.timestamp() if source.added_at else state.added_at or now
        polled = PollOutcome("failed", state.pending_at or now)
        state.last_poll_at, state.polls = now, state.polls + 1
        try:
            await self._ask(source, state, polled, domain)
        except RequestFailed as failed:
            self._failed(state, PollFailed(failed.kind, 0, failed.error), polled)
        except PollFailed as failed:
            self._failed(state, failed, polled)
        self._plan(source, state, discovered=polled.outcome == "discovered")
        return polled

    async def pushed(self, source: Source, state: PollState, request: Request) -> PollOutcome:
        """Read a document that a hub has sent; only what is new in it is taken from it.

        What else is known of the source comes from polls: a hub may send the latest entries only.
        """
        polled = PollOutcome("pushed", state.pending_at or request.fetched_at.timestamp())
        if not state.last_good_at:
            return polled  # what is old is known once it has been polled
        answer = Answer(state.topic or source.url, 200, {"content-type": request.content}, request.body)
        task = self._task(source, state, answer, polled.when, least=max(seen.LEAST_KEPT, 2 * state.entries))
        try:
            result = await self._asker.compute(read_document, replace(task, via="websub"))
        except RequestFailed:
            return polled
        if result.kind not in FEEDS:
            return polled
        now = self._clock.now()
        rhythm.note(state.rhythm, [now if at is None else at for at in result.new_times], now)
        state.seen = result.kept
        state.new_entries += len(result.requests) - result.edited
        state.edits += result.edited
        if result.new:
            state.last_new_at = now
        polled.result, polled.requests = result, result.requests
        return polled

    def bounds(self, source: Source) -> Bounds:
        """Return the bounds of a source's interval."""
        return bounds_of(self._settings, source.min_interval_seconds, source.max_interval_seconds)

    async def _ask(self, source: Source, state: PollState, polled: PollOutcome, domain: str) -> None:
        url = state.location or source.url
        pages = source.kind == "page" and source.robots == "pages"
        if (source.robots == "all" or pages) and not await self._allowed(url):
            raise PollFailed("blocked", 0, "robots.txt does not allow it")
        conditions = validators.conditions(state, self._clock.now())
        headers = {**conditions, **secrets(source)}
        document = HttpRequest(url, self._settings.max_document_bytes, headers)
        answer, hops = await self._asker.following("poll", document, domain)
        polled.answer = answer
        if answer.status == 304:
            self._unchanged(state, answer, conditions, polled)
        elif answer.status == 200:
            await self._read(source, state, answer, hops, polled, unconditional=not conditions)
        else:
            raise refused(answer, self._clock.now())

    async def _allowed(self, url: str) -> bool:
        """Say whether robots.txt allows an address; asking for it takes a turn of its own."""
        file = self._asker.robots(url) or await self._asker.fetch_robots(url)
        return (await self._asker.judge(file, (url,))).allowed[0]

    def _unchanged(self, state: PollState, answer: Answer, conditions: dict[str, str], polled: PollOutcome) -> None:
        now = self._clock.now()
        if not conditions:
            raise PollFailed("http", 304, "HTTP 304 to a request that had no conditions")
        validators.keep(state, answer.headers)
        health.succeeded(state)
        state.status, state.not_modified = 304, state.not_modified + 1
        state.not_modified_at = now
        state.fresh_seconds = fresh_seconds(answer.headers, now)
        polled.outcome = "not_modified"

    async def _read(
        self,
        source: Source,
        state: PollState,
        answer: Answer,
        hops: list[Hop],
        polled: PollOutcome,
        *,
        unconditional: bool,
    ) -> None:
        now = self._clock.now()
        digest = blake2b(answer.body, digest_size=8).digest()
        if digest == state.body_hash and not state.pending_at:
            polled.outcome = "same"
        else:
            result = await self._document(source, state, answer, polled.when)
            if source.kind == "site" and result.feeds:
                self._found_feed(state, result.feeds[0], polled)
                return
            if result.kind not in FEEDS and source.kind != "page":
                raise PollFailed("document", 200, no_feed(result, answer))
            self._take(state, answer, result, polled, unconditional=unconditional)
        state.body_hash = digest
        validators.replace(state, answer.headers)
        health.succeeded(state)
        state.status, state.fresh_seconds = 200, fresh_seconds(answer.headers, now)
        if unconditional:
            state.unconditional_at = now
        state.last_good_at = now
        before = state.location or state.url
        if redirects.learn(state, hops, now):
            polled.moved_from = before

    def _found_feed(self, state: PollState, feed: str, polled: PollOutcome) -> None:
        """Poll the feed that a site's home page names from now on; the home page again where that fails."""
        state.location, state.hub, state.topic = feed, "", ""
        state.etag = state.last_modified = ""
        state.status = 200
        health.succeeded(state)
        polled.outcome = "discovered"

    async def _document(self, source: Source, state: PollState, answer: Answer, when: float) -> ReadResult:
        """Read a document in a child process; of a sitemap index also its latest children, each in its turn."""
        task = self._task(source, state, answer, when)
        result = await self._asker.compute(read_document, task)
        if result.kind != "sitemap_index":
            return result
        result.kept = state.seen
        for url, _ in sorted(result.children, key=lambda child: child[1], reverse=True)[:MOST_CHILDREN]:
            child, _ = await self._asker.following("poll", HttpRequest(url, self._settings.max_document_bytes))
            if child.status != 200:
                raise refused(child, self._clock.now())
            part = self._task(source, state, child, when, kept=result.kept, least=seen.MOST_KEPT)
            merge(result, await self._asker.compute(read_document, part))
        return result

    def _task(
        self,
        source: Source,
        state: PollState,
        answer: Answer,
        when: float,
        *,
        kept: bytes | None = None,
        least: int = seen.LEAST_KEPT,
    ) -> ReadTask:
        first = self._settings.first_entries if source.first_entries is None else source.first_entries
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
            kept=state.seen if kept is None else kept,
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

    def _take(
        self, state: PollState, answer: Answer, result: ReadResult, polled: PollOutcome, *, unconditional: bool
    ) -> None:
        """Bring a state up to date with a document's own fields."""
        now = self._clock.now()
        headers = answer.headers
        if unconditional and validators.hid_articles(
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
        state.newest_at, state.seen = result.newest_at, result.kept
        state.new_entries += len(result.requests) - result.edited
        state.edits += result.edited
        if result.new and not first:
            state.last_new_at = now
        elif first:
            state.last_new_at = result.newest_at or now
        polled.result, polled.requests = result, result.requests
        polled.outcome = "new" if result.requests else "changed"

    def _failed(self, state: PollState, failed: PollFailed, polled: PollOutcome) -> None:
        now = self._clock.now()
        health.failed(state, failed.kind, failed.status, failed.error, now)
        redirects.doubt(state)
        polled.outcome = failed.kind
        state.fresh_seconds = min(failed.wait, schedule.MOST_ASKED_SECONDS)

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
    kind = answer.headers.get("content-type", "no content type").partition(";")[0]
    page = "a page (`wirewatch sources check` names its feeds)"
    what = {"page": page, "unknown": f"{kind}, and nothing that is known"}.get(result.kind, result.kind)
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
