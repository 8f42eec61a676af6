"""Reading one machine's store of history: searches, counts, lists (the tables are described in sqlite.py)."""

import math
import re
import sqlite3
import string
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, TypeVar

from agents.archive.entries import Kind
from agents.archive.expressions import Grammar
from agents.archive.expressions import expression as expression_of
from agents.archive.places import (
    DAY,
    bounds,
    day_number,
    day_text,
    limits_of_day_number,
    limits_of_week,
    place,
    second_of,
    week_of,
)
from agents.archive.store import MAX_EXPANSION, Alternatives, ArticleRow, EventRow, Outline, Span

R = TypeVar("R", ArticleRow, Outline)
#: Rows that are read at first: enough for a page, few enough to stop soon.
BATCH = 200
#: Then twice as many each time, up to so many.
MAX_BATCH = 3_200
#: Outlines that are read at once: as many as are counted. For each batch FTS5 looks anew for the words that a beginning
#: stands for.
OUTLINED = 5_000
#: Steps of SQLite between two looks at the clock: some milliseconds.
STEPS = 50_000
#: Words that are put in the place of a beginning at most.
MAX_SPELT_OUT = 64
#: How FTS5's tokenizer folds the letters of ASCII.
LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
#: Characters of an expression that has many words.
LONG = 1_000

#: A query of FTS5.
FTS5 = Grammar(" AND ", " OR ", lambda feature: quoted(token(feature)), lambda letters: f"{quoted(token(letters))} *")

COLUMNS = (
    "articles.n, articles.id, articles.at, articles.source, articles.language, articles.countries, articles.topics, "
    "coalesce((SELECT story FROM members WHERE article = articles.id), ''), articles.title, articles.record"
)
OUTLINES = "articles.n, articles.source, articles.language, articles.countries, articles.topics"


class SqliteReader:
    """The questions to one file."""

    def __init__(self, connection: sqlite3.Connection, *, has_titles: bool) -> None:
        self._connection = connection
        self._has_titles = has_titles

    @property
    def has_titles(self) -> bool:
        """Say whether the features of titles are kept."""
        return self._has_titles

    def end_at(self, until: float) -> None:
        """End later questions at a time: SQLite looks at the clock every so many of its steps."""
        over = None if until == math.inf else lambda: time.monotonic() > until
        self._connection.set_progress_handler(over, STEPS)

    def require_alive(self) -> None:
        """Do nothing: a file is read by this process itself."""

    def candidates(self, wanted: Alternatives, span: Span) -> Iterator[ArticleRow]:
        """Yield the newest version of each article that may match, the newest article first."""
        return self._found(wanted, span, COLUMNS, "articles", _row)

    def outlines(self, wanted: Alternatives, span: Span) -> Iterator[Outline]:
        """Yield the outlines of the same articles, in the same order: from an index, without their records."""
        return self._found(wanted, span, OUTLINES, "articles INDEXED BY articles_outlined", _outline)

    def days(self, wanted: Alternatives, span: Span) -> Counter[str]:
        """Return how many of the same articles each day has."""
        low, high = bounds(span)
        if wanted:
            return self._matching(expression_of(self._spelt_out(wanted), FTS5, self._words_like), low, high)
        found: Counter[str] = Counter()
        for day, articles in self._connection.execute("SELECT day, articles FROM daily").fetchall():
            first, last = limits_of_day_number(day)
            if last > low and first < high:
                inside = max(low, first), min(high, last)
                found[day_text(day)] += articles if inside == (first, last) else self._kept(*inside)
        return +found

    def _matching(self, expression: str, low: int, high: int) -> Counter[str]:
        """Count the newest versions between two places that have some features, by day.

        A word is counted day by day, which reads none of its places one by one; the words that a beginning stands for
        are looked up once a week.
        """
        found: Counter[str] = Counter()
        weeks = set(self._weeks()) if expression else set()
        days = [
            day for (day,) in self._connection.execute("SELECT day FROM daily") if week_of(place(day * DAY)) in weeks
        ]
        if ("*" in expression or len(expression) > LONG) and low >= 0:
            ranges = [(week, *limits_of_week(week)) for week in weeks if week >= 0]
        else:
            ranges = [(week_of(place(day * DAY)), *limits_of_day_number(day)) for day in days]
        for week, first, last in ranges:
            inside = max(low, first), min(high, last)
            if inside[0] < inside[1]:
                for day, count in self._counted(week, expression, *inside):
                    found[day_text(day)] += count
        return +found

    def _counted(self, week: int, expression: str, low: int, high: int) -> list[tuple[int, int]]:
        """Return days between two places of a week, each with its newest versions that have some features."""
        by_day = high - low > place(DAY)
        columns = f"rowid / {place(DAY)}, count(*)" if by_day else f"{day_number(low)}, count(*)"
        query = f"SELECT {columns} FROM {words_of(week)} WHERE {words_of(week)} MATCH ? AND rowid >= ? AND rowid < ?"  # noqa: S608
        bounded: tuple[int, ...] = (low, high)
        if self._connection.execute("SELECT 1 FROM older WHERE n >= ? AND n < ? LIMIT 1", (low, high)).fetchone():
            query += " AND rowid NOT IN (SELECT n FROM older WHERE n >= ? AND n < ?)"
            bounded = (low, high, low, high)
        query += " GROUP BY 1" if by_day else ""
        return self._connection.execute(query, (expression, *bounded)).fetchall()

    def _kept(self, low: int, high: int) -> int:
        """Count the newest versions between two places."""
        query = "SELECT count(*) FROM articles INDEXED BY articles_outlined WHERE n >= ? AND n < ? AND newest"
        [count] = self._connection.execute(query, (low, high)).fetchone()
        return int(count)

    def _found(
        self, wanted: Alternatives, span: Span, columns: str, table: str, made: Callable[[tuple[Any, ...]], R]
    ) -> Iterator[R]:
        (low, high), batch = bounds(span), OUTLINED if columns == OUTLINES else BATCH
        if not wanted:
            query = f"SELECT {columns} FROM {table} WHERE newest AND n >= ? AND n < ?"  # noqa: S608 - names, no values
            yield from self._rows(query, low, high, made, batch)
            return
        expression = expression_of(self._spelt_out(wanted), FTS5, self._words_like)
        for week in self._weeks() if expression else ():
            first, last = limits_of_week(week)
            if last > low and first < high:
                words = words_of(week)
                query = (
                    f"SELECT {columns} FROM {words} CROSS JOIN {table} ON articles.n = {words}.rowid "  # noqa: S608
                    f"WHERE {words} MATCH ? AND {words}.rowid >= ? AND {words}.rowid < ? AND newest"
                )
                inside = max(low, first), min(high, last)
                yield from self._rows(query, *inside, made, batch, (expression,), f"{words}.rowid")

    def arrived(self, after: int, limit: int) -> list[tuple[int, ArticleRow]]:
        """Return the articles that were kept after a number of arrival, in that order."""
        query = (
            f"SELECT arrivals.number, {COLUMNS} FROM arrivals CROSS JOIN articles ON articles.n = arrivals.n "  # noqa: S608
            "WHERE arrivals.number > ? ORDER BY arrivals.number LIMIT ?"
        )
        return [(number, _row(row)) for number, *row in self._connection.execute(query, (after, limit))]

    def arrivals(self) -> tuple[int, int]:
        """Return the first number of arrival that is kept and the last one."""
        first, last = self._connection.execute("SELECT min(number), max(number) FROM arrivals").fetchone()
        return (first, last) if first is not None else (1, 0)

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

    def events_of(self, kind: Kind, subjects: Sequence[str], limit: int) -> list[EventRow]:
        """Return events of some subjects, the newest first."""
        query = (  # the plus before n keeps SQLite from going through all events of the kind in their order
            "SELECT n, kind, key, subject, at, record FROM events "  # noqa: S608
            f"WHERE kind = ? AND subject IN ({', '.join('?' * len(subjects))}) ORDER BY +n DESC LIMIT ?"
        )
        return [EventRow(*found) for found in self._connection.execute(query, (kind, *subjects, limit))]

    def latest(self, kind: Kind, span: Span, limit: int, *, busiest: bool = False) -> list[EventRow]:
        """Return the latest event of each subject whose latest lies in a span: the newest, or those of the most events."""
        low, high = bounds(span)
        chosen = "ORDER BY count(*) DESC, max(n) DESC LIMIT ?" if busiest else "ORDER BY max(n) DESC LIMIT ?"
        query = (
            "SELECT n, kind, key, subject, at, record FROM events WHERE n IN "  # noqa: S608
            f"(SELECT max(n) FROM events WHERE kind = ? AND n >= ? GROUP BY subject HAVING max(n) < ? {chosen}) "
            "ORDER BY n DESC"
        )
        return [EventRow(*found) for found in self._connection.execute(query, (kind, low, high, limit))]

    def times(self, kind: Kind, subjects: Sequence[str], since: float) -> list[tuple[str, float]]:
        """Return for each event of some subjects since then its subject and its second."""
        query = (
            f"SELECT subject, n FROM events WHERE kind = ? AND subject IN ({', '.join('?' * len(subjects))}) AND n >= ?"  # noqa: S608
        )
        found = self._connection.execute(query, (kind, *subjects, place(since)))
        return [(subject, second_of(n)) for subject, n in found]

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

    def _weeks(self) -> list[int]:
        """Return the weeks that have an index, the newest first: another process may have made or dropped one."""
        return [week for (week,) in self._connection.execute("SELECT week FROM weeks ORDER BY week DESC")]

    def _rows(
        self,
        query: str,
        low: int,
        high: int,
        made: Callable[[tuple[Any, ...]], R],
        batch: int,
        values: tuple[str, ...] = (),
        column: str = "n",
    ) -> Iterator[R]:
        """Yield a query's rows from the highest place down, read batch by batch."""
        while True:
            query_ordered = f"{query} ORDER BY {column} DESC LIMIT {batch}"
            found = self._connection.execute(query_ordered, (*values, low, high)).fetchall()
            yield from map(made, found)
            if len(found) < batch:
                return
            high, batch = found[-1][0], max(batch, min(2 * batch, MAX_BATCH))

    def _spelt_out(self, wanted: Alternatives) -> Alternatives:
        """Put the words that begin so in the place of beginnings, where they are few.

        For a beginning FTS5 writes the places of all of its words into one list, for each statement anew: twelve times the
        work of one such word.
        """
        return tuple(
            tuple(frozenset(word for each in clause for word in self._beginning_so(each)) for clause in clauses)
            for clauses in wanted
        )

    def _beginning_so(self, feature: str) -> Collection[str]:
        """Return the words that a beginning stands for in any week; the feature itself where they are many, or it is none."""
        if not feature.endswith("*") or feature.startswith("*"):
            return (feature,)
        letters = token(feature[:-1]).translate(LOWER)
        found: set[str] = set()
        for week in self._weeks():
            terms = words_of(week).replace("words", "terms", 1)
            try:
                self._connection.execute(
                    f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{terms} USING fts5vocab(main, {words_of(week)}, row)"
                )
                query = f"SELECT term FROM temp.{terms} WHERE term >= ? AND term < ? LIMIT {MAX_SPELT_OUT + 1}"  # noqa: S608
                rows = self._connection.execute(query, (letters, letters + chr(sys.maxunicode))).fetchall()
            except sqlite3.OperationalError:
                return (feature,)  # another process has just dropped the week
            found.update(term for (term,) in rows)
            if len(found) > MAX_SPELT_OUT:
                return (feature,)
        return found or (feature,)

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


def words_of(week: int) -> str:
    """Return the name of a week's index; weeks before 1970 count back."""
    return f"words_{week}" if week >= 0 else f"words_before_{-week}"


def token(feature: str) -> str:
    """Return a feature as one word of the index: no spaces, no quotes."""
    return re.sub(r"[\s'\"\x00-\x1f\x7f]", "_", feature)


def quoted(word: str) -> str:
    """Quote a word for FTS5."""
    return f'"{word}"'


def _row(found: Sequence[Any]) -> ArticleRow:
    n, article_id, at, source, language, countries, topics, *rest = found
    return ArticleRow(n, article_id, at, source, language, tuple(countries.split()), tuple(topics.split()), *rest)


def _outline(found: tuple[Any, ...]) -> Outline:
    n, source, language, countries, topics = found
    return Outline(n, source, language, tuple(countries.split()), tuple(topics.split()))
