"""Implication: which queries match only where another one does, as far as their nodes alone tell."""

from agents.watch.language import vocabulary
from agents.watch.language.query import And, AtLeast, Facet, InTitle, Near, Not, Or, Query, Term
from streams.standards.m49 import DIVISION


def implies(one: Query, other: Query) -> bool:
    """Say whether each article that `one` matches is surely matched by `other`; False where it is not known."""
    if one == other:
        return True
    match one, other:
        case (_, And()):
            return all(implies(one, part) for part in other.parts)
        case (Or(), _):
            return all(implies(part, other) for part in one.parts)
        case (And(), _):
            return any(implies(part, other) for part in one.parts)
        case (_, Or()):
            return any(implies(one, part) for part in other.parts)
        case (Term(), Term()):
            return holds(one, other)
        case (Near(), Near()) if not other.ordered or one.ordered:
            return one.distance <= other.distance and implies(one.left, other.left) and implies(one.right, other.right)
        case (Near(), _):
            return implies(one.left, other) or implies(one.right, other)
        case (InTitle(), InTitle()):
            return implies(one.part, other.part)
        case (AtLeast(), AtLeast()):
            return one.count >= other.count and implies(one.part, other.part)
        case (InTitle() | AtLeast(), _) if not any(isinstance(node, Not) for node in one.walk()):
            return implies(one.part, other)
        case (Facet(), Facet()) if one.countries and one.value != other.value:
            return all(implies(Facet(one.field, country), other) for country in one.countries)
        case (Facet(), Facet()):
            return other.value in wider(one)
    return False


def holds(one: Term, other: Term) -> bool:
    """Say whether a term's words hold another's, one after another, wildcards and case included."""
    size = len(other.words)
    for start in range(len(one.words) - size + 1):
        words = one.words[start : start + size]
        exact = one.exact[start : start + size]
        if all(map(covers, other.words, words)) and (not other.exact or exact == other.exact):
            return True
    return False


def covers(pattern: str, word: str) -> bool:
    """Say whether `pattern` finds every word that `word` (or `word*`) finds."""
    letters, other = pattern.strip("*"), word.strip("*")
    if "*" not in pattern:
        return word == pattern
    if pattern.startswith("*") and pattern.endswith("*"):
        return letters in other
    if pattern.endswith("*"):
        return not word.startswith("*") and other.startswith(letters)
    return not word.endswith("*") and other.endswith(letters)


def wider(facet: Facet) -> set[str]:
    """Return the values of a facet's field that hold wherever the facet does."""
    value = facet.value
    match facet.field:
        case "region":
            country = value[:2] if DIVISION.fullmatch(value) else value
            return {value, country, *vocabulary.macro_regions(country), *vocabulary.groups_of(country)}
        case "topic":
            return set(vocabulary.topic_and_broader(value))
        case "lang":
            parts = value.split("-")
            return {"-".join(parts[:count]) for count in range(1, len(parts) + 1)}
        case "source":
            parts = value.split(".")
            return {".".join(parts[start:]) for start in range(len(parts))}
    return {value}
