"""Word weights of articles and stories, and sums of products between one article and some stories."""

import math
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from agents.stories.words import Ids, Weights, Words

#: An article's words are looked up by the low bits of their numbers; of two with the same bits one is lost.
TABLE_BITS = 16
TABLE_MASK = np.uint32((1 << TABLE_BITS) - 1)

Matrix = npt.NDArray[np.float32]
IdMatrix = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int16]
NONE = np.zeros(1, np.float32)
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
    """Return the sum of two vectors, the old one times `keep`, cut to its `most` heaviest words.

    Weights are rounded to 16 bits, as they are persisted: what is restored is the same.
    """
    ids, place = np.unique(np.concatenate((old.ids, new.ids)), return_inverse=True)
    weights = np.bincount(place, np.concatenate((old.weights * np.float32(keep), new.weights))).astype(np.float32)
    if len(ids) > most:
        heavy = np.sort(np.argsort(-weights, kind="stable")[:most])
        ids, weights = ids[heavy], weights[heavy]
    return Vector(ids, weights.astype(np.float16).astype(np.float32))


def among(asked: npt.NDArray[U], held: npt.NDArray[U]) -> npt.NDArray[np.bool_]:
    """Return which of the numbers asked for stand among others, which are ascending; for few, ten times as fast as `isin`."""
    if not len(held):
        return np.zeros(asked.shape, np.bool_)
    return np.asarray(held[np.minimum(np.searchsorted(held, asked), len(held) - 1)] == asked)


def heaviest(held: Vector, most: int) -> Vector:
    """Return the `most` heaviest words, the heaviest first."""
    order = np.argsort(-held.weights, kind="stable")[:most]
    return Vector(held.ids[order], held.weights[order])


class Table:
    """Where one article's words stand, by the low bits of their numbers, to look many words up at once."""

    def __init__(self) -> None:
        self._ids = np.zeros(1 << TABLE_BITS, np.uint32)
        self._places = np.zeros(1 << TABLE_BITS, np.int16)

    def places(self, ids: Ids, asked: IdMatrix) -> Places:
        """Return for each word asked for its place among the article's, counted from 1; 0 where the article lacks it.

        A word 0 is nobody's.
        """
        low = ids & TABLE_MASK
        self._ids[low] = ids
        self._places[low] = np.arange(1, len(ids) + 1, dtype=np.int16)
        lows = asked & TABLE_MASK
        found: Places = self._places[lows]
        found *= self._ids[lows] == asked
        self._places[low] = 0
        return found


def at_places(weights: Weights, places: Places) -> Matrix:
    """Return the weights at places counted from 1, and 0 at place 0."""
    found: Matrix = np.concatenate((NONE, weights)).astype(np.float32, copy=False)[places]
    return found
