"""Labels of dates: words beside a date in a short text that tell of publication, an update or another thing, in all languages."""

# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from agents.clean.languages import gather, languages
from agents.clean.languages.beginnings import Beginnings
from agents.clean.languages.phrases import any_of
from agents.clean.metadata.bylines.names import is_name_alone
from agents.clean.metadata.dates.calendars import calendar
from agents.clean.metadata.dates.parsing import DIRECTIONS, FoundDate, Order, holds_numbers, read_date
from agents.clean.metadata.dates.roman_months import with_arabic_months
from streams.text.word_lists import word_lists

#: Every date has a number of two digits, or is of the first year of an era, or in Chinese numerals.
_DIGITS = re.compile(r"\d\d")
_YEAR, _YEAR_SIGN = re.compile(r"[和成國国]\s*\d\s*年|元\s*年|[〇零一二三四五六七八九]{4}年"), "年"
#: A small letter right before a capital, and a year right before a number: "Ann HarkerMay 3, 20245 min".
_GLUED_NAME = re.compile(r"(?<=[a-zà-öø-ÿа-яё])[A-ZÀ-ÖØ-ÞА-ЯЁ]")
_GLUED_YEAR = re.compile(r"(?:19|20)\d\d(?:([./-])\d\d\1\d\d(?=\d)|(?<=[\s,./-]\d{4})(?=\d{1,2}(?!\d)))")
_NUMBER = re.compile(r"\d+")
#: Most characters of a label that stands alone.
MAX_LABEL = 30
#: Most labels or dates in a row of a table.
ROW = 4
#: The word alone: whom hours of opening are for.
_PUBLIC = re.compile(r"\bpublic\b(?![_-])")
_LISTS = word_lists("agents.clean.metadata")
#: Labels of days, times and kinds of articles.
_PLAIN = frozenset(_LISTS["plain_labels"]) | frozenset(_LISTS["no_titles"])
#: Cities that reports are sent from.
_CITIES = frozenset(_LISTS["dateline_cities"])
#: A time of day, by its minutes or the word behind its hour.
_TIME = r"(?<![\d:T])\d{1,2}\s?(?::\s?\d\d|h(?:\s?\d\d)?|[ap]\.?m)(?!\w)\.?"
_SIGNS = re.compile(r"[|·•,;()\[\]\n]")
#: Characters of a small word between a label and a day that need not be known: an article, a preposition.
SHORT_WORD = 3
_SUBMITTED = re.compile(r"\bsubmitted(?= (?:by|on) )")


class Label(IntEnum):
    """The kinds of labels of a date; `NOTHING` is false."""

    NOTHING = 0
    PUBLISHED = 1
    MODIFIED = 2


@dataclass(frozen=True, slots=True)
class DateLabels:
    """Patterns of the labels of dates, in all languages; they are searched in lower case."""

    published: Beginnings
    modified: Beginnings
    unrelated: Beginnings
    originally: re.Pattern[str]
    #: A day, and right behind it the one at which a time ends.
    period: re.Pattern[str]
    #: Two times of day, from which and to which something lasts.
    hours: re.Pattern[str]
    #: The end of what says that something takes place.
    takes_place: re.Pattern[str]
    #: Words that stand beside any date, and labels of days, times and kinds of articles.
    plain: frozenset[str]
    #: The beginning of a line that tells readers which day it is: the word for today.
    today: re.Pattern[str]


@lru_cache(1)
def date_labels() -> DateLabels:
    """Return the labels, built once a process.

    English beginnings count within a word too (`datePublished`): class names are English.
    """
    english = languages()["en"].dates
    until = any_of(gather(lambda item: item.dates.until))
    return DateLabels(
        published=Beginnings(gather(lambda item: item.dates.published), english.published),
        modified=Beginnings(gather(lambda item: item.dates.modified), english.modified),
        unrelated=Beginnings(["©", *gather(lambda item: item.dates.unrelated)]),
        originally=re.compile(r"^.{0,40}" + any_of(gather(lambda item: item.dates.originally))),
        period=re.compile(rf"(?:19|20)\d\d(?:\s*[–—]\s*|\s+(?:-|{until})\s+)([^|·•\[\]()]{{3,20}}(?:19|20)\d\d)(?!\d)"),
        hours=re.compile(rf"{_TIME}\s*(?:[-–—~～]|{until}|à|a)\s*{_TIME}", re.IGNORECASE),
        takes_place=re.compile(rf"(?<!\w){any_of(gather(lambda item: item.dates.takes_place))}[,:]?$"),
        plain=frozenset(gather(lambda item: item.dates.beside)) | _PLAIN,
        today=re.compile(rf"\W*{any_of(gather(lambda item: item.dates.today))}(?![^\W\d_])"),
    )


def may_be_labelled(text: str) -> bool:
    """Return whether words that tell of publication or an update stand in a text: a date in it may have a label then."""
    labels = date_labels()
    return any(
        labels.published.search(low) or labels.modified.search(low)
        for low in dict.fromkeys((lower(text), lower(unglued(text))))
    )


def holds_year(text: str) -> bool:
    """Return whether a text has the number that every date has."""
    return _DIGITS.search(text) is not None or (_YEAR_SIGN in text and _YEAR.search(text) is not None)


def labelled_date(text: str, language: str, order: Order = "") -> tuple[FoundDate, Label] | None:
    """Return the date in a short text that may be the article's, and its label.

    Of several the one said to be of publication, else the one before the update's, else the update's.
    """
    text = lower(text)
    if not holds_numbers(text):
        return None
    text = related_part(text)
    return _labelled(text, language, order) if holds_numbers(text) else None


def related_part(text: str) -> str:
    """Drop the parts of a short lower-case text that speak of other days, each from its first word to the next label.

    What stands before such a word is kept where it has a label of its own: "published 3 May, valid until 9 June". A label
    before the other day's number tells of that too: "privacy policy, updated 1 May".
    """
    labels = date_labels()
    kept: list[str] = []
    while other := labels.unrelated.search(f"{text} "):
        before, text = text[: other.start], text[other.end :]
        if labels.published.search(before) or labels.modified.search(before):
            kept.append(before)
        number = _NUMBER.search(text)
        text = text[number.end() :] if number else ""
        following = [label.start for kind in (labels.published, labels.modified) if (label := kind.search(text))]
        text = text[min(following, default=len(text)) :]
    return " ".join([*kept, text]) if kept else text


def lower(text: str) -> str:
    """Return a text as the labels are written; a date of last publication is an update's."""
    if not text.isascii():
        text = text.translate(DIRECTIONS)
    text = with_arabic_months(text).lower()
    if "public" in text:
        text = _PUBLIC.sub("open", text)
    if "submitted" in text:
        # A paper is submitted before it is published, an article by whom it is posted.
        text = _SUBMITTED.sub("posted", text)
    return text.replace("last publi", "last updat")


def _labelled(text: str, language: str, order: Order) -> tuple[FoundDate, Label] | None:
    labels = date_labels()
    modified = labels.modified.search(text)
    published = labels.published.search(text)
    if published:
        rest = text[published.end :]
        update = labels.modified.search(rest)
        if date := read_date(rest[: update.start] if update else rest, language, order):
            return date, Label.PUBLISHED
    if modified:
        before, after = (read_date(part, language, order) for part in (text[: modified.start], text[modified.end :]))
        if before and after:
            return before, Label.PUBLISHED
        date = before or after
        return (date, Label.MODIFIED) if date else None
    date = read_date(text, language, order)
    period = labels.period.search(text) if date and not published else None
    if period and read_date(period[1], language, order):
        return None  # how long something lasts
    return (date, Label.PUBLISHED if published else Label.NOTHING) if date else None


def tells_other_day(text: str, language: str) -> bool:
    """Return whether a short text without a known label has another one before its day, or tells from when to when.

    "Kick-off: Sunday, 3 May 2026", "3 May 2026, 10am to 4pm".
    """
    return (
        date_labels().hours.search(text) is not None
        or takes_place(text, language)
        or unknown_label(text, language) != ""
    )


def takes_place(text: str, language: str) -> bool:
    """Return whether a short text says that something takes place on its day: "Watch on Sunday, 3 May"."""
    number = _NUMBER.search(text)
    before = " ".join(text[: number.start()].lower().split()) if number else ""
    while before:
        if date_labels().takes_place.search(before):
            return True
        before, _, word = before.rpartition(" ")
        if not leads_to_day(word, language):
            return False
    return False


def unknown_label(text: str, language: str) -> str:
    """Return the label before a short text's day that nobody knows, empty where it has none.

    Only in languages whose labels of publication are known, or where none is claimed. A name or a count behind a label is
    what it is of: "Source: AP, 3 May", "Views: 45 | 3 May". A person is no label: "Jane Doe: 3 May".
    """
    number = _NUMBER.search(text)
    if number is None or (language and language[:2] not in languages()):
        return ""
    before, colon, between = text[: number.start()].replace("\uff1a", ":").rpartition(":")
    label = _SIGNS.split(before)[-1].strip()
    low = label.lower()
    if (
        not (colon and label)
        or len(label) > MAX_LABEL
        or low in date_labels().plain
        or may_be_preposition(low)
        or low in _CITIES
        or is_name_alone(label)
    ):
        return ""
    led = all(leads_to_day(word, language) for word in between.split()) and not is_count(number, language)
    return label if led else ""


def line_of(line: str, text: str) -> str:
    """Return a line but for all up to the last number before an element's text: "Views: 45" before a day is no label of it."""
    begin = line.find(text) if text else 0
    counts = list(_NUMBER.finditer(line, 0, max(begin, 0)))
    return line[counts[-1].end() :] if counts else line


def leads_to_day(word: str, language: str) -> bool:
    """Return whether a word may stand between a label and its day: a weekday, a month, an article or a preposition."""
    if may_be_preposition(word):
        return True
    word = word.strip(".,").lower()
    return word in calendar().weekdays or bool(calendar().month(word, language))


def may_be_preposition(word: str) -> bool:
    """Return whether a word in small letters may be an article or a preposition."""
    return len(word) <= SHORT_WORD and word.islower()


def is_count(number: re.Match[str], language: str) -> bool:
    """Return whether a text's first number is no part of its day, which is whole without it."""
    behind = number.string[number.end() :]
    if not behind[:1].isspace() and not _SIGNS.match(behind):
        return False
    day = read_date(behind, language)
    return day is not None and day == read_date(number.string, language)


def unglued(text: str) -> str:
    """Return a text with spaces between parts that stood in elements of their own, side by side without a space."""
    # To look takes less than to replace nothing.
    if _GLUED_NAME.search(text):
        text = _GLUED_NAME.sub(r" \g<0>", text)
    return _GLUED_YEAR.sub(r"\g<0> ", text) if _GLUED_YEAR.search(text) else text


def named(text: str) -> Label:
    """Return the label that a class name or a text gives a date."""
    text = lower(text)
    if date_labels().published.search(text):
        return Label.PUBLISHED
    return Label.MODIFIED if date_labels().modified.search(text) else Label.NOTHING


def begins_originally(text: str) -> bool:
    """Return whether a block begins with the label of a first publication among several."""
    return date_labels().originally.match(text[:80].lower()) is not None


def label_above(texts: list[str], at: int) -> Label:
    """Return the label of a block's date in the block above, where that says nothing else.

    Of labels in a row with a row of dates below, as tables have them, each stands above its own.
    """
    top = at
    while at - top < ROW and 0 < top <= len(texts) and len(texts[top - 1]) <= MAX_LABEL and holds_year(texts[top - 1]):
        top -= 1
    labels = next((number for number in range(ROW + 1) if not bare_label(texts, top - 1 - number)), ROW)
    return bare_label(texts, at - labels) if at - top < labels else Label.NOTHING


def bare_label(texts: list[str], at: int) -> Label:
    """Return the label that a block is, and nothing else."""
    text = texts[at] if 0 <= at < len(texts) else ""
    return named(text) if 0 < len(text) <= MAX_LABEL and not any(map(str.isdigit, text)) else Label.NOTHING
