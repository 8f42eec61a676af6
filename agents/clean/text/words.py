"""Words of a text: how many, and the text for comparison: as words alone, or without accents."""

import re
from unicodedata import combining, normalize

#: Characters of scripts that write no spaces between words; two of them count as a word.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e81-\u9fff"
_UNSPACED = re.compile(f"[{UNSPACED}]")
_WORD = re.compile(r"\w+")
#: Marks at the end of a sentence, in all scripts that have one.
STOPS = tuple(".!?。！？।؟۔።։။")  # noqa: RUF001


def count_words(text: str) -> int:
    """Return the number of words; scripts without spaces count two characters as one word."""
    words = text.count(" ") + 1
    if not text.isascii() and len(text) > 12 * words:
        words += count_unspaced(text) // 2
    return words


def count_unspaced(text: str) -> int:
    """Return the number of characters of scripts that write no spaces between words."""
    return len(_UNSPACED.findall(text))


def normal(text: str) -> str:
    """Return a text for comparison: words only, lower case."""
    return " ".join(_WORD.findall(text.lower()))


def without_accents(name: str) -> str:
    """Return a name as capitals and hurried writers have it: without accents, and without hamza.

    Names of other scripts than Latin, Greek and Arabic stay: their marks are vowels.
    """
    if not (name < "\u0400" or "\u0600" < name < "\u0700"):
        return name
    return "".join(char for char in normalize("NFD", name) if not combining(char))
