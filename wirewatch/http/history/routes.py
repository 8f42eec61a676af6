"""The routes of `/api/v1`.

    /api/v1/articles         a search: newest or best first, page by page (also .json, .rss and .atom as a feed)
    /api/v1/records          the same with whole articles
    /api/v1/articles/ID      every version of an article, and its copies
    /api/v1/counts           how many articles match, by day, country, topic, source and language
    /api/v1/stories          stories as they are now            /api/v1/stories/ID     one, with its articles
    /api/v1/alerts           alerts                             /api/v1/trends, /digests, /sources/health
    /api/v1/events           articles of a search as they are kept, as server-sent events
    /api/v1/openapi.json     all of this for programs

Answers have an ETag and are packed where a client takes gzip. Where no history is kept, they say how to keep it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from aiohttp import web
from msgspec import Struct

from agents.archive.entries import Kind, unpacked
from agents.archive.store import Counts, EventRow, Span, Store
from agents.watch.errors import QueryError
from streams.errors import ArchiveError, WirewatchError
from streams.records import Alert, Digest, Duplicate, Health, Story, Tagged, Trend, decode
from streams.standards.mediatopics import concepts
from wirewatch.history.search import Search
from wirewatch.http.answers import PREFIX, respond
from wirewatch.http.guards import nobody_answers
from wirewatch.http.history import parameters
from wirewatch.http.history.answers import (
    AlertPage,
    ArticleAnswer,
    ArticlePage,
    ArticleRecord,
    CountsAnswer,
    DigestPage,
    HealthPage,
    RecordPage,
    StoryAnswer,
    StoryPage,
    TrendPage,
    of_hit,
    summary,
)
from wirewatch.http.history.asking import BusyError, History
from wirewatch.http.history.digests import DIGEST_FORMATS
from wirewatch.http.history.events import EventRoute
from wirewatch.http.history.feeds import FEED_FORMATS
from wirewatch.http.history.kept import records
from wirewatch.http.history.parameters import ParameterError, limit_of, moment_of, order_of, query_of, span_of
from wirewatch.http.history.stories import stories
from wirewatch.http.refusals import problem

logger = logging.getLogger("wirewatch.history")

#: Of a day, how many counts of each kind an answer has.
MAX_COUNTS = 200
#: Of no more days than these the hours are counted too.
DAYS_BY_HOUR = 3
#: Events that a story's answer has, and articles.
MAX_STORY_EVENTS, MAX_STORY_ARTICLES = 200, 200
#: Alerts of the history that a worker shows when it starts.
MAX_ALERTS = 1_000
#: Bytes of whole articles behind which a page ends.
MAX_RECORD_BYTES = 8 * 1024 * 1024
#: Copies that an article's answer has.
MAX_DUPLICATES = 200


class NothingThereError(Exception):
    """No article or story has that id."""


#: Answers one question: the store, the query string, and the parts of the path.
Answer = Callable[[Store, Mapping[str, str], Mapping[str, str]], Struct]


@dataclass(frozen=True)
class Route:
    """One question: its path, the type of its answer, and its parameters."""

    path: str
    summary: str
    answer: Answer
    type: type[Struct]
    asks: tuple[parameters.Parameter, ...] = ()


def articles(store: Store, given: Mapping[str, str], _: Mapping[str, str]) -> ArticlePage:
    """Answer a search."""
    search, span, limit = Search(store, query_of(given)), span_of(given), limit_of(given)
    page = search.best(span, limit) if order_of(given) == "best" else search.newest(span, limit)
    before = str(page.before) if page.before is not None else None
    found = [of_hit(hit) for hit in page.hits]
    return ArticlePage(articles=found, before=before, complete=page.complete, ranked=page.ranked)


def whole_articles(store: Store, given: Mapping[str, str], _: Mapping[str, str]) -> RecordPage:
    """Answer a search with whole articles."""
    page = Search(store, query_of(given)).newest(span_of(given), limit_of(given))
    found: list[ArticleRecord] = []
    size = 0
    for hit in page.hits:
        found.append(ArticleRecord(story=hit.row.story or None, article=hit.article))
        size += len(unpacked(hit.row.record))
        if size > MAX_RECORD_BYTES:
            return RecordPage(records=found, before=str(hit.row.n))
    return RecordPage(records=found, before=str(page.before) if page.before is not None else None)


def article(store: Store, _: Mapping[str, str], path: Mapping[str, str]) -> ArticleAnswer:
    """Answer with one article."""
    rows = store.article(path["id"])
    if not rows:
        raise NothingThereError(f"no article {path['id'][:100]} in the history")
    copies = store.events("duplicate", path["id"], Span(), MAX_DUPLICATES)
    return ArticleAnswer(
        id=path["id"],
        story=rows[0].story or None,
        versions=[decode(unpacked(row.record), Tagged) for row in rows],
        duplicates=records(copies, Duplicate),
    )


def counts(store: Store, given: Mapping[str, str], _: Mapping[str, str]) -> CountsAnswer:
    """Answer with numbers."""
    found = Search(store, query_of(given)).counts(span_of(given))
    topics = dict(found.topics.most_common(MAX_COUNTS))
    return CountsAnswer(
        articles=found.articles,
        counted=found.counted,
        complete=found.complete,
        days=dict(sorted(found.days.items())),
        hours=hours(found) if len(found.days) <= DAYS_BY_HOUR else {},
        countries=dict(found.countries.most_common(MAX_COUNTS)),
        topics=topics,
        topic_names=topic_names(topics),
        sources=dict(found.sources.most_common(MAX_COUNTS)),
        languages=dict(found.languages.most_common(MAX_COUNTS)),
    )


def hours(found: Counts) -> dict[str, int]:
    """Return the counts by hour, in order."""
    by_hour = sorted(found.hours.items())
    return {datetime.fromtimestamp(hour * 3600, UTC).strftime("%Y-%m-%dT%H"): count for hour, count in by_hour}


def topic_names(topics: Iterable[str]) -> dict[str, str]:
    """Return the names of the topics that have one."""
    known = concepts()
    return {topic: known[topic].label for topic in topics if topic in known}


def story(store: Store, _: Mapping[str, str], path: Mapping[str, str]) -> StoryAnswer:
    """Answer with one story."""
    events = records(store.events("story", path["id"], Span(), MAX_STORY_EVENTS), Story)
    if not events:
        raise NothingThereError(f"no story {path['id'][:100]} in the history")
    rows = store.story_articles(path["id"], MAX_STORY_ARTICLES)
    found = [summary(row, decode(unpacked(row.record), Tagged), []) for row in rows]
    return StoryAnswer(story=events[0], articles=found, events=events)


def listed(
    store: Store, kind: Kind, subject: str | None, given: Mapping[str, str]
) -> tuple[list[EventRow], str | None]:
    """Return events of a kind, and where to go on."""
    limit = limit_of(given)
    rows = store.events(kind, subject, span_of(given), limit)
    return rows, str(rows[-1].n) if len(rows) == limit else None


def alerts(store: Store, given: Mapping[str, str], _: Mapping[str, str]) -> AlertPage:
    """Answer with alerts."""
    rows, before = listed(store, "alert", given.get("watch"), given)
    return AlertPage(alerts=records(rows, Alert), before=before)


def trends(store: Store, given: Mapping[str, str], _: Mapping[str, str]) -> TrendPage:
    """Answer with trends."""
    rows, before = listed(store, "trend", None, given)
    return TrendPage(trends=records(rows, Trend), before=before)


def digests(store: Store, given: Mapping[str, str], _: Mapping[str, str]) -> DigestPage:
    """Answer with digests."""
    rows, before = listed(store, "digest", given.get("name"), given)
    return DigestPage(digests=records(rows, Digest), before=before)


def health(store: Store, given: Mapping[str, str], _: Mapping[str, str]) -> HealthPage:
    """Answer with changes of sources' health."""
    rows, before = listed(store, "health", given.get("name"), given)
    return HealthPage(changes=records(rows, Health), before=before)


SEARCHED = (parameters.QUERY, parameters.SINCE, parameters.UNTIL)
OF_FEED = (*SEARCHED, parameters.BEFORE, parameters.COUNT)
PAGED = (parameters.SINCE, parameters.UNTIL, parameters.BEFORE, parameters.COUNT)

ROUTES = (
    Route(
        "/articles", "Search", articles, ArticlePage, (*SEARCHED, parameters.BEFORE, parameters.COUNT, parameters.ORDER)
    ),
    Route(
        "/records",
        "Whole articles of a search",
        whole_articles,
        RecordPage,
        (*SEARCHED, parameters.BEFORE, parameters.COUNT),
    ),
    Route("/articles/{id}", "One article, every version of it, and its copies", article, ArticleAnswer),
    Route("/counts", "How many articles match a search", counts, CountsAnswer, SEARCHED),
    Route(
        "/stories",
        "Stories as they are now",
        stories,
        StoryPage,
        (*PAGED, parameters.STORIES),
    ),
    Route("/stories/{id}", "One story, its articles and its past", story, StoryAnswer),
    Route("/alerts", "Alerts", alerts, AlertPage, (parameters.WATCH, *PAGED)),
    Route("/trends", "Trends", trends, TrendPage, PAGED),
    Route("/digests", "Digests", digests, DigestPage, (parameters.NAME, *PAGED)),
    Route("/sources/health", "Changes of sources' health", health, HealthPage, (parameters.NAME, *PAGED)),
)


class HistoryRoutes:
    """Answers from the history; `history` None: none is kept here."""

    def __init__(self, history: History | None, document: Callable[[], bytes]) -> None:
        self.history = history
        self._document = document
        self._events = EventRoute(history) if history is not None else None

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        for route in ROUTES:
            app.router.add_get(PREFIX + route.path, self._handler(route))
        app.router.add_get(f"{PREFIX}/articles.{{format:json|rss|atom}}", self.feed)
        app.router.add_get(f"{PREFIX}/digests/{{name}}.{{format:html|rss}}", self.digest)
        app.router.add_get(f"{PREFIX}/events", self.events, allow_head=False)
        app.router.add_get(f"{PREFIX}/openapi.json", self.openapi)
        app.router.add_get(f"{PREFIX}/{{rest:.*}}", self.elsewhere)
        if self._events is not None:
            app.on_shutdown.append(self._events.close)
        app.on_cleanup.append(self._close)

    async def kept_alerts(self, since: datetime) -> list[Alert]:
        """Return the newest alerts since a time, for a worker that has just started; none where they cannot be had."""
        if self.history is None:
            return []
        span = Span(since=since.timestamp())
        try:
            return await self.history.ask(lambda store: records(store.events("alert", None, span, MAX_ALERTS), Alert))
        except WirewatchError as error:
            logger.warning("alerts of the history are not shown: %s", error)
            return []

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Send the articles of a search as they are kept."""
        return await self._events.events(request) if self._events is not None else no_history()

    async def openapi(self, request: web.Request) -> web.StreamResponse:
        """Return the OpenAPI document."""
        return await respond(request, await asyncio.to_thread(self._document), "application/json")

    async def elsewhere(self, request: web.Request) -> web.Response:
        """Say where the routes are."""
        return problem(404, nobody_answers(request))

    async def feed(self, request: web.Request) -> web.StreamResponse:
        """Return a search as a feed."""
        kind, write = FEED_FORMATS[request.match_info["format"]]
        here = f"{request.scheme}://{request.host}"

        def answer(store: Store) -> bytes:
            query = query_of(request.query)
            page = Search(store, query).newest(span_of(request.query), limit_of(request.query))
            return write(query, here, own_address(request), page.hits)

        return await self._answered(request, answer, kind)

    async def digest(self, request: web.Request) -> web.StreamResponse:
        """Return the latest digest of a name, or that of a moment, as a page, or the last ones as a feed."""
        kind, many, write = DIGEST_FORMATS[request.match_info["format"]]
        name, address = request.match_info["name"], f"{request.scheme}://{request.host}{own_address(request)}"

        def answer(store: Store) -> bytes:
            at = moment_of(request.query)
            span = Span() if at is None else Span(since=at, until=at + 1)
            found = records(store.events("digest", name, span, many), Digest)
            if not found:
                of = "" if at is None else f" of {request.query['at'][:40]}"
                raise NothingThereError(f"no digest {name[:100]}{of} in the history")
            return write(address, found)

        return await self._answered(request, answer, kind)

    def _handler(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            def answer(store: Store) -> bytes:
                return msgspec.json.encode(route.answer(store, request.query, request.match_info))

            return await self._answered(request, answer, "application/json")

        return handle

    async def _answered(self, request: web.Request, answer: Callable[[Store], bytes], kind: str) -> web.StreamResponse:
        if self.history is None:
            return no_history()
        try:
            body = await self.history.ask(answer)
        except (ParameterError, QueryError) as error:
            return problem(400, str(error))
        except NothingThereError as error:
            return problem(404, str(error))
        except (BusyError, ArchiveError) as error:
            return problem(503, str(error), {"Retry-After": "5"})
        return await respond(request, body, kind)

    async def _close(self, _: web.Application) -> None:
        if self.history is not None:
            self.history.close()


def own_address(request: web.Request) -> str:
    """Return a feed's own address without the token, which would go wherever its reader shows or passes on the feed."""
    return str(request.rel_url.without_query_params("token"))


def no_history() -> web.Response:
    """Return the answer of a worker that keeps no history."""
    return problem(404, "no history is kept by this worker: set archive.url in wirewatch.toml, as sqlite:PATH")
