"""The neutral form of a document, one JSON object, as `wirewatch apply poll --entries` writes it."""

from datetime import datetime
from typing import Any

from agents.fetch.reading import texts
from agents.fetch.reading.entries import Document, Entry

#: Characters of a text that stand for a title.
HEADLINE_CHARACTERS = 100


def headline(entry: Entry) -> str | None:
    """Return the title, or the beginning of its stand-in: summary, content, address."""
    if entry.title:
        return entry.title
    for text in (entry.summary, entry.content):
        if shown := texts.plain(without_tags(text), most=HEADLINE_CHARACTERS):
            return shown
    return entry.url


def without_tags(html: str | None) -> str | None:
    """Return the first line of HTML or a text, without any tags."""
    if not html:
        return html
    kept = [part.rpartition(">")[2] if number else part for number, part in enumerate(html[:4000].split("<"))]
    return " ".join(kept)


def announced_at(entry: Entry) -> datetime | None:
    """Return the time of an entry's publication, or else of its last update (all that Atom demands)."""
    return entry.published_at or entry.updated_at


def neutral(document: Document) -> dict[str, Any]:
    """Return a document as plain objects; times are RFC 3339 in UTC."""
    return {
        "kind": document.kind,
        "feed": {"title": document.title or document.link, "link": document.link, "language": document.language},
        "entries": [neutral_entry(entry) for entry in document.entries],
        "links": [{"kind": link.kind, "url": link.url, "title": link.title} for link in document.links],
        "ttl_seconds": document.ttl_seconds,
        "charset": document.charset,
        "notes": list(document.notes),
    }


def neutral_entry(entry: Entry) -> dict[str, Any]:
    """Return an entry as a plain object. A missing summary is the content, a missing title its stand-in."""
    return {
        "title": headline(entry),
        "link": entry.url,
        "id": entry.guid,
        "published_at": announced_at(entry),
        "updated_at": entry.updated_at,
        "summary": entry.summary or entry.content,
        "content": entry.content,
        "content_type": entry.content_type,
        "authors": list(entry.authors),
        "categories": list(entry.categories),
        "language": entry.language,
        "notes": list(entry.notes),
    }
