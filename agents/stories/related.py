"""Stories of one event in several languages: told apart by language, brought together by what needs no translation.

A story's traits are its numerals and names (`agents.stories.names`) and the regions that it is about, over all of its
articles. Two stories of different languages are related where their traits agree: the cosine of the two sets, each trait
weighted by how rare it is among the stories that can be related. Stories are never merged over languages.

Measured on 59 translated articles in 14 languages: see docs/stories.md.
"""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from typing import NamedTuple
from zlib import crc32

import numpy as np

from agents.stories.story import StoryRecord

#: Only stories of so many articles with words of their own are related: one article may be wrong in anything.
FEWEST_ARTICLES = 2
#: Two stories' times lie at most so many seconds apart.
LONGEST_GAP = 48 * 3_600.0
#: Traits that two stories must share, and how many of them are names or numerals.
FEWEST_SHARED, FEWEST_NAMES = 3, 2
#: The least cosine: chosen on translations (NTREX, development half), where it gives recall .84 at precision .997.
LEAST_COSINE = 0.15
#: A trait that more stories than this have brings no candidates; it still counts among those that two share.
MOST_HOLDERS = 100
MOST_RELATED = 8
#: As if so many stories had been there before the first, each with other traits.
PRIOR_STORIES = 50


class Traits(NamedTuple):
    """Traits of one story, its language, and the time from its first article to its last (epoch seconds)."""

    language: str
    first: float
    last: float
    names: frozenset[int]
    regions: frozenset[int]

    @property
    def all(self) -> frozenset[int]:
        """Names, numerals and regions."""
        return self.names | self.regions


def traits_of(story: StoryRecord) -> Traits:
    """Return the traits of a story."""
    names = frozenset(np.frombuffer(story.names, np.uint32).tolist())
    regions = frozenset(crc32(f"region {code}".encode()) for code, _, _ in story.regions)
    return Traits(story.language, story.first, story.last, names, regions)


class SquaredRarity(dict[int, float]):
    """How rare a trait is, squared, by the number of stories that have it, among so many `stories`."""

    def __init__(self, stories: int) -> None:
        super().__init__()
        self.stories = stories

    def __missing__(self, holders: int) -> float:
        """Compute it for a number of stories that was not asked for yet."""
        rarity = max(0.0, math.log((self.stories + PRIOR_STORIES) / (holders + 0.5)))
        self[holders] = rarity**2
        return self[holders]


class Relations:
    """The traits of the running stories of several articles, and who has each trait."""

    def __init__(self) -> None:
        self._traits: dict[str, Traits] = {}
        self._numbers: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._holders: dict[int, array[int]] = {}
        self._languages: Counter[str] = Counter()
        self._rarity = SquaredRarity(0)
        self._next = 0

    def __len__(self) -> int:
        return len(self._traits)

    @property
    def size_bytes(self) -> int:
        """Bytes that are held, near enough."""
        traits = sum(len(traits.names) + len(traits.regions) for traits in self._traits.values())
        return 70 * traits + 160 * len(self._holders) + 600 * len(self._traits)

    def put(self, story: StoryRecord) -> None:
        """Take a story's traits as they are now."""
        if story.originals < FEWEST_ARTICLES or story.language == "und":
            return
        traits = traits_of(story)
        before = self._traits.get(story.id)
        number = self._numbers.get(story.id)
        if number is None:
            number = self._numbers[story.id] = self._next
            self._names[number] = story.id
            self._next = (self._next + 1) % (1 << 32)
            self._languages[traits.language] += 1
        self._index(number, before.all if before is not None else frozenset(), traits.all)
        self._traits[story.id] = traits

    def forget(self, story: str) -> None:
        """Forget a story."""
        traits = self._traits.pop(story, None)
        if traits is not None:
            number = self._numbers.pop(story)
            del self._names[number]
            self._languages[traits.language] -= 1
            self._index(number, traits.all, frozenset())

    def related(self, story: str, known: Container[str] = ()) -> list[str]:
        """Return the stories of other languages that are on the same event, the surest first: one of each language.

        `known`: languages that need none.
        """
        mine = self._traits.get(story)
        if mine is None or len(mine.all) < FEWEST_SHARED or self._languages.total() == self._languages[mine.language]:
            return []
        best: dict[str, tuple[float, str]] = {}
        for other in self._candidates(mine):
            theirs = self._traits[other]
            if theirs.language == mine.language or theirs.language in known or not is_near(mine, theirs):
                continue
            cosine = self.cosine(mine, theirs)
            if cosine >= LEAST_COSINE:
                best[theirs.language] = max(best.get(theirs.language, (0.0, "")), (cosine, other))
        return [name for _, name in sorted(best.values(), reverse=True)]

    def cosine(self, one: Traits, other: Traits) -> float:
        """Return the cosine of two stories' traits; 0 where they share too few."""
        mine, theirs = one.all, other.all
        shared = mine & theirs
        if len(shared) < FEWEST_SHARED or len(one.names & other.names) < FEWEST_NAMES:
            return 0.0
        lengths = self._weight(mine) * self._weight(theirs)
        return self._weight(shared) / math.sqrt(lengths) if lengths else 0.0

    def _weight(self, traits: Iterable[int]) -> float:
        """Return the sum of the squared weights, which is the same in any order."""
        squares, holders = self._squares(), self._holders
        return math.fsum([squares[len(holders.get(trait, ()))] for trait in traits])

    def _squares(self) -> "SquaredRarity":
        """Return how rare traits are as long as there are so many stories."""
        if self._rarity.stories != len(self._traits):
            self._rarity = SquaredRarity(len(self._traits))
        return self._rarity

    def _candidates(self, traits: Traits) -> list[str]:
        """Return the stories that share enough traits that few have."""
        shared: defaultdict[int, int] = defaultdict(int)
        for trait in traits.all:
            holders = self._holders.get(trait, ())
            if len(holders) <= MOST_HOLDERS:
                for number in holders:
                    shared[number] += 1
        return [self._names[number] for number, many in shared.items() if many >= FEWEST_NAMES]

    def _index(self, number: int, before: frozenset[int], after: frozenset[int]) -> None:
        for trait in before - after:
            holders = self._holders[trait]
            holders.remove(number)
            if not holders:
                del self._holders[trait]
        for trait in after - before:
            self._holders.setdefault(trait, array("I")).append(number)


def is_near(one: Traits, other: Traits) -> bool:
    """Tell whether two stories' times lie within or close to each other."""
    return max(one.first, other.first) - min(one.last, other.last) <= LONGEST_GAP
