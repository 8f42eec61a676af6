"""Words of an article as the topic model sees them: lower case, with their places in the title or the text.

Training and tagging share this module, so that a word means the same in both.
"""

import re
from itertools import islice, pairwise

#: How much of the body counts as the lead, in words. In development 120 did as well as 200, and 60 worse.
LEAD_WORDS = 120
#: Where the body is cut before it is split into words, in code points: enough for the lead in every script.
LEAD_CHARACTERS = 1_000
#: A title's words count this often.
TITLE_WEIGHT = 2

#: Letters and digits, at least two; single Latin letters (initials, what an apostrophe cuts off) are no words.
WORD = re.compile(r"[^\W_]{2,}|[^\W_a-z]")


class Words:
    """The words of a text in order: `forms` in lower case; spans are found only when somebody asks."""

    def __init__(self, text: str, limit: int | None = None) -> None:
        lowered = lower(text)
        self.forms: list[str] = WORD.findall(lowered)[:limit]
        self._matches = WORD.finditer(lowered)
        self._spans: list[tuple[int, int]] = []

    @classmethod
    def of_title(cls, title: str) -> "Words":
        """Return the words of a title."""
        return cls(title)

    @classmethod
    def of_lead(cls, text: str) -> "Words":
        """Return the first words of a body, at most `LEAD_WORDS`."""
        return cls(text[:LEAD_CHARACTERS], LEAD_WORDS)

    @property
    def pairs(self) -> list[str]:
        """Return each two neighbouring words, with a space between."""
        return [f"{left} {right}" for left, right in pairwise(self.forms)]

    def span(self, first: int, count: int = 1) -> tuple[int, int]:
        """Return where `count` words from number `first` on stand, in code points, end exclusive."""
        last = first + count - 1
        self._spans += [match.span() for match in islice(self._matches, max(0, last + 1 - len(self._spans)))]
        return self._spans[first][0], self._spans[last][1]


def lower(text: str) -> str:
    """Return the text in lower case with every code point at its place (a few, such as İ, would become two)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)
