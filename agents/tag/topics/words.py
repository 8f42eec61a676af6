"""Words of an article as the topic model sees them: lower case, with their places in the title or the text.

Training and tagging share this module, so that a word means the same in both.
"""

import re
from typing import NamedTuple

#: How much of the body counts as the lead, in words. In development, 150 to 250 words beat 60 on full articles.
LEAD_WORDS = 200
#: Where the body is cut before it is split into words, in code points: enough for the lead in every script.
LEAD_CHARACTERS = 2_000
#: A title's words count this often.
TITLE_WEIGHT = 2

WORD = re.compile(r"[^\W_]+")


class Word(NamedTuple):
    """A word in lower case and its span in the title or text, offsets in code points, end exclusive."""

    form: str
    start: int
    end: int


def title_words(title: str) -> list[Word]:
    """Return the words of a title."""
    return words(title)


def lead_words(text: str) -> list[Word]:
    """Return the first words of a body, at most `LEAD_WORDS`."""
    return words(text[:LEAD_CHARACTERS])[:LEAD_WORDS]


def words(text: str) -> list[Word]:
    """Return the words of a text; single Latin letters (initials, what an apostrophe cuts off) are none."""
    return [
        Word(form, *match.span())
        for match in WORD.finditer(lower(text))
        if len(form := match[0]) > 1 or not ("a" <= form <= "z")
    ]


def lower(text: str) -> str:
    """Return the text in lower case with every code point at its place (a few, such as İ, would become two)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


def grams(sequence: list[Word]) -> list[str]:
    """Return the words and the pairs of neighbouring words, as the model's features."""
    forms = [word.form for word in sequence]
    return forms + [f"{left} {right}" for left, right in zip(forms, forms[1:], strict=False)]
