"""What a page says about itself: title, authors, date, canonical URL, language, publisher.

Sources, best first: JSON-LD, meta tags, marked-up elements (`time`, `rel=author`, `itemprop`), elements that the
publisher calls a byline or a date, the text around the heading, the URL. The first that gives something plausible wins.
"""
# ruff: noqa: RUF001 - the signs that look like others are what is matched

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from agents.clean.bylines import is_name_alone, split_names, squash
from agents.clean.dates import parse_date, url_date
from agents.clean.jsonld import Claims, read_jsonld
from agents.clean.page import Page
from agents.clean.titles import choose
from agents.clean.vocabulary import PART_BIT, PLACE_BIT, attribute_mask

TITLE_META = (
    "og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title", "parsely-title", "sailthru.title",
    "headline", "title",
)  # fmt: skip
AUTHOR_META = (
    "author", "parsely-author", "sailthru.author", "citation_author", "citation_authors", "dc.creator",
    "dcterms.creator", "article:author", "og:article:author", "byl", "dc.creator.name", "article.author", "authors",
    "creator", "twitter:author",
)  # fmt: skip
DATE_META = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date",
    "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "date", "dc.date.issued",
    "dcterms.issued", "dc.date", "dcterms.date", "dcterms.created", "dc.date.created", "article.published",
    "citation_publication_date", "citation_date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
    "og:pubdate", "og:published_time", "article:published", "displaydate", "published-date", "published_time",
    "article_date_original", "originalpublicationdate", "timestamp", "datecreated", "rnews:datepublished",
    "published", "created", "published_at", "last-published", "search_date", "article-published",
    "video:release_date",
)  # fmt: skip
SITE_META = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "twitter:site",
    "dc.publisher",
    "publisher",
    "copyright",
    "article:publisher",
)
MODIFIED = re.compile(r"(?i)modif|updat|edited|revis")
_ELSEWHERE = (
    PART_BIT["related"]
    | PART_BIT["comment"]
    | PLACE_BIT["aside"]
    | PART_BIT["sidebar"]
    | PLACE_BIT["footer"]
    | PART_BIT["footer"]
)
_BYLINE = re.compile(
    r"(?i)^(?:(?:this\s+(?:post|article)\s+was\s+)?(?:written|posted|published|words|story|text|reported)\b[^.]{0,30}?\s)?"
    r"(?:by|von|por|par|door|oleh)[:\s]+(?=\S)"
)
_PUBLISHED = re.compile(
    r"(?i)\bpubli|\bposted|\bpost time|veröffentlicht|erschienen|\bcreated|écrit le|\bpubblicat|geplaatst"
    r"|опубликован|yayın"
)
_LABELLED = re.compile(
    _PUBLISHED.pattern
    + r"|\b(?:last\s+)?(?:updated?|modified|revised|reviewed)\b|aktualisiert|mis à jour|actualizad|atualizad|aggiornat"
)
_DATE_NAME = re.compile(
    r"(?i)^(?!.*(?:modif|updat|expir|last)).*(?:publi\w*[\W_]*(?:date|time|on\b|at\b)"
    r"|date[\W_]*publi|release[\W_]?date)"
)
MODIFIED_META = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
    "article:modified",
    "revised",
)
#: Longer texts are biographies, not bylines, or paragraphs, not dates.
MAX_BYLINE = 140


@dataclass(slots=True)
class Metadata:
    """What a page says about itself, cleaned; empty where it says nothing plausible.

    `dates` come in order of trust, each found when it is asked for. `declared`: it says that it is an article.
    """

    title: str = ""
    authors: list[str] = field(default_factory=list)
    dates: Iterable[datetime] = ()
    canonical_url: str | None = None
    language: str = ""
    publishers: list[str] = field(default_factory=list)
    body: str = ""
    declared: bool = False


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
        title = tree.css_first("title")
        self.title = " ".join(unescape(title.text()).split())[:1000] if title is not None else ""
        self.scripts = [text for node in tree.css('script[type*="ld+json"]') if (text := node.text())]
        root = tree.css_first("html")
        self.language = (
            ((root.attributes.get("lang") or root.attributes.get("xml:lang")) or "").strip() if root is not None else ""
        )
        link = tree.css_first('link[rel="canonical"]')
        self.canonical = (link.attributes.get("href") or "").strip() if link is not None else ""

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
            dates=self._dates(page, language),
            canonical_url=self._canonical(),
            language=language,
            publishers=self.publishers,
            body=max(self.claims.bodies, key=len, default=""),
            declared=self.claims.article or "article" in self.head.meta.get("og:type", ()),
        )

    def _publishers(self, source: str | None) -> list[str]:
        names = [*self.head.values(SITE_META), *self.claims.publishers]
        host = (urlsplit(self.url).hostname or "") if self.url else ""
        for name in (host, source or ""):
            if name:
                name = name.removeprefix("www.")  # noqa: PLW2901
                names += [name, *[label for label in name.split(".")[:-1] if len(label) > 3]]
        return [name.lstrip("@") for name in names if name.strip()]

    def _title(self, page: Page) -> str:
        headings = [page.texts[index].replace("\n", " ") for index in heading_blocks(page)]
        claims = [*self.head.values(TITLE_META), *self.claims.headlines[:1], self.head.title]
        return choose(headings, [" ".join(unescape(unescape(claim)).split()) for claim in claims], self.publishers)[
            :1000
        ]

    def _language(self) -> str:
        for value in (
            self.head.language,
            *self.head.values(("og:locale", "content-language", "language", "dc.language")),
            *self.claims.languages,
        ):
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
        """Return the authors: as the page shows them, in the spelling of its data where both name the same."""
        shown, shown_text = self._first((text, True) for text in text_bylines(page, near=True))
        claimed, _ = self._first(self._bylines(page))
        if shown and claimed:
            key = squash(shown_text)
            if len(shown) <= len(claimed) and all(squash(name) in key for name in claimed):
                return claimed
        return shown or claimed

    def _first(self, candidates: Iterable[tuple[str, bool]]) -> tuple[list[str], str]:
        """Return the names in the first byline that holds any, and that byline; strict ones need two words a name."""
        for text, strict in candidates:
            names = split_names(text, self.publishers)
            if names and not (
                strict and any(" " not in name or name[0].islower() or name.startswith("The ") for name in names)
            ):
                return names, text
        return [], ""

    def _bylines(self, page: Page) -> Iterator[tuple[str, bool]]:
        """Yield bylines, best first, and whether to be strict with their names."""
        if self.claims.people:
            yield " ; ".join(self.claims.people), False
        labels = list(self.head.values(("twitter:label1", "twitter:label2")))
        for index, label in enumerate(labels, start=1):
            if re.search(r"(?i)written by|author|verfasst|écrit par|escrito por|geschreven", label):
                yield from ((text, False) for text in self.head.values((f"twitter:data{index}",)))
        for name in AUTHOR_META:
            values = [value for value in self.head.meta.get(name, ()) if value and "/" not in value]
            if values:
                yield " ; ".join(values[:10]), False
        yield from marked_bylines(page)
        for text in names_below_heading(page):
            yield text, True
        if self.claims.organisations:
            yield " ; ".join(self.claims.organisations), False
        for text in text_bylines(page, near=False):
            yield text, True

    def _dates(self, page: Page, language: str) -> Iterator[datetime]:
        """Yield the dates that the page's own data give, then, if there are none, those that stand on it."""
        named = [value for name, values in self.head.meta.items() if _DATE_NAME.search(name) for value in values]
        found = [
            date
            for value in (*self.claims.published, *self.head.values(DATE_META), *named)
            if (date := parse_date(value, language))
        ]
        if found:
            yield from found
            return
        yield from page_dates(page, language)
        if date := url_date(self.url):
            yield date
        for value in self.head.values(MODIFIED_META):
            if date := parse_date(value, language):
                yield date


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
    above = node.parent
    for _ in range(12):
        if above is None or above.tag in ("body", "html"):
            return False
        attributes = above.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if (PLACE_BIT.get(above.tag or "", 0) | attribute_mask(names)) & _ELSEWHERE:
            return True
        above = above.parent
    return False


def marked_bylines(page: Page) -> Iterator[tuple[str, bool]]:
    """Yield the texts of elements marked as author, and whether by class only, where one word is often a label.

    Those marked by `rel` or `itemprop` come first, then the nearest to the heading.
    """
    start = next(iter(heading_blocks(page)), 0)
    named: list[tuple[int, int, str]] = []
    for node, at in page.bylines:
        text = own_text(node)
        if not 2 < len(text) < MAX_BYLINE or is_elsewhere(node):
            continue
        attributes = node.attributes
        exact = "author" in f"{attributes.get('rel')} {attributes.get('itemprop')}"
        rank = 0 if exact else 1 if re.search(r"(?i)name|byline|author", attributes.get("class") or "") else 2
        named.append((rank, abs(at - start), text))
    named.sort(key=lambda item: item[:2])
    for rank, _, text in named[:20]:
        yield text, rank > 0


def text_bylines(page: Page, *, near: bool) -> Iterator[str]:
    """Yield short blocks that start like a byline: around the heading, or anywhere."""
    start = next(iter(heading_blocks(page)), 0)
    texts = page.texts[max(0, start - 3) : start + 12] if near else page.texts
    for text in texts:
        first = text.split("\n", 1)[0]
        if len(first) < MAX_BYLINE and _BYLINE.match(first):
            yield first


def names_below_heading(page: Page) -> Iterator[str]:
    """Yield the blocks right below the heading that are nothing but a person's name."""
    start = next(iter(heading_blocks(page)), -1)
    if start >= 0:
        for text in page.texts[start + 1 : start + 8]:
            if len(text) < 40 and is_name_alone(text):
                yield text


def page_dates(page: Page, language: str) -> Iterator[datetime]:
    """Yield the dates on a page that may be the article's, best first.

    In this order: said to be of publication or marked so; `time` elements, elements called a date and short texts near
    the heading; said to be of publication anywhere; said to be of an update. Nearer to the heading goes first.
    """
    start = next(iter(heading_blocks(page)), 0)
    found: list[tuple[int, int, datetime]] = []
    for node, at in page.times:
        attributes = node.attributes
        value = attributes.get("datetime") or attributes.get("content") or ""
        text = own_text(node)
        date = parse_date(value, language) or (parse_date(text, language) if len(text) < MAX_BYLINE else None)
        if date is None or (not -3 <= at - start <= 10 and is_elsewhere(node)):
            continue
        kind = f"{attributes.get('class')} {attributes.get('itemprop')} {text}"
        exact = "datepublished" in kind.lower() or "pubdate" in attributes
        found.append((0 if exact else rank_of(kind, at - start), distance(at - start), date))
    for at, text in enumerate(page.texts):
        if (
            len(text) < MAX_BYLINE
            and any(map(str.isdigit, text))
            and (_LABELLED.search(text) or -8 <= at - start <= 16)
        ):
            date = parse_date(text, language) if len(text) < 80 or _LABELLED.search(text) else None
            if date is not None and (-3 <= at - start <= 10 or not page.ancestors[page.owners[at]] & _ELSEWHERE):
                found.append((rank_of(text, at - start), distance(at - start), date))
    found.sort(key=lambda item: item[:2])
    yield from (date for rank, _, date in found if rank < 5)


def distance(blocks: int) -> int:
    """Return how far from the heading something is, in blocks; what stands before it counts three times."""
    return blocks if blocks >= 0 else -3 * blocks


def rank_of(text: str, blocks: int) -> int:
    """Return how good a date is by what is said about it and where it stands, 0 best, 5 not at all."""
    near = -10 <= blocks <= 25
    if _PUBLISHED.search(text):
        return 0 if near else 2
    if MODIFIED.search(text):
        return 3 if near else 4
    return 1 if near else 5
