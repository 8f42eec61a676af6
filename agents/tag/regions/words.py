# ruff: noqa: RUF001 - letters of many alphabets
"""Words of a title or a text: letters that come in variants folded into one, capitals lowered, and where words lie."""

import re
from collections.abc import Container
from itertools import accumulate

#: A word is letters, digits and signs that go with letters (Devanagari's vowels, which are no letters to `\\w`). Listed
#: ranges are scanned faster than `\\w`: all from U+00C0 less the punctuation of Arabic and Devanagari, of U+2000 to U+2BFF
#: and of the ideographic and full-width blocks.
_LETTERS = (
    "0-9A-Za-z_\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0589\u0591-\u060b\u060d-\u061a\u0620-\u0669\u066e-\u06d3"
    "\u06d5-\u0963\u0966-\u1fff\u2c00-\u2dff\u3005-\u3007\u3031-\u30fa\u30fc-\ufe0f\ufe70-\ufefc\uff10-\uff19\uff21-\uff3a"
    "\uff41-\uff5a\uff66-\uffdc\U00010000-\U0001efff\U00020000-\U0003ffff"
)
_SPLIT = re.compile(f"([{_LETTERS}]+)")

#: Variants that are written the same here, one code point for one, so that offsets stay.
FOLDED = {
    "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "‐": "-", "‑": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي",
}  # fmt: skip
FOLDABLE = re.compile(f"[{''.join(FOLDED)}]")

_CAPITAL = "A-ZÀ-ÖØ-ÞĄĆĘŁŃÓŚŹŻĞİŞА-ЯЁІЇЄҐ"
# a set of letters first, not a repeat of it, lets the regex engine skip to the first capital
_RUN = "{0}(?<!\\w{0}){0}+(?:[ '.-]{{1,2}}{0}{{2,}})+\\b|{0}(?<!\\w{0}){0}{{3,}}\\b"
_IN_A_ROW = "{0}{0}[ '.-]{{0,2}}{0}{0}"
CAPITALS = re.compile(_RUN.format(f"[{_CAPITAL}]"))
_CAPITALS_IN_A_ROW = re.compile(_IN_A_ROW.format(f"[{_CAPITAL}]"))
_ASCII_CAPITALS = re.compile(_RUN.format("[A-Z]"))
_ASCII_IN_A_ROW = re.compile(_IN_A_ROW.format("[A-Z]"))
#: Abbreviations in capitals that mean a country: kept as they are.
ABBREVIATIONS = frozenset(
    ["US", "USA", "UK", "UAE", "EU", "UN", "DRC", "PRC", "USSR", "DPRK", "EUA", "EEUU", "США", "ЄС", "ЕС", "ABD"]
)
SEPARATORS = re.compile(r"([ '.-]+)")


def fold(text: str, kept: Container[str] = ()) -> str:
    """Return text with variants of letters folded and words in capitals written normally; its length never changes.

    `kept`: names that are written in capitals (FBI, NATO), which stay as they are.
    """
    if not text.isascii():
        text = FOLDABLE.sub(lambda match: FOLDED[match[0]], text)
    if (_ASCII_IN_A_ROW if text.isascii() else _CAPITALS_IN_A_ROW).search(text) is None:
        return text

    def lower(match: re.Match[str]) -> str:
        return "".join(
            word if word in ABBREVIATIONS or word in kept or len(word.capitalize()) != len(word) else word.capitalize()
            for word in SEPARATORS.split(match[0])
        )

    return (_ASCII_CAPITALS if text.isascii() else CAPITALS).sub(lower, text)


class Words:
    """The words of a text with their offsets: `words[i]` lies at `starts[i]` to `ends[i]`."""

    __slots__ = ("ends", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        parts = _SPLIT.split(text)
        offsets = list(accumulate(map(len, parts)))
        self.text = text
        self.words = parts[1::2]
        self.starts = offsets[:-1:2]
        self.ends = offsets[1::2]

    def adjacent(self, left: int) -> bool:
        """Return whether the word after `left` stands beside it, with one space between them."""
        start = self.ends[left]
        return left + 1 < len(self.words) and self.starts[left + 1] == start + 1 and self.text[start] == " "


def words_of(name: str) -> list[str]:
    """Return the words of a name, as `Words` has them."""
    return Words(name).words
