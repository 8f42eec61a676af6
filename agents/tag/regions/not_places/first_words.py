# ruff: noqa: RUF001, RUF003 - letters and marks of many alphabets
"""First words of sentences that are spelt like a place: Hola, Orden and Busca are towns, and seldom meant.

A sentence's first word has its capital from the sentence, which shows nothing. Where a small place's name stands nowhere
else, behind no preposition, and nothing else in the article is of its country, it is a plain word. In scripts without
capitals the names that are plain words are believed with a preposition of place or another name of their country.
"""

import re
from collections import defaultdict

from agents.tag.regions.lexicon.cases import AT_HOME, NEAR_HOME
from agents.tag.regions.lexicon.gazetteer import ADMIN1, COUNTRY, Gazetteer
from agents.tag.regions.lexicon.names import Name
from agents.tag.regions.mentions import Mention, Passage
from agents.tag.regions.ties import NAMES_AND_DISTRICTS
from streams.text.word_lists import by_language, word_lists

LISTS = word_lists("agents.tag.regions")
#: Countries that a language is spoken in, whose towns of some size a sentence may begin with; codes by language.
SPOKEN = {
    **{language: frozenset(f"{codes} {NEAR_HOME.get(language, '')}".split()) for language, codes in AT_HOME.items()},
    **by_language(LISTS["spoken"]),
}
#: Names of countries, divisions and large cities that are plain words which a sentence begins with more often, by language.
PLAIN = by_language((*LISTS["first_words"], *LISTS["anywhere"]))
#: Those that are plain words wherever they stand.
ANYWHERE = by_language(LISTS["anywhere"])
#: Fewest people of a city, and of a division, that a first word is believed to mean.
LEAST_CITY, LEAST_DIVISION = 500_000, 1_000_000
#: Fewest people of a city in the publisher's own country.
LEAST_AT_HOME = 100_000
#: People of a city at home in English, whose plain words the gazetteer knows (`common_words.txt`) and whose local papers are
#: many; how often at least such a paper names its town.
LEAST_ENGLISH, TWICE = 15_000, 2
#: What may stand between the end of a sentence and the first word of the next.
OPENING = " \"'“”„«»‹›¿¡([-–—•*"
#: So many characters before a name are read.
BEFORE_CHARACTERS = 12
ENDS = ".!?:\n_"
#: Behind a name: of the place that a headline is about, and before a Turkish ending.
MARKS = (":", "'")
#: Letters of an abbreviation at most, whose full stop ends no sentence: г. Пермь, St. Gallen.
LONGEST_ABBREVIATION = 2
#: Prepositions of place beside such a name.
BEFORE_PLACE, BEHIND_PLACE = frozenset(LISTS["before_place"]), frozenset(LISTS["behind_place"])
#: The former where Arabic writes them onto the name.
ATTACHED = frozenset(("\u0628", "\u0644", "\u0648\u0628", "\u0648\u0644"))
#: Beside a word that is no part of an address or of a longer word.
APART_BEFORE = " \n\"'\u201c\u2018\u00ab("
ENDED = re.compile(r"[ \n,;:!?)\"'\u201d\u2019\u00bb]|\.(?!\w)|$")
NOWHERE: frozenset[str] = frozenset()


def drop_first_words(gazetteer: Gazetteer, passage: Passage, language: str, home: int) -> None:
    """Mark as dropped the names that may be no more than the first word of a sentence; `home`: the publisher's country, or -1."""
    groups: dict[str, list[Mention]] = defaultdict(list)
    for mention in passage.mentions:
        if not mention.dropped:
            groups[mention.name.surface].append(mention)
    plain, spoken = PLAIN.get(language, NOWHERE), SPOKEN.get(language, NOWHERE)
    anywhere = ANYWHERE.get(language, NOWHERE)
    least = LEAST_ENGLISH if language == "en" else LEAST_AT_HOME
    opening = {
        surface: group
        for surface, group in groups.items()
        if all((is_bare if surface in anywhere else is_open)(passage, mention) for mention in group)
        and (
            surface in plain
            or (is_small(gazetteer, group[0].name, spoken, least) and not (language == "en" and is_repeated(group)))
            or is_word_too(passage, group[0].name)
        )
    }
    if not opening:
        return
    others = [group[0].name for surface, group in groups.items() if surface not in opening]
    countries = {home} | {name.first.country for name in others}
    places = {sense.place for name in others for sense in name.senses}
    for surface, group in opening.items():
        senses = group[0].name.senses
        named = (
            not places.isdisjoint(sense.place for sense in senses)
            if surface in plain and group[0].name.level != COUNTRY
            else not countries.isdisjoint(sense.country for sense in senses)
        )
        for mention in group:
            mention.dropped |= not named


def is_repeated(group: list[Mention]) -> bool:
    """Return whether a text names something more than once, whatever its title does."""
    return sum(mention.where == "text" for mention in group) >= TWICE


def is_word_too(passage: Passage, name: Name) -> bool:
    """Return whether a text has a name in small letters, too, as no name is written: it hit a wall. Wall and roof came down."""
    if name.first.kind not in NAMES_AND_DISTRICTS or not name.surface[0].isupper():
        return False
    text, word = passage.folded, name.surface.lower()
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if text[max(0, start - 1) : start] in APART_BEFORE and ENDED.match(text, end):
            return True
        start = text.find(word, end)
    return False


def is_open(passage: Passage, mention: Mention) -> bool:
    """Return whether a mention is one word that begins a sentence, and nothing ties it to a place or marks it as one."""
    text, start = passage.folded, mention.start
    if start > 1 and text[start - 2].isalnum():  # a word and a blank before it, as mostly: told at once
        return False
    if mention.first != mention.last or mention.first < 0 or mention.parent != -1 or mention.dateline:
        return False
    if not mention.name.surface[0].isupper():
        return False
    behind = text[mention.end : mention.end + 1]
    if behind in MARKS or (mention.where == "title" and behind == ","):
        return False
    before = text[max(0, start - BEFORE_CHARACTERS) : start].rstrip(OPENING)
    if not before:
        return start <= BEFORE_CHARACTERS
    if before[-1] not in ENDS:
        return False
    last = before[:-1].rpartition(" ")[2]
    return before[-1] != "." or not last.isalpha() or len(last) > LONGEST_ABBREVIATION


def is_bare(passage: Passage, mention: Mention) -> bool:
    """Return whether no preposition of place stands before a name, and none behind it."""
    words, first = passage.words, mention.first
    if first < 0 or mention.parent != -1 or mention.dateline:
        return False
    before = words.before(first)
    particle = passage.folded[words.starts[first] : mention.start]
    return particle not in ATTACHED and before not in BEFORE_PLACE and words.after(first) not in BEHIND_PLACE


def is_small(gazetteer: Gazetteer, name: Name, spoken: frozenset[str], least: int) -> bool:
    """Return whether a name means no more than towns and divisions that a reader would be told about: Orden in the Netherlands.

    `least`: people of a city at home, at least, that is known by its name alone.
    """
    for place, kind, country, _, _ in name.senses:
        if kind not in NAMES_AND_DISTRICTS or gazetteer.level[place] == COUNTRY:
            return False
        people, near = gazetteer.population[place], gazetteer.code[country] in spoken
        division = gazetteer.level[place] == ADMIN1
        if division and (near or people >= LEAST_DIVISION):
            return False
        if not division and people >= (least if near else LEAST_CITY):
            return False
    return True
