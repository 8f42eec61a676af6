"""Names of the gazetteer's cities: each one's own, and of large ones those in other scripts and languages."""

import re
from collections.abc import Iterator

from agents.tag.regions.lexicon.gazetteer import Kind
from tools.region_forms import name_forms
from tools.region_names import ALTERNATES_FROM, Names, script_of
from tools.region_places import City, Places, capital_ids
from tools.region_scripts import OWN_PATTERNS, OWN_SHORTEST, WITH_TOWNS, is_written_so
from tools.region_tables import plain

#: Smaller ones are known by their Cyrillic names where they lie in a country that writes so.
CYRILLIC_FROM, CYRILLIC = 30_000, frozenset(("UA", "RU", "BY", "KZ", "KG", "BG", "RS", "MK"))
#: British towns that are called without their river: a sense beside others, Jamaica's Kingston and the one upon Thames.
UPON = re.compile(r"(\S{4,})[ -](?:upon|on|under)[ -]\S")
#: A German town is known by the first word of its name from so many people on: Hanau am Main. And a larger one with what tells
#: it from its namesakes in brackets, which news leave out: Halle (Saale).
ON_RIVER, TOWN_ON_RIVER = re.compile(r"(\S{4,}) (?:an der|an den|am|im|in der|bei|ob der|vor der) \S"), 15_000
IN_BRACKETS, TOWN_IN_BRACKETS = re.compile(r"(\S{4,}) \([^()]+\)$"), 30_000
#: Letters of an alternate name, at least, by its script; of a capital one less.
SHORTEST = {
    **OWN_SHORTEST,
    "latin": 5,
    "cyrillic": 3,
    "arabic": 4,
    "devanagari": 3,
    "hangul": 2,
    "han": 2,
    "kana": 2,
}


def add_city_names(places: Places, names: Names, cities: list[City], reserved: dict[str, set[int]]) -> None:
    """Add cities' names: of all their own name, of large ones their names in other scripts and languages.

    `reserved`: places by their names in single languages; an alternate name that means another place there is left out.
    """
    largest = add_own_names(places, names, cities, reserved)
    capitals = capital_ids()
    for index, _, alternates in cities:
        capital = places.columns["geonames_id"][index] in capitals
        for name, script in known_alternates(places, index, alternates, capital=capital):
            if reserved.get(name, {index}) == {index}:
                add_alternate(places, names, index, name, script, largest, reserved)


def add_own_names(places: Places, names: Names, cities: list[City], reserved: dict[str, set[int]]) -> dict[str, int]:
    """Add each city's own name in all its forms; return the population of the largest city of each name."""
    largest: dict[str, int] = {}
    population = places.columns["population"]
    all_names = {name for _, name, _ in cities} | reserved.keys() | names.shared.keys()
    for index, name, _ in cities:
        code = places.columns["code"][places.columns["country"][index]]
        for surface in {name, plain(name)}:
            largest.setdefault(surface, population[index])
            if len(surface) > 2:
                names.add(surface, index)
            for form in shorter_forms(surface, code, population[index], all_names):
                names.add(form, index)
    return largest


def shorter_forms(surface: str, code: str, population: int, all_names: set[str]) -> Iterator[str]:
    """Yield the forms by which news call a city of a country: without its river, brackets or "City", and saints' short."""
    if surface.startswith(("Saint ", "St. ")):
        rest = surface.split(" ", 1)[1]
        yield from (f"{start} {rest}" for start in ("Saint", "St.", "St"))
    short = ON_RIVER.match(surface)
    if short and population >= TOWN_ON_RIVER and short[1] not in all_names:
        yield short[1]
    bare = IN_BRACKETS.match(surface) if code == "DE" else None
    if bare and population >= TOWN_IN_BRACKETS:
        yield bare[1]
    british = UPON.match(surface) if code == "GB" else None
    if british and population >= TOWN_ON_RIVER:
        yield british[1]
    if surface.endswith(" City") and population >= ALTERNATES_FROM and surface.count(" ") > 1:
        yield surface.removesuffix(" City")


def known_alternates(places: Places, index: int, alternates: list[str], *, capital: bool) -> Iterator[tuple[str, str]]:
    """Yield a city's alternate names that are long enough for its size, each with its script."""
    population = places.columns["population"][index]
    code = places.columns["code"][places.columns["country"][index]]
    large = population >= ALTERNATES_FROM or capital
    if not large and not (population >= CYRILLIC_FROM and (code in CYRILLIC or code in WITH_TOWNS)):
        return
    for name in alternates:
        script = script_of(name)
        if script is None or len(name) < SHORTEST[script] - capital or name.isupper():
            continue
        if script in OWN_PATTERNS:
            if is_written_so(script, code, population):
                yield name, script
        elif large or (script == "cyrillic" and code in CYRILLIC and len(name) > 4):
            yield name, script


def add_alternate(
    places: Places,
    names: Names,
    index: int,
    name: str,
    script: str,
    largest: dict[str, int],
    reserved: dict[str, set[int]],
) -> None:
    """Add an alternate name of a city, unless it is the own name of a far larger one."""
    population = places.columns["population"][index]
    if script == "latin" and largest.get(name, 0) * 20 > population:
        return
    for surface in {name, plain(name)} if script == "latin" else {name}:
        larger = surface != name and largest.get(surface, 0) > 2 * population  # Pôrto, of Santana, is Porto
        if not larger and reserved.get(surface, {index}) == {index}:
            names.add(surface, index, Kind.NAME)
    if script == "cyrillic":
        add_cyrillic(names, name, index)


def add_cyrillic(names: Names, name: str, index: int) -> None:
    """Add a city's Russian and Ukrainian case forms, each to its own language."""
    for language in ("ru", "uk"):
        if language == "uk" or not re.search("[іїєґ]", name):
            for form in name_forms(name, language):
                names.add(form, index, language=language)
