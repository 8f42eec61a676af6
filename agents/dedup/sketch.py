"""The sketch of an article: what the decider needs to know of it, in about half a kilobyte.

A shingle is four words in a row, by a 32-bit hash. The sketch keeps the smallest of them: all below a quarter of the
hash space, at least `FEWEST` and at most `MOST`, together with the threshold below which it is complete. Two sketches
are compared below the smaller of their thresholds, where both are complete, so a short lead and its long original are
measured with one yardstick. Facts are kept in the same way.
"""

from hashlib import blake2b
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from agents.dedup.words import Hashes, mix, split
from streams.errors import InvalidRecord
from streams.records import Clean

Sample = npt.NDArray[np.uint32]

SHINGLE_WORDS = 4
#: A quarter of the hash space: 65 shingles of an article of 260 words.
QUARTER = 1 << 30
#: More of a shorter article: 96 in place of 64 takes the wrong copies from 6.0 to 3.5 of 1,640, the mean of four draws of
#: the sampling (neardup_synth, 2026-11-24).
FEWEST, MOST = 96, 256
#: Of the sample, as many at least, and all in the quarter, are looked up and found; the others only compared.
POSTED = 64
MOST_FACTS = 48
EVERYTHING = (1 << 32) - 1

#: Set in the hash of a fact that is a number, and in no other.
NUMBER_BIT = np.uint32(1)

#: Below as many words the text alone does not identify an article ("Watch the video"): its title has to agree as well.
SHORT_WORDS = 40

#: Odd multipliers, one for each place in a shingle.
PLACES = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64)
HIGH = np.uint64(32)
TITLE_END = np.zeros(1, np.uint64)


class Sketch(Struct, array_like=True, frozen=True, gc=False):
    """An article as the decider sees it.

    `fetch` and `text` are 64-bit hashes, `source` and `title` 32-bit ones. `shingles` and `facts` are ascending 32-bit
    hashes, little-endian; every one below `shingles_below` and `facts_below` is there. The first `posted` shingles are
    those by which the article is looked up and found.
    """

    id: str
    fetch: bytes
    revision: int
    source: int
    title: int
    text: bytes
    words: int
    shingles_below: int
    shingles: bytes
    posted: int
    facts_below: int
    facts: bytes


class Overlap(NamedTuple):
    """Shared hashes of two samples and the size of either, all below their common threshold."""

    shared: int
    new: int
    old: int

    @property
    def containment(self) -> float:
        """Shared over the smaller sample; 0 where that is empty."""
        return self.shared / max(1, min(self.new, self.old))

    @property
    def jaccard(self) -> float:
        """Shared over the union."""
        return self.shared / max(1, self.new + self.old - self.shared)


encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(Sketch)


def make_sketch(clean: Clean) -> bytes:
    """Return the sketch of an article, 0.3 to 1.4 kB. Pure, and the same in every process."""
    title, body, facts, spaced = split(clean.title, clean.text)
    below, shingles = sample(shingle_hashes(body if len(body) else title), QUARTER, FEWEST, MOST)
    facts_below, fact_sample = sample((facts >> HIGH).astype(np.uint32), EVERYTHING, 0, MOST_FACTS)
    words = len(body) if spaced else len(body) // 2
    identity = (body,) if words >= SHORT_WORDS else (title, TITLE_END, body)
    text = blake2b(b"".join(part.tobytes() for part in identity), digest_size=8).digest()
    sketch = Sketch(
        id=clean.id,
        fetch=fetch_hash(clean, text),
        revision=max(0, clean.revision),
        source=hash32(clean.source.casefold().encode("utf-8", "surrogatepass")),
        title=hash32(title.tobytes()),
        text=text,
        words=words,
        shingles_below=below,
        shingles=shingles.astype("<u4").tobytes(),
        posted=min(max(POSTED, int(shingles.searchsorted(QUARTER))), len(shingles)),
        facts_below=facts_below,
        facts=fact_sample.astype("<u4").tobytes(),
    )
    return encoder.encode(sketch)


def read_sketch(sketch: bytes) -> Sketch:
    """Return what `make_sketch` packed; raise `InvalidRecord` for any other bytes."""
    try:
        return decoder.decode(sketch)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRecord("invalid_record", f"no sketch: {error}") from error


def fetch_hash(clean: Clean, text: bytes) -> bytes:
    """Return 64 bits that name one fetch of one text: sources do give the same time to two fetches."""
    name = f"{clean.fetch_id or clean.fetched_at.timestamp()}\n{clean.title}\n{text.hex()}"
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def hash32(value: bytes) -> int:
    """Return 32 bits of BLAKE2."""
    return int.from_bytes(blake2b(value, digest_size=4).digest(), "little")


def shingle_hashes(tokens: Hashes) -> Sample:
    """Return a 32-bit hash of every four words in a row; of all words where there are fewer."""
    count = len(tokens) - SHINGLE_WORDS + 1
    if count < 1:
        return np.array([hash32(tokens.tobytes())], np.uint32) if len(tokens) else np.empty(0, np.uint32)
    mixed = tokens[:count] * PLACES[0]
    for place in range(1, SHINGLE_WORDS):
        mixed += tokens[place : place + count] * PLACES[place]
    return (mix(mixed) >> HIGH).astype(np.uint32)


def sample(values: Sample, below: int, fewest: int, most: int) -> tuple[int, Sample]:
    """Return the smallest distinct values and the threshold under which they are complete."""
    ordered = np.sort(values)
    if len(ordered) > 1:
        ordered = ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))]
    wanted = min(max(int(ordered.searchsorted(below)), fewest), most)
    if wanted >= len(ordered):
        return EVERYTHING, ordered
    return int(ordered[wanted]), ordered[:wanted]


def overlap(new: Sample, new_below: int, old: Sample, old_below: int) -> Overlap:
    """Compare two samples below their common threshold."""
    if new_below > old_below:
        new = new[: new.searchsorted(old_below)]
    elif old_below > new_below:
        old = old[: old.searchsorted(new_below)]
    both = np.concatenate((new, old))
    both.sort()
    return Overlap(int(np.count_nonzero(both[1:] == both[:-1])), len(new), len(old))


def posted(sketch: Sketch) -> tuple[Sample, int]:
    """Return the shingles by which an article is looked up and found, and the threshold below which they are complete."""
    shingles, count = np.frombuffer(sketch.shingles, "<u4"), sketch.posted
    return shingles[:count], int(shingles[count]) if count < len(shingles) else sketch.shingles_below


def samples(sketch: Sketch) -> tuple[Sample, Sample]:
    """Return a sketch's shingles and facts as arrays."""
    return np.frombuffer(sketch.shingles, "<u4"), np.frombuffer(sketch.facts, "<u4")
