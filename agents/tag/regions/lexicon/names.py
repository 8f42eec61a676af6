"""Names of places: a surface, its senses, and the properties that every article asks for, computed once."""

import math
from bisect import bisect_left
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation
from msgspec import Struct

from agents.tag.regions.lexicon.arabic import without_particles
from agents.tag.regions.lexicon.cases import (
    ENDINGS,
    ENDINGS_ABROAD,
    ENDINGS_AGREEING,
    HOMES,
    LEAST_CAPITAL,
    LEAST_HOME_TOWN,
    LEAST_LIKE_WORD,
    LEAST_NEAR_HOME,
    LEAST_SHORT_HOME,
    LEAST_STEM,
    LEAST_WORLD_CITY,
    MORE_THAN_ANY,
    NEAR_HOME,
    PREFIXES,
    least_abroad,
    nominatives,
)
from agents.tag.regions.lexicon.compass import country_in
from agents.tag.regions.lexicon.gazetteer import CITY, COUNTRY, Gazetteer, Kind, Listed, Longer, Names
from agents.tag.regions.lexicon.home_cities import HOME_BY, HOME_COUNTRIES, LEAST_HOME_CITY, home_city, is_meant
from agents.tag.regions.lexicon.town_adjectives import town_adjectives
from agents.tag.regions.lexicon.words import WordSpans
from streams.text.word_lists import by_language, word_lists

#: Kinds whose words are never parts of people's names.
NOT_FILTERED = frozenset((Kind.DEMONYM, Kind.UNSURE_DEMONYM, Kind.CUE, Kind.WEAK_CUE))
#: Prior penalty by kind; 1.5 for ambiguous names.
HELD_BACK = tuple(1.5 if kind in (Kind.UNSURE_NAME, Kind.UNSURE_DEMONYM) else 0.0 for kind in Kind)
#: Divisions of a country with so many people are counted as 20,000 at least: only those in its towns are known (Darién, Nunavut).
LEAST_NATION, LEAST_DIVISION = 1_000_000, 4.3
#: A county stands for the division around it, and is no better known than a large city: Norfolk is not England.
COUNTY = 6.0
#: Cities that a bare name means although a namesake is larger, by country and name; and how much that weighs.
BETTER_KNOWN = word_lists("agents.tag.regions")["better_known"]
BETTER_KNOWN_BY = 0.9
#: Names of cities abroad that plain words seem to be cases of, by language: Croatian horses (konji) are not of Konya.
NO_CASES = by_language(word_lists("agents.tag.regions")["no_cases"])
#: Scripts other than Latin begin here: Greek.
FIRST_OTHER_SCRIPT = "\u0370"
#: Countries whose towns may have an article in Arabic.
ARAB = frozenset(word_lists("agents.tag.regions")["arab"])
#: Letters of a foreign town's name at most that is not read behind an Arabic particle: big (kabira) is not Beira.
SHORT_ARABIC = 4
HEBREW_ARTICLE = "\u05d4"
DISTRICT, NOTHING = int(Kind.DISTRICT), int(Kind.NOTHING)
#: WordSpans and names of a language that are kept beside the tables, which are too large for a processor's caches.
MOST_KNOWN = 20_000
#: Characters of two words and of what lies between them that may be a name.
LONGEST_PAIR = 80


class Sense(NamedTuple):
    """A place that a surface may mean, the kind of name, and its prominence before any context."""

    place: int
    kind: int
    country: int
    division: int
    prominence: float


class Name(Struct, gc=False):
    """A surface and its senses.

    `alone`: it has only one. `level`: the highest of what it may name; a district is no more than a city. `population`:
    of the largest place. `given`: also a person's given name. `common`: also a plain word. `settled`: names its place
    whatever stands around it. `nothing`: an expression that is not about the place in it.
    """

    surface: str
    senses: list[Sense]
    first: Sense
    alone: bool
    level: int
    population: int
    given: bool
    common: bool
    settled: bool
    nothing: bool


class Namer:
    """Makes names of surfaces and their senses in the gazetteer (place * 8 + kind)."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.prominence = [math.log10(population + 10) for population in gazetteer.population]
        for place, level in enumerate(gazetteer.level):
            if level == CITY:
                break
            if level != COUNTRY and gazetteer.population[gazetteer.country[place]] >= LEAST_NATION:
                self.prominence[place] = max(self.prominence[place], LEAST_DIVISION)
            self.prominence[place] += 1.5 if level == COUNTRY else 1.0
        for place in gazetteer.capitals:
            # a capital stands for its government: Washington is not the state, where nothing else speaks for that
            people = gazetteer.population[gazetteer.country[place]]
            self.prominence[place] = max(self.prominence[place] + 0.7, math.log10(people + 10))
        for code, _, name in (entry.partition(" ") for entry in BETTER_KNOWN):
            cities = [
                sense >> 3
                for sense in gazetteer.shared.senses(name)
                if gazetteer.level[sense >> 3] == CITY and gazetteer.country[sense >> 3] == gazetteer.countries[code]
            ]
            self.prominence[max(cities, key=gazetteer.population.__getitem__)] += BETTER_KNOWN_BY

    def name(self, surface: str, senses: list[int], homes: Collection[int] = frozenset()) -> Name:
        """Make the name of a surface from its senses, at least one. `homes`: the countries of the language."""
        gazetteer, prominence = self.gazetteer, self.prominence
        if len(senses) == 1 and not surface.isascii():
            senses = self.with_namesakes(senses[0], surface)
        level, population = gazetteer.level, gazetteer.population
        country, admin1 = gazetteer.country, gazetteer.admin1
        found = []
        counties = {sense >> 3 for sense in senses if sense & 7 == DISTRICT}
        counties &= {sense >> 3 for sense in senses if sense & 7 == Kind.NAME}
        for sense in senses:
            place, kind = sense >> 3, sense & 7
            known = min(prominence[place], COUNTY) if place in counties else prominence[place]
            found.append(Sense(place, kind, country[place], admin1[place], known - HELD_BACK[kind]))
        city = home_city(gazetteer, surface, senses, homes) if homes else -1
        if city >= 0 and is_meant(gazetteer, city, senses, homes):
            most = max(sense.prominence for sense in found) + HOME_BY
            found = [sense._replace(prominence=most) if sense.place == city else sense for sense in found]
        first, alone, given = found[0], len(found) == 1, surface in gazetteer.people
        return Name(
            surface=surface,
            senses=found,
            first=first,
            alone=alone,
            level=min([CITY if sense.kind == DISTRICT else level[sense.place] for sense in found]),
            population=max([population[sense.place] for sense in found]),
            given=given,
            # most plain words are English
            common=surface in gazetteer.common and (city < 0 or gazetteer.population[city] < LEAST_HOME_CITY),
            settled=first.kind in NOT_FILTERED or (alone and not given and level[first.place] == COUNTRY),
            nothing=senses[0] == NOTHING,
        )

    def with_namesakes(self, sense: int, surface: str) -> list[int]:
        """Return a city's sense with those of the towns of its Latin name, where the surface is in another script.

        Only large cities have names in other scripts in the gazetteer, and a Newport in America is written like that in Wales.
        """
        gazetteer, place = self.gazetteer, sense >> 3
        if sense & 7 or gazetteer.level[place] != CITY or surface[0] < FIRST_OTHER_SCRIPT:
            return [sense]
        others = gazetteer.shared.senses(gazetteer.name[place])
        if sense not in others:
            return [sense]
        return [
            sense,
            *(other for other in others if other & 7 == 0 and gazetteer.level[other >> 3] == CITY and other != sense),
        ]


NONE: Longer = {}
#: (name, {second word: lengths of longer names}, normalised word: without Arabic's particles).
Entry = tuple[Name | None, Longer, str]
NO_NAME: Entry = (None, NONE, "")


class Vocabulary:
    """The names of one language and those that all share; its own come first.

    `homes`, `near`, `written_in`: the countries of `HOMES`, `NEAR_HOME` and `HOME_COUNTRIES`. `known`: the words that were
    looked up before, because news repeats its words and a small table is near at hand.
    """

    def __init__(self, namer: Namer, language: str) -> None:
        self.namer = namer
        self.language = language
        self.own = namer.gazetteer.languages.get(language) or Names({}, [])
        self.shared = namer.gazetteer.shared
        self.homes, self.near, self.written_in = (
            {namer.gazetteer.countries[code] for code in codes.get(language, "").split()}
            for codes in (HOMES, NEAR_HOME, HOME_COUNTRIES)
        )
        self.no_cases = NO_CASES.get(language, frozenset())
        self.known: dict[str, Entry] = {}
        self.phrases: dict[str, Name | None] = {}
        self.begun = lru_cache(MOST_KNOWN)(self._begun)
        self.pairs = lru_cache(MOST_KNOWN)(self._case_of_two)
        self.adjectives = town_adjectives(namer.gazetteer, self.own, language, self.homes)
        self.small: AhoCorasick | None = None
        if small := [*self.own.small, *self.adjectives]:
            self.small = AhoCorasick(small, store_patterns=False, implementation=Implementation.DFA)

    def small_words(self, words: WordSpans) -> list[tuple[int, int, int]]:
        """Return the words that a name with a small first letter begins with, adjectives in most languages.

        Each as its index, start and end, as in `WordSpans.initial`.
        """
        if self.small is None:
            return []
        text, starts = words.text, words.starts
        found = []
        for _, start, end in self.small.find_matches_as_indexes(text, overlapping=True):
            if not text[end : end + 1].isalpha() and not text[start - 1 : start].isalpha():
                index = bisect_left(starts, start)
                if index < words.count and starts[index] == start:
                    found.append((index, start, words.ends[index]))
        return found

    def word(self, word: str) -> Entry:
        """Look a word up: its name, and the names that it begins."""
        entry = self.known.get(word)
        if entry is None:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            entry = self.known[word] = self._look_up(word)
        return entry

    def phrase(self, surface: str) -> Name | None:
        """Return the name that several words are, if they are one."""
        try:
            return self.phrases[surface]
        except KeyError:
            if len(self.phrases) >= MOST_KNOWN:
                self.phrases.clear()
            senses = self.own.senses(surface) or self.shared.senses(surface)
            name = self.phrases[surface] = self.namer.name(surface, senses, self.written_in) if senses else None
            return name

    def case_of_two(self, first: str, gap: str, second: str) -> Name | None:
        """Return the name of two inflected words: Los Angelesu, Slavonskom Brodu; `gap`: the text between them."""
        return self.pairs(first, gap, second) if len(first) + len(gap) + len(second) <= LONGEST_PAIR else None

    def _case_of_two(self, first: str, gap: str, second: str) -> Name | None:
        begun = self.begun(first)
        seconds = (second, *self._bases(second)) if begun else ()
        for base, longer in begun:
            for other in seconds:
                if 2 in longer.get(other, ()) and (name := self.phrase(f"{base}{gap}{other}")) and self._is_known(name):
                    return name
        return None

    def _begun(self, word: str) -> list[tuple[str, Longer]]:
        """Return a word's possible nominatives that begin names of several words, each with these names."""
        found = []
        for base in (word, *self._bases(word)) if self.homes else ():
            tables = [entries.get(base) for entries in (self.own.entries, self.shared.entries)]
            found += [(base, entry[1]) for entry in tables if isinstance(entry, tuple)]
        return found

    def _bases(self, word: str) -> list[str]:
        """Return the possible nominatives of a word in a name: a noun, or an adjective that agrees with one."""
        tables = (ENDINGS, ENDINGS_ABROAD, ENDINGS_AGREEING)
        return [base for table in tables for base in nominatives(word, self.language, table, LEAST_STEM)]

    def _is_known(self, name: Name) -> bool:
        """Return whether a name of two words is believed in all cases: no small town abroad, and no expression."""
        return not name.nothing and (
            name.level != CITY
            or any(
                self._is_town(sense.place << 3 | sense.kind, LEAST_HOME_TOWN, LEAST_WORLD_CITY) for sense in name.senses
            )
        )

    def _inflected(self, word: str) -> Entry:
        """Return the country, city or town at home of the language that a word is a case of, or no name."""
        for base in nominatives(word, self.language):
            senses = self.own.senses(base)
            if senses and base not in self.no_cases and not self._has_article(word, base, senses):
                return self._case_of(base, senses, word)
        _, base, senses = max(self._towns(word), default=(0, "", [])) if self.homes else (0, "", [])
        return self._case_of(base, senses, word) if senses else NO_NAME

    def _towns(self, word: str) -> Iterator[tuple[int, str, list[int]]]:
        """Yield the towns that a word may be a case of: the people of the first, the nominative and its senses."""
        gazetteer = self.namer.gazetteer
        for table, letters, home in (
            (ENDINGS, 0, LEAST_HOME_TOWN),
            (ENDINGS_ABROAD, 0, MORE_THAN_ANY),
            (ENDINGS, LEAST_STEM, LEAST_SHORT_HOME),
        ):
            for base in nominatives(word, self.language, table, letters):
                if base in gazetteer.people or base in self.no_cases:
                    continue
                none_abroad = letters or word in gazetteer.people
                least = MORE_THAN_ANY if none_abroad else least_abroad(self.language, word, base)
                senses = [sense for sense in self.shared.senses(base) if self._is_town(sense, home, least)]
                population = gazetteer.population[senses[0] >> 3] if senses else 0
                if senses and (base not in gazetteer.common or population >= LEAST_LIKE_WORD):
                    yield population, base, senses

    def _has_article(self, word: str, base: str, senses: list[int]) -> bool:
        """Return whether a Hebrew word has an article, which adjectives of countries have and names have not."""
        return self.language == "he" and HEBREW_ARTICLE in word.removesuffix(base) and senses[0] & 7 == Kind.NAME

    def _case_of(self, base: str, senses: list[int], word: str) -> Entry:
        """Return the name that a word is a case of: no plain word, of which most are English."""
        name = self.namer.name(base, senses, self.written_in)
        name.common = False
        return name, NONE, word

    def _is_noun(self, word: str, base: str) -> bool:
        """Return whether an Arabic word is no foreign name with particles: the floods are not Seoul, nor is finance Mali.

        Such a name has no article; and behind a particle a short name of a town, which is part of many words, is none.
        """
        senses = self.own.senses(base) or self.shared.senses(base)
        if not senses or len(base) == len(word):
            return False
        gazetteer, place = self.namer.gazetteer, senses[0] >> 3
        if senses[0] & 7 != Kind.NAME or gazetteer.code[gazetteer.country[place]] in ARAB:
            return False
        if f"#{word}".endswith(f"\u0627\u0644{base}"):
            return True
        return len(base) <= SHORT_ARABIC and gazetteer.level[place] == CITY and place not in gazetteer.capitals

    def _is_town(self, sense: int, home: int, least: int) -> bool:
        """Return whether a sense is a town of `home` people where the language is at home, or a capital or city of `least`."""
        gazetteer, place = self.namer.gazetteer, sense >> 3
        if sense & 7 != Kind.NAME or gazetteer.level[place] != CITY:
            return False
        people = gazetteer.population[place]
        if gazetteer.country[place] in self.homes:
            return people >= home
        if least == MORE_THAN_ANY:
            return False
        if gazetteer.country[place] in self.near:
            return people >= LEAST_NEAR_HOME
        return people >= (min(least, LEAST_CAPITAL) if place in gazetteer.capitals else least)

    def _adjective(self, word: str) -> Name | None:
        """Return the name of the town that a word is the adjective of."""
        town = self.adjectives.get(word.lower()) if self.adjectives else None
        if town is None:
            return None
        name = self.namer.name(word, [town])
        name.settled = True  # an adjective is no part of somebody's name
        return name

    def _look_up(self, word: str) -> Entry:
        for base in without_particles(word) if self.language == "ar" else (word,):
            own, shared = self.own.entries.get(base), self.shared.entries.get(base)
            if (own is not None or shared is not None) and not self._is_noun(word, base):
                return self._listed(base, own, shared)
        return self._unlisted(word)

    def _listed(self, word: str, own: Listed | None, shared: Listed | None) -> Entry:
        """Return the entry of a word that the language's own table has, or the one for all languages."""
        senses_own, longer = own if isinstance(own, tuple) else (own, NONE)
        senses_shared, shared_longer = shared if isinstance(shared, tuple) else (shared, NONE)
        both = {**shared_longer, **longer} if longer and shared_longer else longer or shared_longer or NONE
        senses = senses_shared if senses_own is None else senses_own
        if senses is None:
            prefixed = self._inflected(word)[0] if self.language in PREFIXES else None  # of France, and French Guiana
            return self._adjective(word) or prefixed, both, word
        senses = [senses] if isinstance(senses, int) else senses
        return self.namer.name(word, senses, self.written_in), both, word

    def _unlisted(self, word: str) -> Entry:
        """Return the entry of a word that no table has as it stands: of an adjective, an inflected name, a compound."""
        if town := self._adjective(word):
            return town, NONE, word
        entry = self._inflected(word)
        if entry is NO_NAME and (rest := country_in(word, self.language)):
            name = self._look_up(rest)[0]
            entry = (name, NONE, word) if name is not None and is_country(name) else NO_NAME
        return (None, NONE, word) if entry is NO_NAME and self._begun(word) else entry


def is_country(name: Name) -> bool:
    """Return whether a name means a country before anything else, and is no adjective."""
    return name.first.kind == Kind.NAME and name.first.place == name.first.country
