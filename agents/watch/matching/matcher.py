"""The index of watches, by which an article finds those that it matches.

Every watch is filed under the two rarest of the words that it cannot do without. An article brings up the watches of
which it has both, a set comparison drops those whose other words are missing, and the rest are evaluated. Which words
are rare is learnt from the first articles; it changes the speed, never the result.

Evaluating is bounded for each watch and for each article. A watch that spends its budget does not match, and is named
in the article's `unfinished`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from agents.watch.language.anchors import Clause, cost, entries, expected_share
from agents.watch.language.query import WorkExceededError, names_trend
from agents.watch.language.ranges import Range
from agents.watch.matching.article import SearchableArticle
from agents.watch.records import Watch
from streams.records import Evidence, Tagged

#: Articles after which the watches are filed anew by what was counted; after the last one counting ends.
REFILE_AFTER = (200, 1_000, 5_000)

#: Weight of an expectation against counts, in articles.
PRIOR_ARTICLES = 20

#: The letters by which wildcards are looked up, and the fewest that one has (two Hangul syllables).
STEM, SHORT_STEM = 4, 2

EMPTY: Clause = frozenset()

#: Pairs of features that one entry may be filed under; beyond it, it is filed by its first clause alone.
MAX_FILINGS = 36

#: Spans that a match carries at most, the first ones.
MAX_SPANS = 100

#: Steps that one watch and all watches together may take on one article: about .3 and 1 s of CPU. A query of 200 terms
#: on an article of 3 kB takes some 500.
STEPS_OF_WATCH = 300_000
STEPS_OF_ARTICLE = 1_000_000

#: Stands for a second feature where an entry has a single clause; no feature is empty.
ALONE = ""

#: A watch, the features it needs all of, and the sets of which it needs one feature each.
Filed = tuple[Watch, Clause, tuple[Clause, ...]]

#: By how many letters, and by which, the wildcards that have them.
Stems = dict[int, dict[str, set[str]]]


class Match(Struct, frozen=True):
    """A watch that an article matches, and the spans that made it match."""

    watch: Watch
    spans: list[Evidence]


class Matcher:
    """The watches in force. `put` and `discard` change them one by one while it runs."""

    def __init__(self, watches: Iterable[Watch] = ()) -> None:
        self._watches: dict[str, Watch] = {}
        self._index: dict[str, dict[str, list[Filed]]] = {}
        # Wildcards: by the first letters of `word*`, by the last ones of `*word`, and `*word*`.
        self._beginnings: Stems = {}
        self._endings: Stems = {}
        self._insides: set[str] = set()
        self._counts: Counter[str] = Counter()
        self._counted = 0
        for watch in watches:
            self.put(watch)

    def __len__(self) -> int:
        return len(self._watches)

    def __iter__(self) -> Iterator[Watch]:
        return iter(self._watches.values())

    def get(self, name: str) -> Watch | None:
        """Return the watch of that name."""
        return self._watches.get(name)

    def put(self, watch: Watch) -> None:
        """Take a watch into force, in place of the one of the same name."""
        self.discard(watch.name)
        self._watches[watch.name] = watch
        for filed in file(watch):
            self._add(filed)

    def discard(self, name: str) -> None:
        """Take a watch out of force, if it is in."""
        watch = self._watches.pop(name, None)
        if watch is None:
            return
        for _, required, choices in file(watch):
            for first in required.union(*choices):
                under = self._index.get(first, {})
                for second in list(under):
                    under[second] = [filed for filed in under[second] if filed[0] is not watch]
                    if not under[second]:
                        del under[second]
                if not under:
                    self._index.pop(first, None)

    def match(self, tagged: Tagged) -> list[Match]:
        """Return the watches that an article matches, by name."""
        return self.match_article(SearchableArticle(tagged))

    def match_trend(self, article: SearchableArticle, facets: frozenset[str]) -> list[Match]:
        """Return the watches that name a trend, which stands here as an article."""
        article.facets |= facets
        return [match for match in self.match_article(article) if names_trend(match.watch.query)]

    def match_article(self, article: SearchableArticle) -> list[Match]:
        """Return the watches that an article, already cut, matches; name in `article.unfinished` those given up."""
        features = self._features(article)
        if self._counted < REFILE_AFTER[-1]:
            self._count(features)
        found = []
        left = STEPS_OF_ARTICLE
        for watch in sorted(self._candidates(features), key=lambda watch: watch.name):
            article.allow(min(STEPS_OF_WATCH, left))
            try:
                ranges = watch.query.find(article)
            except WorkExceededError:
                ranges = None
                article.unfinished.append(watch.name)
            left -= article.spent
            if ranges is not None:
                found.append(Match(watch=watch, spans=evidence(article, ranges)))
        return found

    def candidates(self, tagged: Tagged) -> int:
        """Return how many watches an article would have evaluated."""
        return len(self._candidates(self._features(SearchableArticle(tagged))))

    def _features(self, article: SearchableArticle) -> set[str]:
        """Return an article's features and the known wildcards that its words fit."""
        features = article.features()
        for size, stems in self._beginnings.items():
            for word in article.vocabulary:
                if word[:size] in stems:
                    features.update(prefix for prefix in stems[word[:size]] if word.startswith(prefix[:-1]))
        for size, stems in self._endings.items():
            for word in article.vocabulary:
                if word[-size:] in stems:
                    features.update(suffix for suffix in stems[word[-size:]] if word.endswith(suffix[1:]))
        if self._insides:
            words = "\n".join(article.vocabulary)
            features.update(pattern for pattern in self._insides if pattern.strip("*") in words)
        features.add(ALONE)
        return features

    def _candidates(self, features: set[str]) -> list[Watch]:
        """Return the watches whose needed features are all among these, each once."""
        index = self._index
        absent = features.isdisjoint
        found: dict[int, Watch] = {}
        for first in index.keys() & features:
            under = index[first]
            if absent(under):
                continue
            # Whichever side is shorter is gone through.
            both = features.intersection(under) if len(under) < len(features) else under.keys() & features
            for second in both:
                for watch, required, choices in under[second]:
                    if required <= features and not any(map(absent, choices)):
                        found[id(watch)] = watch
        return list(found.values())

    def _add(self, filed: Filed) -> None:
        _, required, choices = filed
        clauses = [*map(frozenset, zip(required, strict=True)), *choices]
        clauses.sort(key=lambda clause: cost(clause, self._share))
        first, second = clauses[0], clauses[1] if len(clauses) > 1 else frozenset((ALONE,))
        if len(first) * len(second) > MAX_FILINGS:
            second = frozenset((ALONE,))
        for one in first:
            under = self._index.setdefault(one, {})
            for other in second:
                under.setdefault(other, []).append(filed)
        for feature in required.union(*choices):
            if "*" in feature:
                self._note_wildcard(feature)

    def _note_wildcard(self, pattern: str) -> None:
        """Let articles find the words that fit a wildcard."""
        letters = pattern.strip("*")
        size = STEM if len(letters) >= STEM else SHORT_STEM
        if not pattern.startswith("*"):
            self._beginnings.setdefault(size, {}).setdefault(letters[:size], set()).add(pattern)
        elif not pattern.endswith("*"):
            self._endings.setdefault(size, {}).setdefault(letters[-size:], set()).add(pattern)
        else:
            self._insides.add(pattern)

    def _share(self, feature: str) -> float:
        """Return the share of articles that have a feature, as far as it is known."""
        expected = expected_share(feature)
        return (self._counts[feature] + PRIOR_ARTICLES * expected) / (self._counted + PRIOR_ARTICLES)

    def _count(self, features: set[str]) -> None:
        self._counts.update(features)
        self._counted += 1
        if self._counted in REFILE_AFTER:
            leaves = (leaf for under in self._index.values() for leaf in under.values())
            filed = {id(each): each for leaf in leaves for each in leaf}
            self._index = {}
            for each in filed.values():
                self._add(each)
        if self._counted == REFILE_AFTER[-1]:
            # A feature seen once is as rare as one never seen: most of the counts, and nothing is lost with them.
            self._counts = Counter({feature: many for feature, many in self._counts.items() if many > 1})


def file(watch: Watch) -> list[Filed]:
    """Return a watch as it is filed, once for each of its entries."""
    found: list[Filed] = []
    for entry in entries(watch.query):
        required = frozenset[str]().union(*(clause for clause in entry if len(clause) == 1))
        choices = tuple(clause for clause in entry if len(clause) > 1 and clause.isdisjoint(required))
        found.append((watch, required or EMPTY, choices))
    return found


def evidence(article: SearchableArticle, ranges: list[Range]) -> list[Evidence]:
    """Return the spans of ranges, each once, title first, those inside a longer one left out."""
    kept: list[Range] = []
    past = -1
    for each in sorted(ranges):
        if each[1] > past:
            if kept and kept[-1][0] == each[0]:
                kept.pop()
            kept.append(each)
            past = each[1]
    return article.evidence(kept[:MAX_SPANS])
