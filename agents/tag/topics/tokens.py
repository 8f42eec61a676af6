"""Words of an article as the topic models see them: lower case, with their places in the title or the text.

Training and tagging share this module, so that a word means the same in both.
"""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Protocol

#: Words of the body that count as the lead. In development 120 did as well as 200, and 60 worse.
LEAD_WORDS = 120
#: Where the body is cut before it is split into words, in code points: enough for the lead in every script.
LEAD_CHARACTERS = 1_000
#: A title's words count this often.
TITLE_WEIGHT = 2

#: Vowel signs and joiners of the Indic scripts: they belong to a word, though they are no `\w`.
INDIC = "\u0900-\u0963\u0966-\u0dff\u200c\u200d"
#: Vowel signs of Arabic: they belong to a word, too.
ARABIC_SIGNS = "\u064b-\u0652\u0670"
#: Letters and digits, at least two; single Latin letters (initials, the s of 's) are no words.
WORD = re.compile(rf"(?:[^\W_]|[{INDIC}{ARABIC_SIGNS}]){{2,}}|[^\W_a-z]")
#: The same for a text without these characters, found in two thirds of the time.
SIGN, PLAIN_WORD = re.compile(f"[{INDIC}{ARABIC_SIGNS}]"), re.compile(r"[^\W_]{2,}|[^\W_a-z]")
#: What stands between words of ASCII alone, which are found in half of that time again.
BETWEEN = {code: " " for code in range(128) if not chr(code).isalnum()}


class TokenForms(Protocol):
    """Forms of a text in order, by which a table knows its words, with their places."""

    forms: list[str]

    def span(self, first: int, count: int = 1) -> tuple[int, int]:
        """Return start and end of `count` forms from number `first` on, in code points, end exclusive."""


class Tokens:
    """The words of a text in order: `forms` in lower case; spans are found only when somebody asks.

    `form`: gives the form under which a table knows a word; the word itself by default.
    """

    def __init__(self, text: str, limit: int | None = None, form: Callable[[str], str] | None = None) -> None:
        lowered = lower(text)
        self._surfaces = surfaces(lowered)[:limit]
        self.forms = self._surfaces if form is None else list(map(form, self._surfaces))
        self._lowered = lowered

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
        """Return start and end of `count` words from number `first` on, in code points, end exclusive.

        Between two words there are no letters or digits but Latin letters that stand alone, and those begin no word: so the
        first find after a word is the next one.
        """
        start = self._start(first)
        end = start + len(self._surfaces[first])
        for surface in self._surfaces[first + 1 : first + count]:
            end = self._lowered.find(surface, end) + len(surface)
        return start, end

    def _start(self, number: int) -> int:
        """Return where a word starts: most stand where they are found first, outside any longer word."""
        surface, text = self._surfaces[number], self._lowered
        place = -1
        for _ in range(self._surfaces[:number].count(surface) + 1):
            place = text.find(surface, place + 1)
            while in_word(text, place - 1) or in_word(text, place + len(surface)):
                place = text.find(surface, place + 1)
        return place


def surfaces(lowered: str) -> list[str]:
    """Return the words of a text in lower case, as `WORD` finds them."""
    if lowered.isascii():
        return [word for word in lowered.translate(BETWEEN).split() if len(word) > 1 or word.isdigit()]
    found: list[str] = (WORD if SIGN.search(lowered) else PLAIN_WORD).findall(lowered)
    return found


def in_word(text: str, place: int) -> bool:
    """Return whether a place is within the text, and its character belongs to words."""
    return 0 <= place < len(text) and (text[place].isalnum() or SIGN.match(text, place) is not None)


def lower(text: str) -> str:
    """Return the text in lower case with every code point at its place (a few, such as İ, would become two)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)
