"""Sketches: an article as the decider sees it, in about half a kilobyte.

A shingle is four words in a row, by a 32-bit hash. The sketch keeps the smallest of them: all below a quarter of the
hash space, at least `FEWEST` and at most `MOST`, together with the threshold below which it is complete. Two sketches
are compared below the smaller of their thresholds, where both are complete, so a short lead and its long original are
measured with one yardstick. Facts are kept in the same way, and so are slots: where they stand, and what stands there.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from agents.dedup.words import HashedText, Hashes, mix, split
from streams.errors import InvalidRecord
from streams.records import Clean, read_value
from streams.text.roundups import is_roundup

Sample = npt.NDArray[np.uint32]

SHINGLE_WORDS = 4
#: A quarter of the hash space: 65 shingles of an article of 260 words.
QUARTER = 1 << 30
#: More of a shorter article: 96 in place of 64 takes the wrong copies from 6.0 to 3.5 of 1,640, the mean of four draws of
#: the sampling (neardup_synth, 2026-11-24).
FEWEST, MOST = 96, 256
#: Of the sample, as many at least, and all in the quarter, are looked up and found; the others only compared.
POSTED = 64
MOST_FACTS, MOST_SLOTS = 48, 32
#: Words with which a text begins: its first two or three sentences, of a brief its first third.
LEAD_WORDS = 60
#: Texts of fewer leads than this are briefs.
BRIEF_LEADS = 2
MOST_TITLE_WORDS = 24
EVERYTHING = (1 << 32) - 1

#: Set in the hash of a fact that is a number, and in no other.
NUMBER_BIT = np.uint32(1)

#: Below as many words the text alone does not identify an article ("Watch the video"): its title has to agree as well.
SHORT_WORDS = 40

#: Odd multipliers, one for each place in a shingle.
PLACES = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64)
HIGH = np.uint64(32)
HASH_BYTES = 8
TITLE_END = bytes(8)


class Sketch(Struct, array_like=True, frozen=True, gc=False):
    """An article as the decider sees it.

    `fetch` and `text` are 64-bit hashes (by `fetch` only the records of older workers are known), `source` and `title`
    32-bit ones. `shingles` and `facts` are ascending 32-bit
    hashes, little-endian; every one below `shingles_below` and `facts_below` is there. The first `posted` shingles are
    those by which the article is looked up and found. `stray_title`: 16-bit hashes of the words of a title that has
    nothing to do with the text beneath it; empty where it has. `lead`: a bit for each shingle, set where it stands in
    the first `LEAD_WORDS` words, or the first third. `slots`: ascending, all below `slots_below`; what they hold says
    `words.slots_of`. `roundup`: it holds several reports. All four are empty in sketches of older releases.
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
    stray_title: bytes = b""
    lead: bytes = b""
    slots_below: int = 0
    slots: bytes = b""
    roundup: bool = False


class HashSample(NamedTuple):
    """A sample's threshold, its hashes in ascending order, four bytes each, and how many would be there without bounds."""

    below: int
    hashes: bytes
    usual: int
    #: a bit for each hash, set where it is one of those that were asked about
    marked: bytes = b""


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
    """Return the sketch of an article, 0.3 to 1.5 kB. Pure, and the same in every process."""
    return make_sketches([clean])[0]


def make_sketches(articles: Sequence[Clean]) -> list[bytes]:
    """Return the sketch of each article: the same as one by one, in a quarter of the time from some thirty up."""
    if not articles:
        return []
    words = split([(clean.title, clean.text) for clean in articles])
    shingles = sample(
        shingle_hashes([w.body if len(w.body) else title_of(w.title) for w in words]),
        len(words),
        QUARTER,
        FEWEST,
        MOST,
        marked=shingle_hashes([lead_of(w.body) for w in words]),
    )
    facts = sample(owned([w.facts >> HIGH for w in words]), len(words), EVERYTHING, 0, MOST_FACTS)
    slots = sample(owned([w.slots for w in words]), len(words), EVERYTHING, 0, MOST_SLOTS)
    return [sketch_of(*parts) for parts in zip(articles, words, shingles, facts, slots, strict=True)]


def title_of(title: Hashes) -> Hashes:
    """Return the words of a title without a text, none of one so short that it may be every day's: Morning headlines."""
    return title if len(title) >= SHINGLE_WORDS else title[:0]


def lead_of(body: Hashes) -> Hashes:
    """Return the words with which a text begins."""
    return body[: LEAD_WORDS if len(body) >= BRIEF_LEADS * LEAD_WORDS else len(body) // 3]


def sketch_of(clean: Clean, words: HashedText, shingles: HashSample, facts: HashSample, slots: HashSample) -> bytes:
    """Return the sketch of an article from its parts."""
    title, body = words.title.tobytes(), words.body.tobytes()
    count = len(words.body) if words.spaced else len(words.body) // 2
    text = blake2b(body if count >= SHORT_WORDS else title + TITLE_END + body, digest_size=8).digest()
    sketch = Sketch(
        id=clean.id,
        fetch=hash_of_fetch(clean, text),
        revision=max(0, clean.revision),
        source=hash32(clean.source.casefold().encode("utf-8", "surrogatepass")),
        title=hash32(title),
        text=text,
        words=count,
        shingles_below=shingles.below,
        shingles=shingles.hashes,
        posted=min(max(POSTED, shingles.usual), len(shingles.hashes) // 4),
        facts_below=facts.below,
        facts=facts.hashes,
        lead=shingles.marked,
        stray_title=b"" if words.title_fits else short_hashes(words.title),
        slots_below=slots.below,
        slots=slots.hashes,
        roundup=is_roundup(clean.title, clean.text, clean.language),
    )
    return encoder.encode(sketch)


def read_sketch(sketch: bytes) -> Sketch:
    """Decode a sketch; raise `InvalidRecord` for bytes that are none."""
    read = read_value(decoder, sketch, "no sketch")
    if fault := sketch_fault(read):
        raise InvalidRecord("invalid_record", f"no sketch: {fault}")
    return read


def sketch_fault(sketch: Sketch) -> str:
    """Return why a sketch cannot be one of `make_sketch`; an empty string where it can."""
    sampled = sketch.shingles, sketch.facts, sketch.slots
    if any(len(hashes) % 4 for hashes in sampled) or len(sketch.stray_title) % 2 or len(sketch.text) != HASH_BYTES:
        return "its hashes are cut off"
    count, facts, slots = (len(hashes) // 4 for hashes in sampled)
    if not (0 <= sketch.posted <= count <= MOST and facts <= MOST_FACTS and slots <= MOST_SLOTS):
        return "it has more hashes than a sketch has"
    if sketch.lead and len(sketch.lead) != -(-count // 8):
        return "its lead is another text's"
    thresholds = sketch.shingles_below, sketch.facts_below, sketch.slots_below
    if not 0 <= max(sketch.source, sketch.title, *thresholds) <= EVERYTHING:
        return "a hash is out of its range"
    return "a number is negative" if min(sketch.words, sketch.revision, sketch.source, sketch.title) < 0 else ""


def short_hashes(words: Hashes) -> bytes:
    """Return 16 bits of each of the first `MOST_TITLE_WORDS` different words."""
    return np.unique((words[:MOST_TITLE_WORDS] >> np.uint64(48)).astype("<u2")).tobytes()


def hash_of_fetch(clean: Clean, text: bytes) -> bytes:
    """Return the 64 bits by which older workers remember one fetch of one text."""
    name = f"{clean.fetch_id or clean.fetched_at.timestamp()}\n{clean.title}\n{text.hex()}"
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def hash32(value: bytes) -> int:
    """Return 32 bits of BLAKE2."""
    return int.from_bytes(blake2b(value, digest_size=4).digest(), "little")


def shingle_hashes(articles: Sequence[Hashes]) -> Hashes:
    """Return a 32-bit hash of every four words in a row, of all words where there are fewer, with its article above."""
    tokens = np.concatenate(articles)
    lengths = np.array(list(map(len, articles)))
    owner = np.arange(len(articles), dtype=np.uint64).repeat(lengths) << HIGH
    count = max(0, len(tokens) - SHINGLE_WORDS + 1)
    mixed = tokens[:count] * PLACES[0]
    for place in range(1, SHINGLE_WORDS):
        mixed += tokens[place : place + count] * PLACES[place]
    hashes = (mix(mixed) >> HIGH) | owner[:count]
    hashes = hashes[owner[:count] == owner[SHINGLE_WORDS - 1 :]]
    short = ((lengths > 0) & (lengths < SHINGLE_WORDS)).nonzero()[0].tolist()
    whole = [number << 32 | hash32(articles[number].tobytes()) for number in short]
    return np.concatenate((hashes, np.array(whole, np.uint64)))


def owned(articles: Sequence[Hashes]) -> Hashes:
    """Return 32-bit hashes of all articles, each with its article above."""
    lengths = list(map(len, articles))
    return np.concatenate(articles) | np.arange(len(articles), dtype=np.uint64).repeat(lengths) << HIGH


def sample(
    values: Hashes, articles: int, below: int, fewest: int, most: int, marked: Hashes | None = None
) -> list[HashSample]:
    """Return of each article the smallest distinct hashes; `values` have their article above.

    All below `below`, but at least `fewest` and at most `most`. `marked`: hashes to be marked where they are among them.
    """
    ordered = np.sort(values)
    distinct = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=distinct[1:])
    ordered = ordered[distinct]
    first = np.arange(articles + 1, dtype=np.uint64) << HIGH
    start = ordered.searchsorted(first)
    usual = ordered.searchsorted(first[:-1] + np.uint64(below)) - start[:-1]
    end = start[:-1] + np.minimum(np.maximum(usual, fewest), most)
    complete = end >= start[1:]
    end = np.minimum(end, start[1:])
    low = ordered.astype(np.uint32)
    limit = np.where(complete, EVERYTHING, low.take(end, mode="clip") if len(low) else 0)
    hashes = low.astype("<u4", copy=False).tobytes()
    bits = membership(ordered, marked) if marked is not None else None
    bounds = zip(limit.tolist(), start.tolist(), end.tolist(), usual.tolist(), strict=False)
    return [
        HashSample(
            below, hashes[4 * first : 4 * last], usual, b"" if bits is None else np.packbits(bits[first:last]).tobytes()
        )
        for below, first, last, usual in bounds
    ]


def membership(ordered: Hashes, marked: Hashes) -> npt.NDArray[np.bool_]:
    """Return which of some ascending hashes are among the marked ones: a third of the time of `np.isin`, which sorts both."""
    bits = np.zeros(len(ordered) + 1, np.bool_)
    marked = np.sort(marked)
    place = ordered.searchsorted(marked)
    bits[place] = ordered.take(place, mode="clip") == marked if len(ordered) else False
    return bits[:-1]


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
    return np.frombuffer(sketch.shingles, "<u4", sketch.posted), posted_below(sketch)


def posted_below(sketch: Sketch) -> int:
    """Return the threshold below which the shingles that an article is found by are complete."""
    at = 4 * sketch.posted
    return (
        int.from_bytes(sketch.shingles[at : at + 4], "little") if at < len(sketch.shingles) else sketch.shingles_below
    )


def samples(sketch: Sketch) -> tuple[Sample, Sample]:
    """Return a sketch's shingles and facts as arrays."""
    return np.frombuffer(sketch.shingles, "<u4"), np.frombuffer(sketch.facts, "<u4")
