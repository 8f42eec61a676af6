"""Search and watch agree: a search finds the articles that a watch with the same query matches."""

from collections.abc import Iterator

import pytest

from agents.archive.sqlite import SqliteStore
from agents.archive.store import Span, Store
from agents.watch.errors import QueryError
from agents.watch.language.parse import parse
from agents.watch.matching.article import SearchableArticle
from tests.support.history import ARTICLES, CASES, fill
from wirewatch.history.search import Search

#: Of each kind of question one that the index alone cannot answer, or answers in a way of its own.
QUERIES = [
    *(case["watch"]["query"] for case in CASES),
    "oil",
    "=Apple",
    '"central bank"',
    "*quake",
    "*nsolven*",
    "strike* AND NOT region:VE",
    "lang:en AND NOT (oil OR port*)",
    "region:VE OR topic:sport",
    "ATLEAST/2 the",
    "title:strike*",
    "title:(oil OR port*) AND region:VE",
    "title:*quake OR title:(strike* AND port*)",
    "NOT title:oil AND oil",
    "稀土",
    "F.B.I. OR FBI",
    "score >= 10 { oil:5, sanctions:5, the:1 }",
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with every article of the watches' cases."""
    made = SqliteStore(tmp_path_factory.mktemp("archive") / "archive.db")
    fill(made)
    yield made
    made.close()


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: " ".join(query.split())[:40])
def test_a_search_finds_what_a_watch_matches(store: Store, query: str) -> None:
    """The newest articles, the counts and the matcher alone name the same articles."""
    parsed = parse(query)
    expected = [article.id for article in reversed(ARTICLES) if parsed.find(SearchableArticle(article)) is not None]
    search = Search(store, query)

    page = search.newest(Span(), len(ARTICLES) + 1)
    counts = search.counts(Span())

    assert [hit.article.id for hit in page.hits] == expected
    assert (counts.articles, counts.counted, counts.complete) == (len(expected), len(expected), True)
    assert (page.before, page.complete) == (None, True)


def test_an_empty_query_finds_everything(store: Store) -> None:
    """Without a query the newest articles come, page by page, each once."""
    first = Search(store, " ").newest(Span(), 100)
    rest = Search(store, "").newest(Span(before=first.before), len(ARTICLES))

    assert [hit.article.id for hit in [*first.hits, *rest.hits]] == [article.id for article in reversed(ARTICLES)]


def test_the_best_has_the_words_in_its_title(store: Store) -> None:
    """Best first: an article that says it in its title stands before those that say it in the text."""
    best = Search(store, "strike*").best(Span(), 50)
    in_title = [any(span.field == "title" for span in hit.spans) for hit in best.hits]

    assert any(in_title)
    assert in_title == sorted(in_title, reverse=True)
    assert (best.ranked, best.complete) == (Search(store, "strike*").counts(Span()).articles, True)


def test_counts_are_by_day_country_topic_source_and_language(store: Store) -> None:
    """Each count adds up over the articles that match."""
    counts = Search(store, "lang:en").counts(Span())
    english = [article for article in ARTICLES if article.language == "en"]

    assert counts.articles == len(english)
    assert counts.days == {"2026-11-20": len(english)}
    assert counts.sources == {"news.example.org": len(english)}
    assert counts.languages == {"en": len(english)}
    assert counts.countries["VE"] == sum(any(r.country == "VE" for r in article.regions) for article in english)
    assert sum(counts.topics.values()) == sum(len(article.topics) for article in english)


def test_a_wrong_query_is_refused_with_its_place(store: Store) -> None:
    """The same words as for a watch say where and why."""
    with pytest.raises(QueryError, match="line 1, column"):
        Search(store, "oil embargo")
