"""Menus of a page by their names: links and labels that are no part of an article, whatever stands beside them.

Elements that are called a menu and hold no sentence have 12 of 100 blocks of the development pages, and one in 9,000 of these
blocks is text of an article. A page is read and understood sooner without them.
"""

import re

from selectolax.lexbor import LexborNode

from agents.clean.page.vocabulary import PART_BIT
from agents.clean.text.words import STOPS

#: The part that an element is called.
NAV = PART_BIT["nav"]
#: Most characters of a menu.
MENU_CHARS = 8_000
#: Most characters of all elements called a menu that are looked at on a page: those within each other count each time.
PAGE_CHARS = 200_000
#: Characters that each look counts at least: pages may have thousands of empty ones.
LEAST_CHARS = 100
#: The end of a sentence, of which an element's text may have nothing behind it but the next element's: the marks first, of
#: which a menu has few. Long text in scripts that write no full stop (Thai, Lao, Burmese, Khmer).
_SENTENCE = re.compile(rf"[{''.join(STOPS)}](?:(?<![.!?])|(?![a-z\d]))")
_LONG = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{60}")
#: Holds a title, results or a date, so that it is no menu or none alone.
_TELLING = "h1, table, time"


class Menus:
    """Tells whether elements of a page that are called a menu are one, as long as the page has not too many of them."""

    def __init__(self) -> None:
        self._left = PAGE_CHARS
        #: Whether any was found.
        self.found = False

    def holds(self, node: LexborNode) -> bool:
        """Return whether an element that is called a menu holds nothing else: it is short, and has no sentence."""
        if self._left <= 0:
            return False
        text = node.text_lexbor() or ""
        self._left -= max(LEAST_CHARS, len(text))
        if len(text) > MENU_CHARS or ends_sentence(text) or node.css_first(_TELLING) is not None:
            return False
        self.found = True
        return True


def ends_sentence(text: str) -> bool:
    """Return whether a sentence ends in a text, or it is long where scripts write no full stop."""
    return _SENTENCE.search(text) is not None or (not text.isascii() and _LONG.search(text) is not None)
