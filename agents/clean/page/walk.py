"""A page as a list of text blocks, each with its place in the tree.

One walk over the parsed tree (lexbor) that is iterative, so that depth costs no stack. A block is a run of inline text
between two block-level boundaries: a paragraph, a heading, a list item, a cell, a caption, a button. Two line breaks in
a row end a block too, since many old templates know no paragraphs.
"""

import re
from bisect import bisect_right
from collections import defaultdict

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from agents.clean.page.blocks import BlockRow, ElementRow, Page
from agents.clean.page.depth import check_depth
from agents.clean.page.menus import NAV, Menus
from agents.clean.page.unshown import open_shadows
from agents.clean.page.vocabulary import INVISIBLE, PART_BIT, PLACE_BIT, masks, words
from streams.errors import Refused
from streams.text.html_attributes import end_crowded

#: Elements beyond this are not entered: far more than the largest development page holds (2,463 blocks of markup).
MAX_NODES = 100_000
#: Pages of more blocks lose their bare links: on 883 development pages the median is 121 blocks, the largest 1,486.
MANY_BLOCKS = 2_000
MAX_BLOCKS = 6_000
#: A link that stands alone has fewer words.
LINK_WORDS = 12
#: Smallest share of link in the characters of a block that leads elsewhere.
LINK_SHARE = 0.9
#: Fewest characters of a paragraph that is a link as a whole.
LONG_LINK_CHARS = 80
#: Smallest share of link in it.
WHOLLY_LINKED = 0.9
#: Fewest such paragraphs with the same link.
LONG_LINKS = 3
#: Stands for the address of a link without one: a place that others lead to.
PLACE = ""

#: Never article text (`nav`: a quarter of all blocks, 0.3% of article words on the development pages).
SKIPPED = words(
    """
    script style nav noscript template iframe svg canvas object embed head select option datalist textarea input img
    picture source track map area audio video param link meta base title frameset frame noframes math-annotation
    dialog rp rt rtc
    """
)
#: Types of fields that ask for words or a choice; lists to tick off are text.
WRITTEN = frozenset((None, "text", "email", "tel", "radio"))
#: Elements that show a picture or a film.
PICTURES = frozenset(("img", "picture", "video", "iframe", "svg", "amp-img", "object", "embed"))
INLINE = words(
    """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark nobr q ruby s samp small span
    strike strong sub sup time tt u var wbr output label amp-img math mi mo mn mrow msup
    """
)
BREAK = "\ue000"
BOLD = frozenset(("b", "strong"))
#: A footer is skipped unless it is the article's own.
ARTICLE = PLACE_BIT["article"] | PLACE_BIT["main"]
AUTHOR, DATE = PART_BIT["author"], PART_BIT["date"]
MARKED = AUTHOR | DATE
CAPTION = PART_BIT["caption"]
#: Elements called author or date that are kept to look at.
MAX_MARKED = 60
#: Elements that templates draw icons with; that of a user stands before an author's name.
ICONS = frozenset(["i", "span"])

_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
#: The kinds of nodes, for the walk; what is not named here is a block.
_BLOCK, _INLINE, _TEXT, _LINE_BREAK, _PICTURE, _FIELD, _SKIPPED = range(7)
_KINDS = (
    dict.fromkeys(INLINE, _INLINE)
    | dict.fromkeys(SKIPPED, _SKIPPED)
    | dict.fromkeys(SKIPPED & PICTURES, _PICTURE)
    | {"br": _LINE_BREAK, "input": _FIELD, "textarea": _FIELD}
    | dict.fromkeys(("-", "-comment", "-doctype", "-document", "!doctype", "!--"), _SKIPPED)
)
#: The parser's numbers of tags that HTML knows are below this; others get one for each page.
KNOWN_TAGS = 1_000
#: The parser's number of a text (`LXB_TAG__TEXT`).
TEXT_NODE = 2
_known_tags: dict[int, tuple[str, int, int]] = {}
#: Attributes beside class and id that say anything about an element.
_TELLING = frozenset(("role", "style", "hidden", "aria-hidden", "itemprop", "rel", "property"))


def parse(html: bytes) -> LexborHTMLParser:
    """Parse a page from UTF-8, as with scripts on: the content of `noscript` is no part of it.

    Also HTML within a script's data; of no tag more attributes are read than any page has.
    """
    return LexborHTMLParser(end_crowded(html), options=LexborDocumentOptions.WO_EVENTS, scripting=True)


def texts_within(html: str) -> list[str]:
    """Return the blocks' texts of HTML in a script's data, which escapes it, but for those that are links.

    None where a page of it would be refused.
    """
    data = html.encode("utf-8", "replace")
    try:
        check_depth(data)
    except Refused:
        return []
    page = read(parse(open_shadows(data) if b"shadowroot" in data else data))
    rows = zip(page.texts, page.link_chars, strict=True)
    return [text for text, links in rows if links < LINK_SHARE * len(text)]


class Walk:
    """One walk over a tree, filling a `Page`."""

    def __init__(self, page: Page, menus: Menus | None) -> None:
        self.page = page
        self.menus = menus
        self.blocks: list[BlockRow] = []
        self.elements: list[ElementRow] = []
        #: The address of each link, with the number of blocks before it.
        self.anchors: list[tuple[str, int]] = []

    def describe(self, node: LexborNode, tag: str, attributes: dict[str, str | None], mask: int) -> int:
        """Return the parts that an element stands for by its attributes; note bylines and dates.

        `mask`: what it stands for by its tag, class and id.
        """
        if role := attributes.get("role"):
            mask |= masks[role]
        if (
            "hidden" in attributes
            or attributes.get("aria-hidden") == "true"
            or ((style := attributes.get("style")) and _HIDING.search(style))
        ):
            mask |= INVISIBLE
        kind = f"{attributes.get('itemprop')} {attributes.get('rel')} {attributes.get('property')}"
        if (mask & AUTHOR or "author" in kind) and len(self.page.bylines) < MAX_MARKED:
            self.page.bylines.append((node, len(self.blocks)))
        if (mask & DATE or tag == "time" or "date" in kind) and len(self.page.times) < MAX_MARKED:
            self.page.times.append((node, len(self.blocks)))
        return mask

    def run(self, root: LexborNode) -> None:
        """Walk over everything below `root`.

        One loop over local variables, without a method for each kind of node: a page has thousands of nodes, most of them
        cost a comparison or two, and a call for each would cost more than that. A method for the attributes alone, ten lines,
        took 2.5 % more of its time on 62 development pages.
        """
        page, blocks, elements = self.page, self.blocks, self.elements
        ends, pictures, anchors, targets = page.ends, page.pictures, self.anchors, page.targets
        known_tags, describe, menus, says_nothing = _known_tags, self.describe, self.menus, _TELLING.isdisjoint
        buffer: list[str] = []
        stack: list[tuple[LexborNode, str, int, int, bool]] = []
        node, budget = root, MAX_NODES
        tag, element, ancestors, place = "", -1, 0, 0
        links = bolds = preformatted = link_chars = bold_chars = inline = 0
        broken = False
        while True:
            number = node.tag_id
            if number == TEXT_NODE:
                # Half of all nodes: no tag is looked up for them.
                kind = _TEXT
            else:
                tag, kind, place = known_tags.get(number) or tag_of(node)
            if kind == _TEXT:
                text = node.text_content or ""
                if not text.isspace():
                    if preformatted:
                        text = text.replace("\n", BREAK)
                    buffer.append(text)
                    broken = False
                    if links:
                        link_chars += len(text.strip())
                    if bolds:
                        bold_chars += len(text.strip())
                elif buffer:
                    buffer.append(" ")
            elif kind <= _INLINE:
                child = None
                if budget > 0 and (tag != "footer" or ancestors & ARTICLE):
                    child = node.first_child
                budget -= 1
                flush = kind == _BLOCK
                if flush:
                    if buffer:
                        blocks.append((finish(buffer), element, link_chars, bold_chars, inline))
                        buffer.clear()
                    link_chars = bold_chars = inline = 0
                if child is not None:
                    attributes = node.attributes
                    mask, names = place, ""
                    if attributes:
                        names = attributes.get("class") or ""
                        if names:
                            mask |= masks[names]
                        if identity := attributes.get("id"):
                            mask |= masks[identity]
                            targets[identity] = len(blocks)
                        if mask & MARKED or tag == "time" or not says_nothing(attributes):
                            mask = describe(node, tag, attributes, mask)
                    if mask & NAV and flush and tag != "body" and menus is not None and menus.holds(node):
                        child = None
                    if not flush and mask & CAPTION and tag == "em" and ends_text(buffer):
                        # A portal sets captions so within its paragraphs, and nothing but the element ends them.
                        flush = True
                        if buffer:
                            blocks.append((finish(buffer), element, link_chars, bold_chars, inline))
                            buffer.clear()
                        link_chars = bold_chars = inline = 0
                if child is not None:
                    stack.append((node, tag, element, ancestors, flush))
                    if flush:
                        if tag == "body":
                            mask &= INVISIBLE
                        elif tag == "pre":
                            preformatted += 1
                        ancestors |= mask
                        elements.append((element, tag, mask, ancestors, len(stack), len(blocks), names))
                        element = len(elements) - 1
                        ends.append(0)
                    else:
                        inline |= mask
                        if tag == "a":
                            links += 1
                            anchors.append((attributes.get("href") or PLACE, len(blocks)))
                        elif tag in BOLD:
                            bolds += 1
                    node = child
                    continue
                if tag == "time":
                    attributes = node.attributes
                    describe(
                        node, tag, attributes, masks[f"{attributes.get('class') or ''} {attributes.get('id') or ''}"]
                    )
                elif tag in ICONS and "user" in (node.attributes.get("class") or "") and len(page.bylines) < MAX_MARKED:
                    page.bylines.append((node, len(blocks)))
            elif kind == _LINE_BREAK:
                if broken:
                    if buffer:
                        blocks.append((finish(buffer), element, link_chars, bold_chars, inline))
                        buffer.clear()
                    link_chars = bold_chars = inline = 0
                elif buffer:
                    buffer.append(BREAK)
                broken = not broken
            elif kind == _PICTURE:
                pictures.append(element)
            elif kind == _FIELD and node.attributes.get("type") in WRITTEN:
                page.fields.append(element)
            while stack:
                following = node.next
                if following is not None:
                    node = following
                    break
                node, tag, parent, above, flush = stack.pop()
                if not flush:
                    if tag == "a":
                        links -= 1
                    elif tag in BOLD:
                        bolds -= 1
                    continue
                if buffer:
                    blocks.append((finish(buffer), element, link_chars, bold_chars, inline))
                    buffer.clear()
                link_chars = bold_chars = inline = 0
                if tag == "pre":
                    preformatted -= 1
                ends[element] = len(blocks)
                element, ancestors = parent, above
            else:
                page.fill(blocks, elements)
                return


def tag_of(node: LexborNode) -> tuple[str, int, int]:
    """Return a node's tag, kind and bit of a place; remember them by the parser's number of the tag: it is quicker."""
    tag = node.tag or "-"
    found = tag, _KINDS.get(tag, _BLOCK), PLACE_BIT.get(tag, 0)
    if node.tag_id < KNOWN_TAGS:
        _known_tags[node.tag_id] = found
    return found


def finish(buffer: list[str]) -> str:
    """Return the text of a block: runs of spaces are one, lines are stripped."""
    text = " ".join("".join(buffer).split())
    if BREAK in text:
        text = "\n".join(line for line in map(str.strip, text.split(BREAK)) if line)
    return text or "\n"


def ends_text(buffer: list[str]) -> bool:
    """Return whether a block's text so far is none, or ends with punctuation: within a sentence an element is a word of it."""
    return not (text := "".join(buffer).rstrip()) or not (text[-1].isalnum() or text[-1] == ",")


def unlink(page: Page, anchors: list[tuple[str, int]]) -> None:
    """Take the link from paragraphs that are one link together: its end is missing, or it leads to the whole article.

    Places that links lead to (`<a name="top">`) are often left open. `anchors`: the address of each link, with the number
    of blocks before it, in order.
    """
    linked = [
        index
        for index, chars in enumerate(page.link_chars)
        if chars >= LONG_LINK_CHARS and chars >= WHOLLY_LINKED * len(page.texts[index])
    ]
    if len(linked) < LONG_LINKS:
        return
    begins = [before for _, before in anchors]
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for index in linked:
        blocks[anchors[bisect_right(begins, index) - 1][0]].append(index)
    for address, found in blocks.items():
        if len(found) >= LONG_LINKS and not address.startswith(("#", "javascript:")):
            for index in found:
                page.link_chars[index] = 0


def is_link(text: str, link_chars: int) -> bool:
    """Return whether a block is a short link and nothing else."""
    return link_chars >= LINK_SHARE * len(text) and text.count(" ") < LINK_WORDS


def thin(page: Page) -> None:
    """Drop the bare links of a page of very many blocks, and then all beyond `MAX_BLOCKS`."""
    if len(page.texts) > MANY_BLOCKS:
        blocks = enumerate(zip(page.texts, page.link_chars, strict=True))
        page.keep([index for index, (text, links) in blocks if not is_link(text, links)][:MAX_BLOCKS])


def read(tree: LexborHTMLParser, *, menus: bool = False) -> Page:
    """Return the blocks of a parsed page, without those of menus unless they are asked for or are all that it has."""
    page = Page()
    root = tree.body or tree.root
    if root is not None and root.first_child is not None:
        named = None if menus else Menus()
        walk = Walk(page, named)
        walk.run(root)
        if not page.texts and named is not None and named.found:
            return read(tree, menus=True)
        page.anchors = walk.anchors
        unlink(page, walk.anchors)
        thin(page)
    return page
