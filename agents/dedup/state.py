"""State of the decider: one record an article and revision, and the indexes over them.

The records are the truth: they are what is persisted, and every index is a pure function of the records in the window,
so that a state restored from them in any order and in any batches gives the verdicts that the old one would have.
Records are numbered in the order of decision and leave in that order.
"""

import logging
from functools import lru_cache
from hashlib import blake2b
from math import inf
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from agents.dedup.index import Indices, Names, Numbers, Probe, Shingles
from agents.dedup.sketch import Sample, Sketch, posted, posted_below
from agents.dedup.stored import StoredVerdict, decode, decoder, encoder, key_of

#: The indexes hold a power of two of articles, above what may be remembered and from this up.
SMALLEST_CAPACITY = 1024

#: A place that no article has.
NOWHERE = (1 << 32) - 1

#: Records restored at a time. Larger batches are not faster.
BATCH = 4096
#: Fewer records far ahead of all others are no window that another worker has gone on with.
FEWEST_AHEAD = 8

logger = logging.getLogger("wirewatch.dedup")


class Stats(Struct, frozen=True, kw_only=True):
    """Size and age of the state. `articles` counts revisions too; `oldest_arrival` is in epoch seconds."""

    articles: int
    bytes: int
    oldest_arrival: float | None


Slots = npt.NDArray[np.uint32]


@lru_cache(maxsize=8)
def hash64(text: str) -> int:
    """Return 64 bits of BLAKE2; an article's id is asked for three times in a row."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class Columns:
    """Columns of article data that a look-up reads, by slot: the number modulo the capacity.

    `place`: in the shingle index, `NOWHERE` where there is no article, or no longer. `leader`: number of the article
    that this one is a copy of, or its own; `original`: whether it is its own. `arrived`: epoch seconds. `article`,
    `source` and `title`: hashes. `posted`: how many shingles it is found by, all that lie below `below`. `records`:
    what was persisted.
    """

    def __init__(self, capacity: int) -> None:
        self.place = np.full(capacity, NOWHERE, np.uint32)
        self.leader = np.zeros(capacity, np.int64)
        self.original = np.zeros(capacity, np.bool_)
        self.arrived = np.zeros(capacity, np.float64)
        self.article = np.zeros(capacity, np.uint32)
        self.source = np.zeros(capacity, np.uint32)
        self.title = np.zeros(capacity, np.uint32)
        self.posted = np.zeros(capacity, np.uint16)
        self.below = np.zeros(capacity, np.uint32)
        self.records: list[bytes | None] = [None] * capacity

    @property
    def size_bytes(self) -> int:
        """Bytes of the arrays, touched or not."""
        return sum(column.nbytes for column in vars(self).values() if isinstance(column, np.ndarray))


class Holders(NamedTuple):
    """Parallel arrays: which of the shingles asked for, and the slot and the leader of an article that holds it."""

    shingle: Indices
    slot: Slots
    leader: Numbers


class State:
    """Records by sequence number, id and text, and the shingle index. Bounded by `max_articles`."""

    def __init__(self, window_seconds: float, max_articles: int) -> None:
        self.window_seconds: Final = window_seconds
        self.max_articles: Final = max_articles
        # One more than `max_articles`, so that the latest never takes the slot of one that is still there.
        self.capacity: Final = max(1 << max_articles.bit_length(), SMALLEST_CAPACITY)
        self._slot_mask = np.uint32(self.capacity - 1)
        self._clear()
        self._left: dict[str, None] = {}
        self._pending: dict[str, tuple[bytes, StoredVerdict] | None] = {}

    def _clear(self) -> None:
        """Start from nothing."""
        self.columns = Columns(self.capacity)
        self._shingles = Shingles(self.capacity)
        # The names of the latest numbers, and of those before; a name is found in both.
        self._names: dict[int, Names] = {}
        self._oldest = self.next_seq = self._live = self._record_bytes = 0

    def stored(self, seq: int) -> StoredVerdict | None:
        """Return a record by its number."""
        value = self.record(seq)
        return decoder.decode(value) if value is not None else None

    def record(self, seq: int) -> bytes | None:
        """Return a record's bytes by its number."""
        known = self.next_seq - self.capacity <= seq < self.next_seq
        return self.columns.records[seq % self.capacity] if known else None

    def in_window(self, seq: int, arrived: float) -> StoredVerdict | None:
        """Return a record unless it arrived more than the window before `arrived`."""
        stored = self.stored(seq)
        return stored if stored is not None and stored.arrived >= arrived - self.window_seconds else None

    def probe(self, sketch: Sketch) -> Probe:
        """Return the shingles by which an article is looked up and found."""
        return self._shingles.probe(posted(sketch)[0])

    def holders(self, probe: Probe, arrived: float) -> Holders:
        """Return which articles in the window hold the shingles: of each shingle, the latest few."""
        shingle, place = self._shingles.find(probe)
        slot = place & self._slot_mask
        there = self.columns.place[slot] == place
        there &= self.columns.arrived[slot] >= arrived - self.window_seconds
        slot = slot[there]
        return Holders(shingle[there], slot, self.columns.leader[slot])

    def posted(self, seq: int) -> tuple[int, int]:
        """Return how many shingles an article is found by, and the threshold that all of those lie below."""
        if self.record(seq) is None:
            return 0, 0
        slot = seq % self.capacity
        return int(self.columns.posted[slot]), int(self.columns.below[slot])

    def revisions(self, article: str, arrived: float) -> list[StoredVerdict]:
        """Return the records of an article in the window, in their order."""
        found = [self.in_window(seq, arrived) for seq in self._named(hash64(article))]
        return [stored for stored in found if stored is not None and stored.sketch.id == article]

    def same_text(self, text: bytes, arrived: float) -> StoredVerdict | None:
        """Return the latest unique article with this text."""
        for seq in reversed(self._named(int.from_bytes(text, "little"))):
            stored = self.in_window(seq, arrived)
            if stored is not None and stored.leader == seq and stored.sketch.text == text:
                return stored
        return None

    def _named(self, name: int) -> list[int]:
        """Return the numbers of the articles under the hash of an id or a text, ascending, perhaps with others."""
        found: list[int] = []
        for number, names in self._names.items():
            found += [number * self.capacity + place for place in names.find(name)]
        return sorted(found) if len(found) > 1 else found

    def add(self, stored: StoredVerdict, probe: Probe) -> bytes:
        """Keep a new record, the next in order, and return its bytes."""
        record = encoder.encode(stored)
        self._shingles.advance(stored.seq)
        self._keep(stored, record, probe.shingles)
        self._shingles.add(stored.seq, probe)
        if self._left:
            self._left.pop(key_of(stored), None)
        self._drop_surplus()
        return record

    def make_way(self, article: str, revision: int) -> None:
        """Drop the record that a new one of an article takes the key of: it left the window, and has not expired yet.

        Left there, it would expire later, and its tombstone would take the new one.
        """
        self._forget(f"{article}:{revision}", None)

    def rewrite(self, stored: StoredVerdict) -> bytes:
        """Put a record in place of the one with its number and return its bytes."""
        record = encoder.encode(stored)
        self._replace(stored.seq, record)
        return record

    def expire(self, now: float) -> list[str]:
        """Drop the records that arrived before the window, and return their keys and those of the surplus."""
        earliest = now - self.window_seconds
        while self._live:
            if self.record(self._oldest) is None:
                self._oldest += 1
            elif self.columns.arrived[self._oldest % self.capacity] < earliest:
                self._drop(self._oldest, leaving=True)
            else:
                break
        keys, self._left = list(self._left), {}
        return keys

    def restore(self, key: str, record: bytes | None) -> None:
        """Take a persisted record, or a tombstone; `settle` puts it in its place.

        Raises `InvalidRecord` for bytes that are no record; the record that was known under the key then stays.
        """
        known = (record, decode(key, record)) if record is not None else None
        self._pending.pop(key, None)
        self._pending[key] = known
        if len(self._pending) >= BATCH:
            self.settle()

    def settle(self) -> None:
        """Enter all that was restored."""
        if not self._pending:
            return
        pending, self._pending = self._pending, {}
        for key, known in pending.items():
            self._forget(key, known[1] if known else None)
        restored = self._believed(
            sorted((known for known in pending.values() if known), key=lambda known: known[1].seq)
        )
        newest = restored[-1][1].seq if restored else -1
        self._shingles.advance(newest)
        added: dict[int, Sample] = {}
        for record, stored in restored:
            if self._live and stored.seq >= self.next_seq + self.capacity:  # all that is known is out of reach by now
                self._clear()
                self._shingles.advance(newest)
                added.clear()
            if stored.seq < self.next_seq - self.max_articles:
                self._left[key_of(stored)] = None
            elif self.record(stored.seq) is not None:
                self._replace(stored.seq, record)
            else:
                added[stored.seq] = posted(stored.sketch)[0]
                self._keep(stored, record, added[stored.seq])
                self._drop_surplus()
        if added:
            seqs = np.repeat(np.array(list(added)), list(map(len, added.values())))
            self._shingles.add_many(seqs, np.concatenate(list(added.values())))

    def _believed(self, restored: list[tuple[bytes, StoredVerdict]]) -> list[tuple[bytes, StoredVerdict]]:
        """Leave out the few records, in the order of their numbers, that lie further ahead than can be.

        All decisions of a window are there, one after another; by a spoilt number, all the others would be out of reach.
        """
        before = self.next_seq if self._live else -1
        for place, (_, stored) in enumerate(restored):
            if 0 <= before < stored.seq - self.capacity and len(restored) - place < FEWEST_AHEAD:
                for _, spoilt in restored[place:]:
                    logger.error(
                        "duplicates' state: record %d is passed over: the one before is %d", spoilt.seq, before
                    )
                    self._left[key_of(spoilt)] = None
                return restored[:place]
            before = max(before, stored.seq)
        return restored

    def stats(self) -> Stats:
        """Return size and age; `bytes` is that of arrays and records."""
        arrays = self.columns.size_bytes + self._shingles.size_bytes
        names = sum(4 * len(names.slots) for names in self._names.values())
        return Stats(
            articles=self._live,
            bytes=self._record_bytes + arrays + names,
            oldest_arrival=float(self.columns.arrived[self._oldest % self.capacity]) if self._live else None,
        )

    def _keep(self, stored: StoredVerdict, record: bytes, shingles: Sample) -> None:
        """Enter a record, to be found by these shingles, everywhere but in the shingle index."""
        seq, sketch, columns = stored.seq, stored.sketch, self.columns
        article = hash64(sketch.id)
        number, slot = divmod(seq, self.capacity)
        names = self._names.get(number)
        if names is None:
            names = self._names[number] = Names(self.capacity)
            latest = max(self._names)
            self._names = {at: known for at, known in self._names.items() if at >= latest - 1}
        columns.place[slot] = self._shingles.place(seq)
        columns.leader[slot] = stored.leader
        columns.original[slot] = stored.leader == seq
        columns.arrived[slot] = stored.arrived
        columns.article[slot] = article & 0xFFFFFFFF
        columns.source[slot] = sketch.source
        columns.title[slot] = sketch.title
        columns.posted[slot] = len(shingles)
        columns.below[slot] = posted_below(sketch)
        columns.records[slot] = record
        self._oldest = min(self._oldest, seq) if self._live else seq
        self._live += 1
        self._record_bytes += len(record)
        self.next_seq = max(self.next_seq, seq + 1)
        names.add(article, slot)
        if stored.leader == seq:
            names.add(int.from_bytes(sketch.text, "little"), slot)

    def _replace(self, seq: int, record: bytes) -> None:
        """Put a record's new bytes in place."""
        slot = seq % self.capacity
        self._record_bytes += len(record) - len(self.columns.records[slot] or b"")
        self.columns.records[slot] = record

    def _drop_surplus(self) -> None:
        """Drop the oldest until only the latest `max_articles` numbers are left."""
        while self._live and self._oldest < self.next_seq - self.max_articles:
            if self.record(self._oldest) is not None:
                self._drop(self._oldest, leaving=True)
            else:
                self._oldest += 1

    def _forget(self, key: str, successor: StoredVerdict | None) -> None:
        """Drop the record under a key, unless its successor has the same number."""
        article = key.rpartition(":")[0]
        for stored in self.revisions(article, -inf):
            if key_of(stored) == key and (successor is None or successor.seq != stored.seq):
                self._drop(stored.seq, leaving=False)

    def _drop(self, seq: int, *, leaving: bool) -> None:
        """Take a record out; `leaving` keeps its key for the next `expire`."""
        stored = self.stored(seq)
        if stored is None:
            raise LookupError(f"no record {seq}")
        slot = seq % self.capacity
        self._record_bytes -= len(self.columns.records[slot] or b"")
        self.columns.place[slot] = NOWHERE
        self.columns.records[slot] = None
        self._live -= 1
        if leaving:
            self._left[key_of(stored)] = None
        if not self._live:
            self._clear()
