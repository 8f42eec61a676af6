"""An article as queries see it: its words with their positions, and its facets (source, language, regions, topics).

No article is too long to be matched: of a longer one the first `MAX_CHARACTERS` of its text are looked at, and of a word
the first `MAX_PLACES` places (`is_cut` says so). Looking things up is paid from a budget (`spend`), which
the matcher fills for each watch.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import count

from agents.watch.language import vocabulary
from agents.watch.language.forms import ANY_ACCENT, forms_of, is_plain
from agents.watch.language.query import Scope, WorkExceededError
from agents.watch.language.ranges import MAX_DISTANCE, MAX_PLACES, Range
from agents.watch.language.words import (
    GREEK,
    cut,
    fold,
    greek_without_accents,
    is_simple,
    is_unspaced,
    normal,
    offsets_of,
)
from streams.records import ArticleStory, Evidence, Tagged

#: Free positions between title and text.
GAP = MAX_DISTANCE + 1

#: Code points of a text and of a title that are looked at: some 80,000 words, ten times the longest feature.
MAX_CHARACTERS = 500_000
MAX_TITLE_CHARACTERS = 2_000
#: Most authors of an article.
MAX_AUTHORS = 50
#: Most code points of an author.
MAX_AUTHOR_CHARACTERS = 200

#: The longest name of a host (RFC 1035).
MAX_HOST_CHARACTERS = 253

#: Words of a vocabulary that are compared with a wildcard in the time of one step.
COMPARED_A_STEP = 16

#: A dot between two letters that may belong to an abbreviation: the quick look before the thorough one.
DOTTED = re.compile(r"\.[^\W\d_](?![^\W_])")


class SearchableArticle:
    """One tagged article, cut once and shared by all watches; positions and offsets are worked out when asked for."""

    __slots__ = (
        "_budget",
        "_folded",
        "_found",
        "_offsets",
        "_ranges",
        "_unaccented",
        "authors",
        "facets",
        "is_cut",
        "record",
        "spent",
        "text",
        "title",
        "title_end",
        "unfinished",
        "vocabulary",
    )

    def __init__(self, record: Tagged) -> None:
        self.record = record
        self.is_cut = len(record.text) > MAX_CHARACTERS or len(record.title) > MAX_TITLE_CHARACTERS
        self._folded = fold(beginning(record.title, MAX_TITLE_CHARACTERS)), fold(beginning(record.text, MAX_CHARACTERS))
        self.title, self.text = map(cut, self._folded)
        self.title_end = len(self.title)
        self.vocabulary = {*self.title, *self.text}
        self._unaccented = unaccented(self.vocabulary) if any(map(GREEK.search, self._folded)) else {}
        self.authors = [cut(fold(author[:MAX_AUTHOR_CHARACTERS])) for author in record.authors[:MAX_AUTHORS]]
        self.facets = facets(record, self.authors)
        self._ranges: defaultdict[str, list[Range]] = defaultdict(list)
        self._found: dict[str, list[Range]] = {}
        self._offsets: list[Range] = []
        self._budget: int | None = None
        self.spent = 0
        self.unfinished: list[str] = []

    def features(self) -> set[str]:
        """Return everything that an index can look up: words, facets, and pairs of characters without spaces."""
        found = self.vocabulary | self.facets | self._unaccented.keys()
        if not all(map(is_simple, self._folded)):
            found |= pairs(self.title) | pairs(self.text)
        if any(map(DOTTED.search, self._folded)):
            found |= {self._joined(run) for run in self._abbreviations()}
        return found

    def allow(self, steps: int | None) -> None:
        """Begin a budget; None is no limit."""
        self._budget, self.spent = steps, 0

    def spend(self, steps: int) -> None:
        """Pay for work; raise `WorkExceededError` where the budget is spent."""
        self.spent += steps
        if self._budget is not None and self.spent > self._budget:
            raise WorkExceededError

    def word(self, word: str) -> list[Range]:
        """Return the places of a word in any of its forms, sorted; `*` at an end stands for any letters."""
        found = self._found.get(word)
        if found is None:
            found = self._found[word] = self._places_of(word)
        return found

    def phrase(self, phrase: tuple[str, ...]) -> list[Range]:
        """Return the places at which words stand one after another; each of them may hold wildcards."""
        length = len(phrase)
        if length == 1:
            return self.word(phrase[0])
        places = [self.word(word) for word in phrase]
        if not all(places):
            return []
        self.spend(sum(map(len, places)))
        if any(end - start != 1 for found in places for start, end in found):
            return chained(places)
        rarest = min(range(length), key=lambda index: len(places[index]))
        rest = [(index - rarest, set(places[index])) for index in range(length) if index != rarest]
        return [
            (start - rarest, start - rarest + length)
            for start, end in places[rarest]
            if all((start + shift, end + shift) in found for shift, found in rest)
        ]

    @property
    def story(self) -> ArticleStory | None:
        """The article's story, where the record carries it."""
        return self.record.story

    def in_title(self) -> Scope:
        """Return the article's title alone."""
        return SearchableTitle(self)

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

    def _places_of(self, word: str) -> list[Range]:
        """Return where a word stands in any of its forms."""
        places = self._ranges or self._place()
        if is_plain(word) and "*" not in word:
            return places.get(word, [])
        forms = forms_of(word)
        found = {each for form in forms.words for each in self._written(form, places)}
        if forms.capitals:
            bare = self._written(forms.capitals, places)
            found.update(each for each in bare if all(map(str.isupper, self.originals(each))))
        if forms.initial:
            bare = self._written(forms.initial, places)
            found.update(each for each in bare if self.originals(each)[0][0].isupper())
        if forms.letters and all(letter in places for letter in forms.letters):
            found.update(chained([places[letter] for letter in forms.letters]))
        return self._first(sorted(found))

    def _written(self, form: str, places: dict[str, list[Range]]) -> Iterable[Range]:
        """Return where a word stands as it is, or any word that fits its wildcards."""
        if "*" not in form:
            return places.get(form, ())
        self.spend(len(self.vocabulary) // COMPARED_A_STEP)
        words = self._unaccented if form.startswith(ANY_ACCENT) else self.vocabulary
        return (place for word in filter(fitting(form), words) for place in places.get(word, ()))

    def _first(self, found: list[Range]) -> list[Range]:
        """Return the first places of a word."""
        self.is_cut = self.is_cut or len(found) > MAX_PLACES
        return found[:MAX_PLACES]

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
        """Note where each word stands, and each abbreviation that is written with dots."""
        ranges = self._ranges
        for first, words in ((0, self.title), (self.title_end + GAP, self.text)):
            places = zip(count(first), count(first + 1), strict=False)
            for word, place in zip(words, places, strict=False):
                ranges[word].append(place)
        if any(map(DOTTED.search, self._folded)):
            for run in self._abbreviations():
                ranges[self._joined(run)].append(run)
        for plain, words in self._unaccented.items():
            ranges[plain] = sorted(place for word in words for place in ranges[word])
        if len(self.text) > MAX_PLACES:
            for word, found in ranges.items():
                if len(found) > MAX_PLACES:
                    ranges[word] = self._first(sorted(found))
        return ranges

    def _abbreviations(self) -> list[Range]:
        """Return the runs of single letters with nothing but a dot between them, as F.B.I."""
        spans, (title, text), title_end = self._spans(), self._folded, self.title_end
        found = runs(self.title, spans[:title_end], title)
        shift = title_end + GAP
        return found + [(start + shift, end + shift) for start, end in runs(self.text, spans[title_end:], text)]

    def _joined(self, run: Range) -> str:
        start, end = run
        if start < self.title_end:
            return "".join(self.title[start:end])
        shift = self.title_end + GAP
        return "".join(self.text[start - shift : end - shift])


class SearchableTitle:
    """An article's title alone, with the same questions."""

    __slots__ = ("_article",)

    def __init__(self, article: SearchableArticle) -> None:
        self._article = article

    def in_title(self) -> Scope:
        """Return itself."""
        return self

    def word(self, word: str) -> list[Range]:
        """Return the places of a word in the title."""
        return [found for found in self._article.word(word) if found[1] <= self._article.title_end]

    def phrase(self, phrase: tuple[str, ...]) -> list[Range]:
        """Return the places of a phrase in the title."""
        return [found for found in self._article.phrase(phrase) if found[1] <= self._article.title_end]

    def originals(self, found: Range) -> tuple[str, ...]:
        """Return words as they are written."""
        return self._article.originals(found)

    def spend(self, steps: int) -> None:
        """Pay from the article's budget."""
        self._article.spend(steps)

    @property
    def story(self) -> ArticleStory | None:
        """The article's story."""
        return self._article.story

    @property
    def facets(self) -> set[str]:
        """Return the article's facets."""
        return self._article.facets

    @property
    def authors(self) -> list[list[str]]:
        """Return the words of each author's name."""
        return self._article.authors


def beginning(text: str, most: int) -> str:
    """Return the first `most` code points of a text, without a word that would be cut in two."""
    return text if len(text) <= most else text[:most].rpartition(" ")[0] or text[:most]


def unaccented(vocabulary: Iterable[str]) -> dict[str, list[str]]:
    """Return the Greek words that have accents by their form without them, marked as such."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word in vocabulary:
        if plain := greek_without_accents(word):
            found[ANY_ACCENT + plain].append(word)
    return found


def fitting(pattern: str) -> Callable[[str], bool]:
    """Return the test whether a word fits a pattern with `*` at its end, at its beginning, or at both."""
    letters = pattern.strip("*")
    if not pattern.startswith("*"):
        return lambda word: word.startswith(letters)
    if not pattern.endswith("*"):
        return lambda word: word.endswith(letters)
    return lambda word: letters in word


def chained(places: list[list[Range]]) -> list[Range]:
    """Return the ranges in which one place of each list follows on one of the list before."""
    ranges = places[0]
    for following in places[1:]:
        ends = defaultdict(list)
        for start, end in following:
            ends[start].append(end)
        ranges = [(start, last) for start, end in ranges for last in ends.get(end, ())]
    return ranges[:MAX_PLACES]


def runs(words: list[str], spans: list[Range], folded: str) -> list[Range]:
    """Return the runs, of two and more, of single letters with nothing but a dot between them, as ranges of indexes."""
    found: list[Range] = []
    for index in (index for index, word in enumerate(words) if len(word) == 1 and word.isalpha()):
        follows = index > 0 and folded[spans[index - 1][1] : spans[index][0]] == "."
        if follows and found and found[-1][1] == index:
            found[-1] = found[-1][0], index + 1
        else:
            found.append((index, index + 1))
    return [(start, end) for start, end in found if end - start > 1]


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
    name = source[:MAX_HOST_CHARACTERS].strip().lower()
    if " " in name or "." not in name:
        return [name]
    parts = name.split(".")
    return [".".join(parts[index:]) for index in range(len(parts))]
