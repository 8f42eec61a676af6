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
#: The first two letters of such a tag's name; the letters that are one by themselves; and the least byte that is a small letter.
_FORMATS = np.array(
    [256 * first + second for first, second in (b"bi", b"co", b"em", b"fo", b"no", b"sm", b"st", b"tt")]
)
_LETTERS, _SMALL = np.frombuffer(b"bisu", dtype=np.uint8), ord("a")
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
    blocks = tags - int(np.count_nonzero(begins[:-1] & (signs[1:] == ord("/"))))
    if blocks * blocks // 4 <= MAX_REOPENED or blocks * most_formats(signs, begins) <= MAX_REOPENED:
        return 0
    formats: dict[bytes, set[bytes]] = {}
    running: dict[bytes, int] = {}
    most: dict[bytes, int] = {}
    for closing, name, attributes in _FORMAT.findall(html):
        kind = name.lower()
        if closing:
            running[kind] = max(0, running.get(kind, 0) - 1)
        else:
            blocks -= 1
            formats.setdefault(kind, set()).add(attributes)
            running[kind] = running.get(kind, 0) + 1
            most[kind] = max(most.get(kind, 0), running[kind])
    return blocks * sum(min(SAME_OPEN * len(formats[kind]), count) for kind, count in most.items())


def most_formats(signs: NDArray[np.uint8], begins: NDArray[np.bool_]) -> int:
    """Return how many formats begin at most, by the first two letters of each tag: far quicker than to read them all.

    `signs`: a page's bytes; `begins`: which of them begin a tag.
    """
    at = np.flatnonzero(begins[:-2])
    # in small letters; no other sign becomes one
    first, second = signs[at + 1] | 0x20, signs[at + 2] | 0x20
    alone = np.isin(first, _LETTERS) & ((second < _SMALL) | (second > ord("z")))
    named = np.isin(first.astype(np.int64) << 8 | second, _FORMATS)
    return int(np.count_nonzero(alone | named)) + 2
