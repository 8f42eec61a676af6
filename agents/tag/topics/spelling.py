"""Usual spelling of a text, so that a stem is found however a newspaper writes it.

Arabic vowel signs and the dot below Hindi letters may be left out, a Hindi nasal is a letter or a dot, Russian ё
has its dots or not, a Turkish capital has a dot or none, and Taiwan and Hong Kong write the traditional characters of Chinese.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from agents.tag.topics.forms import SIGNS
from agents.tag.topics.tokens import lower
from streams.text.spellings import ARABIC_LETTERS, ARABIC_USUAL, HINDI_NASAL, NASAL_DOT, SIMPLIFIED, TRADITIONAL

#: Letters that are written in several ways and the usual ones, one for one, by language. A Hindi letter with a dot below can be
#: one code point.
LETTERS: Final = {
    "ar": (ARABIC_LETTERS, ARABIC_USUAL),
    "hi": ("\u0958\u0959\u095a\u095b\u095c\u095d\u095e\u095f\u0901", "कखगजडढफय\u0902"),
    "ru": ("\u0451", "\u0435"),
    "uk": ("\u02bc`", "''"),
    "zh": (TRADITIONAL, SIMPLIFIED),
}
#: What finds them, and what changes them: most texts have none.
CHANGED: Final = {
    language: (re.compile(f"[{written}]"), str.maketrans(written, usual))
    for language, (written, usual) in LETTERS.items()
}
#: Turkish capitals: I is no capital of i.
TURKISH: Final = str.maketrans("I\u0130", "\u0131i")
#: What is left out: vowel signs and the stretched line of Arabic; the dot below and joiners of Hindi. A Hindi nasal before a
#: consonant of its row becomes the dot above.
LEFT_OUT: Final = {
    "ar": SIGNS,
    "hi": re.compile(rf"[\u093c\u200c\u200d]|{HINDI_NASAL}"),
}


class Spelling(NamedTuple):
    """A text in its usual spelling, and for each of its characters and its end the place in the text as it was."""

    text: str
    places: Sequence[int]


def usual(text: str, language: str) -> Spelling:
    """Return a text in lower case and in the usual spelling of its language."""
    lowered = one_for_one(text, language)
    pattern = LEFT_OUT.get(language)
    if pattern is None or pattern.search(lowered) is None:
        return Spelling(lowered, range(len(lowered) + 1))
    pieces: list[str] = []
    places: list[int] = []
    end = 0
    for left_out in pattern.finditer(lowered):
        pieces.append(lowered[end : left_out.start()])
        places += range(end, left_out.start())
        if len(left_out[0]) > 1:
            pieces.append(NASAL_DOT)
            places.append(left_out.start())
        end = left_out.end()
    return Spelling("".join([*pieces, lowered[end:]]), [*places, *range(end, len(lowered) + 1)])


def respelled(text: str, language: str) -> str:
    """Return a text for the words of a table: with small Turkish letters, which are not those of other languages."""
    return text.translate(TURKISH) if language == "tr" else text


def one_for_one(text: str, language: str) -> str:
    """Return a text in lower case, its letters in the usual spelling, each at its place."""
    lowered = lower(respelled(text, language)).replace("\u2019", "'")
    pattern, letters = CHANGED.get(language, (None, {}))
    return lowered if pattern is None or pattern.search(lowered) is None else lowered.translate(letters)
