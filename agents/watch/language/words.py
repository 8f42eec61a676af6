"""Words: how an article's text and a query's terms are cut, so that both are cut the same way.

A word is a run of letters, digits, underscores and the marks that belong to them; everything else separates words.
Scripts that are written without spaces (Han, Kana, Thai, Lao, Khmer, Burmese) give one word for each character with
its marks, so that a term in them is a sequence of characters and is found anywhere, as in a substring search.

Words are compared in lower case and in the composed form (NFC), so that an accent is the same accent however it is
encoded; full-width Latin letters and digits are letters and digits. `Café` and `cafe` stay different words.
"""

import re
import sys
import unicodedata
from functools import cache

#: Scripts without spaces between words: Thai, Lao, Burmese, Khmer, Han and Kana, and Han's later planes.
UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31f0-\u31ff\u3400-\u4dbf"
    r"\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)

HANGUL = re.compile(r"[\uac00-\ud7a3]")

SIMPLE = re.compile(r"\w+")

#: Outside Latin, Greek, Cyrillic and Armenian letters, punctuation and symbols: there may be marks, or no spaces.
ELSEWHERE = re.compile(r"[^\x00-\u02ff\u0370-\u0482\u048a-\u058f\u1e00-\u20cf\u2100-\u2bff]")

FULL_WIDTH = re.compile(r"[\uff01-\uff5e]")
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
#: U+03C2, sigma at the end of a word, and U+03C3, sigma.
FINAL_SIGMA, SIGMA = "\u03c2", "\u03c3"


@cache
def marks() -> str:
    """Return Unicode's combining marks, which Python counts to no word, as the inside of a character class."""
    codes = [code for code in range(0x300, sys.maxunicode + 1) if unicodedata.category(chr(code)) in ("Mn", "Mc")]
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


@cache
def patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds a word in any script, and what is a word of a script without spaces."""
    base, mark, unspaced = f"[^\\W{UNSPACED}]", f"[{marks()}]", f"[{UNSPACED}]"
    # Thai, Lao, Burmese and Khmer hold marks and punctuation inside their blocks: a word starts with a letter or digit.
    character = f"(?:(?!\\W){unspaced}{mark}*)"
    return re.compile(f"{character}|{base}+(?:{mark}+{base}*)*"), re.compile(character)


def fold(text: str) -> str:
    """Return `text` in lower case, with as many code points as before; narrow, and with one small sigma."""
    if text.isascii():
        return text.lower()
    if FULL_WIDTH.search(text):
        text = text.translate(NARROW)
    # U+0130 is the one letter whose lower case is longer than itself.
    return text.replace("\u0130", "i").lower().replace(FINAL_SIGMA, SIGMA)


def is_simple(text: str) -> bool:
    """Say whether `SIMPLE` finds a text's words: whether it has neither marks nor scripts without spaces."""
    return text.isascii() or ELSEWHERE.search(text) is None


def cut(folded: str) -> list[str]:
    """Return the words of a folded text, in order."""
    words: list[str] = (SIMPLE if is_simple(folded) else patterns()[0]).findall(folded)
    if folded.isascii() or unicodedata.is_normalized("NFC", folded):
        return words
    return [word if word.isascii() else unicodedata.normalize("NFC", word) for word in words]


def offsets(folded: str) -> list[tuple[int, int]]:
    """Return each word's start and end in code points; as many as `cut` gives."""
    return [match.span() for match in (SIMPLE if is_simple(folded) else patterns()[0]).finditer(folded)]


def offsets_of(words: list[str], folded: str) -> list[tuple[int, int]]:
    """Return the same as `offsets`, faster, for the words that `cut` gave.

    Between two words stands nothing that a word could begin with, so that a plain search finds the next one.
    """
    if not folded.isascii() and not unicodedata.is_normalized("NFC", folded):
        return offsets(folded)
    found = []
    end = 0
    for word in words:
        start = folded.index(word, end)
        end = start + len(word)
        found.append((start, end))
    return found


def normal(text: str) -> str:
    """Return a text in composed form and with narrow letters, its case kept."""
    return unicodedata.normalize("NFC", text.translate(NARROW) if FULL_WIDTH.search(text) else text)


def is_unspaced(word: str) -> bool:
    """Say whether a word is one character of a script without spaces."""
    return not word.isascii() and patterns()[1].fullmatch(word) is not None


def letters(word: str) -> int:
    """Return how many letters a word has for the wildcard's minimum: a Hangul syllable writes two or three."""
    return len(word) + len(HANGUL.findall(word))


def join(words: tuple[str, ...]) -> str:
    """Return words as one text that is cut into the same words again."""
    parts: list[str] = []
    for word in words:
        if parts and not (is_unspaced(word.rstrip("*")) and is_unspaced(parts[-1][-1])):
            parts.append(" ")
        parts.append(word)
    return "".join(parts)
