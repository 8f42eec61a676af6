"""Parts of a page that parsers or the walk keep apart from it: templates, parts for readers without scripts, boilerplate.

A browser shows the template of a shadow root. Another template, or a `noscript`, is no part of what a page shows, but
where a page shows nothing else it may hold the article, which a script would have put in its place. So may a menu that
was never closed, a dialog that a page opens, and a footer around everything: those that hold the page's title.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from agents.clean.text.words import normal

# No pattern reads on behind the next `<`: a page of nothing but tags that never end is read once, not once for each of them.
#: The tags of templates, and the attribute of one that a browser shows (newer and older spelling).
_TEMPLATE = re.compile(rb"<template\b([^<>]*)>|</template\s*>", re.IGNORECASE)
_SHADOW = re.compile(rb"\bshadowroot(?:mode)?\b", re.IGNORECASE)
#: The tags of the parts that parsers keep apart, and all tags.
_APART = re.compile(rb"<(/?)(noscript|noframes|template)\b[^<>]*>", re.IGNORECASE)
#: Tags behind which a parser takes nothing but frames.
_FRAMES = re.compile(rb"</?frameset\b[^<>]*>", re.IGNORECASE)
_BODY = re.compile(rb"<body\b[^<>]*>", re.IGNORECASE)
_PARAGRAPH, _TAG = re.compile(rb"<p[\s>]", re.IGNORECASE), re.compile(rb"<[^<>]*>")
#: Fewest paragraphs of such a part that may hold an article: most ask to switch scripts on.
PARAGRAPHS = 2
#: Fewest bytes of its text.
BYTES = 250
#: Elements that the walk takes for boilerplate, and characters of text beside links in one that may hold an article.
_BOILERPLATE, _HEADINGS = "nav, dialog, footer", "h1, h2, h3"
CHARS = 100
#: Most elements called boilerplate that are looked at.
MOST_BOILERPLATE = 300
#: Most headings of a page that are looked at.
MOST_HEADINGS = 1_000
#: Most characters of all that is looked at: each element holds the characters of those within it once more.
MOST_CHARS = 10_000_000
#: Characters that a link counts as.
CHARS_PER_LINK = 100


def open_shadows(html: bytes) -> bytes:
    """Return a page whose declarative shadow roots are elements: a browser shows them, parsers keep templates apart."""
    parts: list[bytes] = []
    stack: list[bool] = []
    at = 0
    for tag in _TEMPLATE.finditer(html):
        shown = _SHADOW.search(tag[1]) is not None if tag[1] is not None else bool(stack) and stack.pop()
        if tag[1] is not None:
            stack.append(shown)
        if shown:
            parts += [html[at : tag.start()], b"<shadow-root>" if tag[1] is not None else b"</shadow-root>"]
            at = tag.end()
    return b"".join([*parts, html[at:]])


def holds_apart(html: bytes) -> bool:
    """Return whether a page has parts that parsers keep apart; many pages have small ones."""
    return any(tag in html for tag in (b"<noscript", b"<template", b"<noframes", b"<NOFRAMES"))


def holds_boilerplate(html: bytes) -> bool:
    """Return whether a page has menus, dialogs or footers, which the walk leaves out; entries of feeds seldom have any."""
    return b"<nav" in html or b"<dialog" in html or b"<footer" in html


def open_apart(html: bytes, *, alone: bool = False) -> bytes:
    """Return a page with the templates, `noscript` and `noframes` elements that may hold an article as elements of it.

    The page itself where there is none. `alone`: its head and these parts, and nothing else.
    """
    parts: list[bytes] = []
    at = 0
    for start, end, inside in _parts_apart(html):
        if may_hold_article(inside):
            if not alone:
                parts.append(html[at:start])
            elif not parts:
                body = _BODY.search(html, 0, start)
                parts.append(html[: body.end() if body else start])
            parts += [b"<div>", inside, b"</div>"]
            at = end
    rest = b"" if alone else html[at:]
    return _FRAMES.sub(b"", b"".join([*parts, rest])) if parts else html


def _parts_apart(html: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield where a part that is kept apart starts and ends, and the bytes in it, up to the next end tag of its name."""
    tags = [(tag.start(), tag.end(), tag[2].lower(), bool(tag[1])) for tag in _APART.finditer(html)]
    last = {name: start for start, _, name, closes in tags if closes}
    opened: tuple[int, int, bytes] | None = None
    for start, end, name, closes in tags:
        if opened is None and not closes and start < last.get(name, 0):
            opened = start, end, name
        elif opened is not None and closes and name == opened[2]:
            yield opened[0], end, html[opened[1] : start]
            opened = None


def may_hold_article(inside: bytes) -> bool:
    """Return whether a part that is kept apart is long enough for an article."""
    return len(_PARAGRAPH.findall(inside)) >= PARAGRAPHS and len(_TAG.sub(b"", inside)) >= BYTES


def open_boilerplate(tree: LexborHTMLParser, title: str, *, shown: bool) -> bool:
    """Take the menus, dialogs and footers that may hold an article out of a tree, their content left in their place.

    Return whether there was one: it holds the title as a heading, or anywhere where the page does not show it (`shown`).
    """
    key = normal(title)
    held: set[int] | None = None
    found, left = [], MOST_CHARS
    for node in tree.css(_BOILERPLATE)[:MOST_BOILERPLATE]:
        text = node.text_lexbor() or ""
        links = node.css("a") if len(text) >= CHARS else []
        left -= len(text) + CHARS_PER_LINK * len(links)
        if left < 0:
            break
        if len(text) - sum(len(link.text_lexbor() or "") for link in links) < CHARS:
            continue
        held = holders_of_title(tree, key) if held is None else held
        if node.mem_id in held or (key and not shown and key in normal(text)):
            found.append(node)
    for node in found:
        node.unwrap()
    return bool(found)


def holders_of_title(tree: LexborHTMLParser, key: str) -> set[int]:
    """Return the elements that hold the title (`key`: its words as `normal` gives them) as a heading, as `mem_id` names them."""
    found: set[int] = set()
    left = MOST_CHARS
    for heading in tree.css(_HEADINGS)[:MOST_HEADINGS]:
        text = heading.text_lexbor() or ""
        left -= len(text)
        if left < 0:
            break
        holder = heading.parent if is_title(heading, text, key) else None
        while holder is not None and holder.mem_id not in found:
            found.add(holder.mem_id)
            holder = holder.parent
    return found


def is_title(heading: LexborNode, text: str, key: str) -> bool:
    """Return whether a heading of this text that is no link says the title, or any where the page claims none."""
    own = normal(text)
    return bool(own) and heading.css_first("a") is None and (not key or key in own or (" " in own and own in key))
