"""Letters, digits and signs that desks write in several ways, as one, in any script.

Indian and Arab papers write figures in their own digits or in European ones, Russian desks ё with its dots or without,
Taiwan and Hong Kong traditional characters, Swiss papers ss for ß, and an agency abroad Polish, Turkish and Danish letters
without their strokes.
"""

import re
import unicodedata
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from agents.dedup.numerals import with_digits
from streams.text.scripts import MOST_GROWTH
from streams.text.spellings import ARABIC_LETTERS, ARABIC_USUAL, HINDI_NASAL, NASAL_DOT, SIMPLIFIED, TRADITIONAL

#: Latin letters that do not come apart in a letter and its mark, and what stands for them where they are missing.
LATIN_LETTERS: Final = {
    "\u00df": "ss",
    "\u1e9e": "SS",
    "\u0131": "i",
    "\u0142": "l",
    "\u0141": "L",
    "\u00f8": "o",
    "\u00d8": "O",
    "\u0111": "d",
    "\u0110": "D",
    "\u00e6": "ae",
    "\u00c6": "Ae",
    "\u0153": "oe",
    "\u0152": "Oe",
}
#: Signs that may be left out: vowel signs of Arabic and its stretched line, points of Hebrew, the dot below Hindi letters.
LEFT_OUT: Final = [*range(0x591, 0x5BE), *range(0x64B, 0x653), 0x670, 0x640, 0x5BF, 0x5C1, 0x5C2, 0x93C]
#: The digits of all scripts that newspapers are set in.
DIGITS: Final = {
    code: unicodedata.digit(chr(code)) + ord("0") for code in range(0x660, 0xAC00) if chr(code).isdecimal()
}
#: Every character that has a usual one, and that; zero for those left out. Of Arabic figures the point and the comma too.
USUAL: Final = (
    DIGITS
    | dict.fromkeys(LEFT_OUT, 0)
    | str.maketrans(TRADITIONAL, SIMPLIFIED)
    | str.maketrans(ARABIC_LETTERS, ARABIC_USUAL)
    | str.maketrans("\u0401\u0451\u02bc\u0901\u066b\u066c", "\u0415\u0435'\u0902.,")
)
NASAL: Final = re.compile(HINDI_NASAL)
#: Where thousands are set apart: behind a digit, the last of three at most, and before three others.
APART: Final = re.compile(r"(?<=\d)(?<!\d{4})[ .,'](?=\d{3}(?!\d))", re.ASCII)
#: Three digits and what sets them apart.
GROUP: Final = 4
#: Characters of the first plane, which has all that are changed.
PLANE: Final = 1 << 16


@cache
def usual_codes() -> npt.NDArray[np.uint32]:
    """Return the usual character of each of the first plane: with it a text is changed in a tenth of `str.translate`'s time."""
    codes = np.arange(PLANE, dtype=np.uint32)
    codes[list(USUAL)] = list(USUAL.values())
    return codes


def composed(text: str) -> str:
    """Return a text in compatibility forms and usual spelling, numbers in digits, cut where it grew more than any text."""
    whole = unicodedata.normalize("NFKC", text)[: MOST_GROWTH * len(text)]
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), "<u4")
    usual = np.where(codes < PLANE, usual_codes().take(codes, mode="clip"), codes)
    spelled = usual[usual > 0].astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")
    return APART.sub("", with_digits(NASAL.sub(NASAL_DOT, spelled)))


def thousands(text: bytes) -> npt.NDArray[np.intp]:
    """Return where an ASCII text sets thousands apart, as `APART` finds it in any: 12 400, 12,400 and 12400 are one number."""
    codes = np.frombuffer(b" " * GROUP + text + b" " * GROUP, np.uint8)
    digit = codes - np.uint8(ord("0")) < len("0123456789")
    sign = codes[1:-3]
    apart = ((sign == ord(" ")) | (sign == ord(",")) | (sign == ord("."))) & digit[:-4]
    apart &= digit[2:-2]
    apart &= digit[3:-1]
    apart &= digit[4:]
    at = apart.nonzero()[0] + 1
    is_longer = digit[at - 4] & digit[at - 3] & digit[at - 2]
    found: npt.NDArray[np.intp] = at[~digit[at + GROUP] & ~is_longer] - GROUP
    return found


def plain_latin(text: str) -> str:
    """Return a decomposed text with plain letters in place of those that have no mark to lose."""
    for written, plain in LATIN_LETTERS.items():
        if written in text:
            text = text.replace(written, plain)
    return text
