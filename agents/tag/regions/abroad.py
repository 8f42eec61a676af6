# ruff: noqa: RUF001 - letters of other scripts are what is matched
"""Ships by their flag, embassies and the seats of the United Nations: they bear a country's name and are news elsewhere.

A Panama-flagged freighter that hits a bridge in Rouen is news of France; a guard at the Israeli embassy in Stockholm of
Sweden. The country counts as a nationality does (`nationality.py`), for the order of countries alone.
"""

import re
from typing import Final, NamedTuple

from agents.tag.regions.gazetteer import CITY, COUNTRY, DEMONYMS, Gazetteer
from agents.tag.regions.mentions import Passage

#: So many characters before a name are read.
BEFORE_CHARACTERS: Final = 40


class Words(NamedTuple):
    """What stands right before a country's name or adjective, and right behind it."""

    before: re.Pattern[str] | None
    behind: re.Pattern[str] | None


def words(before: str, behind: str) -> Words:
    """Compile two patterns, either of which may be empty."""
    return Words(re.compile(rf"\b(?i:{before}) ?$") if before else None, re.compile(behind) if behind else None)


#: By language. Flags first, then embassies.
WORDS: Final = {
    "en": words(
        r"(?:embassy|consulate) of(?: the)?",
        r"(?:'s)?[ -](?:flag(?:ged)?|registered|[Ee]mbass(?:y|ies)|[Cc]onsulates?)\b"
    ),
    "de": words(
        r"(?:Flagge|Botschaft|Konsulat)(?: von| der| des)?",
        r"(?:er|ische[nr]?|isches)? (?:Flagge|Botschaft|(?:General)?[Kk]onsulat)"
    ),
    "fr": words(r"(?:pavillon|ambassade|consulat)(?: de| du| des| de la| de l'| d')?", r" (?:pavillon)\b"),
    "es": words(r"(?:bandera|embajada|consulado)(?: de| del)?(?: la| los| las)?", ""),
    "pt": words(r"(?:bandeira|embaixada|consulado)(?: d[aeo]s?)?", ""),
    "it": words(r"(?:bandiera|ambasciata|consolato)(?: di| del| della| dell'| degli| dei)?", ""),
    "nl": words(r"(?:vlag|ambassade|consulaat) van(?: de)?", r" (?:vlag|ambassade|consulaat)\b"),
    "pl": words(r"(?:banderą|flagą|ambasad\w+|konsula\w+)", r" (?:bander\w+|ambasad\w+|konsula\w+)"),
    "ru": words(r"(?:флагом|посольств\w+|консульств\w+)", r" (?:флагом|посольств\w+|консульств\w+)"),
    "uk": words(r"(?:прапором|посольств\w+|консульств\w+)", r" (?:прапором|посольств\w+|консульств\w+)"),
    "tr": words("", r" (?:bayraklı|bandıralı|[Bb]üyükelçili[ğk]\w*|[Kk]onsoloslu[ğk]\w*)"),
    "ar": words(r"(?:علم|سفارة|قنصلية)(?: دولة)?|السفارة|القنصلية", ""),
    "hi": words("", r" (?:के|का|की)? ?(?:झंडे|ध्वज|दूतावास|वाणिज्य दूतावास)"),
    "zh": words("", r"籍(?=[^男女球]{0,4}[船轮輪艇])|(?:驻[^，。]{1,8})?(?:大使馆|大使館|领事馆|領事館)"),
    "ja": words("", r"船籍|(?:の)?(?:大使館|領事館)"),
    "ko": words("", r" ?선적|(?:의)? ?(?:대사관|영사관)"),
}  # fmt: skip


#: Of a text without one of these parts of words nothing more is read, by language.
_PARTS: Final = (
    "en flag mbass onsulate registered",
    "de lagge otschaft onsulat",
    "fr avillon mbassade onsulat",
    "es andera mbajada onsulado",
    "pt andeira mbaixada onsulado",
    "it andiera mbasciata onsolato",
    "nl vlag mbassade onsulaat",
    "pl bander flag mbasad onsula",
    "ru флаг осольств онсульств",
    "uk прапор осольств онсульств",
    "tr bayrak bandıra üyükelçili onsoloslu",
    "ar علم سفار قنصلي",
    "hi झंडे ध्वज दूतावास",
    "zh 籍 馆 館",
    "ja 船籍 大使館 領事館",
    "ko 선적 대사관 영사관",
)
PARTS: Final = {language: parts.split() for language, _, parts in (line.partition(" ") for line in _PARTS)}
#: Seats of the United Nations' offices and of other organisations of the world, by their names in the gazetteer.
SEATS: Final = frozenset(("Geneva", "Vienna", "The Hague", "Nairobi", "New York City", "Rome"))
#: Such an organisation before its seat, in the same sentence.
ORGANISATION: Final = re.compile(
    r"\b(?:UNO?|U\.N\.|United Nations|Vereinte\w* Nationen|Nations unies|Naciones Unidas|Nazioni Unite|Nações Unidas|ONU|ООН|BM|"
    r"ONZ|VN|WHO|OMS|OIM|IOM|IAEA|AIEA|OIEA|ICC|CPI|FAO|UNHCR|WTO|OMC)\b[^.\n]{0,40} $"
)
ORGANISATION_CHARACTERS: Final = 70
#: People of a seat, at least: Geneva.
LEAST_SEAT: Final = 150_000


def seats_of(gazetteer: Gazetteer) -> frozenset[int]:
    """Return the places of `SEATS` and the divisions around them, without the small towns that are called like them."""
    cities = [
        place
        for place, name in enumerate(gazetteer.name)
        if name in SEATS and gazetteer.level[place] == CITY and gazetteer.population[place] >= LEAST_SEAT
    ]
    return frozenset((*cities, *(gazetteer.admin1[place] for place in cities)))


def mark_abroad(passage: Passage, language: str, seats: frozenset[int]) -> None:
    """Mark the countries of flags and embassies in a passage, and the seats of organisations, as nationalities."""
    text = passage.folded
    flags = WORDS[language] if any(part in text for part in PARTS.get(language, ())) else None
    for mention in passage.mentions:
        name = mention.name
        if name.first.place in seats:
            begin = max(0, mention.start - ORGANISATION_CHARACTERS)
            mention.nationality |= ORGANISATION.search(text, begin, mention.start) is not None
        if flags is None or (name.level != COUNTRY and name.first.kind not in DEMONYMS):
            continue
        before, behind = flags
        begin = max(0, mention.start - BEFORE_CHARACTERS)
        mention.nationality |= behind is not None and behind.match(text, mention.end) is not None
        mention.nationality |= before is not None and before.search(text, begin, mention.start) is not None
