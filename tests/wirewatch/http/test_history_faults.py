"""A store that breaks under the questions of the page: it is said so, and the next question is answered."""

import sys
from pathlib import Path

import psycopg
import pytest

from streams.errors import ArchiveError
from tests.support.real_postgres import BINARIES, RealPostgres
from wirewatch.http.history.asking import History


async def test_a_database_that_dies_is_an_error_of_the_history() -> None:
    """Not one of its driver, which nobody would answer with 503; the connection is made anew."""
    if not BINARIES:
        pytest.skip("postgresql is not installed (Debian: apt-get install postgresql)")
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
