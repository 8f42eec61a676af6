"""Both stores, empty, and articles to put into them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from agents.archive.entries import ArticleEntry, article_entry
from agents.archive.postgres import PostgresStore
from agents.archive.sqlite import SqliteStore
from agents.archive.store import Store
from streams.records import NewsTopic, Region, Tagged, encode
from tests.support.real_postgres import RealPostgres

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[RealPostgres]:
    """A PostgreSQL of the test run's own."""
    with RealPostgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    """Return how to open the one store of a test, empty at first."""
    if request.param == "sqlite":
        return lambda: SqliteStore(tmp_path / "archive.db")
    server: RealPostgres = request.getfixturevalue("postgres")
    empty(server)
    return lambda: PostgresStore(server.url)


def empty(server: RealPostgres) -> None:
    """Drop everything in a database."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


@pytest.fixture
def store(opened: Callable[[], Store]) -> Iterator[Store]:
    """An empty store."""
    made = opened()
    yield made
    made.close()


def words(tagged: Tagged) -> set[str]:
    """Return the features that these tests search by: words, and the country."""
    return {
        *tagged.title.lower().split(),
        *tagged.text.lower().split(),
        f"region:{(tagged.primary_country or '').lower()}",
    }


def article(
    number: int, text: str, *, at: datetime | None = None, revision: int = 0, country: str = "VE"
) -> ArticleEntry:
    """Return the entry of an article; articles follow one another by a minute."""
    published = at or START + timedelta(minutes=number)
    identifier = f"{number:032x}"
    tagged = Tagged(
        id=identifier,
        fetch_id=f"{identifier}:{published.isoformat()}:{revision}",
        revision=revision,
        source=f"paper{number % 3}.example",
        title=f"Article {number}",
        published_at=published,
        fetched_at=published,
        language="en",
        text=text,
        extractor="test",
        regions=[Region(country=country, code=country, level="country", name=country, role="about", score=1.0)],
        primary_country=country,
        topics=[NewsTopic(id="medtop:04000000", label="economy", level=1, score=0.9, method="test")],
    )
    return article_entry(encode(tagged), words)
