"""Which of many watches an article matches.

Every watch is filed under the two rarest of the words that it cannot do without. An article brings up the watches of
which it has both, a set comparison drops those whose other words are missing, and what is left is evaluated. What is
rare is learnt from the first articles; it changes the speed, never the result.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from agents.watch.language.anchors import Clause, cost, entries, expected_share
from agents.watch.matching.article import Article, Range
from agents.watch.records import Watch
from streams.records import Evidence, Tagged

#: Articles after which the watches are filed anew by what was counted; after the last one counting ends.
REFILE_AFTER = (200, 1_000, 5_000)

#: What an expectation weighs against counts, in articles.
PRIOR_ARTICLES = 20

#: The letters by which prefixes are looked up, and the fewest that a prefix has (two Hangul syllables).
STEM, SHORT_STEM = 4, 2

EMPTY: Clause = frozenset()

#: Places that one entry may be filed at; beyond it, it is filed by its first clause alone.
MAX_PLACES = 36

#: Spans that a match carries at most, the first ones.
MAX_SPANS = 100

#: Stands for a second feature where an entry has a single clause; no feature is empty.
ALONE = ""

#: A watch, the features it needs all of, and the sets of which it needs one feature each.
Filed = tuple[Watch, Clause, tuple[Clause, ...]]


class Match(Struct, frozen=True):
    """A watch that an article matches, and the spans that made it match."""

    watch: Watch
    spans: list[Evidence]


class Matcher:
    """The watches in force. `put` and `discard` change them one by one while it runs."""

    def __init__(self, watches: Iterable[Watch] = ()) -> None:
        self._watches: dict[str, Watch] = {}
        self._index: dict[str, dict[str, list[Filed]]] = {}
        self._stems: dict[int, dict[str, set[str]]] = {}
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
        return self.match_article(Article(tagged))

    def match_article(self, article: Article) -> list[Match]:
        """Return the watches that an article, already cut, matches."""
        features = self._features(article)
        if self._counted < REFILE_AFTER[-1]:
            self._count(features)
        found = []
        for watch in self._candidates(features):
            ranges = watch.query.find(article)
            if ranges is not None:
                found.append(Match(watch=watch, spans=evidence(article, ranges)))
        return sorted(found, key=lambda match: match.watch.name)

    def candidates(self, tagged: Tagged) -> int:
        """Return how many watches an article would have evaluated."""
        return len(self._candidates(self._features(Article(tagged))))

    def _features(self, article: Article) -> set[str]:
        """Return an article's features and the known prefixes of its words."""
        features = article.features()
        for size, stems in self._stems.items():
            for word in article.vocabulary:
                if word[:size] in stems:
                    features.update(prefix for prefix in stems[word[:size]] if word.startswith(prefix[:-1]))
        features.add(ALONE)
        return features

    def _candidates(self, features: set[str]) -> list[Watch]:
        """Return the watches that have what they need in an article with these features, each once."""
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
        if len(first) * len(second) > MAX_PLACES:
            second = frozenset((ALONE,))
        for one in first:
            under = self._index.setdefault(one, {})
            for other in second:
                under.setdefault(other, []).append(filed)
        for feature in required.union(*choices):
            if feature.endswith("*"):
                size, letters = stem(feature)
                self._stems.setdefault(size, {}).setdefault(letters, set()).add(feature)

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
            # What was seen once is as rare as what was not: most of the counts, and nothing is lost with them.
            self._counts = Counter({feature: many for feature, many in self._counts.items() if many > 1})


def file(watch: Watch) -> list[Filed]:
    """Return what a watch needs, one for each of its entries."""
    found: list[Filed] = []
    for entry in entries(watch.query):
        required = frozenset[str]().union(*(clause for clause in entry if len(clause) == 1))
        choices = tuple(clause for clause in entry if len(clause) > 1 and clause.isdisjoint(required))
        found.append((watch, required or EMPTY, choices))
    return found


def stem(prefix: str) -> tuple[int, str]:
    """Return the letters by which a prefix such as `sanction*` is looked up, and how many they are."""
    size = STEM if len(prefix) > STEM else SHORT_STEM
    return size, prefix[:size]


def evidence(article: Article, ranges: list[Range]) -> list[Evidence]:
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
