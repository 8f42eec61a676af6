"""Headings within a text that the network took for boxes' labels: quotations of a few words, questions, names."""

from collections.abc import Iterator
from itertools import pairwise

from agents.clean.page.corrections.discussions import comment_heading
from agents.clean.page.features import PageFeatures
from agents.clean.page.labels import box_headings, is_invitation

_LEVELS = frozenset(("h2", "h3", "h4"))
#: Words of a heading within a text, and the share of links in it, at most.
MOST_WORDS, MOST_LINKS = 20, 0.1


def with_subheadings(features: PageFeatures, kept: list[int], chosen: list[int]) -> list[int]:
    """Return the kept blocks and the headings right above one of them that stand in one element with it and the one before.

    Of such headings on the development sets' pages 53 belong to the true texts, and 6 do not. `chosen`: the blocks before any
    correction; one that a correction has left out stays out.
    """
    found = sorted(subheadings(features, kept, frozenset(chosen)))
    return sorted([*kept, *found]) if found else kept


def subheadings(features: PageFeatures, kept: list[int], chosen: frozenset[int]) -> Iterator[int]:
    """Yield the headings that `with_subheadings` adds: several may stand one below the other."""
    page = features.page
    for before, index in pairwise(kept):
        at = index - 1
        while at > before and at not in chosen and at != features.title_block and is_subheading(features, at):
            if len({page.container(block) for block in (before, at, index)}) > 1:
                break
            yield at
            at -= 1


def is_subheading(features: PageFeatures, index: int) -> bool:
    """Return whether a block is a heading that names no box and asks for nothing."""
    text = features.page.texts[index]
    return (
        features.tags[index] in _LEVELS
        and features.words[index] <= MOST_WORDS
        and features.links[index] <= MOST_LINKS
        and not box_headings().boxes.fullmatch(text)
        and not is_invitation(text)
        and not comment_heading().fullmatch(text)
    )
