"""Days and places in the datelines with which reports and press releases begin: LIMA, 3 May 2024 (Agency) - ..."""

import re
from collections.abc import Iterable

from agents.clean.metadata.dates.calendars import calendar, fold
from agents.clean.metadata.dates.parsing import FoundDate, read_date

_DASH = r" ?(?:--|[\u2013\u2014-]) ?"
#: An agency in brackets, or between strokes.
_AGENCY = r"(?: ?(?:\([^()]{1,25}\)|/[^/()]{1,25}/))?"
_DAY = r"([^,()\d\u2013\u2014]{0,20}\d{1,2}[^()\u2013\u2014]{1,20}\d{4})"
#: Words of a place, each with a capital.
_PLACE = r"[A-Z\u00c0-\u00de][\w.'\u2019-]+(?:,? [A-Z\u00c0-\u00de][\w.'\u2019-]*){0,4}"
_DATELINES = (
    re.compile(rf"[^\W\d_a-z][^\W\d_a-z]{{2}}[^\d()\u2013\u2014]{{0,40}},{_DAY}{_AGENCY}{_DASH}(?<= )"),
    re.compile(rf"{_PLACE}{_AGENCY}(?:{_DASH}| ?, ?){_DAY}{_AGENCY}\.? ?(?:--|[\u2013\u2014]|- )"),
    re.compile(rf"\(?{_DAY}\)?{_DASH}{_PLACE}{_AGENCY} ?(?:--|[\u2013\u2014]|- |: )"),
    re.compile(rf"\({_PLACE},? {_DAY}\)"),
    re.compile(rf"{_PLACE}, (?:den |le )?{_DAY}\. (?=[A-Z\u00c0-\u00de])"),
)
#: The year that each of them has.
_YEAR = re.compile(r"\d{4}")
#: What stands between a report's place and its first word: a country, a day, an agency, and a dash.
_BEHIND_PLACE = re.compile(r"(?:,[^()\u2013\u2014-]{1,30})?\s?(?:\([^()]{1,30}\))?\s?(?:--|[\u2013\u2014]|-\s)")
#: Most characters of the day in a dateline.
MAX_DAY = 30
#: Fewest characters of a paragraph that begins with a dateline.
MIN_REPORT = 101


def dateline_date(text: str, language: str) -> FoundDate | None:
    """Return the day in the dateline with which a text begins, or None: a place, a day, an agency, and a dash."""
    if not _YEAR.search(text):
        return None
    if fold(text.partition(",")[0]) in calendar().weekdays:
        return None  # a day of a diary
    for pattern in _DATELINES:
        match = pattern.match(text)
        if match and len(match[1]) <= MAX_DAY and (date := read_date(match[1], language)) and not date.doubtful:
            return date
    return None


def begins_report(texts: Iterable[str], place: str) -> bool:
    """Return whether a paragraph among texts begins with a place and a dash, as agencies' reports do: LIMA (Agency) -."""
    length = len(place)
    return any(
        len(text) >= MIN_REPORT and text[:length].lower() == place.lower() and _BEHIND_PLACE.match(text, length)
        for text in texts
    )
