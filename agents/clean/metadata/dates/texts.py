"""Texts that may hold a date: which are short enough, which are sentences, which titles have a day of their own."""

import re

from agents.clean.metadata.dates.labels import MAX_LABEL, begins_originally, holds_year
from agents.clean.metadata.dates.parsing import read_date
from agents.clean.text.words import STOPS, count_words

#: Punctuation between the parts of a title.
_TITLE_PARTS = re.compile(r"\s*[|:()\u2013\u2014]\s*|\s-\s|(?<!\d),\s")
#: A part of a title that is a date has fewer blanks.
DATE_WORDS = 4
#: Punctuation between the parts of a line, a unit behind it at its end (minutes to read), or half of the day, the day's number
#: behind three words at most.
_IN_PARTS = re.compile(
    r"[|\u2022\u00b7]|[:\u2013\u2014-]\s\d{1,3}\s?[^\W\d_]{1,6}\.$|^(?:\D\S{0,30}\s){0,3}\S{0,30}\d.*\d\s?[ap]\.\s?m\.$"
)
#: Longer texts are paragraphs, not dates.
MAX_TEXT = 140
#: A sentence has more words than this; a date with its clock and place has not.
SENTENCE_WORDS = 8


def dates_itself(title: str, language: str) -> bool:
    """Return whether a title has a date as a part of its own at its end or beginning: it may tell of any other day."""
    parts = _TITLE_PARTS.split(title)
    return any(
        part.count(" ") < DATE_WORDS and read_date(part, language)
        for part in (parts[0], parts[-1], title[-MAX_LABEL:].partition(", ")[2])
    )


def may_hold_date(text: str) -> bool:
    """Return whether a block holds a year's number, and is short; a longer one tells first of an original publication."""
    if len(text) >= 2 * MAX_TEXT or not holds_year(text):
        return False
    if len(text) > MAX_LABEL and text.endswith((":", "\uff1a")):
        return False  # it leads to a quotation or a list
    return len(text) < MAX_TEXT or begins_originally(text)


def is_sentence(text: str) -> bool:
    """Return whether a short text is a sentence: it tells of a day, and is of that day by chance only.

    A line in parts is none, nor one that ends with a unit behind its number: "3 May 2024 - 4 Min.", but "since 3 May 2024 it
    costs 4 kr." is one.
    """
    if _IN_PARTS.search(text):
        return False
    return text.endswith(STOPS) and count_words(text) > SENTENCE_WORDS
