"""Places by their names in other languages than English, the one in which articles are tagged with them."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from agents.tag.regions.lexicon.gazetteer import CITY, Gazetteer, Kind, read
from agents.watch.language.vocabulary import is_known_region, key, nearest_areas

#: Places of one name that are listed.
MOST_SAID = 4

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
    best = next(iter(foremost(places, name)), None)
    if best is None or key(places.name[best]) == name:
        return None
    return EnglishPlace(places.name[best], "" if places.level[best] == CITY else places.code[best])


def several_called(name: str) -> str | None:
    """Name the divisions and cities that a name, in small letters, finds where they are several, with how to ask for one.

    An empty text where it finds one, None where no article is tagged with the name.
    """
    places = gazetteer()
    found = [place for place in foremost(places, name) if key(places.name[place]) == name]
    if not found:
        return None
    said = list(dict.fromkeys(described(places, place) for place in found))
    if len(said) == 1:
        return ""
    largest = places.code[found[0]]
    one = f"write region:{largest} for the first alone"
    if places.level[found[0]] == CITY:
        one = f"add AND region:{largest} for the first alone"
    return f"`{name}` finds {', '.join(said[:MOST_SAID])}{' and more' if len(said) > MOST_SAID else ''} ({one})"


def described(places: Gazetteer, place: int) -> str:
    """Describe a division or city by its code or that of its division."""
    return f"{'a city in' if places.level[place] == CITY else 'the division'} {places.code[place]}"


def foremost(places: Gazetteer, name: str) -> list[int]:
    """Return the places of a name, a country before divisions before cities, and of each level the largest first."""
    found = set(places_called(places, name))
    return sorted(found, key=lambda place: (places.level[place], -places.population[place], place))


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
