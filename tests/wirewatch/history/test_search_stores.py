"""Both stores and the matcher alone answer any query alike."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.archive.postgres import PostgresStore
from agents.archive.sqlite import SqliteStore
from agents.archive.store import Span, Store
from agents.watch.errors import QueryError
from agents.watch.language.parse import parse
from agents.watch.matching.article import SearchableArticle
from tests.support.history import ARTICLES, fill
from tests.support.real_postgres import BINARIES, RealPostgres
from wirewatch.history.search import Search

SEARCHABLE = [(article, SearchableArticle(article)) for article in ARTICLES]
#: Words that stand in articles, often and seldom.
WORDS = sorted({word for _, searchable in SEARCHABLE[::7] for word in searchable.vocabulary if word.isalpha()})
COUNTRIES = sorted({region.country for article in ARTICLES for region in article.regions})


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """Both stores, filled with the same."""
    if not BINARIES:
        pytest.skip("postgresql is not installed (Debian: apt-get install postgresql)")
    path: Path = tmp_path_factory.mktemp("archive") / "archive.db"
    with RealPostgres() as server:
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
            [*(f"region:{country}" for country in COUNTRIES), "lang:en", "topic:sport", "source:example.org"]
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
