"""Boxes within an article that its readers are offered to skip: a link to the box's end begins it.

Broadcasters set podcasts, lists of what is read most and posts of networks among the paragraphs so, in all their languages:
"Skip podcast promotion and continue reading", and at the end "End of podcast promotion".
"""

import re
from collections.abc import Iterator

from agents.clean.page.features import HEADINGS, WHOLE, PageFeatures
from agents.clean.text.words import normal

#: The end of a box, in its id; a table of contents leads to other ids.
_END = re.compile(r"(?i)\b(?:end|after|skip)(?![a-z])")
#: Share of the link in the block that offers to skip, at least: a label may stand before it.
ALL_LINK = 0.5
#: Most blocks of a box.
BOX_BLOCKS = 16
#: Most words of a box.
BOX_WORDS = 200
#: Most blocks of a box above the link.
ABOVE = 2
#: Most characters of the line at its end.
END_CHARS = 120
#: The addresses within a page at which Ghost opens its forms to subscribe, and words of a block with such a link, at most.
_FORMS, FORM_WORDS = "#/portal/", 40


def skipped(features: PageFeatures, kept: list[int]) -> Iterator[int]:
    """Yield the blocks of boxes that may be skipped, among them such as are not kept."""
    page = features.page
    # A block may have thousands of links to the same place.
    within = {(address, index) for address, index in page.anchors if address[:1] == "#" and index < kept[-1]}
    offers = {(index, page.targets.get(address[1:], -1)) for address, index in within if _END.search(address)}
    for index, end in sorted(offers):
        yield from box(features, index, end)
    # A paragraph that is long may have such a link at its end.
    yield from sorted(
        index
        for address, index in within
        if address.startswith(_FORMS) and features.words[index] <= FORM_WORDS and features.tags[index] not in HEADINGS
    )


def box(features: PageFeatures, index: int, end: int) -> range:
    """Return the blocks of a small box, from the block with the link that skips it to the line that ends it; none for others.

    A table of contents leads to headings, a note to a sentence.
    """
    page = features.page
    if not index < end < features.count or end - index > BOX_BLOCKS or features.links[index] < ALL_LINK:
        return range(0)
    line = page.texts[end]
    if (
        features.tags[end] in HEADINGS
        or features.good[end] > 0
        or len(line) > END_CHARS
        or features.links[end] >= ALL_LINK
        or normal(line) == normal(page.texts[index])
    ):
        return range(0)
    first, element = index, page.owners[index]
    while (
        element >= 0
        and page.tags[element] not in WHOLE
        and not page.starts[element] <= features.title_block < page.ends[element]
    ):
        # A heading above the link is within the element that ends where the box does.
        if page.ends[element] > end + 1:
            break
        first = page.starts[element]
        element = page.parents[element]
    first = first if first >= index - ABOVE else index
    words = float(features.words[first : end + 1].sum())
    return range(first, end + 1) if words <= BOX_WORDS else range(0)
