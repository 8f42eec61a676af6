"""One page of one entry: ask robots.txt, fetch, and give the page, or the entry's own text, or a dead letter.

Whatever happens, a request ends as exactly one of the two. A redirect to another domain is that domain's turn: the request
goes on there. A server in trouble is asked again, up to a day; a server that refuses is not.
"""

from dataclasses import dataclass
from typing import Literal

import msgspec
from yarl import URL

from agents.fetch.asking.asker import Asker
from agents.fetch.asking.client import ACCEPT_PAGE, Answer, HttpRequest, RequestFailed, refusal_text
from agents.fetch.asking.clock import Clock
from agents.fetch.asking.documents import PageTask, read_page
from agents.fetch.asking.requests import Request, dead_output, from_entry, from_page
from agents.fetch.settings import FetchSettings
from agents.fetch.source.health import BLOCKED_STATUSES, FailureKind
from agents.fetch.source.redirects import REDIRECTS, RedirectError, follow
from streams.errors import DeadReason
from streams.message import Output
from streams.records import ContentType
from streams.topics import MAX_RAW_BYTES

#: Waits before a page is tried again, in seconds, by attempt.
WAITS = (60.0, 600.0, 3600.0, 4 * 3600.0, 12 * 3600.0)
HTML = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "")
#: What of a raw message is not its content.
RESERVED_BYTES = 64 * 1024
REASONS: dict[FailureKind, DeadReason] = {
    "address": "private_address",
    "too_large": "too_large",
    "redirect": "no_content",
    "document": "no_content",
}


@dataclass(slots=True)
class PageOutcome:
    """The outcome of a page: an output that settles it, or a request that goes on later or elsewhere.

    `length`: the characters of text that the page has; None where there was no page to measure.
    """

    outcome: Literal["page", "entry", "dead", "again", "moved", "robots_first"]
    reason: str = ""
    output: Output | None = None
    request: Request | None = None
    wait: float = 0.0
    length: int | None = None


class Paging:
    """Fetches pages, one for each call."""

    def __init__(self, asker: Asker, settings: FetchSettings, clock: Clock) -> None:
        self._asker = asker
        self._settings = settings
        self._clock = clock

    async def fetch(self, request: Request) -> PageOutcome:
        """Make the request that a page needs next, in its domain's turn that has begun."""
        assert request.url is not None
        try:
            if not valid(request.url):
                return refuse(request, "no_content", f"{request.url[:200]} is no web address")
            if request.robots:
                stopped = await self._robots(request, request.url)
                if stopped is not None:
                    return stopped
            page = HttpRequest(request.url, MAX_RAW_BYTES - RESERVED_BYTES, accept=ACCEPT_PAGE)
            answer = await self._asker.request("page", page)
            return await self._answered(request, answer)
        except RequestFailed as failed:
            if failed.kind in REASONS:
                return refuse(request, REASONS[failed.kind], failed.error)
            return self._again(request, failed.error)

    async def _robots(self, request: Request, url: str) -> PageOutcome | None:
        """Ask for robots.txt in this turn if it is not known; stop if it forbids the page."""
        file = self._asker.robots(url)
        if file is None:
            await self._asker.fetch_robots(url)
            return PageOutcome("robots_first", request=request)
        if file.trouble:
            return self._again(request, "robots.txt cannot be had: its server is in trouble", "robots", 3600.0)
        if not (await self._asker.judge(file, (url,))).allowed[0]:
            return refuse(request, "robots", "robots.txt does not allow it")
        return None

    async def _answered(self, request: Request, answer: Answer) -> PageOutcome:
        status = answer.status
        if status in REDIRECTS and (location := answer.headers.get("location")):
            return self._redirected(request, answer, location)
        if status in (404, 410):
            return refuse(request, "gone", f"HTTP {status}")
        if status in BLOCKED_STATUSES:
            return refuse(request, "blocked", refusal_text(answer))
        if status != 200:
            return self._again(request, refusal_text(answer))
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in HTML and kind != "text/plain":
            return refuse(request, "no_content", f"a page was asked for, and {kind[:80]} came")
        page = await self._asker.compute(read_page, PageTask(answer.body, answer.headers.get("content-type", "")))
        if not page.length:
            return refuse(request, "no_content", "the page holds no text")
        if len(page.content.encode("utf-8", "replace")) > MAX_RAW_BYTES - RESERVED_BYTES:
            return refuse(request, "too_large", f"{len(page.content)} characters")
        content_type: ContentType = "text/plain" if kind == "text/plain" else "text/html"
        output = from_page(request, answer.url, page.content, content_type)
        return PageOutcome("page", output=output, length=page.length)

    def _redirected(self, request: Request, answer: Answer, location: str) -> PageOutcome:
        """Go on where a redirect leads, in a turn of its own, with the robots.txt of that place."""
        try:
            target = follow(answer.url, answer.status, location, [*request.hops, answer.url])
        except RedirectError as error:
            return refuse(request, "no_content", str(error))
        moved = msgspec.structs.replace(request, url=target, hops=[*request.hops, answer.url])
        return PageOutcome("moved", request=moved)

    def _again(
        self, request: Request, error: str, reason: DeadReason = "unreachable", least: float = 0.0
    ) -> PageOutcome:
        """Try again later; give up after the last attempt."""
        attempts = request.attempts + 1
        if attempts >= self._settings.max_page_attempts:
            return refuse(request, reason, f"{error}, {attempts} times")
        wait = max(WAITS[min(attempts, len(WAITS)) - 1], least)
        return PageOutcome("again", error, request=msgspec.structs.replace(request, attempts=attempts), wait=wait)


def refuse(request: Request, reason: DeadReason, error: str) -> PageOutcome:
    """Return the outcome of an entry whose page cannot be had: the feed's own text, else a dead letter."""
    output = from_entry(request, reason)
    if output is not None:
        return PageOutcome("entry", reason, output, length=0)
    return PageOutcome("dead", reason, dead_output(request, reason, error), length=0)


def valid(url: str) -> bool:
    """Return whether an address can be asked at all."""
    try:
        parsed = URL(url)
    except ValueError:
        return False
    return parsed.scheme in ("http", "https") and bool(parsed.raw_host)
