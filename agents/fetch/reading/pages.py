"""A page of HTML: its title and language, the feeds, hub and sitemaps that it names, the pages that it links to.

lxml reads it, which ends at a depth of 256 elements: lexbor, which reads articles (agents/clean), takes 14 s for 100,000
nested ones.
"""

import itertools
import re
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from agents.fetch.reading import texts
from agents.fetch.reading.entries import Document, Link, LinkKind, note
from streams.ids import site_of
from streams.text.html_attributes import end_crowded

MAX_FEEDS, MAX_PAGES = 50, 500
#: Links that are looked at; a front page has some hundreds.
MAX_ANCHORS = 20_000
_FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json")
)
#: Addresses that look like a feed's, of links in the page itself.
_FEED_PATH = re.compile(r"(?:^|[/._-])(?:rss|atom|feeds?)(?:[/._-]|$)|\.(?:rss|rdf|atom)$", re.IGNORECASE)
_COMMENTS = re.compile(r"comments?\b", re.IGNORECASE)


def read_page(html: str, url: str) -> Document:
    """Return a page's own links; the feeds that its head names come first, those of comments last."""
    parser = etree.HTMLParser(recover=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    root = etree.fromstring(end_crowded(html.encode("utf-8", "replace")) or b"<html/>", parser)
    if root is None:
        return Document(kind="page", notes=(note("broken", "no element"),))
    first = root.find(".//base[@href]")
    base = (texts.absolute(first.get("href"), url) if first is not None else None) or url
    links = [link for node in root.iter("link", "a") if node.get("rel") for link in _named(node, base)]
    pages, more = _pages(root, base)
    feeds = sorted(
        (link for link in links if link.kind == "feed"), key=lambda link: bool(_COMMENTS.search(link.title or link.url))
    )
    guessed = (
        []
        if feeds
        else [Link("feed", page.url, page.title) for page in pages if _FEED_PATH.search(urlsplit(page.url).path)]
    )
    notes = [note("links_cut", f"{MAX_PAGES} pages read")] if more else []
    if len(feeds) > MAX_FEEDS:
        notes.append(note("links_cut", f"{MAX_FEEDS} of {len(feeds)} feeds read"))
    if any("depth" in error.message for error in parser.error_log):
        notes.append(note("depth_cut", "the page is nested deeper than 256 elements"))
    others = [link for link in links if link.kind != "feed"][:MAX_FEEDS]
    return Document(
        kind="page",
        title=texts.plain(root.findtext(".//title")),
        link=next((link.url for link in links if link.kind == "self"), None),
        language=texts.plain(root.get("lang"), most=40),
        links=tuple(dict.fromkeys([*feeds[:MAX_FEEDS], *guessed[:MAX_FEEDS], *others, *pages])),
        notes=tuple(notes),
    )


def _named(node: Any, base: str) -> list[Link]:
    """Return the kind of a page's link by its relation."""
    given = node.attrib
    relations = (given.get("rel") or "").lower().split()[:10]
    url = texts.absolute(given.get("href"), base)
    if url is None:
        return []
    title = texts.plain(given.get("title"))
    kind_given = (given.get("type") or "").partition(";")[0].strip().lower()
    kinds: list[LinkKind] = []
    if "feed" in relations or ("alternate" in relations and kind_given in _FEED_TYPES):
        kinds.append("feed")
    if "hub" in relations:
        kinds.append("hub")
    if "sitemap" in relations:
        kinds.append("sitemap")
    if "canonical" in relations:
        kinds.append("self")
    return [Link(kind, url, title) for kind in kinds]


def _pages(root: Any, base: str) -> tuple[list[Link], bool]:
    """Return the pages of the same site that a page links to, each once, and whether there were more than are read."""
    site = site_of(base)
    found: dict[str, Link] = {}
    for node in itertools.islice(root.iter("a"), MAX_ANCHORS):
        url = texts.absolute((node.get("href") or "").partition("#")[0], base)
        if url is None or url in found or url == base:
            continue
        if site_of(url) != site:
            continue
        if len(found) == MAX_PAGES:
            return list(found.values()), True
        found[url] = Link(
            "page", url, texts.plain("".join(itertools.islice(node.itertext(), 50)), html=False, most=texts.MAX_NAME)
        )
    return list(found.values()), False
