"""Cards: short elements that present other articles, each below a headline that is a link."""

import re

from agents.clean.page.blocks import Page
from agents.clean.page.features import HEADINGS, WHOLE, PageFeatures

#: Elements from a block up to its card.
CARD_LEVELS = 4
#: Most words of a card.
CARD_WORDS = 80
#: Fewest words of a headline.
HEADLINE_WORDS = 3
#: Smallest share of link in a headline.
HEADLINE_LINKS = 0.9
#: Most words above a headline.
KICKER_WORDS = 3
#: An element's parent, tag and class.
Kind = tuple[int, str, str]

_DIGITS = re.compile(r"\d+")


def card_of(features: PageFeatures, index: int, known: dict[int, bool]) -> int:
    """Return the element that a block with few links stands in below a headline that is a link, -1 where there is none.

    It has a class, or the headline is a heading. `known`: which elements are cards, which is filled in.
    """
    page, element = features.page, features.page.owners[index]
    for _ in range(CARD_LEVELS):
        if element < 0 or page.tags[element] in WHOLE:
            return -1
        first = page.starts[element]
        if first < index and (page.names[element] or features.tags[first] in HEADINGS):
            if element not in known:
                known[element] = is_card(features, element)
            return element if known[element] else -1
        element = page.parents[element]
    return -1


def whole_card(page: Page, element: int) -> int:
    """Return the outermost element with the same blocks: beside it stand the cards that are like it."""
    blocks, above = page.blocks(element), page.parents[element]
    while above >= 0 and page.blocks(above) == blocks:
        element, above = above, page.parents[above]
    return element


def headline_of(features: PageFeatures, element: int) -> int:
    """Return the block of a card's headline: the first, or the second where a word or two stand above it."""
    first = features.page.starts[element]
    return first + bool(features.links[first] < HEADLINE_LINKS and features.words[first] <= KICKER_WORDS)


def is_card(features: PageFeatures, element: int) -> bool:
    """Return whether an element is short and begins with a headline that is a link."""
    first, end = features.page.starts[element], features.page.ends[element]
    headline = headline_of(features, element) if end - first > 1 else end
    return bool(
        end - headline > 1
        and features.links[headline] >= HEADLINE_LINKS
        and features.words[headline] >= HEADLINE_WORDS
        and float(features.words[first:end].sum()) <= CARD_WORDS
    )


def kind_of(page: Page, element: int) -> Kind:
    """Return the key that similar elements beside each other share."""
    return page.parents[element], page.tags[element], page.names[element]


def numbered(page: Page, element: int) -> Kind:
    """Return the kind of an element without the numbers that a template gives to names."""
    return page.parents[element], page.tags[element], _DIGITS.sub("", page.names[element])
