"""Findings about a query that can be read: it never matches, matches nearly everything, or misses words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise, product
from typing import Literal, Protocol

from msgspec import Struct

from agents.watch.language import vocabulary
from agents.watch.language.anchors import cheapest, entries, expected_share
from agents.watch.language.common import COMPOUNDING, SHORTER, languages
from agents.watch.language.forms import forms_of
from agents.watch.language.implication import covers, implies
from agents.watch.language.parse import MIN_LEADING_WILDCARD_LETTERS, MIN_WILDCARD_LETTERS
from agents.watch.language.query import And, Facet, Near, Not, Or, Query, Scope, Score, Term, facets, names_trend
from agents.watch.records import Watch
from streams.text.word_lists import word_lists

Check = Literal[
    "never_matches",
    "nearly_everything",
    "unused_term",
    "unknown_place",
    "ambiguous_place",
    "unknown_language",
    "symbols",
    "case",
    "wide_near",
    "misses",
]

#: Share of articles, as expected, from which on a watch is said to match nearly everything: by a function word, a single letter
#: or a language; not by a name of two characters as G7 and 5G.
WIDE_EXPECTED = 0.5
#: The same share, as measured on a sample.
WIDE_MEASURED = 0.2

#: A sample smaller than this says nothing about what never occurs, or nearly always.
MIN_SAMPLE = 100

#: A word that a term misses is reported from this number of articles on.
MIN_MISSED = 2
#: Most such words that are reported.
MAX_MISSED = 3
#: Most letters of an ending.
ENDING = 3
#: Fewest letters of a compound's other part.
COMPOUND_PART = 3

#: A NEAR wider than this is hardly nearer than AND (products that have NEAR advise 10 or less).
WIDE_NEAR = 25

#: Abbreviations that are also words of running English text.
ALSO_WORDS = frozenset(word_lists("agents.watch.language")["also_words"])

#: Conditions on fields whose values are codes and names, not words of the text.
FACETS = re.compile(r"\b(?:region|topic|lang|source|author|trend):\s*(?:\([^)]*\)|\"[^\"]*\"|[^\s()]+)")

SYMBOLS = re.compile(r"[^\s()\"{}:,=<>]*[+#@$%€£¥~^|][^\s()\"{}:,=<>]*")


class Finding(Struct, frozen=True):
    """An oddity: the check that found it, a message, and a hint; `region`: the value that is no place, if that is it."""

    check: Check
    message: str
    hint: str = ""
    region: str = ""

    def __str__(self) -> str:
        return f"{self.message}" + (f" ({self.hint})" if self.hint else "")


class SampledArticle(Scope, Protocol):
    """An article of a sample, with its vocabulary."""

    vocabulary: set[str]


def lint(watch: Watch, sample: Iterable[SampledArticle] = ()) -> list[Finding]:
    """Find oddities of a watch's query, by itself and, where there is one, over a sample of articles."""
    query = watch.query
    found = [*contradictions(query), *redundant(query), *odd_words(query, watch.record.query), *compounds(query)]
    sampled = list(measured(query, sample))
    expected = max(expected_share(feature) for entry in entries(query) for feature in cheapest(entry))
    if expected >= WIDE_EXPECTED and not any(each.check == "never_matches" for each in sampled):
        found.append(
            Finding("nearly_everything", f"`{query}` is in nearly every article", "add a word, region or topic")
        )
    return list(dict.fromkeys(found + [each for each in sampled if each.check not in {f.check for f in found}]))


def contradictions(query: Query) -> Iterator[Finding]:
    """Yield contradictions: a condition and its opposite, two languages, two sources."""
    for node in query.walk():
        if isinstance(node, And):
            wanted = [part for part in node.parts if not isinstance(part, Not)]
            unwanted = [part.part for part in node.parts if isinstance(part, Not)]
            yield from opposites(wanted, unwanted)
            yield from two_of_one(wanted)


def opposites(wanted: list[Query], unwanted: list[Query]) -> Iterator[Finding]:
    """Yield the conditions that hold only where an unwanted one does too."""
    for other, part in product(unwanted, wanted):
        if implies(part, other):
            yield Finding("never_matches", f"`{part}` and NOT `{other}` never go together", "drop one of them")


def two_of_one(wanted: list[Query]) -> Iterator[Finding]:
    """Yield the conditions on two languages or two sources: an article has one of each."""
    for field in ("lang", "source"):
        single = [part for part in wanted if isinstance(part, Facet) and part.field == field]
        for left, right in pairwise(single):
            if not implies(left, right) and not implies(right, left):
                yield Finding("never_matches", f"an article has one {field}, not `{left}` and `{right}`", "use OR")


def redundant(query: Query) -> Iterator[Finding]:
    """Yield redundant terms."""
    for node in query.walk():
        match node:
            case Or():
                yield from unused(node.parts, narrower=True)
            case And():
                yield from unused(tuple(part for part in node.parts if not isinstance(part, Not)), narrower=False)
            case Score():
                yield from unused(tuple(term for term, _ in node.items), narrower=False, same_only=True)


def unused(parts: tuple[Query, ...], *, narrower: bool, same_only: bool = False) -> Iterator[Finding]:
    """Yield the parts that are held by an earlier or later one; of two alike, the later."""
    for index, part in enumerate(parts):
        for other_index, other in enumerate(parts):
            if index == other_index or (part == other and index < other_index) or (same_only and part != other):
                continue
            if implies(part, other) if narrower else implies(other, part):
                yield Finding("unused_term", f"`{part}` changes nothing beside `{other}`", "drop it")
                break


def odd_words(query: Query, written: str) -> Iterator[Finding]:
    """Yield likely mistakes: unknown places, dropped symbols, abbreviations, a wide NEAR."""
    for node in query.walk():
        match node:
            case Facet(field="region"):
                yield from odd_region(node.value)
            case Facet(field="lang"):
                yield from odd_language(node.value)
            case Facet(field="source"):
                yield from odd_source(node.value)
            case Near() if node.distance > WIDE_NEAR:
                hint = "10 words are enough for one statement"
                yield Finding("wide_near", f"`{node}` is hardly nearer than AND", hint)
    for symbol in dict.fromkeys(SYMBOLS.findall(written)):
        yield Finding("symbols", f"the symbols in `{symbol}` are not searched for", "only letters and digits are")
    for word in dict.fromkeys(re.findall(r"(?<![\w=\"/])[A-Z]{2,4}(?![\w:/])", FACETS.sub(" ", written))):
        if word in ALSO_WORDS:
            yield Finding("case", f"`{word}` also finds the word `{word.lower()}`", f"write ={word}")


def odd_region(value: str) -> Iterator[Finding]:
    """Yield the finding that a region is known by no name, or by two."""
    if not vocabulary.is_known_region(value):
        message = f"`{value}` is no country, UN M49 region or group, only compared with names of divisions and cities"
        hint = vocabulary.did_you_mean(vocabulary.suggested_regions(value))
        yield Finding("unknown_place", message, hint or "a division is surest by its code, as in US-TX", value)
    if value in vocabulary.NAMESAKES:
        name, division = vocabulary.NAMESAKES[value]
        yield Finding("ambiguous_place", f"`{name}` is the country {value} here", f"the division is {division}")


def odd_language(value: str) -> Iterator[Finding]:
    """Yield the finding that no article has a language of this code."""
    code = value.split("-", maxsplit=1)[0]
    if code in languages():
        return
    if shorter := SHORTER.get(code):
        yield Finding("unknown_language", f"articles carry `{shorter}`, not `{code}`", f"write lang:{shorter}")
    elif len(code) == len("xx"):
        yield Finding(
            "unknown_language", f"`{code}` is the code of no language (ISO 639-1)", "as in lang:en or lang:sw"
        )


def odd_source(value: str) -> Iterator[Finding]:
    """Yield the finding that a source is written as an address."""
    if "/" in value:
        host = value.partition("://")[2] or value
        message = f"`{value}` is an address, and a source is a publisher's host"
        yield Finding("never_matches", message, f"write source:{host.partition('/')[0].removeprefix('www.')}")


def compounds(query: Query) -> Iterator[Finding]:
    """Yield the terms that miss compounds in a language that writes them as one word."""
    wanted = {part.value.split("-")[0] for part in facets(query, "lang")}
    if not wanted or not wanted <= COMPOUNDING:
        return
    for term in dict.fromkeys(node for node in query.walk() if isinstance(node, Term) and not node.exact):
        for word in term.words:
            letters = word.strip("*")
            if letters.isalpha() and not word.startswith("*") and len(letters) >= MIN_LEADING_WILDCARD_LETTERS:
                message = f"`{term}` misses compounds that end in `{letters}`"
                yield Finding("misses", message, f"write *{word}, or =… where they are not meant")
                break


def measured(query: Query, sample: Iterable[SampledArticle]) -> Iterator[Finding]:
    """Yield findings over a sample of articles: no match, too many, unused terms, near misses."""
    total = matched = 0
    terms = dict.fromkeys(node for node in query.walk() if isinstance(node, Term))
    words = {node.words[0]: node for node in terms if len(node.words) == 1 and not node.exact}
    missed: dict[str, Counter[str]] = {word: Counter() for word in words}
    for article in sample:
        for word, counts in missed.items():
            counts.update(near_misses(word, article.vocabulary))
        total += 1
        matched += query.find(article) is not None
        terms = {term: None for term in terms if term.find(article) is None}
    yield from missing_words(missed)
    if total < MIN_SAMPLE:
        return
    if matched == 0 and not names_trend(query):  # a trend is no article
        yield Finding("never_matches", f"no match in {total:,} articles")
    elif matched / total >= WIDE_MEASURED:
        hint = "add a word, region or topic"
        yield Finding("nearly_everything", f"matches {matched / total:.0%} of {total:,} articles", hint)
    for term in terms:
        yield Finding("unused_term", f"`{term}` is in none of {total:,} articles", "check its spelling")


def near_misses(pattern: str, vocabulary: Iterable[str]) -> list[str]:
    """Return the words of an article that a term's word misses by an ending, an accent, or as a part of a compound."""
    letters = pattern.strip("*")
    if len(letters) < MIN_WILDCARD_LETTERS:
        return []
    unaccented = forms_of(letters).capitals or letters
    return [
        word
        for word in vocabulary
        if letters in word or len(word) == len(letters)
        if not covers(pattern, word) and is_near_miss(letters, unaccented, word)
    ]


def is_near_miss(letters: str, unaccented: str, word: str) -> bool:
    """Say whether a word is a term's with an ending, inside a compound, or with other accents."""
    if letters not in word:
        return (forms_of(word).capitals or word) == unaccented
    if word.startswith(letters):
        return len(word) - len(letters) <= ENDING
    compound = len(letters) >= MIN_LEADING_WILDCARD_LETTERS
    return compound and word.endswith(letters) and len(word) - len(letters) >= COMPOUND_PART


def missing_words(missed: dict[str, Counter[str]]) -> Iterator[Finding]:
    """Yield the words of a sample that terms miss, the most frequent ones."""
    for pattern, counts in missed.items():
        unfound = ((word, count) for word, count in counts.most_common() if not any(covers(p, word) for p in missed))
        often = [(word, count) for word, count in islice(unfound, MAX_MISSED) if count >= MIN_MISSED]
        if not often:
            continue
        letters = pattern.strip("*")
        ends = any(word.startswith(letters) for word, _ in often)
        begins = any(letters in word and not word.startswith(letters) for word, _ in often)
        wider = "*" * (begins or pattern.startswith("*")) + letters + "*" * (ends or pattern.endswith("*"))
        found = ", ".join(f"{word} ({count} articles)" for word, count in often)
        hint = f"write {wider}" if wider != pattern else "list them with OR"
        yield Finding("misses", f"`{pattern}` misses {found}", hint)
