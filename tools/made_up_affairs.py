"""Made-up news that reads less alike: the events of made_up_stories.py among words, names and numbers of something else.

Templates alone teach that names decide and that everything else is the same in every report. In real news a report says
much that the next one on the same event leaves out, long affairs bring event after event with the same people and places,
numbers change, sources add lines of their own, and many reports are two lines long. So each report here is a few sentences
of the event's templates among filler of pseudo-words: of the language (Zipf's law), of the kind of event, of the affair, of
the event, of the source; with names and counted things, some the event's and some not. How much of each is drawn anew for
each event. The shares are guesses that were kept where the model that learned from them did best on halves A.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from streams.records import Clean
from tools.made_up_stories import Seeds, article, clean_of, facts_of, load, words

#: Share of events by how many articles they have, from 1; the last three are 15, 25 and 40.
SIZES = {1: 0.5, 2: 0.18, 3: 0.1, 4: 0.07, 5: 0.05, 6: 0.03, 7: 0.02, 8: 0.02, 9: 0.01, 15: 0.01, 25: 0.006, 40: 0.004}
VOCABULARY = 40_000
SOURCES = 200
#: Share of events that belong to a running affair, and of its facts that such an event takes over.
IN_AFFAIR, TAKEN_OVER = 0.35, 0.6
PASSED_ON = frozenset(words("country capital city county company victim last officer office"))
#: Affairs that run at one time.
RUNNING = 30
#: Words of a kind's, an affair's, an event's and a source's own.
KIND_WORDS, AFFAIR_WORDS, EVENT_WORDS, SOURCE_WORDS = 150, 40, 60, 25
#: Words of an event's own that a later article puts in place of older ones.
DRIFT = 3
#: Share of events that are told in briefs alone, and of briefs among the reports of others: one sentence and a few words
#: of filler. Others are log-normal.
BRIEF_EVENTS, BRIEFS, BRIEF = 0.2, 0.1, 20
LENGTH, SPREAD, LONGEST = 4.7, 0.7, 450
#: Single briefs on something else, for each event.
SINGLES = 4.0
#: Share of late reports after an event's first, the mean days to a late one and to any other, and the most.
LATE, LATE_GAP, GAP, LONGEST_GAP = 0.25, 6.0, 0.6, 29.0
UNITS = words(
    "people officers shots miles years months women men children students hours minutes members cases workers points votes"
    " vehicles houses soldiers passengers"
)
SYLLABLES = [
    onset + rest
    for onset in words("b c d f g h j k l m n p r s t v w z br st tr pl gr sh ch th")
    for rest in words("a e i o u ai ou er on in")
]


@dataclass
class Affair:
    """The traits that the events of a long affair share."""

    kind: dict[str, Any]
    facts: dict[str, str]
    words: list[str]


@dataclass
class Event:
    """An event, and how its reports are filled: weights of the language's words, the kind's, its own and the affair's."""

    name: str
    affair: Affair
    facts: dict[str, str]
    words: list[str]
    people: list[str]
    counts: list[tuple[str, int]]
    shares: tuple[float, float, float, float]
    templates: float
    briefs: float


class Newsroom:
    """Draws events and their reports."""

    def __init__(self, seed: int, kinds: Sequence[str]) -> None:
        self.dice = random.Random(f"affairs:{seed}")
        self.seeds: Seeds = load()
        self.kinds = [kind for kind in self.seeds.kinds if not kinds or kind["name"] in kinds]
        self.affairs: list[Affair] = []
        self.language = [pseudo_word(number) for number in range(VOCABULARY)]
        self.kind_words = {kind["name"]: self.words(KIND_WORDS, 100) for kind in self.kinds}
        self.source_words = [self.words(SOURCE_WORDS, 100) for _ in range(SOURCES)]

    def word(self, rank: int = 0) -> str:
        """Return a word of the language by Zipf's law, of those less frequent than the first `rank`."""
        drawn = math.exp(self.dice.uniform(math.log(rank + 50), math.log(VOCABULARY + 50))) - 50
        return self.language[min(VOCABULARY - 1, int(drawn))]

    def words(self, many: int, rank: int = 300) -> list[str]:
        """Return words for somebody's own."""
        return [self.word(rank) for _ in range(many)]

    def own(self, words: list[str]) -> str:
        """Return one of somebody's own words, the first ones oftener."""
        return words[int(len(words) * self.dice.random() ** 2)]

    def person(self) -> str:
        """Return a name."""
        return f"{self.dice.choice(self.seeds.lists['given_names'])} {self.dice.choice(self.seeds.lists['surnames'])}"

    def event(self, number: int, briefs: float) -> Event:
        """Return an event of a running affair, or of a new one."""
        dice = self.dice
        facts = facts_of(dice, self.seeds.lists)
        if self.affairs and dice.random() < IN_AFFAIR:
            affair = dice.choice(self.affairs[-RUNNING:])
            facts |= {name: affair.facts[name] for name in sorted(PASSED_ON) if dice.random() < TAKEN_OVER}
            facts["last"] = facts["victim"].split()[-1]
        else:
            kind = dice.choices(self.kinds, [kind["share"] for kind in self.kinds])[0]
            affair = Affair(kind, facts, self.words(AFFAIR_WORDS))
            self.affairs.append(affair)
        units = self.kind_words[affair.kind["name"]]
        counts = [
            (dice.choice(UNITS) if dice.random() < 0.6 else self.own(units), dice.randrange(2, 60)) for _ in range(6)
        ]
        shares = (dice.uniform(0.2, 1), dice.uniform(0.1, 1), dice.uniform(0.1, 0.9), dice.uniform(0.05, 0.4))
        people = [self.person() for _ in range(5)]
        name = f"event-{number}"
        return Event(
            name, affair, facts, self.words(EVENT_WORDS), people, counts, shares, dice.uniform(0.3, 1.0), briefs
        )

    def report(self, event: Event, source: int, *, late: bool) -> tuple[str, str]:
        """Return title and text of one report of an event."""
        dice = self.dice
        title, text = article(dice, event.affair.kind, event.facts, self.seeds.closing, late=late)
        sentences = [sentence for sentence in text.replace("\n\n", " ").split(". ") if sentence]
        told = [sentence for sentence in sentences if dice.random() < event.templates] or sentences[:1]
        length = min(LONGEST, int(math.exp(dice.gauss(LENGTH, SPREAD))))
        if dice.random() < event.briefs:
            told, length = told[:1], dice.randrange(BRIEF)
        rest = [*told[1:], *self.filler(event, source, length)]
        dice.shuffle(rest)
        if dice.random() < 0.3:
            title = self.loose_title(event)
        return title, ". ".join([told[0], *rest]) + "."

    def filler(self, event: Event, source: int, length: int) -> Iterator[str]:
        """Yield sentences of so many words in all."""
        dice = self.dice
        pools = [None, self.kind_words[event.affair.kind["name"]], event.words, event.affair.words]
        pools.append(self.source_words[source])
        weights = [*event.shares, dice.uniform(0, 0.15)]
        while length > 0:
            many = dice.randrange(8, 25)
            length -= many
            drawn = dice.choices(pools, weights, k=many)
            sentence = " ".join(self.word() if pool is None else self.own(pool) for pool in drawn)
            if dice.random() < 0.35:
                sentence += f" said {dice.choice(event.people) if dice.random() < 0.5 else self.person()}"
            yield sentence + (self.count(event) if dice.random() < 0.35 else "")

    def count(self, event: Event) -> str:
        """Return how many of something: mostly as the event has it, or as it has become, or of something else."""
        dice = self.dice
        unit, value = dice.choice(event.counts)
        if dice.random() < 0.35:
            value = max(2, value + dice.randrange(-8, 20))
        if dice.random() < 0.25:
            unit, value = dice.choice(UNITS), dice.randrange(2, 90)
        return f" {value} {unit}"

    def loose_title(self, event: Event) -> str:
        """Return a title that follows no template."""
        dice, kind = self.dice, self.kind_words[event.affair.kind["name"]]
        words = [dice.choice((self.own(event.words), self.own(kind), self.word())) for _ in range(dice.randrange(2, 5))]
        return " ".join((*words, event.facts[dice.choice(("city", "last", "country"))]))


def pseudo_word(number: int) -> str:
    """Return a word that no language has."""
    dice = random.Random(number * 7919 + 13)
    return "".join(dice.choice(SYLLABLES) for _ in range(dice.choice((2, 2, 3))))


def stream(seed: int, events: int, days: float, kinds: Sequence[str] = ()) -> Iterator[tuple[Clean, str]]:
    """Yield the articles of so many events over so many days, in order of time, each with its event's name."""
    room, rows = Newsroom(seed, kinds), []
    dice = room.dice
    for number in range(int(events * (1 + SINGLES))):
        single = number >= events
        brief = single or dice.random() < BRIEF_EVENTS
        event, start = room.event(number, 1.0 if brief else BRIEFS), dice.uniform(0, days)
        for place in range(1 if single else dice.choices(list(SIZES), list(SIZES.values()))[0]):
            late = place > 0 and dice.random() < LATE
            gap = dice.expovariate(1 / (LATE_GAP if late else GAP)) if place else 0.0
            source = dice.randrange(SOURCES)
            if late:
                event.words = [*event.words[DRIFT:], *room.words(DRIFT)]
            title, text = room.report(event, source, late=late)
            rows.append((start + min(gap, LONGEST_GAP), f"{number}-{place}", title, text, source, event.name))
    for day, name, title, text, source, told in sorted(rows):
        site = f"paper{source}.example"
        yield clean_of(f"https://{site}/affairs/{seed}/{name}", site, title, text, day), told
