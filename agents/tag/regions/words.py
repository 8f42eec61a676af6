# ruff: noqa: RUF001 - letters of many alphabets
"""Words of a title or a text: letters that come in variants folded into one, capitals lowered, and where words lie."""

import re
import sys
from collections.abc import Container

import numpy as np

#: A word is letters, digits and signs that go with letters (Devanagari's vowels, which are no letters to `\\w`). Ranges, by
#: their first and last: all from U+00C0 less Ogham's space, the punctuation of Arabic and Devanagari, of U+2000 to U+2BFF
#: and of the ideographic and full-width blocks.
LETTERS = (
    *("09", "AZ", "az", "__", "\u00aa\u00aa", "\u00b5\u00b5", "\u00ba\u00ba", "\u00c0\u00d6", "\u00d8\u00f6"),
    *("\u00f8\u0589", "\u0591\u060b", "\u060d\u061a", "\u0620\u0669", "\u066e\u06d3", "\u06d5\u0963"),
    *("\u0966\u167f", "\u1681\u1fff", "\u2c00\u2dff", "\u3005\u3007", "\u3031\u30fa", "\u30fc\ufe0f"),
    *("\ufe70\ufefc", "\uff10\uff19", "\uff21\uff3a", "\uff41\uff5a", "\uff66\uffdc"),
    *("\U00010000\U0001efff", "\U00020000\U0003ffff"),
)
IS_LETTER = np.zeros(sys.maxunicode + 1, bool)
for _range in LETTERS:
    IS_LETTER[ord(_range[0]) : ord(_range[1]) + 1] = True
#: What a word may begin with that is looked up as a name: no small letter and no ASCII digit. (Small letters beyond
#: U+2000 count as capitals; no name begins with one.)
IS_INITIAL = IS_LETTER.copy()
IS_INITIAL[:0x2000] &= [not chr(code).islower() for code in range(0x2000)]
IS_INITIAL[ord("0") : ord("9") + 1] = False
#: Punctuation outside Latin-1 that is common in Latin texts: without it most can be split as bytes, which is faster.
_TYPOGRAPHIC = "“”—–…„•€"

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
    [
        "US",
        "USA",
        "UK",
        "UAE",
        "EU",
        "UN",
        "DRC",
        "PRC",
        "USSR",
        "DPRK",
        "EUA",
        "EE",
        "UU",
        "EEUU",
        "США",
        "ЄС",
        "ЕС",
        "ABD",
    ]
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
    """The words of a text by their offsets: word `i` lies at `starts[i]` to `ends[i]`.

    `initial`: the indexes of the words that begin with a capital letter or with a letter of a script without capitals.
    """

    __slots__ = ("count", "ends", "initial", "starts", "text")

    def __init__(self, text: str) -> None:
        padded = f" {text} "
        if not text.isascii():
            for sign in _TYPOGRAPHIC:
                padded = padded.replace(sign, " ")
        codes: np.ndarray[tuple[int], np.dtype[np.uint8 | np.uint32]]
        try:
            codes = np.frombuffer(padded.encode("latin-1"), np.uint8)
        except UnicodeEncodeError:
            codes = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), np.uint32)
        is_letter = IS_LETTER.take(codes)
        edges = (is_letter[1:] != is_letter[:-1]).nonzero()[0]
        self.text = text
        self.initial: list[int] = IS_INITIAL.take(codes.take(edges[::2] + 1)).nonzero()[0].tolist()
        offsets: list[int] = edges.tolist()
        self.starts = offsets[::2]
        self.ends = offsets[1::2]
        self.count = len(self.starts)

    def __getitem__(self, index: int) -> str:
        """Return a word."""
        return self.text[self.starts[index] : self.ends[index]]

    def after(self, index: int) -> str:
        """Return the word that stands beside a word, with one space between them, or nothing."""
        end = self.ends[index]
        if index + 1 < self.count and self.starts[index + 1] == end + 1 and self.text[end] == " ":
            return self.text[end + 1 : self.ends[index + 1]]
        return ""


def words_of(name: str) -> list[str]:
    """Return the words of a name, as `Words` has them."""
    words = Words(name)
    return [words[index] for index in range(words.count)]
