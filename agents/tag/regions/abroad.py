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
NEVER: Final = "(?!)"


class Words(NamedTuple):
    """What stands right before a country's name or adjective and right behind it, in one language.

    `parts`: of these words, without regard to endings and capitals: a text with none of them is not searched.
    """

    parts: list[str]
    before: re.Pattern[str]
    behind: re.Pattern[str]


def words(parts: str, before: str = NEVER, behind: str = NEVER) -> Words:
    """Compile the words of one language."""
    return Words(parts.split(), re.compile(rf"\b(?i:{before}) ?$"), re.compile(behind))


#: By language. Flags first, then embassies.
WORDS: Final = {
    "en": words(
        "flag mbass onsulate registered",
        r"(?:embassy|consulate) of(?: the)?",
        r"(?:'s)?[ -](?:flag(?:ged)?|registered|[Ee]mbass(?:y|ies)|[Cc]onsulates?)\b",
    ),
    "de": words(
        "lagge otschaft onsulat",
        r"(?:Flagge|Botschaft|Konsulat)(?: von| der| des)?",
        r"(?:er|ische[nr]?|isches)? (?:Flagge|Botschaft|(?:General)?[Kk]onsulat)",
    ),
    "fr": words(
        "avillon mbassade onsulat",
        r"(?:pavillon|ambassade|consulat)(?: de| du| des| de la| de l'| d')?",
        r" pavillon\b",
    ),
    "es": words("andera mbajada onsulado", r"(?:bandera|embajada|consulado)(?: de| del)?(?: la| los| las)?"),
    "pt": words("andeira mbaixada onsulado", r"(?:bandeira|embaixada|consulado)(?: d[aeo]s?)?"),
    "it": words(
        "andiera mbasciata onsolato", r"(?:bandiera|ambasciata|consolato)(?: di| del| della| dell'| degli| dei)?"
    ),
    "nl": words(
        "vlag mbassade onsulaat", r"(?:vlag|ambassade|consulaat) van(?: de)?", r" (?:vlag|ambassade|consulaat)\b"
    ),
    "pl": words(
        "bander flag mbasad onsula", r"(?:banderą|flagą|ambasad\w+|konsula\w+)", r" (?:bander\w+|ambasad\w+|konsula\w+)"
    ),
    "ru": words(
        "флаг осольств онсульств", r"(?:флагом|посольств\w+|консульств\w+)", r" (?:флагом|посольств\w+|консульств\w+)"
    ),
    "uk": words(
        "прапор осольств онсульств",
        r"(?:прапором|посольств\w+|консульств\w+)",
        r" (?:прапором|посольств\w+|консульств\w+)",
    ),
    "tr": words(
        "bayrak bandıra üyükelçili onsoloslu",
        behind=r" (?:bayraklı|bandıralı|[Bb]üyükelçili[ğk]\w*|[Kk]onsoloslu[ğk]\w*)",
    ),
    "ar": words("علم سفار قنصلي", r"(?:علم|سفارة|قنصلية)(?: دولة)?|السفارة|القنصلية"),
    "hi": words("झंडे ध्वज दूतावास", behind=r" (?:के|का|की)? ?(?:झंडे|ध्वज|दूतावास|वाणिज्य दूतावास)"),
    "zh": words(
        "籍 馆 館", behind=r"籍(?=[^男女球]{0,4}[船轮輪艇])|(?:驻[^，。]{1,8})?(?:大使馆|大使館|领事馆|領事館)"
    ),
    "ja": words("船籍 大使館 領事館", behind=r"船籍|の?(?:大使館|領事館)"),
    "ko": words("선적 대사관 영사관", behind=r" ?선적|의? ?(?:대사관|영사관)"),
}
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
    flags = WORDS.get(language)
    if flags is not None and not any(part in text for part in flags.parts):
        flags = None
    for mention in passage.mentions:
        name = mention.name
        if name.first.place in seats:
            begin = max(0, mention.start - ORGANISATION_CHARACTERS)
            mention.nationality |= ORGANISATION.search(text, begin, mention.start) is not None
        if flags is None or (name.level != COUNTRY and name.first.kind not in DEMONYMS):
            continue
        begin = max(0, mention.start - BEFORE_CHARACTERS)
        mention.nationality |= flags.behind.match(text, mention.end) is not None
        mention.nationality |= flags.before.search(text, begin, mention.start) is not None
