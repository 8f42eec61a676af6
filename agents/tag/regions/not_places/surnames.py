"""Surnames that are the name of a people, in languages that write the people small: Orosz Péter, Jussi Ruotsalainen.

Hungarian puts the surname first, where a sentence may give a capital to the people too; a given name behind it tells. In
Finnish a capital within a sentence is enough. In Russian and Ukrainian a word with a capital stands before the surname, as in
Oleh Poliak; a people's adjective behind such a word is part of an institution's name: the National Polish Theatre.
"""
# ruff: noqa: RUF001 - Cyrillic letters are what is matched

import re
from typing import Final

from agents.tag.regions.lexicon.gazetteer import DEMONYMS
from agents.tag.regions.mentions import Mention, Passage
from streams.text.word_lists import word_lists

#: A Hungarian given name behind a surname, perhaps with an ending of its case: Orosz Péternek.
HUNGARIAN: Final = re.compile(rf"(?:né)? (?:{'|'.join(word_lists('agents.tag.regions')['hungarian_given_names'])})")
#: A word of the same sentence before a Finnish one.
FINNISH: Final = re.compile(r"[\w)] $")
#: A Russian or Ukrainian word with a capital before it, and the endings of adjectives.
CYRILLIC: Final = re.compile(r"(?<!\w)[А-ЯІЇЄҐ][а-яіїєґё'ʼ]+ $")
CYRILLIC_CHARACTERS: Final = 24
CYRILLIC_ADJECTIVES: Final = tuple(
    "ий ый ій ой ая ое ые ого ому ым им ом ую их ых ими ыми".split()  # noqa: SIM905
)
#: Letters that the cases of such a surname share: Venäläinen, Venäläisen.
LEAST_SHARED: Final = 5


def drop_surnames(passage: Passage, language: str) -> None:
    """Mark as dropped the peoples of a text that are somebody's surname, and the same word elsewhere."""
    if language not in ("hu", "fi", "ru", "uk"):
        return
    peoples = [
        mention
        for mention in passage.mentions
        if mention.name.first.kind in DEMONYMS and passage.folded[mention.start].isupper()
    ]
    called = {surname_of(passage, mention) for mention in peoples if is_surname(passage, mention, language)}
    for mention in peoples:
        mention.dropped |= surname_of(passage, mention) in called


def surname_of(passage: Passage, mention: Mention) -> str:
    """Return the beginning of a people's name, which its cases share."""
    return passage.folded[mention.start : mention.start + LEAST_SHARED]


def is_surname(passage: Passage, mention: Mention, language: str) -> bool:
    """Return whether a Hungarian people's name has a given name behind it, another language's the word before a surname."""
    if language == "hu":
        return HUNGARIAN.match(passage.folded, mention.end) is not None
    if language != "fi":
        adjective = passage.folded[mention.start : mention.end].endswith(CYRILLIC_ADJECTIVES)
        return not adjective and passage.before(mention, CYRILLIC, CYRILLIC_CHARACTERS) is not None
    return passage.before(mention, FINNISH, 2) is not None
