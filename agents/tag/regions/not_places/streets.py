"""Streets, squares and stations that are called after a country or a town elsewhere.

Rue d'Allemagne, avenida Chile, piazza Ungheria: their word stands before the name. In Slavic languages the name is an adjective
beside it: Киевский вокзал, na ulicy Londyńskiej; in the genitive it is the town itself, of whose streets news tells.
"""

import re

from agents.tag.regions.beside import is_beside
from agents.tag.regions.lexicon.gazetteer import COUNTRY, DEMONYMS, Gazetteer
from agents.tag.regions.mentions import Mention, Passage, is_adjective
from agents.tag.regions.not_places.first_words import SPOKEN

#: What stands before such a name, to its beginning; in Spanish also a corner with another street. Italian *via* is also a way
#: that flights take.
STREETS = {
    "fr": re.compile(r"\b(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Qq]uai) (?:d['\u2019]|de (?:la |l['\u2019])?|du |des )?\Z"),
    "es": re.compile(
        r"\b(?:(?:[Cc]alle|[Aa]venida|[Pp]laza|[Gg]lorieta) (?:de (?:la |los )?|del )?|"
        r"(?:[Cc]alles|[Aa]venidas|[Aa]v\.|[Ee]squina de) )"
        r"(?:(?:[A-ZÁÉÍÓÚÑ][a-zà-ÿ]+ ){1,3}(?:y|con|casi|entre) )?\Z"
    ),
    "it": re.compile(
        r"\b(?:[Vv]iale|[Pp]iazza|[Pp]iazzale|Via|(?:in|tra|di) via) (?:della? |dell['\u2019]|del |d['\u2019])?\Z"
    ),
    "pt": re.compile(r"\b(?:[Rr]ua|[Aa]venida|[Pp]raça) (?:d[aeo]s? )?\Z"),
}
#: A preposition before a name, with which a square or a street at home may be that town's own: la plaza de Bogotá.
OF = re.compile(r"\b(?:del?|d[aeo]s?|la|los) \Z")
#: So many characters before a name are read.
BEFORE_CHARACTERS = 44
_RUSSIAN = r"улиц\w{0,3}|ул\.|проспект\w{0,2}|площад\w{0,2}|набережн\w{2}|переул\w{2,4}|бульвар\w{0,2}"
_UKRAINIAN = r"вулиц\w{0,3}|вул\.|проспект\w{0,2}|площ\w{0,2}|набережн\w{1,2}|провул\w{2,4}|бульвар\w{0,2}"
_POLISH = r"ulic\w{0,3}|ul\.|ale[ij]\w{0,2}|al\.|plac\w{0,2}|pl\.|rond\w{0,2}|most\w{0,2}|wybrzeż\w{0,2}"
_CZECH = r"ulic\w{0,3}|ul\.|tříd\w{0,2}|náměstí\w{0,2}|nábřeží\w{0,2}|most\w{0,2}|tried\w{0,2}|námest\w{0,3}"
_SOUTH_SLAVIC = r"ulic\w{0,3}|cest\w{0,2}|trg\w{0,2}|most\w{0,2}|улиц\w{0,3}|трг\w{0,2}|мост\w{0,2}|бул\w{0,8}"
#: The country where such a name is at home, words before it, and words behind its adjective.
SLAVIC = {
    language: (country, re.compile(rf"\b(?i:{words}) \Z"), re.compile(rf" (?:{words}{behind})(?!\w)"))
    for language, country, words, behind in (
        ("ru", "RU", _RUSSIAN, r"|шоссе|вокзал\w{0,2}|тракт\w{0,2}|мост\w{0,2}|рынк\w{0,2}"),
        ("uk", "UA", _UKRAINIAN, r"|шосе|вокзал\w{0,2}|мост\w{0,2}"),
        ("pl", "PL", _POLISH, r"|dwor\w{2,4}"),
        ("cs", "CZ", _CZECH, ""),
        ("sk", "SK", _CZECH, ""),
        ("hr", "HR", _SOUTH_SLAVIC, ""),
        ("sr", "RS", _SOUTH_SLAVIC, ""),
        ("sl", "SI", _SOUTH_SLAVIC, ""),
        ("bg", "BG", _SOUTH_SLAVIC, ""),
    )
}


def drop_streets(gazetteer: Gazetteer, passage: Passage, language: str) -> None:
    """Mark as dropped the countries, and the places abroad, that a street's or a square's word stands beside."""
    if language in SLAVIC:
        found = adjectives_of_streets(gazetteer, passage, language)
    elif language in STREETS:
        found = names_of_streets(gazetteer, passage, language)
    else:
        return
    for mention in found:
        mention.dropped |= not mention.dateline
    if found:
        drop_from_title(passage, {mention.name.surface for mention in found})


def adjectives_of_streets(gazetteer: Gazetteer, passage: Passage, language: str) -> list[Mention]:
    """Return the adjectives of countries and towns elsewhere that a street's word stands before or behind."""
    country, before, behind = SLAVIC[language]
    return [
        mention
        for mention in passage.mentions
        if gazetteer.code[mention.name.first.country] != country
        and is_adjective(mention)
        and is_beside(passage, mention, before, behind, BEFORE_CHARACTERS)
    ]


def names_of_streets(gazetteer: Gazetteer, passage: Passage, language: str) -> list[Mention]:
    """Return the names that a street's word stands before; of towns at home only where the article names another country.

    And not behind a preposition (`OF`): such a square may be the town's own.
    """
    found: list[Mention] = []
    others: set[int] = set()
    for mention in passage.mentions:
        if mention.name.first.kind not in DEMONYMS and passage.before(mention, STREETS[language], BEFORE_CHARACTERS):
            found.append(mention)
        else:
            others.add(mention.name.first.country)
    at_home = SPOKEN.get(language, frozenset())
    return [
        mention
        for mention in found
        if mention.name.level == COUNTRY
        or gazetteer.code[mention.name.first.country] not in at_home
        or (others - {mention.name.first.country} and not passage.before(mention, OF, BEFORE_CHARACTERS))
    ]


def drop_from_title(passage: Passage, streets: set[str]) -> None:
    """Mark as dropped the names in a title that the text knows as streets alone: Choque en Corrientes y Uruguay."""
    alone = streets.difference(
        mention.name.surface for mention in passage.mentions if mention.where == "text" and not mention.dropped
    )
    for mention in passage.mentions:
        mention.dropped |= mention.where == "title" and mention.name.surface in alone
