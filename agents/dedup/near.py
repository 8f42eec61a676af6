"""Near-duplicates: which earlier leader an article is a copy of."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.dedup.index import Generation, Hits
from agents.dedup.sketch import NUMBER_BIT, Overlap, Sketch, overlap, samples
from agents.dedup.state import State, Stored, hash64
from streams.records import DuplicateKind

#: Containments: enough, enough with the facts, and the least with nearly all of the facts. Bounds of `is_copy` were
#: chosen on the development halves of neardup_synth and of the natural pairs, 2026-11-24.
CONTAINED = 0.6
CONTAINED_GUARDED = 0.3
CONTAINED_LEAST = 0.22
#: Shares of the facts that go with them: with enough shingles, guarded, guarded with `NUMBERS` of the numbers, least.
FACTS_FLOOR = 0.35
FACTS = 0.65
FACTS_WITH_NUMBERS = 0.48
NUMBERS = 0.8
FACTS_AT_LEAST = 0.85
#: Fewer facts say nothing.
FEWEST_FACTS = 3
#: Below this Jaccard one article is so much longer that it shares facts with anything.
JACCARD_LEAST = 0.1
#: Fewer shared shingles than this are chance.
FEWEST_SHARED = 3
#: Leaders compared in full for one article: those that share the most shingles.
MOST_COMPARED = 16
#: A shingle under as many titles of one source is its furniture; one of as many originals is a set phrase.
FURNITURE_TITLES = 4
PHRASE_ARTICLES = 8
#: Jaccard from which two texts are the same piece, and the ratio of lengths below which one is part of the other.
SAME_PIECE = 0.8
PART = 0.8

Found = list[tuple[Generation, Hits]]
Flags = npt.NDArray[np.bool_]


class Match(NamedTuple):
    """A leader that an article is a copy of."""

    leader: Stored
    shingles: Overlap
    facts: Overlap
    numbers: Overlap


def find_original(state: State, new: Sketch, arrived: float) -> Match | None:
    """Return the leader in the window that shares the most with `new`, where that makes a copy of it."""
    shingles, _ = samples(new)
    if len(shingles) < FEWEST_SHARED:
        return None
    earliest = arrived - state.window_seconds
    found = [(generation, generation.find(shingles, earliest)) for generation in state.generations.values()]
    matches: list[Match] = []
    for seq in candidates(found):
        leader = state.in_window(seq, arrived)
        if leader is None or leader.sketch.id == new.id:
            continue
        match = compare(new, leader)
        if match.shingles.shared >= FEWEST_SHARED and is_copy(*match[1:]):
            matches.append(match)
    matches.sort(key=lambda match: (-match.shingles.containment, -match.shingles.jaccard, match.leader.seq))
    for match in matches:
        own = without_furniture(match, new, found)
        if own.shingles.shared >= FEWEST_SHARED and is_copy(*own[1:]):
            return own
    return None


def compare(new: Sketch, leader: Stored) -> Match:
    """Return what an article has in common with a leader."""
    old = leader.sketch
    shingles, facts = samples(new)
    old_shingles, old_facts = samples(old)
    numbers, old_numbers = facts[(facts & NUMBER_BIT) > 0], old_facts[(old_facts & NUMBER_BIT) > 0]
    return Match(
        leader,
        overlap(shingles, new.shingles_below, old_shingles, old.shingles_below),
        overlap(facts, new.facts_below, old_facts, old.facts_below),
        overlap(numbers, new.facts_below, old_numbers, old.facts_below),
    )


def candidates(found: Found) -> list[int]:
    """Return the leaders with the most shingles that they or their copies share, most first."""
    shared = np.concatenate([g.leader[hits.place] << 9 | hits.shingle for g, hits in found] or [np.empty(0, np.int64)])
    if len(shared) < FEWEST_SHARED:
        return []
    leaders, counts = np.unique(np.unique(shared) >> 9, return_counts=True)
    enough = counts >= FEWEST_SHARED
    leaders, counts = leaders[enough], counts[enough]
    order = np.lexsort((leaders, -counts))[:MOST_COMPARED]
    return [int(seq) for seq in leaders[order]]


def is_copy(shingles: Overlap, facts: Overlap, numbers: Overlap) -> bool:
    """Tell whether so much in common makes a copy.

    Most of the smaller article's shingles are enough, but for a template filled with other facts. Fewer need the facts
    too, the more of them the fewer shingles there are: a text with a misspelling in every fourth word keeps a quarter
    of its shingles and most of its facts. Misspelt names count against the facts, so where the numbers agree less of
    them is enough: a template differs in its numbers before all. A roundup, many times as long, shares facts with
    anything, and is left out here.
    """
    contained, of_facts = shingles.containment, facts.containment
    if contained >= CONTAINED:
        return of_facts >= FACTS_FLOOR or min(facts.new, facts.old) < FEWEST_FACTS
    if contained < CONTAINED_LEAST or shingles.jaccard < JACCARD_LEAST:
        return False
    if contained >= CONTAINED_GUARDED:
        return of_facts >= FACTS or (of_facts >= FACTS_WITH_NUMBERS and numbers.containment >= NUMBERS)
    missing = (CONTAINED_GUARDED - contained) / (CONTAINED_GUARDED - CONTAINED_LEAST)
    return of_facts >= FACTS + missing * (FACTS_AT_LEAST - FACTS)


def without_furniture(match: Match, new: Sketch, found: Found) -> Match:
    """Return the match without set phrases and without the shingles that are furniture of either article's source."""
    shingles, _ = samples(new)
    old = match.leader.sketch
    dropped = phrases(found, len(shingles))
    for source in {new.source, old.source}:
        dropped |= furniture(found, source, new, len(shingles))
    if not dropped.any():
        return match
    theirs = shingles[dropped & (shingles < min(new.shingles_below, old.shingles_below))]
    shared = int(np.isin(theirs, samples(old)[0], assume_unique=True).sum())
    whole = match.shingles
    return match._replace(shingles=Overlap(whole.shared - shared, whole.new - len(theirs), whole.old - shared))


def phrases(found: Found, count: int) -> Flags:
    """Return which of the article's shingles stand in `PHRASE_ARTICLES` articles that are no copies."""
    seen = []
    for generation, hits in found:
        original = generation.leader[hits.place] == hits.place + generation.first
        seen.append(hits.shingle[original] << 32 | generation.article[hits.place[original]])
    return kinds(seen, count) >= PHRASE_ARTICLES


def furniture(found: Found, source: int, new: Sketch, count: int) -> Flags:
    """Return which of the article's shingles stand in `FURNITURE_TITLES` articles of a source, each titled otherwise."""
    titles, articles = [], []
    if source == new.source:
        titles.append(np.arange(count) << 32 | new.title)
        articles.append(np.arange(count) << 32 | (hash64(new.id) & 0xFFFFFFFF))
    for generation, hits in found:
        theirs = generation.source[hits.place] == source
        shingle, place = hits.shingle[theirs] << 32, hits.place[theirs]
        titles.append(shingle | generation.title[place])
        articles.append(shingle | generation.article[place])
    return (kinds(titles, count) >= FURNITURE_TITLES) & (kinds(articles, count) >= FURNITURE_TITLES)


def kinds(pairs: list[npt.NDArray[np.int64]], count: int) -> npt.NDArray[np.intp]:
    """Return for each shingle (upper half of a pair) how many different values (lower half) it has."""
    distinct = np.unique(np.concatenate(pairs)) if pairs else np.empty(0, np.int64)
    return np.bincount(distinct >> 32, minlength=count)


def kind_of(new: Sketch, match: Match) -> DuplicateKind:
    """Return what the copy is: the same piece, part of it, or more than it."""
    old = match.leader.sketch
    if match.shingles.jaccard < SAME_PIECE:
        if new.words < PART * old.words:
            return "truncated"
        if old.words < PART * new.words:
            return "extended"
    return "copy"
