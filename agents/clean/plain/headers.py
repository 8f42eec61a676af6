"""Headers of an e-mail or a form at the top of a plain text: `Subject: …`, `Date: …`, in many languages."""
# ruff: noqa: RUF001 - letters of many alphabets

import re
from typing import Final, NamedTuple

from streams.text.word_lists import word_lists

_LISTS: Final = word_lists(__package__)
#: Labels of a title, of a date, and of what is neither.
TITLES, DATES = frozenset(_LISTS["titles"]), frozenset(_LISTS["dates"])
LABELS: Final = TITLES | DATES | frozenset(_LISTS["others"])
#: A label and its value; lines of headers at most; and what mail programs put before a subject.
HEADER: Final = re.compile(r"([^\W\d_][^:：\n]{0,19}?)\s?[:：]\s*(.*)")
MOST_LINES: Final = 20
ANSWER: Final = re.compile(
    r"(?:(?:re|fwd?|aw|wg|tr|rv|enc|i|vs|sv|ynt|ilt|odp|vb|答复|转发|回覆|轉寄)\s?[:：]\s*)+", re.IGNORECASE
)


class Headers(NamedTuple):
    """The title and the dates that headers give, empty where they give none, and how many `lines` they are."""

    title: str = ""
    dates: tuple[str, ...] = ()
    lines: int = 0


def read_headers(lines: list[str]) -> Headers:
    """Return the headers with which a text begins, if one of them is its title."""
    title, count = "", 0
    dates: list[str] = []
    for line in lines[:MOST_LINES]:
        match = HEADER.fullmatch(line)
        label = match[1].casefold() if match else ""
        if match is None or label not in LABELS:
            break
        if label in TITLES:
            title = title or ANSWER.sub("", match[2], count=1).strip()
        elif label in DATES:
            dates.append(match[2])
        count += 1
    return Headers(title, tuple(dates), count) if title else Headers()
