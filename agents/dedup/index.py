"""Which articles hold a shingle: fixed rows of one array, no object per posting.

A generation holds up to `capacity` consecutive articles. A shingle's 32 bits are cut in two: the low ones choose a
row, the high ones stand in the entry as its tag, beside the article's place in the generation, so that an entry names
shingle and article exactly in 32 bits. A row keeps the entries of its latest 24 articles and lets go of the oldest,
which bounds popular shingles (an agency's name, a disclaimer) without a scan. Ids and texts, which must never be let
go of, are found through slots with open addressing. What either holds depends only on which articles were added, never
on the order or the batches in which they were. Articles leave by generations, so nothing is ever deleted.
"""

from array import array
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.dedup.sketch import Sample

#: Entries to a row. With 65 shingles an article two thirds of them are taken when the generation is full.
ROW = 24
ROWS_PER_ARTICLE = 4

#: Two names an article, its id and its text, leave half of the slots free.
SLOTS_PER_ARTICLE = 4
#: Bits of a slot that hold the place, of up to 131,070; the others hold a tag.
PLACE_BITS = 17
TAG_SHIFT = 64 - (32 - PLACE_BITS)

Places = npt.NDArray[np.uint32]
Indices = npt.NDArray[np.intp]


class Hits(NamedTuple):
    """Parallel arrays: which of the shingles asked for, and the place of an article that holds it."""

    shingle: Indices
    place: Places


NOTHING = Hits(np.empty(0, np.intp), np.empty(0, np.uint32))


class Names:
    """Places of articles by the 64-bit hash of an id or a text. Finds the right ones, and now and then another."""

    def __init__(self, capacity: int) -> None:
        size = 1 << (capacity * SLOTS_PER_ARTICLE - 1).bit_length()
        self.mask = size - 1
        self.slots = array("I", bytes(4 * size))

    def add(self, name: int, place: int) -> None:
        """Enter an article under a name."""
        slots, mask = self.slots, self.mask
        slot = name & mask
        while slots[slot]:
            slot = (slot + 1) & mask
        slots[slot] = (name >> TAG_SHIFT) << PLACE_BITS | (place + 1)

    def find(self, name: int) -> list[int]:
        """Return the places entered under a name, in no order, perhaps with others."""
        slots, mask, tag, places = self.slots, self.mask, name >> TAG_SHIFT, []
        slot = name & mask
        while entry := slots[slot]:
            if entry >> PLACE_BITS == tag:
                places.append((entry & ((1 << PLACE_BITS) - 1)) - 1)
            slot = (slot + 1) & mask
        return places


class Generation:
    """The shingles of up to `capacity` articles, and the columns that a lookup reads, by place in the generation.

    `first`: sequence number of the article at place 0.
    `leader`: sequence number of the article that this one is a copy of, or its own; -1 where there is none, or no
    longer. `arrived`: epoch seconds. `article`, `source` and `title`: hashes. `posted`: how many shingles it is found
    by, all that lie below `below`. `records`: what was persisted.
    """

    def __init__(self, first: int, capacity: int) -> None:
        self.first = first
        self.place_bits = (capacity * ROWS_PER_ARTICLE - 1).bit_length()
        self.row_mask = np.uint32((1 << self.place_bits) - 1)
        self.table = np.zeros((1 << self.place_bits, ROW), np.uint32)
        self.leader = np.full(capacity, -1, np.int64)
        self.arrived = np.zeros(capacity, np.float64)
        self.article = np.zeros(capacity, np.uint32)
        self.source = np.zeros(capacity, np.uint32)
        self.title = np.zeros(capacity, np.uint32)
        self.posted = np.zeros(capacity, np.uint16)
        self.below = np.zeros(capacity, np.uint32)
        self.records: list[bytes | None] = [None] * capacity
        self.names = Names(capacity)
        self.live = 0
        self.postings = 0

    def find(self, shingles: Sample, arrived_from: float) -> Hits:
        """Return every entry of these shingles whose article is there and arrived at `arrived_from` or later."""
        rows = self.table.take(shingles & self.row_mask, axis=0)
        # An entry less tag and one is its place; a lower tag, and an empty entry, wrap around to a high number.
        rows -= ((shingles & ~self.row_mask) + np.uint32(1))[:, None]
        flat = np.flatnonzero(rows < self.row_mask)
        if not len(flat):
            return NOTHING
        place = rows.reshape(-1)[flat]
        here = (self.leader[place] >= 0) & (self.arrived[place] >= arrived_from)
        return Hits(flat[here] // ROW, place[here])

    def add(self, place: int, shingles: Sample) -> None:
        """Enter one article's shingles, given in ascending order; of two in the same row the larger stays."""
        row = shingles & self.row_mask
        held = self.table.take(row, axis=0)
        held &= self.row_mask
        oldest = held.argmin(axis=1)
        oldest += row.astype(np.intp) * ROW
        self.table.reshape(-1)[oldest] = (shingles & ~self.row_mask) | np.uint32(place + 1)
        self.postings += len(shingles)

    def add_many(self, places: Places, shingles: Sample) -> None:
        """Enter a batch: the article at `places[i]` holds `shingles[i]`. The rows hold what one by one would give."""
        if not len(shingles):
            return
        tag_bits = np.uint64(32 - self.place_bits)
        row = (shingles & self.row_mask).astype(np.uint64)
        tag = (shingles >> np.uint32(self.place_bits)).astype(np.uint64)
        order = np.sort(row << np.uint64(32) | (places + np.uint32(1)).astype(np.uint64) << tag_bits | tag)
        holder = order >> tag_bits
        order = order[np.append(holder[1:] != holder[:-1], True)]
        row = order >> np.uint64(32)
        tags = (order & ((np.uint64(1) << tag_bits) - np.uint64(1))) << np.uint64(self.place_bits)
        entry = (tags | (order >> tag_bits) & np.uint64(self.row_mask)).astype(np.uint32)
        ends = np.flatnonzero(np.append(row[1:] != row[:-1], True))
        from_end = np.repeat(ends, np.diff(ends, prepend=-1)) - np.arange(len(row))
        for depth in range(min(ROW, int(from_end.max()) + 1)):
            chosen = from_end == depth
            self._put(row[chosen].astype(np.intp), entry[chosen])
        self.postings += len(shingles)

    def _put(self, row: Indices, entry: Places) -> None:
        """Enter one entry in each of some distinct rows where it is later than the row's oldest."""
        held = self.table[row] & self.row_mask
        oldest = held.argmin(axis=1)
        later = (entry & self.row_mask) > held[np.arange(len(row)), oldest]
        self.table[row[later], oldest[later]] = entry[later]

    @property
    def size_bytes(self) -> int:
        """Bytes of the arrays, touched or not."""
        columns = self.leader, self.arrived, self.article, self.source, self.title, self.posted, self.below
        return int(self.table.nbytes + sum(column.nbytes for column in columns) + 4 * len(self.names.slots))
