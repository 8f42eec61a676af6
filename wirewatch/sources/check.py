"""One polite look at an address, before it is a source: asked as it would be polled, and said in plain words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import msgspec
from aiohttp.abc import AbstractResolver
from prometheus_client import CollectorRegistry

from agents.fetch.asking.asker import Asker
from agents.fetch.asking.client import Answer, HttpRequest, RequestFailed, is_challenge, refusal_text
from agents.fetch.asking.clock import SystemClock
from agents.fetch.asking.domains import domain_of
from agents.fetch.asking.opening import open_agenda, open_asker
from agents.fetch.metrics import FetchMetrics
from agents.fetch.polling.examining import Examination, ExamineTask, examine, sentences
from agents.fetch.reading import texts
from agents.fetch.reading.entries import FEEDS
from agents.fetch.settings import FetchSettings
from agents.fetch.source.health import spoken
from agents.fetch.source.redirects import PERMANENT
from streams.errors import InputError
from streams.network.http_dates import retry_after

#: Where sites have their feeds when their pages do not say so. Asked in this order, one after the other.
USUAL_PLACES = (
    "/feed",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/sitemap_news.xml",
    "/news-sitemap.xml",
)

#: Answers that are no document: what to do.
ADVICE = {
    401: "it asks for a login: give its header in a list of sources, `headers` in docs/sources.md",
    403: "it does not want to be read by programs: write to its owner, as docs/sources.md says",
    402: "it is for subscribers: ask its owner for a feed that programs may read",
    404: "nothing is at this address: try the site's home page",
    410: "it is gone for good: try the site's home page",
    451: "it may not be read from here",
}
#: Requests without a usable answer: what to do.
FAILED_ADVICE: dict[str, str] = {
    "dns": "look at the spelling of the name, and at this machine's network",
    "connect": "nothing listens there, or something between refuses: look at the address in a browser",
    "tls": "its encryption is broken: tell its owner; an address with http:// may work meanwhile",
    "timeout": "it is too slow to be polled now: try again later, or look at the address in a browser",
    "redirect": "its server leads nowhere: look at the address in a browser, and take the one that it ends at",
    "too_large": "a document of this size is not read (fetch.max_document_bytes): look for a feed of its latest news",
    "document": "it takes too long to read (fetch.read_seconds), or is no document: try again when this machine has less to do",
}


@dataclass
class Look:
    """The kind of an address. `said` describes it, a word and a sentence each; `failed` is the kind of a failure to ask."""

    url: str
    status: int
    found: Examination | None = None
    said: list[tuple[str, str]] = field(default_factory=list)
    error: str = ""
    failed: str = ""

    @property
    def is_source(self) -> bool:
        """Whether it can be polled."""
        return self.found is not None and self.found.kind in FEEDS

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "url": self.url,
            "status": self.status,
            "is_source": self.is_source,
            "error": self.error or None,
            "found": None if self.found is None else msgspec.to_builtins(self.found),
            "said": dict(self.said),
        }


class Looker:
    """Looks at addresses, politely: one request at a time, with the delay between two at one domain."""

    def __init__(self, asker: Asker, settings: FetchSettings) -> None:
        self._asker = asker
        self._settings = settings
        self._clock = SystemClock()

    async def look(self, url: str) -> Look:
        """Look at an address: one request, and one for each redirect."""
        try:
            answer, hops = await self._asker.following("check", HttpRequest(url, self._settings.max_document_bytes))
        except RequestFailed as failed:
            said = [("answer", failed.error), *advice_on(failed)]
            return Look(url, 0, said=said, error=failed.error, failed=failed.kind)
        said = []
        if hops:
            kind = "for good" if all(hop.status in PERMANENT for hop in hops) else "for now"
            said.append(("moved", f"it leads {kind} to {answer.url}"))
        now = self._clock.now()
        if answer.status != 200:
            text = refusal_text(answer)
            words = [("answer", text), ("advice", advice(answer, now))]
            return Look(answer.url, answer.status, error=text, said=[*said, *words])
        if not answer.body:
            return Look(answer.url, 200, error="an empty answer", said=[*said, ("answer", "nothing: it is empty")])
        task = ExamineTask(answer.body, answer.url, answer.headers.get("content-type", ""), now)
        try:
            found = await self._asker.compute(examine, task)
        except RequestFailed as failed:
            words = [("document", failed.error), *advice_on(failed)]
            return Look(answer.url, 200, error=failed.error, said=[*said, *words])
        said += sentences(found, answer.headers, answer.wire_bytes, self._settings, now)
        return Look(answer.url, 200, found, said)

    async def look_typed(self, text: str) -> Look:
        """Look at an address as somebody typed it: without a scheme by https, and by http where nobody answers that."""
        url = web_address(text)
        look = await self.look(url)
        if look.failed not in ("tls", "connect") or "://" in text:
            return look
        by_http = await self.look(url.replace("https://", "http://", 1))
        if by_http.failed:
            return look
        by_http.said.insert(0, ("http", f"it has no https: {look.error}"))
        return by_http

    def ready_at(self, url: str) -> float:
        """Return from when on another looker, which knows nothing of these requests, may ask there, in epoch seconds."""
        return self._asker.budgets.ready_at(domain_of(url)) or 0.0

    async def wait_until(self, at: float) -> None:
        """Wait for a time, in epoch seconds."""
        await self._clock.sleep(max(0.0, at - self._clock.now()))

    def next_step(self, look: Look) -> str:
        """Return the next step with a document that is no source; an empty text for any other."""
        if look.found is None or look.is_source:
            return ""
        if look.found.kind != "page":
            return "no feed, sitemap or page is there: try the site's home page"
        named = [url for url, _ in look.found.feeds]
        feeds = f"it names {', '.join(named[:5])}{' and more' if len(named) > 5 else ''}: " if named else ""
        return f"{feeds}`wirewatch sources add` looks for its feeds; `--kind page` polls the page itself"

    async def robots(self, look: Look) -> str:
        """Return whether robots.txt allows the pages of a source: one more request."""
        assert look.found is not None
        pages = look.found.pages or [look.url]
        try:
            file = await self._asker.fetch_robots(pages[0])
        except RequestFailed as failed:
            return f"robots.txt may not be asked for, nor the pages: {failed.error}"
        if file.trouble:
            return "robots.txt cannot be had now: pages would wait until it can"
        if file.text is None:
            return "there is no robots.txt: everything is allowed"
        judged = await self._asker.judge(file, tuple(pages))
        delay = f", {judged.crawl_delay:g} s apart" if judged.crawl_delay else ""
        allowed = sum(judged.allowed)
        if allowed == len(pages):
            return f"pages may be fetched{delay}"
        return f"{len(pages) - allowed} of {len(pages)} pages may not be fetched{delay}: they keep what the feed has of them"

    async def discover(self, look: Look) -> list[tuple[str, str]]:
        """Return the feeds of a page, with their titles: those that it names, else the first of the usual places."""
        if look.found is not None and look.found.feeds:
            return look.found.feeds
        sitemaps: tuple[str, ...] = ()
        with suppress(RequestFailed):  # it leads to a private address
            file = await self._asker.fetch_robots(look.url)
            sitemaps = (await self._asker.judge(file, ())).sitemaps
        news = [url for url in sitemaps if "news" in url.lower()]
        for place in (*news[:2], *(urljoin(look.url, place) for place in USUAL_PLACES), *sitemaps[:1]):
            found = await self.look(place)
            if found.is_source:
                return [(found.url, found.found.title if found.found is not None else "")]
        return []


def advice_on(failed: RequestFailed) -> list[tuple[str, str]]:
    """Return the advice after a request without a usable answer; nothing where the error says all."""
    said = FAILED_ADVICE.get(failed.kind)
    return [("advice", said)] if said else []


def advice(answer: Answer, now: float) -> str:
    """Explain an answer without a document in plain words, with advice."""
    wait = retry_after(answer.headers, now)
    if answer.status in (429, 503):
        asked = f"it asks to be left alone for {spoken(wait)}" if wait else "leave it alone for some minutes"
        return f"too busy or asked too often: {asked}"
    if answer.status >= 500:
        return "its server fails: try again later"
    if is_challenge(answer):
        return ADVICE[403]
    return ADVICE.get(answer.status, "no document is there: look at the address in a browser")


@asynccontextmanager
async def looking(settings: FetchSettings, resolver: AbstractResolver | None = None) -> AsyncIterator[Looker]:
    """Give a looker; its connections and its child process end with it."""
    metrics = FetchMetrics(CollectorRegistry())
    asker = open_asker(settings, open_agenda(settings), metrics, resolver, processes=1)
    try:
        yield Looker(asker, settings)
    finally:
        await asker.close()


def web_address(text: str) -> str:
    """Return a full address: without a scheme it is https; raise `InputError` for a text that is none."""
    text = texts.of_reader(text.strip())
    url = text if "://" in text else f"https://{text}"
    if not url.startswith(("http://", "https://")) or not domain_of(url):
        raise InputError(f"{text} is no web address; as in https://news.example/feed")
    return url
