"""Pages whose elements nest so deep, or are opened anew so often, that a parser would take long: refused before one sees them."""

import re

import numpy as np
from numpy.typing import NDArray

from streams.errors import Refused

#: Nesting beyond this is no page but an attack: the deepest of 883 development pages has 290 levels. Parsers are safe well
#: above it (lexbor and our walk do not recurse), but their time grows with its square: half a second at 20,000.
MAX_DEPTH = 10_000
#: The elements that are open at each tag of a page, all together: at 450 million the parser took half a second.
MAX_OPEN = 150_000_000
#: Elements that a parser opens anew, at most: 2,000 `<font>` that a page never closes stand once more in each paragraph. Of 883
#: development pages the worst has 39,080.
MAX_REOPENED = 1_000_000
#: Any tag, and those that no end tag need close.
_TAG = re.compile(rb"<(/?)([a-zA-Z][^\s/<>]*+)[^<>]*?(/?)>")
_VOID = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li td tr th dt dd option".split()
)
#: Tags that a parser opens anew behind each block that ends without them; `a` stays open once at most.
_FORMAT = re.compile(rb"<(/?)(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])([^<>]*+)", re.IGNORECASE)
#: Whether the first two letters of a tag, which are the indices, may be those of such a one: these pairs, or one letter alone.
_FORMATS = np.zeros((256, 256), dtype=np.bool_)
_FORMATS[list(b"bisu"), : ord("a")] = _FORMATS[list(b"bisu"), ord("z") + 1 :] = True
_FORMATS[list(b"bcefnsst"), list(b"iomoomtt")] = True
#: Those of the same attributes that stay open together (HTML Standard, the list of active formatting elements).
SAME_OPEN = 3


def check_depth(html: bytes) -> None:
    """Raise `Refused("too_deep")` for a page nested deeper than `MAX_DEPTH`, before any parser sees it.

    So is one of formatting elements that are never closed, each of which is opened anew in each block (`MAX_REOPENED`).
    Counts tags in one pass, only on pages that hold enough tags to be that deep. At a tag a parser may look through all elements
    that are open: their sum over the tags is bounded too (`MAX_OPEN`).
    """
    begins = np.frombuffer(html, dtype=np.uint8) == ord("<")
    tags = int(np.count_nonzero(begins))
    if tags * tags // 4 <= MAX_REOPENED:  # so few that neither bound is near
        return
    if (anew := reopened(html, begins, tags)) > MAX_REOPENED:
        raise Refused("too_deep", f"the page would open {anew:,} elements for formats that it never closes")
    if tags <= MAX_DEPTH:
        return
    depth = opened = 0
    for closing, name, selfclosed in _TAG.findall(html):
        opened += depth
        if opened > MAX_OPEN:
            raise Refused(
                "too_deep", f"the page has too many tags ({MAX_OPEN:,} with all that are open at each) so deep"
            )
        if name.lower() in _VOID or selfclosed:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > MAX_DEPTH:
            raise Refused("too_deep", f"the page nests its elements more than {MAX_DEPTH:,} levels deep")


def reopened(html: bytes, begins: NDArray[np.bool_], tags: int) -> int:
    """Return how many elements a parser opens anew at most: the formats that may be open at once, in each other element.

    No end tag is believed to end one, for in a cell or a comment it does not. An end tag and a format open no block. A page of
    few tags or formats is not read: they come to `MAX_REOPENED` at most, whichever they are.
    `begins`: which bytes begin a tag; `tags`: how many.
    """
    signs = np.frombuffer(html, dtype=np.uint8)
    at = np.flatnonzero(begins)
    end_tags = signs.take(at + 1, mode="clip") == ord("/")
    blocks = tags - int(np.count_nonzero(end_tags))
    if blocks * blocks // 4 <= MAX_REOPENED:
        return 0
    formats = may_be_formats(signs, at + end_tags)
    if blocks * int(np.count_nonzero(formats & ~end_tags)) <= MAX_REOPENED:
        return 0
    attributes_of: dict[bytes, set[bytes]] = {}
    running: dict[bytes, int] = {}
    most: dict[bytes, int] = {}
    for place in at[formats].tolist():
        found = _FORMAT.match(html, place)
        if found is None:
            continue
        closing, name, attributes = found.groups()
        kind = name.lower()
        if closing:
            running[kind] = max(0, running.get(kind, 0) - 1)
        else:
            blocks -= 1
            attributes_of.setdefault(kind, set()).add(attributes)
            running[kind] = running.get(kind, 0) + 1
            most[kind] = max(most.get(kind, 0), running[kind])
    return blocks * sum(min(SAME_OPEN * len(attributes_of[kind]), count) for kind, count in most.items())


def may_be_formats(signs: NDArray[np.uint8], before: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which tags may be formats, by the first two letters of each: far quicker than to read them all.

    `signs`: a page's bytes; `before`: where the character before each name stands. A name that the page cuts off is none.
    """
    # in small letters; no other character becomes one
    first, second = (signs.take(before + ahead, mode="clip") | 0x20 for ahead in (1, 2))
    found: NDArray[np.bool_] = _FORMATS[first, second]
    return found
