"""Names of places that nothing else in an article supports, and that mean a person, a thing, a month or a school there.

A name counts as alone where no other name, demonym or institution of its country is in the article: "Turkey prices climb"
beside "a frozen turkey", "Jordan scored 40 points ... he had slept badly". Cases from public bug reports (November 2026).
"""

import re
from collections import defaultdict

from agents.tag.regions.gazetteer import ADMIN1, COUNTRY, Gazetteer
from agents.tag.regions.mentions import Mention, Passage
from agents.tag.regions.ties import NAMES
from agents.tag.regions.words import ABBREVIATIONS

#: Months and their abbreviations as datelines and dates have them, which are towns somewhere: Nov in Tajikistan.
MONTHS = frozenset(
    (
        *("Jan", "Feb", "Mar", "Apr", "May", "Jun", "June", "Jul", "July", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec"),
        *("March", "April", "August", "Mai", "Juin", "Juil", "Août", "Mär", "Okt", "Dez", "Ene", "Abr", "Ago", "Dic"),
        *("Fev", "Out", "Set", "Gen", "Giu", "Lug", "Ott", "Mag", "Maj", "Mei", "Mrt", "Kas", "Ara", "Oca", "Nis"),
    )
)
#: A day or a year before or after a month, with a full stop or a comma between at most.
BEFORE_MONTH, AFTER_MONTH = re.compile(r"\d{1,2}(?:st|nd|rd|th)?[., ]{1,2}$"), re.compile(r"[.,]? {1,2}\d{1,4}\b")
#: Universities that are called by a place's or a person's name alone, and words that tell that a school is meant.
SCHOOLS = frozenset(
    (
        *("Columbia", "Howard", "Duke", "Temple", "Stanford", "Brown", "Rice"),
        *("Emory", "Vanderbilt", "Cornell", "Purdue", "Fordham"),
    )
)
SCHOOL_WORDS = re.compile(
    r"\b(?:[Ss]tudents?|[Cc]ampus(?:es)?|[Pp]rofessors?|[Uu]niversity|[Ff]aculty|[Uu]ndergraduates?|[Gg]raduates?|"
    r"[Dd]eans?|[Tt]uition|[Aa]lumni|[Ff]reshm[ae]n|[Ss]ophomores?)\b"
)
#: Pronouns of a person, and those of a country, in the sentence of a name.
PERSON = re.compile(r"\b(?:he|she|him|her|his|hers|himself|herself|who)\b")
STATE = re.compile(r"\b(?:its|itself|it (?:would|will|has|had|is|was|could|must|may))\b")
SENTENCE_END = re.compile(r"[.!?…]\s|\n")
#: Letters of a sentence that are read for pronouns.
SENTENCE_CHARACTERS = 300
SHORTEST_SURNAME = 4
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


def drop_lone_names(gazetteer: Gazetteer, passage: Passage) -> None:
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
        if mention.first == mention.last and (
            name.level <= ADMIN1 or name.surface in SCHOOLS or name.population < SMALL_TOWN
        ):
            groups.setdefault(name.surface, []).append(mention)
    for surface, group in groups.items():
        if any(mention.parent >= 0 or mention.dateline for mention in group) or not is_alone(group[0], surfaces):
            continue
        if (
            is_common_noun(gazetteer, passage, group[0])
            or is_school(passage, surface)
            or is_person(gazetteer, passage, group)
            or is_subject(gazetteer, passage, group)
        ):
            for mention in group:
                mention.dropped = True


def is_month(passage: Passage, mention: Mention) -> bool:
    """Tell whether a number beside a name makes it a month."""
    text = passage.folded
    before, after = text[max(0, mention.start - 6) : mention.start], text[mention.end : mention.end + 8]
    return BEFORE_MONTH.search(before) is not None or AFTER_MONTH.match(after) is not None


def is_alone(mention: Mention, surfaces: dict[int, set[str]]) -> bool:
    """Tell whether no other name of a mention's countries is in the article; `surfaces`: the names of each country."""
    name = mention.name
    countries = {sense.country for sense in name.senses if sense.place == sense.country} or {name.first.country}
    return all(surfaces.get(country, set()) <= {name.surface} for country in countries)


def is_common_noun(gazetteer: Gazetteer, passage: Passage, mention: Mention) -> bool:
    """Tell whether the article also has a country's name as a plain word in small letters: a turkey, jerseys, the peru."""
    surface, first = mention.name.surface, mention.name.first
    if (
        gazetteer.level[first.place] != COUNTRY
        or first.kind not in NAMES
        or not surface.isalpha()
        or not surface.istitle()
    ):
        return False
    return re.search(rf"(?<![\w.@#/-]){re.escape(surface.lower())}(?:s|es)?(?![\w@/-])", passage.folded) is not None


def is_school(passage: Passage, surface: str) -> bool:
    """Tell whether a name is that of a university, by the words around."""
    return surface in SCHOOLS and SCHOOL_WORDS.search(passage.folded) is not None


def is_person(gazetteer: Gazetteer, passage: Passage, group: list[Mention]) -> bool:
    """Tell whether a name is a person's: one that people bear, after no preposition of place, with he or she beside it."""
    name = group[0].name
    if not (name.given or name.surface in gazetteer.surnames) or name.level > ADMIN1:
        return False
    words, before_place = passage.words, gazetteer.lists["before_place"]
    if any(mention.first and words[mention.first - 1].lower() in before_place for mention in group):
        return False
    if name.given and has_surname(gazetteer, passage, group):
        return True
    sentences = [sentence_after(passage.folded, mention.end) for mention in group]
    return any(map(PERSON.search, sentences)) and not any(map(STATE.search, sentences))


def is_subject(gazetteer: Gazetteer, passage: Passage, group: list[Mention]) -> bool:
    """Tell whether a small town's name is a surname: it does what people do, and stands after no preposition of place."""
    name, words = group[0].name, passage.words
    if name.level <= ADMIN1 or name.population >= SMALL_TOWN:
        return False
    if any(mention.first and words[mention.first - 1].lower() in gazetteer.lists["before_place"] for mention in group):
        return False
    return all(mention.where == "text" for mention in group) and any(
        DOINGS.match(passage.folded, mention.end) for mention in group
    )


def has_surname(gazetteer: Gazetteer, passage: Passage, group: list[Mention]) -> bool:
    """Tell whether one and the same word with a capital follows a name each time, and stands for the person elsewhere."""
    surnames = {passage.words.after(mention.last) for mention in group}
    surname = surnames.pop()
    if (
        surnames
        or len(surname) < SHORTEST_SURNAME
        or not surname.istitle()
        or surname in gazetteer.lists["place_words"]
    ):
        return False
    if re.search(rf"\b{re.escape(surname.lower())}\b", passage.folded):
        return False
    return len(re.findall(rf"\b{re.escape(surname)}\b", passage.folded)) > len(group)


def sentence_after(text: str, start: int) -> str:
    """Return the rest of a sentence."""
    end = SENTENCE_END.search(text, start)
    return text[start : min(start + SENTENCE_CHARACTERS, end.start() if end else len(text))]
