"""Places on a page: its headings, and the parts beside and below the article."""

from collections.abc import Iterator
from enum import IntEnum

from selectolax.lexbor import LexborNode

from agents.clean.page.blocks import Page
from agents.clean.page.vocabulary import PART_BIT, PLACE_BIT, masks
from agents.clean.text.words import normal

_OTHER = PART_BIT["related"] | PART_BIT["comment"]
_ASIDE = PLACE_BIT["aside"] | PART_BIT["sidebar"]
_FOOTER = PLACE_BIT["footer"] | PART_BIT["footer"]
ELSEWHERE = _OTHER | _ASIDE | _FOOTER
HEADINGS = PLACE_BIT["h1"] | PLACE_BIT["h2"] | PLACE_BIT["h3"] | PLACE_BIT["h4"]
#: Share of words that a heading and the title have in common, at least, where they are the same one.
SAME_TITLE = 0.6
MAX_TITLE = 300
#: Lines of a block among which the title stands: old pages have a date above it and a byline below, and no elements.
HEAD_LINES = 6
#: Most texts that are too long are so in their beginning, of so many times as many characters.
BEGINNING = 4


class Setting(IntEnum):
    """The part of a page that a block belongs to: article, its own footer, sidebar, the site's footer, or another article."""

    INSIDE = 0
    FOOTER = 1
    ASIDE = 2
    SITE = 3
    OTHER = 4


def heading_blocks(page: Page) -> list[int]:
    """Return the blocks that are h1 headings, or stand in one, outside related articles and comments."""
    if page.headings is None:
        bit, ancestors = PLACE_BIT["h1"], page.ancestors
        blocks = [index for index, owner in enumerate(page.owners) if ancestors[owner] & bit]
        inside = [index for index in blocks if not ancestors[page.owners[index]] & ELSEWHERE]
        page.headings = (inside or blocks)[:5]
    return page.headings


def first_heading(page: Page, *, without: int = -1) -> int:
    """Return the first of a page's headings (`heading_blocks`), or the number for a page `without` one."""
    return next(iter(heading_blocks(page)), without)


def title_block(page: Page, title: str) -> int:
    """Return the block that shows the title, -1 if none does: a heading that has its words, else the first h1."""
    headings = heading_blocks(page)
    words = set(normal(title).split())
    if words:
        for index in headings:
            if _alike(words, page.texts[index]):
                return index
        for index, owner in enumerate(page.owners):
            if page.ancestors[owner] & HEADINGS and _alike(words, page.texts[index]):
                return index
        if not headings:
            for index, text in enumerate(page.texts):
                if any(_alike(words, line) for line in text[: 2 * MAX_TITLE].split("\n")[:HEAD_LINES]):
                    return index
    return next(iter(headings), -1)


def head_lines(page: Page) -> Iterator[str]:
    """Yield the first lines of each block."""
    for text in page.texts:
        yield from text[: 2 * MAX_TITLE].split("\n")[:HEAD_LINES]


def mark_heading(page: Page, title: str) -> None:
    """Take the block that shows the title for the heading of a page that has no h1, as old pages have none."""
    if not heading_blocks(page) and (block := title_block(page, title)) >= 0:
        page.headings = [block]


def _alike(words: set[str], text: str) -> bool:
    if len(text) > MAX_TITLE:
        return False
    others = set(normal(text).split())
    return len(words & others) >= SAME_TITLE * len(words | others)


def setting(page: Page, block: int, heading: int) -> Setting:
    """Return the part that a block belongs to. An element that holds the title too (`heading`, its block) is the article's."""
    found = Setting.INSIDE
    for element in page.around(block, heading):
        mask = page.masks[element]
        if mask & _OTHER:
            return Setting.OTHER
        if mask & _ASIDE:
            found = Setting.ASIDE
        elif mask & _FOOTER and not found:
            # Footers by tag are only walked into where they stand in an article; by class they may be either.
            found = Setting.FOOTER if page.tags[element] == "footer" or mask & PART_BIT["article"] else Setting.SITE
    return found


def own_text(node: LexborNode, most: int) -> str:
    """Return a node's text, spaces between its elements; empty where it has `most` characters or more."""
    # Templates call whole articles dated or authored, and putting their elements' texts together one by one takes long.
    whole = node.text_lexbor() or ""
    if len(whole) >= most and (letters(whole[: BEGINNING * most]) >= most or letters(whole) >= most):
        return ""
    text = " ".join(node.text(separator=" ").split())
    return text if len(text) < most else ""


def letters(text: str) -> int:
    """Return how many characters of a text are no white space."""
    return sum(map(len, text.split()))


def is_elsewhere(node: LexborNode) -> bool:
    """Return whether a node stands in a comment, a related article, a sidebar or a footer."""
    above = node.parent
    for _ in range(12):
        if above is None or above.tag in ("main", "body", "html"):
            return False
        attributes = above.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if (PLACE_BIT.get(above.tag or "", 0) | masks[names]) & ELSEWHERE:
            return True
        above = above.parent
    return False
