"""Drop mentions that are no places: parts of people's names, of newspapers and firms, and plain words."""

from agents.tag.regions.gazetteer import ADMIN1, CITY, COUNTRY, Gazetteer, Kind
from agents.tag.regions.mentions import Mention, Passage
from agents.tag.regions.words import Words

#: Kinds whose words are never parts of people's names.
NOT_FILTERED = frozenset((Kind.DEMONYM, Kind.UNSURE_DEMONYM, Kind.CUE, Kind.WEAK_CUE))
#: British Columbia's abbreviations, which also stand after years.
YEARS = frozenset(("BC", "B.C"))
#: A city this large is believed after a preposition although its name is a common word or surname.
LARGE = 100_000


class NamesakeFilter:
    """Marks mentions as dropped where a place's name stands for something else."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.lists = gazetteer.lists

    def apply(self, passage: Passage, persons: set[str]) -> None:
        """Mark the mentions to drop; add to `persons` the words that were parts of people's names."""
        for mention in passage.mentions:
            if mention.first < 0 or mention.senses[0] & 7 in NOT_FILTERED or mention.parent >= 0:
                continue
            if self.is_only_country(mention):
                continue
            after = passage.words.after(mention.last)
            if self.is_person(mention, passage, after):
                mention.dropped = True
                persons.add(mention.surface)
            elif self.is_thing(mention, passage.words, after):
                mention.dropped = True
            else:
                mention.doubtful = self.is_word(mention, passage.words)

    def is_only_country(self, mention: Mention) -> bool:
        """Return whether a mention can be nothing but a country: most are, and need no further look."""
        if len(mention.senses) > 1 or mention.surface in self.gazetteer.people:
            return False
        return self.gazetteer.level[mention.senses[0] >> 3] == COUNTRY

    def may_be_person(self, mention: Mention, mentions: list[Mention]) -> bool:
        """Return whether a name that was a person's elsewhere in the article may be one here too.

        True of cities of less than a million people, and of countries that are given names (Chad) if nothing else
        speaks for them.
        """
        gazetteer = self.gazetteer
        places = [sense >> 3 for sense in mention.senses]
        if all(gazetteer.level[place] == CITY and gazetteer.population[place] < 10 * LARGE for place in places):
            return True
        if gazetteer.level[places[0]] != COUNTRY or mention.surface not in gazetteer.people:
            return False
        return not any(
            gazetteer.country[other.senses[0] >> 3] == places[0] and other.surface != mention.surface
            for other in mentions
        )

    def is_person(self, mention: Mention, passage: Passage, after: str) -> bool:
        """Return whether the words around a mention make it part of a person's name; `after`: the word beside it."""
        words, level = passage.words, self.level(mention)
        if mention.first and self.follows_name(mention, passage, level):
            return True
        if not after:
            return words.text[mention.end : mention.end + 2] == ". " and self.initial_after(mention, words)
        if after in self.lists["speech"]:
            return level == CITY and not self.is_led(mention, words) and self.population(mention) < 10 * LARGE
        if (
            mention.first != mention.last
            or not after[0].isupper()
            or len(after) < 3
            or after in self.lists["place_words"]
        ):
            return False
        if mention.surface in self.gazetteer.people and (level == CITY or self.is_given_name_first(mention)):
            return not after.isupper()
        if mention.surface in self.gazetteer.people:
            return after in self.gazetteer.surnames
        return level == CITY and after in self.gazetteer.surnames

    def level(self, mention: Mention) -> int:
        """Return the highest level of what a mention may name; a district is no more than a city."""
        level = self.gazetteer.level
        if len(mention.senses) == 1:
            sense = mention.senses[0]
            return CITY if sense & 7 == Kind.DISTRICT else level[sense >> 3]
        return min([CITY if sense & 7 == Kind.DISTRICT else level[sense >> 3] for sense in mention.senses])

    def is_given_name_first(self, mention: Mention) -> bool:
        """Return whether a country's name is one for a person first, and no division's: Chad, not Georgia."""
        unsure = mention.senses[0] & 7 == Kind.UNSURE_NAME
        return unsure and all(self.gazetteer.level[sense >> 3] != ADMIN1 for sense in mention.senses)

    def follows_name(self, mention: Mention, passage: Passage, level: int) -> bool:
        """Return whether what stands before a mention makes it a surname."""
        words = passage.words
        before = words[mention.first - 1]
        gap = words.text[words.ends[mention.first - 1] : mention.start]
        if before in self.lists["titles"] and gap in (" ", ". "):
            return level != COUNTRY or mention.surface in self.gazetteer.people
        if gap == ". " and len(before) == 1 and before.isupper():
            return True
        if gap != " ":
            return False
        if before in self.lists["particles"] and mention.first > 1:
            before = words[mention.first - 2]
            return before in self.gazetteer.people
        if before not in self.gazetteer.people:
            return False
        left = mention.first - 1
        other = next((other for other in passage.mentions if other.first <= left <= other.last), None)
        return other is None or other.dropped or other.senses[0] & 7 in (Kind.CUE, Kind.WEAK_CUE)

    def initial_after(self, mention: Mention, words: Words) -> bool:
        """Return whether a full stop and an initial follow: Jos. A. Bank."""
        if mention.last + 1 >= words.count or len(mention.surface) >= 5:
            return False
        following = words[mention.last + 1]
        return len(following) == 1 and following.isupper()

    def is_thing(self, mention: Mention, words: Words, after: str) -> bool:
        """Return whether the word after makes the mention part of a paper's, a street's or a firm's name, or a year's."""
        if mention.surface in YEARS and mention.first and words[mention.first - 1].isdigit():
            return True
        if self.gazetteer.level[mention.senses[0] >> 3] == COUNTRY:
            return False
        return after in self.lists["papers"] or after in self.lists["tails"]

    def is_word(self, mention: Mention, words: Words) -> bool:
        """Return whether a mention is a plain word or a surname, unless a large city's name follows a preposition."""
        gazetteer = self.gazetteer
        if mention.first != mention.last:
            return False
        if mention.surface not in gazetteer.common and mention.surface not in gazetteer.people:
            return False
        if self.level(mention) != CITY:
            return False
        population = self.population(mention)
        if mention.surface not in gazetteer.common and population >= 5 * LARGE:
            return False
        return not (population >= LARGE and self.is_led(mention, words))

    def population(self, mention: Mention) -> int:
        """Return the people of the largest place that a mention may name."""
        return max(self.gazetteer.population[sense >> 3] for sense in mention.senses)

    def is_led(self, mention: Mention, words: Words) -> bool:
        """Return whether a preposition of place stands before a mention."""
        return mention.first > 0 and words[mention.first - 1].lower() in self.lists["before_place"]
