"""Entries and documents: the neutral form of all that a source can publish.

Whatever was cut, guessed or left out is a note, `code` or `code: detail`, with a code of `NoteCode`: nothing is lost
silently.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from streams.records import ContentType

FeedKind = Literal["rss", "rdf", "atom", "json", "sitemap", "sitemap_index"]
DocumentKind = Literal[FeedKind, "page", "unknown"]
#: Kinds of document that have entries.
FEEDS: frozenset[str] = frozenset(get_args(FeedKind))
LinkKind = Literal["feed", "sitemap", "hub", "self", "next", "page"]
NoteCode = Literal[
    "entries_cut",  # more entries than are read
    "text_cut",  # a text longer than is kept
    "authors_cut",
    "categories_cut",
    "links_cut",
    "depth_cut",  # nested deeper than is read
    "document_cut",  # larger than is read
    "broken",  # no well-formed XML or JSON: read as far as it makes sense
    "charset",  # not in the charset that it says, or with bytes that are none
    "doctype",  # entities that the document declares are not expanded
    "date",  # a date that nobody can read
    "date_zone",  # a date in a zone that is not known, read as UTC
    "link",  # an address that is none
    "guid_repeated",  # a guid that several entries have: it identifies none of them
    "no_entries",
    "not_a_feed",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as its source announces it.

    `url` is absolute, None where the entry has no address. `guid` is its id as written; None where it has none, or where
    several entries of the document have the same. `title` is plain text; `summary` and `content` are of `content_type`.
    Times are aware, in UTC; `published_text` is a date as written where it could not be read.
    """

    url: str | None = None
    guid: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    published_text: str | None = None
    summary: str | None = None
    content: str | None = None
    content_type: ContentType = "text/html"
    categories: tuple[str, ...] = ()
    language: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A further address of a document: its feeds, child sitemaps, its hub, the next page."""

    kind: LinkKind
    url: str
    title: str | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A feed, sitemap or page that was read.

    `link` is the site's own address, `ttl_seconds` how long the publisher asks to wait between polls (`ttl`,
    `sy:updatePeriod`), `skip_hours` (0 to 23, GMT) and `skip_days` (0 is Monday) when it asks not to be polled.
    """

    kind: DocumentKind
    title: str | None = None
    link: str | None = None
    language: str | None = None
    entries: tuple[Entry, ...] = ()
    links: tuple[Link, ...] = ()
    ttl_seconds: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    charset: str = "utf-8"
    notes: tuple[str, ...] = ()


def note(code: NoteCode, detail: str = "") -> str:
    """Return a note as it stands in an entry or a document."""
    return f"{code}: {detail}" if detail else code
