"""The store of one machine: SQLite, one file, write-ahead log.

Tables: `articles` holds one row for each fetch, `n` its place in time; `words_N` the features of the
articles of a week, as an FTS5 index without content or positions, since whether words stand together is for the matcher to say;
`backwards` every word of five letters and more, read from its end, for terms with a wildcard at their beginning;
`members` which story an article belongs to; `events` all else. A week's index is dropped when the week is forgotten.

A reader never waits for the writer. One process writes.
"""

import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from agents.archive.entries import ArticleEntry, EventEntry, Kind
from agents.archive.expressions import Grammar
from agents.archive.expressions import expression as expression_of
from agents.archive.places import bounds, limits_of_week, place, placed, week_of
from agents.archive.store import MAX_EXPANSION, Alternatives, ArticleRow, EventRow, Span
from agents.archive.vocabulary import Vocabulary
from streams.errors import ArchiveError

SCHEMA_VERSION = 1

#: Rows that are read at once: enough for a page, few enough to stop soon.
BATCH = 200

SCHEMA = """
CREATE TABLE IF NOT EXISTS articles (
    n INTEGER PRIMARY KEY, fetch_id TEXT NOT NULL UNIQUE, id TEXT NOT NULL, revision INTEGER NOT NULL, at REAL NOT NULL,
    source TEXT NOT NULL, language TEXT NOT NULL, country TEXT NOT NULL, countries TEXT NOT NULL, topics TEXT NOT NULL,
    title TEXT NOT NULL, newest INTEGER NOT NULL, record BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS articles_by_id ON articles (id);
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

#: A query of FTS5.
FTS5 = Grammar(" AND ", " OR ", lambda feature: quoted(token(feature)), lambda letters: f"{quoted(token(letters))} *")

COLUMNS = (
    "articles.n, articles.id, articles.at, articles.source, articles.language, articles.countries, articles.topics, "
    "coalesce((SELECT story FROM members WHERE article = articles.id), ''), articles.record"
)


class SqliteStore:
    """History in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._vocabulary = Vocabulary()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=30, check_same_thread=False, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA cache_size = -65536")
            [version] = self._connection.execute("PRAGMA user_version").fetchone()
            if version not in (0, SCHEMA_VERSION):
                raise ArchiveError(
                    f"{path} was written by a wirewatch with another schema ({version}; this one has {SCHEMA_VERSION}): "
                    "move it away, and it is built again from what Kafka retains"
                )
            self._connection.executescript(SCHEMA)
            self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        except (sqlite3.Error, OSError) as error:
            raise ArchiveError(
                f"{path} cannot be opened as an archive: {error}; move away what is there, and it is built again"
            ) from error

    def add(self, articles: Sequence[ArticleEntry], events: Sequence[EventEntry]) -> int:
        """Keep entries, all or none; return how many were new."""
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
        except sqlite3.Error as error:
            raise ArchiveError(f"{self._path} did not take {len(articles)} articles: {error}") from error
        return new

    def candidates(self, wanted: Alternatives, span: Span) -> Iterator[ArticleRow]:
        """Yield the newest version of each article that may match, the newest article first."""
        low, high = bounds(span)
        if not wanted:
            query = f"SELECT {COLUMNS} FROM articles WHERE newest AND n >= ? AND n < ?"  # noqa: S608 - names, no values
            yield from self._rows(query, low, high)
            return
        expression = expression_of(wanted, FTS5, self._words_like)
        for week in self._weeks() if expression else ():
            first, last = limits_of_week(week)
            if last > low and first < high:
                query = (
                    f"SELECT {COLUMNS} FROM words_{week} JOIN articles ON articles.n = words_{week}.rowid "  # noqa: S608
                    f"WHERE words_{week} MATCH ? AND words_{week}.rowid >= ? AND words_{week}.rowid < ? AND newest"
                )
                yield from self._rows(query, max(low, first), min(high, last), (expression,), f"words_{week}.rowid")

    def article(self, article_id: str) -> list[ArticleRow]:
        """Return every version of an article, the latest first."""
        query = f"SELECT {COLUMNS} FROM articles WHERE id = ? ORDER BY revision DESC, n DESC"  # noqa: S608
        return [_row(found) for found in self._connection.execute(query, (article_id,))]

    def story_articles(self, story: str, limit: int) -> list[ArticleRow]:
        """Return the newest articles of a story."""
        query = (
            f"SELECT {COLUMNS} FROM members JOIN articles ON articles.id = members.article AND newest "  # noqa: S608
            "WHERE members.story = ? ORDER BY articles.n DESC LIMIT ?"
        )
        return [_row(found) for found in self._connection.execute(query, (story, limit))]

    def events(self, kind: Kind, subject: str | None, span: Span, limit: int) -> list[EventRow]:
        """Return events of a kind, the newest first."""
        low, high = bounds(span)
        where, values = ("AND subject = ?", (subject,)) if subject is not None else ("", ())
        query = (
            "SELECT n, kind, key, subject, at, record FROM events "  # noqa: S608
            f"WHERE kind = ? {where} AND n >= ? AND n < ? ORDER BY n DESC LIMIT ?"
        )
        return [EventRow(*found) for found in self._connection.execute(query, (kind, *values, low, high, limit))]

    def latest(self, kind: Kind, since: float, limit: int) -> list[EventRow]:
        """Return the latest event of each subject that has one since then, the newest first."""
        query = (
            "SELECT n, kind, key, subject, at, record FROM events WHERE n IN "
            "(SELECT max(n) FROM events WHERE kind = ? AND n >= ? GROUP BY subject) ORDER BY n DESC LIMIT ?"
        )
        return [EventRow(*found) for found in self._connection.execute(query, (kind, place(since), limit))]

    def prune(self, before: float) -> int:
        """Forget everything from before a time; return how many articles went."""
        limit = place(before)
        self._connection.execute("BEGIN IMMEDIATE")
        gone = self._connection.execute("DELETE FROM articles WHERE n < ?", (limit,)).rowcount
        self._connection.execute("DELETE FROM events WHERE n < ?", (limit,))
        if gone:
            self._connection.execute("DELETE FROM members WHERE article NOT IN (SELECT id FROM articles)")
        for week in [week for week in self._weeks() if limits_of_week(week)[1] <= limit]:
            self._connection.execute(f"DROP TABLE words_{week}")
            self._connection.execute("DELETE FROM weeks WHERE week = ?", (week,))
        self._connection.execute("COMMIT")
        return gone

    def oldest(self) -> float:
        """Return the time of the oldest article."""
        found = self._connection.execute("SELECT at FROM articles ORDER BY n LIMIT 1").fetchone()
        return found[0] if found else 0.0

    def size(self) -> tuple[int, int]:
        """Return how many articles are kept, and the bytes of the pages in use: freed ones are filled again."""
        [count] = self._connection.execute("SELECT count(*) FROM articles").fetchone()
        pages, free, page_bytes = (
            self._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return count, (pages - free) * page_bytes

    def reader(self) -> "SqliteStore":
        """Return a second connection, for one thread that reads while this one writes."""
        return SqliteStore(self._path)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _add_articles(self, articles: Sequence[ArticleEntry]) -> int:
        known = self._known("articles", "fetch_id", [article.fetch_id for article in articles])
        fresh = {article.fetch_id: article for article in articles if article.fetch_id not in known}
        placed = sorted(self._placed("articles", [(a.at, a.fetch_id) for a in fresh.values()]).items())
        rows = [(n, fresh[fetch_id]) for n, fetch_id in placed]
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
        for article_id in {article.id for _, article in rows}:
            self._connection.execute(
                "UPDATE articles SET newest = (n = (SELECT n FROM articles WHERE id = ? "
                "ORDER BY revision DESC, n DESC LIMIT 1)) WHERE id = ?",
                (article_id, article_id),
            )
        return len(rows)

    def _index(self, rows: Sequence[tuple[int, ArticleEntry]]) -> None:
        """Add features to the indexes of their weeks, in the order of their places, as FTS5 likes it."""
        by_week: dict[int, list[tuple[int, str]]] = {}
        for n, article in rows:
            by_week.setdefault(week_of(n), []).append((n, " ".join(map(token, article.features))))
        known = self._weeks()
        for week, words in by_week.items():
            if week not in known:
                self._create(week)
            self._connection.executemany(f"INSERT INTO words_{week} (rowid, words) VALUES (?, ?)", words)  # noqa: S608

    def _create(self, week: int) -> None:
        """Make the index of a week."""
        self._connection.execute(
            f"CREATE VIRTUAL TABLE words_{week} USING fts5(words, content='', detail=none, columnsize=0, "
            f"tokenize=\"ascii tokenchars '{PUNCTUATION}'\")"
        )
        self._connection.execute("INSERT INTO weeks VALUES (?)", (week,))

    def _weeks(self) -> list[int]:
        """Return the weeks that have an index, the newest first: another process may have made or dropped one."""
        return [week for (week,) in self._connection.execute("SELECT week FROM weeks ORDER BY week DESC")]

    def _add_events(self, events: Sequence[EventEntry]) -> int:
        fresh = {(event.kind, event.key): event for event in events}
        for kind in {kind for kind, _ in fresh}:
            keys = [key for each, key in fresh if each == kind]
            for key in self._known("events", "key", keys, "kind = ? AND ", kind):
                del fresh[kind, key]
        placed = self._placed("events", [(e.at, f"{e.kind} {e.key}") for e in fresh.values()])
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
        for start in range(0, len(keys), 500):
            part = keys[start : start + 500]
            marks = ",".join("?" * len(part))
            query = f"SELECT {column} FROM {table} WHERE {more}{column} IN ({marks})"  # noqa: S608
            found.update(key for (key,) in self._connection.execute(query, (*values, *part)))
        return found

    def _placed(self, table: str, items: Iterable[tuple[float, str]]) -> dict[int, str]:
        """Give each item a free place at its time."""
        query = f"SELECT 1 FROM {table} WHERE n = ?"  # noqa: S608
        return placed(items, lambda n: self._connection.execute(query, (n,)).fetchone() is not None)

    def _rows(
        self, query: str, low: int, high: int, values: tuple[str, ...] = (), column: str = "n"
    ) -> Iterator[ArticleRow]:
        """Yield a query's rows from the highest place down, read batch by batch."""
        while True:
            found = self._connection.execute(
                f"{query} ORDER BY {column} DESC LIMIT {BATCH}", (*values, low, high)
            ).fetchall()
            yield from map(_row, found)
            if len(found) < BATCH:
                return
            high = found[-1][0]

    def _words_like(self, pattern: str) -> list[str]:
        """Return the words that end so, or hold it."""
        letters = pattern.strip("*")[::-1]
        if pattern.endswith("*"):
            glob = "*" + re.sub(r"([*?\[])", r"[\1]", letters) + "*"
            found = self._connection.execute(
                "SELECT word FROM backwards WHERE word GLOB ? LIMIT ?", (glob, MAX_EXPANSION)
            )
        else:
            found = self._connection.execute(
                "SELECT word FROM backwards WHERE word >= ? AND word < ? LIMIT ?",
                (letters, letters + chr(sys.maxunicode), MAX_EXPANSION),
            )
        return [word[::-1] for (word,) in found]


#: ASCII's punctuation belongs to a word here: only spaces stand between features.
PUNCTUATION = "!#$%&()*+,-./:;<=>?@[\\]^_`{|}~"


def token(feature: str) -> str:
    """Return a feature as one word of the index: no spaces, no quotes."""
    return re.sub(r"[\s'\"\x00-\x1f\x7f]", "_", feature)


def quoted(word: str) -> str:
    """Quote a word for FTS5."""
    return f'"{word}"'


def _lists(article: ArticleEntry) -> tuple[str, str]:
    return " ".join(article.countries), " ".join(article.topics)


def _row(found: tuple[int, str, float, str, str, str, str, str, bytes]) -> ArticleRow:
    n, article_id, at, source, language, countries, topics, story, record = found
    return ArticleRow(
        n, article_id, at, source, language, tuple(countries.split()), tuple(topics.split()), story, record
    )
