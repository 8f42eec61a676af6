"""An article as queries see it: its words with their positions, and its facets (source, language, regions, topics)."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import count

from agents.watch.language import vocabulary
from agents.watch.language.words import cut, fold, is_simple, is_unspaced, normal, offsets_of
from streams.records import Evidence, Tagged

#: From one word to one past another, positions; the text's follow the title's.
Range = tuple[int, int]

#: How far NEAR reaches. Between title and text more positions than that stay free: nothing is near across the two.
MAX_DISTANCE = 100
GAP = MAX_DISTANCE + 1


class Article:
    """One tagged article, cut once and shared by all watches; positions and offsets are worked out when asked for."""

    __slots__ = (
        "_folded",
        "_offsets",
        "_ranges",
        "authors",
        "facets",
        "record",
        "text",
        "title",
        "title_end",
        "vocabulary",
    )

    def __init__(self, record: Tagged) -> None:
        self.record = record
        self._folded = fold(record.title), fold(record.text)
        self.title, self.text = map(cut, self._folded)
        self.title_end = len(self.title)
        self.vocabulary = {*self.title, *self.text}
        self.authors = [cut(fold(author)) for author in record.authors]
        self.facets = facets(record, self.authors)
        self._ranges: defaultdict[str, list[Range]] = defaultdict(list)
        self._offsets: list[Range] = []

    def features(self) -> set[str]:
        """Return everything that an index can look up: words, facets, and pairs of characters without spaces."""
        found = self.vocabulary | self.facets
        if not all(map(is_simple, self._folded)):
            found |= pairs(self.title) | pairs(self.text)
        return found

    def word(self, word: str) -> list[Range]:
        """Return where a word stands, in order; for `word*`, where any word stands that begins so."""
        places = self._ranges or self._place()
        found = places.get(word)
        if found is not None:
            return found
        if word.endswith("*"):
            beginning = word[:-1]
            places[word] = sorted(r for each in self.vocabulary if each.startswith(beginning) for r in places[each])
            return places[word]
        return []

    def phrase(self, phrase: tuple[str, ...]) -> list[Range]:
        """Return where words stand one after another; each of them may end in `*`."""
        length = len(phrase)
        if length == 1:
            return self.word(phrase[0])
        places = [self.word(word) for word in phrase]
        if not all(places):
            return []
        rarest = min(range(length), key=lambda index: len(places[index]))
        rest = [(index - rarest, set(places[index])) for index in range(length) if index != rarest]
        return [
            (start - rarest, start - rarest + length)
            for start, end in places[rarest]
            if all((start + shift, end + shift) in found for shift, found in rest)
        ]

    def in_title(self) -> "Title":
        """Return the article's title alone."""
        return Title(self)

    def originals(self, found: Range) -> tuple[str, ...]:
        """Return words as they are written in the article, case and all."""
        return tuple(self._original(position) for position in range(*found))

    def evidence(self, ranges: list[Range]) -> list[Evidence]:
        """Return the code points that ranges of words cover."""
        spans, title_end = self._spans(), self.title_end
        return [
            Evidence(field="title", start=spans[start][0], end=spans[end - 1][1])
            if start < title_end
            else Evidence(field="text", start=spans[start - GAP][0], end=spans[end - 1 - GAP][1])
            for start, end in ranges
        ]

    def _original(self, position: int) -> str:
        in_title = position < self.title_end
        start, end = self._spans()[position if in_title else position - GAP]
        return normal((self.record.title if in_title else self.record.text)[start:end])

    def _spans(self) -> list[Range]:
        if not self._offsets:
            title, text = self._folded
            self._offsets = offsets_of(self.title, title) + offsets_of(self.text, text)
        return self._offsets

    def _place(self) -> defaultdict[str, list[Range]]:
        ranges = self._ranges
        for first, words in ((0, self.title), (self.title_end + GAP, self.text)):
            places = zip(count(first), count(first + 1), strict=False)
            for word, place in zip(words, places, strict=False):
                ranges[word].append(place)
        return ranges


class Title:
    """An article's title alone, with the same questions."""

    __slots__ = ("_article",)

    def __init__(self, article: Article) -> None:
        self._article = article

    def in_title(self) -> "Title":
        """Return itself."""
        return self

    def word(self, word: str) -> list[Range]:
        """Return where a word stands in the title."""
        return [found for found in self._article.word(word) if found[1] <= self._article.title_end]

    def phrase(self, phrase: tuple[str, ...]) -> list[Range]:
        """Return where a phrase stands in the title."""
        return [found for found in self._article.phrase(phrase) if found[1] <= self._article.title_end]

    def originals(self, found: Range) -> tuple[str, ...]:
        """Return words as they are written."""
        return self._article.originals(found)

    @property
    def facets(self) -> set[str]:
        """Return the article's facets."""
        return self._article.facets

    @property
    def authors(self) -> list[list[str]]:
        """Return the words of each author's name."""
        return self._article.authors


Scope = Article | Title


def pairs(words: Iterable[str]) -> set[str]:
    """Return each two neighbouring characters of scripts without spaces, as one string."""
    found: set[str] = set()
    before = ""
    for word in words:
        unspaced = bool(word) and not word.isascii() and unspaced_word(word)
        if unspaced and before:
            found.add(before + word)
        before = word if unspaced else ""
    return found


@lru_cache(maxsize=1 << 16)
def unspaced_word(word: str) -> bool:
    """Remember `is_unspaced` for the words met most."""
    return is_unspaced(word)


def facets(record: Tagged, authors: list[list[str]]) -> set[str]:
    """Return an article's facets as `field:value`, each with the wider ones that it belongs to."""
    found = {f"source:{part}" for part in host_and_parents(record.source)}
    found.update(f"author:{word}" for author in authors for word in author)
    if record.language:
        parts = record.language.lower().split("-")
        found.update(f"lang:{'-'.join(parts[:count])}" for count in range(1, len(parts) + 1))
    for region in record.regions:
        if region.role == "about":
            found.update((f"region:{region.code}", f"region:{region.country}", f"region:{vocabulary.key(region.name)}"))
            found.update(f"region:{name}" for name in vocabulary.macro_regions(region.country))
    found.update(f"region:{name}" for name in record.macro_regions)
    for topic in record.topics:
        found.update(f"topic:{identifier}" for identifier in vocabulary.topic_and_broader(topic.id))
    return found


def host_and_parents(source: str) -> list[str]:
    """Return a source's name, and for a host also the domains that it lies in: news.example.org, example.org."""
    name = source.strip().lower()
    if " " in name or "." not in name:
        return [name]
    parts = name.split(".")
    return [".".join(parts[index:]) for index in range(len(parts))]
