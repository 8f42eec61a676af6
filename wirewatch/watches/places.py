"""Places by their names in other languages than English, the one in which articles are tagged with them."""

from collections.abc import Iterator
from functools import cache

from agents.tag.regions.gazetteer import CITY, Gazetteer, Kind, read
from agents.watch.language.vocabulary import is_known_region, key

#: Small words within a name, which stay small: Corea del Sur.
MOST_LETTERS_OF_SMALL_WORD = 3

gazetteer = cache(read)


def english_place(name: str) -> str:
    """Return the condition that finds a place named in another language, as `region:ES` for España; empty for no such.

    The gazetteer, which has the names, takes half a second to read.
    """
    if is_known_region(name):
        return ""
    places = gazetteer()
    found = set(places_called(places, name))
    # The largest of each level is meant, and a country before its capital.
    best = min(found, key=lambda place: (places.level[place], -places.population[place]), default=None)
    if best is None or key(places.name[best]) == name:
        return ""
    if places.level[best] == CITY:
        return f'region:"{places.name[best]}"'
    return f"region:{places.code[best]} ({places.name[best]})"


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
