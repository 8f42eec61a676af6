"""Dates as publishers write them: ISO 8601, RFC 2822, Unix time, and dates in words or numbers in the larger languages.

A date without a time is midnight UTC, a time without a zone is UTC: the day is what the publisher said. Day and month
in numbers alone are read in the order that the page's language uses where both could be meant.
"""
# ruff: noqa: RUF001 - the signs that look like others are what is matched

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from agents.clean.metadata.eras import era_day

#: Nothing on the web is older; earlier dates are template defaults (Unix time 0 and the like).
EARLIEST_YEAR = 1990

#: Month names by language, in the case in which dates use them, full and short, January first.
_MONTHS = {
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ar_east": "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
    "ar_west": "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "bn": "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
    "ca": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "de_at": "jänner feber maerz april mai juni juli august september oktober november dezember",
    "de_short": "jan feb mär apr mai jun jul aug sep okt nov dez",
    "el": "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου"
    " νοεμβρίου δεκεμβρίου",
    "en": "january february march april may june july august september october november december",
    "en_short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "es_short": "ene feb mar abr may jun jul ago sep oct nov dic",
    "et": "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "fa_gregorian": "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta"
    " marraskuuta joulukuuta",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "fr_plain": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "fr_short": "janv févr mars avr mai juin juil août sept oct nov déc",
    "he": "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    "he_in": "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    "hi": "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "is": "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "it_short": "gen feb mar apr mag giu lug ago set ott nov dic",
    "lt": "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
    "lv": "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",
    "ms": "januari februari mac april mei jun julai ogos september oktober november disember",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "nl_short": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "pl_short": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "pt_short": "jan fev mar abr mai jun jul ago set out nov dez",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ru_short": "янв фев мар апр май июн июл авг сен окт ноя дек",
    "sk": "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
    "sl": "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
    "sr": "јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра",
    "sr_latin": "januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra",
    "sw": "januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "ta": "ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "th_short": "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "tr_short": "oca şub mar nis may haz tem ağu eyl eki kas ara",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ur": "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    "vi": "tháng_1 tháng_2 tháng_3 tháng_4 tháng_5 tháng_6 tháng_7 tháng_8 tháng_9 tháng_10 tháng_11 tháng_12",
}  # fmt: skip
_MORE = {"sept": 9, "fév": 2, "setiembre": 9, "फ़रवरी": 2, "सितम्बर": 9, "अक्तूबर": 10, "नवम्बर": 11, "दिसम्बर": 12}


def fold(name: str) -> str:
    """Return a name without case, and with one `i` for the dotted and the dotless one (as `re.IGNORECASE` has it)."""
    return name.casefold().replace("i̇", "i").replace("ı", "i")


MONTHS = {
    fold(name.replace("_", " ")): number
    for names in _MONTHS.values()
    for number, name in enumerate(names.split(), start=1)
} | {fold(name): number for name, number in _MORE.items()}
#: Thai pages count from the year 543 before ours; a year from here on is such a one.
BUDDHIST_ERA, FIRST_BUDDHIST_YEAR = 543, 2500

_ZONES = {
    "utc": 0,
    "gmt": 0,
    "z": 0,
    "bst": 60,
    "cet": 60,
    "cest": 120,
    "est": -300,
    "edt": -240,
    "et": -300,
    "cst": -360,
}
_ZONES |= {
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
    "ist": 330,
    "jst": 540,
    "aest": 600,
    "aedt": 660,
    "msk": 180,
    "мск": 180,
    "eet": 120,
    "eest": 180,
    "kst": 540,
    "hkt": 480,
    "sgt": 480,
    "wib": 420,
    "wita": 480,
    "wit": 540,
    "pkt": 300,
    "wat": 60,
    "eat": 180,
    "sast": 120,
    "brt": -180,
}

#: The name is looked up: trying hundreds of them in the pattern is slow.
_DAY_FIRST = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|η|-?го|º|ª)?[\s\-/.،,]*(?:de |of |d'|d’)?\s*([^\W\d_]\D{1,15}?|tháng \d{1,2})"
    r"(?:[\s\-/،,]+(?:de |del |năm )?)?(\d{4})(?!\d)",
    re.IGNORECASE,
)
#: A month before its day is found from the numbers: trying hundreds of names at every letter is slow.
_DAY_YEAR = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)(\d{4})(?!\d)", re.IGNORECASE)
_WORD_BEFORE = re.compile(r"([^\W\d_][^\s\d,;:()|·•]{1,15})\s*$")
#: What every date in words or numbers has.
_NEEDED = re.compile(r"\d{4}|\d[./-]\d|[和成國国]\s*(?:\d{1,3}|元)\s*年")
_YEAR_FIRST = re.compile(r"(?<![\d/])((?:19|20)\d{2})\s*[-/.年년]\s*(\d{1,2})\s*[-/.月월]\s*(\d{1,2})(?!\d)")
_YEAR_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[\s,.]+(?:m\. )?([^\W\d_][^\s\d]{1,15})\s+(\d{1,2})(?!\d)", re.IGNORECASE
)
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d{2}|\d{2})(?![\d/])")
_CLOCK = re.compile(
    r"(?<![\d:])([01]?\d|2[0-3])(?:[:.h]([0-5]\d)|[時时点點시]\s*(?:([0-5]?\d)\s*[分분]?)?)(?::([0-5]\d))?\s*"
    r"(a\.?m\.?|p\.?m\.?)?\s*(?:\(?([A-Za-z]{1,4}|мск)\b)?(?:([+-]\d{1,2})(?::?(\d{2}))?(?!\d))?",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ]?(\d{2}:\d{2}(?::\d{2})?)?(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2}(?![\d:])|[+-]\d{2}(?!\d))?",
    re.IGNORECASE,
)
#: What stands before a clock of twelve hours in the second half of the day.
_AFTERNOON = re.compile(r"(?:下午|午後|晚上|오후|بعد از ظهر)\s*$")
_HALF_DAY = re.compile(r"\s*[ap]\.?m\b", re.IGNORECASE)
_ZONE_NAME = re.compile(r"\s*\(?([A-Za-z]{2,4}|МСК)\b", re.IGNORECASE)
_COMPACT = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?")
_URL = re.compile(
    r"[/\-_.]t?((?:19|20)\d{2})[/\-_.]?(0[1-9]|1[0-2]|(?:[A-Za-z]{3,9}))[/\-_.]?([0-2]\d|3[01])(?=[/\-_.]|$|\D)"
)

#: Digits as Persian, Arabic, Hindi, Bengali and Thai write them.
_DIGITS = {
    ord(digit): str(number)
    for digits in ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "০১২৩৪৫৬৭৮৯", "๐๑๒๓๔๕๖๗๘๙")
    for number, digit in enumerate(digits)
}

#: Languages (and regions) that write the month before the day in numbers.
MONTH_BEFORE_DAY = frozenset(("en", "en-us", "en-ph", "en-ca"))


def parse_date(text: str, language: str = "") -> datetime | None:
    """Return the first date in `text` as an aware UTC time, or None.

    `language`: the page's, for dates in numbers alone.
    """
    text = text.strip()
    if not text or len(text) > 400:
        return None
    if not text.isascii():
        text = text.translate(_DIGITS)
    for parser in (_iso, _epoch, _compact):
        found = parser(text)
        if found is not None:
            return found
    return _words(text, language)


def url_date(url: str) -> datetime | None:
    """Return the day that a URL's path names (`/2026/01/02/`), or None."""
    for match in _URL.finditer(url.split("?", 1)[0]):
        year, month, day = match.groups()
        number = int(month) if month.isdigit() else _month(month)
        if found := _day(int(year), number, int(day)):
            return found
    return None


def in_range(time: datetime) -> bool:
    """Return whether a publisher can have meant this time: template defaults are out."""
    return time.year >= EARLIEST_YEAR


def _utc(time: datetime) -> datetime | None:
    try:
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return time if in_range(time) else None


def _iso(text: str) -> datetime | None:
    match = _ISO.match(text)
    if match is None:
        return None
    day, clock, zone = match.groups()
    if clock and _HALF_DAY.match(text, match.end()):
        return None
    if clock and not zone and (named := _ZONE_NAME.match(text, match.end())) and named[1].lower() in _ZONES:
        return _words(text, "")
    zone = (zone or "").upper().replace(":", "")
    if len(zone) == 3:
        zone += "00"
    try:
        time = datetime.fromisoformat(f"{day}T{clock or '00:00'}{zone if clock else ''}")
    except ValueError:
        return None
    return _utc(time)


def _epoch(text: str) -> datetime | None:
    if not text.isascii() or not text.isdigit() or len(text) not in (10, 13):
        return None
    return _utc(datetime.fromtimestamp(int(text[:10]), UTC))


def _compact(text: str) -> datetime | None:
    match = _COMPACT.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return _utc(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
    except ValueError:
        return None


def _words(text: str, language: str) -> datetime | None:
    if not _NEEDED.search(text):
        return None
    if (era := era_day(text)) and (time := datetime(era[0].year, era[0].month, era[0].day, tzinfo=UTC)):
        return _utc(_clock(time, text[era[2] :]) or _clock(time, text[: era[1]]) or time)
    if match := _named(_DAY_FIRST, text):
        day = _day(int(match[3]), _month(match[2]), int(match[1]))
    elif match := _month_first(text):
        day = _day(int(match[2]), _month_before(text, match), int(match[1]))
    elif match := _YEAR_FIRST.search(text):
        day = _day(int(match[1]), int(match[2]), int(match[3]))
    elif match := _named(_YEAR_NAME, text):
        day = _day(int(match[1]), _month(match[2]), int(match[3]))
    elif match := _NUMBERS.search(text):
        day = _numbers(match, language)
    else:
        return None
    if day is None:
        return None
    if "," in text[:5]:
        try:
            return _utc(parsedate_to_datetime(text))
        except (ValueError, TypeError, IndexError):
            pass
    return _utc(_clock(day, text[match.end() :]) or _clock(day, text[: match.start()]) or day)


def _named(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the first match whose second group is a month's name."""
    return next((match for match in pattern.finditer(text) if _month(match[2])), None)


def _month_first(text: str) -> re.Match[str] | None:
    """Return the first day and year in a text that stand behind a month's name."""
    return next((match for match in _DAY_YEAR.finditer(text) if _month_before(text, match)), None)


def _month_before(text: str, match: re.Match[str]) -> int:
    word = _WORD_BEFORE.search(text[max(0, match.start() - 20) : match.start()])
    return _month(word[1]) if word else 0


def _month(name: str) -> int:
    """Return a month by its name, with or without a full stop, 0 where there is none."""
    name = fold(name.rstrip(" .,-/،"))
    return MONTHS.get(name) or MONTHS.get(f"{name}.", 0)


def _numbers(match: re.Match[str], language: str) -> datetime | None:
    first, separator, second, year = int(match[1]), match[2], int(match[3]), int(match[4])
    if year < 100:
        year += 2000
    month_first = separator == "/" and language.lower() in MONTH_BEFORE_DAY
    if (month_first and first <= 12) or second > 12:
        return _day(year, first, second)
    return _day(year, second, first)


def _day(year: int, month: int, day: int) -> datetime | None:
    if year >= FIRST_BUDDHIST_YEAR:
        year -= BUDDHIST_ERA
    try:
        time = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
    return time if in_range(time) else None


def _clock(day: datetime, text: str) -> datetime | None:
    """Return `day` at the time of day that `text` names near its edge, or None."""
    match = _CLOCK.search(text[:40] if len(text) > 40 else text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2] or match[3] or 0), int(match[4] or 0)
    half = (match[5] or "").lower()
    if (half.startswith("p") or _AFTERNOON.search(text[: match.start()])) and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    name = (match[6] or "").lower()
    minutes = _ZONES.get(name, 0)
    if match[7] and (not name or name in ("utc", "gmt")) and (match[8] or name):
        minutes = int(match[7]) * 60 + (int(match[8] or 0) if match[7][0] == "+" else -int(match[8] or 0))
    try:
        return day.replace(hour=hour, minute=minute, second=second, tzinfo=timezone(timedelta(minutes=minutes)))
    except ValueError:
        return None
