"""Near-duplicates: which earlier leader an article is a copy of."""

import numpy as np

from agents.dedup.boilerplate import CommonShingles, ends, without_boilerplate
from agents.dedup.copy_rules import (
    FEWEST_SHARED,
    FEWEST_WORDS,
    LEAST,
    Likeness,
    have_same_facts,
    is_copy,
    is_other_page,
)
from agents.dedup.index import Probe
from agents.dedup.sketch import NUMBER_BIT, Sketch, overlap, posted_below, samples
from agents.dedup.slots import are_filled
from agents.dedup.state import Holders, State
from agents.dedup.stored import StoredVerdict

#: A leader of which less of the smaller article is found in the index is not compared: half of the least containment.
FEWEST_VOTES = 0.11
#: Leaders compared in full for one article: those that share the most and rarest shingles.
MOST_COMPARED = 16
#: Bits of a shingle's number within its article, of which there are at most `MOST` (256).
SHINGLE_BITS = 9


def find_original(state: State, new: Sketch, probe: Probe, arrived: float) -> Likeness | None:
    """Return the leader in the window that shares the most with `new`, where that makes a copy of it."""
    shingles, below = probe.shingles, posted_below(new)
    if new.words < FEWEST_WORDS or len(shingles) < FEWEST_SHARED:
        return None
    found = state.holders(probe, arrived)
    matches: list[Likeness] = []
    for seq, shared in candidates(found):
        theirs, their_below = state.posted(seq)
        common = min(below, their_below)
        smaller = min(int(shingles.searchsorted(common)), theirs * common / max(1, their_below))
        if shared < FEWEST_VOTES * smaller:
            continue
        leader = state.in_window(seq, arrived)
        if leader is None or leader.sketch.id == new.id:
            continue
        match = compare(new, leader)
        if match is None or is_other_page(new, leader.sketch) or not is_copy(match, new):
            continue
        if not are_filled(new, leader.sketch, have_same_facts=have_same_facts(match)):
            matches.append(match)
    matches.sort(key=lambda match: (-match.shingles.containment, -match.shingles.jaccard, match.leader.seq))
    common_shingles = CommonShingles(found, state.columns, new)
    for match in matches:
        own = without_boilerplate(match, new, common_shingles)
        if own.shingles.shared >= FEWEST_SHARED and is_copy(own, new):
            return own
    return None


def candidates(found: Holders) -> list[tuple[int, int]]:
    """Return the leaders that share the most shingles, themselves or through their copies, with the counts.

    Of too many, those with the rarest: reports of one form share its sentences, and only the piece itself the rest.
    """
    if len(found.leader) < FEWEST_SHARED:
        return []
    # Each pair of a leader and a shingle as one number, the leader above: sorted, they stand by leader, each once.
    pairs = np.sort(found.leader << SHINGLE_BITS | found.shingle)
    pairs = pairs[ends(pairs)]
    leader = pairs >> SHINGLE_BITS
    last = ends(leader)
    first = np.zeros_like(last)
    first[1:] = last[:-1] + 1
    counts = last - first + 1
    enough = (counts >= FEWEST_SHARED).nonzero()[0]
    if len(enough) > MOST_COMPARED:
        rarity = 1.0 / np.maximum(1, np.bincount(found.shingle))
        shared = np.add.reduceat(rarity[pairs & ((1 << SHINGLE_BITS) - 1)], first)
        enough = enough[np.argsort(-shared[enough], stable=True)[:MOST_COMPARED]]
    return list(zip(leader[last[enough]].tolist(), counts[enough].tolist(), strict=True))


def compare(new: Sketch, leader: StoredVerdict) -> Likeness | None:
    """Compare an article with a leader; None if they have too little in common for a copy."""
    old = leader.sketch
    shingles, facts = samples(new)
    old_shingles, old_facts = samples(old)
    shared = overlap(shingles, new.shingles_below, old_shingles, old.shingles_below)
    if shared.shared < FEWEST_SHARED or shared.containment < LEAST.containment:
        return None
    numbers, old_numbers = facts[(facts & NUMBER_BIT) > 0], old_facts[(old_facts & NUMBER_BIT) > 0]
    return Likeness(
        leader,
        shared,
        overlap(facts, new.facts_below, old_facts, old.facts_below),
        overlap(numbers, new.facts_below, old_numbers, old.facts_below),
    )
