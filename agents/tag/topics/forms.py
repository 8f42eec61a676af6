"""Forms of words by language: from a word of a text to the form under which a language's table knows it.

Arabic words lose particles and the article; German and Dutch compounds are known by their tail; other words by their
beginning. Chinese, Japanese and Korean texts are cut into the longest words that the table knows.
"""

import re
from collections.abc import Callable, Container, Iterator, Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

from agents.tag.topics.linear import word_code
from agents.tag.topics.tokens import ARABIC_SIGNS, lower
from streams.text.spellings import ARABIC_LETTERS, ARABIC_USUAL

#: Languages that write compounds as one word, known by its tail.
COMPOUNDING = frozenset(("de", "nl"))
#: Most forms of a lead in an unspaced script.
MOST_SEGMENTS = 300
#: Particles and articles before an Arabic word, the longer first.
PARTICLES = ("وال", "بال", "فال", "كال", "ولل", "لل", "ال", "و", "ف", "ب", "ل", "ك", "س")
#: Letters that an inflected form may be longer than a known one, and the letters that must remain.
LONGEST_ENDING, SHORTEST_STEM = 4, 4
#: Letters of a compound's tail: shorter ones are endings of other words too often.
SHORTEST_TAIL = 6
#: Words remembered with their forms; the memory is emptied when it is full.
MEMORY_LIMIT = 20_000
#: Arabic vowel signs and the stretched line, which a word may be written with.
SIGNS = re.compile(f"[\u0640{ARABIC_SIGNS}]")
#: Arabic letters as they are usually written.
ARABIC = str.maketrans(ARABIC_LETTERS, ARABIC_USUAL)


class FormFinder:
    """Finds the form of a word in one language's table; a word that it does not know stays as it is."""

    def __init__(self, language: str, codes: Container[int]) -> None:
        self._codes = codes
        self._candidates: Callable[[str], Iterator[str]] = _candidates_of(language)
        self._memory: dict[str, str] = {}

    def __call__(self, word: str) -> str:
        """Return the form of a word."""
        form = self._memory.get(word)
        if form is None:
            if len(self._memory) >= MEMORY_LIMIT:
                self._memory.clear()
            known = (candidate for candidate in self._candidates(word) if word_code(candidate) in self._codes)
            form = self._memory[word] = next(known, word)
        return form


def _candidates_of(language: str) -> Callable[[str], Iterator[str]]:
    """Return the rule of a language."""
    if language == "ar":
        return without_particles
    return compound_tails if language in COMPOUNDING else beginnings


def beginnings(word: str) -> Iterator[str]:
    """Yield a word, then its beginnings up to `LONGEST_ENDING` letters shorter."""
    yield word
    for length in range(len(word) - 1, max(SHORTEST_STEM, len(word) - LONGEST_ENDING) - 1, -1):
        yield word[:length]


def compound_tails(word: str) -> Iterator[str]:
    """Yield a word, then its tails of `SHORTEST_TAIL` letters and more, the longest first, then its beginnings."""
    yield word
    for start in range(2, len(word) - SHORTEST_TAIL + 1):
        yield word[start:]
    yield from beginnings(word)


def without_particles(word: str) -> Iterator[str]:
    """Yield an Arabic word in its usual spelling, without its particles, and then without its endings."""
    word = SIGNS.sub("", word).translate(ARABIC)
    stems = [word, *(word[len(part) :] for part in PARTICLES if word.startswith(part) and len(word) > len(part) + 1)]
    yield from stems
    for stem in stems:
        if stem.endswith("ات"):  # the plural of nouns in ta marbuta
            yield stem[:-2] + "ة"
        for cut in range(1, 4):
            if len(stem) - cut >= SHORTEST_STEM - 1:
                yield stem[:-cut]


class Segments:
    """Words of a text without spaces, the longest that a table knows, left to right; see `Segmenter`."""

    def __init__(self, forms: list[str], starts: list[int]) -> None:
        self.forms = forms
        self._starts = starts

    def span(self, first: int, count: int = 1) -> tuple[int, int]:
        """Return start and end of `count` words from number `first` on, in code points, end exclusive."""
        last = first + count - 1
        return self._starts[first], self._starts[last] + len(self.forms[last])


class Segmenter:
    """Cuts texts of an unspaced script into the words of a table."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._automaton = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest)

    def __call__(self, text: str) -> Segments:
        """Return the known words of a text, at most `MOST_SEGMENTS`."""
        found = self._automaton.find_matches_as_indexes(lower(text))[:MOST_SEGMENTS]
        return Segments([self._words[number] for number, _, _ in found], [start for _, start, _ in found])
