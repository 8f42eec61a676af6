"""Reasons why a query matches an article or does not: the query's tree, each part with its own reason."""

from bisect import bisect_left

from msgspec import Struct

from agents.watch.language.query import (
    And,
    AtLeast,
    Author,
    Facet,
    InTitle,
    Near,
    Not,
    Or,
    Query,
    Scope,
    Score,
    StoryCondition,
    Term,
)
from agents.watch.language.ranges import Range
from agents.watch.matching.article import GAP, SearchableArticle
from agents.watch.matching.matcher import evidence
from streams.records import Evidence, Tagged
from streams.standards.mediatopics import concepts

#: Alternatives of an OR that are named where none is there.
MOST_ALTERNATIVES = 4


class Explanation(Struct, frozen=True, kw_only=True):
    """A part of a query with its outcome: as written, matched or not, the reason, the spans, and its own parts."""

    query: str
    matched: bool
    reason: str
    spans: list[Evidence]
    parts: list["Explanation"]
    alternatives: bool = False

    def found(self) -> list[str]:
        """Return the smallest parts by which it matches, with their reasons: no alternative that is not there."""
        if not self.matched:
            return []
        deeper = [reason for part in self.parts for reason in part.found()]
        return deeper or [f"{self.query} ({self.reason})"]

    def missing(self) -> list[str]:
        """Return the smallest parts for want of which it does not match; of alternatives, one line for all."""
        if self.matched:
            return []
        if self.alternatives and len(self.parts) > MOST_ALTERNATIVES:
            return [f"none of {len(self.parts)}: {', '.join(part.query for part in self.parts[:MOST_ALTERNATIVES])} …"]
        deeper = [reason for part in self.parts for reason in part.missing()]
        return deeper or [f"{self.query}: {self.reason}"]


def explain(query: Query, tagged: Tagged) -> Explanation:
    """Explain a query on an article."""
    article = SearchableArticle(tagged)
    return explain_in(query, article, article)


def explain_in(query: Query, scope: Scope, article: SearchableArticle) -> Explanation:
    """Explain one part within a scope: the whole article or its title."""
    ranges = query.find(scope)
    inner = scope.in_title() if isinstance(query, InTitle) else scope
    # A title with one term, and the terms of a score, are named in the reason.
    in_reason = isinstance(query, InTitle | AtLeast) and isinstance(query.part, Term)
    parts = () if in_reason or isinstance(query, Score) else query.children()
    return Explanation(
        query=str(query),
        matched=ranges is not None,
        reason=reason(query, scope, ranges),
        spans=evidence(article, ranges or []),
        alternatives=isinstance(query, Or),
        parts=[explain_in(part, inner, article) for part in parts],
    )


def reason(query: Query, scope: Scope, ranges: list[Range] | None) -> str:
    """Return in a few words why a part matches or not."""
    matched = ranges is not None
    match query:
        case Term():
            return times(len(ranges or [])) if matched else missing_term(query, scope)
        case And():
            lacking = sum(part.find(scope) is None for part in query.parts)
            return "all there" if matched else f"{lacking} of {len(query.parts)} missing"
        case Or():
            return "at least one there" if matched else "none there"
        case Not():
            return "not there, as it must be" if matched else "there, though it must not be"
        case Near():
            return near(query, scope)
        case AtLeast():
            return f"{times(len(query.part.ranges(scope)))}, {query.count} needed"
        case InTitle():
            return "in the title" if matched else "not in the title"
        case Score():
            return score(query, scope)
        case Facet():
            return facet(query, scope)
        case StoryCondition():
            return story(query, scope)
        case Author():
            return "an author" if matched else f"the article has {having('author', scope)}"
    raise TypeError(type(query))


def times(count: int) -> str:
    """Return a count in words."""
    return "not found" if count == 0 else "found once" if count == 1 else f"found {count} times"


def missing_term(term: Term, scope: Scope) -> str:
    """Return the reason why a term was not found: its case, absent words, or their order."""
    if term.exact and (found := scope.phrase(term.words)):
        written = sorted({" ".join(scope.originals(each)) for each in found})
        return f"found only as {', '.join(written[:3])}"
    absent = [word for word in term.words if not scope.phrase((word,))]
    if len(term.words) > 1 and not absent:
        return "its words are there, but not one after another"
    return "not found" if len(term.words) == 1 else f"not found: no {', '.join(absent)}"


def near(query: Near, scope: Scope) -> str:
    """Return how near the two sides of a NEAR come."""
    if query.find(scope) is not None:
        places = len(query.ranges(scope))
        return f"near each other {places} times" if places > 1 else "near each other"
    lefts, rights = query.left.ranges(scope), query.right.ranges(scope)
    if not lefts or not rights:
        absent = query.left if not lefts else query.right
        return f"`{absent}` is not there"
    apart = gaps(lefts, rights) + ([] if query.ordered else gaps(rights, lefts))
    if not apart:
        return "both there, but in the other order" if query.ordered else "both there, but only in one place"
    if min(apart) >= GAP:
        return "one is in the title, the other in the text"
    return f"the nearest are {min(apart)} words apart, {query.distance} allowed"


def gaps(ones: list[Range], others: list[Range]) -> list[int]:
    """Return how many positions lie between each range and the next of the others behind it."""
    starts = [start for start, _ in others]
    following = [(end, bisect_left(starts, end)) for _, end in ones]
    return [starts[index] - end for end, index in following if index < len(starts)]


def score(query: Score, scope: Scope) -> str:
    """Return which terms make up the score."""
    total, _ = query.total(scope)
    found = [f"{term} {weight:+d}" for term, weight in query.items if term.find(scope) is not None]
    return f"{total} of {query.threshold}: {', '.join(found) or 'none of the terms'}"


def facet(query: Facet, scope: Scope) -> str:
    """Return whether the article has a facet, and those that it has instead; a topic by its name, too."""
    if query.find(scope) is not None:
        there = (code for code in query.countries if f"{query.field}:{code}" in scope.facets)
        it = named(query.value) if query.field == "topic" else ", ".join(there) or "it"
        return f"the article has {it}"
    if query.field == "trend":
        return "this is an article, and trends are on news.trends"
    wanted = f"not {named(query.value)}; " if query.field == "topic" else ""
    return f"{wanted}the article has {having(query.field, scope)}"


def named(topic: str) -> str:
    """Return the name of a topic; its id where nobody gave it a name."""
    concept = concepts().get(topic)
    return concept.label if concept is not None else topic


def story(query: StoryCondition, scope: Scope) -> str:
    """Return how far the article's story has come in the number that is asked for."""
    known = scope.story
    if known is None:
        return "decided once the article's story is known"
    counts = {"articles": known.articles, "sources": known.sources, "languages": known.languages}
    if query.field in counts:
        count = counts[query.field]
        return f"its story has {count} {query.field if count != 1 else query.field.removesuffix('s')}"
    now, life = known.growth.now, known.growth.life
    ratio = f"{now / life:.1f} times: " if life else ""
    return f"its story grows {ratio}{now:.2g} articles an hour now, {life:.2g} over its life"


def having(field: str, scope: Scope) -> str:
    """Return the values that an article has in a field; topics by their names."""
    if field == "author":
        values = sorted(" ".join(words) for words in scope.authors)
    else:
        values = sorted(facet.split(":", 1)[1] for facet in scope.facets if facet.startswith(f"{field}:"))
    if field == "topic":
        values = [named(value) for value in values]
    return f"{field} {', '.join(values)}" if values else f"no {field}"
