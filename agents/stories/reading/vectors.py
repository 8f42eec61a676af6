"""Word weights of articles and stories, and sums of products between one article and some stories."""

import math
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from agents.stories.reading.words import Ids, Weights, Words

#: An article's words are looked up by the low bits of their numbers; of two with the same bits one is lost.
TABLE_BITS = 16
TABLE_MASK, HIGHEST_BIT = np.uint32((1 << TABLE_BITS) - 1), np.uint32(1 << 31)
#: So many numbers are looked up by their low bits first, where they are looked for among so few.
MANY, FEW, FEW_BITS = 2_048, 512, 14

Matrix = npt.NDArray[np.float32]
IdMatrix = npt.NDArray[np.uint32]
Products = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
U = TypeVar("U", np.uint32, np.uint64)


class Vector(NamedTuple):
    """Words and their weights. An article's has length 1 and its words in ascending order."""

    ids: Ids
    weights: Weights


def vector(words: Words, commonness: Weights) -> Vector:
    """Return the words weighted by (1 + log of how often each stands) x how rare it is, as a vector of length 1."""
    weights = (1.0 + np.log(words.times)) * commonness
    length = math.sqrt(float(weights @ weights)) or 1.0
    return Vector(words.ids, (weights / length).astype(np.float32))


def unit(held: Vector) -> Vector:
    """Return a vector at length 1."""
    length = math.sqrt(float(held.weights @ held.weights)) or 1.0
    return Vector(held.ids, (held.weights / length).astype(np.float32))


def added(old: Vector, new: Vector, keep: float, most: int) -> Vector:
    """Return the sum of two vectors, the old one times `keep`, cut to its `most` heaviest words; in ascending order.

    Weights are rounded to 16 bits, as they are persisted: what is restored is the same.
    """
    ids, weights = summed(old, new, keep) if len(old.ids) else new
    if len(ids) > most:
        heavy = (-weights).argsort(kind="stable")[:most]
        heavy.sort()
        ids, weights = ids.take(heavy), weights.take(heavy)
    return Vector(ids, weights.astype(np.float16).astype(np.float32))


def summed(old: Vector, new: Vector, keep: float) -> Vector:
    """Return the sum of two vectors, the old one times `keep`, in ascending order."""
    ids = np.concatenate((old.ids, new.ids))
    weights = np.concatenate((old.weights * np.float32(keep), new.weights))
    order = ids.argsort(kind="stable")
    ids, weights = ids.take(order), weights.take(order)
    twice = (ids[1:] == ids[:-1]).nonzero()[0]
    if len(twice):
        weights[twice] += weights[twice + 1]
        single = np.ones(len(ids), np.bool_)
        single[twice + 1] = False
        ids, weights = ids[single], weights[single]
    return Vector(ids, weights)


def among(asked: npt.NDArray[U], held: npt.NDArray[U]) -> npt.NDArray[np.bool_]:
    """Return which of the numbers asked for stand among others, which are ascending; for few, ten times as fast as `isin`.

    Of many, only those are looked for whose low bits stand among the others' low bits.
    """
    if not len(held):
        return np.zeros(asked.shape, np.bool_)
    if asked.size < MANY or len(held) > FEW:
        return found_among(asked, held)
    low, mask = np.zeros(1 << FEW_BITS, np.bool_), asked.dtype.type((1 << FEW_BITS) - 1)
    low[held & mask] = True
    found = low.take(asked & mask)
    at = found.reshape(-1).nonzero()[0]
    found.reshape(-1)[at] = found_among(asked.take(at), held)
    return found


def found_among(asked: npt.NDArray[U], held: npt.NDArray[U]) -> npt.NDArray[np.bool_]:
    """Return the same as `among`, each looked for."""
    return np.asarray(held.take(np.minimum(held.searchsorted(asked), len(held) - 1)) == asked)


def rising(values: npt.NDArray[Any], low: float, high: float) -> npt.NDArray[np.float64]:
    """Scale values linearly from 0 at `low` to 1 at `high`, and cut them off beyond."""
    return np.asarray(np.minimum(np.maximum((values - low) / (high - low), 0.0), 1.0))


def heaviest(held: Vector, most: int) -> Vector:
    """Return the `most` heaviest words, the heaviest first."""
    order = (-held.weights).argsort(kind="stable")[:most]
    return Vector(held.ids.take(order), held.weights.take(order))


class Table:
    """Where one article's words stand, by the low bits of their numbers, to look many words up at once."""

    def __init__(self) -> None:
        self._places = np.zeros(1 << TABLE_BITS, np.intp)

    def weights(self, ids: Ids, asked: IdMatrix, weights: Matrix, rows: Rows) -> Products:
        """Return the weight that each of an article's words has in the stories of some rows: a row a story, 0 for none.

        Few words of a story are among the article's: the others are left out by their low bits, as they have place 0.
        """
        words = len(ids)
        if not words:
            return np.zeros((len(rows), 0))
        theirs, low = asked.take(rows, 0), ids & TABLE_MASK
        self._places[low] = np.arange(1, words + 1)
        places = self._places.take(theirs & TABLE_MASK)
        self._places[low] = 0
        mine = np.empty(words + 1, np.uint32)
        # what stands at place 0 equals no word there: it has the first word's low bits, which have a place
        mine[0], mine[1:] = ids[0] ^ HIGHEST_BIT, ids
        at = (mine.take(places) == theirs).reshape(-1).nonzero()[0]
        places += np.arange(-1, len(rows) * words - 1, words)[:, None]  # from here on in all rows, one behind the other
        held = weights.take(rows, 0).take(at)
        found = np.asarray(np.bincount(places.take(at), held, len(rows) * words), np.float64)
        return found.reshape(len(rows), words)
