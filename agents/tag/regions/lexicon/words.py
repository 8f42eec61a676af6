# ruff: noqa: RUF001 - letters of many alphabets
"""Words of a title or a text: letter variants folded, words in capitals lowered, and the spans of words."""

import re
import sys
from collections.abc import Container
from typing import Literal

import numpy as np
import numpy.typing as npt

from streams.text.word_lists import word_lists

#: A word is letters, digits and marks that go with letters (Devanagari's vowels, which are no letters to `\\w`). Ranges, by
#: their first and last: all from U+00C0 less Ogham's space, the punctuation of Arabic, Devanagari, Burmese, Ethiopic and Khmer,
#: of U+2000 to U+2BFF and of the ideographic and full-width blocks.
LETTERS = (
    *("09", "AZ", "az", "__", "\u00aa\u00aa", "\u00b5\u00b5", "\u00ba\u00ba", "\u00c0\u00d6", "\u00d8\u00f6"),
    *("\u00f8\u0589", "\u0591\u060b", "\u060d\u061a", "\u0620\u0669", "\u066e\u06d3", "\u06d5\u0963"),
    *("\u0966\u1049", "\u1050\u135f", "\u1369\u167f", "\u1681\u17d3", "\u17db\u1fff"),
    *("\u2c00\u2dff", "\u3005\u3007", "\u3031\u30fa", "\u30fc\ufe0f"),
    *("\ufe70\ufefc", "\uff10\uff19", "\uff21\uff3a", "\uff41\uff5a", "\uff66\uffdc"),
    *("\U00010000\U0001efff", "\U00020000\U0003ffff"),
)
#: Classes of code points: letters are those from `SMALL` on, and a name begins with one from `INITIAL` on: neither a small
#: letter nor an ASCII digit. (Small letters beyond U+2000 count as initials; no name begins with one.) `CAPITAL` has the
#: capitals of the alphabets in which whole words are written in capitals for emphasis.
OTHER, SEPARATOR, SMALL, INITIAL, CAPITAL = range(5)
#: Punctuation outside Latin-1 that is common in Latin texts: without it most can be split as bytes, which is faster.
_TYPOGRAPHIC = "“”—–…„•€"

#: Variants that are written the same here, one code point for one, so that offsets stay.
FOLDED = {
    "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "‐": "-", "‑": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي",
}  # fmt: skip

_CAPITAL = "A-ZÀ-ÖØ-ÞĄĆĘŁŃÓŚŹŻĞİŞА-ЯЁІЇЄҐ"


def _classes() -> npt.NDArray[np.uint8]:
    """Return the class of each code point."""
    classes = np.zeros(sys.maxunicode + 1, np.uint8)
    for letters in LETTERS:
        classes[ord(letters[0]) : ord(letters[-1]) + 1] = INITIAL
    classes[:0x2000][[chr(code).islower() for code in range(0x2000)] & (classes[:0x2000] == INITIAL)] = SMALL
    classes[ord("0") : ord("9") + 1] = SMALL
    classes[[ord(sign) for sign in " '.-"]] = SEPARATOR
    classes[[code for code in range(0x500) if re.match(f"[{_CAPITAL}]", chr(code))]] = CAPITAL
    return classes


CLASSES = _classes()
_LATIN_CLASSES = CLASSES[:256].tobytes()
#: WordSpans in capitals, by the classes of their code points: two words and more, or one of four letters and more. A literal
#: before the look behind lets the regex engine skip to the first capital.
RUN = re.compile(
    b"C(?<![L-N]C)C+(?:S{1,2}C{2,})+(?![L-N])|C(?<![L-N]C)C{3,}(?![L-N])".translate(
        bytes.maketrans(b"CSLN", bytes((CAPITAL, SEPARATOR, SMALL, CAPITAL)))
    )
)
#: Abbreviations in capitals that mean a country: kept as they are.
ABBREVIATIONS = frozenset(word_lists("agents.tag.regions")["abbreviations"])
SEPARATORS = re.compile(r"([ '.-]+)")


def fold(text: str, kept: Container[str] = ()) -> str:
    """Return text with variants of letters folded and words in capitals written normally; its length never changes.

    `kept`: names that are written in capitals (FBI, NATO), which stay as they are.
    """
    return _folded(text, kept)[0]


def fold_variants(text: str) -> str:
    """Return text with variants of letters and marks as the gazetteer writes them."""
    if not text.isascii():
        for variant, usual in FOLDED.items():
            text = text.replace(variant, usual)
    return text


def _folded(text: str, kept: Container[str]) -> tuple[str, bytes]:
    """Return a folded text and the classes of its code points, see `classify`."""
    text = fold_variants(text)
    classes = classify(text)
    lowered = lower_capitals(text, classes, kept)
    return (text, classes) if lowered is text else (lowered, classify(lowered))


def lower_capitals(text: str, classes: bytes, kept: Container[str]) -> str:
    """Lower words in capitals, except abbreviations and the words in `kept`."""
    pieces: list[str] = []
    done = 0
    for run in RUN.finditer(classes):
        start, end = run.start() - 1, run.end() - 1
        capitals = text[start:end]
        normal = "".join(
            word if word in ABBREVIATIONS or word in kept or len(word.capitalize()) != len(word) else word.capitalize()
            for word in SEPARATORS.split(capitals)
        )
        if normal != capitals:
            pieces += (text[done:start], normal)
            done = end
    return "".join((*pieces, text[done:])) if pieces else text


def classify(text: str) -> bytes:
    """Return the class of each code point of a text, with a code point that is none before and after it."""
    padded = f"\n{text}\n"
    if not text.isascii():
        for sign in _TYPOGRAPHIC:
            padded = padded.replace(sign, "\n")
    try:
        return padded.encode("latin-1").translate(_LATIN_CLASSES)
    except UnicodeEncodeError:
        return CLASSES.take(np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), np.uint32)).tobytes()


#: Fewest letters of a text whose case is judged.
LEAST_LETTERS = 12
#: Most of a thousand letters that may be of the other case.
MOST_OTHERS = 3
MOST_SMALL = 80


def case_of(classes: bytes) -> Literal["small", "capitals", "mixed"]:
    """Return whether a text is in small letters or in capitals throughout, by the classes of its code points."""
    small, capitals = classes.count(SMALL), classes.count(CAPITAL)
    letters = small + capitals + classes.count(INITIAL)
    if letters < LEAST_LETTERS:
        return "mixed"
    if small * 1000 >= letters * (1000 - MOST_OTHERS):
        return "small"
    return "capitals" if capitals * 1000 >= letters * (1000 - MOST_SMALL) else "mixed"


class WordSpans:
    """The words of a text by their offsets: word `i` lies at `starts[i]` to `ends[i]`.

    `initial`: the words that begin with a capital letter or with a letter of a script without capitals, each as its
    index, start and end. Most other words are never asked for, so their offsets stay in numpy's memory.
    """

    __slots__ = ("count", "ends", "initial", "starts", "text")

    def __init__(self, text: str, classes: bytes | None = None) -> None:
        found = np.frombuffer(classify(text) if classes is None else classes, np.uint8)
        is_letter = found >= SMALL
        edges = (is_letter[1:] != is_letter[:-1]).nonzero()[0]
        starts, ends = edges[::2], edges[1::2]
        initial = (found[1:].take(starts) >= INITIAL).nonzero()[0]
        self.text = text
        self.starts, self.ends = starts.data, ends.data
        self.count = len(starts)
        self.initial: list[tuple[int, int, int]] = list(
            zip(initial.tolist(), starts.take(initial).tolist(), ends.take(initial).tolist(), strict=True)
        )

    @classmethod
    def folded(cls, text: str, kept: Container[str] = ()) -> "WordSpans":
        """Return the words of a text that is folded first, see `fold`."""
        return cls(*_folded(text, kept))

    def __getitem__(self, index: int) -> str:
        """Return a word."""
        return self.text[self.starts[index] : self.ends[index]]

    def before(self, index: int) -> str:
        """Return the word before a word, whatever lies between them, or nothing."""
        return self[index - 1] if index > 0 else ""

    def after(self, index: int) -> str:
        """Return the word that stands beside a word, with one space between them, or nothing."""
        start = self.ends[index] + 1
        if self.text[start - 1 : start] == " " and index + 1 < self.count and self.starts[index + 1] == start:
            return self.text[start : self.ends[index + 1]]
        return ""


def words_of(name: str) -> list[str]:
    """Split a name into words as `WordSpans` does."""
    words = WordSpans(name)
    return [words[index] for index in range(words.count)]
