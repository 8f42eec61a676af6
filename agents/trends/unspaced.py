"""Phrases of Chinese and Japanese titles, where no space says where a word ends.

Each piece of three to six characters is a phrase: of an event's pieces those that most articles have are the name or more,
and of as many articles the longest is shown, which is the whole. Kana between Chinese characters are grammar and end a piece;
a word in katakana is one and is not cut. Thai, Lao, Burmese and Khmer have none: their letters alone say little.
"""

import re
from collections.abc import Container, Iterator

from streams.text.scripts import UNSPACED

HAN = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KATAKANA = "\u30a1-\u30fa\u30fc"
#: Quotation marks around a name, which part no words there; a dot stands between the words of a foreign name.
QUOTES = "\u2018-\u201f\u3008-\u300f\uff02\"'"
RUN = re.compile(f"[{HAN}{KATAKANA}\u30fb{QUOTES}]+")
UNIT = re.compile(f"[{HAN}]|[{KATAKANA}]+(?:\u30fb[{KATAKANA}]+)*")
UNSPACED_SCRIPT = re.compile(f"[{UNSPACED}]")
#: Characters of a title that are read, at most; a word in katakana counts as one.
TITLE_CHARACTERS = 24
#: Fewest and most characters of a phrase, a word in katakana counted as one.
FEWEST, MOST = 3, 6
#: Most characters of a phrase.
LONGEST = 16
#: A word in katakana of so many letters is a phrase by itself.
LONG_KATAKANA = 4


def is_unspaced(title: str) -> bool:
    """Return whether more than half of a title's letters are of scripts without spaces; Korean titles hold single characters."""
    return 2 * len(UNSPACED_SCRIPT.findall(title)) > sum(map(str.isalpha, title))


def unspaced_phrases(title: str, common: Container[str] = ()) -> Iterator[str]:
    """Yield the phrases of a title, the longer ones first; none begins or ends with a character that every text holds."""
    runs, left = [], TITLE_CHARACTERS
    for run in RUN.findall(title):
        units = UNIT.findall(run)[:left]
        left -= len(units)
        runs.append(units)
    for many in range(MOST, 0, -1):
        for units in runs:
            for at in range(len(units) - many + 1):
                first, last = units[at], units[at + many - 1]
                phrase = "".join(units[at : at + many])
                is_long = many >= FEWEST or len(max(units[at : at + many], key=len)) >= LONG_KATAKANA
                if is_long and len(phrase) <= LONGEST and first not in common and last not in common:
                    yield phrase
