"""A search as a feed: JSON Feed 1.1, RSS 2.0 and Atom 1.0, the newest article first."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

import orjson

from agents.deliver.markup import title_of
from agents.watch.alerts import describe
from streams.records import utc
from wirewatch.history.search import Hit
from wirewatch.http import feed_documents
from wirewatch.http.feed_documents import TOPIC_SCHEME, Category, FeedEntry, FeedHead, link
from wirewatch.http.feeds.documents import about

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
            "authors": [{"name": name} for name in authors(hit)],
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
    return feed_documents.rss(head_of(query, here, path, hits), [entry_of(hit) for hit in hits])


def atom(query: str, here: str, path: str, hits: Sequence[Hit]) -> bytes:
    """Return an Atom 1.0 document."""
    return feed_documents.atom(head_of(query, here, path, hits), [entry_of(hit) for hit in hits])


def head_of(query: str, here: str, path: str, hits: Sequence[Hit]) -> FeedHead:
    """Return the fields of a search's feed."""
    return FeedHead(
        id=f"urn:wirewatch:search:{urlencode({'query': query})}",
        title=title(query),
        description="Articles that match a search",
        page=page(query, here),
        address=f"{here}{path}",
        updated=max(map(moment, hits), default=datetime.fromtimestamp(0, UTC)),
    )


def entry_of(hit: Hit) -> FeedEntry:
    """Return an article that was found as an entry of a feed."""
    article = hit.article
    return FeedEntry(
        id=urn(hit),
        title=title_of(article.title),
        url=article.url,
        html=content(hit),
        published_at=moment(hit),
        source=article.source,
        authors=authors(hit),
        language=article.language,
        categories=[Category(TOPIC_SCHEME, topic.id.removeprefix("medtop:"), topic.label) for topic in article.topics],
    )


def authors(hit: Hit) -> list[str]:
    """Return who wrote an article, its source where nobody is named."""
    return list(hit.article.authors) or [hit.article.source]


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
