"""Queries: the nodes of a parsed query, how each is found in an article, and how it is written.

`find` returns the ranges of words to mark, in any order and perhaps twice, or None where the article does not match;
NOT and the facets match without marking anything. The lists that it returns are shared: never change them.
`str(query)` is the canonical form: parsing it gives the same query.

Whatever the article and the query, the work is bounded. A word, a group and a NEAR stand at no more than `MAX_PLACES`
places, the first ones; NEAR looks its neighbours up in sorted lists and makes no pairs; and every look-up is paid from
the scope's budget (`Scope.spend`).
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import ClassVar, Protocol

from msgspec import Struct

from agents.watch.language.ranges import MAX_MARKED, MAX_PAIRS, Range, firsts, joined, neighbours
from agents.watch.language.words import join
from streams.records import ArticleStory, Growth

BARE = re.compile(r"\*?[^\s()\"{}:,=<>+\-!*][^\s()\"{}:,=<>*]*\*?")
RESERVED = re.compile(r"AND|OR|NOT|NEAR|PRE|ATLEAST", re.IGNORECASE)


class WorkExceededError(Exception):
    """A query that is looked for in an article has spent its budget."""


class Scope(Protocol):
    """The part of an article in which a query is looked for: all of it, or its title."""

    @property
    def facets(self) -> set[str]:
        """Facets of the article, as `field:value`."""

    @property
    def authors(self) -> list[list[str]]:
        """Words of each author's name."""

    @property
    def story(self) -> ArticleStory | None:
        """The article's story, where it is known already."""

    def in_title(self) -> "Scope":
        """Return the title alone."""

    def word(self, word: str) -> list[Range]:
        """Return the places of a word in any of its forms, sorted; it may hold wildcards."""

    def phrase(self, phrase: tuple[str, ...]) -> list[Range]:
        """Return the places at which words stand one after another, sorted."""

    def originals(self, found: Range) -> tuple[str, ...]:
        """Return words as they are written in the article, case and all."""

    def spend(self, steps: int) -> None:
        """Pay for work, about a microsecond a step; raise `WorkExceededError` where the budget is spent."""


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
    """A word, a phrase, or either in exact case.

    `words` are folded and in their one spelling. `*` at an end of a word stands for any letters; points stand between
    the letters of an abbreviation that is written with them. `exact` holds the words as they must be written, and is
    empty where case does not matter.
    """

    words: tuple[str, ...]
    exact: tuple[str, ...] = ()

    def find(self, scope: Scope) -> list[Range] | None:
        """Return where the words stand one after another."""
        found = scope.word(self.words[0]) if len(self.words) == 1 else scope.phrase(self.words)
        scope.spend(1 + len(found))
        if self.exact:
            # The words are the right ones already; letters with dots between them are one word and several.
            written = "".join(self.exact)
            found = [each for each in found if "".join(scope.originals(each)) == written]
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
            found += ranges[:MAX_MARKED]
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
                found = found if found is not None else []
                found += ranges[:MAX_MARKED]
        return found

    def ranges(self, scope: Scope) -> list[Range]:
        """Return the places of all parts."""
        return firsts(each for part in self.parts for each in part.ranges(scope))

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

    def find(self, scope: Scope) -> list[Range] | None:
        """Return the places of either side that are near one of the other."""
        lefts, rights = self.sides(scope)
        if not rights:
            return None
        near_right = neighbours(lefts, rights, self.distance, after=True, before=not self.ordered)
        near_left = neighbours(rights, lefts, self.distance, after=not self.ordered, before=True)
        return [*near_right, *near_left] or None

    def ranges(self, scope: Scope) -> list[Range]:
        """Return, for each pair that is near, the range from its first word to its last."""
        lefts, rights = self.sides(scope)
        found = list(islice(joined(lefts, rights, self.distance, ordered=self.ordered), MAX_PAIRS)) if rights else []
        scope.spend(len(found))
        return firsts(found)

    def sides(self, scope: Scope) -> tuple[list[Range], list[Range]]:
        """Return the places of both sides; the right ones are not looked for where there is no left one."""
        lefts = self.left.ranges(scope)
        rights = self.right.ranges(scope) if lefts else []
        scope.spend(len(lefts) + len(rights))
        return lefts, rights

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
        scope.spend(len(found))
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
    """A source, language, region or topic; `value` is canonical (see `vocabulary`).

    `countries`: those of a group of countries that `value` names; an article has one of them, and not the group itself.
    """

    field: str
    value: str
    countries: tuple[str, ...] = ()

    @property
    def features(self) -> tuple[str, ...]:
        """Return the facet as articles have it: in one way, or by each country of a group."""
        return tuple(f"{self.field}:{value}" for value in self.countries or (self.value,))

    def find(self, scope: Scope) -> list[Range] | None:
        """Return nothing to mark."""
        if not self.countries:
            return [] if f"{self.field}:{self.value}" in scope.facets else None
        return None if scope.facets.isdisjoint(self.features) else []

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
                found += ranges[:MAX_MARKED] if weight > 0 else []
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


class StoryCondition(Query, frozen=True, gc=False):
    """A least size of the article's story: `articles`, `sources`, `languages`, or `growth`.

    `languages`: in how many its event is told; `growth`: its articles an hour now to those of its life.

    A watch waits for a story to become so large: while the story is not known, the condition is left to the decision.
    """

    field: str
    least: float

    def holds(self, articles: int, sources: int, growth: Growth, languages: int) -> bool:
        """Say whether a story is so large."""
        match self.field:
            case "articles":
                return articles >= self.least
            case "sources":
                return sources >= self.least
            case "languages":
                return languages >= self.least
        return growth.now >= self.least * growth.life > 0

    def find(self, scope: Scope) -> list[Range] | None:
        """Return nothing to mark."""
        story = scope.story
        if story is None or self.holds(story.articles, story.sources, story.growth, story.languages):
            return []
        return None

    def __str__(self) -> str:
        return f"story.{self.field} >= {self.least:g}"


def story_conditions(query: Query) -> tuple[StoryCondition, ...]:
    """Return the conditions on the article's story that stand beside the rest of a query."""
    parts = query.parts if isinstance(query, And) else (query,)
    return tuple(part for part in parts if isinstance(part, StoryCondition))


def is_placed(query: Query) -> bool:
    """Say whether a node stands at places in the text: terms, groups of them with OR, and NEAR."""
    if isinstance(query, Or):
        return all(is_placed(part) for part in query.parts)
    return isinstance(query, Term | Near)


def quoted(text: str) -> str:
    """Return text in quotation marks, as the language reads it back."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def facets(query: Query, field: str) -> Iterator[Facet]:
    """Yield a query's conditions on a field of articles."""
    return (node for node in query.walk() if isinstance(node, Facet) and node.field == field)


def names_trend(query: Query) -> bool:
    """Say whether a query asks for a trend."""
    return any(facets(query, "trend"))
