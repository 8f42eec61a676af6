"""Tells the kinds of document apart and reads each."""

import re
from dataclasses import replace
from itertools import islice

from agents.fetch.reading import charset, markup
from agents.fetch.reading.entries import Document, note
from agents.fetch.reading.feeds import read_feed
from agents.fetch.reading.json_feed import read_json_feed
from agents.fetch.reading.pages import read_page
from agents.fetch.reading.sitemaps import read_sitemap

#: Bytes read of a feed or a page; sitemaps have their own limit.
MAX_BYTES = 15 << 20
#: Elements read of a feed or a page: a tree of more takes more memory than a child has.
MOST_ELEMENTS = 1_000_000
#: The beginning of a sitemap, in any charset that news are written in. Packed documents are sitemaps: a server that packs
#: a feed says so in its headers, and the client unpacks it.
SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype html|html|head|body|title|meta|p|div|a)\b", re.IGNORECASE)
_ELEMENT = re.compile(r"<(?=[^\W\d])")
FEED_ROOTS = frozenset(("rss", "rdf", "feed", "channel", "item", "entry"))


def read(document: bytes, url: str, content_type: str | None = None) -> Document:
    """Read a document: a feed, a sitemap, or a page with the feeds that it names.

    `url` is where it was fetched from, `content_type` as its server gives it. Never raises for what a stranger can write,
    but may take all the time and memory that there is: run it in a child process with limits.
    """
    notes: tuple[str, ...] = ()
    if document.startswith(b"\x1f\x8b") or SITEMAP.search(document[: markup.PROLOG_CHARACTERS]):
        return read_sitemap(document, url, content_type)
    if len(document) > MAX_BYTES:
        notes = (note("document_cut", f"{MAX_BYTES} of {len(document)} bytes read"),)
    text, name, said = charset.decode(document[:MAX_BYTES], content_type)
    if (end := end_of_elements(text)) < len(text):
        text, notes = text[:end], (*notes, note("document_cut", f"{MOST_ELEMENTS} elements read"))
    found = read_text(text, url)
    return replace(found, charset=name, notes=notes + said + found.notes)


def end_of_elements(text: str) -> int:
    """Return where the first element beyond the limit begins; the text's end where there is none."""
    if text.count("<") - text.count("</") <= MOST_ELEMENTS:
        return len(text)
    starts = (found.start() for found in _ELEMENT.finditer(text))
    return next(islice(starts, MOST_ELEMENTS, None), len(text))


def read_text(text: str, url: str) -> Document:
    """Read a decoded document."""
    if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return read_json_feed(text.lstrip("\ufeff \t\r\n"), url)
    at, root, entities, dtd = markup.prolog(text)
    if root in FEED_ROOTS:
        found = read_feed(markup.mended(text[at:], entities), url)
        return replace(found, notes=(*found.notes, note("doctype"))) if dtd else found
    if root in ("urlset", "sitemapindex"):  # in UTF-16, or with so much before it
        return read_sitemap(text[at:].encode("utf-8", "replace"), url)
    if root == "html" or _HTML.search(text[: markup.PROLOG_CHARACTERS]):
        return read_page(text, url)
    return Document(
        kind="unknown", notes=(note("not_a_feed", f"its first element is <{root[:40]}>" if root else "no element"),)
    )
