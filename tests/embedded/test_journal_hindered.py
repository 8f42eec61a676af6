"""A laptop's disk that takes nothing for a while: its steps wait, health says why, and all goes on by itself."""

import asyncio
import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from streams.errors import JournalError
from streams.journal.producer import RUNNING, Journal, JournaledProducer
from streams.journal.store import JournalEntry, Store, journal_error, passes
from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.settings import Settings
from streams.topics import RAW
from wirewatch.laptop import keeping
from wirewatch.metrics import new_metrics
from wirewatch.service import Service
from wirewatch.steps import STEPS


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    """Return a journal in a folder, which is looked at often."""
    monkeypatch.setattr("streams.journal.producer.AGAIN_SECONDS", 0.002)
    monkeypatch.setattr("wirewatch.laptop.keeping.LOOK_SECONDS", 0.002)
    store = Store(tmp_path)
    journal = Journal(store, {RAW.name: ["group"]})
    yield journal
    store.close()


def fill(store: Store) -> None:
    """Let SQLite find no room for another page."""
    store._db.execute("PRAGMA max_page_count = 1")


def make_room(store: Store) -> None:
    """Give it back."""
    store._db.execute("PRAGMA max_page_count = 100000")


def entry() -> JournalEntry:
    """Return a message that needs pages of its own."""
    return JournalEntry(RAW.name, "one", b"key", os.urandom(50_000), (), 1_000, None, True)


async def test_what_the_disk_does_not_take_waits(journal: Journal) -> None:
    """Health, a metric and the worker's readiness say it within a look, and it is written once there is room."""
    service = Service(Settings(), [STEPS["clean"]], new_metrics())
    telling = asyncio.ensure_future(keeping.tell(journal, service))
    fill(journal.store)
    writing = asyncio.ensure_future(journal.write([entry()], (), ()))
    async with asyncio.timeout(30):
        while "journal" not in service.failures:
            await asyncio.sleep(0.002)
        assert "full; what it holds stays: make room" in service.failures["journal"]
        assert not service.ready
        assert await journal.call(journal.store.last) == 0  # whatever only reads goes on
        assert journal.hindered.is_set()
        assert journal.metrics.errors._value.get() >= 1

        make_room(journal.store)
        await writing
        while service.failures:
            await asyncio.sleep(0.002)
    assert await journal.call(journal.store.last) == 1
    telling.cancel()
    await asyncio.gather(telling, return_exceptions=True)
    await journal.close()


async def test_a_folder_that_is_moved_away_is_waited_for(journal: Journal, tmp_path: Path) -> None:
    """SQLite would write on, into a file that nobody finds; another file in its place is none of it, the same one is."""
    path, away = journal.store.path, tmp_path / "away"
    path.rename(away)
    writing = asyncio.ensure_future(journal.write([entry()], (), ()))
    async with asyncio.timeout(30):
        await journal.hindered.wait()
        path.touch()
        await asyncio.sleep(0.01)
        assert "was moved away or deleted" in journal.why
        assert not writing.done()
        away.rename(path)
        await writing
    assert await journal.call(journal.store.last) == 1
    await journal.close()


async def test_a_laptop_stops_while_its_disk_is_full(journal: Journal) -> None:
    """A message that is not on disk was promised to nobody: the stop waits for no room."""
    settings, store = Settings(), journal.store
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap, settings.kafka.journal = broker.bootstrap, str(store.path)
        RUNNING[str(store.path)] = journal
        try:
            async with asyncio.timeout(30):
                async with producing(settings.kafka) as producer:
                    assert isinstance(producer, JournaledProducer)
                    await producer.partitions_for(RAW.name)
                    fill(store)
                    sent = await producer.send(RAW.name, os.urandom(50_000), headers=[("ce_id", b"one")])
                    await journal.hindered.wait()
                assert isinstance(sent, asyncio.Future)
                assert not sent.done()
        finally:
            del RUNNING[str(store.path)]
    make_room(store)
    assert store.last() == 0
    await journal.close()


async def test_only_who_has_to_start_again_is_told_to(journal: Journal) -> None:
    """A disk that is full is waited for, whatever was asked of it, but not while a laptop starts; what never passes ends it."""
    journal.store._db.execute("DROP TABLE IF EXISTS inbox")
    with pytest.raises(JournalError, match=r"cannot be used: no such table.*start again$"):
        await journal.call(journal.store.left, 1)
    for wanted, anew in (("used", False), ("written", False), ("opened", True)):
        error = journal_error(journal.store.path, wanted, OSError(errno.ENOSPC, "No space left on device"))
        assert str(error).endswith("start again") == anew
    await journal.close()


def test_what_passes_and_what_does_not(tmp_path: Path) -> None:
    """Somebody's lock passes; a table that is missing and a closed file never do."""

    def passing(store: Store) -> bool:
        with pytest.raises((JournalError, sqlite3.Error)) as found:
            store.write([entry()], (), ())
        return passes(found.value)

    store = Store(tmp_path)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        store._db.execute("PRAGMA busy_timeout = 1")
        other.execute("BEGIN IMMEDIATE")
        assert passing(store)
        other.execute("ROLLBACK")
        other.execute("DROP TABLE messages")
        assert not passing(store)
    store.close()
    assert not passing(store)
