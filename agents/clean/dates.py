"""Dates as publishers write them: ISO 8601, RFC 2822, Unix time, and dates in words or numbers in the larger languages.

A date without a time is midnight UTC, a time without a zone is UTC: the day is what the publisher said. Day and month
in numbers alone are read in the order that the page's language uses where both could be meant.
"""
# ruff: noqa: RUF001 - the signs that look like others are what is matched

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

#: Nothing on the web is older; earlier dates are template defaults (Unix time 0 and the like).
EARLIEST_YEAR = 1990

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "en_short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "de_at": "jänner feber maerz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "fr_plain": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "el": "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου"
    " νοεμβρίου δεκεμβρίου",
    "hi": "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "vi_short": "jan. feb. mar. apr. may. jun. jul. aug. sep. oct. nov. dec.",
}  # fmt: skip
MONTHS = {name: number for names in _MONTHS.values() for number, name in enumerate(names.split(), start=1)}
MONTHS |= {
    "sept": 9,
    "sept.": 9,
    "fév": 2,
    "févr": 2,
    "juil": 7,
    "déc": 12,
    "ene": 1,
    "abr": 4,
    "ago": 8,
    "dic": 12,
    "mär": 3,
    "okt": 10,
}
MONTHS |= {
    "dez": 12,
    "fev": 2,
    "mai": 5,
    "out": 10,
    "set": 9,
    "gen": 1,
    "mag": 5,
    "giu": 6,
    "lug": 7,
    "ott": 10,
    "maj": 5,
    "avr": 4,
}

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
}

_NAME = "|".join(sorted((re.escape(name) for name in MONTHS), key=len, reverse=True))
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?[\s\-/]*(?:de |of |d')?\s*({_NAME})\b\.?,?[\s\-/]*"
    r"(?:de |del |,)?\s*(\d{4})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b({_NAME})\b\.?\s*(\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)(\d{{4}})(?!\d)", re.IGNORECASE
)
_YEAR_FIRST = re.compile(r"(?<![\d/])((?:19|20)\d{2})\s*[-/.年년]\s*(\d{1,2})\s*[-/.月월]\s*(\d{1,2})(?!\d)")
_YEAR_NAME = re.compile(rf"(?<!\d)((?:19|20)\d{{2}})[\s,]+({_NAME})\.?\s+(\d{{1,2}})(?!\d)", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d{2}|\d{2})(?![\d/])")
_CLOCK = re.compile(
    r"(?<![\d:])([01]?\d|2[0-3])[:.h]([0-5]\d)(?::([0-5]\d))?\s*(a\.?m\.?|p\.?m\.?)?\s*"
    r"(?:\(?([A-Za-z]{1,4})\b|([+-]\d{2}):?(\d{2}))?",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ]?(\d{2}:\d{2}(?::\d{2})?)?(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2}(?![\d:])|[+-]\d{2}(?!\d))?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?")
_URL = re.compile(
    r"[/\-_.]((?:19|20)\d{2})[/\-_.]?(0[1-9]|1[0-2]|(?:[A-Za-z]{3}))[/\-_.]?([0-2]\d|3[01])(?=[/\-_.]|$|\D)"
)

#: Languages (and regions) that write the month before the day in numbers.
MONTH_BEFORE_DAY = frozenset(("en", "en-us", "en-ph", "en-ca"))


def parse_date(text: str, language: str = "") -> datetime | None:
    """Return the first date in `text` as an aware UTC time, or None.

    `language`: the page's, for dates in numbers alone.
    """
    text = text.strip()
    if not text or len(text) > 400:
        return None
    for parser in (_iso, _epoch, _compact):
        found = parser(text)
        if found is not None:
            return found
    return _words(text, language)


def url_date(url: str) -> datetime | None:
    """Return the day that a URL's path names (`/2026/01/02/`), or None."""
    match = _URL.search(url)
    if match is None:
        return None
    year, month, day = match.groups()
    number = int(month) if month.isdigit() else MONTHS.get(month.lower(), 0)
    return _day(int(year), number, int(day))


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
    if match := _DAY_FIRST.search(text):
        day = _day(int(match[3]), MONTHS[match[2].lower()], int(match[1]))
    elif match := _MONTH_FIRST.search(text):
        day = _day(int(match[3]), MONTHS[match[1].lower()], int(match[2]))
    elif match := _YEAR_FIRST.search(text):
        day = _day(int(match[1]), int(match[2]), int(match[3]))
    elif match := _YEAR_NAME.search(text):
        day = _day(int(match[1]), MONTHS[match[2].lower()], int(match[3]))
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


def _numbers(match: re.Match[str], language: str) -> datetime | None:
    first, separator, second, year = int(match[1]), match[2], int(match[3]), int(match[4])
    if year < 100:
        year += 2000
    month_first = separator == "/" and language.lower() in MONTH_BEFORE_DAY
    if (month_first and first <= 12) or second > 12:
        return _day(year, first, second)
    return _day(year, second, first)


def _day(year: int, month: int, day: int) -> datetime | None:
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
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    half = (match[4] or "").lower()
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    minutes = _ZONES.get((match[5] or "").lower(), 0)
    if match[6]:
        minutes = int(match[6]) * 60 + (int(match[7]) if match[6][0] == "+" else -int(match[7]))
    try:
        return day.replace(hour=hour, minute=minute, second=second, tzinfo=timezone(timedelta(minutes=minutes)))
    except ValueError:
        return None
