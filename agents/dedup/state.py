"""What the decider remembers: one record an article and revision, and the indexes over them.

The records are the truth: they are what is persisted, and every index is a pure function of the records in the window,
so that a state restored from them in any order and in any batches gives the verdicts that the old one would have.
Records are numbered in the order of decision and leave in that order.
"""

from hashlib import blake2b
from math import inf
from typing import Final

import msgspec
import numpy as np
from msgspec import Struct

from agents.dedup.index import Generation
from agents.dedup.sketch import Sketch, posted
from streams.errors import InvalidRecord
from streams.records import DuplicateKind

#: Generations that a full window is spread over, and how many articles one may hold.
GENERATIONS = 8
SMALLEST_GENERATION = 1024
LARGEST_GENERATION = 125_000

#: Records restored at a time. Larger batches are not faster.
BATCH = 4096

#: Fetches of one revision that are known again when they are delivered again: the first, and the latest others.
MOST_FETCHES = 32
FETCH_BYTES = 8


class Stored(Struct, array_like=True, frozen=True, gc=False):
    """The persisted record of an article: its sketch and its verdict.

    `seq` numbers the decisions. `arrived`: epoch seconds. `fetches`: hash of the fetch that the verdict was given on,
    then those of the same text again. `leader`: `seq` of the original, its own where the article is unique.
    `alike`: containment, jaccard and facts.
    """

    seq: int
    arrived: float
    revision: int
    leader: int
    fetches: bytes
    sketch: Sketch
    duplicate_of: str | None = None
    kind: DuplicateKind | None = None
    alike: tuple[float, float, float] | None = None
    new_facts: bool = False
    version: int = 1

    def has_fetch(self, fetch: bytes) -> bool:
        """Tell whether this fetch was decided here."""
        return fetch in (self.fetches[i : i + FETCH_BYTES] for i in range(0, len(self.fetches), FETCH_BYTES))

    def fetched_again(self, fetch: bytes) -> "Stored":
        """Return the record with one more fetch; of too many the earliest are let go, but for the first."""
        first, again = self.fetches[:FETCH_BYTES], self.fetches[FETCH_BYTES:] + fetch
        kept = again[-(MOST_FETCHES - 1) * FETCH_BYTES :]
        return msgspec.structs.replace(self, fetches=first + kept)


class Stats(Struct, frozen=True, kw_only=True):
    """Size and age of the state. `articles` counts revisions too; `oldest_arrival` is in epoch seconds."""

    articles: int
    postings: int
    bytes: int
    oldest_arrival: float | None


encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(Stored)


def key_of(stored: Stored) -> str:
    """Return the key that a record is persisted under: one for each revision, so that none takes another's place."""
    return f"{stored.sketch.id}:{stored.revision}"


def hash64(text: str) -> int:
    """Return 64 bits of BLAKE2."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class State:
    """Records by sequence number, id and text, and the shingle index. Bounded by `max_articles`."""

    def __init__(self, window_seconds: float, max_articles: int) -> None:
        self.window_seconds: Final = window_seconds
        self.max_articles: Final = max_articles
        capacity = -(-max_articles // GENERATIONS)
        self.capacity: Final = min(max(capacity, SMALLEST_GENERATION), LARGEST_GENERATION)
        self._clear()
        self._left: dict[str, None] = {}
        self._pending: dict[str, bytes | None] = {}

    def _clear(self) -> None:
        """Start from nothing."""
        self.generations: dict[int, Generation] = {}
        self._oldest = self.next_seq = self._live = self._record_bytes = 0

    def stored(self, seq: int) -> Stored | None:
        """Return a record by its number."""
        value = self.record(seq)
        return decoder.decode(value) if value is not None else None

    def record(self, seq: int) -> bytes | None:
        """Return a record's bytes by its number."""
        generation = self.generations.get(seq // self.capacity)
        return generation.records[seq % self.capacity] if generation else None

    def in_window(self, seq: int, arrived: float) -> Stored | None:
        """Return a record unless it arrived more than the window before `arrived`."""
        stored = self.stored(seq)
        return stored if stored is not None and stored.arrived >= arrived - self.window_seconds else None

    def posted(self, seq: int) -> tuple[int, int]:
        """Return how many shingles an article is found by, and the threshold that all of those lie below."""
        generation = self.generations.get(seq // self.capacity)
        place = seq % self.capacity
        return (int(generation.posted[place]), int(generation.below[place])) if generation else (0, 0)

    def revisions(self, article: str, arrived: float) -> list[Stored]:
        """Return the records of an article in the window, in their order."""
        found = (self.in_window(seq, arrived) for seq in self._named(hash64(article)))
        return [stored for stored in found if stored is not None and stored.sketch.id == article]

    def same_text(self, text: bytes, arrived: float) -> Stored | None:
        """Return the latest unique article with this text."""
        for seq in reversed(self._named(int.from_bytes(text, "little"))):
            stored = self.in_window(seq, arrived)
            if stored is not None and stored.leader == seq and stored.sketch.text == text:
                return stored
        return None

    def _named(self, name: int) -> list[int]:
        """Return the numbers of the articles under the hash of an id or a text, ascending, perhaps with others."""
        found = [g.first + place for g in self.generations.values() for place in g.names.find(name)]
        return sorted(found)

    def add(self, stored: Stored) -> bytes:
        """Keep a new record, the next in order, and return its bytes."""
        record = encoder.encode(stored)
        generation, place = self._keep(stored, record)
        generation.add(place, posted(stored.sketch)[0])
        self._left.pop(key_of(stored), None)
        self._drop_surplus()
        return record

    def rewrite(self, stored: Stored) -> bytes:
        """Put a record in place of the one with its number and return its bytes."""
        record = encoder.encode(stored)
        self._replace(stored.seq, record)
        return record

    def expire(self, now: float) -> list[str]:
        """Drop the records that arrived before the window, and return their keys and those of the surplus."""
        earliest = now - self.window_seconds
        while self._live:
            generation = self.generations.get(self._oldest // self.capacity)
            place = self._oldest % self.capacity
            if generation is not None and generation.leader[place] >= 0:
                if generation.arrived[place] >= earliest:
                    break
                self._drop(self._oldest, leaving=True)
            else:
                self._oldest += 1
        keys, self._left = list(self._left), {}
        return keys

    def restore(self, key: str, record: bytes | None) -> None:
        """Take a persisted record, or a tombstone; `settle` puts it in its place."""
        self._pending.pop(key, None)
        self._pending[key] = record
        if len(self._pending) >= BATCH:
            self.settle()

    def settle(self) -> None:
        """Enter all that was restored."""
        if not self._pending:
            return
        pending, self._pending = self._pending, {}
        for key, record in pending.items():
            self._forget(key, decode(key, record) if record is not None else None)
        added: dict[int, list[tuple[int, Sketch]]] = {}
        for key, record in pending.items():
            if record is None:
                continue
            stored = decode(key, record)
            if self.record(stored.seq) is not None:
                self._replace(stored.seq, record)
                continue
            _, place = self._keep(stored, record)
            added.setdefault(stored.seq // self.capacity, []).append((place, stored.sketch))
        for number, articles in added.items():
            shingles = [posted(sketch)[0] for _, sketch in articles]
            places = np.repeat(np.array([place for place, _ in articles], np.uint32), list(map(len, shingles)))
            self.generations[number].add_many(places, np.concatenate(shingles))
        self._drop_surplus()

    def stats(self) -> Stats:
        """Return size and age; `bytes` is that of arrays and records."""
        generations = self.generations.values()
        oldest = self.generations.get(self._oldest // self.capacity)
        return Stats(
            articles=self._live,
            postings=sum(generation.postings for generation in generations),
            bytes=self._record_bytes + sum(generation.size_bytes for generation in generations),
            oldest_arrival=float(oldest.arrived[self._oldest % self.capacity]) if oldest and self._live else None,
        )

    def _keep(self, stored: Stored, record: bytes) -> tuple[Generation, int]:
        """Enter a record everywhere but in the shingle index."""
        seq, sketch = stored.seq, stored.sketch
        article = hash64(sketch.id)
        number, place = divmod(seq, self.capacity)
        generation = self.generations.get(number)
        if generation is None:
            generation = self.generations[number] = Generation(number * self.capacity, self.capacity)
        generation.leader[place] = stored.leader
        generation.arrived[place] = stored.arrived
        generation.article[place] = article & 0xFFFFFFFF
        generation.source[place] = sketch.source
        shingles, generation.below[place] = posted(sketch)
        generation.posted[place] = len(shingles)
        generation.title[place] = sketch.title
        generation.records[place] = record
        generation.live += 1
        self._oldest = min(self._oldest, seq) if self._live else seq
        self._live += 1
        self._record_bytes += len(record)
        self.next_seq = max(self.next_seq, seq + 1)
        generation.names.add(article, place)
        if stored.leader == seq:
            generation.names.add(int.from_bytes(sketch.text, "little"), place)
        return generation, place

    def _replace(self, seq: int, record: bytes) -> None:
        """Put a record's new bytes in place."""
        generation = self.generations[seq // self.capacity]
        place = seq % self.capacity
        self._record_bytes += len(record) - len(generation.records[place] or b"")
        generation.records[place] = record

    def _drop_surplus(self) -> None:
        """Drop the oldest until only the latest `max_articles` numbers are left."""
        while self._live and self._oldest < self.next_seq - self.max_articles:
            if self.record(self._oldest) is not None:
                self._drop(self._oldest, leaving=True)
            else:
                self._oldest += 1

    def _forget(self, key: str, successor: Stored | None) -> None:
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
        number, place = divmod(seq, self.capacity)
        generation = self.generations[number]
        self._record_bytes -= len(generation.records[place] or b"")
        generation.leader[place] = -1
        generation.records[place] = None
        generation.live -= 1
        generation.postings -= int(generation.posted[place])
        self._live -= 1
        if leaving:
            self._left[key_of(stored)] = None
        if not self._live:
            self._clear()
        elif not generation.live and (number + 1) * self.capacity <= self.next_seq:
            del self.generations[number]


def decode(key: str, record: bytes) -> Stored:
    """Return a persisted record; raise `InvalidRecord` naming its key for any other bytes."""
    try:
        return decoder.decode(record)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRecord("invalid_record", f"record {key!r} of the duplicates' state: {error}") from error
