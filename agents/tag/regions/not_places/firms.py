"""Firms, houses, streets and people that are called like a place, in languages other than English.

A bakery Lisboa in Brazil, a mill «Париж» in the Urals, a Mr London of Tokyo: only names are looked at that nothing else in the
article supports. A firm must have its country elsewhere, in the article or as the publisher's; English has `phrases.py`.
"""
# ruff: noqa: RUF001 - letters of other scripts are what is matched

import re
from typing import Final, NamedTuple

from agents.tag.regions.lexicon.gazetteer import Kind
from agents.tag.regions.mentions import Mention, Passage

#: So many characters before a name are read.
BEFORE_CHARACTERS: Final = 40
NEVER: Final = "(?!)"
#: A given name or surname in Latin or Cyrillic letters.
NAME: Final = r"[A-ZÀ-ÝÇĞİÖŞÜĄĆĘŁŃÓŚŹŻА-ЯЄІЇҐ][a-zà-ÿçğıöşüąćęłńóśźżа-яєіїґё'-]{2,20}"


class Words(NamedTuple):
    """Words right before or behind a name: of a firm, a house or a street; of a person.

    `roles`: words that somebody's given name and surname follow, or a comma and they.
    """

    before_firm: re.Pattern[str]
    behind_firm: re.Pattern[str]
    before_person: re.Pattern[str]
    behind_person: re.Pattern[str]


def words(before_firm: str = NEVER, behind_firm: str = NEVER, roles: str = NEVER, behind_person: str = NEVER) -> Words:
    """Compile the words of one language."""
    return Words(
        re.compile(rf"(?:{before_firm})$"),
        re.compile(behind_firm),
        re.compile(rf"(?<!\w)(?:{roles}),? ({NAME} )?$"),
        re.compile(behind_person),
    )


#: Words by language. Houses with a preposition of place before the name lie there, and do not match.
WORDS: Final = {
    "es": words(
        r"\b(?:[Gg]rupo|[Bb]anco|[Ee]mpresa|[Cc]ompañía|[Ff]irma|[Cc]adena|[Hh]otel|[Rr]estaurante|[Pp]anader[ií]as?|[Cc]afetería|"
        r"[Ff]armacias?|[Tt]iendas?|[Ss]upermercados?|[Ll]ibrería|[Cc]alle(?: de)?|[Aa]venida(?: de)?) [\"“«]?",
        roles=r"(?i:presidente|presidenta|directora?|gerente|alcalde|alcaldesa|entrenadora?|abogad[oa]|profesora?|doctora?|"
        r"diputad[oa]|senadora?|concejal|delanter[oa]|portero|cantante|actor|actriz|escritora?|analista|portavoz|dueñ[oa]|"
        r"empresari[oa])",
    ),
    "pt": words(
        r"\b(?:[Gg]rupo|[Bb]anco|[Rr]ede|[Ee]mpresa|[Cc]ompanhia|[Ll]ojas?|[Pp]adarias?|[Hh]otel|[Rr]estaurante|[Ff]armácias?|"
        r"[Ss]upermercados?|[Ll]ivraria|(?:padarias|lojas|farmácias) [Rr]ede|[Rr]ua(?: de)?|[Aa]venida(?: de)?) [\"“«]?",
        roles=r"(?i:presidente|diretora?|gerente|prefeit[oa]|treinadora?|advogad[oa]|professora?|doutora?|deputad[oa]|"
        r"senadora?|vereadora?|avançado|atacante|goleiro|cantora?|atriz|escritora?|analista|porta-voz|don[oa]|empresári[oa])",
    ),
    "fr": words(
        r"\b(?:(?:[Gg]roupe|[Ee]ntreprise|[Ss]ociété|[Ee]nseigne|[Hh]ôtel|[Rr]estaurant|[Bb]rasserie|[Bb]oulangeries?|"
        r"[Pp]harmacie) [\"“«]? ?|(?:[Rr]ue|[Bb]oulevard|[Aa]venue) (?:de |d['’])?)",
        roles=r"(?i:président|présidente|directeur|directrice|maire|entraîneur|entraîneuse|avocate?|professeure?|docteure?|"
        r"députée?|sénateur|sénatrice|attaquant|gardien|chanteur|chanteuse|acteur|actrice|analyste|porte-parole|patronne?)",
    ),
    "it": words(
        r"\b(?:[Gg]ruppo|[Aa]zienda|[Ss]ocietà|[Cc]atena|[Hh]otel|[Rr]istorante|[Pp]asticceria|[Ff]armacia|[Ll]ibreria|"
        r"[Pp]izzeria|(?:in|di) via|[Vv]iale|[Pp]iazza) [\"“«]?",
        roles=r"(?i:presidente|direttore|direttrice|amministratore delegato|sindac[oa]|allenatore|allenatrice|avvocat[oa]|"
        r"professore|professoressa|dottore|dottoressa|deputat[oa]|senatore|senatrice|attaccante|portiere|cantante|attore|"
        r"attrice|analista|portavoce|titolare)",
    ),
    "de": words(
        r"\b(?:Firma|Hotel|Café|Restaurant|Kino|Gasthaus|Gasthof|Pizzeria|Modehaus|Kaufhaus|Bäckerei|Reederei) [„\"]?",
        r"[\"“]? (?:Straße|Strasse|Allee|Platz)\b",
        roles=r"(?:Präsident|Präsidentin|Direktorin?|Geschäftsführer(?:in)?|Bürgermeister(?:in)?|Trainer(?:in)?|"
        r"Anw[aä]lt(?:in)?|Professor(?:in)?|Abgeordneter?|Stürmer|Torwart|Sänger(?:in)?|Analyst(?:in)?|Sprecher(?:in)?)",
    ),
    "nl": words(
        r"\b(?:[Ff]irma|[Hh]otel|[Cc]afé|[Rr]estaurant|[Bb]ioscoop|[Ww]arenhuis|[Bb]akkerij) [‘'\"“]?",
        roles=r"(?i:president|directeur|topman|topvrouw|burgemeester|trainer|coach|advocate?|hoogleraar|wethouder|spits|doelman|"
        r"zangeres|zanger|analist|woordvoerder|eigenaar)",
    ),
    "pl": words(
        r"\b(?:[Ff]irm[ay]|[Hh]otel|[Kk]awiarni[ai]|[Rr]estauracj[ai]|[Kk]ino|[Ss]półk[ai]|[Ss]zwalni[ai]|[Mm]eble) [„\"]?",
        r"[”\"]? (?:Moda|Meble|SA\b|S\.A\.|sp\. z o\.o\.)",
    ),
    "ru": words(
        r"(?i:комбинат|фабрик|завод|холдинг|компани|ресторан|магазин|отел|гостиниц|кафе|кинотеатр|торгов\w+ центр|пекарн|"
        r"салон)\w{0,3} [«\"„]",
    ),
    "uk": words(
        r"(?i:комбінат|фабрик|завод|холдинг|компані|ресторан|магазин|крамниц|готел|кафе|кінотеатр|торгов\w+ центр|пекарн|"
        r"салон)\w{0,3} [«\"„]",
    ),
    "tr": words(
        behind_firm=r" (?:Tekstil|Gıda|Oteli?|Restoran|Kafe|Caddesi|Sokağı|Mobilya|Pastanesi|Eczanesi|Sineması|İnşaat)\b",
        roles=r"(?i:başkanı|müdürü|antrenörü?|avukatı?|profesör|doktor|milletvekili|oyuncu|şarkıcı|sözcüsü|sahibi)",
    ),
    "ar": words(r"(?:شركة|مجموعة|فندق|مطعم|مقهى|مخبز|مخابز|سينما|شارع|محلات) "),
    "hi": words(
        r"होटल ",
        r" (?:मसाले|होटल|स्वीट्स|रेस्तरां|ज्वैलर्स|टेक्सटाइल्स|मिष्ठान)",
        behind_person=r" (?:सिंह|कुमार|देवी|शर्मा|यादव|वर्मा|गुप्ता)",
    ),
    "zh": words(behind_firm=r"(?:瓷砖|陶瓷|大?酒店|饭店|餐厅|咖啡|食品|家居|服饰|蛋糕|婚纱|大厦|影城)"),
    "ja": words(
        behind_firm=r"(?:製菓|製パン|商事|ホテル|カフェ|食堂|薬局|書店|食品|不動産|ベーカリー)",
        behind_person=r"(?:社長|氏(?![ァ-ヺ])|さん|容疑者|被告|店長)",
    ),
    "ko": words(behind_firm=r" ?(?:제과|제빵|호텔|카페|바게뜨|식당|식품|상사|약국|서점|웨딩)"),
}


def drop_firms(passage: Passage, language: str, home: int) -> None:
    """Drop mentions of firms named like a place that nothing else speaks of; `home`: the publisher's country, or -1."""
    listed = WORDS.get(language)
    live = [mention for mention in passage.mentions if not mention.dropped] if listed else []
    if listed is None or not live:
        return
    surfaces: dict[int, set[str]] = {}
    for mention in live:
        surfaces.setdefault(mention.name.first.country, set()).add(mention.name.surface)
    called: set[str] = set()
    for mention in live:
        name = mention.name
        if len(surfaces[name.first.country]) > 1 or mention.parent >= 0 or mention.dateline or name.surface in called:
            continue
        elsewhere = len(surfaces) > 1 or home not in (-1, name.first.country)
        if is_person(passage, mention, listed) or (elsewhere and is_firm(passage, mention, listed)):
            called.add(name.surface)
    for mention in live:
        mention.dropped |= mention.name.surface in called


def is_firm(passage: Passage, mention: Mention, listed: Words) -> bool:
    """Return whether a word of a firm, a house or a street stands beside the name of a city or division.

    German streets have a town's adjective, which the gazetteer gives to the country: Warschauer Straße.
    """
    name, text = mention.name, passage.folded
    named = name.first.kind == Kind.NAME and name.first.place != name.first.country
    if (named or name.surface.endswith("er")) and listed.behind_firm.match(text, mention.end):
        return True
    if not named or not passage.before(mention, listed.before_firm, BEFORE_CHARACTERS):
        return False
    return text[mention.start - 1] not in '«"„“‘' or text[mention.end : mention.end + 1] in ("»", '"', "“", "”", "’")


def is_person(passage: Passage, mention: Mention, listed: Words) -> bool:
    """Return whether a role and given name stand before a name, a role before and a surname behind, or a title behind."""
    text = passage.folded
    if mention.name.first.place != mention.name.first.country and listed.behind_person.match(text, mention.end):
        return True
    role = passage.before(mention, listed.before_person, BEFORE_CHARACTERS)
    if role is None:
        return False
    return role[1] is not None or SURNAME.match(text, mention.end) is not None


SURNAME: Final = re.compile(rf" {NAME}")
