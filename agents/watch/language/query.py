"""Queries: the nodes of a parsed query, how each is found in an article, and how it is written.

`find` returns the ranges of words to mark, in any order and perhaps twice, or None where the article does not match;
NOT and the facets match without marking anything. What it returns is shared: never change it. `str(query)` is the
canonical form: parsing it gives the same query.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import ClassVar

from msgspec import Struct

from agents.watch.language.words import join
from agents.watch.matching.article import Range, Scope

BARE = re.compile(r"[^\s()\"{}:,=<>+\-!*][^\s()\"{}:,=<>*]*\*?")
RESERVED = re.compile(r"AND|OR|NOT|NEAR|PRE|ATLEAST", re.IGNORECASE)


class Query(Struct, frozen=True, gc=False):
    """Any node of a query."""

    #: How tightly the node binds when it is written: OR 1, AND 2, NOT 3, NEAR 4, everything else 5.
    binding: ClassVar[int] = 5

    def find(self, scope: Scope) -> list[Range] | None:
        """Return the ranges to mark, None where the article does not match."""
        raise NotImplementedError

    def ranges(self, scope: Scope) -> list[Range]:
        """Return where the whole of a term, a group of terms or a NEAR stands, sorted."""
        return self.find(scope) or []

    def children(self) -> tuple["Query", ...]:
        """Return the nodes directly beneath."""
        return ()

    def walk(self) -> Iterator["Query"]:
        """Yield this node and all beneath it."""
        yield self
        for child in self.children():
            yield from child.walk()

    def within(self, binding: int) -> str:
        """Return the node as written inside one of `binding`: in parentheses where it binds less tightly."""
        return str(self) if self.binding >= binding else f"({self})"


class Term(Query, frozen=True, gc=False):
    """A word, a phrase, or either in exact case. `words` are folded; one that ends in `*` stands for all it begins.

    `exact` holds the words as they must be written, and is empty where case does not matter.
    """

    words: tuple[str, ...]
    exact: tuple[str, ...] = ()

    def find(self, scope: Scope) -> list[Range] | None:
        """Return where the words stand one after another."""
        if len(self.words) == 1 and not self.exact:
            return scope.word(self.words[0]) or None
        found = scope.phrase(self.words)
        if self.exact:
            found = [each for each in found if scope.originals(each) == self.exact]
        return found or None

    def __str__(self) -> str:
        text = join(self.exact or self.words)
        bare = BARE.fullmatch(text) and not RESERVED.fullmatch(text)
        return ("=" if self.exact else "") + (text if bare else f'"{text}"')


class And(Query, frozen=True, gc=False):
    """All of them, in any place."""

    binding = 2
    parts: tuple[Query, ...]

    def find(self, scope: Scope) -> list[Range] | None:
        """Return all parts' ranges."""
        found: list[Range] = []
        for part in self.parts:
            ranges = part.find(scope)
            if ranges is None:
                return None
            found += ranges
        return found

    def children(self) -> tuple[Query, ...]:
        """Return the parts."""
        return self.parts

    def __str__(self) -> str:
        return " AND ".join(part.within(3) for part in self.parts)


class Or(Query, frozen=True, gc=False):
    """At least one of them."""

    binding = 1
    parts: tuple[Query, ...]

    def find(self, scope: Scope) -> list[Range] | None:
        """Return the ranges of every part that matches."""
        found: list[Range] | None = None
        for part in self.parts:
            ranges = part.find(scope)
            if ranges is not None:
                found = ranges if found is None else found + ranges
        return found

    def ranges(self, scope: Scope) -> list[Range]:
        """Return where any part stands."""
        return sorted({each for part in self.parts for each in part.ranges(scope)})

    def children(self) -> tuple[Query, ...]:
        """Return the parts."""
        return self.parts

    def __str__(self) -> str:
        return " OR ".join(part.within(2) for part in self.parts)


class Not(Query, frozen=True, gc=False):
    """Articles that `part` does not match."""

    binding = 3
    part: Query

    def find(self, scope: Scope) -> list[Range] | None:
        """Return nothing to mark."""
        return [] if self.part.find(scope) is None else None

    def children(self) -> tuple[Query, ...]:
        """Return the part."""
        return (self.part,)

    def __str__(self) -> str:
        return f"NOT {self.part.within(3)}"


class Near(Query, frozen=True, gc=False):
    """Two terms with at most `distance` other words between them, never overlapping; `ordered`: left before right."""

    binding = 4
    left: Query
    right: Query
    distance: int
    ordered: bool = False

    def pairs(self, scope: Scope) -> list[tuple[Range, Range]]:
        """Return each left range with each right range that is near it."""
        lefts = self.left.ranges(scope)
        rights = self.right.ranges(scope) if lefts else []
        if not rights:
            return []
        starts = [start for start, _ in rights]
        by_end = sorted(rights, key=lambda each: each[1])
        ends = [end for _, end in by_end]
        found: list[tuple[Range, Range]] = []
        for left in lefts:
            start, end = left
            after = rights[bisect_left(starts, end) : bisect_right(starts, end + self.distance)]
            before = by_end[bisect_left(ends, start - self.distance) : bisect_right(ends, start)]
            found += [(left, right) for right in (after if self.ordered else [*before, *after])]
        return found

    def find(self, scope: Scope) -> list[Range] | None:
        """Return both sides of each pair."""
        return list({each for pair in self.pairs(scope) for each in pair}) or None

    def ranges(self, scope: Scope) -> list[Range]:
        """Return, for each pair, the range from its first word to its last."""
        return sorted({(min(a[0], b[0]), max(a[1], b[1])) for a, b in self.pairs(scope)})

    def children(self) -> tuple[Query, ...]:
        """Return both sides."""
        return self.left, self.right

    def __str__(self) -> str:
        name = "PRE" if self.ordered else "NEAR"
        return f"{self.left.within(4)} {name}/{self.distance} {self.right.within(5)}"


class AtLeast(Query, frozen=True, gc=False):
    """At least `count` places, not overlapping, in which `part` stands."""

    count: int
    part: Query

    def find(self, scope: Scope) -> list[Range] | None:
        """Return all places where they are enough."""
        found = self.part.ranges(scope)
        apart, past = 0, 0
        for start, end in sorted(found, key=lambda each: each[1]):
            if start >= past:
                apart, past = apart + 1, end
        return found if apart >= self.count else None

    def children(self) -> tuple[Query, ...]:
        """Return the part."""
        return (self.part,)

    def __str__(self) -> str:
        return f"ATLEAST/{self.count}({self.part})"


class InTitle(Query, frozen=True, gc=False):
    """All of `part` within the title."""

    part: Query

    def find(self, scope: Scope) -> list[Range] | None:
        """Return the part's ranges in the title."""
        return self.part.find(scope.in_title())

    def children(self) -> tuple[Query, ...]:
        """Return the part."""
        return (self.part,)

    def __str__(self) -> str:
        return f"title:{self.part}" if isinstance(self.part, Term) and not self.part.exact else f"title:({self.part})"


class Facet(Query, frozen=True, gc=False):
    """A source, language, region or topic; `value` is canonical (see `vocabulary`)."""

    field: str
    value: str

    @property
    def feature(self) -> str:
        """Return what an article's facets hold where it matches."""
        return f"{self.field}:{self.value}"

    def find(self, scope: Scope) -> list[Range] | None:
        """Return nothing to mark."""
        return [] if f"{self.field}:{self.value}" in scope.facets else None

    def __str__(self) -> str:
        bare = re.fullmatch(r"[^\s()\"]+", self.value)
        return f"{self.field}:{self.value if bare else quoted(self.value)}"


class Author(Query, frozen=True, gc=False):
    """An author whose name holds these words, one after another."""

    words: tuple[str, ...]

    def find(self, scope: Scope) -> list[Range] | None:
        """Return nothing to mark."""
        length, words = len(self.words), list(self.words)
        for name in scope.authors:
            if any(name[start : start + length] == words for start in range(len(name) - length + 1)):
                return []
        return None

    def __str__(self) -> str:
        return f'author:"{join(self.words)}"'


class Score(Query, frozen=True, gc=False):
    """Terms with weights, each counted once where it occurs; matches where they add up to `threshold` or more."""

    threshold: int
    items: tuple[tuple[Term, int], ...]

    def total(self, scope: Scope) -> tuple[int, list[Range]]:
        """Return the sum of the weights of the terms that occur, and where the positive ones stand."""
        total, found = 0, []
        for term, weight in self.items:
            ranges = term.find(scope)
            if ranges is not None:
                total += weight
                found += ranges if weight > 0 else []
        return total, found

    def find(self, scope: Scope) -> list[Range] | None:
        """Return where the positive terms stand, if the sum suffices."""
        total, found = self.total(scope)
        return found if total >= self.threshold else None

    def children(self) -> tuple[Query, ...]:
        """Return the terms."""
        return tuple(term for term, _ in self.items)

    def __str__(self) -> str:
        return f"score >= {self.threshold} {{ {', '.join(f'{term}:{weight}' for term, weight in self.items)} }}"


def is_placed(query: Query) -> bool:
    """Say whether a node stands at places in the text: terms, groups of them with OR, and NEAR."""
    if isinstance(query, Or):
        return all(is_placed(part) for part in query.parts)
    return isinstance(query, Term | Near)


def quoted(text: str) -> str:
    """Return text in quotation marks, as the language reads it back."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
