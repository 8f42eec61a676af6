"""Alerts as RSS 2.0 and as Atom 1.0 (RFC 4287).

An entry's content is HTML with the matched words in <mark><b>: readers that strip the one show the other. Everything
that an article brought is escaped; characters that XML cannot hold are left out.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

from agents.deliver.markup import Piece, pieces_of, title_of
from agents.deliver.message import why_held_back
from streams.records import Alert, AlertArticle, Evidence, HeldBack, utc

#: What XML 1.0 (production 2) does not allow, as a character or as a reference.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: What stands in a URL as it is; all else is percent-escaped.
URL_SAFE = "%/:=&?~#+!$,;'@()*[]"
REGION_SCHEME = "https://www.iso.org/iso-3166-country-codes.html"
TOPIC_SCHEME = "http://cv.iptc.org/newscodes/mediatopic/"
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
    root = ET.Element("rss", {"version": "2.0", "xmlns:atom": "http://www.w3.org/2005/Atom"} | DUBLIN_CORE)
    top = ET.SubElement(root, "channel")
    add(top, "title", channel.title)
    add(top, "link", f"{channel.site}/")
    add(top, "description", description(channel))
    add(top, "lastBuildDate", format_datetime(channel.updated.astimezone(UTC), usegmt=True))
    add(top, "generator", "wirewatch")
    add(top, "ttl", "1")
    add(top, "atom:link", href=f"{channel.site}{channel.path}", rel="self", type="application/rss+xml")
    for alert in alerts:
        item = ET.SubElement(top, "item")
        add(item, "title", without_tags(title(alert, channel)))
        if url := link(alert.article.url):
            add(item, "link", url)
        add(item, "description", content(alert))
        add(item, "guid", urn(alert), isPermaLink="false")
        add(item, "pubDate", format_datetime(alert.raised_at.astimezone(UTC), usegmt=True))
        add(item, "dc:creator", alert.article.source)
        if alert.article.language:
            add(item, "dc:language", alert.article.language)
        if url and (home := origin(url)):
            add(item, "source", alert.article.source, url=home)
        for scheme, term, label in categories(alert):
            domain = f"{scheme}{term}" if scheme == TOPIC_SCHEME else scheme
            add(item, "category", label, **({"domain": domain} if domain else {}))
    return document(root)


def atom(channel: Channel, alerts: Sequence[Alert]) -> bytes:
    """Return an Atom 1.0 document, the alerts in the order given."""
    root = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    add(root, "id", f"urn:wirewatch:watch:{channel.watch}" if channel.watch else "urn:wirewatch:watches")
    add(root, "title", channel.title)
    add(root, "subtitle", description(channel))
    add(root, "updated", utc(channel.updated))
    add(root, "generator", "wirewatch")
    add(ET.SubElement(root, "author"), "name", "wirewatch")
    add(root, "link", rel="self", type="application/atom+xml", href=f"{channel.site}{channel.path}")
    add(root, "link", rel="alternate", type="text/html", href=f"{channel.site}/")
    for alert in alerts:
        entry = ET.SubElement(root, "entry")
        add(entry, "id", urn(alert))
        add(entry, "title", title(alert, channel))
        if url := link(alert.article.url):
            add(entry, "link", rel="alternate", href=url)
        add(entry, "published", utc(alert.raised_at))
        add(entry, "updated", utc(alert.raised_at))
        add(ET.SubElement(entry, "author"), "name", alert.article.source)
        language = {"xml:lang": alert.article.language} if alert.article.language else {}
        add(entry, "summary", alert.article.snippet, **language)
        add(entry, "content", content(alert), type="html", **language)
        for scheme, term, label in categories(alert):
            add(entry, "category", **({"scheme": scheme} if scheme else {}), term=term, label=label)
        source = ET.SubElement(entry, "source")
        add(source, "id", origin(url) if url and origin(url) else f"urn:wirewatch:source:{quote(alert.article.source)}")
        add(source, "title", alert.article.source)
        add(source, "updated", utc(alert.article.published_at or alert.article.fetched_at))
    return document(root)


DUBLIN_CORE = {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}


def add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> None:
    """Add an element with text and attributes, without characters that XML cannot hold."""
    element = ET.SubElement(parent, tag, {name: FORBIDDEN.sub("", value) for name, value in attributes.items()})
    element.text = FORBIDDEN.sub("", text) if text is not None else None


def document(root: ET.Element) -> bytes:
    """Return an XML document in UTF-8."""
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def description(channel: Channel) -> str:
    """Describe a feed in one sentence."""
    return f"Articles that the watch {channel.watch} found" if channel.watch else "Articles that the watches found"


def urn(alert: Alert) -> str:
    """Return the id of an alert's entry."""
    return f"urn:wirewatch:alert:{alert.id}"


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


def without_tags(text: str) -> str:
    """Return a title of RSS, with other brackets: RSS does not say whether a title is HTML, and readers take it for that."""
    return text.replace("<", "\u2039").replace(">", "\u203a")


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
    published = f", {article.published_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if article.published_at else ""
    return f'<p dir="auto">{heading}</p><p dir="auto">{before}{snippet}{after}</p><p>{escape(article.source)}{published}</p>'


def marked(pieces: Iterable[Piece]) -> str:
    """Return pieces of a text as HTML."""
    return "".join(
        f"<mark><b>{escape(piece.text)}</b></mark>" if piece.marked else escape(piece.text) for piece in pieces
    )


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


def categories(alert: Alert) -> list[tuple[str, str, str]]:
    """Return an alert's categories as scheme, term and label: codes of its regions, their names, its topics."""
    articles = [item.article for item in alert.digest] or [alert.article]
    codes = dict.fromkeys(code for article in articles for code in article.regions if REGION_CODE.fullmatch(code))
    names = dict.fromkeys(name for article in articles for name in article.region_names)
    topics = {code: label for article in articles for code, label in labelled(article)}
    return [
        *((REGION_SCHEME, code, code) for code in codes),
        *(("", name, name) for name in names),
        *((TOPIC_SCHEME, code.removeprefix("medtop:"), label) for code, label in topics.items()),
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
