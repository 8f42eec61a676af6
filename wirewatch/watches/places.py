"""Places by their names in other languages than English, the one in which articles are tagged with them."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from agents.tag.regions.gazetteer import CITY, Gazetteer, Kind, read
from agents.watch.language.vocabulary import is_known_region, key, nearest_areas

#: Small words within a name, which stay small: Corea del Sur.
MOST_LETTERS_OF_SMALL_WORD = 3

gazetteer = cache(read)


class EnglishPlace(NamedTuple):
    """A place by its English name; `code` is that of a country or division, as VE or US-TX, and empty for a city."""

    name: str
    code: str

    @property
    def condition(self) -> str:
        """The condition of a watch that finds it."""
        return f"region:{self.code} ({self.name})" if self.code else f'region:"{self.name}"'


def english_place(name: str) -> EnglishPlace | None:
    """Return the place that has a name, in small letters, in another language, as Spain for España; None for no such.

    The gazetteer, which has the names, takes half a second to read.
    """
    if is_known_region(name) or name in nearest_areas():  # of several areas none is the one that is meant
        return None
    places = gazetteer()
    found = set(places_called(places, name))
    # The largest of each level is meant, and a country before its capital.
    best = min(found, key=lambda place: (places.level[place], -places.population[place]), default=None)
    if best is None or key(places.name[best]) == name:
        return None
    return EnglishPlace(places.name[best], "" if places.level[best] == CITY else places.code[best])


def places_called(places: Gazetteer, name: str) -> Iterator[int]:
    """Yield the places that a name, in small letters, has in any language."""
    words = name.split()
    capitals = " ".join(word if len(word) <= MOST_LETTERS_OF_SMALL_WORD else word.capitalize() for word in words)
    for names in (places.shared, *places.languages.values()):
        for surface in {name, name.title(), capitals}:
            for sense in names.senses(surface):
                place, kind = divmod(sense, 8)
                if kind in (Kind.NAME, Kind.UNSURE_NAME):
                    yield place
