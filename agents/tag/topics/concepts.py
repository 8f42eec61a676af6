"""Concept tags: names and reviewed synonyms of IPTC Media Topics, matched word by word.

The taxonomy is IPTC's (streams/standards/mediatopics.py); `synonyms.tsv` is the project's own, and also takes names out that mean
too much else in news ("final", "fire", "party"). A concept counts where it stands in the title, or twice in the lead.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from typing import Final

from agents.tag.topics.tokens import Tokens
from streams.standards.mediatopics import Concept, concepts

#: Names that are lists ("crime, law and justice") or carry a gloss in brackets never stand in a text as they are.
NO_PHRASE: Final = re.compile(r",| and | or |\(|\bincident\b")
TITLE_MENTIONS, LEAST_MENTIONS = 2, 2


@dataclass(frozen=True, slots=True)
class ConceptMentions:
    """A concept named in an article: each mention as (first word, number of words), in the title and in the lead."""

    concept: Concept
    title: list[tuple[int, int]]
    text: list[tuple[int, int]]

    @property
    def mentions(self) -> int:
        """Return how often the concept is named, a mention in the title counting twice."""
        return TITLE_MENTIONS * len(self.title) + len(self.text)


def strength(mentions: float) -> float:
    """Return how surely an article that names a concept so often is about it, 0.75 for once in the title."""
    return float(1 - 0.5**mentions)


class Taxonomy:
    """The 1,099 concepts in force, and the phrases that name them."""

    def __init__(self, concepts: dict[str, Concept], phrases: dict[tuple[str, ...], str]) -> None:
        self.concepts = concepts
        self._phrases = phrases
        lengths: dict[str, set[int]] = {}
        for phrase in phrases:
            lengths.setdefault(phrase[0], set()).add(len(phrase))
        #: of the phrases that begin with a word, in words, the longest first
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    @classmethod
    def read(cls, folder: Path) -> "Taxonomy":
        """Read `synonyms.tsv`."""
        return cls(concepts(), dict(_phrases(concepts(), folder / "synonyms.tsv")))

    def parents(self, concept: Concept) -> list[Concept]:
        """Return the concepts above one, the nearest first, the top-level topic last."""
        above = []
        while concept.parent is not None:
            concept = self.concepts[concept.parent]
            above.append(concept)
        return above

    def top(self, concept: Concept) -> Concept:
        """Return the top-level topic that a concept belongs to."""
        return self.parents(concept)[-1] if concept.parent else concept

    def matches(self, title: Tokens, lead: Tokens) -> list[ConceptMentions]:
        """Return the concepts that an article names often enough to be about them."""
        found: dict[str, ConceptMentions] = {}
        for in_title, forms in ((True, title.forms), (False, lead.forms)):
            for code, first, count in self._named(forms):
                match = found.setdefault(code, ConceptMentions(self.concepts[code], [], []))
                (match.title if in_title else match.text).append((first, count))
        return [match for match in found.values() if match.mentions >= LEAST_MENTIONS]

    def _named(self, forms: list[str]) -> Iterator[tuple[str, int, int]]:
        """Yield code, first word and number of words of the longest phrase at each place, left to right."""
        end = 0
        for place in compress(range(len(forms)), map(self._lengths.__contains__, forms)):
            if place < end:
                continue
            for length in self._lengths[forms[place]]:
                code = self._phrases.get(tuple(forms[place : place + length]))
                if code is not None:
                    yield code, place, min(length, len(forms) - place)
                    end = place + length
                    break


def _phrases(concepts: dict[str, Concept], synonyms: Path) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each phrase, in words and in its plural, with its code; a synonym overrules a name."""
    rows = _table(synonyms, 2)
    silent = {f"medtop:{code}" for code, listed in rows if listed == "-"}
    for concept in concepts.values():
        if concept.level > 1 and concept.code not in silent and not NO_PHRASE.search(concept.label):
            yield from _forms(concept.label, concept.code)
    for code, listed in rows:
        if listed != "-":
            for synonym in listed.split(","):
                yield from _forms(synonym.strip(), f"medtop:{code}")


def _forms(phrase: str, code: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield a phrase as words, and its plural where its last word has none of the endings that forbid one.

    Single letters are no words: what shrinks to one word ("serie a") is another name, and no phrase. `=`: no plural.
    """
    forms = Tokens(phrase.lstrip("=")).forms
    if not forms or (len(forms) == 1 and not phrase.lstrip("=").isalnum()):
        return
    yield tuple(forms), code
    if phrase[0] != "=" and not forms[-1].endswith(("s", "ing", "ism", "ics")):
        plural = forms[-1][:-1] + "ies" if re.search(r"[^aeiou]y$", forms[-1]) else forms[-1] + "s"
        yield (*forms[:-1], plural), code


def _table(path: Path, columns: int) -> list[list[str]]:
    """Return the rows of a tab-separated file with `columns` columns; lines that start with # are comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t", columns - 1) for line in lines if line and not line.startswith("#")]
