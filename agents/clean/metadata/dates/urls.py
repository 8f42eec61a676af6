"""Days and months that the path of a URL names: `/2026/01/02/`."""

import re
from datetime import datetime

from agents.clean.metadata.dates.calendars import calendar
from agents.clean.metadata.dates.parsing import EARLIEST_YEAR, MAX_TEXT, day_of

_URL = re.compile(
    r"[/\-_.]t?((?:19|20)\d{2})[/\-_.]?(0[1-9]|1[0-2]|(?:[A-Za-z]{3,9}))[/\-_.]?([0-2]\d|3[01])(?=[/\-_.]|$|\D)"
)

#: A year and a month as folders of their own.
_URL_MONTH = re.compile(r"/(20\d\d)/(0[1-9]|1[0-2])(?=/)")
#: A time to the minute or finer in the number of an article, perhaps behind letters: AKR20260102093000012.
_URL_STAMP = re.compile(
    r"[/\-_.][A-Za-z]{0,4}(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d\d{0,7}(?=[/\-_.]|$|\D)"
)
#: A day before its month in a path, which has to be one that is no month.
_URL_DAY = re.compile(r"[/\-_.](1[3-9]|2\d|3[01])([/\-_.])(0?[1-9]|1[0-2])\2((?:19|20)\d{2})(?=[/\-_.]|$)")


def url_date(url: str) -> datetime | None:
    """Return the day that a URL's path names (`/2026/01/02/`), or None."""
    path = url.split("?", 1)[0][:MAX_TEXT]
    for match in _URL.finditer(path):
        year, month, day = match.groups()
        number = int(month) if month.isdigit() else calendar().month(month, "en")
        if found := _recent_day(int(year), number, int(day)):
            return found
    if (stamp := _URL_STAMP.search(path)) and (found := _recent_day(int(stamp[1]), int(stamp[2]), int(stamp[3]))):
        return found
    day_first = _URL_DAY.search(path)
    return _recent_day(int(day_first[4]), int(day_first[3]), int(day_first[1])) if day_first else None


def url_month(url: str) -> tuple[int, int] | None:
    """Return the year and month that a URL's path names, where it names no day (`/2026/01/`), or None."""
    month = _URL_MONTH.search(url.split("?", 1)[0][:MAX_TEXT])
    return (int(month[1]), int(month[2])) if month else None


def _recent_day(year: int, month: int, day: int) -> datetime | None:
    found = day_of(year, month, day)
    return found if found and found.year >= EARLIEST_YEAR else None
