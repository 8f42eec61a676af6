"""Anchors: features that an article must have for a query to match, by which watches are looked up.

A feature is a word, `word*`, a pair of neighbouring characters of a script without spaces, or a facet (`lang:en`). A
query becomes one or more entries; an article that matches satisfies at least one entry, and an entry is a set of
clauses of which each needs at least one of its features in the article. Entries are necessary, never sufficient: a
candidate is still evaluated.
"""

from collections.abc import Callable, Iterable
from itertools import product

from agents.watch.language.common import function_words
from agents.watch.language.forms import LONGEST_PREFIX, PREFIXES, forms_of
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
    Score,
    StoryCondition,
    Term,
)
from agents.watch.language.words import is_unspaced, letters

Clause = frozenset[str]
Entry = tuple[Clause, ...]

#: Entries that an AND of ORs may be multiplied out to before the ORs are merged into single clauses.
MAX_PRODUCT = 16

#: Share of articles that have a feature, before any article was seen (rough, from orders of magnitude): by facet, and
#: by a word's length.
FACET_SHARE = {"lang": 0.5, "topic": 0.1, "region": 0.05, "source": 0.02, "author": 0.01, "trend": 0.001}
LENGTH_SHARE = (1.0, 0.5, 0.4, 0.2, 0.08, 0.05, 0.03)
LONG_WORD_SHARE = 0.02
#: Of all articles; of those in its language nearly all have it.
FUNCTION_WORD_SHARE = 0.5
#: By one character of a script without spaces, and by a pair of them.
CHARACTER_SHARE = (0.2, 0.02)


def expected_share(feature: str) -> float:
    """Return the share of articles that a feature is expected in."""
    facet, colon, _ = feature.partition(":")
    if colon:
        return FACET_SHARE.get(facet, LONG_WORD_SHARE)
    if not feature.isascii() and is_unspaced(feature[0]):
        return CHARACTER_SHARE[len(feature) > 1]
    if feature in function_words():
        return FUNCTION_WORD_SHARE
    length = letters(feature.strip("*"))
    return LENGTH_SHARE[length] if length < len(LENGTH_SHARE) else LONG_WORD_SHARE


def cost(clause: Clause, share: Callable[[str], float]) -> float:
    """Return how many candidates an article is expected to bring under a clause."""
    return sum(map(share, clause))


def expected_cost(clause: Clause) -> float:
    """Return the cost of a clause before any article was seen: a word behind its prefixes has the share of one word."""
    return sum(expected_share(feature) for feature in clause if not is_prefixed(feature, clause))


def is_prefixed(feature: str, clause: Clause) -> bool:
    """Say whether a feature is another one of its clause behind an Arabic or Hebrew prefix."""
    if feature.isascii():
        return False
    cuts = range(1, min(LONGEST_PREFIX, len(feature) - 1) + 1)
    return any(feature[:cut] in PREFIXES and feature[cut:] in clause for cut in cuts)


def cheapest(entry: Entry) -> Clause:
    """Return the clause of an entry that brings the fewest candidates."""
    return min(entry, key=lambda clause: (expected_cost(clause), sorted(clause)))


def entries(query: Query) -> list[Entry]:
    """Return a query's entries; one without clauses means that nothing anchors the query."""
    match query:
        case Term():
            return [tuple(dict.fromkeys(clause for word in term_features(query.words) for clause in clauses(word)))]
        case Facet():
            return [(frozenset(query.features),)]
        case Author():
            return [tuple(frozenset((f"author:{word}",)) for word in dict.fromkeys(query.words))]
        case And():
            return all_of(entries(part) for part in query.parts)
        case Or():
            return any_of(entries(part) for part in query.parts)
        case Near():
            return all_of((entries(query.left), entries(query.right)))
        case AtLeast() | InTitle():
            return entries(query.part)
        case Score():
            return [(score_clause(query),)]
        case StoryCondition():
            return [()]
        case Not():
            return negated(query.part)
    raise TypeError(type(query))


def negated(query: Query) -> list[Entry]:
    """Return the entries of NOT `query`: empty, but for a NOT inside it."""
    match query:
        case Not():
            return entries(query.part)
        case And():
            return any_of(negated(part) for part in query.parts)
        case Or():
            return all_of(negated(part) for part in query.parts)
    return [()]


def term_features(words: tuple[str, ...]) -> list[str]:
    """Return the features of an article with these words one after another: each word, or each pair of characters."""
    found: list[str] = []
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        before = words[index - 1] if index else ""
        if not is_unspaced(word):
            found.append(word)
        elif is_unspaced(following):
            found.append(word + following)
        elif not is_unspaced(before):
            found.append(word)
    return list(dict.fromkeys(found))


def clauses(word: str) -> list[Clause]:
    """Return the clauses of a word: one of its forms."""
    forms = forms_of(word)
    if forms.letters:
        return [frozenset((*forms.words, letter)) for letter in forms.letters]
    return [frozenset(filter(None, (*forms.words, forms.capitals, forms.initial)))]


def any_of(parts: Iterable[list[Entry]]) -> list[Entry]:
    """Return the entries of an OR; those of a single clause become one."""
    together = [entry for part in parts for entry in part]
    if not all(together):
        return [()]
    single = [entry[0] for entry in together if len(entry) == 1]
    merged: list[Entry] = [(frozenset().union(*single),)] if single else []
    return merged + [entry for entry in together if len(entry) > 1]


def all_of(parts: Iterable[list[Entry]]) -> list[Entry]:
    """Return the entries of an AND: multiplied out while they stay few, else each OR as one clause."""
    anchored = [part for part in parts if all(part)]
    count = 1
    factors: list[list[Entry]] = []
    for part in sorted(anchored, key=len):
        count *= len(part)
        factors.append(part if count <= MAX_PRODUCT else [(frozenset().union(*map(cheapest, part)),)])
    return [tuple(dict.fromkeys(clause for entry in chosen for clause in entry)) for chosen in product(*factors)]


def score_clause(query: Score) -> Clause:
    """Return the features of which a matching article has one: the frequent terms that cannot do it alone left out."""
    best = [(cheapest(entries(term)[0]), weight) for term, weight in query.items if weight > 0]
    best.sort(key=lambda item: -expected_cost(item[0]))
    left_out, clause = 0, set[str]()
    for features, weight in best:
        if left_out + weight < query.threshold:
            left_out += weight
        else:
            clause |= features
    return frozenset(clause)


def unanchored(query: Query) -> str:
    """Return the reason why a query has no anchor; empty if it has one."""
    if all(entries(query)):
        return ""
    parts = query.parts if isinstance(query, Or) else (query,)
    loose = next((part for part in parts if not all(entries(part))), query)
    reason = "matches articles with none of the watch's words, sources, regions or topics in them"
    return f"`{loose}` {reason}" if loose is query else f"the alternative `{loose}` {reason}"
