"""Places that somebody comes from, and peoples that live elsewhere: where they are now is the scene.

An obituary from Winnipeg names the village near Ternopil where its mathematician was born, and the Greeks of Melbourne dance in
Melbourne. Such places count like the nationality of a worker (`nationality`): less, for the country that comes first
alone. A birth that the title tells of is the news itself: a panda born in Berlin.
"""
# ruff: noqa: RUF001 - letters of many alphabets

import re

from agents.tag.regions.beside import by_language, is_beside
from agents.tag.regions.lexicon.gazetteer import DEMONYMS
from agents.tag.regions.mentions import Mention, Passage

#: A day, a year or a family between the birth and its place.
_GAP = r"(?:[ ,][^.;:!?()\n]{0,28}?)?"
#: Words of birth and descent right before a place.
BEFORE = by_language(
    {
        "en": re.compile(
            rf"\b(?:[Bb]orn(?: and (?:raised|bred|brought up))?{_GAP} (?:in|near|at)|gr[eo]w(?:ing)? up in|raised in|native of|"
            r"(?:hails?|originally|emigrated|immigrated) from) (?:the )?\Z"
        ),
        "de": re.compile(
            rf"\b(?:[Gg]eboren{_GAP} in|[Aa]ufgewachsen in|wuchs in|(?:stamm(?:t|te|ten|en)|gebürtig|ursprünglich) aus|"
            r"(?:kam|kamen)(?: \w+){0,4} aus) (?:de[rmn] )?\Z"
        ),
        "es": re.compile(
            rf"\b(?:[Nn]acid[oa]s?{_GAP} en|[Nn]ació{_GAP} en|nacieron en|"
            r"(?:originari|oriund)[oa]s? de|natural(?:es)? de) (?:la |el )?\Z"
        ),
        "fr": re.compile(
            rf"\b(?:(?:[Nn]ée?s?|naît|naquit){_GAP} (?:à|en|au|aux|dans)|"
            r"(?:[Oo]riginaires?|[Nn]ati(?:f|ve)s?) (?:de|du|des)) (?:la |l['\u2019])?\Z|"
            r"\boriginaires? d['\u2019]\Z"
        ),
        "it": re.compile(
            rf"\b(?:[Nn]at[oaie]{_GAP} (?:a|ad|in|nel|nell['\u2019]|nella)|originari[oa]? (?:di|del|della|dell['\u2019])) ?\Z"
        ),
        "pt": re.compile(
            rf"\b(?:(?:[Nn]ascid[oa]s?|nasceu|nasceram){_GAP} (?:em|no|na|nos|nas)|"
            r"(?:originári[oa]s?|natura(?:l|is)) d[eoa]s?) \Z"
        ),
        "nl": re.compile(
            rf"\b(?:[Gg]eboren{_GAP} (?:en getogen )?in|opgegroeid in|afkomstig uit|groeide op in) (?:het )?\Z"
        ),
        "pl": re.compile(rf"\b(?:[Uu]rodz\w+(?: się)?{_GAP} (?:we?|pod|na)|pochodz\w+ z[e]?|rodem z[e]?) \Z"),
        "ru": re.compile(
            rf"\b(?:[Рр]оди(?:лся|лась|лись|вш\w+){_GAP} (?:во?|под|на)|[Уу]рожен(?:ец|ка|ц\w+|к\w+)|родом из) \Z"
        ),
        "uk": re.compile(
            rf"\b(?:[Нн]ароди(?:вся|лася|лися|вш\w+){_GAP} (?:[вуі]|під|на)|[Уу]роджен(?:ець|ка|ц\w+|к\w+)|родом (?:з|із|зі)) \Z"
        ),
        "cs sk": re.compile(
            rf"\b(?:[Nn]arodil\w*(?: se| sa)?{_GAP} ve?|[Nn]arozen\w+{_GAP} ve?|rodák z|rodačka z|pocházel?[aí]? z) \Z"
        ),
        "sv nb da": re.compile(rf"\b(?:född(?:es)?|[Ff]ødt(?:es)?|uppvuxen|opvokset|oppvokst){_GAP} (?:i|på) \Z"),
        "ro": re.compile(rf"\b(?:[Nn]ăscu[tțţ]\w{{0,2}}{_GAP} (?:în|la)|originar[ăi]? din) \Z"),
        "el": re.compile(
            rf"\b(?:[Γγ]εννήθηκ\w+|[Γγ]εννημέν\w+){_GAP} (?:στ\w{{1,3}}|σε) \Z|\b[Κκ]ατάγ\w+ από (?:τ\w{{1,3}} )?\Z"
        ),
        "ar": re.compile(r"(?<!\w)(?:و?ولدت?(?: \w+){0,3} في|(?:من )?مواليد(?: \w+)?|المولودة? في|[يت]نحدر من) \Z"),
        "fa": re.compile(r"(?<!\w)(?:متولد|زاده) \Z"),
        "vi": re.compile(r"\b[Ss]inh (?:ra )?(?:ở|tại) \Z|\bquê (?:ở|gốc) \Z"),
        "id ms": re.compile(rf"\b(?:[Ll]ahir{_GAP} di|kelahiran) \Z"),
        "zh": re.compile(r"(?:出生[于於在]|(?:^|[，。、；年日])生[于於]|祖籍|原籍)\Z"),
        "th": re.compile(r"เกิด(?:ที่|ใน)\Z"),
    }
)
#: The same behind a place.
BEHIND = by_language(
    {
        "de": re.compile(r" (?:geboren|aufgewachsen)\b"),
        "en": re.compile(r"-born\b"),
        "nl": re.compile(r" geboren\b"),
        "tr": re.compile(r"['\u2019]?(?:de|da|te|ta)? doğ(?:du|an|muş|umlu)"),
        "hi": re.compile(r"(?: \S+)? में (?:जन्म|पैदा)"),
        "bn": re.compile(r"\S{0,3} (?:জন্ম|জন্মগ্রহণ)"),
        "fi": re.compile(r"\w* synty(?:n|i|v)"),
        "hu": re.compile(r"\w* szület"),
        "ja": re.compile(r"[都道府県市町村]?(?:で|に)?(?:生まれ|出身)"),
        "ko": re.compile(r"(?:에서)? ?(?:태어|출신)"),
        "zh": re.compile(r"[省市县縣]?出生"),
    }
)
#: Between a people and the place where it lives: Greeks of Melbourne, Türken in Köln.
LIVES = by_language(
    {
        "en": re.compile(r" (?:of|in|from|around) "),
        "de": re.compile(r" (?:in|aus) "),
        "nl": re.compile(r" (?:in|uit|van) "),
        "es": re.compile(r" (?:de|en) "),
        "pt": re.compile(r" (?:de|em|do|da|no|na) "),
        "fr": re.compile(r" (?:de |à |d['\u2019])"),
        "it": re.compile(r" (?:di|a|in) "),
        "el": re.compile(r" (?:της|του|των|στη[ν]?|στο[ν]?) "),
        "pl": re.compile(r" we? "),
        "ru": re.compile(r" во? "),
        "uk": re.compile(r" [ву] "),
        "ro": re.compile(r" (?:din|în|de la) "),
        "sv da nb": re.compile(r" i "),
    }
)
#: So many characters before a place are read.
BEFORE_CHARACTERS = 60


def mark_origins(passage: Passage, language: str) -> None:
    """Mark the places where somebody in the text was born, and the peoples that live in another country."""
    before, behind = BEFORE.get(language), BEHIND.get(language)
    titled = {mention.name.first.country for mention in passage.mentions if mention.where == "title"}
    for mention in passage.mentions:
        if mention.nationality or mention.where == "title" or mention.name.first.country in titled:
            continue
        mention.nationality = is_beside(passage, mention, before, behind, BEFORE_CHARACTERS)
    if lives := LIVES.get(language):
        mark_peoples(passage, lives)


def mark_peoples(passage: Passage, lives: re.Pattern[str]) -> None:
    """Mark the peoples that a preposition of place and a place of another country follow."""
    begins: dict[int, Mention] = {mention.start: mention for mention in passage.mentions}
    for mention in passage.mentions:
        if mention.nationality or mention.name.first.kind not in DEMONYMS:
            continue
        between = lives.match(passage.folded, mention.end)
        place = begins.get(between.end()) if between else None
        if place is not None and place.name.first.kind not in DEMONYMS:
            mention.nationality = place.name.first.country != mention.name.first.country
