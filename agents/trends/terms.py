"""Terms: phrases of an article that may burst, and the sketch that keeps those seen once out of the counters.

A phrase is two or three words that stand together in a title, or a run of capitalised words in the first lines. Most
phrases are seen once and never again: the first time a sketch of fixed size takes note of one, and only when another
source says it within hours it is counted as a key. Scripts that set no spaces between words have no terms.
"""

import re
from collections.abc import Container, Iterator
from itertools import chain
from zlib import crc32

import numpy as np

from streams.common_words import every_text
from streams.scripts import UNSPACED

#: Of a title and of a text, so many code points are read; an article has at most so many terms.
TITLE_CHARACTERS, TEXT_CHARACTERS = 300, 600
MOST_TERMS = 16
LONGEST_TERM = 80
#: Words of a phrase; its first and last have three letters at least, one of them four.
WORDS = (2, 3)
SHORT_WORD, LONG_WORD = 3, 4
WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
#: Nothing spans what separates clauses.
CLAUSE_END = re.compile(r"[^\w\s'\u2019-]+|\d\S*")
UNSPACED_SCRIPT = re.compile(f"[{UNSPACED}]")
#: Two to four capitalised words in a row.
CAPITALISED = r"[^\W\d_a-z][^\W\d_]+(?:-[^\W\d_]+)*"
NAME = re.compile(rf"(?<!-)\b{CAPITALISED}(?: {CAPITALISED}){{1,3}}")
#: What stands before the first word of a sentence, whose capital tells nothing.
OPENING = re.compile(r"(?:\A|[.!?\n]\W*)\Z")
OPENING_CHARACTERS = 6

BUCKETS = 1 << 18
#: The sketch has a half for this time and one for the time before: a phrase is remembered for one to two of them.
HALF_SECONDS = 6 * 3600.0


def terms_of(title: str, text: str, language: str = "und") -> dict[str, str]:
    """Return the terms of an article in a language: as they are counted (lower case), and as they stand."""
    title, text = title[:TITLE_CHARACTERS], text[:TEXT_CHARACTERS]
    if UNSPACED_SCRIPT.search(title):
        return {}
    common = every_text(language.partition("-")[0])
    found: dict[str, str] = {}
    for phrase in chain(names_in(text, common), phrases_in(title, common)):
        if len(phrase) <= LONGEST_TERM:
            found.setdefault(phrase.lower(), phrase)
        if len(found) == MOST_TERMS:
            break
    return found


def phrases_in(title: str, common: Container[str] = ()) -> Iterator[str]:
    """Yield the phrases of a title, the longer ones first; none begins or ends with a common word that is no name there.

    Its capital makes a name of a word ("New York"), but not of the first one, nor where nearly all words have one.
    """
    clauses = [WORD.findall(clause) for clause in CLAUSE_END.split(title)]
    long = [word for words in clauses for word in words if len(word) >= LONG_WORD]
    headed = all(word[0].isupper() for word in long)
    for length in reversed(WORDS):
        for words in clauses:
            for at in range(len(words) - length + 1):
                phrase = words[at : at + length]
                ends = len(phrase[0]), len(phrase[-1])
                if min(ends) < SHORT_WORD or max(ends) < LONG_WORD:
                    continue
                first_tells = not headed and at > 0
                if not (
                    is_common(phrase[0], common, tells=first_tells) or is_common(phrase[-1], common, tells=not headed)
                ):
                    yield " ".join(phrase)


def is_common(word: str, common: Container[str], *, tells: bool) -> bool:
    """Tell whether a word is a common one and no name; `tells`: a capital would make it one."""
    return word.lower() in common and not (tells and word[0].isupper())


def names_in(text: str, common: Container[str] = ()) -> Iterator[str]:
    """Yield the runs of capitalised words of a text, without a common word that begins its sentence."""
    for found in NAME.finditer(text):
        name = found[0]
        first, _, rest = name.partition(" ")
        if first.lower() in common and OPENING.search(text, max(0, found.start() - OPENING_CHARACTERS), found.start()):
            if " " not in rest:
                continue
            name = rest
        yield name


class Sketch:
    """The sources that said a phrase first, by hash: of fixed size, so that two phrases may be taken for one."""

    def __init__(self) -> None:
        self._halves = np.zeros((2, BUCKETS), np.uint16)
        self._half = 0

    @property
    def size_bytes(self) -> int:
        """Bytes that it takes."""
        return int(self._halves.nbytes)

    def is_repeated(self, term: str, source: int, time: float) -> bool:
        """Take note of a phrase; tell whether another source has said it lately."""
        half = int(time // HALF_SECONDS)
        if half != self._half:
            for passed in range(min(half - self._half, 2) if half > self._half else 0):
                self._halves[(half - passed) % 2] = 0
            self._half = max(self._half, half)
        bucket = crc32(term.encode("utf-8", "surrogatepass")) % BUCKETS
        mark = source % 65_535 + 1
        said = self._halves[:, bucket]
        repeated = bool(((said != 0) & (said != mark)).any())
        if not said[self._half % 2]:
            self._halves[self._half % 2, bucket] = mark
        return repeated
