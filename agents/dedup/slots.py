"""Slots: the places of a text where its facts stand, each known by the words around it.

A form that is filled anew (a result, a tremor, a market's close) keeps its sentences, and says other things in the same
places of them. A copy says the same there, however it was cut, put in another order or led in; and who edits or misspells
a piece changes the words around its facts as well. So two texts are compared place by place, which needs no knowledge of
the other reports of a form: the first is told from the second as the hundredth is, in any order. Numbers are facts in every
script; names only where there are capitals.
"""

from collections import Counter
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import numpy as np

from agents.dedup.sketch import SHORT_WORDS, Sketch
from agents.dedup.words import SLOT_BITS, SLOT_NUMBER

#: From so many slots with numbers on, in common, a piece and its copy say the same in this share of them: in .5 at least but in
#: one of 1,180 pairs on the development half of neardup_synth, in .6 at most in 400 pairs of 26 forms made up in 15 languages.
FEWEST_NUMBERED, NUMBERED_AGREE = 3, 0.5
#: And in a larger share, of slots with numbers and of any, where as many of the shorter text's stand among the same words in the
#: other: nobody edited the text, and of four numbers two are others (2026-11-29).
INTACT, NUMBERED_INTACT, FEWEST_SLOTS, SLOTS_AGREE = 0.8, 0.55, 5, 0.65


class Slots(NamedTuple):
    """How many slots of two texts stand among the same words, how many of these say the same, and how many the shorter has."""

    common: int
    agreeing: int
    fewest: int

    @property
    def are_intact(self) -> bool:
        """Whether the words around the facts are nearly all as they were."""
        return self.common >= INTACT * self.fewest


def are_filled(new: Sketch, old: Sketch, *, have_same_facts: bool = False) -> bool:
    """Return whether two texts are one form, filled otherwise: in the same places of the same sentences stand other facts.

    A brief has few facts, and each is the news: one other town is enough. Where two have the same facts, a desk may have moved
    one, as the town of a dateline; a form that is filled the other way round differs in two places.
    """
    below = min(new.slots_below, old.slots_below)
    mine, theirs = (slots_below(sketch, below) for sketch in (new, old))
    if mine <= theirs or theirs <= mine:
        return False
    slots = compare_slots(mine, theirs)
    if min(new.words, old.words) < SHORT_WORDS:
        return slots.agreeing < slots.common - have_same_facts
    numbered = compare_slots(*({slot for slot in slots if slot & SLOT_NUMBER} for slots in (mine, theirs)))
    agree = NUMBERED_INTACT if numbered.are_intact else NUMBERED_AGREE
    if numbered.common >= FEWEST_NUMBERED and numbered.agreeing < agree * numbered.common:
        return True
    return slots.common >= FEWEST_SLOTS and slots.are_intact and slots.agreeing < SLOTS_AGREE * slots.common


def slots_below(sketch: Sketch, below: int) -> set[int]:
    """Return a sketch's slots below a threshold."""
    slots = np.frombuffer(sketch.slots, "<u4")
    return set(slots[: slots.searchsorted(below)].tolist())


def compare_slots(new: AbstractSet[int], old: AbstractSet[int]) -> Slots:
    """Compare two texts' slots. A place that is there more than once counts as often as in both."""
    places, others = ([slot >> SLOT_BITS for slot in slots] for slots in (new, old))
    common = len({*places} & {*others})
    if len({*places}) < len(places) and len({*others}) < len(others):
        common = (Counter(places) & Counter(others)).total()
    return Slots(common, len(new & old), min(len(new), len(old)))
