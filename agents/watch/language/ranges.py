"""Ranges of words, and which of them are near each other: looked up in sorted lists, and bounded."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

#: From one word to one past another, positions; the text's follow the title's.
Range = tuple[int, int]

#: How far NEAR reaches. Between title and text more positions than that stay free: nothing is near across the two.
MAX_DISTANCE = 100

#: Places at which a term, a group or a NEAR is looked for in one article. A word that stands at more of them in the
#: longest article that a person reads is a function word.
MAX_PLACES = 2_000

#: Pairs of a NEAR inside another NEAR or an ATLEAST.
MAX_PAIRS = 20_000

#: Places that one part of a query marks: more than a match carries.
MAX_MARKED = 200


def firsts(ranges: Iterable[Range]) -> list[Range]:
    """Return the first `MAX_PLACES` of some ranges, each once, sorted."""
    return sorted(set(ranges))[:MAX_PLACES]


def neighbours(ones: list[Range], others: list[Range], distance: int, *, after: bool, before: bool) -> list[Range]:
    """Return those of `ones` with one of `others` at most `distance` words after, or before, and not overlapping."""
    starts = [start for start, _ in others]
    ends = sorted(end for _, end in others)
    return [
        (start, end)
        for start, end in ones
        if (after and bisect_left(starts, end) < bisect_right(starts, end + distance))
        or (before and bisect_left(ends, start - distance) < bisect_right(ends, start))
    ]


def joined(lefts: list[Range], rights: list[Range], distance: int, *, ordered: bool) -> Iterator[Range]:
    """Yield the range of each pair of a left and a right one that are near, in the order of the left ones."""
    starts = [start for start, _ in rights]
    by_end = sorted(rights, key=lambda each: each[1])
    ends = [end for _, end in by_end]
    for start, end in lefts:
        for _, last in rights[bisect_left(starts, end) : bisect_right(starts, end + distance)]:
            yield start, last
        if not ordered:
            for first, _ in by_end[bisect_left(ends, start - distance) : bisect_right(ends, start)]:
                yield first, end
