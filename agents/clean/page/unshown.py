"""Parts of a page that parsers keep apart from it: templates and what stands there for readers without scripts.

A browser shows the template of a shadow root. Another template, or a `noscript`, is no part of what a page shows, but
where a page shows nothing else it may hold the article, which a script would have put in its place.
"""

import re

#: The tags of templates, and the attribute of one that a browser shows (newer and older spelling).
_TEMPLATE = re.compile(rb"<template\b([^>]*)>|</template\s*>", re.IGNORECASE)
_SHADOW = re.compile(rb"\bshadowroot(?:mode)?\b", re.IGNORECASE)
#: A part that parsers keep apart, and tags in it.
_APART = re.compile(rb"<(noscript|template)\b[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_PARAGRAPH, _TAG = re.compile(rb"<p[\s>]", re.IGNORECASE), re.compile(rb"<[^>]*>")
#: Paragraphs and bytes of text, at least, of such a part that may hold an article: most ask to switch scripts on.
PARAGRAPHS, BYTES = 2, 250


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
    return b"<noscript" in html or b"<template" in html


def open_apart(html: bytes) -> bytes:
    """Return a page with the templates and `noscript` elements that may hold an article as elements of it.

    The page itself where there is none.
    """
    return _APART.sub(_opened, html)


def _opened(part: re.Match[bytes]) -> bytes:
    """Return a part as an element where it is long enough for an article."""
    inside = part[2]
    if len(_PARAGRAPH.findall(inside)) < PARAGRAPHS or len(_TAG.sub(b"", inside)) < BYTES:
        return part[0]
    return b"<div>" + inside + b"</div>"
