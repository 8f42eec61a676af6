"""Days of other calendars: Nepal's, the Iranian and Ethiopian ones, Japan's reigns, the Republic of China's years.

Days in Chinese numerals are read here, too: 二〇二六年五月十七日.

The Islamic lunar calendar is not among them: its months begin when the moon is seen, a day earlier or later by country.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import partial

from agents.clean.metadata.dates.bikram import bikram_day

#: Months of the Iranian calendar, as Iran and (second) Afghanistan call them, the month of the spring equinox first.
_SOLAR = (
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
)
SOLAR_MONTHS = {name: number for names in _SOLAR for number, name in enumerate(names.split(), start=1)}
#: The first day of the year 1400, and the leap years of each 33 (exact from 1343 to 1502).
_FIRST = date(2021, 3, 21)
_LEAP = frozenset((1, 5, 9, 13, 17, 22, 26, 30))
#: The year before the first of an era; without a name it is the Republic of China's, whose years have three digits.
_ERAS = {"": 1911, "令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}

_NAMED = re.compile(r"(?<!\d)(\d{1,2})\s+([^\W\d_]{2,8}?)[\s\u200c]*(?:ماه)?[\s,،]+(1[34]\d\d)(?!\d)")
#: Days in numbers, and where year, month and day stand; the day first only with years that no other calendar has now.
_NUMBERS = (
    (re.compile(r"(?<![\d/])(1[34]\d\d)([/-])(\d{1,2})\2(\d{1,2})(?![\d/])"), (1, 3, 4)),
    (re.compile(r"(?<![\d/-])(\d{1,2})([/-])(\d{1,2})\2(13\d\d|14[01]\d)(?!\d)"), (4, 3, 1)),
)
_ERA = re.compile(r"(令和|平成|民國|民国|(?<!\d)(?=1[01]\d年))\s*(\d{1,3}|元)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")

#: A day in Chinese numerals, and what each of them counts.
_HAN = re.compile(r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日")
_COUNTS = {numeral: number for number, numeral in enumerate("〇一二三四五六七八九")} | {"零": 0}

#: Months of the Ethiopian calendar in the spellings of its newspapers, the month of the new year (11 September) first.
_ETHIOPIAN = (
    "መስከረም ጥቅምት ኅዳር ታኅሣሥ ጥር የካቲት መጋቢት ሚያዝያ ግንቦት ሰኔ ሐምሌ ነሐሴ ጳጉሜን",
    "መስከረም ጥቅምት ህዳር ታህሳስ ጥር የካቲት መጋቢት ሚያዚያ ግንቦት ሰኔ ሀምሌ ነሀሴ ጳጉሜ",
)
ETHIOPIAN_MONTHS = {name: number for names in _ETHIOPIAN for number, name in enumerate(names.split(), start=1)}
#: The day before the first of the year 0, as `date.toordinal` counts.
_YEAR_NOUGHT = 2_400
_ETHIOPIC = re.compile(r"([\u1200-\u137f]{2,6})\s+(\d{1,2})(?:\s*ቀን)?[\s,፣/]\s*(\d{4})(?!\d)")


def era_day(text: str, language: str = "") -> tuple[date, int, int] | None:
    """Return the first day in `text` (digits 0 to 9) of another calendar, and where it stands; None without one."""
    if nepali := bikram_day(text, language):
        return nepali
    if not text.isascii():
        for pattern, read in ((_ERA, _era), (_ETHIOPIC, _ethiopic), (_HAN, _han)):
            if found := _first(pattern, read, text):
                return found
    if "13" not in text and "14" not in text:
        # No year of the Iranian calendar, as in nearly all texts: two searches less.
        return None
    if found := _first(_NAMED, _named, text):
        return found
    for pattern, order in _NUMBERS:
        if found := _first(pattern, partial(_numbered, order), text):
            return found
    return None


def _first(
    pattern: re.Pattern[str], read: Callable[[re.Match[str]], date | None], text: str
) -> tuple[date, int, int] | None:
    """Return the first match of a pattern that is a day, with where it stands: a month 13 is none, and others may follow."""
    for match in pattern.finditer(text):
        with suppress(ValueError):
            if day := read(match):
                return day, match.start(), match.end()
    return None


def _era(match: re.Match[str]) -> date:
    """Return the day of an era; raise `ValueError` where there is none."""
    year = _ERAS[match[1]] + (1 if match[2] == "元" else int(match[2]))
    return date(year, int(match[3]), int(match[4]))


def _ethiopic(match: re.Match[str]) -> date | None:
    """Return the day of the Ethiopian calendar."""
    month = ETHIOPIAN_MONTHS.get(match[1])
    return ethiopian(int(match[3]), month, int(match[2])) if month else None


def _han(match: re.Match[str]) -> date:
    """Return the day in Chinese numerals; raise `ValueError` where there is none."""
    year = int("".join(str(_COUNTS[numeral]) for numeral in match[1]))
    return date(year, han_number(match[2]), han_number(match[3]))


def _numbered(order: tuple[int, int, int], match: re.Match[str]) -> date | None:
    """Return the day of the Iranian calendar in numbers. `order`: the groups of year, month and day."""
    year, month, day = (int(match[part]) for part in order)
    return solar(year, month, day)


def _named(match: re.Match[str]) -> date | None:
    """Return the day of the Iranian calendar with the month's name."""
    month = SOLAR_MONTHS.get(match[2])
    return solar(int(match[3]), month, int(match[1])) if month else None


def han_number(text: str) -> int:
    """Return a number below a hundred that is written in Chinese numerals: 十七 is 17, 二十 is 20."""
    tens, ten, ones = text.rpartition("十")
    return (_COUNTS.get(tens, 1) * 10 if ten else 0) + _COUNTS.get(ones, 0)


def solar(year: int, month: int, day: int) -> date | None:
    """Return the day of the Iranian calendar (six months of 31 days, five of 30, the last of 29 or 30), or None."""
    longest = 31 if month <= 6 else 30 if month < 12 or year % 33 in _LEAP else 29
    if not (1 <= month <= 12 and 1 <= day <= longest):
        return None
    before = range(1400, year) if year >= 1400 else range(year, 1400)
    days = sum(366 if passed % 33 in _LEAP else 365 for passed in before)
    first = _FIRST + timedelta(days if year >= 1400 else -days)
    return first + timedelta(31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1)


def ethiopian(year: int, month: int, day: int) -> date | None:
    """Return the day of the Ethiopian calendar (twelve months of 30 days, the last of five or six), or None."""
    if not 1 <= day <= (30 if month <= 12 else 6 if year % 4 == 3 else 5):
        return None
    return date.fromordinal(_YEAR_NOUGHT + 365 * year + year // 4 + 30 * month + day)


def full_year(digits: str, month: str) -> int:
    """Return a year of two or four digits as a full one: of this century, or of the Buddhist era behind a Thai month."""
    year = int(digits)
    if len(digits) == 4:
        return year
    if year >= 55 and "\u0e00" < month.strip()[:1] < "\u0eff":
        return 2500 + year
    return (1900 if year >= 90 else 2000) + year
