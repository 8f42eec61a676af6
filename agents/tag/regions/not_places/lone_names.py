"""Names of places that nothing else in an article supports, and that mean a person, a thing, a month or a school there.

A name counts as alone where no other name, demonym or institution of its country is in the article: "Turkey prices climb"
beside "a frozen turkey", "Jordan scored 40 points ... he had slept badly". Cases from public bug reports (November 2026).
"""

import re
from collections import defaultdict

from agents.tag.regions.lexicon.gazetteer import ADMIN1, CITY, COUNTRY, Gazetteer
from agents.tag.regions.lexicon.words import ABBREVIATIONS
from agents.tag.regions.mentions import Mention, Passage
from agents.tag.regions.not_places.lone_people import is_called, is_he_or_she, is_led
from agents.tag.regions.ties import NAMES_AND_DISTRICTS
from streams.text.word_lists import word_lists

#: Months and their abbreviations as datelines and dates have them, which are towns somewhere: Nov in Tajikistan.
MONTHS = frozenset(word_lists("agents.tag.regions")["months"])
#: A day or a year before or after a month, with a full stop or a comma between at most.
BEFORE_MONTH, AFTER_MONTH = re.compile(r"\d{1,2}(?:st|nd|rd|th)?[., ]{1,2}$"), re.compile(r"[.,]? {1,2}\d{1,4}\b")
#: Universities that are called by a place's or a person's name alone, and words that tell that a school is meant.
SCHOOLS = frozenset(word_lists("agents.tag.regions")["schools"])
_SCHOOL_WORDS = (f"[{word[0].upper()}{word[0]}]{word[1:]}" for word in word_lists("agents.tag.regions")["school_words"])
SCHOOL_WORDS = re.compile(rf"\b(?:{'|'.join(_SCHOOL_WORDS)})\b")
#: Those who learn or teach at a school, before its name, and a second word of it behind.
LEARNERS = re.compile(
    r"\b(?:[Ss]tudents?|[Pp]rofessors?|[Ll]ecturers?|[Uu]ndergraduates?|[Gg]raduates?|[Ff]aculty|[Rr]esearchers?|[Aa]lumni)"
    r" at $"
)
LEARNERS_CHARACTERS = 20
SECOND_WORD = re.compile(r" [A-Z][a-z]")
#: A town with fewer people is named after a preposition, or beside another name of its country.
SMALL_TOWN = 100_000
#: What people do or is done to them, and towns not.
DOINGS = re.compile(
    r",? (?:said|says|told|added|thinks|hopes|wants|who|pleaded|testified|(?:was|is|had been|has been) "
    r"(?:driving|riding|arrested|charged|sentenced|convicted|ejected|born|married|hired|appointed|re-?elected|survived))\b"
)


def leave_out_months(passage: Passage) -> None:
    """Take the months out of a passage's mentions."""
    passage.mentions = [
        mention for mention in passage.mentions if mention.name.surface not in MONTHS or not is_month(passage, mention)
    ]


def drop_capitals(passage: Passage) -> None:
    """Mark abbreviations that only a title in capitals has: CAR EXPORTS RISE is not about the Central African Republic."""
    named = {mention.name.surface for mention in passage.mentions if mention.where == "text"}
    for mention in passage.mentions:
        surface = mention.name.surface
        if mention.where == "title" and surface.isupper() and surface not in ABBREVIATIONS and surface not in named:
            mention.dropped = True


def drop_lone_names(gazetteer: Gazetteer, passage: Passage, language: str) -> None:
    """Mark as dropped the lone names that mean no place."""
    if passage.words.count == 0:
        return
    groups: dict[str, list[Mention]] = {}
    surfaces: dict[int, set[str]] = defaultdict(set)
    for mention in passage.mentions:
        if mention.dropped or mention.first < 0:
            continue
        name = mention.name
        surfaces[name.first.country].add(name.surface)
        if mention.first == mention.last:
            groups.setdefault(name.surface, []).append(mention)
    for group in groups.values():
        if any(mention.parent >= 0 or mention.dateline for mention in group):
            continue
        if is_alone(group[0], surfaces):
            dropped = is_other(gazetteer, passage, group, language)
        else:
            dropped = gazetteer.level[group[0].name.first.place] == CITY and is_common_noun(gazetteer, passage, group)
        if dropped:
            for mention in group:
                mention.dropped = True


def is_other(gazetteer: Gazetteer, passage: Passage, group: list[Mention], language: str) -> bool:
    """Return whether the mentions of a lone name mean something else: a noun, a school, a person."""
    return (
        is_common_noun(gazetteer, passage, group)
        or is_called(gazetteer, passage, group, language)
        or is_school(passage, group[0].name.surface)
        or is_college(gazetteer, passage, group)
        or is_person(gazetteer, passage, group)
        or is_subject(passage, group)
    )


def is_month(passage: Passage, mention: Mention) -> bool:
    """Return whether a number beside a name makes it a month."""
    text = passage.folded
    before, after = text[max(0, mention.start - 6) : mention.start], text[mention.end : mention.end + 8]
    return BEFORE_MONTH.search(before) is not None or AFTER_MONTH.match(after) is not None


def is_alone(mention: Mention, surfaces: dict[int, set[str]]) -> bool:
    """Return whether no other name of a mention's countries is in the article; `surfaces`: the names of each country."""
    name = mention.name
    countries = {sense.country for sense in name.senses if sense.place == sense.country} or {name.first.country}
    return all(surfaces.get(country, set()) <= {name.surface} for country in countries)


def is_common_noun(gazetteer: Gazetteer, passage: Passage, group: list[Mention]) -> bool:
    """Return whether the article also has a name as a plain word in small letters: a turkey, jerseys, the peru.

    A city's name must stand where every word has a capital: in the title, or at the beginning of a sentence.
    """
    surface, first = group[0].name.surface, group[0].name.first
    if first.kind not in NAMES_AND_DISTRICTS or not surface.isalpha() or not surface.istitle():
        return False
    if gazetteer.level[first.place] != COUNTRY and not all(is_first(passage, mention) for mention in group):
        return False
    plain = surface.lower()
    return plain in passage.folded and (
        re.search(rf"(?<![\w.@#/-]){re.escape(plain)}(?:s|es)?(?![\w@/-])", passage.folded) is not None
    )


def is_first(passage: Passage, mention: Mention) -> bool:
    """Return whether a mention stands in the title, or at the beginning of a sentence."""
    before = passage.folded[max(0, mention.start - 3) : mention.start].rstrip(" \"'“”«»")
    return mention.where == "title" or not before or before[-1] in ".!?…:\n_"


def is_school(passage: Passage, surface: str) -> bool:
    """Return whether a name is that of a university, by the words around."""
    return surface in SCHOOLS and SCHOOL_WORDS.search(passage.folded) is not None


def is_college(gazetteer: Gazetteer, passage: Passage, group: list[Mention]) -> bool:
    """Return whether students or teachers at a name of two words make a country's part of it a school's: Lebanon Valley."""
    return gazetteer.level[group[0].name.first.place] == COUNTRY and any(
        passage.before(mention, LEARNERS, LEARNERS_CHARACTERS) and SECOND_WORD.match(passage.folded, mention.end)
        for mention in group
    )


def is_person(gazetteer: Gazetteer, passage: Passage, group: list[Mention]) -> bool:
    """Return whether a name is a person's: one that people bear, after no preposition of place, with he or she beside it."""
    name = group[0].name
    if not (name.given or name.surface in gazetteer.surnames) or name.level > ADMIN1:
        return False
    return not is_led(passage, group) and is_he_or_she(passage, group)


def is_subject(passage: Passage, group: list[Mention]) -> bool:
    """Return whether a small town's name is a surname: subject of a person's verb, and after no preposition of place."""
    name = group[0].name
    if name.level <= ADMIN1 or name.population >= SMALL_TOWN:
        return False
    if is_led(passage, group):
        return False
    return all(mention.where == "text" for mention in group) and any(
        DOINGS.match(passage.folded, mention.end) for mention in group
    )
