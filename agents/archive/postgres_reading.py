"""Reading a database of history: searches, counts, lists (the tables are described in postgres.py)."""

import math
import os
import re
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import psycopg
from psycopg.errors import UndefinedTable

from agents.archive.entries import Kind
from agents.archive.expressions import expression as expression_of
from agents.archive.partitions import Partition
from agents.archive.places import DAY, PLACES, bounds, day_number, day_text, limits_of_day, place, second_of
from agents.archive.postgres_schema import STAGING
from agents.archive.store import MAX_EXPANSION, Alternatives, ArticleRow, EventRow, Outline, Span
from agents.archive.tsquery import TSQUERY, matching
from streams.errors import ArchiveError

R = TypeVar("R", ArticleRow, Outline)
#: Rows that are read at first: enough for a page, few enough to stop soon.
BATCH = 200
#: Then twice as many each time, up to so many.
MAX_BATCH = 3_200
#: Seconds for which a connection is waited for.
CONNECT_SECONDS = 10

COLUMNS = (
    "a.n, a.id, a.at, a.source, a.language, a.countries, a.topics, "
    "coalesce((SELECT story FROM members WHERE article = a.id), ''), a.title, a.record"
)
OUTLINES = "a.n, a.source, a.language, a.countries, a.topics"
#: Stands in a query for the partition that it is run on.
PARTITION = "this_partition"
#: A role's or database's own limits of time are for people who ask: articles that are copied, pruned or counted, and a writer
#: that waits for another, take longer. Which of them a server knows depends on its version.
NO_LIMITS = (
    "SELECT set_config(name, '0', false) FROM pg_settings "
    "WHERE name IN ('statement_timeout', 'lock_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout')"
)
EVENT_COLUMNS = "n, kind, key, subject, at, record"


class PostgresReader:
    """The questions to one database, over a connection of its own. Raises `psycopg.Error` where it cannot be reached."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._has_titles = False
        self._connection = psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS)
        self._run(NO_LIMITS)
        # A word of a third of all articles is counted three times as fast by its index as by reading every article,
        # whose features lie outside of its row: the planner takes them for part of it.
        self._run("SET enable_seqscan = off")
        # Planned once for all words, a search reads each article of a day: the planner cannot know a rare word then.
        self._run("SET plan_cache_mode = force_custom_plan")
        # Without sequential scans the estimates are so high that PostgreSQL would compile a query for a tenth of a second
        # that it answers in a few milliseconds.
        self._run("SET jit = off")

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
        for partition, articles, low, high in self._partitions_in(span):
            if not wanted and (low, high) == partition.limits == limits_of_day(partition.first):
                found[day_text(day_number(low))] = articles
                continue
            query = (
                f"SELECT floor(n / {PLACES * DAY}.0)::integer, count(*) FROM {PARTITION} "  # noqa: S608
                f"WHERE {where} newest AND n >= %s AND n < %s GROUP BY 1"
            )
            rows = self._run_on(partition, query, *values, low, high)
            found.update({day_text(day): count for day, count in rows})
        return +found

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

    def events_of(self, kind: Kind, subjects: Sequence[str], limit: int) -> list[EventRow]:
        """Return events of some subjects, the newest first."""
        query = f"SELECT {EVENT_COLUMNS} FROM events WHERE kind = %s AND subject = ANY(%s) ORDER BY n DESC LIMIT %s"  # noqa: S608
        return [EventRow(*found) for found in self._run(query, kind, list(subjects), limit)]

    def latest(self, kind: Kind, span: Span, limit: int, *, busiest: bool = False) -> list[EventRow]:
        """Return the latest event of each subject whose latest lies in a span: the newest, or those of the most events."""
        low, high = bounds(span)
        chosen = "ORDER BY count(*) DESC, max(n) DESC LIMIT %s" if busiest else "ORDER BY max(n) DESC LIMIT %s"
        query = (
            f"SELECT {EVENT_COLUMNS} FROM events WHERE n IN "  # noqa: S608
            f"(SELECT max(n) FROM events WHERE kind = %s AND n >= %s GROUP BY subject HAVING max(n) < %s {chosen}) "
            "ORDER BY n DESC"
        )
        return [EventRow(*found) for found in self._run(query, kind, low, high, limit)]

    def times(self, kind: Kind, subjects: Sequence[str], since: float) -> list[tuple[str, float]]:
        """Return for each event of some subjects since then its subject and its second."""
        query = "SELECT subject, n FROM events WHERE kind = %s AND subject = ANY(%s) AND n >= %s"
        return [(subject, second_of(n)) for subject, n in self._run(query, kind, list(subjects), place(since))]

    def oldest(self) -> float:
        """Return the time of the oldest article."""
        found = self._run("SELECT at FROM articles ORDER BY n LIMIT 1").fetchone()
        return found[0] if found else 0.0

    def size(self) -> tuple[int, int]:
        """Return how many articles are kept, and the bytes of the database, without copies that are being made."""
        query = (
            "SELECT (SELECT count(*) FROM articles), "
            "pg_database_size(current_database()) - coalesce(pg_total_relation_size(to_regclass(%s)), 0)"
        )
        return self._run(query, STAGING).fetchone() or (0, 0)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def is_elsewhere(self) -> bool:
        """Return false: a connection ends with its database."""
        return False

    def end_at(self, until: float) -> None:
        """End each statement from now on that takes longer than there is time now: the database does."""
        left = 0 if until == math.inf else max(1, int((until - time.monotonic()) * 1000))
        self._run("SELECT set_config('statement_timeout', %s, false)", str(left))

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

    def _run_on(self, partition: Partition, query: str, *values: object) -> Any:
        """Run a query on a partition, or on all where that has become part of another since it was listed."""
        try:
            return self._run(query.replace(PARTITION, partition.table, 1), *values)
        except UndefinedTable:
            return self._run(query.replace(PARTITION, "articles", 1), *values)

    def _found(
        self, wanted: Alternatives, span: Span, columns: str, made: Callable[[tuple[Any, ...]], R]
    ) -> Iterator[R]:
        expression = expression_of(wanted, TSQUERY, self._words_like)
        if wanted and not expression:
            return
        where, values = matching(expression)
        for partition, _, low, high in self._partitions_in(span):
            query = f"SELECT {columns} FROM {PARTITION} a WHERE {where} newest AND n >= %s AND n < %s"  # noqa: S608
            yield from self._rows(partition, query, values, low, high, made)

    def _partitions_in(self, span: Span) -> list[tuple[Partition, int, int, int]]:
        """Return the partitions that a span touches, the newest first, each with its articles and its places in the span."""
        low, high = bounds(span)
        found = self._run('SELECT day, until, articles FROM days ORDER BY day COLLATE "C" DESC').fetchall()
        placed = [(Partition(day, until), articles) for day, until, articles in found]
        return [
            (partition, articles, max(low, first), min(high, last))
            for partition, articles in placed
            for first, last in [partition.limits]
            if last > low and first < high
        ]

    def _rows(
        self,
        partition: Partition,
        query: str,
        values: tuple[str, ...],
        low: int,
        high: int,
        made: Callable[[tuple[Any, ...]], R],
    ) -> Iterator[R]:
        """Yield a query's rows from the highest place down, read batch by batch."""
        batch = BATCH
        while True:
            found = self._run_on(partition, f"{query} ORDER BY n DESC LIMIT {batch}", *values, low, high).fetchall()
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


def _row(found: Sequence[Any]) -> ArticleRow:
    n, article_id, at, source, language, countries, topics, *rest = found
    return ArticleRow(n, article_id, at, source, language, tuple(countries), tuple(topics), *rest)


def _outline(found: tuple[Any, ...]) -> Outline:
    n, source, language, countries, topics = found
    return Outline(n, source, language, tuple(countries), tuple(topics))
