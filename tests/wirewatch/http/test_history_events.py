"""`/api/v1/events`: a search followed over real HTTP, left and taken up again."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Self

import orjson
import pytest
from aiohttp import ClientSession, web

from agents.archive import sqlite as sqlite_store
from agents.archive.entries import article_entry
from agents.archive.sqlite import SqliteStore
from streams.records import Tagged, encode
from tests.support.history import START
from wirewatch.history.search import features
from wirewatch.http.asked import known_parameters
from wirewatch.http.history import events as history_events
from wirewatch.http.history.asking import History
from wirewatch.http.history.routes import HistoryRoutes
from wirewatch.http.openapi import document

WAIT_SECONDS = 60


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SqliteStore:
    """An empty store, in which followers look for more without delay."""
    monkeypatch.setattr(history_events, "LOOK_SECONDS", 0.05)
    return SqliteStore(tmp_path / "archive.db")


@pytest.fixture
async def url(store: SqliteStore, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a worker's API over the store."""
    app = web.Application(middlewares=[known_parameters])
    HistoryRoutes(History(f"sqlite:{tmp_path / 'archive.db'}"), document).add_to(app)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/v1/events"
    await runner.cleanup()


def keep(store: SqliteStore, numbers: Sequence[int], words: str = "Oil rises") -> None:
    """Keep articles, the later the number the earlier its time."""
    entries = []
    for number in numbers:
        at = START - timedelta(minutes=number)
        tagged = Tagged(
            id=f"{number:032x}",
            fetch_id=f"{number:032x}:1",
            source="a.example",
            title=words,
            text=f"{words} in {number} ports.",
            published_at=at,
            fetched_at=at,
            language="en",
            extractor="test",
        )
        entries.append(article_entry(encode(tagged), features))
    store.add(entries, [])


class Reader:
    """Reads a stream; `ready` once the worker has answered."""

    def __init__(self, session: ClientSession, url: str, query: str, last_id: str | None = None) -> None:
        headers = {"Last-Event-ID": last_id} if last_id else {}
        self._request = session.get(url, params={"query": query}, headers=headers)

    async def __aenter__(self) -> Self:
        self._answer = await self._request.__aenter__()
        assert self._answer.status == 200
        assert (await self._answer.content.readline()).startswith(b"retry:")
        await self._answer.content.readline()
        return self

    async def __aexit__(self, *error: object) -> None:
        self._answer.close()

    async def next(self) -> tuple[str, str, dict[str, object]]:
        """Return the next event: its type, its id and its data."""
        fields: dict[str, str] = {}
        while True:
            line = (await asyncio.wait_for(self._answer.content.readline(), WAIT_SECONDS)).decode().rstrip("\n")
            if line.startswith(":"):
                continue
            if not line and "data" in fields:
                return fields["event"], fields.get("id", ""), orjson.loads(fields["data"])
            name, _, value = line.partition(": ")
            fields[name] = value

    async def numbers(self, count: int) -> list[int]:
        """Return the numbers of the next articles."""
        return [int(str((await self.next())[2]["id"]), 16) for _ in range(count)]


async def test_a_search_is_followed(store: SqliteStore, url: str) -> None:
    """Readers get what their own search matches, as it is kept, in the order of arrival; what was there before is not sent."""
    keep(store, [0])
    async with (
        ClientSession() as session,
        Reader(session, url, "oil") as oil,
        Reader(session, url, "ports AND NOT oil") as rest,
    ):
        keep(store, [1], "Rain falls")
        keep(store, [3, 2])
        keep(store, [4], "Snow")

        assert await oil.numbers(2) == [3, 2]
        assert await rest.numbers(2) == [1, 4]


async def test_a_reader_that_comes_back_gets_what_it_missed(store: SqliteStore, url: str) -> None:
    """With the id of its last event it goes on behind it, and then with what comes."""
    async with ClientSession() as session:
        async with Reader(session, url, "oil") as first:
            keep(store, [1])
            _, last, article = await first.next()
        assert article["title"] == "Oil rises" and article["spans"]
        keep(store, range(2, 450))
        async with Reader(session, url, "oil", last) as again:
            keep(store, [900])
            assert await again.numbers(449) == [*range(2, 450), 900]


async def test_a_gap_is_said(store: SqliteStore, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where arrivals have been forgotten that a reader has not seen, it is told first."""
    monkeypatch.setattr(sqlite_store, "MAX_ARRIVALS", 2)
    for number in range(5):
        keep(store, [number])
    async with ClientSession() as session, Reader(session, url, "oil", "1") as reader:
        assert (await reader.next())[0] == "gap"
        assert await reader.numbers(2) == [3, 4]


async def test_a_search_that_takes_too_long_is_told_so(
    store: SqliteStore, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It passes over the rest of what came together, and goes on behind it: the other readers do not wait for it."""
    monkeypatch.setattr(history_events, "ROUND_SECONDS", -1.0)
    async with ClientSession() as session:
        async with Reader(session, url, "oil") as reader:
            keep(store, [1, 2, 3])
            assert await reader.numbers(1) == [1]
            kind, last, _ = await reader.next()
            keep(store, [4])
            assert (kind, await reader.numbers(1)) == ("gap", [4])
        async with Reader(session, url, "oil", last) as again:
            assert await again.numbers(1) == [4]


async def test_searches_that_take_too_long_together_are_told_so(
    store: SqliteStore, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look that would never end in time is one that nobody hears of; each goes on behind the gap."""
    monkeypatch.setattr(history_events, "MOST_ROUND_SECONDS", -1.0)
    async with ClientSession() as session, Reader(session, url, "oil") as reader:
        keep(store, [1, 2])
        assert (await reader.next())[:2] == ("gap", "2")
        monkeypatch.setattr(history_events, "MOST_ROUND_SECONDS", 60.0)
        keep(store, [3])
        assert await reader.numbers(1) == [3]


@pytest.mark.parametrize(
    ("parameters", "status", "said"),
    [
        ({"query": "oil embargo"}, 400, "line 1"),
        ({"last_event_id": "x"}, 400, "Last-Event-ID"),
        ({"region": "VE"}, 400, "query=region:"),
    ],
)
async def test_a_wrong_request_is_refused(url: str, parameters: dict[str, str], status: int, said: str) -> None:
    """With the place of the mistake, before a stream begins."""
    async with ClientSession() as session, session.get(url, params=parameters) as answer:
        assert answer.status == status
        assert said in (await answer.json())["error"]


async def test_readers_are_bounded(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more than there may be is asked to come later."""
    monkeypatch.setattr(history_events, "MAX_STREAMS", 1)
    async with ClientSession() as session, Reader(session, url, "oil"), session.get(url) as answer:
        assert answer.status == 503
        assert answer.headers["Retry-After"]
