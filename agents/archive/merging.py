"""Joining old partitions of history in PostgreSQL: the days of a month become one, then the months of a year.

Every statement that reads all partitions locks each of them, and a store that is kept for years would have thousands. The work is
done a piece at a time: articles are copied, in the order of their places, to a table beside, while the partitions go on being
read and written, and triggers note the articles that change. Then the table takes the partitions' place in one transaction, for
which writers wait, and readers as long as it takes to drop tables. Each piece is a transaction: after a worker that died the next
one goes on from the last piece.
"""

import logging
from collections.abc import Callable
from datetime import date

from psycopg.errors import LockNotAvailable

from agents.archive.partitions import Partition, joined
from agents.archive.postgres_reading import PostgresReader
from agents.archive.postgres_schema import LOCK, MERGE_LOCK, STAGING
from streams.errors import ArchiveError

logger = logging.getLogger("wirewatch.archive")

#: Articles that are copied at a time.
COPIED_AT_ONCE = 20_000
#: Milliseconds for which the exchange waits for a reader, and others wait behind it; then it is tried another time.
MOST_WAITED_MS = 2_000
#: Where it is remembered which partitions become one.
GOAL = "merging"
BEGIN = f"""
DROP TABLE IF EXISTS {STAGING};
DROP TABLE IF EXISTS articles_changed;
CREATE TABLE articles_changed (n bigint NOT NULL);
CREATE OR REPLACE FUNCTION articles_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO articles_changed VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.n ELSE NEW.n END);
    RETURN NULL;
END $$;
"""  # noqa: S608 - a constant's name
#: The function goes with its triggers: those of partitions that stay would write to a table that is gone.
END = f"""
DROP TABLE articles_changed;
DROP FUNCTION articles_note_change() CASCADE;
DELETE FROM properties WHERE name = '{GOAL}';
"""  # noqa: S608 - a constant's name


class PostgresMerger(PostgresReader):
    """A database whose old partitions become few. Raises `psycopg.Error`, and `ArchiveError` while somebody reads all of it."""

    _today: Callable[[], date]

    def merge(self, at_once: int = COPIED_AT_ONCE) -> bool:
        """Do a piece of the work, unless another worker does; tell whether there was any."""
        if not self._run("SELECT pg_try_advisory_lock(%s)", MERGE_LOCK).fetchone()[0]:
            return False
        try:
            goal = self._goal() or self._begun()
            if goal is None:
                return False
            if self._copy(goal, at_once) < at_once:
                self._run(f"VACUUM (ANALYZE) {STAGING}")
                self._exchange(goal)
            return True
        finally:
            self._run("SELECT pg_advisory_unlock(%s)", MERGE_LOCK)

    def _partitions(self) -> list[Partition]:
        """Return the partitions, in order."""
        return [Partition(*found) for found in self._run('SELECT day, until FROM days ORDER BY day COLLATE "C"')]

    def _goal(self) -> Partition | None:
        """Return the partition that others are becoming."""
        found = self._run("SELECT value FROM properties WHERE name = %s", GOAL).fetchone()
        return Partition(*found[0].split()) if found else None

    def _begun(self) -> Partition | None:
        """Choose partitions that are to be one, and note from now on what changes in them; None where there are none."""
        with self._connection.transaction():
            self._run("SELECT pg_advisory_xact_lock(%s)", LOCK)
            chosen = joined(self._partitions(), self._today())
            if chosen is None:
                return None
            goal, members = chosen
            first, last = goal.limits
            self._run(BEGIN)
            self._run(f"CREATE TABLE {STAGING} (LIKE articles INCLUDING ALL, CHECK (n >= {first} AND n < {last}))")
            self._run(f"CREATE INDEX ON {STAGING} (n) WHERE newest")  # days of a longer partition are counted by it
            for member in members:
                self._run(
                    f"CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON {member.table} "
                    "FOR EACH ROW EXECUTE FUNCTION articles_note_change()"
                )
            self._run("INSERT INTO properties VALUES (%s, %s)", GOAL, f"{goal.first} {goal.until}")
            return goal

    def _copy(self, goal: Partition, at_once: int) -> int:
        """Copy the next articles; return how many there were."""
        first, last = goal.limits
        (reached,) = self._run(f"SELECT coalesce(max(n) + 1, {first}) FROM {STAGING}").fetchone()  # noqa: S608
        copied: int = self._run(
            f"INSERT INTO {STAGING} SELECT * FROM articles WHERE n >= %s AND n < %s ORDER BY n LIMIT %s",  # noqa: S608
            reached,
            last,
            at_once,
        ).rowcount
        return copied

    def _exchange(self, goal: Partition) -> None:
        """Let the copy take the place of its partitions; drop it where others reach into it, and the work is begun anew.

        So do new partitions once the goal's first, or all of it, have been pruned: they end where the next one begins.
        """
        try:
            with self._connection.transaction():
                self._run("SELECT pg_advisory_xact_lock(%s)", LOCK)
                self._run(f"SET LOCAL lock_timeout = {MOST_WAITED_MS}")
                self._run("LOCK TABLE ONLY articles IN ACCESS EXCLUSIVE MODE")
                members = [each for each in self._partitions() if each.first < goal.end and goal.first < each.end]
                if members and goal.first <= members[0].first and members[-1].end <= goal.end:
                    self._catch_up(goal, members)
                    self._put_in_place(goal, members)
                else:
                    self._run(f"DROP TABLE {STAGING}")
                self._run(END)
        except LockNotAvailable as error:
            raise ArchiveError(
                f"somebody has been reading history for over {MOST_WAITED_MS / 1000:g} s, a backup maybe; "
                "if this goes on for days, see pg_stat_activity"
            ) from error

    def _catch_up(self, goal: Partition, members: list[Partition]) -> None:
        """Bring the copy up to date with what has changed since; a partition that is new is without a trigger."""
        first, last = goal.limits
        for member in members:
            query = "SELECT 1 FROM pg_trigger WHERE tgname = 'note_change' AND tgrelid = %s::regclass"
            if self._run(query, member.table).fetchone() is None:
                self._run(f"INSERT INTO articles_changed SELECT n FROM {member.table}")  # noqa: S608
        self._run(f"DELETE FROM {STAGING} WHERE n IN (SELECT n FROM articles_changed)")  # noqa: S608
        self._run(
            f"INSERT INTO {STAGING} SELECT * FROM articles "  # noqa: S608
            f"WHERE n >= {first} AND n < {last} AND n IN (SELECT n FROM articles_changed)"
        )

    def _put_in_place(self, goal: Partition, members: list[Partition]) -> None:
        """Drop the partitions, and let the copy be the one in their place."""
        days = [member.first for member in members]
        (articles,) = self._run("SELECT coalesce(sum(articles), 0) FROM days WHERE day = ANY(%s)", days).fetchone()
        self._run("DELETE FROM days WHERE day = ANY(%s)", days)
        for member in members:
            self._run(f"DROP TABLE {member.table}")
        first, last = goal.limits
        self._run(f"ALTER TABLE {STAGING} RENAME TO {goal.table}")
        self._run(f"ALTER TABLE articles ATTACH PARTITION {goal.table} FOR VALUES FROM ({first}) TO ({last})")
        self._run("INSERT INTO days (day, until, articles) VALUES (%s, %s, %s)", goal.first, goal.until, articles)
        logger.info("history: %d partitions from %s to before %s are one", len(members), goal.first, goal.until)
