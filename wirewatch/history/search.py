"""Search over history in the watch language: the articles that a watch with this query would match.

The store brings candidates, by the same features under which watches are filed; the matcher decides on each. So a search
and a watch agree, and a query that the store answers exactly (words, places and topics with AND and OR) is counted
without reading a single article.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, islice

from msgspec import Struct
from msgspec.structs import replace

from agents.archive.entries import unpacked
from agents.archive.places import second_of
from agents.archive.store import Alternatives, ArticleRow, Counts, Outline, Span, Store
from agents.watch.language.anchors import MAX_PRODUCT, Entry, all_of, any_of, entries
from agents.watch.language.forms import is_plain
from agents.watch.language.parse import parse
from agents.watch.language.query import And, Facet, InTitle, Or, Query, Term, WorkExceededError
from agents.watch.language.ranges import Range
from agents.watch.language.words import is_unspaced
from agents.watch.matching.article import SearchableArticle
from streams.records import Evidence, Tagged, decode
from wirewatch.history.time_limit import timed

#: Candidates that one search reads and tries. Of more it says that there are more.
MAX_TRIED = 1_000
#: Most articles of which countries, topics, sources and languages are counted, the newest.
MAX_COUNTED = 5_000
#: Most articles that are tried one by one, where the store cannot answer alone: counts end there.
MAX_COUNTED_TRIED = 400
#: Candidates among which the best are looked for, and those of them, by their titles, that are read.
MAX_RANKED, MAX_READ = 1_000, 150
#: Steps of the matcher for one candidate (see `agents.watch.matching.matcher`).
STEPS = 300_000
#: How the feature of a word begins that stands in the title.
TITLE = "title:"


class Hit(Struct, frozen=True):
    """An article that a search found, and the words that made it match."""

    row: ArticleRow
    article: Tagged
    spans: list[Evidence]


class Page(Struct, frozen=True):
    """Hits, and where to go on (`before`); `complete` is false where a search ended before it had as many as wanted.

    `ranked` is among how many of the newest the best were looked for; None where the newest were wanted.
    """

    hits: list[Hit]
    before: int | None
    complete: bool
    ranked: int | None = None


def features(tagged: Tagged) -> set[str]:
    """Return the features by which an article is found: those under which watches are filed, and its title's again."""
    title = SearchableArticle(replace(tagged, text="", regions=[], topics=[], authors=[]))
    found = SearchableArticle(tagged).features()
    return found | {TITLE + feature for feature in title.features() - title.facets}


class Search:
    """One query on one store; an empty query finds everything. Raises `QueryError` for a wrong one."""

    def __init__(self, store: Store, query: str) -> None:
        self._store = store
        self._query = parse(query) if query.strip() else None
        self._wanted: Alternatives = ()
        self._exact = True
        if self._query is not None:
            found = anchored(self._query) if store.has_titles else entries(self._query)
            self._wanted = tuple(found) if all(found) else ()
            self._exact = is_exact(self._query, titles=store.has_titles) and _product(self._query) <= MAX_PRODUCT

    def newest(self, span: Span, limit: int) -> Page:
        """Return the newest articles that match."""
        hits: list[Hit] = []
        for tried, row in enumerate(timed(self._store.candidates(self._wanted, span)), 1):
            if (hit := self._hit(row)) is not None:
                hits.append(hit)
            if len(hits) == limit or tried == MAX_TRIED:
                return Page(hits, row.n, complete=len(hits) == limit)
        return Page(hits, None, complete=True)

    def best(self, span: Span, limit: int) -> Page:
        """Return the best of the newest `MAX_RANKED`: words in the title first, then how often they stand in the text."""
        rows = list(islice(timed(self._store.candidates(self._wanted, span)), MAX_RANKED))
        if self._exact:
            rows.sort(key=self._in_title, reverse=True)
        tried = rows[:MAX_READ]
        ranked = sorted(filter(None, map(self._hit, timed(tried))), key=_rank, reverse=True)
        seen = len(rows) if self._exact else len(tried)
        return Page(ranked[:limit], None, len(rows) < MAX_RANKED and len(tried) == len(rows), seen)

    def counts(self, span: Span) -> Counts:
        """Count the articles that match: where the store answers alone all of them, else up to a bound."""
        counts = Counts()
        if not self._exact:
            for tried, row in enumerate(timed(self._store.candidates(self._wanted, span))):
                if tried == MAX_COUNTED_TRIED:
                    counts.complete = False
                    break
                if self._hit(row) is not None:
                    counts.articles += 1
                    counts.days[datetime.fromtimestamp(row.at, UTC).strftime("%Y-%m-%d")] += 1
                    _count(counts, [row])
            return counts
        counts.days = self._store.days(self._wanted, span)
        counts.articles = counts.days.total()
        _count(counts, list(islice(self._store.outlines(self._wanted, span), MAX_COUNTED)))
        counts.complete = counts.counted >= counts.articles
        return counts

    def matches(self, rows: Iterator[ArticleRow]) -> Iterator[Hit]:
        """Yield the hits among rows."""
        return (hit for row in rows if (hit := self._hit(row)) is not None)

    def records(self, span: Span) -> Iterator[tuple[ArticleRow, bytes]]:
        """Yield every article that matches with its record, the newest first, however many are tried."""
        for row in self._store.candidates(self._wanted, span):
            if self._exact or self._hit(row) is not None:
                yield row, unpacked(row.record)

    def total(self, span: Span) -> int | None:
        """Return how many articles match; None where each candidate must be tried."""
        return self._store.days(self._wanted, span).total() if self._exact else None

    def try_on(self, row: ArticleRow, article: SearchableArticle) -> Hit | None:
        """Return an article as a hit where it matches: for an article that many searches are tried on."""
        if self._query is None:
            return Hit(row, article.record, [])
        article.allow(STEPS)
        try:
            ranges = self._query.find(article)
        except WorkExceededError:
            return None
        return None if ranges is None else Hit(row, article.record, article.evidence(_first(ranges)))

    def _in_title(self, row: ArticleRow) -> int:
        """Return how many clauses of the query a title has words of: a quick look, for the order of a closer one."""
        title = set(row.title.lower().split())
        return sum(any(word in title for word in clause) for clauses in self._wanted for clause in clauses)

    def _hit(self, row: ArticleRow) -> Hit | None:
        tagged = decode(unpacked(row.record), Tagged)
        return Hit(row, tagged, []) if self._query is None else self.try_on(row, SearchableArticle(tagged))


def is_exact(query: Query, *, titles: bool) -> bool:
    """Say whether having a query's features and matching it are the same; `titles`: those of titles are kept."""
    match query:
        case Facet():
            return True
        case Term():
            [word, *more] = query.words
            return not more and not query.exact and is_plain(word.strip("*")) and not is_unspaced(word)
        case InTitle():
            return (
                titles and isinstance(query.part, Term) and _begins(query.part) and is_exact(query.part, titles=titles)
            )
        case And() | Or():
            return all(is_exact(part, titles=titles) for part in query.parts)
    return False


def anchored(query: Query) -> list[Entry]:
    """Return a query's entries, where words of the title are looked for among its features."""
    match query:
        case InTitle():
            return [tuple(_of_title(clause) for clause in entry) for entry in entries(query.part)]
        case And():
            return all_of(map(anchored, query.parts))
        case Or():
            return any_of(map(anchored, query.parts))
    return entries(query)


def _of_title(clause: frozenset[str]) -> frozenset[str]:
    """Return a clause for the title alone; one with `*` before a word stays, since a store looks those up in its words."""
    if any(feature.startswith("*") for feature in clause):
        return clause
    return frozenset(TITLE + feature for feature in clause)


def _begins(term: Term) -> bool:
    return not any(word.startswith("*") for word in term.words)


def _product(query: Query) -> int:
    """Return how many entries a query is multiplied out to at most."""
    if isinstance(query, And):
        product = 1
        for part in query.parts:
            product *= max(1, len(anchored(part)))
        return product
    return max(map(_product, query.children()), default=1)


def _first(ranges: list[Range]) -> list[Range]:
    return sorted(set(ranges))[:100]


def _rank(hit: Hit) -> tuple[int, float, float]:
    in_title = sum(span.field == "title" for span in hit.spans)
    return min(in_title, 3), len(hit.spans) / (200 + len(hit.article.text)), hit.row.at


def _count(counts: Counts, rows: Sequence[ArticleRow | Outline]) -> None:
    """Count rows by each kind: together, since a Counter takes one row after another three times as slowly."""
    counts.counted += len(rows)
    counts.hours.update([second_of(row.n) // 3600 for row in rows])
    counts.countries.update(chain.from_iterable(row.countries for row in rows))
    counts.topics.update(chain.from_iterable(row.topics for row in rows))
    counts.sources.update([row.source for row in rows])
    counts.languages.update([row.language for row in rows])
