"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

from typing import Any

from agents.fetch.reading import texts
from agents.fetch.reading.dates import read_date
from agents.fetch.reading.entries import Document, Entry, Link, note
from agents.fetch.reading.feeds import MAX_ENTRIES, own_guids
from agents.fetch.reading.loose_json import read_json
from streams.records import ContentType

Object = dict[str, Any]


def read_json_feed(text: str, url: str) -> Document:
    """Return the feed that a JSON text holds."""
    notes: list[str] = []
    feed = read_json(text, notes)
    if feed is None:
        return Document(kind="unknown", notes=(*notes, note("not_a_feed", "no JSON")))
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return Document(kind="unknown", notes=(note("not_a_feed", "JSON without `items`"),))
    found = [item for item in feed["items"] if isinstance(item, dict)]
    if len(found) < len(feed["items"]):
        notes.append(note("broken", f"{len(feed['items']) - len(found)} items are no objects"))
    if len(found) > MAX_ENTRIES:
        notes.append(note("entries_cut", f"{MAX_ENTRIES} of {len(found)} read"))
    link = texts.absolute(_text(feed, "home_page_url"), url)
    base, language, authors = link or url, _text(feed, "language"), _authors(feed)
    entries = [_entry(item, base, language, authors) for item in found[:MAX_ENTRIES]]
    return Document(
        kind="json",
        title=texts.plain(_text(feed, "title"), html=False),
        link=link,
        language=language,
        entries=tuple(own_guids(entries, notes)),
        links=tuple(_links(feed, url)),
        notes=tuple(notes),
    )


def _entry(item: Object, base: str, language: str | None, authors: tuple[str, ...]) -> Entry:
    notes: list[str] = []
    language = _text(item, "language") or language
    given = _text(item, "date_published")
    published, _ = read_date(given, language)
    updated, _ = read_date(_text(item, "date_modified"), language)
    if given and published is None:
        notes.append(note("date", given[:200]))
    html = texts.body(_text(item, "content_html"), notes, "content")
    plain = texts.body(_text(item, "content_text"), notes, "content")
    summary = texts.body(_text(item, "summary"), notes, "summary")
    guid = item.get("id")
    kept, more = texts.first_of_each(
        [texts.plain(tag, html=False) for tag in _strings(item.get("tags"))], texts.MAX_CATEGORIES
    )
    if more:
        notes.append(note("categories_cut", f"{texts.MAX_CATEGORIES} kept"))
    kind: ContentType = "text/plain" if html is None else "text/html"
    identity = str(guid).strip()[: texts.MAX_GUID] if isinstance(guid, str | int | float) else ""
    addresses = [_text(item, "url"), _text(item, "external_url"), identity if identity.startswith("http") else None]
    return Entry(
        url=next((found for given in addresses if (found := texts.absolute(given, base))), None),
        guid=identity or None,
        title=texts.plain(_text(item, "title"), html=False),
        authors=_authors(item) or authors,
        published_at=published,
        updated_at=updated,
        published_text=given[:200] if given and published is None else None,
        summary=summary,
        content=html or plain,
        content_type=kind,
        categories=kept,
        language=language,
        notes=tuple(notes),
    )


def _text(item: Object, name: str) -> str | None:
    value = item.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _strings(value: object) -> list[str]:
    return [text for text in value[:1000] if isinstance(text, str)] if isinstance(value, list) else []


def _authors(item: Object) -> tuple[str, ...]:
    """Return the authors: a list since 1.1, one object in 1.0, and names alone where somebody writes them."""
    for given in (item.get("authors"), item.get("author")):
        people = given if isinstance(given, list) else [given]
        names = [person.get("name") if isinstance(person, dict) else person for person in people[:1000]]
        kept, _ = texts.first_of_each([texts.author_name(n) for n in names if isinstance(n, str)], texts.MAX_AUTHORS)
        if kept:
            return kept
    return ()


def _links(feed: Object, base: str) -> list[Link]:
    hubs = feed.get("hubs")
    objects = [hub for hub in hubs[:5] if isinstance(hub, dict)] if isinstance(hubs, list) else []
    found = [Link("hub", url) for hub in objects if (url := texts.absolute(_text(hub, "url"), base))]
    if url := texts.absolute(_text(feed, "feed_url"), base):
        found.append(Link("self", url))
    if url := texts.absolute(_text(feed, "next_url"), base):
        found.append(Link("next", url))
    return found
