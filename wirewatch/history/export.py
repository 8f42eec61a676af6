"""`wirewatch export`: the articles of a search as records, from a store of history or from a worker's `/api/v1`."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import aiohttp
import orjson
from yarl import URL

from agents.archive.open import open_store
from agents.archive.store import ArticleRow, Span
from agents.watch.errors import QueryError
from streams.errors import ArchiveError, SettingsError
from streams.kafka.patience import asking
from wirewatch.history.search import Search

R = TypeVar("R")
#: Records that are read from a store, or asked of a worker, at once.
TOGETHER, PAGE = 500, 200
#: How often a worker that is too busy is asked again, and the seconds that one answer may take.
TRIES, ANSWER_SECONDS = 5, 60.0

#: After so long without an answer, and again and again, a store is asked whether it lives.
LOOK_SECONDS = 15.0


class Origin(Protocol):
    """A place that articles are exported from."""

    async def count(self) -> int | None:
        """Return how many articles there will be; None where only reading them all says it."""

    def records(self) -> AsyncIterator[list[bytes]]:
        """Yield the records that match, the newest first, some at a time, each with `story_id` where it has a story."""


class StoreOrigin:
    """A store of history, by its address."""

    def __init__(self, url: str, query: str, span: Span) -> None:
        kind, _, path = url.partition(":")
        if kind == "sqlite" and path and not Path(path).is_file():
            raise SettingsError(
                f"there is no archive {path}: give its file (--from sqlite:PATH), or a worker's address"
            )
        self._store = open_store(url)
        try:
            self._search = Search(self._store, query)
        except QueryError as error:
            raise SettingsError(f"--query: {error}") from error
        self._span = span

    async def count(self) -> int | None:
        """Return how many articles there will be, where the store can say it alone."""
        return await self._asked(self._search.total, self._span)

    async def _asked(self, question: Callable[..., R], *arguments: object) -> R:
        """Return an answer, however long the store works on it; raise `ArchiveError` for a database that is frozen."""
        with asking("the archive"):
            answer = asyncio.ensure_future(asyncio.to_thread(question, *arguments))
            while not (await asyncio.wait((answer,), timeout=LOOK_SECONDS))[0]:
                await asyncio.to_thread(self._store.require_alive)
            return answer.result()

    async def records(self) -> AsyncIterator[list[bytes]]:
        """Yield the records that match."""
        found = self._search.records(self._span)
        while batch := await self._asked(_some, found):
            yield [with_story(value, row.story) for row, value in batch]


class ApiOrigin:
    """A worker's `/api/v1`, by the worker's address."""

    def __init__(self, url: str, token: str, query: str, span: Span) -> None:
        self._url = URL(url)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._parameters = {"query": query}
        self._answered = False
        for name, at in (("since", span.since), ("until", span.until)):
            if at is not None:
                self._parameters[name] = datetime.fromtimestamp(at, UTC).isoformat()

    async def count(self) -> int | None:
        """Return how many articles the worker counts, where it counts all."""
        async with self._session() as session:
            counts = await self._ask(session, "/api/v1/counts", self._parameters)
        exact = counts["complete"] or counts["counted"] < counts["articles"]
        return counts["articles"] if exact else None

    async def records(self) -> AsyncIterator[list[bytes]]:
        """Yield the records that match, page by page."""
        before = None
        async with self._session() as session:
            while True:
                parameters = {**self._parameters, "limit": str(PAGE), **({"before": before} if before else {})}
                page = await self._ask(session, "/api/v1/records", parameters)
                yield [with_story(orjson.dumps(record["article"]), record["story"] or "") for record in page["records"]]
                before = page["before"]
                if before is None:
                    return

    def _session(self) -> aiohttp.ClientSession:
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        return aiohttp.ClientSession(headers=self._headers, timeout=timeout)

    async def _ask(self, session: aiohttp.ClientSession, path: str, parameters: dict[str, str]) -> dict[str, Any]:
        """Return an answer; ask again where the worker is busy, or has answered before and is started anew.

        Raises `ArchiveError`, `SettingsError` for a wrong query.
        """
        said = ""
        with asking(f"the worker at {self._url.origin()}", ANSWER_SECONDS):
            for wait in (*(2**number for number in range(TRIES)), None):
                try:
                    async with session.get(self._url.with_path(path), params=parameters) as answer:
                        status, body = answer.status, await answer.read()
                except TimeoutError:
                    said = f"none within {ANSWER_SECONDS:g} s"
                    break
                except aiohttp.ClientError as error:
                    said = str(error) or type(error).__name__
                    if not self._answered:
                        break
                else:
                    self._answered = True
                    if status == HTTPStatus.OK:
                        return self._object(body)
                    said = f"{status} {_error_of(body)}"
                    if status == HTTPStatus.BAD_REQUEST:
                        raise SettingsError(_error_of(body))
                    if status != HTTPStatus.SERVICE_UNAVAILABLE:
                        break
                if wait is not None:
                    await asyncio.sleep(wait)
        raise ArchiveError(f"{self._url.with_path(path)} gives no answer: {said}")

    def _object(self, body: bytes) -> dict[str, Any]:
        """Return an answer's object. Raises `ArchiveError` where somebody else than a worker has answered."""
        try:
            found = orjson.loads(body)
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, dict) or not ({"records", "before"} <= found.keys() or "articles" in found):
            raise ArchiveError(f"{self._url.origin()} is no worker of wirewatch: its answer is none of /api/v1")
        return found


def origin_of(address: str, token: str, query: str, span: Span) -> Origin:
    """Return the origin that an address names: `sqlite:PATH`, `postgresql://…`, or `http://HOST:PORT` of a worker."""
    if urlsplit(address).scheme in ("http", "https"):
        return ApiOrigin(address, token, query, span)
    return StoreOrigin(address, query, span)


def with_story(value: bytes, story: str) -> bytes:
    """Return a record with the id of its story behind its fields."""
    if not story:
        return value
    return value.rstrip()[:-1] + b',"story_id":' + orjson.dumps(story) + b"}"


def _some(found: Iterator[tuple[ArticleRow, bytes]]) -> list[tuple[ArticleRow, bytes]]:
    return list(itertools.islice(found, TOGETHER))


def _error_of(body: bytes) -> str:
    """Return the reason that an answer gives."""
    try:
        return str(orjson.loads(body)["error"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return body[:200].decode("utf-8", "replace")
