"""Stories of one event in several languages: kept apart by language, related by traits that need no translation.

Two stories of different languages are compared by their traits (`agents.stories.traits`). Each trait that both have speaks for
one event by how rare it is among the stories that run; of a city, its division and its country only the rarest, as one follows
from the other, and so of subjects. What speaks must outweigh the chance that any of so many stories has as much by accident.
Stories are never merged over languages.

Measured on own events in 23 languages, and on 59 translated articles: see docs/stories.md.
"""

import math
from array import array
from collections import Counter
from collections.abc import Container, Iterator
from typing import NamedTuple

import numpy as np

from agents.stories.state.story import StoryRecord
from agents.stories.traits import EMPTY, Set, Traits, numbers_of, traits_of, unpacked

#: Two stories' times lie at most so many seconds apart.
LONGEST_GAP = 48 * 3_600.0
#: What must speak for one event beyond the logarithm of the number of stories.
MARGIN = 2.0
#: And the least cosine of their traits, each weighted by its rarity: long reports on different events share many names. Both
#: were chosen on the open half of own events among 2,200 others, and on translations.
LEAST_COSINE = 0.3
#: A little more, so that rounding changes nothing.
SURE_COSINE = LEAST_COSINE + 1e-6
#: A trait that more stories than this have brings no candidates; it still speaks where two share it.
MOST_HOLDERS = 40
#: Candidates that are looked at, those that share most; each shares two traits at least.
MOST_CANDIDATES = 16
MOST_RELATED = 12
#: As if so many stories had been there before the first, each with other traits.
PRIOR_STORIES = 50
#: The most that one trait speaks: a name that nobody had before may be a common word.
MOST_SPOKEN = 5.0
#: Fewest names in common, figures not counted, that make up for places that are not known.
FEWEST_NAMES = 3
#: Fewest that make up for places or subjects that differ.
SURE_NAMES = 4
#: What speaks against one event where both have figures and share none.
OTHER_FIGURES = 3.0
#: Fewest figures of each for that.
ENOUGH_FIGURES = 2


class Mine(NamedTuple):
    """The traits of the story that is compared with others, as sets; the others' stay packed until they are shared."""

    names: Set
    openers: Set
    figures: Set
    countries: Set
    places: Set
    subjects: Set
    topics: Set
    named: Set
    every: Set


def mine_of(traits: Traits) -> Mine:
    """Return a story's traits as sets, and two unions of them: names in any sense, and all that is counted."""
    names, openers, figures, countries, places, subjects, topics = map(unpacked, traits[3:])
    named, every = names.union(openers, figures), names.union(figures, countries, places, subjects, topics)
    return Mine(names, openers, figures, countries, places, subjects, topics, named, every)


class Rarity(dict[int, float]):
    """How rare a trait is by the number of stories that have it, among so many `stories`; or the square of it."""

    def __init__(self, stories: int, *, squared: bool = False) -> None:
        super().__init__()
        self.stories, self.squared = stories, squared

    def __missing__(self, holders: int) -> float:
        """Compute it for a number of stories that was not asked for yet."""
        rarity = min(MOST_SPOKEN, max(0.0, math.log((self.stories + PRIOR_STORIES) / (holders + 0.5))))
        self[holders] = rarity * rarity if self.squared else rarity
        return self[holders]


class Relations:
    """The traits of the running stories, and who has each trait."""

    def __init__(self) -> None:
        self._traits: dict[str, Traits] = {}
        self._numbers: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._holders: dict[int, array[int]] = {}
        self._counts: Counter[int] = Counter()
        self._languages: Counter[str] = Counter()
        self._rarity, self._squares = Rarity(0), Rarity(0, squared=True)
        self._next = 0

    def __len__(self) -> int:
        return len(self._traits)

    @property
    def size_bytes(self) -> int:
        """Bytes that are held, near enough."""
        held = sum(map(len, self._holders.values()))
        return 4 * held + 160 * len(self._holders) + 1_500 * len(self._traits)

    def put(self, story: StoryRecord) -> None:
        """Take a story's traits as they are now."""
        if story.language == "und":
            return
        traits = traits_of(story)
        before = self._traits.get(story.id)
        number = self._numbers.get(story.id)
        if number is None:
            number = self._numbers[story.id] = self._next
            self._names[number] = story.id
            self._next = (self._next + 1) % (1 << 32)
            self._languages[traits.language] += 1
        self._index(number, before, traits)
        self._traits[story.id] = traits

    def forget(self, story: str) -> None:
        """Forget a story."""
        traits = self._traits.pop(story, None)
        if traits is not None:
            number = self._numbers.pop(story)
            del self._names[number]
            self._languages[traits.language] -= 1
            self._index(number, traits, None)

    def related(self, story: str, known: Container[str] = ()) -> list[str]:
        """Return the stories of other languages that are on the same event, the surest first: one of each language.

        `known`: languages that need none.
        """
        mine = self._traits.get(story)
        if mine is None or self._languages.total() == self._languages[mine.language]:
            return []
        others = self._candidates(mine, known)
        if not others:
            return []
        best: dict[str, tuple[float, str]] = {}
        if self._rarity.stories != len(self._traits):
            self._rarity, self._squares = Rarity(len(self._traits)), Rarity(len(self._traits), squared=True)
        one = mine_of(mine)
        found = sorted(self._spoken(one, others), reverse=True)
        weight = self._weight(one.every) if found else 0.0
        for spoken, other, names in found:
            theirs = self._traits[other]
            if theirs.language not in best and self._is_like(one, theirs, names, weight):
                best[theirs.language] = spoken, other
        return [name for _, name in sorted(best.values(), reverse=True)]

    def _spoken(self, one: Mine, others: list[str]) -> Iterator[tuple[float, str, Set]]:
        """Yield the stories that may be on the same event: how much more speaks for it than has to, and the shared names."""
        for other in others:
            theirs = self._traits[other]
            names = shared_names(one, theirs)
            spoken = self.spoken(one, theirs, names)
            if spoken >= 0.0:
                yield spoken, other, names

    def spoken(self, one: Mine, other: Traits, names: Set) -> float:
        """Return how much more speaks for one event than has to; less than 0 where it does not. `names`: the shared ones."""
        places = shared(one.places, other.places)
        somewhere = places or shared(one.countries, other.countries)
        subjects = shared(one.subjects, other.subjects)
        figures = numbers_of(other.figures)
        words = len(names.difference(one.figures, figures))
        if (words < FEWEST_NAMES and not somewhere) or (words < SURE_NAMES and contradict(one, other)):
            return -math.inf
        if not names and not (places and subjects):
            return -math.inf
        differ = min(len(one.figures), len(figures)) >= ENOUGH_FIGURES and one.figures.isdisjoint(figures)
        subjects = subjects or shared(one.topics, other.topics)
        speaks = math.fsum(self._rarities(names))
        speaks += max(self._rarities(somewhere), default=0.0) + max(self._rarities(subjects), default=0.0)
        return speaks - OTHER_FIGURES * differ - MARGIN - math.log(len(self._traits) + PRIOR_STORIES)

    def _is_like(self, one: Mine, other: Traits, names: Set, weight: float) -> bool:
        """Return whether the cosine of two stories' traits is high enough; `weight`: that of the one's."""
        theirs = other.counted
        both = self._weight(one.every & theirs | names)
        if both > SURE_COSINE * MOST_SPOKEN * math.sqrt(weight * len(theirs)):
            return True  # even if each of theirs were as rare as can be
        lengths = weight * self._weight(theirs)
        return lengths > 0 and both / math.sqrt(lengths) >= LEAST_COSINE

    def _weight(self, traits: Set) -> float:
        """Return the sum of squared rarities, which is the same in any order."""
        return math.fsum(map(self._squares.__getitem__, map(self._counts.__getitem__, traits)))

    def _rarities(self, traits: Set) -> Iterator[float]:
        """Return how rare each trait is among the stories that run."""
        return map(self._rarity.__getitem__, map(self._counts.__getitem__, traits))

    def _candidates(self, traits: Traits, known: Container[str]) -> list[str]:
        """Return the stories of other languages, but for those `known`, that share most traits that few have."""
        found: list[tuple[int, str]] = []
        for number, many in self._sharing(traits):
            if len(found) >= MOST_CANDIDATES and -many > found[-1][0]:
                break  # the others share less
            theirs = self._traits[name := self._names[number]]
            if theirs.language != traits.language and theirs.language not in known and is_near(traits, theirs):
                found.append((-many, name))
        return [name for _, name in sorted(found)[:MOST_CANDIDATES]]

    def _sharing(self, traits: Traits) -> list[tuple[int, int]]:
        """Return the numbers of the stories that share traits that few have, and how many, most first."""
        rare = [held for held in map(self._holders.get, traits.indexed) if held and 1 < len(held) <= MOST_HOLDERS]
        if len(rare) < 2:
            return []
        numbers = np.frombuffer(b"".join(rare), np.uint32).copy()
        numbers.sort()
        again = Counter(numbers[1:][numbers[1:] == numbers[:-1]].tolist())
        return [(number, many + 1) for number, many in again.most_common()]  # the first time is none of them

    def _index(self, number: int, before: Traits | None, after: Traits | None) -> None:
        """Count a story's present traits in place of its former ones, and index it by them."""
        if before is not None and after is not None and before[3:] == after[3:]:
            return
        old, new = (traits.counted if traits is not None else frozenset() for traits in (before, after))
        for trait in old - new:
            self._counts[trait] -= 1
            if not self._counts[trait]:
                del self._counts[trait]
        self._counts.update(new - old)
        old, new = (traits.indexed if traits is not None else frozenset() for traits in (before, after))
        for trait in old - new:
            holders = self._holders[trait]
            holders.remove(number)
            if not holders:
                del self._holders[trait]
        for trait in new - old:
            self._holders.setdefault(trait, array("I")).append(number)


def shared_names(one: Mine, other: Traits) -> Set:
    """Return the names and figures that two stories share; a word that begins a sentence is one where it is one in the other."""
    names = shared(one.named, other.names)
    return names.union(
        shared(one.names, other.openers), shared(one.names, other.figures), shared(one.figures, other.figures)
    )


def shared(one: Set, other: bytes) -> Set:
    """Return the numbers that a set shares with packed ones."""
    return one.intersection(numbers_of(other)) if one and other else EMPTY


def contradict(one: Mine, other: Traits) -> bool:
    """Return whether two stories are in different places, or on different subjects."""
    pairs = (one.places, other.places), (one.countries, other.countries), (one.topics, other.topics)
    return any(mine and theirs and mine.isdisjoint(numbers_of(theirs)) for mine, theirs in pairs)


def is_near(one: Traits, other: Traits) -> bool:
    """Return whether two stories' times lie within or close to each other."""
    return max(one.first, other.first) - min(one.last, other.last) <= LONGEST_GAP
