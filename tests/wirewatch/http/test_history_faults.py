"""A store that breaks under the questions of the page: it is said so, and the next question is answered."""

import asyncio
import itertools
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from agents.archive.sqlite import SqliteStore
from agents.archive.store import Span, Store
from streams.errors import ArchiveError
from streams.settings import Settings
from tests.support.history import fill
from tests.support.real_postgres import RealPostgres
from wirewatch.history.search import Search
from wirewatch.history.time_limit import TimeOverError, ending_at, timed
from wirewatch.http.history.asking import BusyError, History
from wirewatch.http.watches.trying import tried


async def test_a_database_that_dies_is_an_error_of_the_history() -> None:
    """Not one of its driver, which nobody would answer with 503; the connection is made anew."""
    with RealPostgres() as server:
        history = History(server.url)
        assert await history.ask(lambda store: store.oldest()) == 0.0
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        with pytest.raises(ArchiveError, match="history cannot be asked"):
            await history.ask(lambda store: store.oldest())
        assert await history.ask(lambda store: store.oldest()) == 0.0
        history.close()


async def test_a_file_that_is_damaged_is_one_too(tmp_path: Path) -> None:
    """And a fault of our own is raised as itself."""
    history = History(f"sqlite:{tmp_path / 'archive.db'}")
    with pytest.raises(ArchiveError, match="no such table"):
        await history.ask(lambda store: store._connection.execute("SELECT 1 FROM gone"))  # type: ignore[attr-defined]
    with pytest.raises(ZeroDivisionError):
        await history.ask(lambda _: 1 // 0)
    history.close()


async def test_a_database_without_its_library_is_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's other questions are answered: the address alone may stand in settings that many workers share."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "agents.archive.postgres", raising=False)
    history = History("postgresql://desk@host/news")
    with pytest.raises(ArchiveError, match=r"wirewatch\[postgres\]"):
        await history.ask(lambda store: store.oldest())
    history.close()


async def test_a_question_that_is_given_up_ends(tmp_path: Path) -> None:
    """Its thread is free for the next one, and does not go through articles that nobody waits for."""
    history = History(f"sqlite:{tmp_path / 'archive.db'}", answer_seconds=0.05)
    ended = threading.Event()

    def endless(_: Store) -> None:
        try:
            for _each in timed(itertools.count()):
                pass
        finally:
            ended.set()

    with pytest.raises(BusyError, match="takes too long"):
        await history.ask(endless)
    assert await asyncio.to_thread(ended.wait, 60)
    history.close()


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


async def is_ended(url: str) -> None:
    """Ask a store something without an end, and see that it ends it itself; another question is answered."""
    history = History(url, answer_seconds=0.3)
    ended = threading.Event()

    def endless(store: Store) -> None:
        try:
            store._connection.execute(ENDLESS).fetchall()  # type: ignore[attr-defined]
        finally:
            ended.set()

    with pytest.raises((BusyError, ArchiveError)):
        await history.ask(endless)
    assert await asyncio.to_thread(ended.wait, 60)
    history.close()
    again = History(url)
    assert await again.ask(lambda store: store.oldest()) == 0.0
    again.close()


async def test_a_file_ends_what_takes_too_long(tmp_path: Path) -> None:
    """A statement is ended within, not only between two articles."""
    await is_ended(f"sqlite:{tmp_path / 'archive.db'}")


async def test_a_database_ends_what_takes_too_long() -> None:
    """And so does PostgreSQL."""
    with RealPostgres() as server:
        await is_ended(server.url)


def test_whatever_tries_articles_ends_in_time(tmp_path: Path) -> None:
    """The newest, the best, counts that the store cannot give, and a watch that is tried."""
    store = SqliteStore(tmp_path / "archive.db")
    fill(store)
    search = Search(store, '"the port" OR strike')
    with ending_at(0.0):
        for question in (
            lambda: search.newest(Span(), 5),
            lambda: search.best(Span(), 5),
            lambda: search.counts(Span()),
            lambda: tried({"name": "a", "query": "strike", "severity": "info"}, store, 90.0, Settings()),
        ):
            with pytest.raises(TimeOverError):
                question()
    assert search.newest(Span(), 5).hits
    store.close()
