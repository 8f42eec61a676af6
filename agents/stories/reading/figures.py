"""The figures of an article, whatever it counts: prices, shares, numbers drawn, points of an index."""

import re

import numpy as np

from agents.stories.reading.names import DIGIT, SEPARATOR, in_digits
from agents.stories.reading.words import TITLE_CHARACTERS, number

#: How much of a body is read, in code points, and figures kept of an article.
TEXT_CHARACTERS, MOST_FIGURES = 2_000, 24
#: Figures as they stand, beside characters of scripts without spaces. Behind a letter ("E10", "G20") it is a name. A space may
#: stand between thousands. The digit stands first, so that the search jumps from one to the next.
FIGURE = re.compile(
    rf"{DIGIT}(?<![\d.,:A-Za-z\u00c0-\u024f\u0370-\u04ff].)(?:\d{{0,2}}(?:[ \u00a0\u202f]\d{{3}})+(?!\d)|\d*(?:[.,:]\d+)*)",
    re.DOTALL,
)


def figures_of(title: str, text: str) -> bytes:
    """Return the numbers (uint32, ascending) of an article's figures of two digits and more, years left out.

    They are numbered as the numerals among its names are.
    """
    whole = in_digits(f"{title[:TITLE_CHARACTERS]} . {text[:TEXT_CHARACTERS]}")
    found = {
        SEPARATOR.sub("", written).replace(",", "."): None
        for written in FIGURE.findall(whole)
        if len(written) > 1 and not (len(written) == 4 and written.startswith(("19", "20")))
    }
    kept = {number(f"#{value}") for value in list(found)[:MOST_FIGURES]}
    return np.array(sorted(kept), np.uint32).tobytes()
