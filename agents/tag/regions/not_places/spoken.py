"""Adjectives of countries that are a language's name: professeurs de français, auf Türkisch, учителя английского языка.

English has rules of its own (`phrases.py`); Chinese, Japanese and Korean names of languages are words of the gazetteer.
"""
# ruff: noqa: RUF001 - letters of other scripts are what is matched

import re
from itertools import pairwise
from typing import Final, NamedTuple

from agents.tag.regions.lexicon.gazetteer import DEMONYMS
from agents.tag.regions.mentions import Mention, Passage

#: So many characters before an adjective are read.
BEFORE_CHARACTERS: Final = 40
#: Between two languages: de français et d'anglais.
JOINED: Final = re.compile(
    r"^(?:,? (?:et|y|e|ed|und|en|i|и|та|і|й|ve|och|ou|o|u|oder|of|lub|или|або|और) (?:de |d['’]|di |en |em |in |au |al )?|"
    r", (?:de |d['’])?|/| ?و(?:ال)?)$"
)
#: Behind a language that no noun follows.
ALONE: Final = r"(?=\s*(?:[.,;:!?)\"'”»\n-]|$)| (?:{})\b)"


class Rule(NamedTuple):
    """The words before an adjective, its own form and the words behind it; an empty pattern fits anything."""

    before: re.Pattern[str]
    form: re.Pattern[str]
    after: re.Pattern[str]


def rule(before: str, form: str, after: str = "") -> Rule:
    """Compile a rule: `before` ends where the adjective begins."""
    return Rule(re.compile(f"(?i:{before})$" if before else ""), re.compile(form), re.compile(after))


#: Rules by language. Plurals and capitals are people: de Français, de franceses.
RULES: Final = {
    "fr": (
        rule(
            r"(?:\b(?:en|de|langues?|(?:enseign|appren|parl|étudi|maîtris)\w+(?: le)?) |\bd['’]|"
            r"\b(?:enseign|appren|parl|étudi|maîtris)\w+ l['’]|\btradui\w+ (?:de l['’]|du ))",
            r"[a-zà-ÿ]+$",
        ),
    ),
    "es": (
        rule(r"\b(?:en|de|(?:habl|aprend|enseñ|estudi)\w+(?: el)?) ", r"[a-zà-ÿ]+(?:[^s]|és)$"),
        rule(r"\b(?:lengua|idioma) ", r"[a-zà-ÿ]+$"),
        rule(r"\b(?:clases?|cursos?|lecciones|profesor\w*|maestr\w+) de [a-zà-ÿ]+,? [ye] ", r"[a-zà-ÿ]+(?:[^s]|és)$"),
    ),
    "it": (
        rule(r"\b(?:in|di|(?:parla|impara|insegna|studia)\w*) ", r"[a-zà-ÿ]+[eo]$"),
        rule(r"\b(?:in |di |(?:parla|impara|insegna|studia)\w* )l['’]", r"[a-zà-ÿ]+[eo]$"),
        rule(r"\blingua ", r"[a-zà-ÿ]+$"),
    ),
    "pt": (
        rule(r"\b(?:em|de|(?:fal|aprend|ensin|estud)\w+(?: o)?) ", r"[a-zà-ÿ]+(?:[^s]|ês)$"),
        rule(r"\b(?:língua|idioma) ", r"[a-zà-ÿ]+$"),
        rule(r"\b(?:aulas?|cursos?|lições|professor\w*) de [a-zà-ÿ]+,? e ", r"[a-zà-ÿ]+(?:[^s]|ês)$"),
    ),
    "de": (rule(r"(?:^|[^\w-])", r"(?:[A-ZÄÖÜ]\w+isch|Deutsch)$", r"(?!-)"),),
    "nl": (
        rule(r"\b(?:lera(?:ar|res|ren)|docenten?|les|lessen|cursus(?:sen)?) ", r"[A-Z]"),
        rule(
            r"\b(?:(?:in|uit|naar) het|spreekt|spreken|sprak(?:en)?|leert?|leren) ",
            r"[A-Z]",
            ALONE.format("en|of|als|aan|op|voor|met|is|was|wordt|werd|vertaald|geven|geeft"),
        ),
    ),
    "pl": (
        rule(r"\bjęzyk\w* ", ""),
        rule("", "", r" język\w*"),
        rule(r"\b(?:lekcj|korepetycj)\w+ (?:z )?", r"[a-zà-ž]+iego$"),
        rule(r"\b(?:nauczyciel|matur)\w+ (?:z )?", r"[a-zà-ž]+iego$", ALONE.format("i|oraz|w|dla|na|z")),
    ),
    "ru": (
        rule("", "", r" язык\w{0,3}\b"),
        rule(r"\b(?:экзамен|олимпиад|урок|тест|занят|репетитор|ЕГЭ|ОГЭ)\w* по ", r"[а-яё]+ому$"),
        rule(r"\b(?:учител|преподавател|урок)\w* ", r"[а-яё]+ого$", ALONE.format("и|или|в|на|для|с|не")),
    ),
    "uk": (
        rule("", "", r" мов(?:а|и|і|у|ою|ами|ах)?\b"),
        rule(r"\b[ву]?(?:чител|роки|років|викладач)\w* ", r"[а-яґєії]+ої$", ALONE.format("та|і|й|або|в|у|на|для|не")),
    ),
    "sv": (
        rule(
            r"\b(?:lär\w*|läs\w*|tala\w*|prata\w*|undervis\w+ i|mer|mindre|lektion\w* i|prov\w* i|engelska(?:,| och)) ",
            r"[a-zåäö]+ska$",
            ALONE.format("och|eller|som|för|med|är"),
        ),
    ),
    "tr": (rule("", r"[A-ZÇĞİÖŞÜ]", r" [Dd]il(?:i|leri)(?:n[ie]?\w*)?\b"),),
    "ar": (rule(r"(?:لغة|لغات|لغتي) (?:ال)?", ""),),
    "hi": (rule("", "", r" (?:भाषा|भाषी|भाषाओं)"),),
}


def drop_languages(passage: Passage, language: str) -> None:
    """Mark as dropped the adjectives of a text in one of `RULES` languages that name a language there."""
    rules = RULES.get(language, ())
    text = passage.folded
    mentions = [one for one in passage.mentions if not one.dropped and one.name.first.kind in DEMONYMS] if rules else []
    for mention in mentions:
        mention.dropped = any(
            is_form(text, mention, one)
            and passage.before(mention, one.before, BEFORE_CHARACTERS)
            and one.after.match(text, mention.end)
            for one in rules
        )
    pairs = list(pairwise(mentions))
    for one, other in (*pairs, *((right, left) for left, right in reversed(pairs))):
        between = text[min(one.end, other.end) : max(one.start, other.start)]
        if one.dropped and JOINED.match(between) and any(is_form(text, other, each) for each in rules):
            other.dropped = True


def is_form(text: str, mention: Mention, one: Rule) -> bool:
    """Return whether an adjective is written in the form that a rule asks for."""
    return one.form.match(text[mention.start : mention.end]) is not None
