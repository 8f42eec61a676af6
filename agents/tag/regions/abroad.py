# ruff: noqa: RUF001 - letters of other scripts are what is matched
"""Ships by their flag, embassies, bases, airlines and the United Nations' seats, which are news elsewhere.

A Panama-flagged freighter that hits a bridge in Rouen is news of France; a guard at the Israeli embassy in Stockholm of
Sweden. The country counts as a nationality does (`nationality.py`), for the order of countries alone.
"""

import re
from typing import Final, NamedTuple

from agents.tag.regions.beside import is_beside, is_of_country
from agents.tag.regions.gazetteer import CITY, Gazetteer
from agents.tag.regions.mentions import Passage

#: So many characters before a name are read.
BEFORE_CHARACTERS: Final = 40


class Words(NamedTuple):
    """Words right before and right behind a country's name or adjective, in one language.

    `parts`: of these words, without regard to endings and capitals: a text with none of them is not searched.
    """

    parts: list[str]
    before: re.Pattern[str] | None
    behind: re.Pattern[str] | None


def words(parts: str, before: str = "", behind: str = "") -> Words:
    """Compile the words of one language."""
    return Words(
        parts.split(),
        re.compile(rf"\b(?i:{before}) ?$") if before else None,
        re.compile(behind) if behind else None,
    )


#: By language. Flags first, then embassies and bases.
WORDS: Final = {
    "en": words(
        "flag mbass onsulate registered base veteran",
        r"(?:embassy|consulate) of(?: the)?",
        r"(?:'s)?[ -](?:flag(?:ged)?|registered|[Ee]mbass(?:y|ies)|[Cc]onsulates?|"
        r"(?:air |naval |army |military )?bases?|(?:[Ww]ar )?veterans?)\b",
    ),
    "de": words(
        "lagge otschaft onsulat tützpunkt",
        r"(?:Flagge|Botschaft|Konsulat)(?: von| der| des)?",
        r"(?:er|ische[nr]?|isches)?[ -](?:Flagge|Botschaft|(?:General)?[Kk]onsulat|\w*[Ss]tützpunkt)",
    ),
    "fr": words(
        "avillon mbassade onsulat base",
        r"(?:pavillon|ambassade|consulat|bases?(?: militaires?| navales?| aériennes?)?)(?: de| du| des| de la| de l'| d')?",
        r" pavillon\b",
    ),
    "es": words(
        "andera mbajada onsulado base",
        r"(?:bandera|embajada|consulado|bases?(?: militar(?:es)?| naval(?:es)?| aéreas?)?)(?: de| del)?(?: la| los| las)?",
    ),
    "pt": words(
        "andeira mbaixada onsulado base",
        r"(?:bandeira|embaixada|consulado|bases?(?: militar(?:es)?| nava(?:l|is)| aéreas?)?)(?: d[aeo]s?)?",
    ),
    "it": words(
        "andiera mbasciata onsolato base",
        r"(?:bandiera|ambasciata|consolato|bas[ei](?: militar[ei]| naval[ei]| aere[ae])?)(?: di| del| della| dell'| degli| dei)?",
    ),
    "nl": words(
        "vlag mbassade onsulaat bas",
        r"(?:vlag|ambassade|consulaat) van(?: de)?",
        r" (?:vlag|ambassade|consulaat|(?:leger|lucht(?:macht)?|marine)?bas(?:is|es))\b",
    ),
    "pl": words(
        "bander flag mbasad onsula baz",
        r"(?:banderą|flagą|ambasad\w+|konsula\w+)",
        r" (?:bander\w+|ambasad\w+|konsula\w+|baz\w{1,2}\b)",
    ),
    "ru": words(
        "флаг осольств онсульств баз",
        r"(?:флагом|посольств\w+|консульств\w+)",
        r" (?:(?:военн|воздушн|морск)\w+ )?(?:флагом|посольств\w+|консульств\w+|баз\w{1,2}\b)",
    ),
    "uk": words(
        "прапор осольств онсульств баз",
        r"(?:прапором|посольств\w+|консульств\w+)",
        r" (?:(?:військов|морськ)\w+ )?(?:прапором|посольств\w+|консульств\w+|баз\w{1,2}\b)",
    ),
    "tr": words(
        "bayrak bandıra üyükelçili onsoloslu üs üss",
        behind=r" (?:bayraklı|bandıralı|[Bb]üyükelçili[ğk]\w*|[Kk]onsoloslu[ğk]\w*|"
        r"(?:askeri |hava |deniz )?üs(?:s\w+|ler\w*)?\b)",
    ),
    "ar": words("علم سفار قنصلي قاعدة", r"(?:علم|سفارة|قنصلية)(?: دولة)?|السفارة|القنصلية|القاعدة(?: العسكرية)?"),
    "hi": words("झंडे ध्वज दूतावास", behind=r" (?:के|का|की)? ?(?:झंडे|ध्वज|दूतावास|वाणिज्य दूतावास)"),
    "zh": words(
        "籍 馆 館 基地",
        behind=r"籍(?=[^男女球]{0,4}[船轮輪艇])|(?:驻[^，。]{1,8})?(?:大使馆|大使館|领事馆|領事館)|(?:军|軍)?(?:军事|軍事|海军|海軍|空军|空軍)?基地",
    ),
    "ja": words("船籍 大使館 領事館 基地", behind=r"船籍|の?(?:大使館|領事館)|軍?(?:海軍|空軍)?基地"),
    "ko": words("선적 대사관 영사관 기지", behind=r" ?선적|의? ?(?:대사관|영사관)|군? ?(?:공군 |해군 )?기지"),
    "el": words(
        "σημαία πρεσβεί προξενεί",
        r"(?:(?:με|υπό) σημαία|πρεσβεί\w+|προξενεί\w+)(?: τ(?:ης|ου|ων))?",
        r" (?:σημαίας?|πρεσβεί\w+)",
    ),
    "sv": words("flag ambassad konsulat", r"under flagg från", r"s? (?:flagg\w*|ambassad\w*|konsulat\w*)|-?flaggad\w*"),
    "da": words("flag ambassade konsulat", r"under flag fra", r"s? (?:flag|ambassade\w*|konsulat\w*)|-?flaget"),
    "nb": words("flag ambassade konsulat", r"under flagg fra", r"s? (?:flagg|ambassade\w*|konsulat\w*)|-?flagget"),
    "cs": words(
        "vlajk velvyslanectv ambasá konzulát",
        r"(?:vlajkou|velvyslanectví|ambasád\w+|konzulát\w*)",
        r" (?:vlajkou|velvyslanectví|ambasád\w+|konzulát\w*)",
    ),
    "sk": words(
        "vlajk veľvyslanectv ambasá konzulát",
        r"(?:vlajkou|veľvyslanectv\w+|ambasád\w+|konzulát\w*)",
        r" (?:vlajkou|veľvyslanectv\w+|ambasád\w+|konzulát\w*)",
    ),
    "fi": words("lipun lähetystö konsulaat", behind=r" (?:lipun alla|(?:suur)?lähetystö\w*|(?:pää)?konsulaat\w*)"),
    "hu": words("zászló lobogó nagykövetség konzulátus", behind=r" (?:zászló|lobogó|nagykövetség|(?:fő)?konzulátus)\w*"),
    "ro": words("pavilion ambasad consulat", r"(?:pavilion(?:ul)?|ambasad\w+|consulat\w*)"),
    "id": words("bendera edutaan onsulat", r"(?:berbendera|kedutaan(?: besar)?|konsulat(?: jenderal)?)"),
    "vi": words("cờ sứ quán ãnh sự", r"(?:treo cờ|mang cờ|đại sứ quán|lãnh sự quán)"),
    "th": words("ธง สถานทูต สถานกงสุล เอกอัครราชทูต", r"\S{0,12}(?:ติดธง|ชักธง)|(?:สถาน(?:เอกอัครราช)?ทูต|สถานกงสุล(?:ใหญ่)?)"),
    "fa": words("پرچم سفارت کنسولگری", r"(?:پرچم|سفارت|سرکنسولگری|کنسولگری)"),
    "he": words("דגל שגריר קונסולי", r"[בל]?(?:דגל|שגרירות|קונסוליית|קונסוליה)"),
    "bn": words("পতাকা দূতাবাস হাইকমিশন", behind=r"(?:র|ের)? ?(?:পতাকাবাহী|দূতাবাস\S*|হাইকমিশন\S*)"),
}  # fmt: skip
#: Airlines by a country's name or people, in all languages, and a word that all of them have: Air Algérie, Turkish Airlines.
AIRLINE: Final = words("Air", r"(?-i:Air)", r" (?:Airlines?|Airways|Air Lines)\b")
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
    """Mark the countries of flags, embassies, bases and airlines, and the seats of organisations, as nationalities."""
    text = passage.folded
    listed = [one for one in (WORDS.get(language), AIRLINE) if one and any(part in text for part in one.parts)]
    for mention in passage.mentions:
        if mention.name.first.place in seats:
            mention.nationality |= passage.before(mention, ORGANISATION, ORGANISATION_CHARACTERS) is not None
        if is_of_country(mention):
            for one in listed:
                mention.nationality |= is_beside(passage, mention, one.before, one.behind, BEFORE_CHARACTERS)
