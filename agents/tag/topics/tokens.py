"""Tokens of an article as the topic model sees them: lower case, with their places in the title or the text.

Training and tagging share this module, so that a word means the same in both.
"""

import re
from itertools import pairwise

#: How much of the body counts as the lead, in words. In development 120 did as well as 200, and 60 worse.
LEAD_WORDS = 120
#: Where the body is cut before it is split into words, in code points: enough for the lead in every script.
LEAD_CHARACTERS = 1_000
#: A title's words count this often.
TITLE_WEIGHT = 2

#: Letters and digits, at least two; single Latin letters (initials, what an apostrophe cuts off) are no words.
WORD = re.compile(r"[^\W_]{2,}|[^\W_a-z]")


class Tokens:
    """The words of a text in order: `forms` in lower case; spans are found only when somebody asks."""

    def __init__(self, text: str, limit: int | None = None) -> None:
        lowered = lower(text)
        self.forms: list[str] = WORD.findall(lowered)[:limit]
        self._lowered = lowered
        self._starts: list[int] = []

    @classmethod
    def of_title(cls, title: str) -> "Tokens":
        """Return the words of a title."""
        return cls(title)

    @classmethod
    def of_lead(cls, text: str) -> "Tokens":
        """Return the first words of a body, at most `LEAD_WORDS`."""
        return cls(text[:LEAD_CHARACTERS], LEAD_WORDS)

    @property
    def pairs(self) -> list[str]:
        """Return each two neighbouring words, with a space between."""
        return [f"{left} {right}" for left, right in pairwise(self.forms)]

    def span(self, first: int, count: int = 1) -> tuple[int, int]:
        """Return where `count` words from number `first` on stand, in code points, end exclusive."""
        last, starts = first + count - 1, self._starts
        if last >= len(starts):
            self._find(last)
        return starts[first], starts[last] + len(self.forms[last])

    def _find(self, last: int) -> None:
        """Find where the words up to number `last` start.

        Between two words there are no letters or digits but Latin letters that stand alone, and those begin no word: so
        the first find after a word is the next one. It takes a third of what matching again would.
        """
        find, starts = self._lowered.find, self._starts
        known = len(starts)
        end = starts[-1] + len(self.forms[known - 1]) if known else 0
        for form in self.forms[known : last + 1]:
            start = find(form, end)
            end = start + len(form)
            starts.append(start)


def lower(text: str) -> str:
    """Return the text in lower case with every code point at its place (a few, such as İ, would become two)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)
