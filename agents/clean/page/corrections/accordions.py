"""Headings that readers press to open the text below them: questions, steps, parts of an explainer.

They are buttons or links to nowhere, and such are seldom text; beside others of their kind, each above its own answer,
they are.
"""

import re
from collections.abc import Iterator

from agents.clean.page.features import PageFeatures

#: Most words of such a heading.
MOST_WORDS = 25
#: Fewest words of the part that it opens.
LEAST_WORDS = 8
#: Headings of one page, at least.
FEWEST = 2
#: Elements between the heading and the one that holds also what it opens, at most.
LEVELS = 4
#: A place in a recording: such buttons play it from there.
_PLAYS = re.compile(r"\d:\d\d|^[\W\d_]*$")
_CALLED = re.compile(r"(?i)accordion|toggle|collaps|faq|expand")


def with_openers(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks and the headings that open some of them, where there are several and no two are the same."""
    found = set(openers(features, kept))
    texts = features.page.texts
    if len(found) < FEWEST or len({texts[index] for index in found}) < len(found):
        return kept
    return sorted(found.union(kept))


def openers(features: PageFeatures, kept: list[int]) -> Iterator[int]:
    """Yield the blocks right above a kept one, not kept, that open it."""
    last = kept[0] if kept else 0
    for index in kept:
        if index - last > 1 and opens_next(features, index - 1):
            yield index - 1
        last = index


def opens_next(features: PageFeatures, index: int) -> bool:
    """Return whether a block is a button, or called one of an accordion, in an element of its own with the next block."""
    page = features.page
    if (
        features.words[index] > MOST_WORDS
        or features.words[index + 1] < LEAST_WORDS
        or _PLAYS.search(page.texts[index])
    ):
        return False
    element = page.owners[index]
    called = page.tags[element] == "button"
    for _ in range(LEVELS):
        if element < 0 or page.starts[element] != index:
            return False
        called = called or _CALLED.search(page.names[element]) is not None
        if page.ends[element] > index + 1:
            return called
        element = page.parents[element]
    return False
