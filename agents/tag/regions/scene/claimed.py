"""Places that two countries claim and that have no code of their own, as the Golan: news of them is about both."""
# ruff: noqa: RUF001 - letters of other scripts are what is matched

import re
from collections.abc import Iterator
from typing import Final

from agents.tag.regions.compounds import mention_of
from agents.tag.regions.lexicon.gazetteer import Kind
from agents.tag.regions.lexicon.names import Namer
from agents.tag.regions.mentions import Mention, Passage

#: The names of a place in all languages, with what belongs to the name, and its countries: who holds it, and who claims it.
CLAIMED: Final = (
    (
        re.compile(
            r"\b(?:(?:[Pp]lateau|[Hh]auteurs|[Aa]ltos|[Mm]eseta|[Mm]ontes|[Cc]olinas|[Aa]lture|[Ww]zgórza\w*|[Gg]olanské výšiny) "
            r"(?:du |del |do |dos |de |dels )?)?Gol[aá]n(?:u|[a-z]{0,3}h(?:öhen|oogten?|øjderne|øydene|öjderna)|ské|hoogte)?"
            r"(?: (?:Heights|Tepeleri\w*|výšin\w+))?(?!\w)"
            r"|\b(?:Montes|Colinas de) Golã\b"
            r"|\bГолан(?:ы|ах|ам|ами|ов|и|ів|(?:ск|ськ)\w+ (?:высот\w*|висот\w*)|ите възвишения)(?!\w)"
            r"|(?<!\w)(?:هضبة |مرتفعات )?(?:و)?(?:ال|بال|لل)جولان(?!\w)|رمة? הגולן|הגולן|بلندی‌های جولان|गोलान(?: हाइट्स| पहाड़ियों)?"
            r"|戈[兰蘭](?:高地)?|ゴラン高原|골란(?: ?고원)?|Υψίπεδα του Γκολάν"
        ),
        ("IL", "SY"),
    ),
    (
        re.compile(
            r"\b(?:Senkaku|Diaoyu)(?:-?\w{0,8}(?:[Ii]nseln|eilanden))?(?:s)?(?: Islands)?(?!\w)"
            r"|\b(?:С[эе]нкаку|Дяоюйдао)(?!\w)"
            r"|سينكاكو|尖閣(?:諸島)?|钓鱼岛|釣魚[島台臺]|尖阁|센카쿠"
        ),
        ("JP", "CN"),
    ),
)  # fmt: skip
#: Beginnings of these names: a text with none of them is not searched.
PARTS: Final = re.compile(
    "[Gg]ol[aã]n|Golán|Golã|Голан|جولان|גולן|गोलान|戈兰|戈蘭|ゴラン|골란|Γκολάν|"
    "enkaku|iaoyu|С[эе]нкаку|Дяоюй|سينكاكو|尖閣|尖阁|釣魚|钓鱼|센카쿠"
)


def add_claimed(namer: Namer, passage: Passage) -> None:
    """Add both countries of each place that two claim, in place of what its name has been taken for."""
    if PARTS.search(passage.folded) is None:
        return
    found = list(claimed(namer, passage))
    spans = {(mention.start, mention.end) for mention in found}
    kept = [m for m in passage.mentions if not any(start < m.end and m.start < end for start, end in spans)]
    passage.mentions = sorted((*kept, *found), key=lambda mention: mention.start)


def claimed(namer: Namer, passage: Passage) -> Iterator[Mention]:
    """Yield the mentions of such places, two for each."""
    for names, codes in CLAIMED:
        for match in names.finditer(passage.folded):
            for code in codes:
                yield mention_of(namer, passage, *match.span(), code, Kind.NAME)
