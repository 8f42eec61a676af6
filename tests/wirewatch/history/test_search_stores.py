"""Both stores and the matcher alone answer any query alike."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.archive import postgres_reading
from agents.archive.postgres import PostgresStore
from agents.archive.sqlite import SqliteStore
from agents.archive.store import Span, Store
from agents.watch.errors import QueryError
from agents.watch.language.parse import parse
from agents.watch.matching.article import SearchableArticle
from streams.errors import ArchiveError
from tests.support.history import ARTICLES, fill
from tests.support.real_postgres import RealPostgres
from wirewatch.history import export
from wirewatch.history.search import Search

SEARCHABLE = [(article, SearchableArticle(article)) for article in ARTICLES]
#: Words that stand in articles, often and seldom.
WORDS = sorted({word for _, searchable in SEARCHABLE[::7] for word in searchable.vocabulary if word.isalpha()})
COUNTRIES = sorted({region.country for article in ARTICLES for region in article.regions})


@pytest.fixture(scope="module")
def server() -> Iterator[RealPostgres]:
    """A PostgreSQL."""
    with RealPostgres() as running:
        yield running


@pytest.fixture(scope="module")
def stores(server: RealPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """Both stores, filled with the same."""
    path: Path = tmp_path_factory.mktemp("archive") / "archive.db"
    both = (SqliteStore(path), PostgresStore(server.url))
    for store in both:
        fill(store)
    yield both
    for store in both:
        store.close()


def terms() -> st.SearchStrategy[str]:
    """Return terms of a query: words, beginnings, ends, phrases, words near each other, titles, facets."""
    word = st.sampled_from(WORDS)
    long_word = word.filter(lambda each: len(each) > 5)
    return st.one_of(
        word,
        long_word.map(lambda each: f"{each[:5]}*"),
        long_word.map(lambda each: f"*{each[-5:]}"),
        word.map(lambda each: f"={each}"),
        st.tuples(word, word).map(lambda pair: f'"{pair[0]} {pair[1]}"'),
        st.tuples(word, st.integers(1, 30), word).map(lambda near: f"({near[0]} NEAR/{near[1]} {near[2]})"),
        word.map(lambda each: f"title:{each}"),
        st.tuples(word, long_word).map(lambda pair: f"title:({pair[0]} OR {pair[1][:5]}*)"),
        st.sampled_from(
            [
                *(f"region:{place}" for place in (*COUNTRIES, "EU", "Mercosur", "Maghreb")),
                *("lang:en", "topic:sport", "source:example.org"),
            ]
        ),
    )


def queries() -> st.SearchStrategy[str]:
    """Return queries of some terms."""
    return st.recursive(
        terms(),
        lambda part: st.one_of(
            st.tuples(part, part).map(lambda pair: f"({pair[0]} AND {pair[1]})"),
            st.tuples(part, part).map(lambda pair: f"({pair[0]} OR {pair[1]})"),
            st.tuples(part, part).map(lambda pair: f"({pair[0]} AND NOT {pair[1]})"),
        ),
        max_leaves=5,
    )


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(queries())
def test_any_query_is_answered_alike(stores: tuple[Store, Store], query: str) -> None:
    """The newest, the best and the counts are the same in both stores, and the newest those that the matcher names."""
    try:
        parsed = parse(query)
    except QueryError:
        return  # a function word alone, say
    expected = [article.id for article, searchable in reversed(SEARCHABLE) if parsed.find(searchable) is not None]

    sqlite, postgres = (Search(store, query) for store in stores)

    for search in (sqlite, postgres):
        assert [hit.article.id for hit in search.newest(Span(), len(ARTICLES) + 1).hits] == expected
    assert sqlite.counts(Span()) == postgres.counts(Span())
    assert sqlite.best(Span(), 20) == postgres.best(Span(), 20)


async def test_an_export_from_a_database_that_is_frozen_ends(
    stores: tuple[Store, Store], server: RealPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says that nobody answers; one that is only slow is waited for, and its answer taken."""
    monkeypatch.setattr(postgres_reading, "CONNECT_SECONDS", 2)
    monkeypatch.setattr(export, "LOOK_SECONDS", 0.2)
    origin = export.StoreOrigin(server.url, "", Span())
    count = await origin.count()
    with psycopg.connect(server.url) as other:
        other.execute("LOCK TABLE days IN ACCESS EXCLUSIVE MODE")
        slow = asyncio.ensure_future(origin.count())
        await asyncio.sleep(0.7)
        assert not slow.done()
    assert await slow == count
    with server.frozen(), pytest.raises(ArchiveError, match="does not answer, nor take a new connection"):
        await origin.count()
    assert [batch async for batch in export.StoreOrigin(server.url, "", Span()).records()]
