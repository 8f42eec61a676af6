"""A search as a feed: JSON Feed 1.1, RSS 2.0 and Atom 1.0, the newest article first."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import orjson

from agents.deliver.markup import title_of
from agents.watch.alerts import describe
from streams.records import utc
from wirewatch.history.search import Hit
from wirewatch.http.feeds.documents import about, add, document, link, origin, without_tags

Writer = Callable[[str, str, str, Sequence[Hit]], bytes]


def json_feed(query: str, here: str, path: str, hits: Sequence[Hit]) -> bytes:
    """Return a JSON Feed."""
    items = [
        {
            "id": urn(hit),
            "url": link(hit.article.url),
            "title": hit.article.title,
            "content_html": content(hit),
            "date_published": utc(moment(hit)),
            "language": hit.article.language,
            "authors": [{"name": name} for name in (hit.article.authors or [hit.article.source])],
            "tags": [topic.label for topic in hit.article.topics],
        }
        for hit in hits
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title(query),
        "home_page_url": page(query, here),
        "feed_url": f"{here}{path}",
        "items": [{name: value for name, value in item.items() if value} for item in items],
    }
    return orjson.dumps(feed)


def rss(query: str, here: str, path: str, hits: Sequence[Hit]) -> bytes:
    """Return an RSS 2.0 document."""
    root = ET.Element("rss", {"version": "2.0", "xmlns:atom": "http://www.w3.org/2005/Atom"})
    top = ET.SubElement(root, "channel")
    add(top, "title", title(query))
    add(top, "link", page(query, here))
    add(top, "description", "Articles that match a search")
    add(top, "generator", "wirewatch")
    add(top, "atom:link", href=f"{here}{path}", rel="self", type="application/rss+xml")
    for hit in hits:
        item = ET.SubElement(top, "item")
        add(item, "title", without_tags(title_of(hit.article.title)))
        if url := link(hit.article.url):
            add(item, "link", url)
            add(item, "source", hit.article.source, url=origin(url))
        add(item, "description", content(hit))
        add(item, "guid", urn(hit), isPermaLink="false")
        add(item, "pubDate", format_datetime(moment(hit), usegmt=True))
    return document(root)


def atom(query: str, here: str, path: str, hits: Sequence[Hit]) -> bytes:
    """Return an Atom 1.0 document."""
    root = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    add(root, "id", f"urn:wirewatch:search:{urlencode({'query': query})}")
    add(root, "title", title(query))
    add(root, "updated", utc(max(map(moment, hits), default=datetime.fromtimestamp(0, UTC))))
    add(root, "generator", "wirewatch")
    add(ET.SubElement(root, "author"), "name", "wirewatch")
    add(root, "link", rel="self", type="application/atom+xml", href=f"{here}{path}")
    add(root, "link", rel="alternate", type="text/html", href=page(query, here))
    for hit in hits:
        entry = ET.SubElement(root, "entry")
        add(entry, "id", urn(hit))
        add(entry, "title", title_of(hit.article.title))
        if url := link(hit.article.url):
            add(entry, "link", rel="alternate", href=url)
        add(entry, "published", utc(moment(hit)))
        add(entry, "updated", utc(moment(hit)))
        add(ET.SubElement(entry, "author"), "name", hit.article.source)
        add(entry, "content", content(hit), type="html")
        for topic in hit.article.topics:
            add(entry, "category", term=topic.id, label=topic.label)
    return document(root)


def title(query: str) -> str:
    """Return a feed's title."""
    return f"wirewatch: {' '.join(query.split())}" if query.strip() else "wirewatch: all articles"


def page(query: str, here: str) -> str:
    """Return the address of the page with this search."""
    return f"{here}/?{urlencode({'query': query})}" if query.strip() else f"{here}/"


def urn(hit: Hit) -> str:
    """Return the id of an article's entry: another version is the same entry, changed."""
    return f"urn:wirewatch:article:{hit.article.id}"


def content(hit: Hit) -> str:
    """Return the title and a snippet as HTML, the matched words marked."""
    return about(describe(hit.article, hit.spans), hit.spans)


def moment(hit: Hit) -> datetime:
    """Return when an article was published, else fetched."""
    return (hit.article.published_at or hit.article.fetched_at).astimezone(UTC)


FEED_FORMATS: dict[str, tuple[str, Writer]] = {
    "json": ("application/feed+json", json_feed),
    "rss": ("application/rss+xml", rss),
    "atom": ("application/atom+xml", atom),
}
