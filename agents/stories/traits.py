"""Traits that stories on one event share across languages: places, subjects, figures and names.

All are numbers that need no translation: regions by their codes, topics by their ids, figures in digits of any script, names by
their first letters in Latin ones.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from agents.stories.reading.words import number
from agents.stories.state.story import StoryRecord

Set = frozenset[int]
EMPTY: Set = frozenset()


class Traits(NamedTuple):
    """Traits of one story, its language, and the time from its first article to its last (epoch seconds).

    Each set is packed (uint32): a set of Python's own takes ten times as much. `names`: with numerals; `openers`: words that
    begin sentences, which may be names; `figures`: numerals alone; `places`: divisions and cities; `topics`: of the first level.
    """

    language: str
    first: float
    last: float
    names: bytes
    openers: bytes
    figures: bytes
    countries: bytes
    places: bytes
    subjects: bytes
    topics: bytes

    @property
    def indexed(self) -> Set:
        """All by which a story is found."""
        return unpacked(self.names + self.figures + self.places)

    @property
    def counted(self) -> Set:
        """All of which it matters how rare they are: `related.Mine.every`, of packed ones."""
        return unpacked(self.names + self.figures + self.places + self.countries + self.subjects + self.topics)


def traits_of(story: StoryRecord) -> Traits:
    """Return the traits of a story."""
    codes = [code for code, _, _ in story.regions]
    return Traits(
        story.language,
        story.first,
        story.last,
        story.names,
        story.openers,
        story.figures,
        packed(f"region {code}" for code in dict.fromkeys(code[:2] for code in codes)),
        packed(f"region {code}" for code in dict.fromkeys(parts(codes))),
        story.subjects,
        packed(topic for topic, _, _ in story.topics),
    )


def parts(codes: Iterable[str]) -> Iterator[str]:
    """Yield the divisions and cities of regions: a city, and the division in which it lies."""
    for code in codes:
        division, _, city = code.partition("/")
        if city:
            yield code
        if "-" in division:
            yield division


def packed(forms: Iterable[str]) -> bytes:
    """Return the numbers of words as bytes."""
    return np.fromiter(map(number, forms), np.uint32).tobytes()


def unpacked(numbers: bytes) -> Set:
    """Return numbers from their bytes."""
    return frozenset(numbers_of(numbers))


def numbers_of(numbers: bytes) -> "memoryview[int]":
    """Return numbers where they lie."""
    return memoryview(numbers).cast("I")
