"""Dates that need the day on which a page was made: "3 hours ago", "yesterday at 18:20", "Nov 3, 10:05" without a year.

They are read only near the title, and only where the page shows that it was made when it was fetched: a full date of
that day, of the day before or of the day after. A copy of an old page, fetched today, shows none. A weekday beside a day
without its year says as much where it fits a day of the month before the fetch: of old pages one in seven does, in one
month of twelve.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from agents.clean.languages import languages
from agents.clean.languages.phrases import any_of
from agents.clean.metadata.dates.attributes import DATE_ATTRIBUTES
from agents.clean.metadata.dates.calendars import calendar
from agents.clean.metadata.dates.labels import Label, date_labels, holds_year, lower
from agents.clean.metadata.dates.page import ABOVE, MAX_UNLABELLED, PageDates
from agents.clean.metadata.dates.parsing import DIGITS, EARLIEST_YEAR, YEAR_FIRST, FoundDate, has_month_first, read_date
from agents.clean.metadata.dates.ranks import PageDate, Rank
from agents.clean.page.places import Setting, own_text, setting

#: Blocks below the title that are looked at.
BELOW = 8
#: Blocks and elements of a page in which a full date of the day of its fetch is looked for, from its beginning.
MAX_BLOCKS, MAX_ELEMENTS = 300, 50
#: The longest time ago in days, and the most days for which a page leaves out the year.
MAX_DAYS, MAX_YEARLESS = 31, 330
ONE_DAY = timedelta(days=1)
_UNITS = (timedelta(minutes=1), timedelta(hours=1), ONE_DAY)
_NUMBER = re.compile(r"\d+")
#: The ending of two hours or days in Arabic and Hebrew, which need no number.
_DUAL = re.compile("(?:تين|مين|יים)$")
_CLOCK = re.compile(r"\d{1,2}\s?(?:[:.h]\s?\d\d|[ap]\.?m\b|[時시点點])")
#: The end of a date without a year: nothing, or a clock.
_END = r"[\s,|·•—–-]*(?:$|(?:[^\W\d]{1,4}\.?\s+){0,2}\d{1,2}\s?(?:[:.h時시点點]|[ap]\.?m\b))"  # noqa: RUF001
_EASTERN = re.compile(rf"(\d{{1,2}})\s?[/月월]\s?(\d{{1,2}})\s?[日일]?\s*(?:[(（](.{{1,3}})[)）])?(?={_END})")  # noqa: RUF001
_DOTTED = re.compile(rf"(\d{{1,2}})\.\s?(\d{{1,2}})\.(?!\s?\d{{2,4}}(?![:.h\d]))(?={_END})")
#: Punctuation and an article before a date, and its weekday.
_SIGNS = r"^[\s:,.|·•—–-]*"  # noqa: RUF001
_ARTICLE = re.compile(rf"{_SIGNS}(?:(?:le|el|am|on|em|il|den)\s)?")
_WEEKDAY = re.compile(rf"{_SIGNS}(\w+)\.?,?\s+(?=\w)")


@dataclass(frozen=True, slots=True)
class Words:
    """Patterns of one language and of English: so many minutes, hours and days ago; today and yesterday."""

    ago: tuple[re.Pattern[str], ...]
    today: re.Pattern[str]
    yesterday: re.Pattern[str]


@lru_cache(64)
def words(language: str) -> Words:
    """Return the patterns of a language, by its two letters."""
    found = [item.dates for code, item in languages().items() if code in (language, "en")]
    return Words(
        ago=tuple(
            re.compile(any_of(phrase for item in found for phrase in (*item.ago[unit], *item.own_ago[unit])))
            for unit in range(3)
        ),
        today=re.compile(any_of(word for item in found for word in item.today)),
        yesterday=re.compile(any_of(word for item in found for word in item.yesterday)),
    )


class DayAndMonth(NamedTuple):
    """A day of a month at the beginning of a text, its end there, and the weekday that is part of it, as in Japan: 11/3(火)."""

    day: int
    month: int
    end: int
    weekday: int | None = None


class Yearless(NamedTuple):
    """Patterns of a day and a month's name without a year, in all languages."""

    day_first: re.Pattern[str]
    month_first: re.Pattern[str]


@lru_cache(1)
def yearless() -> Yearless:
    """Return the patterns, built once a process; the name is looked up."""
    ordinals, joiners = calendar().ordinals, calendar().joiners
    return Yearless(
        re.compile(rf"(\d{{1,2}})(?:\.|{ordinals})?\s(?:{joiners})?([^\W\d]{{2,14}})\.?(?={_END})"),
        re.compile(rf"([^\W\d]{{3,14}})\.?\s(\d{{1,2}})(?:{ordinals})?(?![\d:])(?={_END})"),
    )


def recent_date(dates: PageDates, fetched_at: datetime) -> PageDate | None:
    """Return the date near the title that counts from the day of a page, if it was made when it was fetched."""
    if fetched_at.year < EARLIEST_YEAR:
        return None
    fetched, today, has_looked = fetched_at.date(), None, False
    for at, text in near_title(dates):
        plain = published_part(text)
        if not plain or not read_recent(plain, dates.language, fetched_at, today or fetched):
            continue
        if not has_looked:  # all of the page's dates are read for it: only where it is needed, and once
            today, has_looked = latest_day(dates, fetched), True
        if today is None:
            found = without_year(plain, dates.language, fetched, by_weekday=True)
        else:
            found = read_recent(plain, dates.language, fetched_at, today)
        if found and dates.rank(Label.NOTHING, setting(dates.page, at, dates.heading), at) < Rank.NONE:
            distance = abs(at - dates.start)
            where = f"date from the day of the fetch, {distance} blocks from the title"
            return PageDate(Rank.RECENT, distance, found, where)
    return None


def near_title(dates: PageDates) -> Iterator[tuple[int, str]]:
    """Yield the short texts near the title, with the block of each: those below it first."""
    texts, start = dates.page.texts, dates.start
    for at in (
        *range(start + 1, min(len(texts), start + BELOW + 1)),
        *range(start - 1, max(-1, start - ABOVE - 1), -1),
    ):
        if len(texts[at]) <= MAX_UNLABELLED and setting(dates.page, at, dates.heading) <= Setting.ASIDE:
            yield from ((at, line) for line in texts[at].split("\n"))


def published_part(text: str) -> str:
    """Return a text in lower case with digits 0 to 9, without its label and all from an update's label on."""
    text = " ".join(lower(text).translate(DIGITS).split())
    labels = date_labels()
    if labels.unrelated.search(f"{text} "):
        return ""
    if modified := labels.modified.search(text):
        text = text[: modified.start]
    published = labels.published.search(text)
    if published is None:
        return text
    behind = text[published.end :]
    return behind if _NUMBER.search(behind) else text[: published.start]


def latest_day(dates: PageDates, fetched: date) -> date | None:
    """Return the latest full date on a page from the day before to the day after its fetch, or None."""
    days: set[date] = set()
    values = [
        value
        for node, _ in dates.page.times[:MAX_ELEMENTS]
        for value in (*(node.attributes.get(name) for name in DATE_ATTRIBUTES[:4]), own_text(node, MAX_UNLABELLED))
    ]
    for text in (*values, *dates.page.texts[:MAX_BLOCKS]):
        if text and len(text) <= MAX_UNLABELLED and holds_year(text) and (found := read_date(text, dates.language)):
            days.add(found.day)
    return max((day for day in days if abs(day - fetched) <= ONE_DAY), default=None)


def read_recent(text: str, language: str, fetched_at: datetime, today: date) -> FoundDate | None:
    """Return the date of a short text in lower case, read on the day `today` of a page fetched then; None without one."""
    known = words(language[:2].lower())
    for unit, pattern in zip(_UNITS, known.ago, strict=True):
        if match := pattern.search(text):
            number = _NUMBER.search(match[0])
            passed = unit * (int(number[0][:3]) if number else 2 if _DUAL.search(match[0]) else 1)
            time = fetched_at - passed
            return FoundDate(time, time.date()) if passed <= timedelta(days=MAX_DAYS) else None
    # Of a page that may be a day behind the fetch nobody knows which day yesterday is.
    if today >= fetched_at.date() and _CLOCK.search(text):
        for days, pattern in enumerate((known.today, known.yesterday)):
            if match := pattern.search(text):
                return read_date(f"{today - days * ONE_DAY} {text[match.end() :]}", language)
    return without_year(text, language, today)


def without_year(text: str, language: str, today: date, *, by_weekday: bool = False) -> FoundDate | None:
    """Return the latest date of a day and a month alone, perhaps beside its weekday; None where the weekday differs.

    `by_weekday`: nothing but the weekday tells the year, and only of the days right before `today`.
    """
    text = _ARTICLE.sub("", text)
    word = _WEEKDAY.match(text)
    weekday = calendar().weekdays.get(word[1]) if word else None
    if word and weekday is not None:
        text = text[word.end() :]
    parts = day_and_month(text, language)
    if parts is None:
        return None
    weekday = parts.weekday if weekday is None else weekday
    if by_weekday and weekday is None:
        return None
    for year in (today.year, today.year - 1):
        try:
            found = date(year, parts.month, parts.day)
        except ValueError:
            continue
        if found - today <= ONE_DAY:
            most = MAX_DAYS if by_weekday else MAX_YEARLESS
            fits = (weekday is None or found.weekday() == weekday) and (today - found).days <= most
            return read_date(f"{found} {text[parts.end :]}", language) if fits else None
    return None


def day_and_month(text: str, language: str) -> DayAndMonth | None:
    """Return the day and the month at the beginning of a text; None where it begins otherwise."""
    if language[:2] in YEAR_FIRST:
        match = _EASTERN.match(text)
        if match is None:
            return None
        return DayAndMonth(int(match[2]), int(match[1]), match.end(), calendar().weekdays.get(match[3]))
    if (match := _DOTTED.match(text)) and not has_month_first(language.lower(), "."):
        return DayAndMonth(int(match[1]), int(match[2]), match.end())
    if (match := yearless().day_first.match(text)) and (month := calendar().month(match[2], language)):
        return DayAndMonth(int(match[1]), month, match.end())
    if (match := yearless().month_first.match(text)) and (month := calendar().month(match[1], language)):
        return DayAndMonth(int(match[2]), month, match.end())
    return None
