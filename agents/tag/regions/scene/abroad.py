# ruff: noqa: RUF001 - letters of other scripts are what is matched
"""Ships by their flag, embassies, bases, airlines and the United Nations' seats, which are news elsewhere.

A Panama-flagged freighter that hits a bridge in Rouen is news of France; a guard at the Israeli embassy in Stockholm of
Sweden. The country counts as a nationality does (`nationality.py`), for the order of countries alone.
"""

import re
from typing import Final

from agents.tag.regions.beside import is_beside, is_of_country, words, words_beside
from agents.tag.regions.lexicon.gazetteer import CITY, Gazetteer
from agents.tag.regions.mentions import Passage

#: So many characters before a name are read.
BEFORE_CHARACTERS: Final = 40
#: Flags, embassies and bases, by language.
WORDS: Final = words_beside("abroad")
#: Airlines by a country's name or people, in all languages, and a word that all of them have: Air Algérie, Turkish Airlines.
AIRLINE: Final = words("Air", r"(?-i:Air)", r" (?:Airlines?|Airways|Air Lines)\b")
#: Seats of the United Nations' offices and of other organisations of the world, by their names in the gazetteer.
SEATS: Final = frozenset(("Geneva", "Vienna", "The Hague", "Nairobi", "New York City", "Rome"))
#: Such an organisation before its seat, in the same sentence.
ORGANISATION: Final = re.compile(
    r"\b(?:UNO?|U\.N\.|United Nations|Vereinte\w* Nationen|Nations unies|Naciones Unidas|Nazioni Unite|Nações Unidas|ONU|ООН|BM|"
    r"ONZ|VN|WHO|OMS|OIM|IOM|IAEA|AIEA|OIEA|ICC|CPI|FAO|UNHCR|WTO|OMC)\b[^.\n]{0,40} $"
)
ORGANISATION_CHARACTERS: Final = 70
#: People of a seat, at least: Geneva.
LEAST_SEAT: Final = 150_000


def seats_of(gazetteer: Gazetteer) -> frozenset[int]:
    """Return the places of `SEATS` and the divisions around them, without the small towns that are called like them."""
    cities = [
        place
        for place, name in enumerate(gazetteer.name)
        if name in SEATS and gazetteer.level[place] == CITY and gazetteer.population[place] >= LEAST_SEAT
    ]
    return frozenset((*cities, *(gazetteer.admin1[place] for place in cities)))


def mark_abroad(passage: Passage, language: str, seats: frozenset[int]) -> None:
    """Mark the countries of flags, embassies, bases and airlines, and the seats of organisations, as nationalities."""
    text = passage.folded
    listed = [one for one in (WORDS.get(language), AIRLINE) if one and any(part in text for part in one.parts)]
    for mention in passage.mentions:
        if mention.name.first.place in seats:
            mention.nationality |= passage.before(mention, ORGANISATION, ORGANISATION_CHARACTERS) is not None
        if is_of_country(mention):
            for one in listed:
                mention.nationality |= is_beside(passage, mention, one.before, one.behind, BEFORE_CHARACTERS)
