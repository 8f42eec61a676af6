"""Alternatives as a store's own search language writes them: the same tree, other punctuation."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from agents.archive.store import Alternatives


@dataclass(frozen=True)
class Grammar:
    """The punctuation of a search language: between clauses, between terms, for a whole feature and for a beginning."""

    conjunction: str
    disjunction: str
    whole: Callable[[str], str]
    beginning: Callable[[str], str]


def expression(wanted: Alternatives, grammar: Grammar, words_like: Callable[[str], Iterable[str]]) -> str:
    """Write alternatives; empty where no word fits. `words_like` gives the words that `*letters` or `*letters*` fits."""
    alternatives = []
    for clauses in wanted:
        written = [_clause(clause, grammar, words_like) for clause in clauses]
        if all(written):
            alternatives.append(grammar.conjunction.join(f"({clause})" for clause in written))
    return grammar.disjunction.join(f"({alternative})" for alternative in alternatives)


def _clause(clause: frozenset[str], grammar: Grammar, words_like: Callable[[str], Iterable[str]]) -> str:
    terms: list[str] = []
    for feature in sorted(clause):
        if feature.startswith("*"):
            terms += map(grammar.whole, words_like(feature))
        elif feature.endswith("*"):
            terms.append(grammar.beginning(feature[:-1]))
        else:
            terms.append(grammar.whole(feature))
    return grammar.disjunction.join(terms)
