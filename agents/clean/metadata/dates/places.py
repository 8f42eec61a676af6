"""Places on a page whose dates are not the article's: items of lists of other articles, quotations, captions of pictures."""

import re

from selectolax.lexbor import LexborNode

from agents.clean.page.blocks import Page
from agents.clean.page.corrections.slides import is_caption
from agents.clean.page.places import HEADINGS, own_text
from agents.clean.page.vocabulary import NAMES_READ

#: Blocks of an article's item in a list.
MAX_ITEM = 12
#: Elements around one that are looked at.
MAX_AROUND = 12
#: Class names of a picture and of its credit.
_PICTURE = re.compile(r"(?i)(?:^|[\s_-])(?:photos?|credits?)(?:[_-]?text)?(?:$|\s)")
#: Names of elements with what readers say of a thing.
_OPINION = re.compile(r"(?i)(?:^|[\s_-])(?:reviews?|testimonials?|ratings?)(?:$|\s)")
#: Fewest letters of the link in a teaser of another article.
TEASER = 20
#: Most characters of a teaser.
MAX_TEASER = 300
#: Tags of words from elsewhere, and of the words on a picture.
_QUOTED = ("blockquote", "figcaption")


def in_list(page: Page, at: int, heading: int) -> bool:
    """Return whether a block stands in an item of a list that has a heading of its own, as other articles have."""
    item = next((element for element in page.around(at, heading) if page.tags[element] == "li"), -1)
    owners = page.owners[page.starts[item] : page.ends[item]] if item >= 0 else []
    return len(owners) <= MAX_ITEM and any(page.ancestors[owner] & HEADINGS for owner in owners)


def is_quoted(page: Page, at: int, heading: int) -> bool:
    """Return whether a block stands in a quotation or a reader's opinion, or is a picture's caption or the teaser above a title.

    An element that holds the title too (`heading`, its block) is the article's.
    """
    if at < heading and at < len(page.link_chars) and page.link_chars[at] >= TEASER:
        return True
    for level, element in enumerate(page.around(at, heading)):
        name = page.names[element]
        if page.tags[element] in _QUOTED or _OPINION.search(name):
            return True
        # A caption's name is its own element's, or the next one's.
        if level < 2 and (is_caption(name[:NAMES_READ]) or (_PICTURE.search(name) and not is_byline(page, element))):
            return True
    return False


def is_byline(page: Page, element: int) -> bool:
    """Return whether an element called credits, not photos, is that of the authors: one of them is marked in it."""
    if "photo" in page.names[element].lower():
        return False
    start, end = page.starts[element], page.ends[element]
    return any(start <= at < end for _, at in page.bylines)


def in_quotation(node: LexborNode) -> bool:
    """Return whether an element stands in a quotation."""
    above = node.parent
    for _ in range(MAX_AROUND):
        if above is None:
            return False
        if above.tag == "blockquote":
            return True
        above = above.parent
    return False


def in_teaser(node: LexborNode) -> bool:
    """Return whether an element stands in a short one beside the link to another article."""
    above = node.parent
    text = own_text(above, MAX_TEASER) if above is not None else ""
    link = above.css_first("a") if above is not None and text else None
    return link is not None and len(link.text(strip=True)) >= TEASER


def in_caption(page: Page, at: int) -> bool:
    """Return whether a block is a picture's caption, by its tag or its name."""
    element = page.owners[at]
    return page.tags[element] == "figcaption" or is_caption(page.names[element][:NAMES_READ])
