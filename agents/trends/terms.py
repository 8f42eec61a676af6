"""Terms: phrases of an article that may burst, and the sketch that keeps those seen once out of the counters.

A phrase is two or three words that stand together in a title, or a run of capitalised words in the first lines. Most
phrases are seen once and never again: the first time a sketch of fixed size takes note of one, and only when another
source says it within hours it is counted as a key. Chinese and Japanese have pieces of titles.
"""

import re
from array import array
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple
from zlib import crc32

from agents.trends.unspaced import is_unspaced, unspaced_phrases
from streams.text.common_words import every_text
from streams.text.scripts import MARKS

#: Of a title and of a text, so many code points are read; an article has at most so many terms.
TITLE_CHARACTERS, TEXT_CHARACTERS = 300, 600
MOST_TERMS = 16
LONGEST_TERM = 80
#: Words of a phrase; its first and last have three letters at least, one of them four.
WORDS = (2, 3)
SHORT_WORD, LONG_WORD = 3, 4
LETTER = rf"(?:[^\W\d_]|[{MARKS}])"
WORD = re.compile(rf"[^\W\d_]{LETTER}*(?:['\u2019-]{LETTER}+)*")
HANGUL = re.compile("[\uac00-\ud7a3]")
#: Nothing spans what separates clauses.
CLAUSE_END = re.compile(rf"[^\w\s{MARKS}'\u2019-]+|\d\S*")
#: Capitalised words in a row, so many; of a longer row, as of a person behind an office, the last two are a name too.
NAME_WORDS, SHORT_NAME_WORDS = 4, 2
#: What stands before the first word of a sentence, whose capital tells nothing.
OPENING = re.compile(r"(?:\A|[.!?\n]\W*)\Z")
OPENING_CHARACTERS = 6
#: A name's ending behind an apostrophe: the possessive of any language, and each case of Turkish and Azerbaijani.
ENDING = re.compile(r"(?<=..)['\u2019]s\Z")
CASE_ENDING = re.compile(rf"(?<=..)['\u2019]{LETTER}+\Z")
LANGUAGES_OF_CASE_ENDINGS = frozenset(("tr", "az"))

BUCKETS = 1 << 20
#: The sketch has a half for these steps of ten minutes and one for those before: a phrase is remembered for one to two halves.
HALF_STEPS = 36
#: Of a step's number its last two bytes are noted: those of more than a year. Sources have so many marks.
NOTED_STEPS, MOST_MARKS = 1 << 16, 65_535
#: Halves by which a restored sketch may be ahead of the first article: a day, as the stream may (see `Stream.come_back`).
MOST_HALVES_AHEAD = 4


def terms_of(title: str, text: str, language: str = "und") -> dict[str, str]:
    """Return the terms of an article in a language: as they are counted (lower case), and as they stand."""
    title, text = title[:TITLE_CHARACTERS], text[:TEXT_CHARACTERS]
    language = language.partition("-")[0]
    common = every_text(language)
    if is_unspaced(title):
        return {lower(phrase): phrase for phrase in unspaced_phrases(title, common)}
    ending = CASE_ENDING if language in LANGUAGES_OF_CASE_ENDINGS else ENDING
    found: dict[str, str] = {}
    for words in chain(names_in(text, common), phrases_in(title, common)):
        phrase = " ".join((*words[:-1], ending.sub("", words[-1])))
        if len(phrase) <= LONGEST_TERM:
            found.setdefault(lower(phrase), phrase)
        if len(found) == MOST_TERMS:
            break
    return found


def lower(phrase: str) -> str:
    """Return a phrase in lower case: with straight apostrophes, and a capital I with a dot as the one letter that it is."""
    return phrase.replace("\u0130", "i").replace("\u2019", "'").lower()


def phrases_in(title: str, common: Container[str] = ()) -> Iterator[Sequence[str]]:
    """Yield the phrases of a title, the longer ones first; none begins or ends with a common word that is no name there.

    Its capital makes a name of a word ("New York"), but not of the first one, nor where nearly all words have one.
    """
    clauses = [WORD.findall(clause) for clause in CLAUSE_END.split(title)]
    long = [word for words in clauses for word in words if letters(word) >= LONG_WORD]
    headed = all(word[0].isupper() for word in long)
    for length in reversed(WORDS):
        for words in clauses:
            for at in range(len(words) - length + 1):
                phrase = words[at : at + length]
                ends = letters(phrase[0]), letters(phrase[-1])
                if min(ends) < SHORT_WORD or max(ends) < LONG_WORD:
                    continue
                first_tells = not headed and at > 0
                if not (
                    is_common(phrase[0], common, tells=first_tells) or is_common(phrase[-1], common, tells=not headed)
                ):
                    yield phrase


def letters(word: str) -> int:
    """Return how many letters a word has; a syllable of Hangul writes two or three."""
    return len(word) if word.isascii() else len(word) + len(HANGUL.findall(word))


def is_common(word: str, common: Container[str], *, tells: bool) -> bool:
    """Return whether a word is a common one and no name; `tells`: a capital would make it one."""
    return word.lower() in common and not (tells and word[0].isupper())


def names_in(text: str, common: Container[str] = ()) -> Iterator[Sequence[str]]:
    """Yield the names of a text: its runs of capitalised words, without a common word that begins its sentence."""
    for run in capitalised(text):
        first = run[0]
        if lower(first[0]) in common and OPENING.search(
            text, max(0, first.start() - OPENING_CHARACTERS), first.start()
        ):
            run.pop(0)
        words = [word[0] for word in run]
        if len(words) >= SHORT_NAME_WORDS:
            yield words[-NAME_WORDS:]
        if len(words) > SHORT_NAME_WORDS:
            yield words[-SHORT_NAME_WORDS:]


def capitalised(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield runs of words with a capital and two letters at least, of which only single spaces set one from the next.

    An ending behind an apostrophe ends a run: the next word is another name. Scripts without capitals have none.
    """
    run: list[re.Match[str]] = []
    for word in WORD.finditer(text):
        follows = bool(run) and text[run[-1].end() : word.start()] == " " and not CASE_ENDING.search(run[-1][0])
        if run and not (follows and is_name(word[0])):
            yield run
            run = []
        if is_name(word[0]):
            run.append(word)
    if run:
        yield run


def is_name(word: str) -> bool:
    """Return whether a word has a capital and is more than an initial."""
    return word[0].isupper() and len(word) > 1


class FirstSaid(NamedTuple):
    """The first article that said a phrase lately: its step and its source's mark."""

    step: int
    source: int


class Sketch:
    """Which source said a phrase first and when, by hash: of fixed size, so that two phrases may be taken for one."""

    def __init__(self) -> None:
        self._halves = [empty(), empty()]
        self._noted: list[int] = []
        self._is_restored = False
        self.half = 0

    @property
    def size_bytes(self) -> int:
        """Bytes that it takes."""
        return sum(len(half) * half.itemsize for half in self._halves)

    def first_said(self, term: str, source: int, step: int) -> FirstSaid | None:
        """Take note of a phrase, said by a source's mark in a step; return who else said it first, of late, or None."""
        half = step // HALF_STEPS
        if self._is_restored and half < self.half - MOST_HALVES_AHEAD:
            # noted by a clock that ran ahead, and was put right
            self._halves, self.half = [empty(), empty()], 0
        self._is_restored = False
        self._advance(half)
        bucket = crc32(term.encode("utf-8", "surrogatepass")) % BUCKETS
        now, before = self._halves[self.half % 2], self._halves[(self.half + 1) % 2]
        others = [noted for noted in (before[bucket], now[bucket]) if noted and noted // NOTED_STEPS != source]
        if not now[bucket]:
            now[bucket] = source * NOTED_STEPS + step % NOTED_STEPS
            self._noted.append(bucket)
        if not others:
            return None
        first, noted_step = divmod(others[0], NOTED_STEPS)
        most = NOTED_STEPS // 2  # the second may come late, with a step of before the first one's
        return FirstSaid(step - (step - noted_step + most) % NOTED_STEPS + most, first)

    def take_noted(self) -> list[int]:
        """Return where phrases have been noted since this was asked last: to be persisted with source, step and `half`."""
        noted, self._noted = self._noted, []
        return noted

    def restore(self, half: int, buckets: Iterable[int], source: int, step: int) -> None:
        """Take back what was noted of an article, in the order in which it was; what is forgotten by now stays so."""
        self._is_restored = True
        self._advance(half)
        if half >= self.half - 1:
            notes = self._halves[half % 2]
            for bucket in buckets:
                notes[bucket] = notes[bucket] or source * NOTED_STEPS + step % NOTED_STEPS

    def _advance(self, half: int) -> None:
        """Begin a half, and forget the one before the last."""
        for passed in range(min(half - self.half, 2) if half > self.half else 0):
            self._halves[(half - passed) % 2] = empty()
        self.half = max(self.half, half)


def mark_of(source: str) -> int:
    """Return the number by which a source is known: two bytes, and never 0."""
    return crc32(source.encode()) % MOST_MARKS + 1


def empty() -> "array[int]":
    """Return half of a sketch in which no phrase is noted."""
    return array("I", bytes(4 * BUCKETS))
