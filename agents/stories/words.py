"""Words of an article as stories compare them: folded stems, in any script, as 32-bit numbers, and how often each stands."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from string import ascii_lowercase
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from agents.stories.stems import WHOLE, stem, stems
from streams.plain_words import plain_words, spaced
from streams.scripts import MARKS, MOST_GROWTH

Ids = npt.NDArray[np.uint32]
Weights = npt.NDArray[np.float32]

#: How much of a body counts, in code points: news says first what matters, and a live blog has no end.
BODY_CHARACTERS = 12_000
#: And of a title.
TITLE_CHARACTERS = 400
#: At most so many different words of a body are compared: the first ones.
MOST_WORDS = 800
#: Of a text without underscores: what is a class by its members alone is found faster.
WORD = re.compile(rf"\w[\w{MARKS}]+|\d")
#: The `s` that `stem` takes from a word in ASCII: all of a text's words at once.
PLURAL = re.compile(r"s(?![a-z0-9])(?<=[a-z0-9][a-z0-9][a-rtv-z0-9]s)")
#: One letter is no word, one digit is.
LETTER = frozenset(ascii_lowercase)
#: Of `SIGNS`, those that have another form, and it.
FOLDED_SIGNS = (("\u2026", "..."), ("\u00a0", " "), ("\u2011", "\u2010"))
#: Combining marks of Latin, Greek and Cyrillic, which desks set or leave out as they like.
ACCENTS = re.compile(r"[\u0300-\u036f]+")


class Words(NamedTuple):
    """Different words in ascending order of their numbers, and how often each stands."""

    ids: Ids
    times: Weights


def fold(text: str) -> str:
    """Return a text in lower case, without accents, in compatibility forms."""
    if text.isascii():
        return text.lower()
    if spaced(text).isascii():
        for sign, folded in FOLDED_SIGNS:
            text = text.replace(sign, folded)
        return text.lower()
    return unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold())))


def forms(text: str, language: str) -> list[str]:
    """Return the stems of a text's words in order; where a script sets no spaces, pieces of neighbouring characters."""
    folded = fold(spaced(text))[: MOST_GROWTH * len(text)].replace("_", " ")
    whole = language in WHOLE
    if folded.isascii():
        runs = plain_words(PLURAL.sub("", folded) if whole else folded) or []
        words = runs if LETTER.isdisjoint(runs) else [run for run in runs if run not in LETTER]
        return words if whole else [piece for word in words for piece in stems(word, language)]
    found: list[str] = WORD.findall(folded)
    if not whole:
        return [piece for word in found for piece in stems(word, language)]
    return [piece for word in found for piece in ((stem(word),) if word.isascii() else stems(word, language))]


def number(form: str) -> int:
    """Return the 32-bit number of a word."""
    return crc32(form.encode("utf-8", "surrogatepass"))


def numbers(forms: Iterable[str]) -> list[int]:
    """Return the 32-bit numbers of words, which hold no blank; encoded at once they take a third less time."""
    return list(map(crc32, " ".join(forms).encode("utf-8", "surrogatepass").split()))


def count(words: list[str], most: int = MOST_WORDS) -> Words:
    """Return the words by their numbers, the first `most` different ones."""
    times = Counter(words)
    kept = list(times)[:most]
    ids = np.array(numbers(kept), np.uint32)
    order = ids.argsort()  # of equal ones the sum is taken: their order says nothing
    ids = ids[order]
    often = np.fromiter(times.values(), np.float32, len(kept))[order]
    if len(ids) > 1 and (twice := ids[1:] == ids[:-1]).any():
        first = np.concatenate(([True], ~twice))
        often = np.add.reduceat(often, np.flatnonzero(first)).astype(np.float32)
        ids = ids[first]
    return Words(ids, often)


def words_of(title: str, text: str, language: str) -> tuple[Words, Words]:
    """Return the words of a title, and those of title and body together, in a language by its BCP 47 subtag."""
    head = forms(title[:TITLE_CHARACTERS], language)
    return count(head), count(head + forms(text[:BODY_CHARACTERS], language))
