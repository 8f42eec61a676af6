"""Counts beside an article: of its readers, of what they wrote, and the marks that they gave it."""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re

from agents.clean.edge_words import LETTERS
from agents.clean.text.revisions import without_counters

#: Most characters of a line that counts readers.
COUNT_CHARS = 40
#: Most digits of a reader's mark.
MARK_SIGNS = 2
#: Words and a number behind a colon, or a number and words: no date has that shape, and most lines need no look at all words.
_COUNTED = re.compile(r"[^\W\d]\D{1,38}[:：(]\s?\d[\d.,]{0,9}\)?|\d[\d.,]{0,9}\s?[km]?\+?\s{0,3}[^\W\d]\D{1,38}")
#: A word with its number behind it, and no punctuation between.
_COUNT_BEHIND = re.compile(r"([^\W\d]{2,20})\s(\d[\d.,]{0,9})")


def is_mark(text: str) -> bool:
    """Return whether a block is a number of one digit or two, as marks are that readers give an article."""
    return len(text) <= MARK_SIGNS and text.isdecimal()


def is_count(text: str) -> bool:
    """Return whether a short block counts how often the article was read or spoken of: "Number of views: 731", "Comments 3"."""
    if len(text) <= COUNT_CHARS and (bare := _COUNT_BEHIND.fullmatch(text)):
        text = f"{bare[1]}: {bare[2]}"
    if len(text) > COUNT_CHARS or not _COUNTED.fullmatch(text):
        return False
    rest = without_counters(text)
    return rest != text and len(LETTERS.findall(rest)) <= 1 and not any(map(str.isdigit, rest))
