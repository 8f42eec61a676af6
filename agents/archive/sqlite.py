"""The store of one machine: SQLite, one file, write-ahead log.

Tables: `articles` holds one row for each fetch, `n` its place in time, and its index `articles_outlined` all that counts
need of it; `words_N` the features of the articles of a week, as an FTS5 index without content or positions, since
whether words stand together is for the matcher to say; `arrivals` which articles came last, in their order; `older` the
places of articles of which a later version is kept; `daily` how many others a day has; `backwards` every word of five
letters and more, read from its end, for terms with a wildcard at their beginning; `members` which story an article
belongs to; `events` all else. A week's index is dropped when the week is forgotten.

A reader never waits for the writer. One process writes.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from agents.archive.entries import ArticleEntry, EventEntry, counted
from agents.archive.places import (
    DAY,
    day_number,
    event_place,
    first_place,
    limits_of_day_number,
    limits_of_week,
    place,
    placed,
    week_of,
)
from agents.archive.sqlite_reading import PUNCTUATION, SqliteReader, token, words_of
from agents.archive.store import MAX_ARRIVALS
from agents.archive.vocabulary import Vocabulary
from streams.errors import ArchiveError, ArchiveUnfit

#: Files of the first version are brought to this one when they are opened.
SCHEMA_VERSION = 2

SCHEMA = """
CREATE TABLE IF NOT EXISTS articles (
    n INTEGER PRIMARY KEY, fetch_id TEXT NOT NULL UNIQUE, id TEXT NOT NULL, revision INTEGER NOT NULL, at REAL NOT NULL,
    source TEXT NOT NULL, language TEXT NOT NULL, country TEXT NOT NULL, countries TEXT NOT NULL, topics TEXT NOT NULL,
    title TEXT NOT NULL, newest INTEGER NOT NULL, record BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS articles_by_id ON articles (id);
CREATE INDEX IF NOT EXISTS articles_outlined ON articles (n, newest, source, language, countries, topics);
CREATE TABLE IF NOT EXISTS arrivals (number INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS older (n INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS daily (day INTEGER PRIMARY KEY, articles INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS properties (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS weeks (week INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS backwards (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS members (article TEXT PRIMARY KEY, story TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS members_by_story ON members (story);
CREATE TABLE IF NOT EXISTS events (
    n INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, subject TEXT NOT NULL, at REAL NOT NULL,
    record BLOB NOT NULL, UNIQUE (kind, key));
CREATE INDEX IF NOT EXISTS events_by_subject ON events (kind, subject, n);
CREATE INDEX IF NOT EXISTS events_by_kind ON events (kind, n);
"""


#: Errors that are the entries' own: a text or a number out of bounds.
UNFIT = (sqlite3.DataError, ValueError, OverflowError)


class SqliteStore(SqliteReader):
    """History in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._vocabulary = Vocabulary()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=30, check_same_thread=False, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            # What is kept is acknowledged, and comes no more: it must outlive a loss of power too.
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA cache_size = -65536")
            [version] = self._connection.execute("PRAGMA user_version").fetchone()
            if version not in (0, 1, SCHEMA_VERSION):
                raise ArchiveError(
                    f"{path} was written by a wirewatch with another schema ({version}; this one has {SCHEMA_VERSION}): "
                    "move it away, and it is built again from what Kafka retains"
                )
            self._connection.executescript(SCHEMA)
            self._file = file_at(path)
            if version != SCHEMA_VERSION:
                self._upgrade()
            found = self._connection.execute("SELECT value FROM properties WHERE name = 'titles'").fetchone()
            super().__init__(self._connection, has_titles=found is not None)
        except (sqlite3.OperationalError, OSError) as error:
            why = getattr(error, "strerror", None) or error
            raise ArchiveError(
                f"{path} cannot be opened: {why}; mend archive.url, or the folder, its rights and its room"
            ) from error
        except sqlite3.Error as error:
            raise ArchiveError(f"{path} is no archive: {error}; move it away, and it is built again") from error

    def add(self, articles: Sequence[ArticleEntry], events: Sequence[EventEntry]) -> int:
        """Keep entries, all or none; return how many were new."""
        if self.is_elsewhere():
            raise ArchiveError(f"{self._path} was moved away or deleted: what came would be kept where nobody looks")
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                new = self._add_articles(articles) + self._add_events(events)
                self._connection.execute("COMMIT")
            except BaseException:
                self._vocabulary.forget()
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except UNFIT as error:
            raise ArchiveUnfit(f"not for {self._path}: {error}") from error
        except sqlite3.Error as error:
            raise ArchiveError(f"{self._path} did not take {counted(articles, events)}: {error}") from error
        return new

    def is_elsewhere(self) -> bool:
        """Return whether the file was moved away or deleted: SQLite would write and read it on where it is now."""
        return file_at(self._path) != self._file

    def prune(self, before: float) -> int:
        """Forget everything from before a time; return how many articles went."""
        limit = place(before)
        self._connection.execute("BEGIN IMMEDIATE")
        gone = self._connection.execute("DELETE FROM articles WHERE n < ?", (limit,)).rowcount
        self._connection.execute("DELETE FROM events WHERE n < ?", (limit,))
        self._connection.execute("DELETE FROM older WHERE n < ?", (limit,))
        self._connection.execute("DELETE FROM daily WHERE day < ?", (day_number(limit),))
        end = limits_of_day_number(day_number(limit))[1]
        self._connection.execute(
            "UPDATE daily SET articles = ? WHERE day = ?", (self._kept(limit, end), day_number(limit))
        )
        if gone:
            self._connection.execute("DELETE FROM members WHERE article NOT IN (SELECT id FROM articles)")
        for week in [week for week in self._weeks() if limits_of_week(week)[1] <= limit]:
            self._connection.execute(f"DROP TABLE {words_of(week)}")
            self._connection.execute("DELETE FROM weeks WHERE week = ?", (week,))
        self._connection.execute("COMMIT")
        return gone

    def is_new(self) -> bool:
        """Return whether the file is new, and what the topics hold from before it is not yet in it."""
        return self._connection.execute("SELECT 1 FROM properties WHERE name = 'new'").fetchone() is not None

    def note_filled(self) -> None:
        """Note that all is in it that the topics held."""
        self._connection.execute("DELETE FROM properties WHERE name = 'new'")

    def merge(self) -> bool:
        """Do nothing: a file has no locks for each part."""
        return False

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _upgrade(self) -> None:
        """Bring a file of the first version to this one, or begin a new one; another process may be faster."""
        self._connection.execute("BEGIN IMMEDIATE")
        [version] = self._connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            self._connection.execute("INSERT INTO properties VALUES ('titles', 'yes'), ('new', 'yes')")
        elif version == 1:
            self._connection.execute("INSERT INTO older SELECT n FROM articles WHERE NOT newest")
            day = f"(n - (n % {place(DAY)} + {place(DAY)}) % {place(DAY)}) / {place(DAY)}"
            self._connection.execute(f"INSERT INTO daily SELECT {day}, sum(newest) FROM articles GROUP BY 1")  # noqa: S608
        self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        self._connection.execute("COMMIT")

    def _add_articles(self, articles: Sequence[ArticleEntry]) -> int:
        known = self._known("articles", "fetch_id", [article.fetch_id for article in articles])
        fresh = {article.fetch_id: article for article in articles if article.fetch_id not in known}
        arrived = self._placed("articles", [(first_place(a.at, a.fetch_id), a.fetch_id) for a in fresh.values()])
        rows = [(n, fresh[fetch_id]) for n, fetch_id in sorted(arrived.items())]
        self._connection.executemany(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
            [
                (n, a.fetch_id, a.id, a.revision, a.at, a.source, a.language, a.country, *_lists(a), a.title, a.record)
                for n, a in rows
            ],
        )
        self._index(rows)
        if fresh_words := self._vocabulary.fresh(fresh.values()):
            backwards = [(word[::-1],) for word in fresh_words]
            self._connection.executemany("INSERT OR IGNORE INTO backwards VALUES (?)", backwards)
            self._vocabulary.stored(fresh_words)
        # in the order in which they came, which is not that of their times
        self._connection.executemany("INSERT INTO arrivals (n) VALUES (?)", [(n,) for n in arrived])
        self._connection.execute(
            "DELETE FROM arrivals WHERE number <= (SELECT max(number) FROM arrivals) - ?", (MAX_ARRIVALS,)
        )
        for n, _ in rows:
            self._in_day(n, 1)
        for article_id in self._in_versions([article.id for _, article in rows]):
            self._choose_newest(article_id)
        return len(rows)

    def _in_versions(self, ids: Sequence[str]) -> list[str]:
        """Return those of some articles that have more than one version."""
        found: list[str] = []
        for part in parts_of(ids):
            query = (
                "SELECT id FROM articles INDEXED BY articles_by_id "  # noqa: S608
                f"WHERE id IN ({marks(part)}) GROUP BY id HAVING count(*) > 1"
            )
            found += [each for (each,) in self._connection.execute(query, part)]
        return found

    def _choose_newest(self, article_id: str) -> None:
        """Mark the latest version of an article, and none of the others."""
        versions = self._connection.execute(
            "SELECT n, newest FROM articles WHERE id = ? ORDER BY revision DESC, n DESC", (article_id,)
        ).fetchall()
        for position, (n, was_newest) in enumerate(versions):
            if was_newest and position:
                self._connection.execute("INSERT INTO older VALUES (?)", (n,))
                self._in_day(n, -1)
            elif not was_newest and not position:
                self._connection.execute("DELETE FROM older WHERE n = ?", (n,))
                self._in_day(n, 1)
            if bool(was_newest) == bool(position):
                self._connection.execute("UPDATE articles SET newest = ? WHERE n = ?", (not position, n))

    def _in_day(self, n: int, more: int) -> None:
        """Count an article in its day, or no longer."""
        self._connection.execute(
            "INSERT INTO daily VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET articles = articles + excluded.articles",
            (day_number(n), more),
        )

    def _index(self, rows: Sequence[tuple[int, ArticleEntry]]) -> None:
        """Add features to the indexes of their weeks, in the order of their places, as FTS5 likes it."""
        by_week: dict[int, list[tuple[int, str]]] = {}
        for n, article in rows:
            by_week.setdefault(week_of(n), []).append((n, " ".join(map(token, article.features))))
        known = self._weeks()
        for week, words in by_week.items():
            if week not in known:
                self._create(week)
            self._connection.executemany(f"INSERT INTO {words_of(week)} (rowid, words) VALUES (?, ?)", words)  # noqa: S608

    def _create(self, week: int) -> None:
        """Make the index of a week."""
        self._connection.execute(
            f"CREATE VIRTUAL TABLE {words_of(week)} USING fts5(words, content='', detail=none, columnsize=0, "
            f"tokenize=\"ascii tokenchars '{PUNCTUATION}'\")"
        )
        self._connection.execute("INSERT INTO weeks VALUES (?)", (week,))

    def _add_events(self, events: Sequence[EventEntry]) -> int:
        fresh = {(event.kind, event.key): event for event in events}
        for kind in {kind for kind, _ in fresh}:
            keys = [key for each, key in fresh if each == kind]
            for key in self._known("events", "key", keys, "kind = ? AND ", kind):
                del fresh[kind, key]
        placed = self._placed("events", [(event_place(e), f"{e.kind} {e.key}") for e in fresh.values()])
        by_name = {f"{e.kind} {e.key}": e for e in fresh.values()}
        rows = [(n, by_name[name]) for n, name in placed.items()]
        self._connection.executemany(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)",
            [(n, e.kind, e.key, e.subject, e.at, e.record) for n, e in rows],
        )
        self._connection.executemany(
            "INSERT OR REPLACE INTO members VALUES (?, ?)", [(e.member, e.subject) for _, e in rows if e.member]
        )
        return len(rows)

    def _known(self, table: str, column: str, keys: Sequence[str], more: str = "", *values: str) -> set[str]:
        """Return those of some keys that a table has."""
        found: set[str] = set()
        for part in parts_of(keys):
            query = f"SELECT {column} FROM {table} WHERE {more}{column} IN ({marks(part)})"  # noqa: S608
            found.update(key for (key,) in self._connection.execute(query, (*values, *part)))
        return found

    def _placed(self, table: str, items: Iterable[tuple[int, str]]) -> dict[int, str]:
        """Give each item a free place, that which it had best have or one behind it."""
        query = f"SELECT 1 FROM {table} WHERE n = ?"  # noqa: S608
        return placed(items, lambda n: self._connection.execute(query, (n,)).fetchone() is not None)


def file_at(path: Path) -> tuple[int, int] | None:
    """Return which file stands at a path; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def parts_of(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a list into pieces that one statement takes."""
    return (keys[start : start + 500] for start in range(0, len(keys), 500))


def marks(values: Sequence[str]) -> str:
    """Return a question mark for each value."""
    return ",".join("?" * len(values))


def _lists(article: ArticleEntry) -> tuple[str, str]:
    return " ".join(article.countries), " ".join(article.topics)
