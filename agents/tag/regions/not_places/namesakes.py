"""Drop mentions that are no places: parts of people's names, of newspapers and firms, and plain words."""

import re

from agents.tag.regions.lexicon.gazetteer import ADMIN1, CITY, COUNTRY, Gazetteer, Kind
from agents.tag.regions.lexicon.words import WordSpans
from agents.tag.regions.mentions import Mention, Passage

#: British Columbia's abbreviations, which also stand after years.
YEARS = frozenset(("BC", "B.C"))
#: A city this large is believed after a preposition although its name is a common word or surname.
LARGE = 100_000
#: An initial without a full stop, as in the line-ups of teams: 9 C Paterson; P Grimes (capt), B Lima; Derek C Pyle.
INITIAL = re.compile(r"(?:[(:;,\n\d]|\b[A-Z][a-z]{2,}) [B-HJ-NP-UWYZ] $")
WORD_CHARACTERS = 24
#: A family name with its Arabic article, behind a given name: Ahmad al-Ali.
ARTICLE_NAME = re.compile(r" (?:al|el|Al|El)-[A-Z]")
#: A nickname and a surname: Quinton 'Rampage' Jackson.
NICKNAME = re.compile(r" (['\"“])[A-Z]\w+['\"”] [A-Z]")
#: Behind a town, whatever else its name means: Bath City Council, Reading Borough Council.
COUNCIL = re.compile(r" (?:City|Borough|Town|Parish|District|County|Metropolitan) Council(?:lors?)?\b")
#: What is called after a person and stands in many towns: Victoria Square, Charlotte Street.
CALLED_AFTER = frozenset(
    (
        *("Square", "Street", "Road", "Park", "Station", "Embankment", "Hall", "Infirmary", "Hospital", "Cross"),
        *("Memorial", "Tower", "Line", "Dock", "Docks", "Terrace", "Gardens", "Quay", "Baths"),
    )
)


class NamesakeFilter:
    """Marks mentions as dropped where a place's name stands for something else."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.lists = gazetteer.lists
        #: the mention of the passage that a word, by its number, is part of
        self.at_word: dict[int, Mention] = {}

    def apply(self, passage: Passage, persons: set[str]) -> None:
        """Mark the mentions to drop; add to `persons` the words that were parts of people's names."""
        words = passage.words
        self.at_word = by_word(passage.mentions)
        for mention in passage.mentions:
            if mention.name.settled or mention.first < 0 or mention.parent >= 0:
                continue
            if mention.dateline and mention.start == passage.offset:  # an agency's place, whatever else it may name
                continue
            after = words.after(mention.last)
            if self.is_person(mention, passage, after):
                mention.dropped = True
                persons.add(mention.name.surface)
            elif mention.name.given and self.shares_surname(mention, passage):
                both = [mention, self.at_word.get(mention.last + 2)]
                for person in filter(None, both):
                    person.dropped = True
                    persons.add(person.name.surface)
            elif self.is_thing(mention, words, after):
                mention.dropped = True
            else:
                governed = COUNCIL.match(passage.folded, mention.end) is not None
                mention.led = governed or passage.is_led(mention)
                mention.doubtful = not governed and self.is_word(mention)

    def may_be_person(self, mention: Mention, mentions: list[Mention]) -> bool:
        """Return whether a name that was a person's elsewhere in the article may be one here too.

        True of cities of less than a million people, and of countries that are given names (Chad) if nothing else
        speaks for them.
        """
        gazetteer = self.gazetteer
        places = [sense.place for sense in mention.name.senses]
        if all(gazetteer.level[place] == CITY and gazetteer.population[place] < 10 * LARGE for place in places):
            return True
        if gazetteer.level[places[0]] != COUNTRY or not mention.name.given:
            return False
        return not any(
            gazetteer.country[other.name.first.place] == places[0] and other.name.surface != mention.name.surface
            for other in mentions
        )

    def speaks(self, mention: Mention, passage: Passage) -> bool:
        """Return whether a name that was a person's elsewhere in the article says something here, led by no preposition."""
        after = passage.words.after(mention.last) if mention.first >= 0 else ""
        return after in self.lists["speech"] and not passage.is_led(mention)

    def is_person(self, mention: Mention, passage: Passage, after: str) -> bool:
        """Return whether the words around a mention make it part of a person's name; `after`: the word beside it."""
        words, level = passage.words, mention.name.level
        if mention.first and self.follows_name(mention, passage, level):
            return True
        if level != COUNTRY and NICKNAME.match(words.text, mention.end):
            return True
        if not after:
            return words.text[mention.end : mention.end + 2] == ". " and self.initial_after(mention, words)
        if mention.name.given and ARTICLE_NAME.match(words.text, mention.end):
            return True
        if after in self.lists["speech"]:
            return level == CITY and not passage.is_led(mention) and mention.name.population < 10 * LARGE
        if (
            mention.first != mention.last
            or not after[0].isupper()
            or len(after) < 3
            or after in self.lists["place_words"]
        ):
            return False
        if level != COUNTRY and after in self.gazetteer.people and self.is_full_name(mention, passage):
            return True
        if mention.name.given and (level == CITY or self.is_given_name_first(mention)):
            return not after.isupper()
        if mention.name.given:
            return after in self.gazetteer.surnames or self.precedes_far_town(mention, passage)
        return level == CITY and after in self.gazetteer.surnames

    def precedes_far_town(self, mention: Mention, passage: Passage) -> bool:
        """Return whether a town of no country that a name means follows it, as a surname: Israel Houghton."""
        other = self.at_word.get(mention.last + 1)
        if other is None or other.name.level != CITY or other.name.first.kind != Kind.NAME:
            return False
        if passage.folded[mention.end : other.start] != " " or passage.is_led(mention):
            return False
        return {sense.country for sense in mention.name.senses}.isdisjoint(sense.country for sense in other.name.senses)

    def shares_surname(self, mention: Mention, passage: Passage) -> bool:
        """Return whether another given name and a surname follow a given name: Chad and Jordan Whitaker."""
        words = passage.words
        if words.text[mention.end : mention.end + 5] != " and " or mention.last + 3 >= words.count:
            return False
        other, surname = words[mention.last + 2], words[mention.last + 3]
        between = words.text[words.ends[mention.last + 2] : words.starts[mention.last + 3]]
        return (
            between == " "
            and other in self.gazetteer.people
            and surname.istitle()
            and surname not in self.lists["place_words"]
            and not passage.is_led(mention)
        )

    def is_full_name(self, mention: Mention, passage: Passage) -> bool:
        """Return whether a given name and a surname follow a name that no preposition leads: Tanga Sheri Moon."""
        surname = passage.words.after(mention.last + 1)
        return surname in self.gazetteer.surnames and not passage.is_led(mention)

    def is_given_name_first(self, mention: Mention) -> bool:
        """Return whether a country's name is one for a person first, and no division's: Chad, not Georgia."""
        unsure = mention.name.first.kind == Kind.UNSURE_NAME
        return unsure and all(self.gazetteer.level[sense.place] != ADMIN1 for sense in mention.name.senses)

    def follows_name(self, mention: Mention, passage: Passage, level: int) -> bool:
        """Return whether the words before a mention make it a surname."""
        words = passage.words
        if words.text[mention.start - 1] != " ":
            return words.text[mention.start - 2 : mention.start] == "O'"
        before = words[mention.first - 1]
        gap = words.text[words.ends[mention.first - 1] : mention.start]
        if before in self.lists["titles"] and gap in (" ", ". "):
            return level != COUNTRY or mention.name.given
        if gap == ". " and len(before) == 1 and before.isupper():
            return True
        if gap != " ":
            return False
        if level != COUNTRY and INITIAL.search(words.text, max(0, mention.start - WORD_CHARACTERS), mention.start):
            return True
        if before in self.lists["particles"] and mention.first > 1:
            before = words[mention.first - 2]
            return before in self.gazetteer.people
        if before not in self.gazetteer.people:
            return False
        left = mention.first - 1
        other = self.at_word.get(left)
        return other is None or other.dropped or other.name.first.kind in (Kind.CUE, Kind.WEAK_CUE)

    def ends_name(self, mention: Mention, words: WordSpans) -> bool:
        """Return whether a hyphen makes a town's name the end of a longer one: Ocasio-Cortez, Miami-Dade."""
        before = words[mention.first - 1] if mention.first and words.text[mention.start - 1] == "-" else ""
        if not before or mention.name.level != CITY or mention.name.population >= LARGE:
            return False
        if len(before) < 3 or not before[0].isupper():  # a member of a legislature: R-Ashland
            return False
        if f" {mention.name.surface}" in words.text:
            return False
        other = self.at_word.get(mention.first - 1)
        return other is None or all(sense.country != other.name.first.country for sense in mention.name.senses)

    def initial_after(self, mention: Mention, words: WordSpans) -> bool:
        """Return whether a full stop and an initial with its own follow, and no sentence begins: Jos. A. Bank."""
        if mention.last + 1 >= words.count or len(mention.name.surface) >= 5:
            return False
        following = words[mention.last + 1]
        return len(following) == 1 and following.isupper() and words.text.startswith(".", words.ends[mention.last + 1])

    def is_thing(self, mention: Mention, words: WordSpans, after: str) -> bool:
        """Return whether the word after makes the mention part of a paper's, a street's or a firm's name, or a year's."""
        if mention.name.surface in YEARS and mention.first and words[mention.first - 1].isdigit():
            return True
        if self.gazetteer.level[mention.name.first.place] == COUNTRY:
            return False
        if (mention.name.given and after in CALLED_AFTER) or self.ends_name(mention, words):
            return True
        return after in self.lists["papers"] or after in self.lists["tails"]

    def is_word(self, mention: Mention) -> bool:
        """Return whether a mention is a plain word or a surname, unless a large city's name follows a preposition."""
        if mention.first != mention.last:
            return False
        if not mention.name.common and not mention.name.given:
            return False
        if mention.name.level != CITY:
            return False
        population = mention.name.population
        if not mention.name.common and population >= 5 * LARGE:
            return False
        return not (population >= LARGE and mention.led)


def by_word(mentions: list[Mention]) -> dict[int, Mention]:
    """Return the first mention that each word, by its number, is part of."""
    found: dict[int, Mention] = {}
    for mention in mentions:
        for word in range(max(mention.first, 0), mention.last + 1):
            found.setdefault(word, mention)
    return found
