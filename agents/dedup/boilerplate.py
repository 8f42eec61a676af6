"""Shingles that are anybody's: set phrases, and the boilerplate of a source. Two articles that share no others are no copies."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import numpy.typing as npt

from agents.dedup.copy_rules import Flags, Likeness
from agents.dedup.sketch import Overlap, Sketch, overlap, posted
from agents.dedup.state import Columns, Holders, hash64

#: A shingle under as many titles of one source is its boilerplate; one of as many originals is a set phrase.
BOILERPLATE_TITLES = 4
PHRASE_ARTICLES = 8


class CommonShingles:
    """Which of an article's shingles are anybody's: set phrases, and a source's boilerplate, each found out once."""

    def __init__(self, found: Holders, columns: Columns, new: Sketch) -> None:
        self._found, self._columns, self._new = found, columns, new
        self._count = len(posted(new)[0])
        self._of_source: dict[int, Flags] = {}

    @cached_property
    def is_possible(self) -> bool:
        """Whether any shingle stands often enough."""
        return bool(np.bincount(self._found.shingle).max() >= BOILERPLATE_TITLES - 1)

    @cached_property
    def phrases(self) -> Flags:
        """The set phrases."""
        return phrases(self._found, self._columns, self._count)

    def dropped(self, sources: Iterable[int]) -> Flags:
        """Return the set phrases and the boilerplate of some sources."""
        dropped = self.phrases.copy()
        for source in sources:
            if source not in self._of_source:
                self._of_source[source] = boilerplate(self._found, self._columns, source, self._new, self._count)
            dropped |= self._of_source[source]
        return dropped


def without_boilerplate(match: Likeness, new: Sketch, common: CommonShingles) -> Likeness:
    """Return the match without set phrases and without the boilerplate of either article's source."""
    if not common.is_possible:
        return match
    old = match.leader.sketch
    (shingles, below), (old_shingles, old_below) = posted(new), posted(old)
    dropped = common.dropped({new.source, old.source})
    if not dropped.any():
        return match
    whole = overlap(shingles, below, old_shingles, old_below)
    theirs = shingles[dropped & (shingles < old_below)]
    shared = int(np.isin(theirs, old_shingles, assume_unique=True).sum())
    return match._replace(shingles=Overlap(whole.shared - shared, whole.new - len(theirs), whole.old - shared))


def phrases(found: Holders, columns: Columns, count: int) -> Flags:
    """Return which of the article's shingles stand in `PHRASE_ARTICLES` articles that are no copies."""
    original = columns.original[found.slot]
    articles = found.shingle[original] << 32 | columns.article[found.slot[original]]
    return kinds(articles, count) >= PHRASE_ARTICLES


def boilerplate(found: Holders, columns: Columns, source: int, new: Sketch, count: int) -> Flags:
    """Return which of the article's shingles stand under `BOILERPLATE_TITLES` titles of a source."""
    theirs = columns.source[found.slot] == source
    shingle, slot = found.shingle[theirs] << 32, found.slot[theirs]
    if len(slot) < BOILERPLATE_TITLES - 1:
        return np.zeros(count, np.bool_)
    titles, articles = shingle | columns.title[slot], shingle | columns.article[slot]
    if source == new.source:
        own = np.arange(count) << 32
        titles = np.concatenate((titles, own | new.title))
        articles = np.concatenate((articles, own | (hash64(new.id) & 0xFFFFFFFF)))
    return (kinds(titles, count) >= BOILERPLATE_TITLES) & (kinds(articles, count) >= BOILERPLATE_TITLES)


def kinds(pairs: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.intp]:
    """Return for each shingle (upper half of a pair) how many different values (lower half) it has."""
    values = np.sort(pairs)
    return np.bincount(values[ends(values)] >> 32, minlength=count)


def ends(ordered: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """Return where each value stands for the last time."""
    last = np.empty(len(ordered), np.bool_)
    last[-1:] = True
    np.not_equal(ordered[1:], ordered[:-1], out=last[:-1])
    return last.nonzero()[0]
