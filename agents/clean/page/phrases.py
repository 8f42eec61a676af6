"""Phrases of boilerplate by kind, in all languages of the language files.

They mark a short block as suspicious; none of them drops a block on its own. Matching is by words, without regard to
case, in one pass over a page (Aho-Corasick).
"""

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

import ahocorasick_rs

from agents.clean.languages import gather
from agents.clean.languages.phrases import finder_of

#: The kinds of phrases, in the order of their bits. The order is part of the model: append only, and train again.
NAMES = ("more", "follow", "legal", "credit", "byline", "comment", "reference")


@lru_cache(1)
def automaton() -> tuple[ahocorasick_rs.AhoCorasick, list[int]]:
    """Return the automaton over all phrases and, for each phrase, the number of its kind."""
    patterns, kinds = [], []
    for kind, name in enumerate(NAMES):
        for phrase in gather(lambda item, name=name: getattr(item.phrases, name)):  # type: ignore[misc]
            patterns.append(phrase)
            kinds.append(kind)
    return finder_of(patterns), kinds


def mark(texts: list[str]) -> list[tuple[int, int]]:
    """Return (text number, kind) for every phrase found at word boundaries in the texts, in no order.

    Texts of ASCII alone are looked through together, and the others: one other letter makes a long text take twice as long.
    """
    found: list[tuple[int, int]] = []
    plain = [text.isascii() for text in texts]
    for kind in (True, False):
        numbers = [number for number, is_plain in enumerate(plain) if is_plain is kind]
        found += _marks([texts[number] for number in numbers], numbers)
    return found


def _marks(texts: list[str], numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the marks of texts, each with its number."""
    finder, kinds = automaton()
    joined = "\n".join(texts).lower()
    matches = finder.find_matches_as_indexes(joined)
    if not matches:
        return
    if not joined.isascii():
        texts = [text.lower() for text in texts]  # a capital may have two small letters
    ends = [end + number for number, end in enumerate(accumulate(map(len, texts)), start=1)]
    for pattern, start, end in matches:
        if start and joined[start - 1].isalnum() and joined[start].isalnum():
            continue
        if end < len(joined) and joined[end].isalnum() and joined[end - 1].isalnum():
            continue
        yield numbers[bisect_right(ends, start)], kinds[pattern]
