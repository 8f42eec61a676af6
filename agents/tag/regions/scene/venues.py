# ruff: noqa: RUF001 - letters of many alphabets
"""Neutral ground: a city where two other countries meet, and the seat of an international court.

Two presidents in Helsinki are news of their countries, and so are a government and its rebels in Oslo; a trial in The Hague is
news of the country of the accused. The city counts as a nationality does (`nationality.py`), for the order of countries alone.
"""

import re
from typing import NamedTuple

from agents.tag.regions.beside import by_language, is_beside
from agents.tag.regions.lexicon.gazetteer import COUNTRY, DEMONYMS
from agents.tag.regions.mentions import Mention, Passage


class Venue(NamedTuple):
    """Words that tell a venue in one language: words of a meeting, and the preposition before a place or the ending behind it."""

    meeting: re.Pattern[str]
    before: re.Pattern[str] | None
    behind: re.Pattern[str] | None


def venue(meeting: str, before: str = "", behind: str = "") -> Venue:
    """Compile the words of one language."""
    return Venue(
        re.compile(meeting),
        re.compile(rf"(?:^|\W)(?i:{before}) \Z") if before else None,
        re.compile(behind) if behind else None,
    )


VENUES = by_language(
    {
        "en": venue(
            r"\b(?:[Mm]et|[Mm]eet(?:s|ing)?|[Tt]alks|[Ss]ummit|[Nn]egotiat\w+|[Mm]ediat\w+|signed|conference)\b", "in|at"
        ),
        "de": venue(
            r"\b(?:traf(?:en)?|\w*[Tt]reffen|getroffen|\w*[Gg]espräche?n?|\w*[Gg]ipfel\w*|\w*[Vv]erhand[el]\w+|unterzeichne\w+|"
            r"unterschr[ie]\w+|geeinigt)\b",
            "in|bei",
        ),
        "fr": venue(
            r"\b(?:rencontr\w+|réuni\w*|sommet|pourparlers|négoci\w+|discussions|signé\w*|entretien\w*|délégations)\b", "à|au|aux"
        ),
        "es": venue(
            r"\b(?:reuni\w+|[Cc]umbre|negocia\w+|conversaciones|dialog\w+|diálogo|firma\w+|encuentr\w+|delegaciones)\b", "en"
        ),
        "pt": venue(r"\b(?:reuni\w+|[Cc]úpula|[Cc]imeira|negocia\w+|conversa\w*|diálogo|assina\w+|encontr\w+)\b", "em|no|na"),
        "it": venue(
            r"\b(?:incontr\w+|riuni\w+|[Vv]ertice|negozia\w+|trattativ\w+|colloqui\w*|firma\w+|delegazioni)\b",
            "a|ad|al|alla|in|nel|nella",
        ),
        "nl": venue(
            r"\b(?:ontmoet\w*|spraken|gesprek\w*|\w*overleg\w*|top|onderhandel\w+|bijeenkomst|ondertekend\w*|partijen)\b", "in|te"
        ),
        "pl": venue(r"\b(?:spotka\w+|rozm[oaó]\w+|szczyt\w*|negocj\w+|podpisa\w+|delegacj\w+)\b", "we?"),
        "ru": venue(r"\b(?:встре[чт]\w+|переговор\w*|саммит\w*|подписа\w+|делегаци\w+)\b", "во?"),
        "uk": venue(r"\b(?:зустрі\w+|переговор\w*|саміт\w*|підписа\w+|делегаці\w+)\b", "[ву]"),
        "cs sk": venue(
            r"\b(?:se[tš]\w*kal\w*|stretl\w*|schůz\w+|jedn[aá]\w+|rokova\w+|summit\w*|podepsal\w*|podpísal\w*)\b", "v[eo]?"
        ),
        "hr sl": venue(
            r"\b(?:sasta\w+|sesta\w+|susre\w+|sreča\w+|pregovor\w*|sam+it\w*|summit\w*|po[td]pisa\w+)\b", "[uv]"
        ),
        "sr": venue(
            r"\b(?:состан\w+|саста\w+|сусре\w+|преговор\w*|самит\w*|потписа\w+|sasta\w+|susre\w+|pregovor\w*|samit\w*)\b",
            "[uу]",
        ),
        "bg": venue(r"\b(?:срещ\w+|преговор\w*|разговор\w*|подписа\w+)\b", "във?"),
        "ro": venue(r"\b(?:întâln\w+|negocier\w+|discuți\w+|summit\w*|semnat\w*)\b", "la|în"),
        "sv da nb": venue(r"\b(?:m[öø]tt?e\w*|m[öø]des?|samtal\w*|\w*toppm[öø]\w+|f[öo]rhand\w+|undert[ec]\w+|drøft\w+)\b", "i"),
        "el": venue(r"(?<!\w)(?:συναντ\w+|συνάντησ\w+|συνομιλί\w+|διαπραγμ\w+|σύνοδ\w+|υπέγραψ\w+)", r"στ(?:η|ην|ο|ον)"),
        "ar": venue(r"(?:محادثات|مفاوضات|اجتماع\w*|اجتمع\w*|التقى|لقاء|قمة|وقع\w*|مباحثات|المحادثات)", "في"),
        "fa": venue(r"(?:مذاکر\w+|گفت‌?\s?وگو\w*|دیدار|نشست|امضا)", "در"),
        "id ms": venue(r"\b(?:bertemu|pertemuan|perundingan|berunding|KTT|menandatangani|rundingan)\b", "di"),
        "vi": venue(r"(?:gặp|hội đàm|đàm phán|thượng đỉnh|ký)", "ở|tại"),
        "tr": venue(r"(?:görüş\w+|buluş\w+|zirve\w*|müzakere\w*|bir araya|imzala\w+|masa\w*)", behind=r"['’]?[dt][ae]\b"),
        "fi": venue(r"\b(?:tapa\w+|neuvottel\w+|huippukoko\w+|allekirjoit\w+)\b", behind=r"(?<=ss[aä])\b|(?<=ll[aä])\b"),
        "hu": venue(r"\b(?:találkoz\w+|tárgyal\w+|csúcstalálkozó\w*|egyeztet\w+|aláír\w+)\b", behind=r"(?<=[aeoö]n)\b"),
        "hi": venue(r"(?:बैठक|वार्ता|मुलाकात|मुलाक़ात|शिखर|हस्ताक्षर|बातचीत)", behind=" में"),
        "ur": venue(r"(?:مذاکرات|ملاقات|اجلاس|دستخط)", behind=" میں"),
        "bn": venue(r"(?:বৈঠক|আলোচনা|সম্মেলন|স্বাক্ষর)", behind="(?:য়|ে|তে)"),
        "zh": Venue(
            re.compile("会谈|會談|会晤|會晤|谈判|談判|峰会|峰會|磋商|会面|會面|签署|簽署"),
            re.compile(r"[在于於]\Z"),
            re.compile("会谈|會談|会晤|會晤|举行|舉行"),
        ),
        "ja": venue(r"会談|協議|交渉|首脳|署名|会合", behind="で"),
        "ko": venue(r"회담|협상|정상회의|만나|만났|서명|협의", behind="에?서"),
    }
)  # fmt: skip
#: A meeting that the news is about is told of in so many characters of a text.
LEAD_CHARACTERS = 400
#: Countries that meet, at least; at a seat of organisations one is enough, whose parties meet there, and of a country whose
#: rebels or opposition are named one is enough anywhere.
LEAST_PARTIES = 2
#: Beginnings of words for those who meet a government of their own, in all languages.
OWN_PARTIES = re.compile(
    r"\b(?:[Rr]ebel|[Ii]nsurg|[Gg]uerr?ill|[Oo]pposi[tç]|[Oo]posi|[Oo]pozic|[Oo]ppositi|[Ww]arring|[Mm]ilici?[ij]?a|[Aa]ufständisch|"
    r"[Rr]ibell|[Oo]pstandeling|[Oo]prør|[Oo]pprør|[Kk]apinalli|[Pp]owstań|[Pp]ovstal|[Mm]uhalif|[İi]syancı|[Jj]unta|[Ff]ac[tc]?ion|"
    r"H(?:o?u|ū)thi|Talib|[Tt]aliban|[Ff]elkelő|[Ll]ázad|[Dd]isident|[Pp]emberontak|[Oo]posisi|"
    r"[Оо]ппозиц|[Оо]позиц|[Пп]овстан|[Мм]ятеж|[Зз]аколотн|[Бб]оевик|[Бб]унтовн|[Тт]алиб|[Тт]аліб|[Хх]усит|[Пп]обуњен|[Αα]ντάρτ|"
    r"[Αα]ντιπολίτευσ)"
    r"|المعارض|المتمرد|ال[أا]طراف|طرفا|طرفي|الفصائل|الحوثي|طالبان|شورشی|مخالفان|המורדים|האופוזיציה|विद्रोह|विपक्ष|तालिबान|বিদ্রোহী|"
    r"叛军|叛軍|反对派|反對派|反政府|塔利班|反体制派|武装勢力|タリバン|반군|야권|탈레반|phiến quân|phe đối lập"
)  # fmt: skip
#: So many characters before a name are read, and of its sentence on either side.
BEFORE_CHARACTERS, SENTENCE_CHARACTERS = 8, 300
SENTENCE_END = re.compile(r"[.!?…][\"'”»]?\s|[。！？।]|\n")
#: International courts and the tribunals of wars, in all languages.
TRIBUNAL = re.compile(
    r"\b(?:ICC|ICJ|ICTY|CPI|IStGH|IGH|МУС|МКС|МТБЮ)\b"
    r"|\bInternational (?:Criminal|Court|Tribunal)|\bPermanent Court of Arbitration|\bSpecialist (?:Chambers|Court)"
    r"|\b[IiІ]nternational\w* (?:\w*[Ss]trafgericht|Gerichtshof|Strafhof|Gerechtshof|brottm|straffe|domstol)"
    r"|\b(?:[Cc]our|[Tt]ribunal) (?:pénale?|de justice) internationale?|\bCour internationale de justice"
    r"|\b(?:Corte|Tribunal) [Pp]enal [Ii]nternaci?onal|\bCorte [Ii]nterna[cz]i?onal de [Jj]usti[cç]i?a|\bTribunal Internacional"
    r"|\bCorte penale internazionale|\bCorte internazionale|\bMiędzynarodow\w+ Trybuna|\bMezinárodní\w* (?:trestní|soud)"
    r"|\bMedzinárodn\w+ (?:trestn|súd)|\bMe[dđ]unarodn\w+ (?:kazneni|krivični|sud)|\bМеђународн\w+ (?:кривичн|суд)"
    r"|\bMednarodn\w+ (?:kazensk|sodišč)"
    r"|\bМеждународн\w+ (?:уголовн|суд|трибунал|наказател)|\bМіжнародн\w+ (?:кримінальн|суд|трибунал)"
    r"|\bNemzetközi (?:Büntető|Bíróság)|\bCurt\w+ (?:Penal\w+ )?Interna[tț]ional|\bKansainväli\w+ rikostuomio"
    r"|\bUluslararası (?:Ceza|Adalet)|\bΔιεθν\w+ (?:Ποινικ|Δικαστ)"
    r"|المحكمة الجنائية الدولية|محكمة العدل الدولية|دیوان (?:کیفری )?بین|בית הדין הבינלאומי|בית הדין הפלילי"
    r"|अंतरराष्ट्रीय (?:आपराधिक|न्यायालय)|আন্তর্জাতিক (?:অপরাধ|ফৌজদারি|আদালত)"
    r"|国际刑事法院|國際刑事法院|国际法院|國際法院|国際刑事裁判所|国際司法裁判所|국제형사재판소|국제사법재판소"
    r"|Mahkamah (?:Pidana|Jenayah|Keadilan) |Tòa án (?:Hình sự|Công lý)"
)


def mark_venues(
    passage: Passage, language: str, countries: set[int], seats: frozenset[int], courts: frozenset[int]
) -> None:
    """Mark the places where others meet or are tried.

    `countries`: those of the passage. `seats`: of organisations; `courts`: of the international courts.
    """
    found: set[int] = set()
    places = {mention.name.first.place for mention in passage.mentions}
    if not courts.isdisjoint(places) and TRIBUNAL.search(passage.folded):
        found |= courts
    words, lead = VENUES.get(language), passage.offset + LEAD_CHARACTERS
    least = 1 if words is not None and OWN_PARTIES.search(passage.folded, 0, lead) else LEAST_PARTIES
    if words is not None and (len(countries) > least or not seats.isdisjoint(places)):
        for mention in passage.mentions:
            if mention.start >= lead:
                break
            if mention.name.level == COUNTRY:
                continue
            place = mention.name.first.place
            parties = 1 if place in seats else least
            if len(countries) > parties and place not in found and is_venue(passage, mention, words, parties):
                found.add(place)
    for mention in passage.mentions if found else ():
        mention.nationality |= mention.name.first.place in found and mention.name.first.kind not in DEMONYMS


def is_venue(passage: Passage, mention: Mention, words: Venue, parties: int) -> bool:
    """Return whether countries meet in a city, in its sentence, of which its own is none; so many `parties` at least."""
    if mention.dropped or not is_here(passage, mention, words):
        return False
    start, end = sentence_around(passage.folded, mention)
    if words.meeting.search(passage.folded, start, end) is None:
        return False
    country, place = mention.name.first.country, mention.name.first.place
    named: set[int] = set()
    for other in passage.mentions:
        first = other.name.first
        if start <= other.start < end and not other.dropped and first.place != place:
            if first.country == country:
                return False
            named.add(first.country)
    return len(named) >= parties


def is_here(passage: Passage, mention: Mention, words: Venue) -> bool:
    """Return whether a preposition stands before a mention, or an ending behind it, that tells where something is."""
    return is_beside(passage, mention, words.before, words.behind, BEFORE_CHARACTERS)


def sentence_around(text: str, mention: Mention) -> tuple[int, int]:
    """Return where the sentence of a mention begins and ends."""
    start = max(0, mention.start - SENTENCE_CHARACTERS)
    for end in SENTENCE_END.finditer(text, start, mention.start):
        start = end.end()
    most = mention.end + SENTENCE_CHARACTERS
    last = SENTENCE_END.search(text, mention.end, most)
    return start, last.start() if last else most
