"""The store in PostgreSQL where it differs from that in SQLite."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from agents.archive.places import limits_of_day
from agents.archive.postgres import PostgresStore
from agents.archive.postgres_schema import LOCK
from agents.archive.store import Span
from tests.agents.archive.conftest import START, article, empty
from tests.support.real_postgres import RealPostgres

PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'articles'::regclass ORDER BY 1"


def waiting(server: RealPostgres, day: str) -> int:
    """Return how many articles of a day its index has only in its list of new ones."""
    index = (
        "SELECT inhrelid FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid "
        "WHERE inhparent = 'articles_by_feature'::regclass AND indrelid = %s::regclass"
    )
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pgstattuple")
        found = connection.execute(
            f"SELECT pending_tuples FROM pgstatginindex(({index})::regclass)",
            (f"articles_{day}",),
        ).fetchone()
    assert found is not None
    return int(found[0])


def test_a_day_that_is_over_is_indexed(postgres: RealPostgres, store: PostgresStore) -> None:
    """When articles of the next day come, those of the day before leave the list that every search reads whole."""
    first, second = START, START + timedelta(days=1)
    store.add([article(0, "oil rises", at=first)], [])
    assert waiting(postgres, f"{first:%Y%m%d}") == 1

    store.add([article(1, "oil falls", at=second)], [])

    assert waiting(postgres, f"{first:%Y%m%d}") == 0
    assert waiting(postgres, f"{second:%Y%m%d}") == 1


def test_no_question_is_compiled(store: PostgresStore) -> None:
    """The planner thinks every question dear, since it is to read no table whole; compiling takes longer than answering."""
    store.add([article(0, "oil rises", at=START)], [])

    plan = "\n".join(line for (line,) in store._run("EXPLAIN ANALYZE SELECT sum(articles) FROM days"))

    assert "Seq Scan on days" in plan
    assert "JIT" not in plan


@pytest.fixture
def store(postgres: RealPostgres) -> Iterator[PostgresStore]:
    """An empty database, on the day after `START`."""
    empty(postgres)
    made = PostgresStore(postgres.url, (START + timedelta(days=1)).date)
    yield made
    made.close()


def partitions(server: RealPostgres) -> list[str]:
    """Return the names of the partitions."""
    with psycopg.connect(server.url) as connection:
        return [name for (name,) in connection.execute(PARTITIONS)]


def test_old_days_share_partitions_and_are_found_by_day(postgres: RealPostgres, store: PostgresStore) -> None:
    """Pages that claim days of long ago: few tables come of it, and searches, counts and pruning know each day still."""
    days = [datetime(year, 3, 1 + year % 28, 12, tzinfo=UTC) for year in range(1605, 2027, 3)]
    store.add([article(at, "oil rises", at=day) for at, day in enumerate(days)], [])

    assert len(partitions(postgres)) < 30
    wanted = ((frozenset({"oil"}),),)
    assert [row.at for row in store.candidates(wanted, Span())] == [day.timestamp() for day in reversed(days)]
    one = Span(since=days[0].timestamp() + 1, until=days[2].timestamp())
    for sought in (wanted, ()):
        assert store.days(sought, Span()) == {f"{day:%Y-%m-%d}": 1 for day in days}
        assert store.days(sought, one) == {f"{days[1]:%Y-%m-%d}": 1}

    assert store.prune(days[2].timestamp()) == 2
    assert store.days((), Span()) == {f"{day:%Y-%m-%d}": 1 for day in days[2:]}
    assert store.prune(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) == len(days) - 2
    assert partitions(postgres) == []


def test_days_that_older_workers_gave_a_partition_are_read_and_filled(
    postgres: RealPostgres, store: PostgresStore
) -> None:
    """Articles around them come beside them."""
    days = [datetime(1990, 5, day, 12, tzinfo=UTC) for day in (7, 8, 9)]
    first, last = limits_of_day("19900508")
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("INSERT INTO days (day) VALUES ('19900508'); UPDATE wirewatch_schema SET version = 2")
        connection.execute(
            f"CREATE TABLE articles_19900508 PARTITION OF articles FOR VALUES FROM ({first}) TO ({last})"
        )
    store.close()
    again = PostgresStore(postgres.url, START.date)

    again.add([article(at, "oil rises", at=day) for at, day in enumerate(days)], [])

    assert again.days((), Span()) == {f"1990-05-0{day}": 1 for day in (7, 8, 9)}
    assert partitions(postgres) == ["articles_19900101", "articles_19900508", "articles_19900509"]
    again.close()


def test_limits_of_time_that_a_role_has_end_no_work(postgres: RealPostgres, store: PostgresStore) -> None:
    """They are for people who ask. A writer waits for another one for longer, and keeps its articles then."""
    limits = "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"
    with psycopg.connect(postgres.url, autocommit=True) as owner, psycopg.connect(postgres.url) as other:
        try:
            for limit in limits:
                owner.execute(f"ALTER ROLE postgres SET {limit} = '150ms'")
            writer = PostgresStore(postgres.url)
            other.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            with ThreadPoolExecutor() as thread:
                kept = thread.submit(writer.add, [article(0, "oil rises")], [])
                with pytest.raises(TimeoutError):
                    kept.result(timeout=0.4)
                other.commit()
                assert kept.result(timeout=60) == 1
            writer.close()
        finally:
            owner.execute("ALTER ROLE postgres RESET ALL")
