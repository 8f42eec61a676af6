"""Large cities at home of a language that share their name with a division or a smaller place abroad.

Brest in French is the port, and Vitória in Portuguese the capital of Espírito Santo, unless the article speaks for Belarus or
Australia. Spanish and English are written in so many countries that home says little.
"""

from collections.abc import Collection

from agents.tag.regions.lexicon.cases import AT_HOME
from agents.tag.regions.lexicon.gazetteer import CITY, COUNTRY, Gazetteer, Kind

#: Countries of which such a city is meant, by language.
HOME_COUNTRIES = {
    **AT_HOME, "fr": "FR", "pt": "BR PT", "de": "DE AT CH", "it": "IT", "nl": "NL BE", "ru": "RU", "tr": "TR",
}  # fmt: skip
#: Fewest people of such a city.
LEAST_HOME_CITY = 100_000
#: Fewest people of a town that comes before smaller places alone.
LEAST_TOWN = 15_000
#: A city abroad that has so many times its people is meant before it; and before a town, a division too.
LARGER = 8
#: How much more prominent it is than its namesakes; a country that an article names twice weighs more.
HOME_BY = 0.9


def home_city(gazetteer: Gazetteer, surface: str, senses: list[int], homes: Collection[int]) -> int:
    """Return the largest town at home of a language that bears a name, -1 where there is none.

    `senses`: place * 8 + kind. It bears this very name, with what lies in brackets behind it or without: Halle (Saale); not an
    old or foreign one of the same spelling.
    """
    own = [
        place
        for place in (sense >> 3 for sense in senses)
        if gazetteer.country[place] in homes
        and gazetteer.level[place] == CITY
        and gazetteer.name[place].partition(" (")[0] == surface
    ]
    city = max(own, key=gazetteer.population.__getitem__, default=-1)
    return city if city >= 0 and gazetteer.population[city] >= LEAST_TOWN else -1


def is_meant(gazetteer: Gazetteer, city: int, senses: list[int], homes: Collection[int]) -> bool:
    """Return whether a city at home is meant by a name before its namesakes abroad, of which there are some."""
    abroad = [sense for sense in senses if gazetteer.country[sense >> 3] not in homes]
    return bool(abroad) and all(sense & 7 == Kind.NAME and is_beaten(gazetteer, sense >> 3, city) for sense in abroad)


def is_beaten(gazetteer: Gazetteer, place: int, city: int) -> bool:
    """Return whether a place abroad is less often meant than a city at home: no country, no capital, no far larger city.

    A town comes before no far larger division either: Colorado in Brazil.
    """
    level, people = gazetteer.level[place], gazetteer.population
    if level == COUNTRY or place in gazetteer.capitals:
        return False
    return (level != CITY and people[city] >= LEAST_HOME_CITY) or people[place] < LARGER * people[city]
