"""Dates as publishers write them: ISO 8601, RFC 2822 and 850, Java, Unix time, and words or numbers in many languages.

A date without a time is midnight UTC, a time without a zone is UTC: the day is what the publisher said. Month names come
from the language files (agents/clean/languages), zones from streams.standards.zones. Day and month in numbers alone are read in
the order of the page's other dates, else of its language, where both could be meant.
"""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Literal, NamedTuple

from agents.clean.metadata.dates.bikram import bikram_day
from agents.clean.metadata.dates.calendars import calendar, fold
from agents.clean.metadata.dates.eras import era_day, full_year
from agents.clean.metadata.dates.roman_months import with_arabic_months
from streams.standards.zones import ZONE_MINUTES

#: What a page shows is no older: an earlier year beside an article is one that it tells of.
EARLIEST_YEAR = 1990
#: What a sender or a page's data state may be as old as newspapers are, unless it is the first day of a program's calendar,
#: which stands where no date is known: Unix's (in any zone), spreadsheets', a Mac's, Windows', SQL Server's.
FIRST_YEAR = 1605
_UNIX = date(1970, 1, 1)
_UNKNOWN = frozenset(
    date.fromisoformat(day)
    for day in ("1601-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1904-01-01", "1980-01-01")
)
#: Thai pages count from the year 543 before ours; a year from here on is such a one, and so is one of two digits from
#: 55 to 99 behind a Thai month.
BUDDHIST_ERA, FIRST_BUDDHIST_YEAR = 543, 2500
#: A text that holds a date with a year of two digits is no longer than this: in prose the number may be anything.
SHORT = 60
MAX_TEXT = 400

#: Languages that write the year first, with two digits too.
YEAR_FIRST = ("ja", "zh", "ko")
#: Languages that write the day and the month with a stroke, and the year apart: 3/11 2026, 3/11-2026.
STROKE_YEAR = ("da", "no", "nb", "nn", "sv")
#: The order of day and month in numbers; empty where it is not known.
Order = Literal["day", "month", ""]


class FoundDate(NamedTuple):
    """A date in a text. `time`: in UTC; `day`: the publisher's own; `doubtful`: day and month may be the other way round.

    `zoned`: it came with a time and a zone, so that nothing about it is a guess.
    """

    time: datetime
    day: date
    zoned: bool = False
    doubtful: bool = False

    def swapped(self) -> date | None:
        """Return the day with day and month exchanged, or None where that is no day."""
        try:
            return self.day.replace(day=self.day.month, month=self.day.day)
        except ValueError:
            return None

    def with_day_in(self, days: set[date]) -> "FoundDate":
        """Return a doubtful date with day and month exchanged where only that day is one of `days`."""
        other = self.swapped() if self.doubtful and self.day not in days else None
        return self._replace(time=self.time + (other - self.day), day=other) if other in days and other else self


#: A month before its day is found from the numbers: trying hundreds of names at every letter is slow.
_DAY_YEAR = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)['’]?(\d{4}|\d\d)(?!\d)", re.IGNORECASE)
_WORD_BEFORE = re.compile(r"([^\W\d_][^\s\d,;:()|·•]{1,15})\s*$")
#: The same of two words, as months of the Levant are called.
_WORDS_BEFORE = re.compile(r"([^\W\d_]{2,10} [^\W\d_]{2,10})\s*$")
#: How Java and C write a time: the year comes last, behind clock and zone.
_YEAR_LAST = re.compile(
    r"([^\W\d_]{3,9})\.?\s+(\d{1,2}),?\s+(\d\d?:\d\d(?::\d\d)?(?:\s*[ap]m)?\s*(?:[a-z]{1,5}|(?:gmt|utc)?[+-]\d\d:?\d\d)?)"
    r"\s+(\d{4})(?!\d)",
    re.IGNORECASE,
)
#: What every date in words or numbers has.
_NEEDED = re.compile(
    r"\d{4}|[〇零一二三四五六七八九]{4}年|\d[./-]\d|\d\D{2,20}\d\d(?!\d)|[和成國国]\s*(?:\d{1,3}|元)\s*年|1\d\d年"
)
_YEAR_FIRST = re.compile(
    # The parts may stand in elements of their own, without punctuation behind the year: 2026 11 / 03 10:05.
    r"(?<![\d/])((?:19|20)\d{2})(?:\s*(?:[-/.年년]|оны)\s*|\s+(?=\d{1,2}\s*/\s*\d{1,2}\s+\d{1,2}:))"
    r"(\d{1,2})\s*(?:[-/.月월]|(?:-?р )?сарын)\s*(\d{1,2})(?!\d)"
)
_YEAR_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:ko)?[\s,.]+(?:[mթ]\. )?([^\W\d_][^\s\d]{1,15})\s+(\d{1,2})(?!\d)", re.IGNORECASE
)
#: The year first, its word, the day and the month's name, as in Latvian, Kazakh and Uzbek.
_YEAR_DAY_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:\. gada|[ -]ж(?:\.|ылы|ылғы)|[ -]yil|\.)\s+(\d{1,2})(?:\.?\s+|-)([^\W\d_]{3,15})",
    re.IGNORECASE,
)
#: Between the parts punctuation, or a full stop and a space before a full year.
_NUMBERS = re.compile(
    r"(?<![\d./-])(\d{1,2})([./-]|\.\s(?=\d{1,2}\.\s\d{4}))(\d{1,2})\2((?:19|20|25)\d{2}|\d{2})(?![\d/])"
)
_DAY_STROKE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:\s|\s?-\s?)((?:19|20)\d{2})(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d:])([01]?\d|2[0-3])(?:[:.h]([0-5]\d)|[時时点點시]\s*(?:([0-5]?\d)\s*[分분]?)?)(?::([0-5]\d))?(?:[.,]\d+)?\s*"
    r"(a\.?m\.?|p\.?m\.?|[صم]\b)?\s*(?:\(?([A-Za-z]{1,5}|мск)\b)?\s?(?:([+-]\d{1,2})(?::?(\d{2}))?(?!\d))?",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ]?(\d{2}:\d{2}(?::\d{2})?)?(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2}(?![\d:])|[+-]\d{2}(?!\d))?",
    re.IGNORECASE,
)
_HALF_DAY = re.compile(r"\s*[ap]\.?m\b", re.IGNORECASE)
_ZONE_NAME = re.compile(r"\s*\(?([A-Za-z]{2,5}|МСК)\b", re.IGNORECASE)
#: Milliseconds as some serialisers write them: /Date(1767258000000)/, with a zone that changes nothing.
_PACKED_EPOCH = re.compile(r"\\?/Date\((\d{13})(?:[+-]\d{4})?\)\\?/")
_COMPACT = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?")
#: What may stand behind a year of two digits: the end, a clock, a zone.
_AFTER_SHORT_YEAR = re.compile(
    r"\s*(?:$|[,|·•()/–—-]|\d{1,2}:\d\d|(?:um|at|à|às|a las|alle|kl|ob|om|เวลา|น)\b)", re.IGNORECASE
)
#: Digits of other scripts, by each one's nought: Arabic, Persian, those of India, Thai, Lao, Burmese, Khmer, full-width.
DIGITS: dict[int, str | None] = {
    ord(zero) + number: str(number) for zero in "٠۰०০੦૦୦௦౦೦൦๐໐၀០０" for number in range(10)
}
#: Marks of direction, which Arabic and Hebrew pages set around the numbers of a date.
DIRECTIONS: dict[int, None] = dict.fromkeys((0x200E, 0x200F, 0x061C, 0x202A, 0x202B, 0x202C))
#: The comma of Burmese.
DIGITS |= DIRECTIONS | {0x104A: ","}


def parse_date(text: str, language: str = "") -> datetime | None:
    """Return the first date in `text` as an aware UTC time, or None; see `read_date`."""
    found = read_date(text, language)
    return found.time if found else None


def read_date(text: str, language: str = "", order: Order = "") -> FoundDate | None:
    """Return the first date in `text`, or None.

    `language`: the page's, for names of months and dates in numbers; `order`: of day and month in its other dates.
    """
    return _since(EARLIEST_YEAR, text, language, order)


def stated_date(text: str, language: str = "") -> FoundDate | None:
    """Return the first date in a text that a sender or a page's data state as a date, which may be old, or None."""
    found = _since(FIRST_YEAR, text, language, "")
    return None if found is None or any(map(is_unknown, (found.day, found.time.date()))) else found


def stated_time(text: str, language: str = "") -> datetime | None:
    """Return the same as an aware UTC time."""
    found = stated_date(text, language)
    return found.time if found else None


def is_unknown(day: date) -> bool:
    """Return whether a day is where a program's calendar begins."""
    return day in _UNKNOWN or abs(day - _UNIX) <= timedelta(days=1)


def _since(year: int, text: str, language: str, order: Order) -> FoundDate | None:
    text = text.strip()
    if not text or len(text) > MAX_TEXT or not (any(map(str.isdigit, text)) or "年" in text):
        return None
    return _read(text, language, order, year)


@lru_cache(1024)
def _read(text: str, language: str, order: Order, since: int) -> FoundDate | None:
    """Read a text that may be a date, from the year `since` on; a page gives its own one several times."""
    if not text.isascii():
        text = text.translate(DIGITS)
    text = with_arabic_months(text)
    # In Nepali "2082-05-12" is a day of the country's calendar, which `_words` reads.
    if language[:2] != "ne" or bikram_day(text, language) is None:
        for parser in (_iso, _epoch, _compact):
            if (found := parser(text)) and found.time.year >= since:
                return found
    found = _words(text, language, order)
    return found if found and found.time.year >= since else None


def holds_numbers(text: str) -> bool:
    """Return whether a text has the numbers that every date has, wherever it may stand in it."""
    return _NEEDED.search(text) is not None


def numbers_order(text: str) -> Order:
    """Return the order of day and month that a text's first date in numbers with an order shows, else empty."""
    for match in _NUMBERS.finditer(text):
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            return "day"
        if second > 12 >= first:
            return "month"
    return ""


def _found(time: datetime | None, *, zoned: bool, doubtful: bool = False) -> FoundDate | None:
    """Return a time as found; a naive one is UTC."""
    if time is None:
        return None
    try:
        own = time if time.tzinfo else time.replace(tzinfo=UTC)
        utc = own.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return FoundDate(utc, own.date(), zoned, doubtful) if utc.year >= FIRST_YEAR else None


def _iso(text: str) -> FoundDate | None:
    match = _ISO.match(text)
    if match is None:
        return None
    day, clock, zone = match.groups()
    if clock and _HALF_DAY.match(text, match.end()):
        return None
    if not clock and _CLOCK.search(text, match.end(), match.end() + 12):
        return _words(text, "", "")
    if clock and not zone and (named := _ZONE_NAME.match(text, match.end())) and named[1].lower() in ZONE_MINUTES:
        return _words(text, "", "")
    zone = (zone or "").upper().replace(":", "")
    if len(zone) == 3:
        zone += "00"
    try:
        time = datetime.fromisoformat(f"{day}T{clock or '00:00'}{zone if clock else ''}")
    except ValueError:
        return None
    return _found(time, zoned=bool(clock and zone))


def _epoch(text: str) -> FoundDate | None:
    if (packed := _PACKED_EPOCH.fullmatch(text)) is not None:
        text = packed[1]
    if not text.isascii() or not text.isdigit() or len(text) not in (10, 13):
        return None
    return _found(datetime.fromtimestamp(int(text[:10]), UTC), zoned=True)


def _compact(text: str) -> FoundDate | None:
    match = _COMPACT.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return _found(datetime(year, month, day, hour, minute, second, tzinfo=UTC), zoned=False)
    except ValueError:
        return None


def _words(text: str, language: str, order: Order) -> FoundDate | None:
    if not holds_numbers(text):
        return None
    if era := era_day(text, language):
        return _at(datetime(era[0].year, era[0].month, era[0].day, tzinfo=UTC), text[era[2] :], text[: era[1]])
    if ":" in text and (match := _YEAR_LAST.search(text)) and (month := calendar().month(match[1], language)):
        day = day_of(int(match[4]), month, int(match[2]))
        return _at(day, match[3], "") if day else None
    doubtful = False
    if match := _named_first(text, language):
        day = day_of(full_year(match[3], match[2]), calendar().month(match[2], language), int(match[1]))
    elif match := _month_first(text, language):
        day = day_of(full_year(match[2], ""), _month_before(text, match, language), int(match[1]))
    elif language[:2] in STROKE_YEAR and (match := _DAY_STROKE.search(text)):
        day = day_of(int(match[3]), int(match[2]), int(match[1]))
    elif match := _YEAR_FIRST.search(text):
        day = day_of(int(match[1]), int(match[2]), int(match[3]))
    elif match := _year_named(text, language):
        day = day_of(int(match[1]), calendar().month(match[2], language), int(match[3]))
    elif (match := _YEAR_DAY_NAME.search(text)) and (month := calendar().month(match[3], language)):
        day = day_of(int(match[1]), month, int(match[2]))
    elif match := _NUMBERS.search(text):
        doubtful = int(match[1]) <= 12 and int(match[3]) <= 12 and match[1] != match[3]
        order = (doubtful and _weekday_order(text, match)) or order
        day = _numbers(match, language, order)
        doubtful = doubtful and not order
    else:
        return None
    return _at(day, text[match.end() :], text[: match.start()], doubtful=doubtful) if day else None


def _named_first(text: str, language: str) -> re.Match[str] | None:
    """Return the first day, month's name and year; a year of two digits only in a short text."""
    pattern, start = calendar().day_first, 0
    while match := pattern.search(text, start):
        if calendar().month(match[2], language) and (len(match[3]) == 4 or _ends_date(text, match)):
            return match
        start = match.end(1)
    return None


def _ends_date(text: str, match: re.Match[str]) -> bool:
    return len(text) <= SHORT and _AFTER_SHORT_YEAR.match(text, match.end()) is not None


def _year_named(text: str, language: str) -> re.Match[str] | None:
    return next((match for match in _YEAR_NAME.finditer(text) if calendar().month(match[2], language)), None)


def _month_first(text: str, language: str) -> re.Match[str] | None:
    """Return the first day and year in a text that stand behind a month's name."""
    for match in _DAY_YEAR.finditer(text):
        if _month_before(text, match, language) and (
            len(match[2]) == 4 or (any(sign in match[0] for sign in ",'’") and _ends_date(text, match))
        ):
            return match
    return None


def _month_before(text: str, match: re.Match[str], language: str) -> int:
    """Return the month whose name of one word or two stands right before a match, else 0."""
    before = text[max(0, match.start() - 25) : match.start()]
    found = (pattern.search(before) for pattern in (_WORD_BEFORE, _WORDS_BEFORE))
    return next(filter(None, (calendar().month(words[1], language) for words in found if words)), 0)


def _weekday_order(text: str, match: re.Match[str]) -> Order:
    """Return the order of day and month in which a date in numbers falls on the weekday before it, else empty."""
    word = _WORD_BEFORE.search(text[max(0, match.start() - 20) : match.start()].rstrip(" ,.("))
    weekday = calendar().weekdays.get(fold(word[1].rstrip("."))) if word else None
    if weekday is None:
        return ""
    year, first, second = full_year(match[4], ""), int(match[1]), int(match[3])
    days = {"day": day_of(year, second, first), "month": day_of(year, first, second)}
    fitting: list[Order] = [order for order in ("day", "month") if (day := days[order]) and day.weekday() == weekday]
    return fitting[0] if len(fitting) == 1 else ""


def _numbers(match: re.Match[str], language: str, order: Order) -> datetime | None:
    first, separator, second = int(match[1]), match[2], int(match[3])
    if len(match[4]) == 2 and language[:2] in YEAR_FIRST:
        return day_of(2000 + first, second, int(match[4]))
    year = full_year(match[4], "ก" if language[:2] == "th" else "")
    month_first = order == "month" or (not order and has_month_first(language.lower(), separator))
    if (month_first and first <= 12) or second > 12:
        return day_of(year, first, second)
    return day_of(year, second, first)


def has_month_first(language: str, separator: str) -> bool:
    """Return whether a language writes the month first with this punctuation.

    With full stops only the United States do: English elsewhere takes them from its neighbours, the day first.
    """
    return language in calendar().month_first and (not separator.startswith(".") or language.endswith("-us"))


def day_of(year: int, month: int, day: int) -> datetime | None:
    """Return a day of the calendar, of the Buddhist era too, or None where there is no such day."""
    if year >= FIRST_BUDDHIST_YEAR:
        year -= BUDDHIST_ERA
    try:
        time = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
    return time if time.year >= FIRST_YEAR else None


def _at(day: datetime, after: str, before: str, *, doubtful: bool = False) -> FoundDate | None:
    """Return a day at the time that the text behind or before it names, else at midnight UTC."""
    time, zoned = _clock(day, after) or _clock(day, before) or (day, False)
    return _found(time, zoned=zoned, doubtful=doubtful)


def _clock(day: datetime, text: str) -> tuple[datetime, bool] | None:
    """Return `day` at the time of day that `text` names near its edge, and whether a zone was named; None without one."""
    match = _CLOCK.search(text[:40] if len(text) > 40 else text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2] or match[3] or 0), int(match[4] or 0)
    half = (match[5] or "").lower()
    beside = f"{text[: match.start()]}|{text[match.end() :]}"
    if (half.startswith(("p", "م")) or calendar().afternoon.search(beside)) and hour < 12:
        hour += 12
    elif (half.startswith(("a", "ص")) or calendar().morning.search(beside)) and hour == 12:
        hour = 0
    name = (match[6] or "").lower()
    minutes = ZONE_MINUTES.get(name, 0)
    numeric = match[7] and (not name or name in ("utc", "gmt")) and (match[8] or name)
    if numeric:
        minutes = int(match[7]) * 60 + (int(match[8] or 0) if match[7][0] == "+" else -int(match[8] or 0))
    try:
        zone = timezone(timedelta(minutes=minutes))
        return day.replace(hour=hour, minute=minute, second=second, tzinfo=zone), bool(numeric or name in ZONE_MINUTES)
    except ValueError:
        return None
