"""The store in PostgreSQL where it differs from that in SQLite."""

from datetime import timedelta

import psycopg

from agents.archive.postgres import PostgresStore
from tests.agents.archive.conftest import START, article
from tests.support.real_postgres import RealPostgres


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


def test_a_day_that_is_over_is_indexed(postgres: RealPostgres) -> None:
    """When articles of the next day come, those of the day before leave the list that every search reads whole."""
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    store = PostgresStore(postgres.url)
    first, second = START, START + timedelta(days=1)
    store.add([article(0, "oil rises", at=first)], [])
    assert waiting(postgres, f"{first:%Y%m%d}") == 1

    store.add([article(1, "oil falls", at=second)], [])

    assert waiting(postgres, f"{first:%Y%m%d}") == 0
    assert waiting(postgres, f"{second:%Y%m%d}") == 1
    store.close()
