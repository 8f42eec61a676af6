"""Records of the decider, one an article and revision, as they are persisted."""

from math import isfinite

import msgspec
from msgspec import Struct

from agents.dedup.sketch import Sketch, sketch_fault
from streams.errors import InvalidRecord
from streams.ids import FETCH_BYTES
from streams.records import DuplicateKind, read_value

#: No decider comes so far: a thousand articles a second for thirty years.
MOST_DECISIONS = 1 << 40

#: Fetches of one revision that are known again when they are delivered again: the first, and the latest others.
MOST_FETCHES = 32


class StoredVerdict(Struct, array_like=True, frozen=True, gc=False):
    """The persisted record of an article: its sketch and its verdict.

    `seq` numbers the decisions. `arrived`: epoch seconds. `fetches`: hash of the id of the fetch that the verdict was
    given on, then those of the same text again; older workers wrote `Sketch.fetch` of each. `leader`: `seq` of the
    original, its own where the article is unique. `alike`: containment, jaccard and facts.
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
        """Return whether this fetch was decided here."""
        return fetch in (self.fetches[i : i + FETCH_BYTES] for i in range(0, len(self.fetches), FETCH_BYTES))

    def is_first(self, fetch: bytes) -> bool:
        """Return whether the verdict was given on this fetch."""
        return self.fetches.startswith(fetch)

    def fetched_again(self, fetch: bytes) -> "StoredVerdict":
        """Return the record with one more fetch; of too many the earliest are let go, but for the first."""
        first, again = self.fetches[:FETCH_BYTES], self.fetches[FETCH_BYTES:] + fetch
        kept = again[-(MOST_FETCHES - 1) * FETCH_BYTES :]
        return msgspec.structs.replace(self, fetches=first + kept)


encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(StoredVerdict)


def key_of(stored: StoredVerdict) -> str:
    """Return the key that a record is persisted under: one for each revision, so that none takes another's place."""
    return f"{stored.sketch.id}:{stored.revision}"


def decode(key: str, record: bytes) -> StoredVerdict:
    """Return a persisted record; raise `InvalidRecord` naming its key for any other bytes."""
    name = f"record {key[:100]!r} of the duplicates' state"
    stored = read_value(decoder, record, name)
    if fault := fault_of(key, stored):
        raise InvalidRecord("invalid_record", f"{name}: {fault}")
    return stored


def fault_of(key: str, stored: StoredVerdict) -> str:
    """Return why a record cannot be one that was written here; an empty string where it can."""
    if key != key_of(stored):
        return "its key is another article's"
    if not 0 <= stored.leader <= stored.seq < MOST_DECISIONS or stored.revision < 0:
        return "a number is out of its range"
    if not isfinite(stored.arrived) or not stored.fetches or len(stored.fetches) % FETCH_BYTES:
        return "its time or its fetches are none"
    return sketch_fault(stored.sketch)
