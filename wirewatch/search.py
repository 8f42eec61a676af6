"""Search over history in the watch language: the articles that a watch with this query would match.

The store brings candidates, by the same features under which watches are filed; the matcher decides on each. So a search
and a watch agree, and a query that the store answers exactly (words, places and topics with AND and OR) is counted
without reading a single article.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec import Struct

from agents.archive.entries import unpacked
from agents.archive.store import Alternatives, ArticleRow, Counts, Span, Store
from agents.watch.language.anchors import MAX_PRODUCT, entries
from agents.watch.language.forms import is_plain
from agents.watch.language.parse import parse
from agents.watch.language.query import And, Facet, Or, Query, Term, WorkExceededError
from agents.watch.language.ranges import Range
from agents.watch.language.words import is_unspaced
from agents.watch.matching.article import SearchableArticle
from streams.records import Evidence, Tagged, decode

#: Candidates that one search reads and tries; rows that counts read, and candidates that they try. Of more they say that
#: there are more.
MAX_TRIED = 5_000
MAX_COUNTED = 50_000
MAX_COUNTED_TRIED = 2_000
#: Candidates among which the best are looked for.
MAX_RANKED = 1_000
#: Steps of the matcher for one candidate (see `agents.watch.matching.matcher`).
STEPS = 300_000


class Hit(Struct, frozen=True):
    """An article that a search found, and the words that made it match."""

    row: ArticleRow
    article: Tagged
    spans: list[Evidence]


class Page(Struct, frozen=True):
    """Hits, and where to go on (`before`); `complete` is false where a search ended before it had as many as wanted."""

    hits: list[Hit]
    before: int | None
    complete: bool


def features(tagged: Tagged) -> set[str]:
    """Return the features by which an article is found: those under which watches are filed."""
    return SearchableArticle(tagged).features()


class Search:
    """One query on one store; an empty query finds everything. Raises `QueryError` for a wrong one."""

    def __init__(self, store: Store, query: str) -> None:
        self._store = store
        self._query = parse(query) if query.strip() else None
        self._wanted = _alternatives(self._query)
        self._exact = self._query is None or (is_exact(self._query) and _product(self._query) <= MAX_PRODUCT)

    def newest(self, span: Span, limit: int) -> Page:
        """Return the newest articles that match."""
        hits: list[Hit] = []
        for tried, row in enumerate(self._store.candidates(self._wanted, span), 1):
            if (hit := self._hit(row)) is not None:
                hits.append(hit)
            if len(hits) == limit or tried == MAX_TRIED:
                return Page(hits, row.n, complete=len(hits) == limit)
        return Page(hits, None, complete=True)

    def best(self, span: Span, limit: int) -> Page:
        """Return the best of the newest `MAX_RANKED`: words in the title first, then how often they stand in the text."""
        page = self.newest(span, MAX_RANKED)
        ranked = sorted(page.hits, key=_rank, reverse=True)
        return Page(ranked[:limit], None, page.before is None)

    def counts(self, span: Span) -> Counts:
        """Count the articles that match, up to a bound."""
        counts = Counts()
        most = MAX_COUNTED if self._exact else MAX_COUNTED_TRIED
        for tried, row in enumerate(self._store.candidates(self._wanted, span)):
            if tried == most:
                counts.complete = False
                break
            if self._exact or self._hit(row) is not None:
                _count(counts, row)
        return counts

    def matches(self, rows: Iterator[ArticleRow]) -> Iterator[Hit]:
        """Yield the hits among rows."""
        return (hit for row in rows if (hit := self._hit(row)) is not None)

    def _hit(self, row: ArticleRow) -> Hit | None:
        tagged = decode(unpacked(row.record), Tagged)
        if self._query is None:
            return Hit(row, tagged, [])
        article = SearchableArticle(tagged)
        article.allow(STEPS)
        try:
            ranges = self._query.find(article)
        except WorkExceededError:
            return None
        return None if ranges is None else Hit(row, tagged, article.evidence(_first(ranges)))


def is_exact(query: Query) -> bool:
    """Say whether having a query's features and matching it are the same."""
    match query:
        case Facet():
            return True
        case Term():
            [word, *more] = query.words
            return not more and not query.exact and is_plain(word.strip("*")) and not is_unspaced(word)
        case And() | Or():
            return all(map(is_exact, query.parts))
    return False


def _alternatives(query: Query | None) -> Alternatives:
    """Return words that candidates must have; nothing where an article without them could match."""
    found = entries(query) if query is not None else []
    return tuple(found) if all(found) else ()


def _product(query: Query) -> int:
    """Return how many entries a query is multiplied out to at most."""
    if isinstance(query, And):
        product = 1
        for part in query.parts:
            product *= max(1, len(entries(part)))
        return product
    return max(map(_product, query.children()), default=1)


def _first(ranges: list[Range]) -> list[Range]:
    return sorted(set(ranges))[:100]


def _rank(hit: Hit) -> tuple[int, float, float]:
    in_title = sum(span.field == "title" for span in hit.spans)
    return min(in_title, 3), len(hit.spans) / (200 + len(hit.article.text)), hit.row.at


def _count(counts: Counts, row: ArticleRow) -> None:
    counts.articles += 1
    counts.days[datetime.fromtimestamp(row.at, UTC).strftime("%Y-%m-%d")] += 1
    counts.countries.update(row.countries)
    counts.topics.update(row.topics)
    counts.sources[row.source] += 1
    counts.languages[row.language] += 1
