"""The words that a term with a wildcard at its beginning may stand for, and which of them are new to a store."""

import re
from collections.abc import Iterable

from agents.archive.entries import ArticleEntry

#: What such a term may end: words of letters alone, as long as the fewest letters of the term.
LONG_WORD = re.compile(r"[^\W\d_]{5,}")
#: Words that are remembered as stored already, some 50 MB; when there are more, they are offered again.
MAX_REMEMBERED = 500_000


class Vocabulary:
    """Remembers which long words have been stored."""

    def __init__(self) -> None:
        self._stored: set[str] = set()

    def fresh(self, articles: Iterable[ArticleEntry]) -> list[str]:
        """Return the long words of some articles that may not be stored yet, sorted."""
        words = set[str]().union(*(article.features for article in articles)) - self._stored
        return sorted(filter(LONG_WORD.fullmatch, words))

    def stored(self, words: list[str]) -> None:
        """Remember words that are stored now."""
        if len(self._stored) + len(words) > MAX_REMEMBERED:
            self._stored.clear()
        self._stored.update(words)

    def forget(self) -> None:
        """Take nothing for stored: a write may have been undone."""
        self._stored.clear()
