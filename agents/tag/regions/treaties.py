# ruff: noqa: RUF001 - letters of other scripts are what is matched
"""Treaties that are called after the city where they were signed, and money and a flu that are called after a country.

The Paris Agreement in news of Kenya is no news of France, nor is a price in US dollars there one of America. English ones are
listed in tables/nothing.tsv.
"""

import re
from bisect import bisect_left
from typing import Final

from agents.tag.regions.abroad import Words, words
from agents.tag.regions.beside import by_language, drop_beside_others, is_beside, is_of_country
from agents.tag.regions.gazetteer import COUNTRY, Gazetteer
from agents.tag.regions.mentions import Mention, Passage

#: Words for a treaty before its city and behind it, by language; an adjective of the city counts too. Not behind "in", which
#: tells of a signing. The parts are in small letters and in capitals, as both begin a treaty's name.
TREATIES: Final = by_language({
    "de": words(
        "ommen onvention rotokoll emorandum",
        r"(?:\w*abkommen|\w*übereinkommen|konvention|protokoll) von",
        r"[ -](?:[Kk]lima\w*|[AaÜü]b\w*kommens?|Übereinkommens?|[Kk]onvention(?:en)?|[Pp]rotokolls?|[Mm]emorandums?)\b",
    ),
    "fr": words(
        "ccord onvention rotocole émorandum raité",
        r"(?:accords?|conventions?|protocoles?|mémorandums?|traités?)(?: [a-zé]+){0,2} d(?:['eu]| la)",
    ),
    "es": words(
        "cuerdo onvenio onvenci rotocolo emor ratado",
        r"(?:acuerdos?|convenios?|convenci(?:ón|ones)|protocolos?|memor[aá]nd(?:o|um)|tratados?)(?: [a-zé]+){0,2} de(?: la)?",
    ),
    "pt": words(
        "cordo onvenç rotocolo emorando ratado",
        r"(?:acordos?|convenç(?:ão|ões)|protocolos?|memorando|tratados?)(?: [a-zé]+){0,2} d[aeo]",
    ),
    "it": words(
        "ccord onvenzion rotocoll emorandum rattat",
        r"(?:accord[oi]|convenzion[ei]|protocoll[oi]|memorandum|trattat[oi])(?: [a-z]+){0,2} (?:di|dell'|del)",
    ),
    "nl": words(
        "akkoord erdrag erordening onventie rotocol emorandum",
        r"(?:\w*akkoord(?:en)?|verdrag(?:en)?|conventies?|protocol|memorandum) van",
        r"-?(?:\w*akkoord(?:en)?|verdrag|verordening|conventies?|protocol|memorandum)\b",
    ),
    "pl": words(
        "orozumie onwencj roto emorand",
        r"(?:porozumie\w+|konwencj\w+|proto\w+|memorand\w+)(?: z)?",
        r" (?:porozumie|konwencj|proto[kł]|memorand)\w+",
    ),
    "ru": words(
        "оглашени онвенци ротокол еморандум",
        r"(?:конвенци\w+|протокол\w*|меморандум\w*) в",
        r" (?:соглашени\w+|конвенци\w+|протокол\w*|меморандум\w*)",
    ),
    "uk": words(
        "год онвенці ротокол еморандум",
        r"(?:конвенці\w+|протокол\w*) в",
        r" (?:[Уу]год\w+|конвенці\w+|протокол\w*|меморандум\w*)"
    ),
    "cs sk": words(
        "ohod mluv ohovor rotokol emorand",
        r"(?:dohod\w+|protokol\w*) z",
        r" (?:dohod\w*|úmluv\w*|dohovor\w*|protokol\w*|memorand\w+)",
    ),
    "hr sr bs": words(
        "porazum поразум rotokol ротокол",
        r"(?:sporazum\w*|протокол\w*|protokol\w*|споразум\w*) (?:iz|из)",
        r" (?:sporazum|споразум)\w*",
    ),
    "bg": words("поразумени ротокол онвенци", r"(?:споразумени\w+|протокол\w*) от", r" (?:споразумени|протокол|конвенци)\w*"),
    "hu": words(
        "gyezmény egállapodás egyzőkönyv emorandum", behind=r" (?:[Ee]gyezmény|[Mm]egállapodás|[Jj]egyzőkönyv|[Mm]emorandum)\w*"
    ),
    "ro": words(
        "cord onvenți rotocol emorandum ratat",
        r"(?:acord\w*|convenți\w+|protocol\w*|memorandum\w*|tratat\w*)(?: \w+){0,2} (?:de la|din)",
    ),
    "fi": words("sopimu öytäkirja uistio", behind=r" (?:\w*sopimu\w+|pöytäkirja\w*|muistio\w*)"),
    "el": words(
        "υμφωνί υμβάσ ύμβασ ρωτόκολλ νημόνι υνθήκ",
        r"(?:συμφων[ίι]\w+|συμβάσ\w+|σύμβασ\w+|πρωτόκολλ\w+|μνημόνι\w+|συνθήκ\w+) τ(?:ης|ου|ων)",
    ),
    "he": words("הסכ אמנ פרוטוקול מזכר", r"\w?(?:הסכם|הסכמי|אמנת|אמנות|פרוטוקול|מזכר)"),
    "ar": words("اتفاق بروتوكول مذكرة معاهدة", r"\w{0,2}(?:اتفاق\w*|بروتوكول|مذكرة|معاهدة)(?: المناخ)?"),
    "fa": words("توافق کنوانسیون پروتکل یادداشت پیمان", r"(?:توافق\w*|کنوانسیون\S*|پروتکل|یادداشت|پیمان|معاهده)(?: \w+)?"),
    "tr": words(
        "laşma özleşme rotokol emorandum",
        behind=r" (?:İklim )?(?:[Aa]nt?laşma|[Ss]özleşme|[Pp]rotokol|[Mm]emorandum)\w*",
    ),
    "ja": words("条約 協定 議定書 合意 覚書", behind=r"(?:気候)?(?:条約|協定|議定書|合意|覚書)"),
    "zh": words(
        "条约 條約 协定 協定 公约 公約 议定书 議定書 协议 協議 备忘录 備忘錄",
        behind=r"(?:气候|氣候)?(?:条约|條約|协定|協定|公约|公約|议定书|議定書|协议|協議|备忘录|備忘錄)",
    ),
    "ko": words("조약 협정 협약 의정서 각서 합의", behind=r" ?(?:기후 ?)?(?:조약|협정|협약|의정서|각서|합의)"),
    "hi": words("समझौ कन्वेंशन प्रोटोकॉल ज्ञापन संधि", behind=r" (?:जलवायु )?(?:समझौ|कन्वेंशन|प्रोटोकॉल|ज्ञापन|संधि)"),
    "bn": words("চুক্তি কনভেনশন প্রটোকল", behind=r" (?:জলবায়ু )?(?:চুক্তি|কনভেনশন|প্রটোকল)"),
    "id ms": words(
        "erjanjian onvensi rotokol emorandum esepakatan",
        r"(?:perjanjian|konvensi|protokol|memorandum|kesepakatan)(?: iklim)?",
    ),
    "vi": words(
        "hỏa thuận ông ước ghị định thư ghi nhớ iệp định iệp ước",
        r"(?:thỏa thuận|công ước|nghị định thư|bản ghi nhớ|hiệp (?:định|ước))(?: khí hậu)?",
    ),
    "th": words("ความตกลง อนุสัญญา พิธีสาร บันทึก ข้อตกลง", r"\S*(?:ความตกลง|อนุสัญญา|พิธีสาร|บันทึก|ข้อตกลง)(?:กรุง)?"),
})  # fmt: skip
#: Money that the world counts in and the flu of 1918, and the countries that they are called after.
CALLED_AFTER: Final = by_language({
    "fr": words("grippe", "grippe"), "es": words("gripe", "gripe"), "tr": words("grib", behind=" grib[ei]"),
    "ru": words("доллар грип", r"доллар\w*", r" грип\w*"), "uk": words("долар грип", r"долар\w*", r" грип\w*"),
    "bg": words("долар франк грип", behind=r" (?:долар|франк|грип)\w*"),
    "cs sk": words("dol frank", behind=r" (?:dol[aá]r|frank)\w*"), "hu": words("dollár frank", behind=r" (?:dollár|frank)\w*"),
    "hr sr bs": words("dolar fran долар фран", behind=r" (?:dolar|fran[ak]|долар|фран[ак])\w*"),
    "ro": words("dolar franc", r"(?:dolar|franc)\w*"), "sv": words("dollar", behind=r" dollar\w*"),
    "fi": words("dollari frang", behind=r" (?:dollari|frang[ie])\w*"), "el": words("δολάρι", behind=r" δολάρι\w*"),
    "he": words("דולר", r"\w?(?:דולר|דולרים)"), "ar": words("نفلونزا", r"\w{0,2}الانفلونزا(?: ال)?"),
    "fa": words("دلار فرانک", "(?:دلار|فرانک)"),
    "ja": words("かぜ 風邪", behind="かぜ|風邪"), "zh": words("流感", behind="流感"), "hi": words("फ्लू", behind=" फ्लू"),
    "bn": words("ডলার", behind=" ডলার"), "id ms": words("dolar franc flu", "(?:dolar|franc|flu)"),
    "vi": words("đô la franc cúm", "(?:đô la|franc|cúm)"),
    "th": words("ดอลลาร์ ไข้หวัด", r"\S*(?:ดอลลาร์|ไข้หวัดใหญ่)"),
})  # fmt: skip
NAMESAKES: Final = frozenset(("US", "CH", "ES"))
#: Adjectives of cities that stand for their country in the tables.
CITIES: Final = re.compile(
    "(?i:pary[sż]|wiede|genews|genf|kio|hask|pariš|beč|париж|париз|парис|стамбул|венск|віденс|женев|киот|кіот|гааг|хаш)"
)
#: So many characters before a name are read, and of those behind it so many for parts of words.
BEFORE_CHARACTERS: Final = 48
BEHIND_CHARACTERS: Final = 24


def drop_treaties(gazetteer: Gazetteer, passage: Passage, language: str) -> None:
    """Mark as dropped the cities of treaties, and the countries of money, where the article names another country."""
    tables = [
        (one, at, is_named)
        for table, is_named in ((TREATIES, is_city), (CALLED_AFTER, is_namesake))
        if (one := table.get(language)) and (at := places_of(passage.folded, one))
    ]

    def is_called_after(mention: Mention) -> bool:
        return not mention.dateline and any(
            is_near(mention, at)
            and is_named(gazetteer, mention)
            and is_beside(passage, mention, one.before, one.behind, BEFORE_CHARACTERS)
            for one, at, is_named in tables
        )

    if tables:
        drop_beside_others(passage, is_called_after)


def is_near(mention: Mention, at: list[int]) -> bool:
    """Tell whether one of these places, in order, is so near a mention that the words may stand beside it."""
    first = bisect_left(at, mention.start - BEFORE_CHARACTERS)
    return first < len(at) and at[first] < mention.end + BEHIND_CHARACTERS


def places_of(text: str, one: Words) -> list[int]:
    """Return where a text holds parts of the words, in order: in few places, if at all."""
    found = []
    for part in one.parts:
        place = text.find(part)
        while place >= 0:
            found.append(place)
            place = text.find(part, place + 1)
    return sorted(found)


def is_city(gazetteer: Gazetteer, mention: Mention) -> bool:
    """Tell whether a mention is a place within a country, or its adjective."""
    level = gazetteer.level[mention.name.first.place]
    return level != COUNTRY or not is_of_country(mention) or CITIES.match(mention.name.surface) is not None


def is_namesake(gazetteer: Gazetteer, mention: Mention) -> bool:
    """Tell whether a mention is a country that money or a flu is called after."""
    return is_of_country(mention) and any(gazetteer.code[sense.country] in NAMESAKES for sense in mention.name.senses)
