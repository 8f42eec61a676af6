"""Stories of one event in several languages: told apart by language, brought together by what needs no translation.

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
from itertools import chain
from typing import NamedTuple

from agents.stories.story import StoryRecord
from agents.stories.traits import Set, Traits, traits_of, unpacked

#: Two stories' times lie at most so many seconds apart.
LONGEST_GAP = 48 * 3_600.0
#: What must speak for one event beyond the logarithm of the number of stories.
MARGIN = 2.0
#: And the least cosine of their traits, each weighted by its rarity: long reports on nothing in common share many names. Both
#: were chosen on the open half of own events among 2,200 others, and on translations.
LEAST_COSINE = 0.3
#: A trait that more stories than this have brings no candidates; it still speaks where two share it.
MOST_HOLDERS = 40
#: Traits by which a candidate is found, and candidates that are looked at: those that share most.
FEWEST_SHARED, MOST_CANDIDATES = 2, 16
MOST_RELATED = 12
#: As if so many stories had been there before the first, each with other traits.
PRIOR_STORIES = 50
#: The most that one trait speaks: a name that nobody had before may be a common word.
MOST_SPOKEN = 5.0
#: Names in common, figures not counted, that make up for places that are not known; and for places or subjects that differ.
FEWEST_NAMES, SURE_NAMES = 3, 4
#: What figures on both sides speak against one event, where none is shared.
OTHER_FIGURES, ENOUGH_FIGURES = 3.0, 2


class TraitSets(NamedTuple):
    """The traits of a story as sets."""

    names: Set
    openers: Set
    figures: Set
    countries: Set
    places: Set
    subjects: Set
    topics: Set


def trait_sets(traits: Traits) -> TraitSets:
    """Return a story's traits as sets."""
    return TraitSets(*map(unpacked, traits[3:]))


class Rarity(dict[int, float]):
    """How rare a trait is by the number of stories that have it, among so many `stories`."""

    def __init__(self, stories: int) -> None:
        super().__init__()
        self.stories = stories

    def __missing__(self, holders: int) -> float:
        """Compute it for a number of stories that was not asked for yet."""
        rarity = max(0.0, math.log((self.stories + PRIOR_STORIES) / (holders + 0.5)))
        self[holders] = min(MOST_SPOKEN, rarity)
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
        self._rarity = Rarity(0)
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
        best: dict[str, tuple[float, str]] = {}
        sets = trait_sets(mine)
        weight = self._weight(all_of(sets))
        for other in self._candidates(mine, known):
            language, theirs = self._traits[other].language, trait_sets(self._traits[other])
            spoken = self.spoken(sets, theirs)
            if spoken >= 0.0 and self.cosine(sets, theirs, weight) >= LEAST_COSINE:
                best[language] = max(best.get(language, (0.0, "")), (spoken, other))
        return [name for _, name in sorted(best.values(), reverse=True)]

    def spoken(self, one: TraitSets, other: TraitSets) -> float:
        """Return how much more speaks for one event than has to; less than 0 where it does not."""
        names = shared_names(one, other)
        places = one.places & other.places or one.countries & other.countries
        subjects = one.subjects & other.subjects or one.topics & other.topics
        words = len(names - one.figures - other.figures)
        if (words < FEWEST_NAMES and not places) or (words < SURE_NAMES and contradict(one, other)):
            return -math.inf
        if not names and not (one.places & other.places and one.subjects & other.subjects):
            return -math.inf
        figures = min(len(one.figures), len(other.figures)) >= ENOUGH_FIGURES and one.figures.isdisjoint(other.figures)
        speaks = math.fsum(self._rarities(names))
        speaks += max(self._rarities(places), default=0.0) + max(self._rarities(subjects), default=0.0)
        return speaks - OTHER_FIGURES * figures - MARGIN - math.log(len(self._traits) + PRIOR_STORIES)

    def cosine(self, one: TraitSets, other: TraitSets, weight: float) -> float:
        """Return the cosine of two stories' traits; `weight`: that of the one's."""
        mine, theirs = all_of(one), all_of(other)
        lengths = weight * self._weight(theirs)
        return self._weight(mine & theirs | shared_names(one, other)) / math.sqrt(lengths) if lengths else 0.0

    def _weight(self, traits: Set) -> float:
        """Return the sum of squared rarities, which is the same in any order."""
        return math.fsum([rarity * rarity for rarity in self._rarities(traits)])

    def _rarities(self, traits: Set) -> Iterator[float]:
        """Return how rare each trait is among the stories that run."""
        if self._rarity.stories != len(self._traits):
            self._rarity = Rarity(len(self._traits))
        return map(self._rarity.__getitem__, map(self._counts.__getitem__, traits))

    def _candidates(self, traits: Traits, known: Container[str]) -> list[str]:
        """Return the stories of other languages, but for those `known`, that share most traits that few have."""
        rare = (holders for trait in traits.indexed if len(holders := self._holders.get(trait, ())) <= MOST_HOLDERS)
        shared = Counter(chain.from_iterable(rare))
        found = []
        for number, many in shared.items():
            if many >= FEWEST_SHARED:
                theirs = self._traits[name := self._names[number]]
                if theirs.language != traits.language and theirs.language not in known and is_near(traits, theirs):
                    found.append((-many, name))
        return [name for _, name in sorted(found)[:MOST_CANDIDATES]]

    def _index(self, number: int, before: Traits | None, after: Traits | None) -> None:
        """Count what a story has now and not what it had, and let it be found by it."""
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


def shared_names(one: TraitSets, other: TraitSets) -> Set:
    """Return the names and figures that two stories share; a word that begins a sentence is one where it is one in the other."""
    names = one.names & other.names | one.openers & other.names | one.names & other.openers
    return names | (one.names | one.figures) & other.figures | one.figures & other.names


def all_of(story: TraitSets) -> Set:
    """Return all traits of which it matters how rare they are."""
    return story.names | story.figures | story.countries | story.places | story.subjects | story.topics


def contradict(one: TraitSets, other: TraitSets) -> bool:
    """Tell whether two stories are in different places, or on different subjects."""
    places = bool(one.places and other.places) and one.places.isdisjoint(other.places)
    countries = bool(one.countries and other.countries) and one.countries.isdisjoint(other.countries)
    subjects = bool(one.topics and other.topics) and one.topics.isdisjoint(other.topics)
    return places or countries or subjects


def is_near(one: Traits, other: Traits) -> bool:
    """Tell whether two stories' times lie within or close to each other."""
    return max(one.first, other.first) - min(one.last, other.last) <= LONGEST_GAP
