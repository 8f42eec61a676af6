"""Hashes of the words of an article, in any script, and of the facts among them.

Latin text is folded to ASCII letters first ("Erdoğan" and "Erdogan" are one word: desks spell both). Other scripts are
split at what is no letter, mark or digit; scripts that set no spaces give overlapping runs of five characters, so that
four of them in a row, a shingle, span eight characters, about as much as four words.

No word becomes a Python object where the text is Latin: one polynomial over all bytes gives the hash of every word as
a difference of prefix sums. Splitting and hashing 260 words takes a third of the time of `bytes.split` and a
dictionary of hashes (bench/dedup.py).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.dedup.spelling import composed, plain_latin, thousands
from streams.text.scripts import MARKS, UNSPACED

Hashes = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]

#: Share of a decomposed text's characters that are ASCII, from which it is Latin. Vietnamese, with the most marks of
#: all Latin spellings, has about three quarters.
LATIN_SHARE = 0.7

#: Characters to a token in scripts without spaces.
CHARACTER_GRAM = 5

#: Where a text has fewer capitals than one in so many words, or most of it has none to set, its rare words are facts too.
WORDS_PER_FACT = 50
RARE_LETTERS = 4

#: A title that names fewer things says nothing of its body. Of the longer words of a title (from `LONG_LETTERS` on) a
#: body that belongs to it has more than this share, and most bodies have half.
FEWEST_NAMED = 2
TITLE_SHARE = 0.3
LONG_LETTERS = 4

TOKEN = re.compile(rf"[^\W_](?:[^\W_]|[{MARKS}])*")
PIECE = re.compile(rf"[{UNSPACED}]+|[^{UNSPACED}]+")
UNSPACED_RUN = re.compile(rf"[{UNSPACED}]+")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")

#: Stands between title and body while both are split in one go.
TITLE_END = "\x1e"
#: Deleted, so that "don't" is one word however it is set.
APOSTROPHES = b"'`"
#: What a byte is: 0 between words, 1 a point, comma or colon, which holds a number together, else a letter or digit, folded.
#: All three are one: prices and hours are written with either.
FOLDED = bytes(1 if c in b".,:" else c if c >= 128 else ord(chr(c).lower()) * chr(c).isalnum() for c in range(256))

#: Bytes hashed at a time, which bounds the tables of powers; a word cut in two there is two words.
CHUNK = 1 << 16
#: Bytes, but for one longer text, and articles split in one go: what fits into a core's cache, and in `OWNER_BITS`.
GROUP_BYTES, GROUP_ARTICLES = 1 << 14, 1 << 8
#: Bits of a word's hash that give way to the article's number, where words of several articles are compared.
OWNER_BITS = 8
BASE = 0x9E3779B97F4A7C15
#: Set in the hash of a number, and in no other.
NUMBER_BIT = np.uint64(1 << 32)
#: How far numbers are shifted where rare words are facts: they stand first in a sample, which rare words alone would fill.
NUMBERS_FIRST = np.uint64(8)
#: Bits of a slot: those that tell its place, `SLOT_BITS` that tell what stands there, and of these the one that is set where
#: a number does.
SLOT_BITS, SLOT_NUMBER = 12, 1
SLOT_VALUE = np.uint64((1 << SLOT_BITS) - 1 - SLOT_NUMBER)
SLOT_PLACE = np.uint64((1 << 32) - (1 << SLOT_BITS))
#: Odd multipliers of the words around a slot.
BEFORE, AFTER = np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9)
HALF = np.uint64(32)


class HashedText(NamedTuple):
    """Hashes of a title's and of a body's words, in order, and of the facts of both.

    `NUMBER_BIT` is set in the facts that are numbers. `slots`: those of the body, as `slots_of` returns them. `spaced` is
    false where words are runs of characters.
    `title_fits`: the body speaks of the things that the title names, or the title names too few to tell.
    """

    title: Hashes
    body: Hashes
    facts: Hashes
    slots: Hashes
    spaced: bool = True
    title_fits: bool = True


class Tables(NamedTuple):
    """A value for each byte, the powers of `BASE`, and those of its inverse modulo 2^64."""

    values: Hashes
    powers: Hashes
    inverses: Hashes


@cache
def tables() -> Tables:
    """Return the constants of the polynomial."""
    powers, inverses = np.full(CHUNK, BASE, np.uint64), np.full(CHUNK, pow(BASE, -1, 1 << 64), np.uint64)
    powers[0] = inverses[0] = 1
    values = mix(np.arange(1, 257, dtype=np.uint64) * np.uint64(BASE))
    return Tables(values, np.multiply.accumulate(powers), np.multiply.accumulate(inverses))


def mix(values: Hashes) -> Hashes:
    """Mix 64-bit values in place, as SplitMix64 does in the end (Steele et al., OOPSLA 2014)."""
    values ^= values >> np.uint64(30)
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


def split(articles: Sequence[tuple[str, str]]) -> list[HashedText]:
    """Return the words and facts of some articles, each a title and a body.

    Facts are its numbers and the words that it writes with a capital and never without one, which leaves out most of
    what has one only because it begins a sentence. Scripts without capitals give the words that occur once. What an
    article gives does not depend on the others: together they only take less time.
    """
    latin: dict[int, bytes] = {}
    words: dict[int, HashedText] = {}
    for number, (title, body) in enumerate(articles):
        text = latin_of(f"{title.replace(TITLE_END, ' ')}{TITLE_END}{body}")
        if text is None:
            words[number] = split_any(composed(title), composed(body))
        else:
            latin[number] = text
    for group in groups(latin):
        words.update(zip(group, split_latin([latin[number] for number in group]), strict=True))
    return [words[number] for number in range(len(articles))]


def latin_of(text: str) -> bytes | None:
    """Return a Latin text in ASCII letters and without apostrophes; None for one in another script."""
    if text.isascii():
        return text.encode().translate(None, APOSTROPHES)
    decomposed = plain_latin(unicodedata.normalize("NFKD", text.replace("\u2014", " ").replace("\u2013", " ")))
    latin = decomposed.encode("ascii", "ignore")
    return latin.translate(None, APOSTROPHES) if len(latin) >= LATIN_SHARE * len(decomposed) else None


def groups(texts: dict[int, bytes]) -> Iterator[list[int]]:
    """Yield the numbers of the texts that are split in one go; a long one alone."""
    group: list[int] = []
    size = 0
    for number, text in texts.items():
        if group and (size + len(text) > GROUP_BYTES or len(group) == GROUP_ARTICLES):
            yield group
            group, size = [], 0
        group.append(number)
        size += len(text) + 1
    if group:
        yield group


def split_latin(texts: Sequence[bytes]) -> list[HashedText]:
    """Return words and facts of ASCII titles and bodies."""
    bounds: list[int] = []
    at = 0
    for text in texts:
        bounds += at, at + text.index(TITLE_END.encode())
        at += len(text) + 1
    # A line's end, unlike a blank, sets no thousands apart.
    whole = b"\n".join(texts)
    apart = thousands(whole)
    if len(apart):
        bounds = (bounds - apart.searchsorted(bounds)).tolist()
        whole = np.delete(np.frombuffer(whole, np.uint8), apart).tobytes()
    hashes, starts, lengths = hash_words(whole)
    cuts = np.append(starts.searchsorted(bounds), len(hashes))
    first = np.frombuffer(whole, np.uint8)[starts]
    number = first < ord("A")
    capital = ((first < ord("a")) & ~number & (lengths > 1)).nonzero()[0]
    owner = np.arange(len(texts), dtype=np.uint64).repeat(cuts[2::2] - cuts[:-1:2]) << np.uint64(64 - OWNER_BITS)
    owned = owner | hashes >> np.uint64(OWNER_BITS)
    is_fact = number.copy()
    is_fact[capital[absent(owned[capital], owned[first >= ord("a")])]] = True
    fact = is_fact.nonzero()[0]
    fits = titles_fit(owned, lengths, is_fact, np.diff(cuts))
    facts = hashes[fact] & ~NUMBER_BIT
    facts[number[fact]] |= NUMBER_BIT
    slot, slots = slots_of(hashes, fact, is_fact, number, cuts)
    fact_cuts, slot_cuts = fact.searchsorted(cuts[::2]), slot.searchsorted(cuts)
    return [
        HashedText(title, body, own_facts, own_slots, title_fits=fit)
        for title, body, own_facts, own_slots, fit in zip(
            pieces(hashes, cuts[:-1:2], cuts[1::2]),
            pieces(hashes, cuts[1::2], cuts[2::2]),
            pieces(facts, fact_cuts[:-1], fact_cuts[1:]),
            pieces(slots, slot_cuts[1::2], slot_cuts[2::2]),
            fits,
            strict=True,
        )
    ]


def pieces(hashes: Hashes, first: Indices, end: Indices) -> list[Hashes]:
    """Return the parts of an array that lie between these bounds."""
    return [hashes[a:b] for a, b in zip(first.tolist(), end.tolist(), strict=True)]


def slots_of(words: Hashes, fact: Indices, is_fact: Flags, is_number: Flags, cuts: Indices) -> tuple[Indices, Hashes]:
    """Return the start of each run of facts, and its slot: 32 bits of its position and its content.

    `fact`: which words are facts; `cuts`: where titles and bodies begin and end. The bits of `SLOT_PLACE` are a hash of
    the two words before and the one after, where those are no facts; those of `SLOT_VALUE` of the facts themselves, and
    `SLOT_NUMBER` is set where a number is among them. A run that ends its text is left out: the text may be cut off within it.
    """
    part = cuts.searchsorted(fact, "right")
    is_first = np.ones(len(fact), np.bool_)
    is_first[1:] = (fact[1:] != fact[:-1] + 1) | (part[1:] != part[:-1])
    run = is_first.nonzero()[0]
    if not len(run):
        return run, np.zeros(0, np.uint64)
    start, end = fact[run], fact[np.append(run[1:], len(fact)) - 1] + 1
    said = mix(np.add.reduceat(words[fact], run)) & SLOT_VALUE
    said |= np.logical_or.reduceat(is_number[fact], run).astype(np.uint64)
    low, high = cuts[part[run] - 1], cuts[part[run]]
    whole = end < high
    start, end, low, said = start[whole], end[whole], low[whole], said[whole]
    before, earlier = start - 1, np.maximum(start - 2, 0)
    key = words[before] * (before >= low) + words[end] * AFTER
    key += words[earlier] * (~is_fact[earlier] & (start > low + 1)) * BEFORE
    return start, mix(key) >> HALF & SLOT_PLACE | said


def split_any(title: str, body: str) -> HashedText:
    """Return words and facts of a title and body in any script."""
    title_words, words, cased = fold(title), fold(body), TOKEN.findall(f"{title} {body}")
    names = {token.casefold() for token in cased if token[0].isupper() and len(token) > 1}
    names.difference_update(cased)
    hashes, is_number = hash_list(words), np.array([word[0].isdigit() for word in words], np.bool_)
    is_fact = np.array([word in names for word in words], np.bool_) | is_number
    slots = slots_of(hashes, is_fact.nonzero()[0], is_fact, is_number, np.array([0, len(words)]))[1]
    if len(names) * WORDS_PER_FACT < len(words) or is_uncased(cased):
        names.update(word for word, times in Counter(words).items() if times == 1 and len(word) >= RARE_LETTERS)
    numbers = hash_list(NUMBER.findall(f"{title} {body}")) >> NUMBERS_FIRST
    facts = hash_list(names) & ~NUMBER_BIT, numbers | NUMBER_BIT
    spaced = 2 * sum(map(len, UNSPACED_RUN.findall(body))) < len(body)
    named = {word for word in title_words if len(word) >= LONG_LETTERS}
    fits = not spaced or len(named) < FEWEST_NAMED or not named.isdisjoint(words)
    return HashedText(hash_list(title_words), hashes, np.concatenate(facts), slots, spaced, fits)


def is_uncased(tokens: Sequence[str]) -> bool:
    """Return whether most words are in a script without capitals; names in Latin letters may stand among them."""
    return 2 * sum(token[0] != token[0].swapcase() for token in tokens) < len(tokens)


def titles_fit(owned: Hashes, lengths: npt.NDArray[np.intp], is_fact: Flags, parts: npt.NDArray[np.intp]) -> list[bool]:
    """Return, for each article, whether its body has a name, number or longer words of its title.

    `owned`: hashes of all words with their article; `parts`: how many words each title and each body has, in turn. A
    body fits that has one of the title's facts, or more than `TITLE_SHARE` of its longer words.
    """
    articles = len(parts) // 2
    in_title = np.tile([True, False], articles).repeat(parts)
    article = np.arange(articles).repeat(parts[::2])
    missing = absent(owned[in_title], owned[~in_title])
    facts, long = is_fact[in_title], is_fact[in_title] | (lengths[in_title] >= LONG_LETTERS)
    named = np.bincount(article[facts], minlength=articles)
    found = np.bincount(article[facts & ~missing], minlength=articles)
    words = np.bincount(article[long], minlength=articles)
    there = np.bincount(article[long & ~missing], minlength=articles)
    fits: list[bool] = ((named < FEWEST_NAMED) | (found > 0) | (there > TITLE_SHARE * words)).tolist()
    return fits


def fold(text: str) -> list[str]:
    """Return the words of a text in any script, or runs of characters."""
    words: list[str] = []
    for token in TOKEN.findall(text.casefold()):
        for piece in PIECE.findall(token) if UNSPACED_RUN.search(token) else (token,):
            runs = len(piece) - CHARACTER_GRAM + 1 if UNSPACED_RUN.match(piece) else 1
            words += [piece[i : i + CHARACTER_GRAM] for i in range(runs)] if runs > 1 else [piece]
    return words


def hash_list(words: Iterable[str]) -> Hashes:
    """Return the hashes of some words that hold no separators."""
    return hash_words(" ".join(words).encode("utf-8", "surrogatepass"))[0]


def hash_words(text: bytes) -> tuple[Hashes, npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the 64-bit hash of every word, where it starts, and how many bytes it has."""
    parts = [hash_chunk(text[at : at + CHUNK - 2], at) for at in range(0, max(1, len(text)), CHUNK - 2)]
    if len(parts) == 1:
        return parts[0]
    hashes, starts, lengths = zip(*parts, strict=True)
    return np.concatenate(hashes), np.concatenate(starts), np.concatenate(lengths)


def hash_chunk(text: bytes, offset: int) -> tuple[Hashes, npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the same for up to `CHUNK` - 2 bytes that begin at `offset`."""
    folded = np.frombuffer((b" %b " % text).translate(FOLDED), np.uint8)
    inside = folded > 1
    points = np.flatnonzero(folded == 1)
    inside[points[is_digit(folded[points - 1]) & is_digit(folded[points + 1])]] = True
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    before, last = edges[::2], edges[1::2]
    values, powers, inverses = tables()
    sums = values[folded]
    sums *= powers[: len(folded)]
    np.cumsum(sums, out=sums)
    hashes = (sums[last] - sums[before]) * inverses[before]
    return mix(hashes), before + offset, last - before


def is_digit(values: Bytes) -> npt.NDArray[np.bool_]:
    """Return which bytes are ASCII digits."""
    return (values >= ord("0")) & (values <= ord("9"))


def absent(values: Hashes, others: Hashes) -> npt.NDArray[np.bool_]:
    """Return which values are not among the others."""
    if not len(others):
        return np.ones(len(values), np.bool_)
    ordered = np.sort(others)
    missing: npt.NDArray[np.bool_] = ordered.take(ordered.searchsorted(values), mode="clip") != values
    return missing
