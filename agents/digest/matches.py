"""Articles that a watch has matched, for digests that show only these: the latest of `wirewatch.matches`, and the words."""

from collections import OrderedDict
from collections.abc import Collection, Iterable

import msgspec
from msgspec import Struct

from streams.ids import short_digest
from streams.records import Evidence, read_value

#: Of each watch, so many of the latest matches are remembered.
MAX_MATCHES = 20_000
#: Different words that a digest names as the reason.
MOST_WORDS = 3
#: Bytes of the hash by which an article is known.
KEY_BYTES = 8


class MatchedWatch(Struct):
    """The watch of a match."""

    name: str


class MatchedArticle(Struct, kw_only=True):
    """The article of a match, with the piece of its text that an alert shows."""

    id: str
    title: str = ""
    snippet: str = ""
    snippet_start: int = 0


class Match(Struct, kw_only=True):
    """The part of a match that digests need."""

    watch: MatchedWatch
    article: MatchedArticle
    spans: list[Evidence] = []

    def words(self) -> list[str]:
        """Return the words that made the watch match, each once, as far as title and snippet hold them."""
        article = self.article
        found: dict[str, str] = {}
        for span in self.spans:
            text, start = (article.title, 0) if span.field == "title" else (article.snippet, article.snippet_start)
            word = text[max(0, span.start - start) : max(0, span.end - start)] if span.start >= start else ""
            if word.strip():
                found.setdefault(word.casefold(), word)
        return list(found.values())[:MOST_WORDS]


decoder = msgspec.json.Decoder(Match)


def article_key(article: str) -> bytes:
    """Return the short hash by which an article is known."""
    return short_digest(article, KEY_BYTES)


class Matches:
    """The latest matches of the watches that digests name: the words, by article."""

    def __init__(self, watches: Iterable[str]) -> None:
        self._words: dict[str, OrderedDict[bytes, list[str]]] = {watch: OrderedDict() for watch in watches}

    @property
    def watches(self) -> Collection[str]:
        """The watches whose matches are remembered."""
        return self._words.keys()

    def take(self, value: bytes) -> None:
        """Take one match; raise `InvalidRecord` for bytes that are none."""
        match = read_value(decoder, value, "no match")
        words = self._words.get(match.watch.name)
        if words is None:
            return
        key = article_key(match.article.id)
        words[key] = match.words()
        words.move_to_end(key)
        if len(words) > MAX_MATCHES:
            words.popitem(last=False)

    def words(self, watch: str, articles: Iterable[bytes]) -> list[str] | None:
        """Return the words by which a watch matched some of these articles; None where it matched none."""
        known = self._words.get(watch, OrderedDict())
        found = [known[key] for key in articles if key in known]
        if not found:
            return None
        return list(dict.fromkeys(word for words in found for word in words))[:MOST_WORDS]
