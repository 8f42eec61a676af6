"""The store of many workers: PostgreSQL, articles in a partition for each day, older ones for each month, year or century.

Each partition has a GIN index over the features of its articles, as lexemes without positions. A search goes through the
partitions from the newest back, so that a page of a common word reads the newest day alone. `vocabulary` has every word of
five letters and more, for terms with a wildcard at their beginning. Who writes holds a lock, so that two workers to
which Kafka gives the same message keep it once. Needs the extra `[postgres]`.
"""

from bisect import insort
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from itertools import pairwise

import psycopg
from psycopg.errors import ProgramLimitExceeded

from agents.archive.entries import ArticleEntry, EventEntry, counted
from agents.archive.merging import PostgresMerger
from agents.archive.partitions import Partition, holder, partition_for, utc_today
from agents.archive.places import day_of, event_place, first_place, place, placed
from agents.archive.postgres_schema import LOCK, SCHEMA, SCHEMA_VERSION
from agents.archive.store import MAX_ARRIVALS
from agents.archive.tsquery import lexemes
from agents.archive.vocabulary import Vocabulary
from streams.errors import ArchiveError, ArchiveUnfit

#: Errors that are the entries' own: a NUL in a text, a number or a key out of bounds, a day that no calendar has.
UNFIT = (psycopg.DataError, ProgramLimitExceeded, ValueError, OverflowError)


class PostgresStore(PostgresMerger):
    """History in a database; `url` as libpq reads it (`postgresql://user@host/name`)."""

    def __init__(self, url: str, today: Callable[[], date] = utc_today) -> None:
        self._today = today
        try:
            super().__init__(url)
            with self._connection.transaction():
                self._run("SELECT pg_advisory_xact_lock(%s)", LOCK)
                self._run(SCHEMA)
                found = self._run("SELECT version FROM wirewatch_schema").fetchone()
                if found is None or found[0] < SCHEMA_VERSION:
                    self._upgrade(None if found is None else found[0])
                self._has_titles = self._run("SELECT 1 FROM properties WHERE name = 'titles'").fetchone() is not None
        except psycopg.Error as error:
            raise ArchiveError(f"the archive's database cannot be used: {str(error).strip()}") from error
        if found is not None and found[0] > SCHEMA_VERSION:
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
            raise ArchiveError(f"the archive's database did not take {counted(articles, events)}: {error}") from error

    def is_new(self) -> bool:
        """Return whether the database is new, and what the topics hold from before it is not yet in it."""
        return self._run("SELECT 1 FROM properties WHERE name = 'new'").fetchone() is not None

    def note_filled(self) -> None:
        """Note that all is in it that the topics held."""
        self._run("DELETE FROM properties WHERE name = 'new'")

    def prune(self, before: float) -> int:
        """Forget everything from before a time; return how many articles went."""
        limit = place(before)
        with self._connection.transaction():
            self._run("SELECT pg_advisory_xact_lock(%s)", LOCK)
            gone: int = self._run("DELETE FROM articles WHERE n < %s", limit).rowcount
            self._run("DELETE FROM events WHERE n < %s", limit)
            if gone:
                self._run("DELETE FROM members WHERE NOT EXISTS (SELECT 1 FROM articles WHERE id = members.article)")
            for partition in self._partitions():
                first, last = partition.limits
                if last <= limit:
                    self._run(f"DROP TABLE {partition.table}")
                    self._run("DELETE FROM days WHERE day = %s", partition.first)
                elif first < limit:
                    self._count(partition)
        return gone

    def _add_articles(self, articles: Sequence[ArticleEntry]) -> int:
        ids = [article.fetch_id for article in articles]
        known = {key for (key,) in self._run("SELECT fetch_id FROM articles WHERE fetch_id = ANY(%s)", ids)}
        fresh = {article.fetch_id: article for article in articles if article.fetch_id not in known}
        places = self._placed("articles", [(first_place(a.at, a.fetch_id), a.fetch_id) for a in fresh.values()])
        if not places:
            return 0
        partitions = self._made(sorted({day_of(n) for n in places}))
        self._learn(fresh.values())
        rows = [_values(n, fresh[fetch_id]) for n, fetch_id in places.items()]
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO articles VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, true, array_to_tsvector(%s), %s)",
                rows,
            )
        self._run("INSERT INTO arrivals (n) SELECT unnest(%s::bigint[])", list(places))
        self._run("DELETE FROM arrivals WHERE number <= (SELECT max(number) FROM arrivals) - %s", MAX_ARRIVALS)
        changed = Counter(holder(day_of(n), partitions) for n in places)
        filling = {each.table for each in changed if each}
        older = self._older({article.id for article in fresh.values()})
        changed.subtract(holder(day_of(n), partitions) for n in older)
        for partition, more in changed.items():
            if partition:
                self._run("UPDATE days SET articles = articles + %s WHERE day = %s", more, partition.first)
        self._index(self._filling - filling)
        self._filling = filling
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

    def _index(self, tables: set[str]) -> None:
        """Index the articles of partitions that are no longer filled.

        A GIN index lists new articles one after another until there are 4 MiB of them. Where each partition has such a list, a
        search reads all of them: for a rare word that was nine tenths of its time.
        """
        query = (
            "SELECT gin_clean_pending_list(inhrelid) FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid "
            "WHERE inhparent = 'articles_by_feature'::regclass AND indrelid::regclass::text = ANY(%s)"
        )
        if tables:
            self._run(query, [*tables])

    def _made(self, days: Sequence[str]) -> list[Partition]:
        """Return the partitions, in order, with those that days were without, which are made."""
        found = self._partitions()
        for day in days:
            if holder(day, found):
                continue
            new = partition_for(day, found, self._today())
            self._run("INSERT INTO days (day, until) VALUES (%s, %s)", new.first, new.until)
            first, last = new.limits
            self._run(f"CREATE TABLE {new.table} PARTITION OF articles FOR VALUES FROM ({first}) TO ({last})")
            insort(found, new)
        return found

    def _count(self, partition: Partition) -> None:
        """Count the articles of a partition anew."""
        self._run(
            f"UPDATE days SET articles = (SELECT count(*) FROM {partition.table} WHERE newest) WHERE day = %s",  # noqa: S608
            partition.first,
        )

    def _upgrade(self, found: int | None) -> None:
        """Begin an empty database, or bring one of an older version to this one."""
        if found is None:
            self._run("INSERT INTO wirewatch_schema VALUES (%s)", SCHEMA_VERSION)
            self._run("INSERT INTO properties VALUES ('titles', 'yes'), ('new', 'yes')")
            return
        if found == 1:
            for partition in self._partitions():
                self._count(partition)
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


def _values(n: int, article: ArticleEntry) -> tuple[object, ...]:
    a = article
    head = (n, a.fetch_id, a.id, a.revision, a.at, a.source, a.language, a.country)
    title = a.title.replace("\x00", "")
    return (*head, list(a.countries), list(a.topics), title, lexemes(a.features), a.record)
