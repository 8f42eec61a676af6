"""The fetches that have been counted, and the trends that each brought: one that comes again counts once and brings the same.

Articles come again where a worker died before their offsets were committed, here or in the step before: no more than were
settled in a second or two, so the latest are remembered, in a ring of segments, of which only one is written at a time.
"""

from hashlib import blake2b

import msgspec
from msgspec import Struct

from streams.records import Trend, decode, encode

#: Fetches of a segment, which is written with each, and segments: the latest 16,000 fetches, in 130 kB.
SEGMENT, SEGMENTS = 256, 64
FETCH_BYTES = 8
#: Trends that a segment keeps, in bytes; further ones are not said again.
MOST_TREND_BYTES = 256 * 1024
MOST_SEGMENTS = 1 << 40
#: Keys of segments begin so, and those of nothing that is counted.
COUNTED = "#"


class Segment(Struct, array_like=True):
    """Fetches that were counted one after another; `trends`: the places of those that brought trends, and these as JSON."""

    number: int
    fetches: bytes = b""
    trends: list[tuple[int, bytes]] = []

    def split(self) -> list[bytes]:
        """Return its fetches."""
        return [self.fetches[at : at + FETCH_BYTES] for at in range(0, len(self.fetches), FETCH_BYTES)]


encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(Segment)


def fetch_hash(fetch_id: str) -> bytes:
    """Return the 64 bits by which a fetch is remembered."""
    return blake2b(fetch_id.encode("utf-8", "surrogatepass"), digest_size=FETCH_BYTES).digest()


class CountedFetches:
    """The latest fetches that were counted."""

    def __init__(self) -> None:
        self._segments: dict[int, Segment] = {}
        self._numbers: dict[bytes, int] = {}
        self._latest = 0

    def __len__(self) -> int:
        return len(self._numbers)

    def trends(self, fetch: bytes) -> list[Trend] | None:
        """Return the trends that a fetch brought when it was counted; None where it was not."""
        number = self._numbers.get(fetch)
        if number is None:
            return None
        segment = self._segments[number % SEGMENTS]
        place = segment.split().index(fetch)
        return [decode(value, Trend) for at, value in segment.trends if at == place]

    def add(self, fetch: bytes, trends: list[Trend]) -> tuple[str, bytes]:
        """Remember a fetch that was not counted before, and its trends; return the key and value to persist."""
        segment = self._segments.get(self._latest % SEGMENTS)
        if segment is None or len(segment.fetches) >= SEGMENT * FETCH_BYTES:
            self._latest += segment is not None
            segment = Segment(self._latest)
            self._put(segment)
        place = len(segment.fetches) // FETCH_BYTES
        segment.fetches += fetch
        self._numbers[fetch] = segment.number
        segment.trends += [(place, encode(trend)) for trend in trends]
        while sum(len(value) for _, value in segment.trends) > MOST_TREND_BYTES:
            del segment.trends[0]
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
        for _, trend in segment.trends:
            decode(trend, Trend)
        self._put(segment)
        self._latest = max(self._latest, segment.number)

    def _put(self, segment: Segment) -> None:
        self._drop(segment.number % SEGMENTS)
        self._segments[segment.number % SEGMENTS] = segment
        self._numbers.update(dict.fromkeys(segment.split(), segment.number))

    def _drop(self, slot: int) -> None:
        segment = self._segments.pop(slot, None)
        if segment is not None:
            for fetch in segment.split():
                self._numbers.pop(fetch, None)
