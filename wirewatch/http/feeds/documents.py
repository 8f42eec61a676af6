"""Alerts as entries of RSS and Atom feeds.

An entry's content is HTML with the matched words in <mark><b>: readers that strip the one show the other. Everything
that an article brought is escaped.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from agents.deliver.alerts import publication, why_held_back
from agents.deliver.markup import Piece, pieces_of, title_of
from streams.records import Alert, AlertArticle, Evidence, HeldBack
from wirewatch.http import feed_documents
from wirewatch.http.feed_documents import TOPIC_SCHEME, Category, FeedEntry, FeedHead, link

REGION_SCHEME = "https://www.iso.org/iso-3166-country-codes.html"
REGION_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
#: A snippet that ends so was cut off within a sentence.
CUT_OFF = re.compile(r"[\w,;:]\Z")
#: How many of a digest's articles an entry lists.
MAX_LISTED = 50


@dataclass(frozen=True)
class Channel:
    """A feed's own fields: `site` is the worker's address, `path` the feed's own; `watch` None is all watches."""

    title: str
    site: str
    path: str
    updated: datetime
    watch: str | None = None


def rss(channel: Channel, alerts: Sequence[Alert]) -> bytes:
    """Return an RSS 2.0 document, the alerts in the order given."""
    return feed_documents.rss(head_of(channel), [entry_of(alert, channel) for alert in alerts])


def atom(channel: Channel, alerts: Sequence[Alert]) -> bytes:
    """Return an Atom 1.0 document, the alerts in the order given."""
    return feed_documents.atom(head_of(channel), [entry_of(alert, channel) for alert in alerts])


def head_of(channel: Channel) -> FeedHead:
    """Return a feed's own fields as documents have them."""
    return FeedHead(
        id=f"urn:wirewatch:watch:{channel.watch}" if channel.watch else "urn:wirewatch:watches",
        title=channel.title,
        description=description(channel),
        page=f"{channel.site}/",
        address=f"{channel.site}{channel.path}",
        updated=channel.updated,
    )


def entry_of(alert: Alert, channel: Channel) -> FeedEntry:
    """Return an alert as an entry of a feed."""
    article = alert.article
    return FeedEntry(
        id=f"urn:wirewatch:alert:{alert.id}",
        title=title(alert, channel),
        url=article.url,
        html=content(alert),
        published_at=alert.raised_at,
        source=article.source,
        authors=[article.source],
        source_at=article.published_at or article.fetched_at,
        language=article.language,
        summary=article.snippet,
        categories=categories(alert),
    )


def description(channel: Channel) -> str:
    """Describe a feed in one sentence."""
    return f"Articles that the watch {channel.watch} found" if channel.watch else "Articles that the watches found"


def title(alert: Alert, channel: Channel) -> str:
    """Return an entry's title: the alert's kind where it is unusual, then the article's title."""
    parts = [alert.severity.upper()] if alert.severity == "critical" else []
    if channel.watch is None:
        parts.append(alert.watch)
    if alert.burst:
        parts.append(f"{alert.burst.count} articles in {span_of(alert.burst.window_seconds)}")
    if alert.kind == "digest":
        parts.append(f"digest of {len(alert.digest)}")
    return ": ".join([*parts, title_of(alert.article.title)])


def content(alert: Alert) -> str:
    """Return an alert as HTML: the title and the snippet with the matched words marked, and why it was raised."""
    parts = []
    if alert.burst:
        window = span_of(alert.burst.window_seconds)
        parts.append(f"<p>{alert.burst.count} articles in {window}; usual are {alert.burst.usual:.1f}. The newest:</p>")
    if alert.kind == "digest":
        items = "".join(f"<li>{about(item.article, item.spans)}</li>" for item in alert.digest[-MAX_LISTED:])
        more = len(alert.digest) - MAX_LISTED
        parts.append(f"<ul>{items}</ul>" + (f"<p>and {more} before these</p>" if more > 0 else ""))
    else:
        parts.append(about(alert.article, alert.spans))
    more_before = f" · {alert.suppressed} more were held back since the last alert" if alert.suppressed else ""
    parts.append(f"<p>watch <i>{escape(alert.watch)}</i> · {alert.severity}{more_before}</p>")
    if alert.held_back:
        parts.append(f"<ul>{''.join(f'<li>{mention(one)}</li>' for one in alert.held_back)}</ul>")
    return "".join(parts)


def mention(one: HeldBack) -> str:
    """Return an article that was held back as HTML: its title, linked, its source, and why."""
    title = escape(title_of(one.title))
    if url := link(one.url):
        title = f'<a href="{escape(url)}">{title}</a>'
    return f"{title}, {escape(one.source)} ({why_held_back(one)})"


def about(article: AlertArticle, spans: Iterable[Evidence]) -> str:
    """Return an article as HTML, the matched words marked."""
    spans = list(spans)
    heading = marked(pieces_of(title_of(article.title), spans, "title"))
    if url := link(article.url):
        heading = f'<a href="{escape(url)}">{heading}</a>'
    start = article.snippet_start
    snippet = marked(pieces_of(article.snippet, spans, "text", start))
    before = "… " if start and snippet else ""
    after = " …" if CUT_OFF.search(article.snippet) else ""
    published = f", published {publication(article.published_at)}" if article.published_at else ""
    return f'<p dir="auto">{heading}</p><p dir="auto">{before}{snippet}{after}</p><p>{escape(article.source)}{published}</p>'


def marked(pieces: Iterable[Piece]) -> str:
    """Return pieces of a text as HTML."""
    return "".join(
        f"<mark><b>{escape(piece.text)}</b></mark>" if piece.marked else escape(piece.text) for piece in pieces
    )


def categories(alert: Alert) -> list[Category]:
    """Return an alert's categories as scheme, term and label: codes of its regions, their names, its topics."""
    articles = [item.article for item in alert.digest] or [alert.article]
    codes = dict.fromkeys(code for article in articles for code in article.regions if REGION_CODE.fullmatch(code))
    names = dict.fromkeys(name for article in articles for name in article.region_names)
    topics = {code: label for article in articles for code, label in labelled(article)}
    return [
        *(Category(REGION_SCHEME, code, code) for code in codes),
        *(Category("", name, name) for name in names),
        *(Category(TOPIC_SCHEME, code.removeprefix("medtop:"), label) for code, label in topics.items()),
    ]


def labelled(article: AlertArticle) -> Iterable[tuple[str, str]]:
    """Return an article's topics with their labels, the ids themselves where an alert was written without labels."""
    labels = article.topic_labels if len(article.topic_labels) == len(article.topics) else article.topics
    return zip(article.topics, labels, strict=True)


def span_of(seconds: int) -> str:
    """Return a window's length as people say it."""
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= length and seconds % length == 0:
            return f"{seconds // length} {unit if seconds != length else unit[:-1]}"
    return f"{seconds} seconds"
