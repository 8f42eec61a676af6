"""What a page says about itself: title, authors, date, canonical URL, language, publisher.

Sources, best first: JSON-LD, meta tags, marked-up elements (`time`, `rel=author`, `itemprop`), elements that the
publisher calls a byline or a date, the text around the heading, the URL. The first that gives something plausible wins.
"""
# ruff: noqa: RUF001 - the signs that look like others are what is matched

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from itertools import chain
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from agents.clean.metadata.bylines import is_name_alone, split_names, squash
from agents.clean.metadata.dates import parse_date, url_date
from agents.clean.metadata.jsonld import Claims, read_jsonld
from agents.clean.metadata.page_dates import SCRIPT_DATES, PageDate, PageDates, Rank, script_date
from agents.clean.metadata.titles import choose
from agents.clean.page.places import heading_blocks, is_elsewhere, own_text
from agents.clean.page.walk import Page

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
    "article:published_time", "og:article:published_time", "og:published_time", "article:published",
    "datepublished", "parsely-pub-date", "sailthru.date",
    "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "date", "dc.date.issued",
    "dcterms.issued", "dc.date", "dcterms.date", "dcterms.created", "dc.date.created", "article.published",
    "citation_publication_date", "citation_date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
    "og:pubdate", "displaydate", "published-date", "published_time",
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
_BYLINE = re.compile(
    r"(?i)^(?:(?:this\s+(?:post|article)\s+was\s+)?(?:written|posted|published|words|story|text|reported)\b[^.]{0,30}?\s)?"
    r"(?:by|von|por|par|door|oleh)[:\s]+(?=\S)"
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
#: Who holds the rights, in a notice of copyright: what stands before the next stop or sign.
_HOLDER = re.compile(
    r"(?:©|\(c\)|&copy;)\s*(?:copyright\s+)?(?:(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)\d\d)?)?\s*(?:by\s+)?"
    r"([^\W\d_][^.,;:|©()\n\d]{1,40}?)\s*(?:[.,;:|(\n]|[-–—]\s|$|(?:19|20)\d\d)",
    re.IGNORECASE,
)
#: A byline within a line that also gives the date: what introduces it there.
_BYLINE_WITHIN = re.compile(
    r"(?<!\w)(?:by|por|par|von|door|oleh|автор[ыи]?\s*:|autor(?:ka)?\s*:|记者|記者|作者\s*[:：]|글|文\s*[/:：])"
    r"\s*[:：]?\s*(?=[^\W\d_])",
    re.IGNORECASE,
)
#: What stands beside the year where a notice names nobody.
_RIGHTS = re.compile(r"(?i)rights|reserved|copyright|droits|rechte|derechos|direitos|diritti|права|版权|無断|무단")
_STOPS = (".", "!", "?", "。")
#: Names that are written without a space.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff·]{2,8}|[\uac00-\ud7a3]{2,5}")
#: Longer texts are biographies, not bylines.
MAX_BYLINE = 140
#: Characters of a meta tag that are read, and of one that holds JSON-LD.
MAX_META, MAX_JSON = 2_000, 100_000
ONE_DAY = timedelta(days=1)
#: How far a zone's clock can be from UTC.
ZONES = timedelta(hours=14)
#: A claimed date this much later than the displayed one is the day of a build, not another time zone's.
STAMPED = timedelta(hours=36)
#: Blocks below the title within which a displayed date is the article's.
BY_TITLE = 8
#: English-speaking countries whose dates in numbers start with the day.
DAY_FIRST_HOSTS = frozenset(
    ("uk", "ie", "au", "nz", "in", "za", "sg", "my", "ng", "ke", "gh", "pk", "lk", "hk", "mt", "jm")
)


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
                    self.meta.setdefault(name.lower().strip(), []).append(
                        " ".join(unescape(content).split())[: MAX_JSON if "ld+json" in name else MAX_META]
                    )
        title = tree.css_first("title")
        self.title = " ".join(unescape(title.text()).split())[:1000] if title is not None else ""
        self.scripts = [text for node in tree.css('script[type*="ld+json"]') if (text := node.text())]
        if not self.scripts:
            # Some frameworks write a script's type and text as the name and content of a meta tag.
            self.scripts = [text for name, texts in self.meta.items() if "ld+json" in name for text in texts]
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
        self.tree = tree
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
        self.publishers += copyright_holders(page)
        title = self._title(page)
        language = self._language()
        return Metadata(
            title=title,
            authors=self._authors(page),
            dates=self._dates(page, title, language),
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
            if names and not (strict and any(is_doubtful(name) for name in names)):
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
        for text in bylines_beside_dates(page):
            yield text, True
        if self.claims.organisations:
            yield " ; ".join(self.claims.organisations), False
        for text in text_bylines(page, near=False):
            yield text, True

    def _dates(self, page: Page, title: str, language: str) -> Iterator[datetime]:
        """Yield the dates that may be the article's, best first.

        What the page's own data claim comes first, unless the page shows an earlier day right by its title: many
        systems stamp their data with the day on which the site was last built. Then the day in the URL, the dates that
        stand on the page, and those of an update.
        """
        language = regional(language, self.url)
        claimed = self._claimed_dates(language)
        shown = PageDates(page, title, language).ranked(near=bool(claimed))
        if claimed:
            day = displayed(shown)
            if day and day + STAMPED < claimed[0] and not confirmed(claimed[0], shown):
                yield day
            yield from claimed
            return
        yield from self._uncertain_dates(shown, language)

    def _claimed_dates(self, language: str) -> list[datetime]:
        """Return the dates of publication in JSON-LD and meta tags, in order of trust."""
        named = [
            value
            for name, values in self.head.meta.items()
            if "date" in name or "publi" in name
            if _DATE_NAME.search(name)
            for value in values
        ]
        values = chain(self.claims.published, self.head.values(DATE_META), named)
        return [date for value in values if (date := parse_date(value, language))]

    def _uncertain_dates(self, shown: list[PageDate], language: str) -> Iterator[datetime]:
        """Yield the dates of a page whose data claim none."""
        if day := url_date(self.url) or url_date(self._canonical() or ""):
            yield from (item.date for item in shown if -ZONES < item.date - day < ONE_DAY + ZONES)
            yield day
        yield from (item.date for item in shown)
        if not shown and (date := script_date(self.tree.css(SCRIPT_DATES), language)):
            yield date
        for value in self.head.values(MODIFIED_META):
            if date := parse_date(value, language):
                yield date


def displayed(shown: list[PageDate]) -> datetime | None:
    """Return the date that a page shows right by its title as the article's, or None."""
    if not shown:
        return None
    best = shown[0]
    if best.rank is Rank.PUBLISHED_AFAR:
        days = {item.date.date() for item in shown if item.rank is Rank.PUBLISHED_AFAR}
        return best.date if len(days) == 1 else None
    return best.date if best.rank <= Rank.BY_TITLE and best.distance <= BY_TITLE else None


def confirmed(claimed: datetime, shown: list[PageDate]) -> bool:
    """Return whether a page shows a claimed date as its day of publication."""
    return any(
        item.rank in (Rank.PUBLISHED, Rank.BY_TITLE, Rank.PUBLISHED_AFAR) and abs(item.date - claimed) < STAMPED
        for item in shown
    )


def regional(language: str, url: str) -> str:
    """Return the language with its region, for English on a host of a country that writes the day first."""
    host = (urlsplit(url).hostname or "").rsplit(".", 1)[-1]
    return "en-gb" if language in ("en", "") and host in DAY_FIRST_HOSTS else language


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


def bylines_beside_dates(page: Page) -> Iterator[str]:
    """Yield the bylines of short blocks around the heading that begin with something else, mostly the date."""
    start = next(iter(heading_blocks(page)), 0)
    for text in page.texts[max(0, start - 3) : start + 12]:
        introduction = _BYLINE_WITHIN.search(text) if len(text) < MAX_BYLINE and not text.endswith(_STOPS) else None
        if introduction and parse_date(text):
            yield text[introduction.end() :].split("\n", 1)[0]


def is_doubtful(name: str) -> bool:
    """Return whether a name of a byline that is only recognised by its words may be none."""
    return (" " not in name and not _UNSPACED.fullmatch(name)) or name[0].islower() or name.startswith("The ")


def copyright_holders(page: Page) -> list[str]:
    """Return whom a page's notices of copyright name, at most three."""
    found: list[str] = []
    for text in page.texts:
        if len(text) < 2 * MAX_BYLINE and ("©" in text or "(c)" in text.lower()):
            found += [match[1] for match in _HOLDER.finditer(text) if not _RIGHTS.search(match[1])]
    return list(dict.fromkeys(found))[:3]


def names_below_heading(page: Page) -> Iterator[str]:
    """Yield the blocks right below the heading that are nothing but a person's name."""
    start = next(iter(heading_blocks(page)), -1)
    if start >= 0:
        for text in page.texts[start + 1 : start + 8]:
            if len(text) < 40 and is_name_alone(text):
                yield text
