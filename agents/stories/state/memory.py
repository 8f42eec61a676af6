"""The running stories of one language as arrays, and which of them share rare words with an article.

A row a story; the rows are what the acceptance reads of it. An inverted index over each story's strongest words gives the
candidates. Both follow from the persisted stories alone: neither the order nor the history of rows changes a decision.
"""

import math
from array import array
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.stories.reading.facts import STORY_FACTS, Facts
from agents.stories.reading.vectors import Vector, heaviest
from agents.stories.reading.words import Ids

#: Words of a story's bodies and of its titles that are kept.
BODY_WORDS, TITLE_WORDS = 100, 24
#: Its regions and topics that are kept.
REGIONS, TOPICS = 12, 4
#: Names, first words of sentences and figures that are kept, the latest.
NAMES, OPENERS, FIGURES = 64, 32, 48
#: A story is found by so many of its strongest words.
INDEXED_WORDS = 20
#: An article asks for so many of its own.
ASKED_WORDS = 24
#: A word by which more stories than this would be found is asked for no more: it takes nothing apart.
MOST_HOLDERS = 400
#: Stories that are compared with an article: those that share most with it.
MOST_CANDIDATES = 48
SMALLEST = 256
#: Bits of the largest serial, and more: a story's is below `MOST_COUNTED` (agents/stories/state/story.py).
SERIAL_BITS = 31
NOBODY = array("I")
#: Added to a squared length, so that a story without words has one.
LEAST = np.float32(1e-9)
#: Its strongest words, of which an article of the story has most.
STRONGEST_WORDS = 8

Rows = npt.NDArray[np.int64]
Column = npt.NDArray[np.float64]


class Measures(NamedTuple):
    """Measures of some stories, an array each.

    `first`, `last`, `touched`: times in epoch seconds. `log_size`, `log_words`: natural logarithms of the number of its articles,
    and of one more than the words of its bodies that have a weight. `body_length`: of its bodies' vector; `strong`: the least
    weight of its strongest words, `strong_sum`: the sum of these words' squared weights.
    """

    first: Column
    last: Column
    touched: Column
    log_size: Column
    log_words: Column
    body_length: Column
    strong: Column
    strong_sum: Column


LOG_SIZE, LOG_WORDS = Measures._fields.index("log_size"), Measures._fields.index("log_words")


class Memory:
    """Rows of running stories. `serial` numbers stories in the order of their founding; times are epoch seconds.

    `measures`: a row of `Measures` a story, a line of the processor's cache. `named`: how many names it has. `overlap`: in how
    many words each character stands, 1 where words are set apart, 2 where they are pairs of characters: stories are found
    by so many times as many words.
    """

    def __init__(self, overlap: int = 1) -> None:
        self.overlap = overlap
        self.body_ids = np.zeros((SMALLEST, BODY_WORDS), np.uint32)
        self.body_weights = np.zeros((SMALLEST, BODY_WORDS), np.float32)
        self.title_ids = np.zeros((SMALLEST, TITLE_WORDS), np.uint32)
        self.title_weights = np.zeros((SMALLEST, TITLE_WORDS), np.float32)
        self.measures = np.zeros((SMALLEST, len(Measures._fields)))
        self.title_length = np.zeros(SMALLEST, np.float32)
        self.facts = np.zeros((SMALLEST, STORY_FACTS), np.uint64)
        self.names = np.zeros((SMALLEST, NAMES), np.uint32)
        self.named = np.zeros(SMALLEST, np.int32)
        self.openers = np.zeros((SMALLEST, OPENERS), np.uint32)
        self.opening = np.zeros(SMALLEST, np.int32)
        self.figures = np.zeros((SMALLEST, FIGURES), np.uint32)
        self.region_ids = np.zeros((SMALLEST, REGIONS), np.uint32)
        self.region_shares = np.zeros((SMALLEST, REGIONS), np.float32)
        self.places = np.zeros((SMALLEST, REGIONS), np.uint32)
        self.located = np.zeros(SMALLEST, np.float32)
        self.topics = np.zeros((SMALLEST, TOPICS), np.uint32)
        self.size = np.zeros(SMALLEST, np.int32)
        self.headline = np.zeros(SMALLEST, np.bool_)
        self.serial = np.zeros(SMALLEST, np.int64)
        self._holders: dict[int, array[int]] = {}
        self._indexed: dict[int, frozenset[int]] = {}
        self._free = list(range(SMALLEST - 1, -1, -1))

    def __len__(self) -> int:
        return len(self._indexed)

    @property
    def size_bytes(self) -> int:
        """Bytes of the arrays and, near enough, of the index."""
        arrays = sum(column.nbytes for column in vars(self).values() if isinstance(column, np.ndarray))
        postings = sum(map(len, self._holders.values()))
        return arrays + 160 * len(self._holders) + 4 * postings + 600 * len(self._indexed)

    def measured(self, rows: Rows) -> Measures:
        """Return the measures of the stories of some rows."""
        return Measures(*self.measures.take(rows, 0).T)

    @property
    def first(self) -> Column:
        """When each story begins."""
        return self.measures[:, 0]

    @property
    def touched(self) -> Column:
        """When each story was last joined."""
        return self.measures[:, 2]

    def take_row(self) -> int:
        """Return a row that no story has."""
        if not self._free:
            self._grow()
        return self._free.pop()

    def give_back(self, row: int) -> None:
        """Forget the story of a row."""
        self._index(row, frozenset())
        del self._indexed[row]
        self.size[row] = 0
        self._free.append(row)

    def put_words(self, row: int, body: Vector, title: Vector) -> None:
        """Write the words of a row's story, and let it be found by the strongest."""
        fill(self.body_ids, self.body_weights, row, body)
        fill(self.title_ids, self.title_weights, row, title)
        squares = np.square(self.body_weights[row])
        self.title_length[row] = np.sqrt(np.square(self.title_weights[row]).sum() + LEAST)
        found_by = heaviest(body, INDEXED_WORDS * self.overlap)
        strongest = found_by.weights[:STRONGEST_WORDS]
        strong = float(strongest[-1]) if len(strongest) else 0.0
        self.measures[row, LOG_WORDS:] = (
            math.log(np.count_nonzero(body.weights) + 1),
            np.sqrt(squares.sum() + LEAST),
            strong,
            squares[self.body_weights[row] >= strong].sum(),
        )
        self._index(row, frozenset(found_by.ids.tolist()))

    def put_times(self, row: int, first: float, last: float, touched: float) -> None:
        """Write the times of a row's story."""
        self.measures[row, :LOG_SIZE] = first, last, touched

    def put_size(self, row: int, articles: int) -> None:
        """Write how many articles with words of their own a row's story has."""
        self.size[row], self.measures[row, LOG_SIZE] = articles, math.log(max(1, articles))

    def put_regions(self, row: int, ids: Ids, shares: Sequence[float]) -> None:
        """Write which share of its articles is about each region."""
        regions = Vector(ids, np.array(shares, np.float32))
        fill(self.region_ids, self.region_shares, row, regions)

    def put_places(self, row: int, ids: Ids, located: float) -> None:
        """Write the divisions that a row's story is about, and how sure they are, 0 to 1."""
        self.places[row, : len(ids)], self.places[row, len(ids) :] = ids, 0
        self.located[row] = located

    def put_topics(self, row: int, ids: Ids) -> None:
        """Write the topics of a row's story."""
        self.topics[row, : len(ids)], self.topics[row, len(ids) :] = ids, 0

    def put_facts(self, row: int, facts: Facts) -> None:
        """Write the facts of a row's story."""
        self.facts[row, : len(facts)], self.facts[row, len(facts) :] = facts, 0

    def put_names(self, row: int, names: Ids, openers: Ids) -> None:
        """Write the names of a row's story that tell events apart, and the other words that may be names."""
        self.named[row], self.opening[row] = len(names), len(openers)
        self.openers[row, : len(openers)], self.openers[row, len(openers) :] = openers, 0
        self.names[row, : len(names)], self.names[row, len(names) :] = names, 0

    def put_figures(self, row: int, figures: Ids) -> None:
        """Write the figures of a row's story."""
        self.figures[row, : len(figures)], self.figures[row, len(figures) :] = figures, 0

    def candidates(self, asked: Vector) -> Rows:
        """Return the rows of the stories that share most with an article's strongest words, in order of founding.

        `asked`: the words, and how much sharing each says (whole numbers, so that their order adds nothing).
        """
        holders = (
            (self._holders.get(word, NOBODY), weight)
            for word, weight in zip(asked.ids.tolist(), asked.weights.tolist(), strict=True)
        )
        held = [(rows, weight) for rows, weight in holders if 0 < len(rows) <= MOST_HOLDERS]
        if not held:
            return np.zeros(0, np.int64)
        many = [len(rows) for rows, _ in held]
        rows = np.frombuffer(b"".join([rows for rows, _ in held]), np.uint32)
        shared = np.asarray(np.bincount(rows, np.repeat([weight for _, weight in held], many)), np.float64)
        # Of the holders of one word, enough share so much at least: all who share less are left out before they are ranked.
        least, first = 1.0, next((place for place, holders in enumerate(many) if holders >= MOST_CANDIDATES), -1)
        if first >= 0:
            begin = sum(many[:first])
            least = max(least, least_of_most(shared.take(rows[begin : begin + many[first]])))
        found = (shared >= least).nonzero()[0]
        serial = self.serial.take(found)
        if len(found) > MOST_CANDIDATES:
            # of equals the older one is before the other
            rank = (shared.take(found).astype(np.int64) << SERIAL_BITS) - serial
            most = rank.argpartition(-MOST_CANDIDATES)[-MOST_CANDIDATES:]
            found, serial = found.take(most), serial.take(most)
        return found.take(serial.argsort())

    def _index(self, row: int, words: frozenset[int]) -> None:
        before = self._indexed.get(row, frozenset())
        for word in before - words:
            holders = self._holders[word]
            holders.remove(row)
            if not holders:
                del self._holders[word]
        for word in words - before:
            self._holders.setdefault(word, array("I")).append(row)
        self._indexed[row] = words

    def _grow(self) -> None:
        capacity = len(self.size)
        for name, column in vars(self).items():
            if isinstance(column, np.ndarray):
                setattr(self, name, np.concatenate((column, np.zeros_like(column))))
        self._free = list(range(2 * capacity - 1, capacity - 1, -1))


def least_of_most(shares: npt.NDArray[np.float64]) -> float:
    """Return the least of the `MOST_CANDIDATES` largest shares."""
    return float(np.partition(shares, -MOST_CANDIDATES)[-MOST_CANDIDATES])


def fill(ids: npt.NDArray[np.uint32], weights: npt.NDArray[np.float32], row: int, held: Vector) -> None:
    """Write a vector into a row of two matrices, the rest of it 0."""
    many = len(held.ids)
    ids[row, :many], ids[row, many:] = held.ids, 0
    weights[row, :many], weights[row, many:] = held.weights, 0
