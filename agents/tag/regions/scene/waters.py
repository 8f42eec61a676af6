"""Gulfs, seas and oceans that are called after a country.

Pirates in the Gulf of Guinea are news of the coast that is named beside it. A ship in the Indian Ocean or the South China Sea is
not in India or China: English has these as names of their own, and in other languages the word for sea stands beside the country.
"""
# ruff: noqa: RUF001 - letters of many alphabets

import re

from agents.tag.regions.beside import by_language, drop_beside_others, is_beside, is_of_country
from agents.tag.regions.lexicon.gazetteer import COUNTRY, Gazetteer
from agents.tag.regions.mentions import Passage

#: The word before a gulf's name, by language; English has them as names of their own.
GULFS = {
    "fr": re.compile(r"\b[Gg]olfe (?:de (?:la |l['\u2019])?|du |d['\u2019])\Z"),
    "es": re.compile(r"\b[Gg]olfo de(?:l)? (?:la )?\Z"),
    "pt": re.compile(r"\b[Gg]olfo d[aeo] \Z"),
    "it": re.compile(r"\b[Gg]olfo (?:di |del |della |dell['\u2019])\Z"),
    "de": re.compile(r"\bGolfe?s? von \Z"),
    "nl": re.compile(r"\b[Gg]olf van \Z"),
    "ru": re.compile(r"\b[Зз]алив\w{0,2} \Z"),
    "ar": re.compile(r"(?<!\w)[بلو]?خليج \Z"),
    "fa": re.compile(r"(?<!\w)خلیج \Z"),
}
#: The word for a sea or an ocean before a name, by language: mare del Giappone. The words of navies, coasts and waters of
#: one's own are others (Angkatan Laut, vùng biển, חיל הים).
SEAS_BEFORE = {
    "fr": re.compile(r"(?<![\w-])(?:[Mm]er|[Oo]céan) (?:de (?:la )?|du |des |d['\u2019])\Z"),
    "es": re.compile(r"(?<!\balta )\b[Mm]ar de(?:l| la| los)? \Z"),
    "pt": re.compile(r"(?<!\balto )(?<![\w-])[Mm]ar d(?:e|[ao]s?) \Z"),
    "it": re.compile(r"(?<!\balto )\b(?:[Mm]are? (?:del(?:la|le)? |di )?|[Oo]ceano )\Z"),
    "ro": re.compile(r"\b(?:Marea|Mării|Oceanul(?:ui)?) \Z"),
    "pl": re.compile(r"\b(?:Morz(?:e|a|u|em)|Ocean(?:ie|u|em)?) \Z"),
    "el": re.compile(r"\b(?:Θάλασσα[ςν]?|Ωκεαν\w{1,3}) (?:της |του |των )?\Z"),
    "ar": re.compile(r"(?<!\w)[بلو]?بحر \Z"),
    "fa": re.compile(r"(?<!\w)(?:دریای|اقیانوس) \Z"),
    "he": re.compile(r"(?<!\w)(?:[בלמ]?ים|[בלמ]?ה?אוקיינוס) \Z"),
    "id ms": re.compile(r"(?<!Angkatan )\b(?:Laut(?:an)?|Samud(?:e)?ra) \Z"),
    "th": re.compile(r"(?:มหาสมุทร|ทะเล)\Z"),
}
#: The same behind a name: Japanisches Meer, Indiska oceanen, चीन सागर.
SEAS_BEHIND = {
    "de": re.compile(r" (?:Meere?s?|Ozeans?)\b"),
    "nl": re.compile(r" (?:Zee|Oceaan)\b"),
    "sv nb da": re.compile(r" (?:havet|[Hh]av|[Oo]cean(?:en|ens)?)\b"),
    "fi": re.compile(r" (?:valtamer\w+|mer(?:i|en|ta|ellä|eltä|elle|essä|estä|een))\b"),
    "hu": re.compile(r"-(?:tenger|óceán)(?!i|ész)\w*"),
    "cs sk": re.compile(r" (?:moř(?:e|i|em)|mor(?:e|a|i|om)|oceán\w{0,2})\b"),
    "ru": re.compile(r" (?:мор(?:е|я|ю|ем)|океан\w{0,2})\b"),
    "uk": re.compile(r" (?:мор(?:е|я|ю|ем|і)|океан\w{0,2})\b"),
    "tr": re.compile(r" (?:Denizi|Okyanusu)(?!\w)"),
    "hi": re.compile(r" (?:महा)?सागर"),
    "bn": re.compile(r" (?:মহা)?সাগর"),
    "vi": re.compile(r" Dương\b"),
    "ko": re.compile(r"해(?=에서|에|의|로|와|를|는|,|\.|\s|\Z)"),
    # Japan's own news calls a coast of Japan by 日本海
    "ja": re.compile(r"(?<!日本)海(?![軍上外域岸沿底峡兵洋])"),
    # 日本海军 is a navy, 日本海关 customs; 中国海 is China's own, 南中国海 is not
    "zh": re.compile(
        r"(?<=[南东東]中[国國])海(?![军軍关關])|"
        r"(?<!中国)(?<!中國)海(?:(?=[，。、；：）》」\s的和与與及附在中北西东東沿举舉进進沉搁擱遭被失发發]|\Z)|海域)"
    ),
}  # fmt: skip
SEAS_BEFORE, SEAS_BEHIND = by_language(SEAS_BEFORE), by_language(SEAS_BEHIND)
#: Countries that a sea or an ocean is called after; the sea of another one is where it is: el mar de Cuba, il mare della Grecia.
SEA_COUNTRIES = frozenset(["CN", "JP", "IN", "IE", "NO", "PH", "OM", "LY", "TL", "GL", "SB", "KR"])
#: So many characters before a name are read.
BEFORE_CHARACTERS = 16


def drop_waters(gazetteer: Gazetteer, passage: Passage, language: str) -> None:
    """Mark as dropped the countries that a sea is called after, and those of a gulf where a text names another one."""
    drop_seas(gazetteer, passage, language)
    if gulf := GULFS.get(language):
        drop_beside_others(
            passage,
            lambda mention: (
                mention.name.level == COUNTRY and passage.before(mention, gulf, BEFORE_CHARACTERS) is not None
            ),
        )


def drop_seas(gazetteer: Gazetteer, passage: Passage, language: str) -> None:
    """Mark as dropped the countries beside a word for sea or ocean."""
    before, behind = SEAS_BEFORE.get(language), SEAS_BEHIND.get(language)
    if before is None and behind is None:
        return
    for mention in passage.mentions:
        if is_of_country(mention) and gazetteer.code[mention.name.first.country] in SEA_COUNTRIES:
            mention.dropped |= is_beside(passage, mention, before, behind, BEFORE_CHARACTERS)
