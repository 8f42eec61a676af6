# ruff: noqa: RUF001 - letters of many alphabets
"""Names of first-level divisions in many languages: Unicode CLDR's subdivisions, as Debian's unicode-cldr-core has them."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

#: Where Debian's package unicode-cldr-core puts CLDR (`apt install unicode-cldr-core`).
CLDR = Path("/usr/share/unicode/cldr")

_LATIN_KINDS = (
    "oblast|óblast|oblast’|obwód|kraj|region|région|regione|región|região|regio|provinz|province|provincia|província|provincie|"
    "prowincja|departement|département|departamento|dipartimento|kanton|canton|cantón|cantone|cantão|präfektur|prefecture|"
    "préfecture|prefectura|prefettura|prefeitura|prefectuur|prefektura|distrikt|district|distrito|distretto|dystrykt|bezirk|"
    "gouvernement|gouvernorat|gobernación|governatorato|governadorado|gouvernoraat|gubernatorstwo|muhafazah|état|estado|stato|"
    "autonome gemeinschaft|communauté autonome|comunidad autónoma|comunità autonoma|comunidade autónoma|autonome republik|"
    "staat|stan|état libre|comté|condado|contea|graafschap|république|república|repubblica|republik|republiek|republika"
)
#: Words before or after a division's proper name, by language.
_KINDS = {
    "ru": r"^(?:штат|провинция|департамент|регион|префектура|губернаторство|республика) ",
    "uk": r"^(?:штат|провінція|департамент|регіон|префектура|республіка) ",
    "ar": r"^(?:ولاية|محافظة|مقاطعة|إقليم|اقليم|أوبلاست|منطقة|جمهورية) ",
    "hi": r" (?:ओब्लास्त|प्रान्त|प्रांत|राज्य|विभाग|क्षेत्र|ज़िला)$",
    "tr": r" (?:Oblastı|Eyaleti|İli|ili|Bölgesi|Kantonu|Krayı)$",
    "zh": r"(?:自治区|大区|地区|州|省)$",
    "ja": r"(?:自由州|自治州|州|省)$",
    "ko": r" (?:주|도|성|현)$",
    "th": r"^จังหวัด",
    "bn": r" (?:জেলা|বিভাগ)$",
    "fa": r"^(?:ولایت|استان) ",
    "el": r"^(?:Περιφέρεια|Επαρχία) ",
    "id": r"^(?:Provinsi|Daerah Istimewa) ",
}
_OF = "de la |de los |del |de |di |du |da |do |dos |des |of |van |von |d’|d'|dell’|dell'|della "
_LATIN_KIND = rf"^(?:{_LATIN_KINDS}) (?:{_OF})?"


#: Words that give only a division's position in its country, or its kind.
_PLAIN = frozenset((
    "north", "south", "east", "west", "northern", "southern", "eastern", "western", "northeast", "northwest",
    "southeast", "southwest", "northeastern", "northwestern", "southeastern", "southwestern", "central", "center",
    "centre", "upper", "lower", "middle", "new", "maritime", "capital", "metropolitan", "national", "federal",
    "district", "region", "province", "county", "city", "state", "territory", "territories", "island", "islands",
    "highland", "highlands", "lowlands", "coast", "coastal", "plateau", "plateaux", "river", "rivers", "lake", "lakes",
    "mountain", "mountains", "autonomous", "municipality", "littoral", "interior", "union", "nord", "sud", "est",
    "ouest", "norte", "sur", "este", "oeste", "centro", "and", "of", "the", "de", "del",
))  # fmt: skip


def is_plain(english: str) -> bool:
    """Return whether a division's English name is made of plain words alone: Northern, Central, Capital Region."""
    return all(word in _PLAIN for word in re.split("[ -]+", english.lower()))


@cache
def subdivision_names(folder: Path, language: str) -> dict[str, str]:
    """Return the names of divisions in a language by their ISO 3166-2 codes."""
    tree = ET.parse(folder / "common" / "subdivisions" / f"{language}.xml")  # noqa: S314 - a package's own file
    found = {}
    for element in tree.iter("subdivision"):
        code = element.get("type", "").upper()
        if element.text and element.get("alt") is None:
            found[f"{code[:2]}-{code[2:]}"] = element.text.strip()
    return found


def proper_name(name: str, language: str) -> str:
    """Return a division's name without its kind: Belgorod for Oblast Belgorod, 加利福尼亚 for 加利福尼亚州."""
    return re.sub(_KINDS.get(language, _LATIN_KIND), "", name, flags=re.IGNORECASE).strip()


def spellings(name: str, language: str) -> Iterator[str]:
    """Yield the ways in which a division's name is written, the full one first."""
    yield name
    if language == "ko" and " " in name:
        yield name.replace(" ", "")
