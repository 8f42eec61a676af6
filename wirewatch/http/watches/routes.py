"""The routes of the watches' desk, under `/api/v1`.

    GET    /watches              those in force, with what each costs and what it held back
    GET    /watches/NAME         one of them
    GET    /watches/try          one that is being written, tried over history: changes nothing
    GET    /mutes                those that are muted, each until when
    PUT    /watches/NAME         put in force          DELETE /watches/NAME      take out of force
    PUT    /watches/NAME/mute    mute for everybody    DELETE /watches/NAME/mute end it
    POST   /receivers/NAME/test  send a test message

PUT, DELETE and POST need the setting `page.write_token`, in a header that no form or link of another site can send; a request
whose browser says that another site makes it is refused all the same.
"""

import asyncio
import hmac
import logging
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

import msgspec
import orjson
from aiohttp import hdrs, web

from agents.deliver.settings import Receivers
from agents.watch.errors import QueryError
from agents.watch.language.parse import parse
from agents.watch.language.query import names_trend
from agents.watch.language.trend_articles import of_articles
from agents.watch.mutes import MAX_HOURS
from agents.watch.settings import WatchSettings
from streams.errors import ArchiveError, BrokerError, WirewatchError
from streams.records import WatchRecord, encode, utc
from streams.text.names import meant
from wirewatch.folders.watches import kept_in_force
from wirewatch.http.answers import PREFIX, respond
from wirewatch.http.connections import MAX_QUERY_CHARACTERS
from wirewatch.http.feeds.alert_feed import AlertFeed
from wirewatch.http.guards import Handler
from wirewatch.http.history.asking import BusyError, History
from wirewatch.http.metrics import HttpMetrics
from wirewatch.http.page_settings import PageSettings
from wirewatch.http.refusals import problem
from wirewatch.http.watches.answers import (
    InForce,
    MuteChange,
    MutesAnswer,
    ReceiverTest,
    WatchChange,
    WatchesAnswer,
    WatchProblem,
)
from wirewatch.http.watches.in_force import KAFKA_SECONDS, InForceNow, WatchesInForce
from wirewatch.http.watches.trying import faults_of, tried, tried_share
from wirewatch.service import Service
from wirewatch.watches import receivers
from wirewatch.watches import topic as watch_topic

logger = logging.getLogger("wirewatch.desk")

WRITE_HEADER = "X-Wirewatch-Write"
#: Seconds for which mutes are kept for all who ask.
MUTES_KEPT_SECONDS = 30.0
#: Most watches in one answer.
MAX_WATCHES = 500
#: Most days over which one may be tried.
MAX_DAYS = 90
#: Most bytes of a request.
MAX_BODY = 64 << 10
#: Parts of a watch that may be tried from the page, each with how it is read from the query string.
PARTS: Mapping[str, Callable[[str], object]] = {
    "name": str,
    "query": str,
    "severity": str,
    "each": str,
    "cool_down": str,
    "trends": str,
    "limit_per_hour": lambda text: int(text) if text.isdecimal() and len(text) < 9 else text,
}


class ReadQuery(NamedTuple):
    """A query: the share of articles that is tried against all of it, and the query by which history finds its articles."""

    tried_share: float
    search: str


class WatchRoutes:
    """Answers about watches, from Kafka and from history."""

    def __init__(self, service: Service, feed: AlertFeed, history: History | None) -> None:
        self._settings = service.settings
        self._refused = service.metrics[HttpMetrics].refused.labels("write")
        self._feed = feed
        self._history = history
        self._token = service.settings[PageSettings].write_token.encode()
        self._in_force = WatchesInForce(service.settings)

    def add_to(self, app: web.Application) -> None:
        """Add the routes; before the route of the API that names all others."""
        app.router.add_get(f"{PREFIX}/watches", self.listed)
        app.router.add_get(f"{PREFIX}/watches/try", self.try_one)
        app.router.add_get(f"{PREFIX}/watches/{{name}}", self.one)
        app.router.add_get(f"{PREFIX}/mutes", self.mutes)
        app.router.add_put(f"{PREFIX}/watches/{{name}}/mute", self._writing(self.mute))
        app.router.add_delete(f"{PREFIX}/watches/{{name}}/mute", self._writing(self.unmute))
        app.router.add_put(f"{PREFIX}/watches/{{name}}", self._writing(self.put))
        app.router.add_delete(f"{PREFIX}/watches/{{name}}", self._writing(self.remove))
        app.router.add_post(f"{PREFIX}/receivers/{{name}}/test", self._writing(self.test_receiver))

    async def listed(self, request: web.Request) -> web.StreamResponse:
        """Return the watches in force."""
        try:
            found = await self._in_force.read()
        except (BrokerError, TimeoutError) as error:
            return unknown(error)
        good, wrong, queries = await asyncio.to_thread(read_records, found.records)
        body = WatchesAnswer(
            watches=[
                self._described(record, query, found) for record, query in zip(good[:MAX_WATCHES], queries, strict=True)
            ],
            count=len(good),
            wrong=wrong,
            receivers=sorted(self._settings.names("receivers")),
            may_write=bool(self._token),
        )
        return await respond(request, msgspec.json.encode(body), "application/json")

    async def one(self, request: web.Request) -> web.StreamResponse:
        """Return one watch in force."""
        name = request.match_info["name"]
        try:
            found = await self._in_force.read()
        except (BrokerError, TimeoutError) as error:
            return unknown(error)
        if name not in found.records:
            return nobody(name, found.records)
        good, wrong, queries = await asyncio.to_thread(read_records, {name: found.records[name]})
        if not good:
            return problem(404, f"the record {name[:100]} is no watch: {wrong[name]}")
        return await respond(
            request, msgspec.json.encode(self._described(good[0], queries[0], found)), "application/json"
        )

    async def mutes(self, request: web.Request) -> web.StreamResponse:
        """Return the watches that are muted, as read lately: tabs ask again and again."""
        try:
            found = await self._in_force.read(MUTES_KEPT_SECONDS)
        except (BrokerError, TimeoutError) as error:
            return unknown(error)
        body = MutesAnswer(muted=found.mutes.running(datetime.now(UTC)), may_write=bool(self._token))
        return await respond(request, msgspec.json.encode(body), "application/json")

    def _described(self, record: WatchRecord, query: ReadQuery | None, found: InForceNow) -> InForce:
        latest = self._feed.latest([record.name], 1)
        return InForce(
            record=record,
            tried_share=query.tried_share if query else None,
            search=query.search if query else record.query,
            held_back=found.held_back.get(record.name, []),
            alerts=self._feed.count(record.name),
            last_raised_at=utc(latest[0].raised_at) if latest else None,
            muted_until=found.mutes.until(record.name, datetime.now(UTC)),
        )

    async def try_one(self, request: web.Request) -> web.StreamResponse:
        """Return the faults of a watch, or the alerts that it would have raised in the last days."""
        given = request.query
        days = given.get("days", "7")
        if not days.isdecimal() or len(days) > 3 or not 1 <= int(days) <= MAX_DAYS:
            return problem(400, f"days: a number from 1 to {MAX_DAYS}")
        if len(given.get("query", "")) > MAX_QUERY_CHARACTERS:
            return problem(400, f"query: at most {MAX_QUERY_CHARACTERS} characters")
        record = {"name": "new-watch"} | {part: read(given[part]) for part, read in PARTS.items() if given.get(part)}
        try:
            if self._history is None:
                answer = await asyncio.to_thread(tried, record, None, 0.0, self._settings)
            else:
                answer = await self._history.ask(lambda store: tried(record, store, float(days), self._settings))
        except (BusyError, ArchiveError) as error:
            return problem(503, str(error), {"Retry-After": "5"})
        return await respond(request, msgspec.json.encode(answer), "application/json")

    # -- writing

    def _writing(self, handler: Callable[[web.Request], Awaitable[web.Response]]) -> Handler:
        async def guarded(request: web.Request) -> web.Response:
            if (refusal := self._refusal(request)) is not None:
                self._refused.inc()
                return problem(*refusal)
            try:
                return await asyncio.wait_for(handler(request), KAFKA_SECONDS)
            except (BrokerError, TimeoutError) as error:
                return problem(503, f"nothing was changed for certain: {error or 'no answer in time'}; look again")
            except WirewatchError as error:
                return problem(400, str(error))

        return guarded

    def _refusal(self, request: web.Request) -> tuple[int, str] | None:
        """Say why a request may not write; None where it may."""
        if not self._token:
            return (
                403,
                "nothing may be changed from here: set page.write_token (WIREWATCH_PAGE_WRITE_TOKEN) on this worker",
            )
        origin = request.headers.get(hdrs.ORIGIN)
        elsewhere = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
        own = (None, f"http://{request.host}", f"https://{request.host}")  # a proxy may add TLS
        if elsewhere or origin not in own:
            return 403, "another site may change nothing here"
        given = request.headers.get(WRITE_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._token):
            return 401, f"to change something, {WRITE_HEADER} has to bring the worker's page.write_token"
        return None

    async def put(self, request: web.Request) -> web.Response:
        """Put a watch in force."""
        try:
            record = orjson.loads(await body_of(request))
        except orjson.JSONDecodeError as error:
            return problem(400, f"the body is no JSON: {error}")
        if not isinstance(record, dict):
            return problem(400, "the body is no watch: an object with query, severity, receivers and so on is needed")
        watch, faults = faults_of({**record, "name": request.match_info["name"]})
        if watch is None:
            return answered(WatchProblem(error=faults[0].message, faults=faults), 400)
        if unknown := watch_topic.unknown_receivers(self._settings, [watch.record]):
            known = ", ".join(sorted(self._settings.names("receivers"))) or "none"
            return problem(400, f"no such receiver: {', '.join(unknown[watch.name])}; there are {known}")
        if (kept := await self._kept_in_force(watch.name)) is not None and kept != encode(watch.record):
            return self._refused_by_folder(watch.name)
        change = await watch_topic.put(self._settings, [watch])
        self._in_force.forget()
        outcome: Literal["new", "changed", "unchanged"] = (
            "new" if change.new else "changed" if change.changed else "unchanged"
        )
        logger.info("watch %s put in force over HTTP from %s: %s", watch.name, request.remote, outcome)
        return answered(WatchChange(name=watch.name, outcome=outcome))

    async def remove(self, request: web.Request) -> web.Response:
        """Take a watch out of force."""
        name = request.match_info["name"]
        if await self._kept_in_force(name) is not None:
            return self._refused_by_folder(name)
        removed, _ = await watch_topic.remove(self._settings, [name])
        self._in_force.forget()
        if not removed:
            return nobody(name, (await self._in_force.read()).records)
        logger.info("watch %s taken out of force over HTTP from %s", name, request.remote)
        return answered(WatchChange(name=name, outcome="removed"))

    async def _kept_in_force(self, name: str) -> bytes | None:
        """Return the record of a watch that stands in this worker's folder; the folder would put it back."""
        return (await asyncio.to_thread(kept_in_force, self._settings)).get(name)

    def _refused_by_folder(self, name: str) -> web.Response:
        folder = self._settings[WatchSettings].folder
        return problem(
            409, f"nothing was changed: the folder {folder} (watch.folder) keeps {name} as it is in its file"
        )

    async def mute(self, request: web.Request) -> web.Response:
        """Mute a watch for everybody."""
        minutes = request.query.get("minutes", "60")
        if not minutes.isdecimal() or len(minutes) > 4 or not 1 <= int(minutes) <= 60 * MAX_HOURS:
            return problem(400, f"minutes: a number from 1 to {60 * MAX_HOURS}")
        now = datetime.now(UTC).replace(microsecond=0)
        return await self._mute_until(request, now + timedelta(minutes=int(minutes)))

    async def unmute(self, request: web.Request) -> web.Response:
        """End the mute of a watch."""
        return await self._mute_until(request, None)

    async def _mute_until(self, request: web.Request, until: datetime | None) -> web.Response:
        name = request.match_info["name"]
        muted, _ = await watch_topic.mute(self._settings, [name], until)
        self._in_force.forget()
        if not muted:
            return nobody(name, (await self._in_force.read()).records)
        logger.info("watch %s muted over HTTP from %s until %s", name, request.remote, until or "now")
        return answered(MuteChange(name=name, muted_until=until))

    async def test_receiver(self, request: web.Request) -> web.Response:
        """Send a test message to a receiver of this worker's settings."""
        name = request.match_info["name"]
        if name not in self._settings[Receivers]:
            return problem(404, f"this worker's settings have no receiver {name[:100]}")
        attempt = await receivers.send_test(self._settings, name, os.environ)
        logger.info("test message to %s over HTTP from %s: %s", name, request.remote, attempt.error or "delivered")
        return answered(ReceiverTest(receiver=name, delivered=attempt.delivered, error=attempt.error))


def read_records(values: dict[str, bytes]) -> tuple[list[WatchRecord], dict[str, str], list[ReadQuery | None]]:
    """Return the watches, the errors of records that are none, and of as many watches as one answer has the queries.

    A query takes up to some milliseconds, once: run it beside the event loop.
    """
    good, wrong = watch_topic.records(values)
    return good, wrong, [read_query(record.query) for record in good[:MAX_WATCHES]]


@lru_cache(maxsize=4 * MAX_WATCHES)
def read_query(text: str) -> ReadQuery | None:
    """Return a query as it is read; None for one that cannot be read."""
    try:
        query = parse(text)
        return ReadQuery(tried_share(query), str(of_articles(query)) if names_trend(query) else text)
    except QueryError:
        return None


def nobody(name: str, known: Iterable[str]) -> web.Response:
    """Return the error of a name that no watch in force has."""
    return problem(404, f"no watch is called {name[:100]}{meant(name, known)}")


def unknown(error: Exception) -> web.Response:
    """Return the answer where Kafka does not say which watches are in force."""
    return problem(503, f"Kafka does not say which watches are in force: {error or 'no answer in time'}")


async def body_of(request: web.Request) -> bytes:
    """Return a request's body, in however many pieces it comes; raise 413 where it is too long."""
    body = b""
    while len(body) <= MAX_BODY and (piece := await request.content.read(MAX_BODY + 1 - len(body))):
        body += piece
    if len(body) > MAX_BODY:
        said = orjson.dumps({"error": f"the body is too long: a watch has at most {MAX_BODY} bytes"}).decode()
        raise web.HTTPRequestEntityTooLarge(MAX_BODY, len(body), text=said, content_type="application/json")
    return body


def answered(body: msgspec.Struct, status: int = 200) -> web.Response:
    """Return an answer that is not kept."""
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=msgspec.json.encode(body), status=status, content_type="application/json", headers=headers)
