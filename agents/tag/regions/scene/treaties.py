# ruff: noqa: RUF001 - letters of other scripts are what is matched
"""Treaties that are called after the city where they were signed, and money and a flu that are called after a country.

The Paris Agreement in news of Kenya is no news of France, nor is a price in US dollars there one of America. English ones are
listed in tables/nothing.tsv.
"""

import re
from bisect import bisect_left
from typing import Final

from agents.tag.regions.beside import Words, drop_beside_others, is_beside, is_of_country, words_beside
from agents.tag.regions.lexicon.gazetteer import COUNTRY, Gazetteer
from agents.tag.regions.mentions import Mention, Passage

#: Words for a treaty before its city and behind it, by language.
TREATIES: Final = words_beside("treaties")
#: Money that the world counts in and the flu of 1918, and the countries that they are called after.
CALLED_AFTER: Final = words_beside("called_after")
NAMESAKES: Final = frozenset(("US", "CH", "ES"))
#: Adjectives of cities that stand for their country in the tables.
CITIES: Final = re.compile(
    "(?i:pary[sż]|wiede|genews|genf|kio|hask|pariš|beč|париж|париз|парис|стамбул|венск|віденс|женев|киот|кіот|гааг|хаш)"
)
#: So many characters before a name are read, and of those behind it so many for parts of words.
BEFORE_CHARACTERS: Final = 48
BEHIND_CHARACTERS: Final = 24


def drop_treaties(gazetteer: Gazetteer, passage: Passage, language: str) -> None:
    """Mark as dropped the cities of treaties, and the countries of money, where the article names another country."""
    tables = [
        (one, at, is_named)
        for table, is_named in ((TREATIES, is_city), (CALLED_AFTER, is_namesake))
        if (one := table.get(language)) and (at := places_of(passage.folded, one))
    ]

    def is_called_after(mention: Mention) -> bool:
        return not mention.dateline and any(
            is_near(mention, at)
            and is_named(gazetteer, mention)
            and is_beside(passage, mention, one.before, one.behind, BEFORE_CHARACTERS)
            for one, at, is_named in tables
        )

    if tables:
        drop_beside_others(passage, is_called_after)


def is_near(mention: Mention, at: list[int]) -> bool:
    """Return whether one of these places, in order, is so near a mention that the words may stand beside it."""
    first = bisect_left(at, mention.start - BEFORE_CHARACTERS)
    return first < len(at) and at[first] < mention.end + BEHIND_CHARACTERS


def places_of(text: str, one: Words) -> list[int]:
    """Return where a text holds parts of the words, in order: in few places, if at all."""
    found = []
    for part in one.parts:
        place = text.find(part)
        while place >= 0:
            found.append(place)
            place = text.find(part, place + 1)
    return sorted(found)


def is_city(gazetteer: Gazetteer, mention: Mention) -> bool:
    """Return whether a mention is a place within a country, or its adjective."""
    level = gazetteer.level[mention.name.first.place]
    return level != COUNTRY or not is_of_country(mention) or CITIES.match(mention.name.surface) is not None


def is_namesake(gazetteer: Gazetteer, mention: Mention) -> bool:
    """Return whether a mention is a country that money or a flu is called after."""
    return is_of_country(mention) and any(gazetteer.code[sense.country] in NAMESAKES for sense in mention.name.senses)
