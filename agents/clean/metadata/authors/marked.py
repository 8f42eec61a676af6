"""Elements marked as author's, by `rel`, `itemprop`, `property` or class: their texts, and which are this article's."""

import re
from collections.abc import Container
from itertools import chain, pairwise
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from agents.clean.languages import words
from agents.clean.metadata.authors.lines import BEFORE, CLOSE, MAX_BYLINE
from agents.clean.metadata.bylines.names import UNSPACED_NAME, clean_name, may_be_name
from agents.clean.page.blocks import Page
from agents.clean.page.labels import box_headings
from agents.clean.page.places import Setting, first_heading, is_elsewhere, own_text, setting
from agents.clean.page.walk import ICONS

#: Class names of an author's name.
_CALLED_AUTHOR = re.compile(r"(?i)name|byline|auth?or|auteur|redakteur|reporter|journalist")
#: The types of an article in microdata: not a review or a comment on the page.
_ARTICLE = re.compile(r"(?:Article|Posting|Report)$")
#: Class names and marks of what is said of an author, and of whom she works for: no names. So many characters of them are read.
MAX_CLASS = 300
_SAID_OF_AUTHOR = re.compile(
    r"(?i)(?:author|byline|writer|journalist|reporter|columnist)[\w-]{0,30}?"
    r"(?:roles?|bio|biography|desc|description|job|job[_-]?title|position|designation|occupation|company|social|email)(?:$|\s)"
)
_EMPLOYER = "[class~=org], [class~=source-org], [itemprop~=worksFor], [itemprop~=affiliation], [itemprop~=jobTitle]"
_SOURCE = "[class*=sourcename], [class*=source-name]"
#: How sure a mark is: `rel` or `itemprop` say it, the class is one of authors' names, or another class.
BY_MARK, BY_NAME, BY_CLASS = range(3)
#: Most blocks from one author's element to the next one's.
BESIDE = 4
#: Most elements of a page that are read.
MAX_MARKED = 20
#: Most characters of a role below a name.
MAX_ROLE = 20
#: Most elements from a name up to its card's link.
CARD_LEVELS = 5
#: Elements within an author's, at most: more are a box of its own.
MAX_PARTS = 8


class MarkedText(NamedTuple):
    """The text of elements marked as author, beside each other, one a line. `at`: the block that the last one begins."""

    rank: int
    distance: int
    text: str
    at: int


def marked_bylines(page: Page) -> list[MarkedText]:
    """Return the texts of elements marked as author: the surest first, then the nearest to the heading."""
    start = first_heading(page, without=0)
    named: list[MarkedText] = []
    # The place in `named` of each row's last element.
    rows: dict[tuple[int, str | None], int] = {}
    marked = {at for _, at in page.bylines}
    for node, at in page.bylines:
        text = marked_text(page, node, at, start)
        if not text or is_photographer(page, at, marked) or is_in_card(node):
            continue
        row = row_of(node)
        index = rows.get(row)
        if index is not None and (joined := beside(named[index], text, at)):
            named[index] = joined
        else:
            rows[row] = len(named)
            named.append(MarkedText(mark_rank(node), abs(at - start), text, at))
    return sorted(named, key=lambda item: item[:2])[:MAX_MARKED]


def marked_text(page: Page, node: LexborNode, at: int, heading: int) -> str:
    """Return the text of an element marked as author, or beside an icon so marked; empty where it is not this page's."""
    if is_said_of_author(node):
        return ""
    text = own_text(node, MAX_BYLINE)
    if not text and (hidden := hidden_name(node)):
        return hidden
    if not text and node.tag in ICONS and -1 <= at - heading <= CLOSE:
        text = text_beside(node)
        text = text if may_be_name(text) else ""
    return "" if len(text) <= 2 or stands_elsewhere(page, node, at, text, heading) else by_elements(node, text)


def is_photographer(page: Page, at: int, marked: Container[int]) -> bool:
    """Return whether a line beside a marked name says that it is a picture's: its label alone ("Foto"), as papers set roles.

    It stands below the name, or above it where a label stands above the name before too: Text, Jane Doe, Foto, John Roe.
    `marked`: the blocks of marked names.
    """
    texts = page.texts
    if at + 1 < len(texts) and is_picture_label(texts[at + 1]):
        return not (at + 2 in marked and is_short(texts, at - 1))
    return at - 2 in marked and is_short(texts, at - 3) and is_picture_label(texts[at - 1])


def is_short(texts: list[str], at: int) -> bool:
    """Return whether a block is there and as short as a role."""
    return at >= 0 and len(texts[at]) <= MAX_ROLE


def is_picture_label(text: str) -> bool:
    """Return whether a short text is nothing but the label of a picture's credit."""
    return len(text) <= MAX_ROLE and box_headings().credit.fullmatch(f"{text.rstrip(' :')}:") is not None


def is_in_card(node: LexborNode) -> bool:
    """Return whether a marked element stands in a link with a heading: the link leads to another article, whose author it is."""
    above = node.parent
    for _ in range(CARD_LEVELS):
        if above is None or above.tag in ("main", "article", "body"):
            return False
        if above.tag == "a":
            return above.css_first("h2, h3, h4, h5") is not None
        above = above.parent
    return False


def is_said_of_author(node: LexborNode) -> bool:
    """Return whether an element's class says that it only describes an author: her post, where to reach her."""
    return _SAID_OF_AUTHOR.search((node.attributes.get("class") or "")[:MAX_CLASS]) is not None and is_innermost(node)


def is_innermost(node: LexborNode) -> bool:
    """Return whether an element has no others in it."""
    return not any(node.iter(include_text=False))


def hidden_name(node: LexborNode) -> str:
    """Return the name that an article's microdata hold and the page does not show, else nothing."""
    meta = node.css_first("meta[itemprop~=name]")
    if meta is None or is_elsewhere(node):
        return ""
    scope = node.parent
    while scope is not None and "itemtype" not in scope.attributes:
        scope = scope.parent
    # Teasers have such data too; the article's own hold its heading.
    if scope is None or not _ARTICLE.search(scope.attributes["itemtype"] or "") or scope.css_first("h1") is None:
        return ""
    return (meta.attributes.get("content") or "")[:MAX_BYLINE]


def mark_rank(node: LexborNode) -> int:
    """Return how sure a mark is: by an attribute (`rel`, `itemprop`, `property`), by a class of authors' names, by another."""
    attributes = node.attributes
    if "author" in f"{attributes.get('rel')} {attributes.get('itemprop')} {attributes.get('property')}":
        return BY_MARK
    return BY_NAME if _CALLED_AUTHOR.search(attributes.get("class") or "") else BY_CLASS


def row_of(node: LexborNode) -> tuple[int, str | None]:
    """Return the key of the row in which authors' elements stand beside each other: their parent or list, and class."""
    parent = node.parent
    if parent is not None and parent.tag == "li":
        parent = parent.parent
    return (parent.mem_id if parent is not None else 0, node.attributes.get("class"))


def beside(last: MarkedText, text: str, at: int) -> MarkedText | None:
    """Return an author's element together with the next one of its row, None where that is far off or a repetition."""
    if at - last.at > BESIDE or text in last.text:
        return None
    return last._replace(text=f"{last.text}\n{text}", at=at)


def text_beside(icon: LexborNode) -> str:
    """Return the text right behind an icon: a text, or an element with one."""
    node = icon.next
    if node is not None and node.tag == "-text" and not (node.text_content or "").strip():
        node = node.next
    if node is None:
        return ""
    return (
        " ".join((node.text_content or "")[:MAX_BYLINE].split()) if node.tag == "-text" else own_text(node, MAX_BYLINE)
    )


def stands_elsewhere(page: Page, node: LexborNode, at: int, text: str, heading: int) -> bool:
    """Return whether a marked element stands with other articles or beside this one. `at`: the block that it begins."""
    if at < len(page.texts) and text in " ".join(page.texts[at].split()):
        place = setting(page, at, heading)
        return place is Setting.OTHER or (place > Setting.FOOTER and not -BEFORE <= at - heading <= CLOSE)
    return is_elsewhere(node)


def names_parts(node: LexborNode) -> list[str]:
    """Return the texts within an author's element, one for each of its own, but for those of an employer or a post."""
    said = filter(is_said_of_author, node.css("[class]"))
    employers = chain(filter(is_innermost, node.css(_EMPLOYER)), node.css(_SOURCE))
    aside = {" ".join(each.text().split()) for each in chain(employers, said)}
    parts = [" ".join(part.split()) for part in node.text(separator="\n").split("\n")]
    parts = [part for part in parts if part]
    parts = [part for part, below in pairwise([*parts, ""]) if not is_picture_label(below)]
    parts = [part for part in parts if part not in aside]
    works = words("bylines", "places_of_work")
    return parts[:1] + [part for before, part in pairwise(parts) if not {before.lower(), part.lower()} & works]


def by_elements(node: LexborNode, text: str) -> str:
    """Return a byline with a line for each of its elements where they hold names and roles beside each other.

    "Jane Doe" and "Senior Reporter", or "Jane Doe" and "John Roe", in elements of their own are no single name; "Jane"
    and "Doe" are.
    """
    parts = names_parts(node)
    if len(parts) == 1:
        return parts[0]
    if not 2 <= len(parts) <= MAX_PARTS:
        return text
    names = [clean_name(part) for part in parts]
    whole = [name for name in names if 2 <= len(name.split()) <= 4 or UNSPACED_NAME.fullmatch(name)]
    if not whole or len(whole) == len(parts) == 1:
        return text
    tags = {child.tag for child in node.iter(include_text=False)}
    first = next(index for index, name in enumerate(names) if name in whole)
    if len(whole) > 1 or any(not name for name in names):
        return "\n".join(part for part, name in zip(parts, names, strict=True) if name in whole or not name)
    return parts[first] if len(tags) > 1 else text
