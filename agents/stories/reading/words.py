"""Words of an article as stories compare them: folded stems, in any script, as 32-bit numbers, and how often each stands."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import filterfalse
from string import ascii_lowercase
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from agents.stories.reading.stems import WHOLE, stem, stems
from streams.text.plain_words import plain_words, spaced
from streams.text.scripts import MARKS, MOST_GROWTH

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
LETTER = frozenset(letter.encode() for letter in ascii_lowercase)
#: Of `SIGNS`, those that have another form, and it.
FORMS_OF_SIGNS = (("\u2026", "..."), ("\u00a0", " "), ("\u2011", "\u2010"))
#: Combining marks of Latin, Greek and Cyrillic, which desks set or leave out as they like.
ACCENTS = re.compile(r"[\u0300-\u036f]+")


class Words(NamedTuple):
    """Different words in ascending order of their numbers, and how often each stands."""

    ids: Ids
    times: Weights


def fold(text: str) -> str:
    """Return a text in lower case, without accents, in compatibility forms."""
    if (plain := compatible(text)) is not None:
        return plain.lower()
    return unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold())))


def compatible(text: str) -> str | None:
    """Return the compatibility forms of a text that is ASCII but for `SIGNS`; None for any other."""
    if not text.isascii():
        if not spaced(text).isascii():
            return None
        for sign, form in FORMS_OF_SIGNS:
            text = text.replace(sign, form)
    return text


def forms(text: str, language: str) -> list[str]:
    """Return the stems of a text's words in order; where a script sets no spaces, pieces of neighbouring characters."""
    folded = folded_words(text)
    if folded.isascii():
        words = [word.decode() for word in plain_forms(folded, plural=language not in WHOLE)]
        return words if language in WHOLE else [piece for word in words for piece in stems(word, language)]
    found: list[str] = WORD.findall(folded)
    if language not in WHOLE:
        return [piece for word in found for piece in stems(word, language)]
    return [piece for word in found for piece in ((stem(word),) if word.isascii() else stems(word, language))]


def encoded_forms(text: str, language: str) -> list[bytes]:
    """Return the same as UTF-8: words of English are not decoded before they are counted."""
    if language in WHOLE and (folded := folded_words(text)).isascii():
        return plain_forms(folded)
    return " ".join(forms(text, language)).encode("utf-8", "surrogatepass").split()


def folded_words(text: str) -> str:
    """Return a text as its words are looked for: folded, with a blank in the place of each of `SIGNS` and underscores."""
    return fold(spaced(text))[: MOST_GROWTH * len(text)].replace("_", " ")


def plain_forms(folded: str, *, plural: bool = False) -> list[bytes]:
    """Return the words of a folded ASCII text but for single letters; stems of them, where their plural is not kept."""
    runs = plain_words(folded if plural else PLURAL.sub("", folded)) or []
    return runs if LETTER.isdisjoint(runs) else list(filterfalse(LETTER.__contains__, runs))


def number(form: str) -> int:
    """Return the 32-bit number of a word."""
    return crc32(form.encode("utf-8", "surrogatepass"))


def numbers(forms: Iterable[str]) -> list[int]:
    """Return the 32-bit numbers of words, which hold no blank; encoded at once they take a third less time."""
    return list(map(crc32, " ".join(forms).encode("utf-8", "surrogatepass").split()))


def count(words: list[bytes], most: int = MOST_WORDS) -> Words:
    """Return words in UTF-8 by their numbers, the first `most` different ones."""
    times = Counter(words)
    kept = list(times)[:most]
    ids = np.array(list(map(crc32, kept)), np.uint32)
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
    head = encoded_forms(title[:TITLE_CHARACTERS], language)
    return count(head), count(head + encoded_forms(text[:BODY_CHARACTERS], language))
