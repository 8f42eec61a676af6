"""The journal's file: messages by topic and id, states by topic, partition and key, in SQLite.

One thread writes, a transaction for each batch that has come in meanwhile; readers open connections of their own (WAL).
"""

import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, cast

import msgspec

from streams.errors import JournalError

NAME = "journal.sqlite"
VERSION = 1
#: Messages are packed: pages are five times smaller then, and the packed size is what the broker has to keep.
LEVEL = 1
#: Rows that are deleted in one transaction, so that writers do not wait long.
FORGET_ROWS = 500
#: Packed bytes that may wait in the inbox, and those behind which they are counted anew: each count reads the whole inbox.
MAX_INBOX_BYTES, COUNTED_BYTES = 1 << 30, 16 << 20

_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, event TEXT NOT NULL, waiting INTEGER NOT NULL, key BLOB,
    partition INTEGER, time_ms INTEGER NOT NULL, headers BLOB NOT NULL, value BLOB, UNIQUE (topic, event)
);
CREATE INDEX IF NOT EXISTS waiting ON messages (id) WHERE waiting;
CREATE INDEX IF NOT EXISTS ages ON messages (topic, time_ms);
CREATE TABLE IF NOT EXISTS states (
    topic TEXT NOT NULL, partition INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,
    headers BLOB NOT NULL,
    PRIMARY KEY (topic, partition, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inbox (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, key BLOB, headers BLOB NOT NULL, value BLOB
);
"""
_UPSERT = """
INSERT INTO messages (topic, event, waiting, key, partition, time_ms, headers, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (topic, event) DO UPDATE SET waiting = excluded.waiting, headers = excluded.headers, value = excluded.value,
    key = excluded.key, partition = excluded.partition
"""

Headers = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A message as it was sent: `event` is its `ce_id`, `value` is packed, `partition` None follows the key."""

    topic: str
    event: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    time_ms: int
    partition: int | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class StateRow:
    """A change of state; `value` None deletes it."""

    topic: str
    partition: int
    key: str
    value: bytes | None
    headers: Headers = ()


class InboxMessage(NamedTuple):
    """A message that waits to be let in; `number` is its place in the inbox once it is there."""

    topic: str
    key: bytes | None
    headers: Headers
    value: bytes | None
    number: int = 0


def pack(value: bytes | None) -> bytes | None:
    """Return a value as the journal keeps it."""
    return None if value is None else zlib.compress(value, LEVEL)


def unpack(value: bytes | None) -> bytes | None:
    """Return a value from the journal."""
    return None if value is None else zlib.decompress(value)


class Store:
    """The file itself; blocking, for a thread."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._uncounted = COUNTED_BYTES
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
            self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000;")
            found = self._db.execute("PRAGMA user_version").fetchone()[0]
            if found > VERSION:
                raise JournalError(f"{self.path} was written by a newer wirewatch (version {found}): use that one")
            self._db.executescript(_SCHEMA)
            self._db.execute(f"PRAGMA user_version = {VERSION}")
            self._file = self.path.stat()
        except (sqlite3.Error, OSError) as error:
            raise journal_error(self.path, "opened", error) from error

    def require_place(self) -> None:
        """Raise `JournalError` where the file is not in its place: later records would be lost with it."""
        try:
            there = os.path.samestat(self.path.stat(), self._file)
        except FileNotFoundError:
            there = False
        if not there:
            error = OSError("it was moved away or deleted while it runs: put it back, or stop the laptop")
            raise journal_error(self.path, "written", error) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def write(
        self, entries: Iterable[JournalEntry], states: Iterable[StateRow], settled: Iterable[tuple[str, str]]
    ) -> None:
        """Write a batch in one transaction: messages, states, and settled offsets."""
        self.require_place()
        try:
            with closing(self._db.cursor()) as cursor:
                cursor.execute("BEGIN IMMEDIATE")
                cursor.executemany(_UPSERT, (_row(entry) for entry in entries))
                for state in states:
                    self._write_state(cursor, state)
                cursor.executemany("UPDATE messages SET waiting = 0 WHERE topic = ? AND event = ?", settled)
                cursor.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise journal_error(self.path, "written", error) from error

    def _write_state(self, cursor: sqlite3.Cursor, state: StateRow) -> None:
        where = (state.topic, state.partition, state.key)
        if state.value is None:
            cursor.execute("DELETE FROM states WHERE topic = ? AND partition = ? AND key = ?", where)
        else:
            cursor.execute(
                "INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?, ?)",
                (*where, pack(state.value), _packed(state.headers)),
            )

    def prepare(self, raw_topic: str, order_key: str) -> int:
        """Make ready for a new start; return how many messages are to be sent again.

        Of what waits, a message that a raw message brought stands back for that; marks that name offsets are forgotten.
        """
        with closing(self._db.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            brought = "SELECT event FROM messages WHERE waiting"
            cursor.execute(f"UPDATE messages SET waiting = 1 WHERE topic = ? AND event IN ({brought})", (raw_topic,))  # noqa: S608
            cursor.execute(
                "UPDATE messages SET waiting = 0 WHERE waiting AND topic != ? "
                "AND event IN (SELECT event FROM messages WHERE topic = ?)",
                (raw_topic, raw_topic),
            )
            cursor.execute("DELETE FROM states WHERE key LIKE ?", (f"{order_key}%",))
            cursor.execute("COMMIT")
        return int(self._db.execute("SELECT count(*) FROM messages WHERE waiting").fetchone()[0])

    def last(self) -> int:
        """Return the number of the newest message, 0 where there is none."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM messages").fetchone()[0])

    def waiting(self, after: int, last: int, most: int) -> list[tuple[int, JournalEntry]]:
        """Return messages that wait, in the order in which they came, with their numbers: behind `after`, up to `last`."""
        query = f"SELECT id, {_COLUMNS} FROM messages WHERE waiting AND id > ? AND id <= ? ORDER BY id LIMIT ?"  # noqa: S608
        return [(row[0], _entry(row[1:])) for row in self._db.execute(query, (after, last, most))]

    def oldest(self, now: float) -> float:
        """Return the arrival of the oldest waiting message, in epoch seconds; `now` where none waits."""
        row = self._db.execute("SELECT time_ms FROM messages WHERE waiting ORDER BY id LIMIT 1").fetchone()
        return now if row is None else float(row[0]) / 1000

    def states(self, topic: str) -> Iterator[StateRow]:
        """Yield the states of a topic."""
        return states_of(self.path, topic, None)

    def put(self, messages: Iterable[InboxMessage]) -> None:
        """Leave messages for whoever runs on this journal; any process may, at any time."""
        rows = [(each.topic, each.key, _packed(each.headers), pack(each.value)) for each in messages]
        self._uncounted += sum(len(row[3] or b"") for row in rows)
        held = 0
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT INTO inbox (topic, key, headers, value) VALUES (?, ?, ?, ?)", rows)
            if self._uncounted > COUNTED_BYTES:
                held = self._db.execute("SELECT coalesce(sum(length(value)), 0) FROM inbox").fetchone()[0]
                self._uncounted = COUNTED_BYTES if held > MAX_INBOX_BYTES else 0
            self._db.execute("COMMIT" if held <= MAX_INBOX_BYTES else "ROLLBACK")
        except sqlite3.Error as error:
            raise journal_error(self.path, "written", error) from error
        if held > MAX_INBOX_BYTES:
            raise JournalError(
                f"the inbox of {self.path} is full ({MAX_INBOX_BYTES >> 20} MiB wait): start `wirewatch run --data` there"
            )

    def left(self, most: int) -> list[InboxMessage]:
        """Return the oldest messages of the inbox."""
        rows = self._db.execute(f"SELECT {_INBOX_COLUMNS} FROM inbox ORDER BY id LIMIT ?", (most,))  # noqa: S608
        return [_inbox_message(row) for row in rows]

    def taken(self, numbers: Iterable[int]) -> None:
        """Delete messages of the inbox, which are journaled now."""
        self._db.executemany("DELETE FROM inbox WHERE id = ?", ((number,) for number in numbers))

    def forget(self, topic: str, before_ms: int) -> None:
        """Delete a topic's messages from before a time that wait for nobody."""
        old = "SELECT id FROM messages WHERE topic = ? AND time_ms < ? AND NOT waiting LIMIT ?"
        while self._db.execute(f"DELETE FROM messages WHERE id IN ({old})", (topic, before_ms, FORGET_ROWS)).rowcount:  # noqa: S608
            pass

    def bytes(self) -> int:
        """Return the size of the journal on disk."""
        return sum(p.stat().st_size for p in self.path.parent.glob(f"{NAME}*"))


_INBOX_COLUMNS = "topic, key, headers, value, id"
_COLUMNS = "topic, event, key, value, headers, time_ms, partition, waiting"


def _row(entry: JournalEntry) -> tuple[object, ...]:
    headers = _packed(entry.headers)
    return (
        entry.topic, entry.event, int(entry.waiting), entry.key, entry.partition, entry.time_ms, headers, entry.value,
    )  # fmt: skip


def _entry(row: Sequence[object]) -> JournalEntry:
    topic, event, key, value, headers, time_ms, partition, waiting = row
    return JournalEntry(topic, event, key, value, _headers(headers), time_ms, partition, bool(waiting))  # type: ignore[arg-type]


def _inbox_message(row: Sequence[object]) -> InboxMessage:
    topic, key, headers, value, number = row
    return InboxMessage(topic, key, _headers(headers), unpack(value), number)  # type: ignore[arg-type]


def _packed(headers: Headers) -> bytes:
    return msgspec.msgpack.encode(list(headers))


def _headers(packed: object) -> Headers:
    return msgspec.msgpack.decode(cast("bytes", packed), type=list[tuple[str, bytes]])


def journal_error(path: Path, wanted: str, error: Exception) -> JournalError:
    """Return the error, with advice, of a journal that cannot be `wanted`: opened, read, written, used.

    What passes is waited for, but not by a start.
    """
    if type(error) is sqlite3.DatabaseError:  # its subclasses are of a full disk, of locks, of rights
        advice = (
            f"; it is damaged, or no journal: put back a copy of {path.parent}, or move {path} away with its -wal and -shm files "
            "and begin with an empty one"
        )
    elif wanted == "read":
        advice = ""
    else:
        anew = "" if wanted != "opened" and passes(error) else ", and start again"
        advice = f"; what it holds stays: make room, or mend its folder{anew}"
    return JournalError(f"the journal {path} cannot be {wanted}: {error}{advice}")


#: What SQLite says of a file that can be used again later: a full disk, one that is read-only or fails, locks of others, a limit
#: of open files or of memory.
_PASSES = frozenset(
    (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_NOMEM,
    )
)


def passes(error: BaseException) -> bool:
    """Return whether a journal that cannot be used may be usable again by itself, once whatever hinders it has gone."""
    found = error.__cause__ if isinstance(error, JournalError) else error
    if isinstance(found, sqlite3.Error):
        code = getattr(found, "sqlite_errorcode", 0)  # an error of the module itself, as of a closed file, has none
        return code & 0xFF in _PASSES and code != sqlite3.SQLITE_READONLY_DBMOVED
    return isinstance(found, OSError)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that only reads. Raises `JournalError` for a file that cannot be read, or is no journal."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as db:
            yield db
    except sqlite3.Error as error:
        raise journal_error(path, "read", error) from error


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A journal as it is at one moment: its messages by topic, those of its inbox, and the ids of which some message waits."""

    messages: Callable[[str], Iterator[JournalEntry]]
    inbox: Callable[[str], Iterator[InboxMessage]]
    underway: frozenset[str]


@contextmanager
def snapshot(path: Path) -> Iterator[Snapshot]:
    """Give a journal as it is at this moment, whatever is written meanwhile."""
    with reading(path) as db:
        db.execute("BEGIN")

        def messages(topic: str) -> Iterator[JournalEntry]:
            for row in db.execute(f"SELECT {_COLUMNS} FROM messages WHERE topic = ? ORDER BY id", (topic,)):  # noqa: S608
                yield _entry(row)

        def inbox(topic: str) -> Iterator[InboxMessage]:
            for row in db.execute(f"SELECT {_INBOX_COLUMNS} FROM inbox WHERE topic = ? ORDER BY id", (topic,)):  # noqa: S608
                yield _inbox_message(row)

        underway = frozenset(row[0] for row in db.execute("SELECT event FROM messages WHERE waiting"))
        yield Snapshot(messages, inbox, underway)


def last_of(path: Path, topic: str) -> int:
    """Return the number of the latest message of a topic in a journal's file; 0 where there is none."""
    with reading(path) as db:
        return int(db.execute("SELECT coalesce(max(id), 0) FROM messages WHERE topic = ?", (topic,)).fetchone()[0])


def first_since(path: Path, topic: str, time_ms: int) -> int:
    """Return the number of the first message of a topic from a time on in a journal's file; 0 where there is none."""
    with reading(path) as db:
        query = "SELECT coalesce(min(id), 0) FROM messages WHERE topic = ? AND time_ms >= ?"
        return int(db.execute(query, (topic, time_ms)).fetchone()[0])


def kept_of(path: Path, topic: str, after: int, most: int) -> list[tuple[int, JournalEntry]]:
    """Return messages of a topic from a journal's file, with their numbers: behind `after`, in the order of their coming."""
    with reading(path) as db:
        query = f"SELECT id, {_COLUMNS} FROM messages WHERE topic = ? AND id > ? ORDER BY id LIMIT ?"  # noqa: S608
        return [(row[0], _entry(row[1:])) for row in db.execute(query, (topic, after, most))]


def states_of(path: Path, topic: str, partitions: set[int] | None = None) -> Iterator[StateRow]:
    """Yield the states of a topic from a journal's file, of these partitions or all."""
    with reading(path) as db:
        query = "SELECT partition, key, value, headers FROM states WHERE topic = ?"
        for partition, key, value, headers in db.execute(query, (topic,)):
            if partitions is None or partition in partitions:
                yield StateRow(topic, partition, key, unpack(value), _headers(headers))
