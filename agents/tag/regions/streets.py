"""Streets and squares that are called after a country or a town abroad, in languages that set their word before the name.

Rue d'Allemagne, avenida Chile, piazza Ungheria: in Germanic and Slavic languages such names are adjectives or end in the word.
"""

import re

from agents.tag.regions.first_words import SPOKEN
from agents.tag.regions.gazetteer import COUNTRY, DEMONYMS, Gazetteer
from agents.tag.regions.mentions import Passage

#: What stands before such a name, to its beginning. Italian *via* is also a way that flights take.
STREETS = {
    "fr": re.compile(r"\b(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Qq]uai) (?:d['\u2019]|de (?:la |l['\u2019])?|du |des )?\Z"),
    "es": re.compile(r"\b(?:[Cc]alle|[Aa]venida|[Pp]laza|[Gg]lorieta) (?:de (?:la |los )?|del )?\Z"),
    "it": re.compile(
        r"\b(?:[Vv]iale|[Pp]iazza|[Pp]iazzale|Via|(?:in|tra|di) via) (?:della? |dell['\u2019]|del |d['\u2019])?\Z"
    ),
    "pt": re.compile(r"\b(?:[Rr]ua|[Aa]venida|[Pp]raça) (?:d[aeo]s? )?\Z"),
}
#: So many characters before a name are read.
BEFORE_CHARACTERS = 24


def drop_streets(gazetteer: Gazetteer, passage: Passage, language: str) -> None:
    """Mark as dropped the countries, and the places abroad, that a street's or a square's word stands before."""
    street = STREETS.get(language)
    at_home = SPOKEN.get(language, frozenset())
    for mention in passage.mentions if street else ():
        first = mention.name.first
        if mention.dropped or mention.dateline or first.kind in DEMONYMS:
            continue
        if mention.name.level != COUNTRY and gazetteer.code[first.country] in at_home:
            continue
        start = mention.start
        if street and street.search(passage.folded[max(0, start - BEFORE_CHARACTERS) : start]):
            mention.dropped = True
