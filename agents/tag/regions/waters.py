"""Gulfs and seas that are called after a country: pirates in the Gulf of Guinea are news of the coast that is named beside it."""

import re

from agents.tag.regions.gazetteer import COUNTRY
from agents.tag.regions.mentions import Mention, Passage

#: The word before such a name, by language; English has them as names of their own.
WATERS = {
    "fr": re.compile(r"\b[Gg]olfe (?:de (?:la |l['\u2019])?|du |d['\u2019])\Z"),
    "es": re.compile(r"\b[Gg]olfo de(?:l)? (?:la )?\Z"),
    "pt": re.compile(r"\b[Gg]olfo d[aeo] \Z"),
    "it": re.compile(r"\b[Gg]olfo (?:di |del |della |dell['\u2019])\Z"),
    "de": re.compile(r"\bGolfe?s? von \Z"),
    "nl": re.compile(r"\b[Gg]olf van \Z"),
    "ru": re.compile(r"\b[Зз]алив\w{0,2} \Z"),
}
#: So many characters before a name are read.
BEFORE_CHARACTERS = 16


def drop_waters(passage: Passage, language: str) -> None:
    """Mark as dropped the countries that a gulf is called after, where a text names another one."""
    water = WATERS.get(language)
    if water is None:
        return
    found: list[Mention] = []
    countries: set[int] = set()
    for mention in passage.mentions:
        if mention.dropped:
            continue
        if mention.name.level == COUNTRY and passage.before(mention, water, BEFORE_CHARACTERS):
            found.append(mention)
        else:
            countries.add(mention.name.first.country)
    for mention in found:
        mention.dropped = bool(countries - {mention.name.first.country})
