"""Storms that are called like a place: tempête Victoria, Orkan Sabine. Their names come from lists, not from where they blow."""
# ruff: noqa: RUF001 - letters of other scripts are what is matched

import re
from typing import Final

from agents.tag.regions.beside import is_beside
from agents.tag.regions.lexicon.gazetteer import COUNTRY
from agents.tag.regions.mentions import Mention, Passage

#: So many characters before a name are read.
BEFORE_CHARACTERS: Final = 30
#: Words for a storm, by language; a name stands right behind one, or in Turkish before it.
STORMS: Final = {
    "en": r"\b(?:[Hh]urricane|[Tt]yphoon|[Cc]yclone|(?:[Tt]ropical )?[Ss]torm|[Tt]ropical [Dd]epression) ",
    "es": r"\b(?:[Hh]urac[aá]n|[Tt]ormenta(?: tropical)?|[Bb]orrasca|[Cc]icl[oó]n|[Tt]if[oó]n) ",
    "pt": r"\b(?:[Ff]uracão|[Tt]empestade(?: tropical)?|[Dd]epressão|[Cc]iclone|[Tt]ufão) ",
    "fr": r"\b(?:[Tt]empête(?: tropicale)?|[Oo]uragan|[Cc]yclone|[Tt]yphon|[Dd]épression) ",
    "it": r"\b(?:[Uu]ragano|[Tt]empesta(?: tropicale)?|[Cc]iclone|[Tt]ifone) ",
    "de": r"\b(?:Sturmtief|Orkantief|Orkan|Sturm|Tropensturm|Hurrikan|Taifun|Zyklon|Tief|Hoch) ",
    "nl": r"\b(?:[Ss]torm|[Oo]rkaan|[Tt]yfoon|[Cc]ycloon) ",
    "sv": r"\b(?:[Ss]tormen|[Oo]rkanen|[Tt]yfonen|[Cc]yklonen) ",
    "da": r"\b(?:[Ss]tormen|[Oo]rkanen|[Tt]yfonen|[Cc]yklonen) ",
    "nb": r"\b(?:[Ss]tormen|[Ee]kstremværet|[Oo]rkanen|[Tt]yfonen) ",
    "pl": r"\b(?:[Hh]uragan|[Oo]rkan|[Tt]ajfun|[Cc]yklon)\w{0,3} ",
    "ru": r"\b(?i:ураган|тайфун|циклон|шторм)\w{0,3} ",
    "uk": r"\b(?i:ураган|тайфун|циклон|шторм)\w{0,3} ",
    "ar": r"(?:إعصار|الإعصار|اعصار|الاعصار|العاصفة|عاصفة) ",
    "hi": r"(?:तूफान|तूफ़ान|चक्रवात) ",
    "zh": r"(?:台风|颱風|飓风|颶風|热带风暴|熱帶風暴)",
    "ja": r"(?:台風|ハリケーン|サイクロン)",
    "ko": r"(?:태풍|허리케인|사이클론) ",
}
_WORDS_BEFORE: Final = {language: re.compile(rf"{word}[«„“‘「\"']?$") for language, word in STORMS.items()}
_WORDS_BEHIND: Final = {"tr": re.compile(r" (?:[Kk]asırga|[Ff]ırtına|[Tt]ayfun)\w{0,4}\b")}


def drop_storms(passage: Passage, language: str) -> None:
    """Mark as dropped the storms, and their names elsewhere in an article that nothing else of their countries is in."""
    storms = [mention for mention in passage.mentions if is_storm(passage, mention, language)]
    if not storms:
        return
    called = {mention.name.surface for mention in storms}
    others = {
        sense.country
        for mention in passage.mentions
        if not mention.dropped and mention.name.surface not in called
        for sense in mention.name.senses
    }
    for mention in storms:
        mention.dropped = True
    for mention in passage.mentions:
        if mention.name.surface in called and others.isdisjoint(sense.country for sense in mention.name.senses):
            mention.dropped = True


def is_storm(passage: Passage, mention: Mention, language: str) -> bool:
    """Return whether a word for a storm stands beside the name of a town, a division or a country that people bear."""
    if mention.dropped or (mention.name.level == COUNTRY and not mention.name.given):
        return False
    return is_beside(passage, mention, _WORDS_BEFORE.get(language), _WORDS_BEHIND.get(language), BEFORE_CHARACTERS)
