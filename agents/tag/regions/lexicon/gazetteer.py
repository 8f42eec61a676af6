"""The compiled gazetteer: places with their country, division, population and coordinates, and their names in many languages.

`tools/build_gazetteer.py` writes the file, and the changes beside it (`changes.py`). Loading checks both checksums.
"""

import hashlib
import zlib
from array import array
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

import orjson

from agents.tag.regions.lexicon import changes

FORMAT = "wirewatch-gazetteer-1"
FILE = Path(__file__).parents[1] / "gazetteer.bin"

COUNTRY, ADMIN1, CITY = 0, 1, 2


class Kind(IntEnum):
    """How a surface stands for its place. A sense is `place * 8 + kind`."""

    NAME = 0
    DEMONYM = 1
    CUE = 2  # an institution or a person that belongs to the country
    WEAK_CUE = 3  # a word that hints at the country
    UNSURE_NAME = 4  # a name that also means something else: Chad, Togo
    UNSURE_DEMONYM = 5
    DISTRICT = 6  # a county or district, which counts for its first-level division
    NOTHING = 7  # an expression that holds a place's name and is not about it: Indian Ocean


DEMONYMS = (Kind.DEMONYM, Kind.UNSURE_DEMONYM)


Senses = int | list[int]
#: In how many words names come that begin with a word, by their second word, longest first.
Longer = dict[str, list[int]]
#: A word of a table: its senses, and where it begins longer names these.
Listed = Senses | tuple[Senses | None, Longer]


@dataclass(slots=True)
class Names:
    """Surfaces of one language, or those shared by all, with their senses.

    `entries`: the senses of a surface; of a word with which names of several words begin, (senses or None, those names).
    One look-up a word, because the table is larger than a processor's cache.
    `small`: the surfaces that begin with a small letter or a digit.
    """

    entries: dict[str, Listed]
    small: list[str]

    def senses(self, surface: str) -> list[int]:
        """Look up the senses of a surface; an empty list where it is no name."""
        entry = self.entries.get(surface)
        if isinstance(entry, tuple):
            entry = entry[0]
        if entry is None:
            return []
        return [entry] if isinstance(entry, int) else entry


@dataclass(slots=True)
class Gazetteer:
    """Places as columns, their names, and the word lists that keep people and plain words out."""

    version: str
    name: list[str]
    code: list[str]
    level: bytes
    country: "array[int]"
    admin1: "array[int]"
    population: "array[int]"
    latitude: "array[float]"
    longitude: "array[float]"
    geonames_id: "array[int]"
    shared: Names
    languages: dict[str, Names]
    after_comma: dict[str, int]
    capitals: frozenset[int]
    common: frozenset[str]
    people: frozenset[str]
    surnames: frozenset[str]
    lists: dict[str, frozenset[str]]
    publishers: dict[str, str]
    neighbours: dict[str, list[str]]
    countries: dict[str, int] = field(default_factory=dict)
    divisions: dict[str, int] = field(default_factory=dict)


class DamagedGazetteerError(RuntimeError):
    """The gazetteer's file fails its checksum: build it again with tools/build_gazetteer.py."""


def read(path: Path = FILE) -> Gazetteer:
    """Read the compiled gazetteer and its changes; raise `DamagedGazetteerError` where a checksum does not fit."""
    version, digest, content = unpacked(path)
    data = orjson.loads(content)
    del content
    changed = path.with_suffix(".changes")
    if changed.exists() and not changes.apply(changed, digest, data):
        raise DamagedGazetteerError(
            f"{changed}: wrong checksum, or of another gazetteer; build it with tools/build_gazetteer.py"
        )
    places = data["places"]
    gazetteer = Gazetteer(
        version=version,
        name=places["name"],
        code=places["code"],
        level=bytes(places["level"]),
        country=array("i", places["country"]),
        admin1=array("i", places["admin1"]),
        population=array("i", [min(number, 2**31 - 1) for number in places["population"]]),
        latitude=array("f", [float("nan") if number is None else number for number in places["latitude"]]),
        longitude=array("f", [float("nan") if number is None else number for number in places["longitude"]]),
        geonames_id=array("i", places["geonames_id"]),
        shared=_names(data["names"], data["longest"]),
        languages={language: _names(*table) for language, table in data["languages"].items()},
        after_comma=data["after_comma"],
        capitals=frozenset(data["capitals"]),
        common=frozenset(data["common"]),
        people=frozenset(data["people"]),
        surnames=frozenset(data["surnames"]),
        lists={name: frozenset(words) for name, words in data["lists"].items()},
        publishers=data["publishers"],
        neighbours=data["neighbours"],
    )
    for index, (code, level) in enumerate(zip(gazetteer.code, gazetteer.level, strict=True)):
        if level == CITY:
            break
        (gazetteer.countries if level == COUNTRY else gazetteer.divisions).setdefault(code, index)
    return gazetteer


def unpacked(path: Path = FILE) -> tuple[str, str, bytes]:
    """Unpack a gazetteer into its version, its digest and its JSON, and free the packed bytes."""
    damaged = DamagedGazetteerError(f"{path}: wrong format or checksum; build it with tools/build_gazetteer.py")
    head, _, payload = path.read_bytes().partition(b"\n")
    try:
        name, version, digest = head.decode().split()
    except ValueError:
        raise damaged from None
    if name != FORMAT or hashlib.sha256(payload).hexdigest() != digest:
        raise damaged
    return version, digest, zlib.decompress(payload)


def _names(entries: dict[str, Listed], pairs: dict[str, list[int]]) -> Names:
    small = sorted(surface for surface in entries if surface[0].islower() or surface[0].isdigit())
    longer: dict[str, Longer] = {}
    for pair, lengths in pairs.items():
        first, _, second = pair.partition(" ")
        longer.setdefault(first, {})[second] = lengths
    for first, seconds in longer.items():
        senses = entries.get(first)
        assert not isinstance(senses, tuple)
        entries[first] = senses, seconds
    return Names(entries, small)
