"""Which articles hold a shingle, and which stand under a name: fixed rows and slots of arrays, no object per posting.

Articles are numbered in the order of decision. A shingle's 32 bits are cut in two: the low ones choose a row, the high
ones stand in the entry as its tag, beside the article's place, which is its number counted round a ring of as many
places as there are rows; so an entry names shingle and article exactly in 32 bits. A row keeps the entries of its latest
24 articles and lets go of the oldest, which bounds popular shingles (an agency's name, a disclaimer) without a scan. Ids
and texts, which must never be let go of, are found through slots with open addressing. What either holds depends only
on which articles were added, never on the order or the batches in which they were.

A row takes room once something is written to it, behind those that were written before: the rows of few articles, spread over
all as they are, would touch as many pages of memory as those of many.

The ring is four times the window. What is older than the window is passed over, and long before its place comes round
again it is made unmistakable by a sweep: as many rows as an article owns are looked through with each that is added.
"""

import mmap
from array import array
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.dedup.sketch import Sample

#: Entries to a row. With 65 shingles an article up to two thirds of them are taken when the window is full.
ROW = 24
ROWS_PER_ARTICLE = 4
#: Articles between two parts of the sweep.
SWEEP_EVERY = 64

#: Memory that is not shared with other processes takes a system less time to give; Windows knows no such flag.
PRIVATE = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}

#: Two names an article, its id and its text, leave half of the slots free.
SLOTS_PER_ARTICLE = 4

Numbers = npt.NDArray[np.int64]
Places = npt.NDArray[np.uint32]
Indices = npt.NDArray[np.intp]


class Entries(NamedTuple):
    """Parallel arrays: which of the shingles asked for, and the place of an article that held it."""

    shingle: Indices
    place: Places


class Probe:
    """An article's shingles, in ascending order: the rows and tags that they have in an index.

    `held`: what the rows held when they were looked up, None before.
    """

    __slots__ = ("held", "row", "shingles", "tag")

    def __init__(self, shingles: Sample, row: Indices, tag: Sample) -> None:
        self.shingles, self.row, self.tag = shingles, row, tag
        self.held: npt.NDArray[np.uint32] | None = None


class Names:
    """Places of articles by the 64-bit hash of an id or a text. Finds the right ones, and now and then another.

    `capacity`, a power of two, is the number of places. A slot is 0, or a tag above and the place plus one below.
    """

    def __init__(self, capacity: int) -> None:
        self.place_bits = capacity.bit_length()
        self.tag_shift = 32 + self.place_bits
        self.mask = capacity * SLOTS_PER_ARTICLE - 1
        self.slots = array("I", bytes(4 * (self.mask + 1)))

    def add(self, name: int, place: int) -> None:
        """Enter an article under a name."""
        slots, mask = self.slots, self.mask
        slot = name & mask
        while slots[slot]:
            slot = (slot + 1) & mask
        slots[slot] = (name >> self.tag_shift) << self.place_bits | (place + 1)

    def find(self, name: int) -> list[int]:
        """Return the places entered under a name, in no order, perhaps with others."""
        slots, mask, places = self.slots, self.mask, []
        slot = name & mask
        while entry := slots[slot]:
            if entry >> self.place_bits == name >> self.tag_shift:
                places.append((entry & ((1 << self.place_bits) - 1)) - 1)
            slot = (slot + 1) & mask
        return places


def untouched(rows: int) -> Places:
    """Return empty rows that take memory a few at a time, as they are written.

    NumPy asks for huge pages, which take a while each to clear. The memory is this process's own (Python's `mmap` would share
    it), of which a page costs a third.
    """
    size = rows * ROW * np.dtype(np.uint32).itemsize
    memory = mmap.mmap(-1, size, **PRIVATE)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        memory.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(memory, np.uint32).reshape(rows, ROW)


class Shingles:
    """The articles that hold a shingle, of the latest `window` numbers (a power of two, from `SWEEP_EVERY` up).

    `newest`: the highest number yet, -1 before the first. A place modulo the window is a number modulo the window.
    """

    def __init__(self, window: int) -> None:
        self.window = window
        self.ring = window * ROWS_PER_ARTICLE
        self.place_bits = self.ring.bit_length() - 1
        self.place_mask = np.uint32(self.ring - 1)
        self.tag_mask = ~self.place_mask
        self.newest = -1
        self._start()

    def _start(self) -> None:
        """Start with empty rows: an entry of 0 has place 0, which is one to two windows before the first article's."""
        #: an empty row, and those that hold something, as they were first written
        self.table = untouched(self.ring + 1)
        self.used = 1
        #: where each row stands in the table
        self._at = np.zeros(self.ring, np.uint32)
        self._origin = self.window * (1 - self.newest // self.window)
        self._unswept = self._sweep_at = 0

    def probe(self, shingles: Sample) -> Probe:
        """Return an article's shingles, given in ascending order, ready to be found and added."""
        return Probe(shingles, (shingles & self.place_mask).astype(np.intp), shingles & self.tag_mask)

    def find(self, probe: Probe) -> Entries:
        """Return every entry of these shingles, also of articles that have left."""
        probe.held = self._rows(probe.row)
        entries = (probe.held ^ probe.tag[:, None]).reshape(-1)
        # What is left of an entry with the same tag is its place.
        found = (entries <= self.place_mask).nonzero()[0]
        return Entries(found // ROW, entries[found])

    def add(self, seq: int, probe: Probe) -> None:
        """Enter the shingles of the newest article; of two in the same row the larger stays.

        Nothing may have been added since they were looked up.
        """
        place = self.place(seq)
        held = self._rows(probe.row) if probe.held is None else probe.held
        held -= place + np.uint32(1)
        held &= self.place_mask
        self.table.reshape(-1)[self._written(probe.row) * ROW + held.argmin(axis=1)] = probe.tag | place

    def add_many(self, seqs: Numbers, shingles: Sample) -> None:
        """Enter articles up to the newest, `seqs[i]` with `shingles[i]`: the same rows as one by one."""
        known = seqs > self.newest - self.window
        seqs, shingles = seqs[known], shingles[known]
        if not len(seqs):
            return
        tag_bits = np.uint64(32 - self.place_bits)
        row = (shingles & self.place_mask).astype(np.uint64)
        tag = (shingles >> np.uint32(self.place_bits)).astype(np.uint64)
        rank = (seqs - (self.newest - self.window)).astype(np.uint64)
        order = np.sort(row << np.uint64(32) | rank << tag_bits | tag)
        holder = order >> tag_bits
        order = order[np.append(holder[1:] != holder[:-1], True)]
        row = order >> np.uint64(32)
        tags = ((order & ((np.uint64(1) << tag_bits) - np.uint64(1))) << np.uint64(self.place_bits)).astype(np.uint32)
        rank = order >> tag_bits & np.uint64(self.place_mask)
        entry = tags | (rank.astype(np.uint32) + self.place(self.newest - self.window)) & self.place_mask
        ends = np.flatnonzero(np.append(row[1:] != row[:-1], True))
        from_end = np.repeat(ends, np.diff(ends, prepend=-1)) - np.arange(len(row))
        for depth in range(min(ROW, int(from_end.max()) + 1)):
            chosen = from_end == depth
            self._put(row[chosen].astype(np.intp), entry[chosen])

    def _put(self, row: Indices, entry: Sample) -> None:
        """Enter one entry in each of some distinct rows where it is later than the row's oldest."""
        after, at = self.place(self.newest + 1), self._written(row)
        held = (self.table[at] - after) & self.place_mask
        oldest = held.argmin(axis=1)
        later = ((entry - after) & self.place_mask) > held[np.arange(len(row)), oldest]
        self.table[at[later], oldest[later]] = entry[later]

    def _rows(self, row: Indices) -> Places:
        """Return a copy of some rows."""
        return self.table.take(self._at.take(row), axis=0)

    def _written(self, row: Indices) -> Indices:
        """Return where some rows stand in the table; those that had no room have it from now on, and are empty."""
        at = self._at.take(row)
        if not at.all():
            new = row[at == 0]
            numbers = np.arange(1, len(new) + 1, dtype=np.uint32)
            self._at[new] = numbers
            new = new[self._at.take(new) == numbers]  # of one row that is there twice, one number has stayed
            first, self.used = self.used, self.used + len(new)
            self.table[first : self.used] = self.table[0]
            self._at[new] = np.arange(first, self.used, dtype=np.uint32)
            at = self._at.take(row)
        return at.astype(np.intp)

    @property
    def size_bytes(self) -> int:
        """Bytes of all rows and their places, written or not: a restored index writes fewer."""
        return self.table.nbytes + self._at.nbytes

    def place(self, seq: int) -> np.uint32:
        """Return the place of an article on the ring."""
        return np.uint32((seq + self._origin) & (self.ring - 1))

    def advance(self, newest: int) -> None:
        """Note the number of the newest article, and sweep."""
        if newest > self.newest and (self.newest < 0 or newest - self.newest >= self.window):
            self.newest = newest
            self._start()
        while self.newest < newest:
            steps = min(newest - self.newest, SWEEP_EVERY - self._unswept)
            self.newest += steps
            self._unswept += steps
            if self._unswept == SWEEP_EVERY:
                self._unswept = 0
                self._sweep()

    def _sweep(self) -> None:
        """Move the places of entries older than the window to just outside of it, in the next few rows and the empty one."""
        swept = SWEEP_EVERY * ROWS_PER_ARTICLE
        rows = self.table[1 + self._sweep_at : min(1 + self._sweep_at + swept, self.used)]
        age = (self.place(self.newest) - rows) & self.place_mask
        self.table[0] = rows[age >= self.window] = self.place(self.newest - self.window)
        self._sweep_at = (self._sweep_at + swept) % self.ring
