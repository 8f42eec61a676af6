"""The fetches that have been counted, so that one that comes again counts once.

Articles come again where a worker died before their offsets were committed, here or in the step before: no more than were
settled in a second or two, so the latest are remembered, in a ring of segments, of which only one is written at a time.
"""

import msgspec
from msgspec import Struct

from streams.ids import FETCH_BYTES

#: Fetches of a segment, which is written with each, and segments: the latest 16,000 fetches, in 130 kB.
SEGMENT, SEGMENTS = 256, 64
MOST_SEGMENTS = 1 << 40
#: Keys of segments begin so, and those of nothing that is counted.
COUNTED = "#"


class Segment(Struct, array_like=True):
    """Fetches that were counted one after another."""

    number: int
    fetches: bytes = b""

    def split(self) -> list[bytes]:
        """Return its fetches."""
        return [self.fetches[at : at + FETCH_BYTES] for at in range(0, len(self.fetches), FETCH_BYTES)]


encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(Segment)


class CountedFetches:
    """The latest fetches that were counted."""

    def __init__(self) -> None:
        self._segments: dict[int, Segment] = {}
        self._fetches: set[bytes] = set()
        self._latest = 0

    def __len__(self) -> int:
        return len(self._fetches)

    def __contains__(self, fetch: bytes) -> bool:
        return fetch in self._fetches

    def add(self, fetch: bytes) -> tuple[str, bytes]:
        """Remember a fetch that was not counted before; return the key and value to persist."""
        segment = self._segments.get(self._latest % SEGMENTS)
        if segment is None or len(segment.fetches) >= SEGMENT * FETCH_BYTES:
            self._latest += segment is not None
            segment = Segment(self._latest)
            self._put(segment)
        segment.fetches += fetch
        self._fetches.add(fetch)
        return f"{COUNTED}{segment.number % SEGMENTS}", encoder.encode(segment)

    def restore(self, key: str, value: bytes | None) -> None:
        """Take back a segment; None forgets it. Raises `ValueError` for bytes that are none, msgspec's and others."""
        slot = int(key.removeprefix(COUNTED))
        if value is None:
            self._drop(slot)
            return
        segment = decoder.decode(value)
        if not 0 <= segment.number < MOST_SEGMENTS or segment.number % SEGMENTS != slot:
            raise ValueError("its number is another segment's")
        if not 0 < len(segment.fetches) <= SEGMENT * FETCH_BYTES or len(segment.fetches) % FETCH_BYTES:
            raise ValueError("its fetches are none")
        self._put(segment)
        self._latest = max(self._latest, segment.number)

    def _put(self, segment: Segment) -> None:
        self._drop(segment.number % SEGMENTS)
        self._segments[segment.number % SEGMENTS] = segment
        self._fetches.update(segment.split())

    def _drop(self, slot: int) -> None:
        segment = self._segments.pop(slot, None)
        if segment is not None:
            self._fetches.difference_update(segment.split())
