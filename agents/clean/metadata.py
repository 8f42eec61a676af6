"""What a page says about itself: title, authors, date, canonical URL, language, publisher.

Sources, best first: JSON-LD, meta tags, marked-up elements (`time`, `rel=author`, `itemprop`), elements that the publisher
calls a byline or a date, the text around the heading, the URL. The first that gives something plausible wins.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from agents.clean.bylines import split_names, squash, strip_introduction
from agents.clean.dates import parse_date, url_date
from agents.clean.jsonld import Claims, read_jsonld
from agents.clean.page import Page
from agents.clean.titles import choose, normal
from agents.clean.vocabulary import PART_BIT, PLACE_BIT

TITLE_META = ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title", "parsely-title", "sailthru.title", "headline", "title")
AUTHOR_META = ("author", "parsely-author", "sailthru.author", "citation_author", "dc.creator", "dcterms.creator", "article:author",
               "og:article:author", "byl", "dc.creator.name", "article.author", "authors", "creator", "twitter:author")  # fmt: skip
DATE_META = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date", "pubdate",
    "publishdate", "publish-date", "publish_date", "publication_date", "date", "dc.date.issued", "dcterms.issued", "dc.date",
    "dcterms.date", "dcterms.created", "dc.date.created", "article.published", "citation_publication_date", "citation_date",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "og:pubdate", "og:published_time", "article:published", "displaydate",
    "published-date", "published_time", "article_date_original", "originalpublicationdate", "timestamp", "datecreated",
    "rnews:datepublished", "published", "created", "published_at", "last-published", "search_date", "article-published", "video:release_date",
)  # fmt: skip
SITE_META = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site", "dc.publisher", "publisher", "copyright", "article:publisher")
MODIFIED = re.compile(r"(?i)modif|updat|edited|revis")
_ELSEWHERE = PART_BIT["related"] | PART_BIT["comment"] | PLACE_BIT["aside"] | PART_BIT["sidebar"] | PLACE_BIT["footer"] | PART_BIT["footer"]
_BYLINE = re.compile(r"^(?:written |posted |published |story |words |text |reviewed )?(?:by|von|por|par|door|di|oleh)[:\s]+(?=\S)", re.I)
_PUBLISHED = re.compile(r"(?i)publi|posted|veröff|erschienen|date|created|écrit|le \d|am \d|on\b")


@dataclass(slots=True)
class Metadata:
    """What a page says about itself, cleaned; empty where it says nothing plausible. `dates` are in order of trust."""

    title: str = ""
    authors: list[str] = field(default_factory=list)
    dates: list[datetime] = field(default_factory=list)
    canonical_url: str | None = None
    language: str = ""
    publishers: list[str] = field(default_factory=list)
    body: str = ""


class Head:
    """The head of a page: meta tags by lower-case name, links, JSON-LD scripts, title."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.meta: dict[str, list[str]] = {}
        for node in tree.css("meta"):
            attributes = node.attributes
            content = attributes.get("content")
            if content is None:
                continue
            for key in ("property", "name", "itemprop", "http-equiv"):
                name = attributes.get(key)
                if name:
                    self.meta.setdefault(name.lower().strip(), []).append(" ".join(unescape(content).split())[:2000])
        node = tree.css_first("title")
        self.title = " ".join(unescape(node.text()).split())[:1000] if node is not None else ""
        self.scripts = [text for node in tree.css('script[type*="ld+json"]') if (text := node.text())]
        root = tree.css_first("html")
        self.language = ((root.attributes.get("lang") or root.attributes.get("xml:lang")) or "").strip() if root is not None else ""
        node = tree.css_first('link[rel="canonical"]')
        self.canonical = (node.attributes.get("href") or "").strip() if node is not None else ""

    def values(self, names: tuple[str, ...]) -> Iterator[str]:
        """Yield the contents of the meta tags of these names, in the order of the names."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value.strip():
                    yield value


class Reader:
    """Reads one page's metadata. `url`: where it was fetched; `source`: its publisher, as the raw record says."""

    def __init__(self, tree: LexborHTMLParser, url: str | None, source: str | None) -> None:
        self.head = Head(tree)
        self.url = url or ""
        own = self.head.title or next(self.head.values(("og:title",)), "")
        self.claims: Claims = read_jsonld(self.head.scripts, own) if self.head.scripts else Claims()
        self.publishers = self._publishers(source)

    def claimed_title(self) -> str:
        """Return the title that the page claims, as a hint to where the article starts."""
        return next(self.head.values(("og:title",)), "") or (self.claims.headlines[:1] or [self.head.title])[0]

    def read(self, page: Page) -> Metadata:
        """Return everything that the page says about itself."""
        title = self._title(page)
        language = self._language()
        return Metadata(
            title=title,
            authors=self._authors(page),
            dates=list(self._dates(page, language)),
            canonical_url=self._canonical(),
            language=language,
            publishers=self.publishers,
            body=max(self.claims.bodies, key=len, default=""),
        )

    def _publishers(self, source: str | None) -> list[str]:
        names = [*self.head.values(SITE_META), *self.claims.publishers]
        host = (urlsplit(self.url).hostname or "") if self.url else ""
        for name in (host, source or ""):
            if name:
                name = name.removeprefix("www.")  # noqa: PLW2901
                names += [name, *[label for label in name.split(".")[:-1] if len(label) > 3]]  # noqa: PLR2004
        return [name.lstrip("@") for name in names if name.strip()]

    def _title(self, page: Page) -> str:
        headings = [page.texts[index].replace("\n", " ") for index in heading_blocks(page)]
        claims = [*self.claims.headlines[:1], *self.head.values(TITLE_META), self.head.title]
        return choose(headings, [" ".join(unescape(claim).split()) for claim in claims], self.publishers)[:1000]

    def _language(self) -> str:
        for value in (self.head.language, *self.head.values(("og:locale", "content-language", "language", "dc.language")), *self.claims.languages):
            tag = value.split(",")[0].strip().replace("_", "-").lower()
            if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", tag):
                return tag
        return ""

    def _canonical(self) -> str | None:
        for value in (self.head.canonical, *self.head.values(("og:url",))):
            if not value:
                continue
            try:
                url = urljoin(self.url, value)
                parts = urlsplit(url)
                host = parts.hostname
            except ValueError:
                continue
            if parts.scheme in ("http", "https") and host and "." in host:
                return url
        return None

    def _authors(self, page: Page) -> list[str]:
        for candidate in self._bylines(page):
            names = split_names(candidate, self.publishers)
            if names:
                return names
        return []

    def _bylines(self, page: Page) -> Iterator[str]:
        if self.claims.people:
            yield " ; ".join(self.claims.people)
        labels = list(self.head.values(("twitter:label1", "twitter:label2")))
        for index, label in enumerate(labels, start=1):
            if re.search(r"(?i)written by|author|verfasst|écrit par|escrito por|geschreven", label):
                yield from self.head.values((f"twitter:data{index}",))
        for name in AUTHOR_META:
            values = [value for value in self.head.meta.get(name, ()) if value and "/" not in value]
            if values:
                yield " ; ".join(values[:10])
        yield from marked_bylines(page)
        if self.claims.organisations:
            yield " ; ".join(self.claims.organisations)
        yield from text_bylines(page)

    def _dates(self, page: Page, language: str) -> Iterator[datetime]:
        for value in (*self.claims.published, *self.head.values(DATE_META)):
            found = parse_date(value, language)
            if found:
                yield found
        yield from marked_dates(page, language)
        yield from text_dates(page, language)
        if found := url_date(self.url):
            yield found


def heading_blocks(page: Page) -> list[int]:
    """Return the blocks that are h1 headings, or stand in one, outside related articles and comments."""
    bit = PLACE_BIT["h1"]
    blocks = [index for index, owner in enumerate(page.owners) if page.ancestors[owner] & bit]
    inside = [index for index in blocks if not page.ancestors[page.owners[index]] & _ELSEWHERE]
    return (inside or blocks)[:5]


def own_text(node: LexborNode) -> str:
    """Return a node's text, spaces between its elements."""
    return " ".join(node.text(separator=" ").split())


def is_elsewhere(node: LexborNode) -> bool:
    """Return whether a node stands in a comment, a related article, a sidebar or a footer."""
    from agents.clean.vocabulary import attribute_mask  # noqa: PLC0415

    above = node.parent
    for _ in range(12):
        if above is None or above.tag in ("body", "html"):
            return False
        attributes = above.attributes
        mask = PLACE_BIT.get(above.tag or "", 0) | attribute_mask(f"{attributes.get('class') or ''} {attributes.get('id') or ''}")
        if mask & _ELSEWHERE:
            return True
        above = above.parent
    return False


def marked_bylines(page: Page) -> Iterator[str]:
    """Yield the texts of elements marked as author: by `rel` or `itemprop` first, then by class."""
    named: list[tuple[int, str]] = []
    for node in page.bylines:
        text = own_text(node)
        if not 2 < len(text) < 200 or is_elsewhere(node):  # noqa: PLR2004
            continue
        attributes = node.attributes
        exact = "author" in f"{attributes.get('rel')} {attributes.get('itemprop')}"
        rank = 0 if exact else 1 if re.search(r"(?i)name|byline|author", attributes.get("class") or "") else 2
        named.append((rank, text))
    named.sort(key=lambda item: item[0])
    for _, text in named[:15]:
        yield text


def text_bylines(page: Page) -> Iterator[str]:
    """Yield short blocks near the heading that start like a byline."""
    start = next(iter(heading_blocks(page)), 0)
    for text in page.texts[start : start + 25]:
        first = text.split("\n", 1)[0]
        if len(first) < 120 and _BYLINE.match(first):  # noqa: PLR2004
            yield first


def marked_dates(page: Page, language: str) -> Iterator[datetime]:
    """Yield the dates of `time` elements and of elements called a date; those called updates last."""
    later: list[datetime] = []
    exact: list[datetime] = []
    loose: list[datetime] = []
    for node in page.times:
        attributes = node.attributes
        value = attributes.get("datetime") or attributes.get("content") or ""
        text = own_text(node) if not value or len(value) < 8 else ""  # noqa: PLR2004
        found = parse_date(value, language) or (parse_date(text, language) if len(text) < 120 else None)  # noqa: PLR2004
        if found is None or is_elsewhere(node):
            continue
        kind = f"{attributes.get('class')} {attributes.get('itemprop')} {text}"
        if MODIFIED.search(kind) and not re.search(r"(?i)publi", kind):
            later.append(found)
        elif node.tag == "time" or "datepublished" in kind.lower():
            exact.append(found)
        else:
            loose.append(found)
    yield from exact
    yield from loose
    yield from later


def text_dates(page: Page, language: str) -> Iterator[datetime]:
    """Yield the dates in short blocks around the heading: those that say published first."""
    start = next(iter(heading_blocks(page)), 0)
    others = []
    for text in page.texts[max(0, start - 6) : start + 30]:
        if len(text) > 160 or not any(map(str.isdigit, text)):  # noqa: PLR2004
            continue
        found = parse_date(text, language)
        if found is None:
            continue
        if _PUBLISHED.search(text) and not MODIFIED.search(text):
            yield found
        else:
            others.append((bool(MODIFIED.search(text)), found))
    yield from (found for _, found in sorted(others, key=lambda item: item[0]))
