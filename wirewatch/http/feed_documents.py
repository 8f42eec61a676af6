"""RSS 2.0 and Atom 1.0 (RFC 4287): the documents of all feeds that a worker serves.

An entry's content is HTML. Characters that XML cannot hold are left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

from streams.records import utc

#: What XML 1.0 (production 2) does not allow, as a character or as a reference.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: What stands in a URL as it is; all else is percent-escaped.
URL_SAFE = "%/:=&?~#+!$,;'@()*[]"
TOPIC_SCHEME = "http://cv.iptc.org/newscodes/mediatopic/"
NAMESPACES = {"xmlns:atom": "http://www.w3.org/2005/Atom", "xmlns:dc": "http://purl.org/dc/elements/1.1/"}


@dataclass(frozen=True)
class FeedHead:
    """A feed's own fields: `id` is Atom's, `page` the URL of the page for people, `address` the feed's own."""

    id: str
    title: str
    description: str
    page: str
    address: str
    updated: datetime


class Category(NamedTuple):
    """A category; one without a scheme is a plain word."""

    scheme: str
    term: str
    label: str


@dataclass(frozen=True)
class FeedEntry:
    """An entry: `url` is the article's as it came, `html` its content, `source` who published it."""

    id: str
    title: str
    url: str | None
    html: str
    published_at: datetime
    source: str
    authors: Sequence[str]
    #: when the source published it, where that is not `published_at`
    source_at: datetime | None = None
    language: str | None = None
    summary: str = ""
    categories: Sequence[Category] = ()

    @property
    def link(self) -> str | None:
        """The article's address as it may stand in a link."""
        return link(self.url)


def rss(head: FeedHead, entries: Sequence[FeedEntry]) -> bytes:
    """Return an RSS 2.0 document, the entries in the order given."""
    root = ET.Element("rss", {"version": "2.0"} | NAMESPACES)
    top = ET.SubElement(root, "channel")
    add(top, "title", head.title)
    add(top, "link", head.page)
    add(top, "description", head.description)
    add(top, "lastBuildDate", format_datetime(head.updated.astimezone(UTC), usegmt=True))
    add(top, "generator", "wirewatch")
    add(top, "ttl", "1")
    add(top, "atom:link", href=head.address, rel="self", type="application/rss+xml")
    for entry in entries:
        add_item(top, entry)
    return document(root)


def add_item(channel: ET.Element, entry: FeedEntry) -> None:
    """Add an entry to a channel of RSS."""
    item = ET.SubElement(channel, "item")
    add(item, "title", without_tags(entry.title))
    if url := entry.link:
        add(item, "link", url)
    add(item, "description", entry.html)
    add(item, "guid", entry.id, isPermaLink="false")
    add(item, "pubDate", format_datetime(entry.published_at.astimezone(UTC), usegmt=True))
    for author in entry.authors:
        add(item, "dc:creator", author)
    if entry.language:
        add(item, "dc:language", entry.language)
    if url and (home := origin(url)):
        add(item, "source", entry.source, url=home)
    for scheme, term, label in entry.categories:
        domain = f"{scheme}{term}" if scheme == TOPIC_SCHEME else scheme
        add(item, "category", label, **({"domain": domain} if domain else {}))


def atom(head: FeedHead, entries: Sequence[FeedEntry]) -> bytes:
    """Return an Atom 1.0 document, the entries in the order given."""
    root = ET.Element("feed", {"xmlns": NAMESPACES["xmlns:atom"]})
    add(root, "id", head.id)
    add(root, "title", head.title)
    add(root, "subtitle", head.description)
    add(root, "updated", utc(head.updated))
    add(root, "generator", "wirewatch")
    add(ET.SubElement(root, "author"), "name", "wirewatch")
    add(root, "link", rel="self", type="application/atom+xml", href=head.address)
    add(root, "link", rel="alternate", type="text/html", href=head.page)
    for entry in entries:
        add_entry(root, entry)
    return document(root)


def add_entry(feed: ET.Element, entry: FeedEntry) -> None:
    """Add an entry to a feed of Atom."""
    element, time = ET.SubElement(feed, "entry"), utc(entry.published_at)
    add(element, "id", entry.id)
    add(element, "title", entry.title)
    if url := entry.link:
        add(element, "link", rel="alternate", href=url)
    add(element, "published", time)
    add(element, "updated", time)
    for author in entry.authors:
        add(ET.SubElement(element, "author"), "name", author)
    language = {"xml:lang": entry.language} if entry.language else {}
    if entry.summary:
        add(element, "summary", entry.summary, **language)
    add(element, "content", entry.html, type="html", **language)
    for scheme, term, label in entry.categories:
        add(element, "category", **({"scheme": scheme} if scheme else {}), term=term, label=label)
    source = ET.SubElement(element, "source")
    add(source, "id", (url and origin(url)) or f"urn:wirewatch:source:{quote(entry.source)}")
    add(source, "title", entry.source)
    add(source, "updated", utc(entry.source_at or entry.published_at))


def add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> None:
    """Add an element with text and attributes, without characters that XML cannot hold."""
    element = ET.SubElement(parent, tag, {name: FORBIDDEN.sub("", value) for name, value in attributes.items()})
    element.text = FORBIDDEN.sub("", text) if text is not None else None


def document(root: ET.Element) -> bytes:
    """Return an XML document in UTF-8."""
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def without_tags(text: str) -> str:
    """Return a title of RSS, with other brackets: RSS does not say whether a title is HTML, and readers take it for that."""
    return text.replace("<", "\u2039").replace(">", "\u203a")


def link(url: str | None) -> str | None:
    """Return a web address as it may stand in a link, None for any other URL (`javascript:`, say)."""
    if url is None:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:  # a host in brackets that is no IPv6 address
        return None
    return quote(url.strip(), safe=URL_SAFE) if parts.scheme in ("http", "https") and parts.netloc else None


def origin(url: str) -> str:
    """Return the site that a URL lies on."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"
