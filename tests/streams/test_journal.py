"""The journal: messages come back, waiting ones are sent again, and the entrance is never wider than the room."""

import asyncio
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from aiokafka import ConsumerRecord
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.errors import JournalError
from streams.journal.inbox import leaving
from streams.journal.producer import ROOM_BYTES, Journal
from streams.journal.store import (
    InboxMessage,
    JournalEntry,
    StateRow,
    Store,
    kept_of,
    last_of,
    pack,
    snapshot,
    states_of,
    unpack,
)
from streams.topics import ALERTS, CLEAN, POLLS, RAW, REVISIONS

#: Topics and ids of messages on a broker.
SENT = ((RAW.name, b"0"), (RAW.name, b"1"), (RAW.name, b"2"), (CLEAN.name, b"2"))
BYTES = st.none() | st.binary(max_size=50)


def entry(topic: str, event: str, *, waiting: bool = True, value: bytes | None = b"v") -> JournalEntry:
    """Return a message."""
    return JournalEntry(
        topic, event, b"key", pack(value), [("ce_id", event.encode()), ("a", b"\xff")], 1000, 2, waiting
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return a journal of its own."""
    return Store(tmp_path)


def waiting(store: Store) -> list[tuple[str, str]]:
    """Return topic and id of the messages that are to be sent again."""
    return [(one.topic, one.event) for _, one in store.waiting(0, store.last(), 100)]


def test_what_is_written_outlives_a_loss_of_power(store: Store) -> None:
    """A raw record is confirmed to its sender once it is in the journal: each transaction is on the disk before."""
    full = 2
    assert store._db.execute("PRAGMA synchronous").fetchone() == (full,)
    assert store._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_each_transaction_waits_for_the_disk(tmp_path: Path) -> None:
    """The system is asked to sync the file once for each, as strace sees it."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    batches = 7
    script = (
        "import os, pathlib; from streams.journal.store import JournalEntry, Store, pack; "
        f"store = Store(pathlib.Path({str(tmp_path)!r})); os.write(1, b'begun'); "
        "[store.write([JournalEntry('news.raw', str(n), b'', pack(b'v'), [], 1, 0, True)], (), ()) "
        f"for n in range({batches})]; os.write(1, b'ended')"
    )
    done = subprocess.run(
        ["strace", "-f", "-e", "trace=write,fsync,fdatasync", sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if "begun" not in done.stderr:
        pytest.skip(f"strace may not look at processes here: {done.stderr[-200:]}")
    between = done.stderr.partition("begun")[2].partition("ended")[0]
    assert between.count("sync(") >= batches


def test_a_message_comes_back_as_it_was_written(store: Store) -> None:
    """Key, value, headers, time and partition."""
    written = entry(RAW.name, "a:1")
    store.write([written], (), ())

    with snapshot(store.path) as journal:
        [found] = journal.messages(RAW.name)
    assert found == written
    assert unpack(found.value) == b"v"


def test_the_same_message_twice_is_one(store: Store) -> None:
    """A row has the identity of its record: topic and id."""
    store.write([entry(RAW.name, "a:1"), entry(RAW.name, "a:1", value=b"again")], (), ())

    with snapshot(store.path) as journal:
        assert [unpack(one.value) for one in journal.messages(RAW.name)] == [b"again"]


def test_a_message_that_comes_again_is_as_it_came_last(store: Store) -> None:
    """It waits again, under its newest key, headers and partition, in its old place and of its old time."""
    first = entry(RAW.name, "a:1", waiting=False)
    again = JournalEntry(RAW.name, "a:1", b"other", pack(b"again"), [("ce_id", b"a:1"), ("b", b"2")], 2000, 3, True)
    store.write([first, entry(RAW.name, "b:1"), again], (), ())

    with snapshot(store.path) as journal:
        found, _ = journal.messages(RAW.name)
        assert journal.underway == {"a:1", "b:1"}
    assert found == replace(again, time_ms=first.time_ms)


def test_of_an_article_underway_the_raw_message_comes_again(store: Store) -> None:
    """Messages made of it stand back for it; those that no raw message brought come themselves."""
    store.write(
        [
            entry(RAW.name, "a:1", waiting=False),
            entry(CLEAN.name, "a:1"),
            entry(RAW.name, "b:1", waiting=False),
            entry(ALERTS.name, "alert"),
            entry(ALERTS.name, "sent", waiting=False),
        ],
        [StateRow(REVISIONS.name, 0, "wirewatch:seen:1", b"7"), StateRow(REVISIONS.name, 0, "kept", b"1")],
        (),
    )

    assert store.prepare(RAW.name, "wirewatch:seen") == 2
    assert waiting(store) == [(RAW.name, "a:1"), (ALERTS.name, "alert")]
    assert [row.key for row in states_of(store.path, REVISIONS.name)] == ["kept"]


def test_what_is_settled_does_not_come_again(store: Store) -> None:
    """A message that every group has read waits no more."""
    store.write([entry(RAW.name, "a:1"), entry(RAW.name, "b:1")], (), [(RAW.name, "a:1")])

    assert waiting(store) == [(RAW.name, "b:1")]


def test_the_oldest_message_that_waits_is_known_by_its_time(store: Store) -> None:
    """How long a laptop is behind is the age of that one; where none waits there is none."""
    assert store.oldest(9.0) == 9.0
    store.write([entry(RAW.name, "a:1"), replace(entry(RAW.name, "b:1"), time_ms=3000)], (), ())
    assert store.oldest(9.0) == 1.0
    store.write([], (), [(RAW.name, "a:1")])
    assert store.oldest(9.0) == 3.0
    store.write([], (), [(RAW.name, "b:1")])
    assert store.oldest(9.0) == 9.0


@settings(deadline=None, max_examples=25)  # each change is on disk before the next
@given(st.lists(st.tuples(st.sampled_from("abc"), BYTES), max_size=12))
def test_the_latest_state_of_each_key_is_kept(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, bytes | None]]
) -> None:
    """Any changes leave the state of a dictionary; None deletes."""
    store = Store(tmp_path_factory.mktemp("journal"))
    for key, value in changes:
        store.write((), [StateRow(REVISIONS.name, 3, key, value)], ())
    expected = {key: value for key, value in dict(changes).items() if value is not None}

    assert {row.key: row.value for row in states_of(store.path, REVISIONS.name, {3})} == expected
    store.close()


def test_the_inbox_is_any_processes(store: Store, tmp_path: Path) -> None:
    """A second opener of the file leaves messages, in their order, and they go when they are taken."""
    Store(tmp_path).put(
        [InboxMessage(RAW.name, b"k", [("ce_id", b"1")], b"one"), InboxMessage(RAW.name, None, (), None)]
    )

    first, second = store.left(10)
    store.taken([first.number])
    assert first == InboxMessage(RAW.name, b"k", [("ce_id", b"1")], b"one", first.number)
    assert store.left(10) == [second]
    with snapshot(store.path) as journal:
        assert [*journal.inbox(RAW.name), *journal.inbox(CLEAN.name)] == [second]


def test_old_messages_are_forgotten_but_not_those_that_wait(store: Store) -> None:
    """Retention is that of the topic, to the millisecond."""
    done = [entry(RAW.name, "old", waiting=False), entry(CLEAN.name, "elsewhere", waiting=False)]
    new = replace(entry(RAW.name, "new", waiting=False), time_ms=2000)
    store.write([*done, entry(RAW.name, "waits"), new], (), ())
    store.forget(RAW.name, 2000)

    with snapshot(store.path) as journal:
        kept = [one.event for topic in (RAW, CLEAN) for one in journal.messages(topic.name)]
        assert kept == ["waits", "new", "elsewhere"]
        assert journal.underway == {"waits"}


def test_all_old_messages_are_forgotten_however_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """They go some at a time, so that nobody who writes waits long."""
    monkeypatch.setattr("streams.journal.store.FORGET_ROWS", 2)
    store.write([entry(RAW.name, f"{number}", waiting=False) for number in range(5)], (), ())
    store.forget(RAW.name, 2000)

    with snapshot(store.path) as journal:
        assert list(journal.messages(RAW.name)) == []


def test_a_topic_is_read_in_parts_up_to_its_latest_message(store: Store) -> None:
    """Each part begins behind the one before; messages of other topics stand in between."""
    store.write([entry(RAW.name, "a:1"), entry(CLEAN.name, "a:1"), entry(RAW.name, "b:1")], (), ())
    store.write([entry(ALERTS.name, "alert")], (), ())

    [(first, _)] = kept_of(store.path, RAW.name, 0, 1)
    parts = kept_of(store.path, RAW.name, first, 9)
    assert [(number, one.event) for number, one in parts] == [(last_of(store.path, RAW.name), "b:1")]


def test_states_are_read_of_the_partitions_that_are_asked_for(store: Store) -> None:
    """A key of one partition is another's too, and each goes alone."""
    store.write((), [StateRow(REVISIONS.name, partition, "key", b"%d" % partition) for partition in range(3)], ())
    store.write((), [StateRow(REVISIONS.name, 2, "key", None)], ())

    assert [row.value for row in states_of(store.path, REVISIONS.name, {1, 2})] == [b"1"]
    assert [row.value for row in store.states(REVISIONS.name)] == [b"0", b"1"]


def test_a_file_that_is_no_journal_is_named(tmp_path: Path) -> None:
    """The error names the file and the remedy, to who writes and to who only reads."""
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"no database" * 1000)

    with pytest.raises(JournalError, match=r"journal\.sqlite cannot be opened.*move .*journal\.sqlite away"):
        Store(tmp_path)
    for read in (lambda: last_of(path, RAW.name), lambda: list(states_of(path, POLLS.name))):
        with pytest.raises(JournalError, match=r"journal\.sqlite cannot be read.*move .*journal\.sqlite away"):
            read()
    with pytest.raises(JournalError, match=r"journal\.sqlite cannot be read"), snapshot(path):
        pass


def test_a_journal_of_a_newer_wirewatch_is_left_alone(store: Store, tmp_path: Path) -> None:
    """Its rows may mean something else there."""
    with closing(sqlite3.connect(store.path)) as other:
        other.execute("PRAGMA user_version = 2")

    with pytest.raises(JournalError, match=r"written by a newer wirewatch \(version 2\): use that one"):
        Store(tmp_path)


def test_of_a_batch_that_fails_nothing_is_written(store: Store) -> None:
    """Not even the rows before the fault; the next batch is written."""
    with closing(sqlite3.connect(store.path)) as other:
        other.execute("DROP TABLE states")

    with pytest.raises(JournalError, match="cannot be written"):
        store.write([entry(RAW.name, "a:1")], [StateRow(REVISIONS.name, 0, "key", b"1")], ())
    store.write([entry(RAW.name, "b:1")], (), ())
    assert waiting(store) == [(RAW.name, "b:1")]


def test_an_inbox_that_is_full_takes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes are counted anew only behind so many more; a new process counts at once, and one that was full again."""
    monkeypatch.setattr("streams.journal.store.MAX_INBOX_BYTES", 3_000)
    monkeypatch.setattr("streams.journal.store.COUNTED_BYTES", 1_000)
    noise = random.Random(1)

    def put(store: Store, times: int = 1) -> None:
        for _ in range(times):
            store.put([InboxMessage(RAW.name, None, (), noise.randbytes(400))])

    with closing(Store(tmp_path)) as store, closing(Store(tmp_path)) as another:
        put(store, 7)
        for full in (another, store, store):
            with pytest.raises(JournalError, match="is full"):
                put(full, 3)
        assert len(store.left(99)) <= 9
        store.taken(message.number for message in store.left(99))
        put(store)


def test_an_inbox_lets_others_have_their_turn(tmp_path: Path) -> None:
    """Who sends message after message hears of a cancellation, as by Ctrl-C; what was sent till then is kept."""

    async def send_all() -> None:
        async with leaving(tmp_path) as inbox:
            for n in range(10_000):
                await inbox.send(RAW.name, b"%d" % n)

    async def stopped() -> None:
        sending = asyncio.ensure_future(send_all())
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(sending.cancel)
        with pytest.raises(asyncio.CancelledError):
            await sending

    asyncio.run(stopped())
    with closing(Store(tmp_path)) as store:
        found = [message.value for message in store.left(10_000)]
    assert found == [b"%d" % n for n in range(len(found))]
    assert 0 < len(found) < 1_000


def test_an_inbox_that_takes_nothing_says_what_to_do(store: Store, tmp_path: Path) -> None:
    """Whoever leaves news hears that nothing is lost, and how to mend it."""
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as other:
        other.execute("DROP TABLE inbox")

    with pytest.raises(JournalError, match=r"cannot be written: .*; what it holds stays: make room"):
        store.put([InboxMessage(RAW.name, b"key", (), b"value")])


def test_a_journal_that_was_never_filled_is_no_damaged_one(tmp_path: Path) -> None:
    """An empty file of its name is named to who reads; nothing tells them to move it away."""
    path = tmp_path / "journal.sqlite"
    path.touch()

    with pytest.raises(JournalError, match=r"journal\.sqlite cannot be read: no such table: messages$"):
        last_of(path, RAW.name)


async def test_the_entrance_is_shut_until_articles_are_through(store: Store) -> None:
    """A raw message waits while the room is full, and comes in when every group has read past an earlier one."""
    journal = Journal(store, {RAW.name: ["clean"], CLEAN.name: ["sketch"]})
    first = entry(RAW.name, "a:1")
    await journal.enter(ROOM_BYTES)
    journal.begun(first, ROOM_BYTES)
    journal.arrived(first, 0, 5)
    made = entry(CLEAN.name, "a:1")
    journal.begun(made)
    journal.arrived(made, 1, 0)
    second = asyncio.ensure_future(journal.enter(1))

    await journal.read({("clean", RAW.name, 0): 6})
    await asyncio.sleep(0)
    assert not second.done()  # what was made of the first is still to be read
    await journal.read({("clean", RAW.name, 0): 6, ("sketch", CLEAN.name, 1): 1})
    await asyncio.wait_for(second, 10)
    await journal.close()


async def test_an_article_is_through_when_the_last_group_has_read_it(store: Store) -> None:
    """Of two groups that read a topic the slower one counts; another topic's groups do not."""
    journal = Journal(store, {RAW.name: ["clean", "learn"]})
    first = entry(RAW.name, "a:1")
    store.write([first], (), ())
    journal.begun(first)
    journal.arrived(first, 0, 5)

    assert await journal.read({("clean", RAW.name, 0): 6, ("learn", RAW.name, 0): 5}) == 0
    assert await journal.read({("clean", RAW.name, 0): 6, ("learn", RAW.name, 0): 6}) == 1
    assert waiting(store) == []
    await journal.close()


async def test_how_long_the_entrance_is_shut_counts_from_the_first_that_waits(store: Store) -> None:
    """A later one does not begin anew, and none is shut once one is in."""
    journal = Journal(store, {RAW.name: ["clean"]})
    first = entry(RAW.name, "a:1")
    await journal.enter(ROOM_BYTES)
    journal.begun(first, ROOM_BYTES)
    waits = [asyncio.ensure_future(journal.enter(1))]
    await asyncio.sleep(0)
    since = journal.shut_since
    waits.append(asyncio.ensure_future(journal.enter(1)))
    await asyncio.sleep(0)
    assert since is not None
    assert journal.shut_since == since

    await journal.gave_up(first)
    await asyncio.wait_for(asyncio.gather(*waits), 10)
    assert journal.shut_since is None
    await journal.close()


async def test_the_latest_messages_of_its_own_are_known(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many of them; by topic and id."""
    monkeypatch.setattr("streams.journal.producer.MOST_KNOWN", 2)
    journal = Journal(store, {})
    for number in range(3):
        journal.sends(entry(RAW.name, f"{number}"))

    seen = [ConsumerRecord(topic, 0, 0, 0, 0, None, None, None, 0, 0, (("ce_id", event),)) for topic, event in SENT]
    assert [journal.knows(record) for record in seen] == [False, True, True, False]
    await journal.close()


async def test_what_just_fits_is_let_in(store: Store) -> None:
    """The room may be full to its last byte."""
    journal = Journal(store, {RAW.name: ["clean"]})

    await journal.enter(ROOM_BYTES - 1)
    await asyncio.wait_for(journal.enter(1), 10)
    await journal.close()


async def test_one_message_is_always_let_in(store: Store) -> None:
    """However large it is: alone it fits."""
    journal = Journal(store, {RAW.name: ["clean"]})

    await asyncio.wait_for(journal.enter(10 * ROOM_BYTES), 10)
    await journal.close()
