"""The first paragraph of a report that stands apart from the others: with the title, above byline and picture.

In many languages papers have a name for it, and it tells what the text below does not repeat. An English deck is another
kind of line: it advertises the text, and true texts leave it out (see slides.is_deck).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from agents.clean.page.blocks import Page
from agents.clean.page.corrections.slides import is_caption
from agents.clean.page.features import PageFeatures
from agents.clean.page.labels import is_invitation
from agents.clean.page.places import ELSEWHERE
from agents.clean.page.vocabulary import NAMES_READ, words

#: Most blocks between the title and the text in which a lead is looked for.
ABOVE_TEXT = 20
#: Most blocks of the lead's element.
LEAD_BLOCKS = 4
#: Most elements from a block up to it.
LEVELS = 3
#: Characters of a lead's beginning that the text may repeat.
BEGINNING = 40
_LEAD_PARTS = words(
    """
    anons bajada bevezet catenaccio chapeau chapo chapô copete entradilla ingress inleiding lead lede manchet perex sapo sommario
    sottotitolo spot vorspann zajawka
    """
)
_LEAD = re.compile(
    rf"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))(?i:{'|'.join(sorted(_LEAD_PARTS))})(?:(?![a-z])|(?i:[oői])(?![a-z]))"
)
#: Names of other things at the head of an article, by the same words: a leading picture, a story that leads a page, a spot.
_OTHER = re.compile(r"(?i)\bads?[_-]|advert|gen\b|generation|image|img|media|photo|video|lead[_-]?stor|form\b")


def with_lead(features: PageFeatures, kept: list[int], chosen: list[int]) -> list[int]:
    """Return the kept blocks and the sentences of a lead above them, unless the text begins with the same words.

    `chosen`: the blocks before any correction; one that a correction has left out stays out.
    """
    text = next((index for index in kept if index > features.title_block and features.good[index] > 0), 0)
    first = max(features.title_block + 1, text - ABOVE_TEXT)
    found = set(leads(features, range(first, text))).difference(kept, chosen)
    if not found:
        return kept
    texts = features.page.texts
    told = {texts[index][:BEGINNING] for index in kept}
    return sorted([*kept, *(index for index in found if texts[index][:BEGINNING] not in told)])


def leads(features: PageFeatures, blocks: range) -> Iterator[int]:
    """Yield the blocks that are sentences of a lead."""
    page = features.page
    for index in blocks:
        if features.good[index] > 0 and not features.captioned[index] and not page.texts[index].endswith(("…", "...")):
            elsewhere = page.masks[page.owners[index]] & ELSEWHERE
            if stands_in_lead(page, index) and not (elsewhere or is_invitation(page.texts[index])):
                yield index


def stands_in_lead(page: Page, index: int) -> bool:
    """Return whether a block's element, or a small one around it, is called a lead."""
    element = page.owners[index]
    for _ in range(LEVELS):
        if element < 0 or page.ends[element] - page.starts[element] > LEAD_BLOCKS:
            return False
        if is_lead(page.names[element][:NAMES_READ]):
            return True
        element = page.parents[element]
    return False


@lru_cache(2048)
def is_lead(names: str) -> bool:
    """Return whether a class names the first paragraph of a report."""
    low = names.lower()
    if not any(part in low for part in _LEAD_PARTS):
        return False
    return any(_LEAD.search(name) and not _OTHER.search(name) for name in names.split()) and not is_caption(names)
