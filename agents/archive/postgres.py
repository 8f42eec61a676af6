"""The store of many workers: PostgreSQL, articles in a partition for each day.

Each partition has a GIN index over the features of its articles, as lexemes without positions. A search goes through the
days from the newest back, so that a page of a common word reads the newest day alone. `vocabulary` has every word of
five letters and more, for terms with a wildcard at their beginning. Who writes holds a lock, so that two workers to
which Kafka gives the same message keep it once. Needs the extra `[postgres]`.
"""

import hashlib
import os
import re
import socket
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any, TypeVar

from agents.archive.entries import ArticleEntry, EventEntry, Kind
from agents.archive.expressions import expression as expression_of
from agents.archive.places import bounds, day_of, event_place, first_place, limits_of_day, place, placed, second_of
from agents.archive.postgres_schema import SCHEMA, SCHEMA_VERSION
from agents.archive.store import MAX_ARRIVALS, MAX_EXPANSION, Alternatives, ArticleRow, EventRow, Outline, Span
from agents.archive.tsquery import TSQUERY, lexemes, matching
from agents.archive.vocabulary import Vocabulary
from streams.errors import ArchiveError, ArchiveUnfit, MissingExtra

try:
    import psycopg
    from psycopg.errors import ProgramLimitExceeded
except ImportError as missing:  # pragma: no cover - the extra is there where the tests run
    raise MissingExtra("postgres", "psycopg", "archives in PostgreSQL (archive.url)") from missing

R = TypeVar("R", ArticleRow, Outline)
#: Errors that are the entries' own: a NUL in a text, a number or a key out of bounds, a day that no calendar has.
UNFIT = (psycopg.DataError, ProgramLimitExceeded, ValueError, OverflowError)
#: Rows that are read at once: enough for a page, few enough to stop soon; then twice as many each time up to the second.
BATCH, MAX_BATCH = 200, 3_200
#: Seconds for which a connection is waited for.
CONNECT_SECONDS = 10
#: Stands for wirewatch among the advisory locks of a database.
LOCK = int.from_bytes(hashlib.sha256(b"wirewatch archive").digest()[:7], "big")

COLUMNS = (
    "a.n, a.id, a.at, a.source, a.language, a.countries, a.topics, "
    "coalesce((SELECT story FROM members WHERE article = a.id), ''), a.title, a.record"
)
OUTLINES = "a.n, a.source, a.language, a.countries, a.topics"
EVENT_COLUMNS = "n, kind, key, subject, at, record"


class PostgresStore:
    """History in a database; `url` as libpq reads it (`postgresql://user@host/name`)."""

    def __init__(self, url: str) -> None:
        self._url = url
        try:
            self._connection = psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS)
            # A word of a third of all articles is counted three times as fast by its index as by reading every article,
            # whose features lie outside of its row: the planner takes them for part of it.
            self._run("SET enable_seqscan = off")
            # Planned once for all words, a search reads each article of a day: the planner cannot know a rare word then.
            self._run("SET plan_cache_mode = force_custom_plan")
            with self._connection.transaction():
                self._run("SELECT pg_advisory_xact_lock(%s)", LOCK)
                self._run(SCHEMA)
                found = self._run("SELECT version FROM wirewatch_schema").fetchone()
                if found is None or found[0] == 1:
                    self._upgrade(new=found is None)
                self._has_titles = self._run("SELECT 1 FROM properties WHERE name = 'titles'").fetchone() is not None
        except psycopg.Error as error:
            raise ArchiveError(f"the archive's database cannot be used: {str(error).strip()}") from error
        if found is not None and found[0] not in (1, SCHEMA_VERSION):
            raise ArchiveError(
                f"the archive's database was written with another schema ({found[0]}; this one has {SCHEMA_VERSION}): "
                "give an empty database, and it is built again from what Kafka retains"
            )
        self._vocabulary = Vocabulary()
        self._filling: set[str] = set()

    def add(self, articles: Sequence[ArticleEntry], events: Sequence[EventEntry]) -> int:
        """Keep entries, all or none; return how many were new."""
        try:
            with self._connection.transaction():
                self._run("SELECT pg_advisory_xact_lock(%s)", LOCK)
                return self._add_articles(articles) + self._add_events(events)
        except UNFIT as error:
            self._vocabulary.forget()
            raise ArchiveUnfit(f"not for the archive's database: {error}") from error
        except psycopg.Error as error:
            self._vocabulary.forget()
            raise ArchiveError(f"the archive's database did not take {len(articles)} articles: {error}") from error

    @property
    def has_titles(self) -> bool:
        """Say whether the features of titles are kept."""
        return self._has_titles

    def candidates(self, wanted: Alternatives, span: Span) -> Iterator[ArticleRow]:
        """Yield the newest version of each article that may match, the newest article first."""
        return self._found(wanted, span, COLUMNS, _row)

    def outlines(self, wanted: Alternatives, span: Span) -> Iterator[Outline]:
        """Yield the outlines of the same articles, in the same order: without their records."""
        return self._found(wanted, span, OUTLINES, _outline)

    def days(self, wanted: Alternatives, span: Span) -> Counter[str]:
        """Return how many of the same articles each day has."""
        expression = expression_of(wanted, TSQUERY, self._words_like)
        if wanted and not expression:
            return Counter()
        where, values = matching(expression)
        found: Counter[str] = Counter()
        for day, articles, low, high in self._days(span):
            count = articles
            if wanted or (low, high) != limits_of_day(day):
                query = f"SELECT count(*) FROM articles_{day} WHERE {where} newest AND n >= %s AND n < %s"  # noqa: S608
                [count] = self._run(query, *values, low, high).fetchone()
            found[f"{day[:4]}-{day[4:6]}-{day[6:]}"] = count
        return +found

    def _found(
        self, wanted: Alternatives, span: Span, columns: str, made: Callable[[tuple[Any, ...]], R]
    ) -> Iterator[R]:
        expression = expression_of(wanted, TSQUERY, self._words_like)
        if wanted and not expression:
            return
        where, values = matching(expression)
        for day, _, low, high in self._days(span):
            query = f"SELECT {columns} FROM articles_{day} a WHERE {where} newest AND n >= %s AND n < %s"  # noqa: S608
            yield from self._rows(query, values, low, high, made)

    def _days(self, span: Span) -> list[tuple[str, int, int, int]]:
        """Return the days that a span touches, the newest first, each with its articles and its places in the span."""
        low, high = bounds(span)
        days = self._run("SELECT day, articles FROM days ORDER BY day DESC").fetchall()
        placed_days = [(day, articles, *limits_of_day(day)) for day, articles in days]
        return [
            (day, articles, max(low, first), min(high, last))
            for day, articles, first, last in placed_days
            if last > low and first < high
        ]

    def arrived(self, after: int, limit: int) -> list[tuple[int, ArticleRow]]:
        """Return the articles that were kept after a number of arrival, in that order."""
        query = (
            f"SELECT r.number, {COLUMNS} FROM arrivals r JOIN articles a ON a.n = r.n "  # noqa: S608
            "WHERE r.number > %s ORDER BY r.number LIMIT %s"
        )
        return [(number, _row(row)) for number, *row in self._run(query, after, limit)]

    def arrivals(self) -> tuple[int, int]:
        """Return the first number of arrival that is kept and the last one."""
        first, last = self._run("SELECT min(number), max(number) FROM arrivals").fetchone()
        return (first, last) if first is not None else (1, 0)

    def article(self, article_id: str) -> list[ArticleRow]:
        """Return every version of an article, the latest first."""
        query = f"SELECT {COLUMNS} FROM articles a WHERE id = %s ORDER BY revision DESC, n DESC"  # noqa: S608
        return [_row(found) for found in self._run(query, article_id)]

    def story_articles(self, story: str, limit: int) -> list[ArticleRow]:
        """Return the newest articles of a story."""
        query = (
            f"SELECT {COLUMNS} FROM members m JOIN articles a ON a.id = m.article AND a.newest "  # noqa: S608
            "WHERE m.story = %s ORDER BY a.n DESC LIMIT %s"
        )
        return [_row(found) for found in self._run(query, story, limit)]

    def events(self, kind: Kind, subject: str | None, span: Span, limit: int) -> list[EventRow]:
        """Return events of a kind, the newest first."""
        low, high = bounds(span)
        where, values = ("AND subject = %s", (subject,)) if subject is not None else ("", ())
        query = (
            f"SELECT {EVENT_COLUMNS} FROM events WHERE kind = %s {where} "  # noqa: S608
            "AND n >= %s AND n < %s ORDER BY n DESC LIMIT %s"
        )
        return [EventRow(*found) for found in self._run(query, kind, *values, low, high, limit)]

    def latest(self, kind: Kind, since: float, limit: int, *, busiest: bool = False) -> list[EventRow]:
        """Return the latest event of each subject that has one since then, the newest or those of the most events first."""
        chosen = "ORDER BY count(*) DESC, max(n) DESC LIMIT %s" if busiest else "ORDER BY max(n) DESC LIMIT %s"
        query = (
            f"SELECT {EVENT_COLUMNS} FROM events WHERE n IN "  # noqa: S608
            f"(SELECT max(n) FROM events WHERE kind = %s AND n >= %s GROUP BY subject {chosen}) ORDER BY n DESC"
        )
        return [EventRow(*found) for found in self._run(query, kind, place(since), limit)]

    def times(self, kind: Kind, subjects: Sequence[str], since: float) -> list[tuple[str, float]]:
        """Return for each event of some subjects since then its subject and its second."""
        query = "SELECT subject, n FROM events WHERE kind = %s AND subject = ANY(%s) AND n >= %s"
        return [(subject, second_of(n)) for subject, n in self._run(query, kind, list(subjects), place(since))]

    def prune(self, before: float) -> int:
        """Forget everything from before a time; return how many articles went."""
        limit = place(before)
        with self._connection.transaction():
            self._run("SELECT pg_advisory_xact_lock(%s)", LOCK)
            gone: int = self._run("DELETE FROM articles WHERE n < %s", limit).rowcount
            self._run("DELETE FROM events WHERE n < %s", limit)
            if gone:
                self._run("DELETE FROM members WHERE NOT EXISTS (SELECT 1 FROM articles WHERE id = members.article)")
            for (day,) in self._run("SELECT day FROM days").fetchall():
                first, last = limits_of_day(day)
                if last <= limit:
                    self._run(f"DROP TABLE articles_{day}")
                    self._run("DELETE FROM days WHERE day = %s", day)
                elif first < limit:
                    self._count_day(day)
        return gone

    def oldest(self) -> float:
        """Return the time of the oldest article."""
        found = self._run("SELECT at FROM articles ORDER BY n LIMIT 1").fetchone()
        return found[0] if found else 0.0

    def size(self) -> tuple[int, int]:
        """Return how many articles are kept, and the bytes of the database."""
        found = self._run("SELECT (SELECT count(*) FROM articles), pg_database_size(current_database())").fetchone()
        return found or (0, 0)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def is_elsewhere(self) -> bool:
        """Return false: a connection ends with its database."""
        return False

    def require_alive(self) -> None:
        """Raise `ArchiveError` where the database takes no new connection in time: who waits for its answer stops waiting.

        To be called from another thread than the one that waits; a database that is only slow lets somebody in meanwhile.
        """
        try:
            psycopg.connect(self._url, connect_timeout=CONNECT_SECONDS).close()
        except psycopg.Error as error:
            with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(self._connection.fileno())) as ours:
                ours.shutdown(socket.SHUT_RDWR)
            raise ArchiveError(
                f"the archive's database does not answer, nor take a new connection ({str(error).strip()}): "
                "it is frozen, overloaded or out of reach. Look at its log, its disk and the network"
            ) from error

    def _run(self, query: str, *values: object) -> Any:
        return self._connection.execute(query, values or None)

    def _add_articles(self, articles: Sequence[ArticleEntry]) -> int:
        ids = [article.fetch_id for article in articles]
        known = {key for (key,) in self._run("SELECT fetch_id FROM articles WHERE fetch_id = ANY(%s)", ids)}
        fresh = {article.fetch_id: article for article in articles if article.fetch_id not in known}
        places = self._placed("articles", [(first_place(a.at, a.fetch_id), a.fetch_id) for a in fresh.values()])
        if not places:
            return 0
        days = {day_of(n) for n in places}
        for day in days:
            self._create(day)
        self._learn(fresh.values())
        rows = [_values(n, fresh[fetch_id]) for n, fetch_id in places.items()]
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO articles VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, true, array_to_tsvector(%s), %s)",
                rows,
            )
        self._run("INSERT INTO arrivals (n) SELECT unnest(%s::bigint[])", list(places))
        self._run("DELETE FROM arrivals WHERE number <= (SELECT max(number) FROM arrivals) - %s", MAX_ARRIVALS)
        changed = Counter(map(day_of, places))
        older = self._older({article.id for article in fresh.values()})
        changed.subtract(map(day_of, older))
        for day, more in sorted(changed.items()):
            self._run("UPDATE days SET articles = articles + %s WHERE day = %s", more, day)
        self._index(self._filling - days)
        self._filling = days
        return len(rows)

    def _older(self, ids: Collection[str]) -> list[int]:
        """Let one version of each article be its newest; return the places of those that no longer are.

        In two queries: as one update that looks for each article's newest version, it took nine tenths of all time.
        """
        query = "SELECT id, revision, n FROM articles WHERE newest AND id = ANY(%s) ORDER BY id, revision, n"
        versions = self._run(query, list(ids)).fetchall()
        older: list[int] = [n for (name, _, n), (following, *_) in pairwise(versions) if name == following]
        if older:
            self._run("UPDATE articles SET newest = false WHERE n = ANY(%s)", older)
        return older

    def _index(self, days: set[str]) -> None:
        """Index the articles of days that are no longer filled.

        A GIN index lists new articles one after another until there are 4 MiB of them. Where each day has such a list, a
        search reads all of them: for a rare word that was nine tenths of its time.
        """
        query = (
            "SELECT gin_clean_pending_list(inhrelid) FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid "
            "WHERE inhparent = 'articles_by_feature'::regclass AND indrelid::regclass::text = ANY(%s)"
        )
        if days:
            self._run(query, [f"articles_{day}" for day in days])

    def _create(self, day: str) -> None:
        """Make the partition of a day, once."""
        if self._run("INSERT INTO days VALUES (%s) ON CONFLICT DO NOTHING", day).rowcount:
            first, last = limits_of_day(day)
            self._run(
                f"CREATE TABLE IF NOT EXISTS articles_{day} PARTITION OF articles FOR VALUES FROM ({first}) TO ({last})"
            )

    def _count_day(self, day: str) -> None:
        """Count the articles of a day anew."""
        self._run(
            f"UPDATE days SET articles = (SELECT count(*) FROM articles_{day} WHERE newest) WHERE day = %s",  # noqa: S608
            day,
        )

    def _upgrade(self, *, new: bool) -> None:
        """Begin an empty database, or bring one of the first version to this one."""
        if new:
            self._run("INSERT INTO wirewatch_schema VALUES (%s)", SCHEMA_VERSION)
            self._run("INSERT INTO properties VALUES ('titles', 'yes')")
            return
        for (day,) in self._run("SELECT day FROM days").fetchall():
            self._count_day(day)
        self._run("UPDATE wirewatch_schema SET version = %s", SCHEMA_VERSION)

    def _learn(self, articles: Iterable[ArticleEntry]) -> None:
        """Put words that may end behind a wildcard into the vocabulary."""
        if fresh := self._vocabulary.fresh(articles):
            self._run("INSERT INTO vocabulary SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", fresh)
            self._vocabulary.stored(fresh)

    def _add_events(self, events: Sequence[EventEntry]) -> int:
        fresh = {(event.kind, event.key): event for event in events}
        for kind in {kind for kind, _ in fresh}:
            keys = [key for each, key in fresh if each == kind]
            for (key,) in self._run("SELECT key FROM events WHERE kind = %s AND key = ANY(%s)", kind, keys):
                del fresh[kind, key]
        by_name = {f"{e.kind} {e.key}": e for e in fresh.values()}
        places = self._placed("events", [(event_place(e), name) for name, e in by_name.items()])
        with self._connection.cursor() as cursor:
            rows = [(n, by_name[name]) for n, name in places.items()]
            cursor.executemany(
                "INSERT INTO events VALUES (%s, %s, %s, %s, %s, %s)",
                [(n, e.kind, e.key, e.subject, e.at, e.record) for n, e in rows],
            )
            cursor.executemany(
                "INSERT INTO members VALUES (%s, %s) ON CONFLICT (article) DO UPDATE SET story = excluded.story",
                [(e.member, e.subject) for _, e in rows if e.member],
            )
        return len(places)

    def _placed(self, table: str, items: list[tuple[int, str]]) -> dict[int, str]:
        """Give each item a free place in a table: those of first choice are looked up together."""
        query = f"SELECT n FROM {table} WHERE n = ANY(%s)"  # noqa: S608
        first = {n for n, _ in items}
        taken = {n for (n,) in self._run(query, list(first))}
        return placed(items, lambda n: n in taken if n in first else self._run(query, [n]).fetchone() is not None)

    def _rows(
        self, query: str, values: tuple[str, ...], low: int, high: int, made: Callable[[tuple[Any, ...]], R]
    ) -> Iterator[R]:
        """Yield a query's rows from the highest place down, read batch by batch."""
        batch = BATCH
        while True:
            found = self._run(f"{query} ORDER BY n DESC LIMIT {batch}", *values, low, high).fetchall()
            yield from map(made, found)
            if len(found) < batch:
                return
            high, batch = found[-1][0], min(2 * batch, MAX_BATCH)

    def _words_like(self, pattern: str) -> list[str]:
        """Return the words that end so, or hold it."""
        letters = re.sub(r"([\\%_])", r"\\\1", pattern.strip("*"))
        if pattern.endswith("*"):
            query, like = "SELECT word FROM vocabulary WHERE word LIKE %s LIMIT %s", f"%{letters}%"
        else:
            backwards = re.sub(r"([\\%_])", r"\\\1", pattern.strip("*")[::-1])
            query, like = "SELECT word FROM vocabulary WHERE reverse(word) LIKE %s LIMIT %s", f"{backwards}%"
        return [word for (word,) in self._run(query, like, MAX_EXPANSION)]


def _values(n: int, article: ArticleEntry) -> tuple[object, ...]:
    a = article
    head = (n, a.fetch_id, a.id, a.revision, a.at, a.source, a.language, a.country)
    title = a.title.replace("\x00", "")
    return (*head, list(a.countries), list(a.topics), title, lexemes(a.features), a.record)


def _row(found: Sequence[Any]) -> ArticleRow:
    n, article_id, at, source, language, countries, topics, *rest = found
    return ArticleRow(n, article_id, at, source, language, tuple(countries), tuple(topics), *rest)


def _outline(found: tuple[Any, ...]) -> Outline:
    n, source, language, countries, topics = found
    return Outline(n, source, language, tuple(countries), tuple(topics))
