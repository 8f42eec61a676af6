"""How common words are: in how many articles of a language each has stood, counted as the articles come.

Counts are kept in two rows of buckets (a count-min sketch): a word's count is the smaller of its two, so it is never
too low, and too high only where it shares both buckets. They are persisted as they were after every `EPOCH` articles,
with the words of each article since, so that a restored table is the same one.
"""

import math
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.stories.reading.names import name_key
from agents.stories.reading.stems import WHOLE
from agents.stories.reading.vectors import among
from agents.stories.reading.words import Ids, Weights, forms, number
from streams.text.common_words import common_words

Counts = npt.NDArray[np.float32]

BUCKETS = 1 << 16
LOW = np.uint32(BUCKETS - 1)
HIGH = np.uint32(16)
ONE = np.float32(1)
#: Bytes of an article's key.
KEY_BYTES = 8
#: The bit beside the epoch that says that there is a key; older workers wrote none.
KEYED = 1 << 31
#: Articles between two times that all counts are persisted.
EPOCH = 512
#: More than there ever are: a number of one stays below `KEYED`.
MOST_EPOCHS = 1 << 30
#: Parts in which they are.
PARTS = 8
#: When so many articles are counted, all counts are halved: what was common last year fades, and they fit 16 bits.
MOST_ARTICLES = 60_000
#: Before the first article, the words of common_words.toml have stood in these shares of so many articles.
PRIOR_ARTICLES = 500
PRIOR_SHARES = {"every": 0.5, "many": 0.06}
#: Languages that write every noun with a capital, or may do so.
CAPITAL_NOUNS = frozenset({"de", "lb", "und"})
#: Scripts without capitals: of names, only numerals are found.
UNCASED = "am ar as bn bo ckb dv dz fa gu he hi ja ka km kn ko lo ml mr my ne or pa ps sa sd si ta te th ti ug ur yi zh"
NO_CAPITALS = frozenset(UNCASED.split())


class ArticleWords(NamedTuple):
    """The words of one article as they were counted: in which epoch, and the article's key."""

    epoch: int
    article: bytes
    words: bytes


class Commonness:
    """Counts of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words, self._counts = ("words", "counts") if language in WHOLE else ("stems", "stem_counts")
        self.listed = "many" in common_words().get(language, {})
        self.rows = prior(language).copy()
        self.articles = 0.0
        self.epoch = 0
        self.since = 0
        self._base = self.rows.copy()
        self._base_articles = 0.0
        self._epochs = [0] * PARTS
        self._recent: dict[int, ArticleWords] = {}

    def weight(self, ids: Ids) -> Weights:
        """Return the weight of each word: the logarithm of how rare it is, at least 0."""
        rare = np.log((self.articles + PRIOR_ARTICLES) / (self.seen(ids) + 0.5))
        weights: Weights = np.maximum(rare, 0.0).astype(np.float32)
        return weights

    def most_seen(self, weight: float) -> float:
        """Return in how many articles a word of such a weight has stood; one of a larger weight in fewer."""
        return (self.articles + PRIOR_ARTICLES) / math.exp(weight) - 0.5

    def seen(self, ids: Ids) -> Weights:
        """Return in how many articles each word has stood, never too low."""
        return np.asarray(np.minimum(self.rows[0].take(ids & LOW), self.rows[1].take(ids >> HIGH)), np.float32)

    def telling(self, names: Ids) -> npt.NDArray[np.bool_]:
        """Return which names tell events apart: none is a common word ("Court"), and none a noun (German)."""
        if self.language in CAPITAL_NOUNS:
            return np.zeros(len(names), np.bool_)
        return ~among(names, common_names(self.language))

    def add(self, ids: Ids, article: bytes = b"") -> Iterator[tuple[str, bytes]]:
        """Count the words of one article, given its key of `KEY_BYTES`; yield the keys and values to persist."""
        self._count(ids)
        self.articles += 1
        self._recent[self.since] = ArticleWords(self.epoch, article, ids.tobytes())
        head = (self.epoch | KEYED if article else self.epoch).to_bytes(4, "little")
        yield f"{self.language}:{self._words}:{self.since}", head + article + ids.tobytes()
        self.since += 1
        if self.since == EPOCH:
            yield from self._close_epoch()

    def take_back(self, article: bytes) -> None:
        """Count the words of the latest article no more, if it is this one.

        It is decided again: whoever decided it first died when its words were persisted and its story was not.
        """
        latest = self._recent.get(self.since - 1)
        if latest is None or not article or latest.article != article:
            return
        ids = np.frombuffer(latest.words, np.uint32)
        np.subtract.at(self.rows[0], ids & LOW, 1)
        np.subtract.at(self.rows[1], ids >> HIGH, 1)
        self.since -= 1
        self.articles -= 1
        del self._recent[self.since]

    def _close_epoch(self) -> Iterator[tuple[str, bytes]]:
        if self.articles > MOST_ARTICLES:
            self.rows = np.floor(self.rows / 2)
            self.articles = np.floor(self.articles / 2)
        self.epoch += 1
        self.since = 0
        self._begin_epoch(self.rows, self.articles)
        head = np.array([self.epoch, self.articles], np.uint32).tobytes()
        for part, columns in enumerate(np.split(self.rows.astype(np.uint16), PARTS, axis=1)):
            yield f"{self.language}:{self._counts}:{part}", head + columns.tobytes()

    def _begin_epoch(self, rows: Counts, articles: float) -> None:
        """Take the counts with which an epoch begins."""
        self._base, self._base_articles = rows.copy(), articles
        self._epochs = [self.epoch] * PARTS
        self._recent = {place: words for place, words in self._recent.items() if words[0] >= self.epoch}

    def _count(self, ids: Ids) -> None:
        np.add.at(self.rows[0], (ids & LOW).astype(np.intp), ONE)  # as the rows are: other types take longer
        np.add.at(self.rows[1], (ids >> HIGH).astype(np.intp), ONE)

    def restore(self, kind: str, place: int, value: bytes) -> None:
        """Take back one value that was persisted; `finish` makes the table of them.

        They may be news to a table that has counted before: its partition went to another worker and came back. Whole words
        that older workers counted of a language whose stems are compared now say nothing of these, and are left.
        """
        if not 0 <= place < (EPOCH if kind in ("words", "stems") else PARTS):
            raise ValueError(f"there is no place {place}")
        if kind not in (self._words, self._counts):
            return
        if kind == self._words:
            epoch = int.from_bytes(value[:4], "little")
            at = 4 + (KEY_BYTES if epoch & KEYED else 0)
            if len(value) < at or (len(value) - at) % 4:
                raise ValueError("numbers of words have four bytes each")
            self._recent[place] = ArticleWords(epoch & ~KEYED, value[4:at], value[at:])
            return
        epoch, articles = np.frombuffer(value[:8], np.uint32).tolist()
        if epoch >= MOST_EPOCHS or articles > 2 * MOST_ARTICLES:
            raise ValueError(f"epoch {epoch}, {articles} articles: more than there can be")
        width = BUCKETS // PARTS
        self._base[:, place * width : (place + 1) * width] = np.frombuffer(value[8:], np.uint16).reshape(2, width)
        self._epochs[place] = epoch
        if epoch >= self.epoch:
            self.epoch, self._base_articles = epoch, float(articles)

    def finish(self) -> None:
        """Make the table: the counts at the beginning of the epoch, and the words of each article since.

        A part of the counts that a dying worker did not write again is of the epoch before, as are the words that it lacks.
        """
        width = BUCKETS // PARTS
        epochs = np.repeat(np.array(self._epochs), width)
        rows = self._base
        for epoch, _, value in self._recent.values():
            if epoch < self.epoch:
                add_words(rows, np.frombuffer(value, np.uint32), epochs <= epoch)
        self._begin_epoch(rows, self._base_articles)
        self.rows = rows.copy()
        for _, _, value in self._recent.values():
            add_words(self.rows, np.frombuffer(value, np.uint32), np.ones(BUCKETS, np.bool_))
        self.since = max(self._recent) + 1 if self._recent else 0
        self.articles = self._base_articles + len(self._recent)


def add_words(rows: Counts, ids: Ids, wanted: npt.NDArray[np.bool_]) -> None:
    """Count words in their buckets, those that are wanted."""
    for row, buckets in enumerate((ids & LOW, ids >> HIGH)):
        np.add.at(rows[row], buckets[wanted[buckets]], 1)


@cache
def prior(language: str) -> Counts:
    """Return the counts before the first article: of the words that every text of a language holds."""
    rows = np.zeros((2, BUCKETS), np.float32)
    for name, share in PRIOR_SHARES.items():
        words = common_words().get(language, {}).get(name, "")
        ids = np.unique(np.array([number(form) for form in forms(words, language)], np.uint32))
        for row, buckets in enumerate((ids & LOW, ids >> HIGH)):
            rows[row][buckets] = np.maximum(rows[row][buckets], share * PRIOR_ARTICLES)
    return rows


@cache
def common_names(language: str) -> Ids:
    """Return the numbers of the common words of a language, as names are numbered."""
    words = " ".join(common_words().get(language, {}).values()).split()
    return np.unique(np.array([number(name_key(word)) for word in words], np.uint32))
