"""The demo's own publisher: a real web server on loopback with five sources, each with something that sources do.

    gazette    a feed of teasers with an ETag; each article's page is fetched, and a new article comes out now and then
    newsmap    a news sitemap
    courier    says 429 with Retry-After at first
    harbour    has moved for good
    lighthouse had an article each hour, and fell silent five days ago

Hosts are names that only the demo's resolver knows; no name service is asked, and nothing leaves this machine.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from html import escape
from importlib import resources
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from streams.records import Source, utc

#: An article comes out so often, until the last one is out.
RELEASE_SECONDS = 4.0
RETRY_AFTER_SECONDS = 6
SILENT_SINCE = timedelta(days=5)
SUFFIX = ".demo.example"
NAMES = ("gazette", "newsmap", "courier", "harbour", "lighthouse")
#: How often the demo polls them, in seconds: a desk would take minutes.
LEAST_SECONDS, MOST_SECONDS = 3.0, 6.0


@dataclass(frozen=True)
class DemoArticle:
    """An article, and when it is out."""

    of: str
    slug: str
    title: str
    paragraphs: tuple[str, ...]
    at: datetime


class Publisher:
    """Serves while it is entered. `now` is the clock."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._started = now()
        self._articles = printed(self._started)
        self._refusals = 1
        self._runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=1.0)
        self.port = 0
        #: answers by host and status
        self.answers: list[tuple[str, int]] = []

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @property
    def entries(self) -> int:
        """How many articles it prints in all."""
        return len(self._articles)

    def url(self, name: str, path: str) -> str:
        """Return an address at one of the hosts."""
        return f"http://{name}{SUFFIX}:{self.port}{path}"

    def sources(self) -> list[Source]:
        """Return the sources, as `wirewatch sources add` would put them into force."""
        paths = {"newsmap": "/news-sitemap.xml"}
        given: dict[str, dict[str, Any]] = {
            "courier": {"body": "entry"},
            "harbour": {"body": "entry"},
            "lighthouse": {"backfill": "skip"},
        }
        return [
            Source(
                name=name,
                url=self.url(name, paths.get(name, "/feed")),
                tags=["demo"],
                added_at=self._started,
                min_interval_seconds=LEAST_SECONDS,
                max_interval_seconds=MOST_SECONDS,
                **given.get(name, {}),
            )
            for name in NAMES
        ]

    def out(self, of: str) -> list[DemoArticle]:
        """Return the articles of a source that are out, the newest first."""
        now = self._now()
        return sorted((a for a in self._articles if a.of == of and a.at <= now), key=lambda a: a.at, reverse=True)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        name = request.host.partition(":")[0].removesuffix(SUFFIX)
        answer = self._page(name, request)
        if (
            answer.status == 200
            and (etag := answer.headers.get("ETag"))
            and request.headers.get("If-None-Match") == etag
        ):
            answer = web.Response(status=304, headers={"ETag": etag})
        self.answers.append((name, answer.status))
        del self.answers[:-1000]
        return answer

    def _page(self, name: str, request: web.BaseRequest) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(text="User-agent: *\nAllow: /\n")
        if name == "harbour" and request.path == "/feed":
            return web.Response(status=301, headers={"Location": self.url("harbour", "/news/feed")})
        if name == "courier" and self._refusals:
            self._refusals -= 1
            return web.Response(status=429, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
        if name == "newsmap" and request.path == "/news-sitemap.xml":
            return document(self._sitemap(), "application/xml")
        if name in NAMES and request.path in ("/feed", "/news/feed"):
            return document(self._feed(name), "application/rss+xml")
        found = next((a for a in self._articles if a.of == name and request.path == f"/{a.slug}"), None)
        return web.Response(status=404) if found is None else document(page(found), "text/html")

    def _feed(self, name: str) -> str:
        whole = name in ("courier", "harbour")
        items = [self._item(article, whole=whole) for article in self.out(name)]
        if name == "lighthouse":
            items = [
                self._item(DemoArticle(name, f"log-{hour}", f"Log {hour}", ("Calm.",), self._silent(hour)), whole=True)
                for hour in range(24)
            ]
        title, home = f"The {name.title()}", self.url(name, "/")
        return (
            f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title><link>{home}</link>'
            f"<language>en</language>{''.join(items)}</channel></rss>"
        )

    def _silent(self, hour: int) -> datetime:
        return self._started - SILENT_SINCE - timedelta(hours=hour)

    def _item(self, article: DemoArticle, *, whole: bool) -> str:
        text = "".join(f"<p>{each}</p>" for each in article.paragraphs) if whole else f"{article.paragraphs[0][:90]}…"
        return (
            f"<item><title>{escape(article.title)}</title><link>{self.url(article.of, f'/{article.slug}')}</link>"
            f"<pubDate>{format_datetime(article.at)}</pubDate><description>{escape(text)}</description></item>"
        )

    def _sitemap(self) -> str:
        urls = "".join(
            f"<url><loc>{self.url('newsmap', f'/{a.slug}')}</loc><news:news><news:publication><news:name>Newsmap"
            "</news:name><news:language>en</news:language></news:publication>"
            f"<news:publication_date>{utc(a.at)}</news:publication_date><news:title>{escape(a.title)}</news:title>"
            "</news:news></url>"
            for a in self.out("newsmap")
        )
        return (
            '<?xml version="1.0" encoding="utf-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
        )


def printed(started: datetime) -> list[DemoArticle]:
    """Return all articles, with when each is out."""
    text = resources.files("wirewatch.demo").joinpath("articles.toml").read_text(encoding="utf-8")
    found, coming = [], 0
    for table in tomllib.loads(text)["articles"]:
        if (minutes := table.get("minutes")) is not None:
            at = started - timedelta(minutes=minutes)
        else:
            coming += 1
            at = started + timedelta(seconds=coming * RELEASE_SECONDS)
        found.append(DemoArticle(table["of"], table["slug"], table["title"], tuple(table["paragraphs"]), at))
    return found


def page(article: DemoArticle) -> str:
    """Return an article's page."""
    text = "".join(f"<p>{escape(each)}</p>" for each in article.paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(article.title)}</title>'
        f'<meta property="article:published_time" content="{utc(article.at)}"></head><body>'
        f"<nav><a href='/'>Home</a> <a href='/about'>About</a></nav><article><h1>{escape(article.title)}</h1>{text}"
        "</article><footer>Printed by the demo</footer></body></html>"
    )


def document(text: str, kind: str) -> web.Response:
    """Return a document with its ETag."""
    body = text.encode()
    etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
    return web.Response(body=body, content_type=kind, charset="utf-8", headers={"ETag": etag})


class OwnNames(AbstractResolver):
    """A resolver that knows the publisher's hosts, and no other name."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        """Return the loopback address of a host of ours; raise `OSError` for any other."""
        if not host.endswith(SUFFIX):
            raise OSError(f"the demo looks nothing up: {host}")
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=2, proto=6, flags=4)]

    async def close(self) -> None:
        """Do nothing."""
