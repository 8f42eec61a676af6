"""Dates of feeds: RFC 822 and ISO 8601 as publishers write them, which is rarely as they are defined.

A zone that is named is read by the table of `streams.standards.zones`; one that nobody knows, and none at all, is UTC. Days in
numbers alone (`3/4/2026`) are read where they can be only one day, or where the feed's language says which. What is
not read here keeps its text: agents/clean knows the months of many languages.
"""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from streams.standards.zones import ZONE_MINUTES

#: Longer texts are no dates.
MAX_CHARACTERS = 120
EARLIEST_YEAR, LATEST_YEAR = 1970, 2200
#: Years of two digits from here on are of the last century (RFC 2822, 4.3, has 50).
FIRST_OLD_YEAR = 50
#: Digits of a year, which alone is one only where nothing follows.
YEAR = 4
#: No zone is further from UTC.
FURTHEST_HOURS = 14

_FULL = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTHS = {name[:3]: number for number, name in enumerate(_FULL, 1)}
#: The form of most dates in Atom and sitemaps, which Python reads by itself.
_W3C = re.compile(r"(?:19[7-9]|20)\d{1,2}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)$")
_DAY_NAMES = re.compile(r"^\W*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s*", re.IGNORECASE)
_ISO_DAY = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?|-?(\d{2})(\d{2}))?(?!\d)")
_ORDINAL_DAY = re.compile(r"^(\d{4})-?(\d{3})(?!\d)")
_WEEK_DAY = re.compile(r"^(\d{4})-?W(\d{2})(?:-?([1-7]))?(?!\d)", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"^(\d{4})([/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_DAY_MONTH = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[\s/.-]*([A-Za-z]{3,9})\.?,?[\s/.-]*(\d{4}|\d{2})(?!\d)")
_MONTH_DAY = re.compile(r"^([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s*(\d{4}))?(?!\d)")
_NUMBERS = re.compile(r"^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d:])(\d{1,2})(?:[:.](\d{1,2})(?:[:.](\d{1,2})(?:[.,](\d{1,9}))?)?(?:\s*([ap])\.?m\.?)?|\s*([ap])\.?m\.?)(?!\d)",
    re.IGNORECASE,
)
_COMPACT_CLOCK = re.compile(r"^T?(\d{2})(\d{2})(\d{2})?(?=Z|[+-]|\s|$)", re.IGNORECASE)
_COMPACT = re.compile(r"^(\d{8})(\d{6})$")
_EPOCH = re.compile(r"^(\d{10})(?:\d{3})?$")
_OFFSET = re.compile(r"(\+\s?|[\N{MINUS SIGN}-])(\d{1,2}):?(\d{2})?(?!\d)")
_PLACE = re.compile(r"\b([A-Z][A-Za-z]+/[A-Z][A-Za-z_/]+)")
_ZONE = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,5})(?![^\W\d_])")
_YEAR = re.compile(r"(?<!\d)((?:19|20|21)\d{2})(?!\d)")


class WrittenDay(NamedTuple):
    """A day, not yet known to be one of the calendar, and the text behind it."""

    year: int
    month: int
    day: int
    rest: str


def read_date(text: str | None, language: str | None = None) -> tuple[datetime | None, str | None]:
    """Return a date as an aware UTC time, and an unknown zone in it; (None, None) for any other text.

    `language`: the feed's, for days in numbers alone.
    """
    if text and _W3C.match(text):
        with suppress(ValueError):
            return datetime.fromisoformat(text).astimezone(UTC), None
    text = " ".join(text.split()) if text and len(text) <= MAX_CHARACTERS else ""
    if not text:
        return None, None
    if match := _EPOCH.match(text):
        return datetime.fromtimestamp(int(match[1]), UTC), None
    text = _COMPACT.sub(r"\1T\2", _DAY_NAMES.sub("", text))
    found = _day(text, language)
    if found is None:
        return None, None
    try:
        time, unknown = _with_clock(datetime(found.year, found.month, found.day, tzinfo=UTC), found.rest)
    except (ValueError, OverflowError):
        return None, None
    return (time, unknown) if EARLIEST_YEAR <= time.year <= LATEST_YEAR else (None, None)


def _day(text: str, language: str | None) -> WrittenDay | None:
    """Return the day that a text begins with."""
    if match := _WEEK_DAY.match(text) or _ORDINAL_DAY.match(text):
        return _counted(match, text)
    if match := _YEAR_FIRST.match(text):
        return WrittenDay(int(match[1]), int(match[3]), int(match[4]), text[match.end() :])
    if (match := _ISO_DAY.match(text)) and (match.end() > YEAR or not text[YEAR:].strip()):  # 2026年3月2日, 2026 Mar 2
        year, month, day = int(match[1]), int(match[2] or match[4] or 1), int(match[3] or match[5] or 1)
        return WrittenDay(year, month, day, text[match.end() :])
    if match := _DAY_MONTH.match(text):
        return _named(match[3], match[2], match[1], text[match.end() :])
    if match := _MONTH_DAY.match(text):
        rest = text[match.end() :]
        if match[3]:
            return _named(match[3], match[1], match[2], rest)
        behind = _YEAR.search(rest)  # asctime has the year last
        return _named(behind[1], match[1], match[2], rest.replace(behind[1], " ", 1)) if behind else None
    if match := _NUMBERS.match(text):
        return _numbers(match, language, text[match.end() :])
    return None


def _counted(match: re.Match[str], text: str) -> WrittenDay | None:
    """Return the day of a week (ISO 8601) or of a year."""
    year, number = int(match[1]), int(match[2])
    try:
        if match.re is _WEEK_DAY:
            time = datetime.fromisocalendar(year, number, int(match[3] or 1))
        else:
            time = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=number - 1)
    except (ValueError, OverflowError):
        return None
    return WrittenDay(time.year, time.month, time.day, text[match.end() :])


def _named(year: str, month: str, day: str, rest: str) -> WrittenDay | None:
    name = month.lower()
    number = _MONTHS.get(name[:3], 0)
    if not number or not (_FULL[number - 1].startswith(name) or name == "sept"):
        return None
    full = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= FIRST_OLD_YEAR else 2000)
    return WrittenDay(full, number, int(day), rest)


def _numbers(match: re.Match[str], language: str | None, rest: str) -> WrittenDay | None:
    """Return a day in numbers: where both could be the month, English of the United States has it first."""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if first > 12 or match[2] == ".":
        return WrittenDay(year, second, first, rest)
    if second > 12 or first == second:
        return WrittenDay(year, first, second, rest)
    if not language:
        return None
    month_first = language.lower().replace("_", "-") in ("en-us", "en-ca", "en-ph")
    if language.lower() == "en":
        return None
    return WrittenDay(year, first, second, rest) if month_first else WrittenDay(year, second, first, rest)


def _with_clock(day: datetime, rest: str) -> tuple[datetime, str | None]:
    """Return a day at the time that follows it, in UTC, and a zone that is not known; raise `ValueError`."""
    match = _COMPACT_CLOCK.match(rest) or _CLOCK.search(rest)
    if match is None:
        return day, None
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    fraction, half = (0, "") if match.re is _COMPACT_CLOCK else (int((match[4] or "0")[:6].ljust(6, "0")), "")
    if match.re is _CLOCK:
        half = (match[5] or match[6] or "").lower()
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    zone, unknown = _zone_of(rest[match.end() :])
    next_day = timedelta(days=1) if (hour, minute, second) == (24, 0, 0) else timedelta()
    time = day.replace(
        hour=0 if next_day else hour,
        minute=minute,
        second=min(second, 59),  # a leap second
        microsecond=fraction,
        tzinfo=zone,
    )
    return (time + next_day).astimezone(UTC), unknown


def _zone_of(text: str) -> tuple[tzinfo, str | None]:
    """Return the zone that a text names, by offset, letters or place, and the name of one that nobody knows."""
    if match := _PLACE.search(text):
        try:
            return ZoneInfo(match[1]), None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return UTC, match[1]
    minutes, unknown = _zone(text)
    return timezone(timedelta(minutes=minutes)), unknown


def _zone(text: str) -> tuple[int, str | None]:
    """Return minutes east of UTC, and the name of a zone that is not in the table."""
    if (match := _OFFSET.search(text)) and int(match[2]) <= FURTHEST_HOURS:
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        return (minutes if match[1].startswith("+") else -minutes), None
    unknown = None
    for match in _ZONE.finditer(text[:40]):
        name = match[1].lower()
        if name in ZONE_MINUTES:
            return ZONE_MINUTES[name], None
        unknown = unknown or match[1]
    return 0, unknown
