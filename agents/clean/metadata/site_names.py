"""Names of a site that it does not give as such: in its banner, and beside the article's heading in the page's title.

Blogs have their own name as h1 and the article's title below it; many pages write their name into the title element and
nowhere else. A part of the title that a heading shows is the article's, and the rest is the site's (and its section's).
"""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from agents.clean.metadata.bylines.words import squash
from agents.clean.metadata.claims import Claims, title_text
from agents.clean.metadata.titles import MAX_NAME_WORDS, TITLE_WORDS, is_unspaced_heading, says_nothing, strip_publisher
from agents.clean.page.blocks import Page
from agents.clean.page.places import ELSEWHERE, HEAD_LINES, HEADINGS
from agents.clean.page.vocabulary import PART_BIT, PLACE_BIT
from agents.clean.text.words import count_words, normal

#: Punctuation between the parts of a title, with and without space around them; the last two in scripts without spaces.
_BETWEEN = re.compile(
    r"\s+[-–—·•«»~›>/:]+\s+|\s*[|│｜]\s*|\s+::\s+|:\s+|(?<=[^\W\d_])[:：_](?=[^\W\d_])"
    r"|(?<=[\u3040-\uffdc])[-–—]{1,2}(?=[\u3040-\uffdc])"
)
#: Parts of a title that are looked at.
MAX_PARTS = 12
#: Most banners that are looked at.
MAX_BANNERS = 5
#: Most headings that are looked at.
MAX_HEADINGS = 60
#: Most characters of a banner or heading.
MAX_TEXT = 300
#: Fewest characters of a title's part that is compared.
LONG_PART = 10
#: Most characters of a label before it in a heading.
LABEL = 8
#: Share of a block's characters in links from which on it is a link.
LINKED = 0.9
#: Class names and ids of the site's name.
_BANNER = re.compile(r"(?i)(?:^|[\s_-])(?:site[_-]?(?:title|name)|blog[_-]?name|logo)(?:$|[\s_-])")
#: Class names of the title of a post.
_POST = re.compile(r"(?i)(?:entry|post|article|story)[_-]?(?:title|headline|header|name)|\bheadline\b")
#: Parts of a page whose headings are never the article's; those of a side are where there are no others.
_NEVER = ELSEWHERE & ~PART_BIT["sidebar"]
_INDEX = re.compile(r"/(?:index|default|home)\.\w{2,5}$")


class Heading(NamedTuple):
    """A heading on a page: its text as words (`normal`), the text, its block, whether it is an h1 and marked as a post's."""

    key: str
    text: str
    block: int
    first: bool
    post: bool


def add_site_names(claims: Claims, tree: LexborHTMLParser, page: Page) -> None:
    """Add the site's names to a page's publishers, and the post's heading where its titles are nothing but the site's."""
    known = {squash(name) for name in claims.publishers}
    found = headings(page)
    # A page that claims its own title has a banner only where its heading is a link.
    claimed = any(claims.head.values(("og:title",)))
    linked = any(heading.first and is_link(page, heading.block) for heading in found)
    banners = {normal(text): text for text in banner_texts(tree, claims.url)} if linked or not claimed else {}
    titles = list(dict.fromkeys(claim.text for claim in claims.titles[:3] if claim.text))
    if not claims.headings:
        known |= {squash(title) for title in titles if names_site(title, found, page)}
    names = [text for key, text in banners.items() if is_beside(key, found)]
    posts = [heading for heading in found if heading.key not in banners]
    for title in titles:
        names += site_parts(title, posts, page)
    claims.publishers += dict.fromkeys(names)
    banner = next((heading for heading in found if heading.first and heading.key in banners), None)
    if banner is not None and all(normal(title) == banner.key for title in titles):
        claims.post = post_below(banner, found)
    elif (
        posts
        and titles
        and all(says_nothing(title, known) for title in titles)
        and all(says_nothing(claim.text, set()) for claim in claims.headings)
    ):
        # Titles that name the site, or a section at most: the heading of the post, below a section's.
        telling = [
            heading for heading in posts if len(heading.key.split()) > 2 and not says_nothing(heading.text, known)
        ]
        claims.post = next((heading.text for heading in telling if heading.post), telling[0].text if telling else "")
    if not claims.headings and not claims.post and all(is_section(title, claims.publishers) for title in titles):
        claims.post = marked_title(page, min((heading.block for heading in found), default=len(page.texts)))


def is_section(title: str, publishers: list[str]) -> bool:
    """Return whether a title's parts are too short for an article's: a site, a section, a word of the system's."""
    parts = _BETWEEN.split(strip_publisher(title, publishers))
    return all(count_words(part) < TITLE_WORDS and not is_unspaced_heading(part) for part in parts)


def marked_title(page: Page, end: int) -> str:
    """Return the first line that an old page calls its title by a class or id, before the block `end`; empty where none is."""
    for block in range(min(end, MAX_HEADINGS)):
        owner = page.owners[block]
        # Number, title and date are often in one block, with line breaks between.
        text = max(page.texts[block].split("\n", HEAD_LINES)[:HEAD_LINES], key=count_words)
        named = (page.masks[owner] | page.inline[block]) & PART_BIT["title"]
        long = count_words(text) >= TITLE_WORDS or is_unspaced_heading(text)
        if named and long and len(text) <= MAX_TEXT and not is_link(page, block):
            return "" if page.ancestors[owner] & _NEVER else text
    return ""


def banner_texts(tree: LexborHTMLParser, url: str) -> Iterator[str]:
    """Yield the texts of h1 elements that are the site's banner: a link to its front page, or called its name."""
    for node in tree.css("h1")[:MAX_BANNERS]:
        if _BANNER.search(f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}") or leads_home(
            node, url
        ):
            text = title_text(node.text(separator=" ")[: 2 * MAX_TEXT])
            if 0 < len(text) <= MAX_TEXT:
                yield text


def is_link(page: Page, block: int) -> bool:
    """Return whether nearly all of a block is a link."""
    return page.link_chars[block] >= LINKED * len(page.texts[block])


def leads_home(heading: LexborNode, url: str) -> bool:
    """Return whether a heading is a link to the site's front page."""
    link = heading if heading.parent is None or heading.parent.tag != "a" else heading.parent
    link = link if link.tag == "a" else heading.css_first("a[href]") or link
    href = (link.attributes.get("href") or "").strip() if link.tag == "a" else ""
    if not href or href.startswith(("#", "javascript:")):
        return False
    try:
        path = urlsplit(urljoin(url, href[:1_000])).path
        own = urlsplit(url).path
    except ValueError:
        return False
    front = _INDEX.sub("/", path).strip("/")
    # A blog below a directory of its host: the page's own path goes on from there.
    return not front or ("/" not in front and own.startswith(f"/{front}/") and _INDEX.sub("/", own).strip("/") != front)


def headings(page: Page) -> list[Heading]:
    """Return a page's headings, in order, but for those of other articles and beside this one.

    Where all stand in elements that are called a side, the article does too.
    """
    found: list[Heading] = []
    beside: list[Heading] = []
    last = -1
    for block, owner in enumerate(page.owners):
        above = page.ancestors[owner]
        if not above & HEADINGS or above & _NEVER or owner == last:
            continue
        last, text = owner, page.texts[block]
        if len(text) <= MAX_TEXT and (key := normal(text)):
            first = bool(above & PLACE_BIT["h1"])
            rows = beside if above & ELSEWHERE else found
            rows.append(Heading(key, " ".join(text.split()), block, first, _POST.search(page.names[owner]) is not None))
            if len(rows) == MAX_HEADINGS:
                break
    return found or beside


def names_site(title: str, found: list[Heading], page: Page) -> bool:
    """Return whether the whole title is the site's name: no heading has it, and a block that is nothing else shows it."""
    if not found or len(title.split()) > MAX_NAME_WORDS:
        return False
    key = normal(title)
    return all(key not in heading.key for heading in found) and any(
        len(text) <= MAX_TEXT and normal(text) == key for text in page.texts if text[:1] == title[:1]
    )


def is_beside(banner: str, found: list[Heading]) -> bool:
    """Return whether a page has other headings than its banner."""
    return any(heading.key != banner for heading in found)


def site_parts(title: str, found: list[Heading], page: Page) -> Iterator[str]:
    """Yield the parts of a title that are the site's, where a heading or a block shows the article's part."""
    cuts = list(_BETWEEN.finditer(title))[:MAX_PARTS]
    if not cuts:
        return
    keys = {heading.key: heading for heading in reversed(found)}
    if normal(title) in keys:
        return
    for cut in cuts:
        before, after = title[: cut.start()], title[cut.end() :]
        head, tail = keys.get(normal(before)), keys.get(normal(after))
        if tail and tail.first and head and head.block > tail.block and ":" not in cut[0]:
            # The banner above the post, without a link: its name comes last.
            yield after
            return
        if head and not tail:
            yield from (after, *_BETWEEN.split(after))
            return
    for cut in cuts:
        part = normal(title[: cut.start()])
        if len(part) >= LONG_PART and any(0 < len(key) - len(part) <= LABEL and key.endswith(part) for key in keys):
            # A label without a space before the title: the word for a film, in scripts that write none.
            yield from (title[cut.end() :], *_BETWEEN.split(title[cut.end() :]))
            return
    for cut in reversed(cuts):
        after = title[cut.end() :]
        if normal(after) in keys and len(after) > cut.start():
            yield from (title[: cut.start()], *_BETWEEN.split(title[: cut.start()]))
            return
    yield from shown_without_heading(title, cuts, page)


def shown_without_heading(title: str, cuts: list[re.Match[str]], page: Page) -> Iterator[str]:
    """Yield the rest of a title of which a block that is no heading shows the longer part."""
    texts = [text.lower() for text in page.texts[:200] if len(text) <= MAX_TEXT]
    for cut in cuts:
        before, after = title[: cut.start()], title[cut.end() :]
        for shown, rest in ((before, after), (after, before)):
            if len(shown) > len(rest) and is_among(normal(shown), texts):
                yield from (rest, *_BETWEEN.split(rest))
                return


def is_among(key: str, texts: list[str]) -> bool:
    """Return whether the words of one of some texts in lower case are these. The first tells most of them apart."""
    first = key.partition(" ")[0]
    return any(first in text and normal(text) == key for text in texts)


def post_below(banner: Heading, found: list[Heading]) -> str:
    """Return the heading of the post below a banner: the first that is marked as one, else the first, else nothing."""
    below = [heading for heading in found if heading.block > banner.block and heading.key != banner.key]
    return next((heading.text for heading in below if heading.post), below[0].text if below else "")
