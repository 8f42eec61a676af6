"""Slide shows and captions by the names of their elements."""

import re
from functools import lru_cache

from agents.clean.page.blocks import Page
from agents.clean.page.vocabulary import NAMES_READ

#: Elements above a block in which a slide show is looked for: pages may nest thousands.
LEVELS = 12
#: Class names of slide shows and galleries, in the larger languages.
_SLIDES = re.compile(
    r"(?i)slide-?show|slides\b|carousel|gallery|galerie|galeria|galería|fotostrecke|diaporama|swiper|slick-|photo-?list"
)
#: A part of each of these names, by which most others are told at once.
_SLIDE_PARTS = ("slide", "carousel", "galler", "galer", "fotostrecke", "diaporama", "swiper", "slick-", "photo")
_CAPTION_PARTS = ("cap", "bild", "leg", "lég", "pie", "didascalia", "desc")
_CAPTION = re.compile(
    r"(?i)caption|(?<!drop-)(?<!initial-)\bcap\b|bildtext|bildunterschrift|legende|légende|pie-?de-?foto|legenda|didascalia|(?:img|photo|media)_{1,2}desc"
)
_DECK_PARTS = ("first", "deck", "dek", "strap")
_DECK = re.compile(r"(?i)stand-?first|\bdec?k\b|strap-?line")


class SlideShows:
    """Tells how many levels above an element a slide show is; the answers for the elements above are kept.

    An element with the article's title (`title`, its block) is none, whatever it is called: the article is in it.
    """

    def __init__(self, page: Page, title: int) -> None:
        self.page = page
        self.title = title
        self._levels: dict[int, int] = {-1: LEVELS}

    def level(self, element: int) -> int:
        """Return the levels from an element up to a slide show, 0 where it is one itself, many where there is none."""
        path, levels, names = [], self._levels, self.page.names
        while element not in levels:
            path.append(element)
            element = self.page.parents[element]
        level = levels[element]
        for below in reversed(path):
            name = names[below]
            named = name and is_slides(name[:NAMES_READ]) and self.title not in self.page.blocks(below)
            level = 0 if named else level + 1
            levels[below] = level
        return level


@lru_cache(2048)
def is_slides(names: str) -> bool:
    """Return whether a class names a slide show or a gallery."""
    low = names.lower()
    return any(part in low for part in _SLIDE_PARTS) and _SLIDES.search(names) is not None


@lru_cache(2048)
def is_deck(names: str) -> bool:
    """Return whether a class names the line between an article's title and its text."""
    low = names.lower()
    return any(part in low for part in _DECK_PARTS) and _DECK.search(names) is not None


@lru_cache(2048)
def is_caption(names: str) -> bool:
    """Return whether a class names a caption."""
    low = names.lower()
    return any(part in low for part in _CAPTION_PARTS) and _CAPTION.search(names) is not None
