"""Claims: the statements of a page about its article, each with the place where the page makes it.

Cleaning goes one way: claims are collected (`page_claims`), become candidates (titles, authors, publication), and one of
them is chosen for each field. A `Choice` carries its reason, which `wirewatch apply clean --explain` shows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from agents.clean.metadata.head import SITE_META, TITLE_META, Head
from agents.clean.metadata.jsonld import StructuredData, read_jsonld
from agents.clean.page.blocks import Page
from agents.clean.page.places import heading_blocks
from agents.clean.page.walls import names_rights
from streams.ids import host_of
from streams.text.character_references import unescape

T = TypeVar("T")
#: An element within a line, which some systems write into a title as text.
_MARKUP = re.compile(r"<(em|i|b|u|strong|span|sup|sub|small|mark|cite|q)\b[^<>]{0,200}>([^<>]*)</\1>", re.IGNORECASE)
#: Characters of a claimed title: the longest real one of the development pages has 240.
MAX_TITLE = 1_000
MAX_URL = 4_000
#: Characters of a claim that an explanation shows, and claims of one field.
SHOWN, MAX_SHOWN = 200, 40


class Claim(NamedTuple):
    """A statement about one field: its text as the page has it, and where it stands ("meta og:title", "h1")."""

    field: str
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """The value chosen for a field, the place of the claim that it came from, and why that claim was taken."""

    value: T
    where: str = ""
    reason: str = ""


@dataclass(slots=True)
class Claims:
    """The claims of one page.

    `titles` and `languages`: best first; `headings`: texts of h1 elements in order; `publishers`: the names of who
    publishes the page; `bodies`: article texts in structured data; `declared`: the page says that it is an article;
    `post`: the heading below a banner that says the same as the page's titles.
    """

    head: Head
    data: StructuredData
    url: str = ""
    titles: list[Claim] = field(default_factory=list)
    headings: list[Claim] = field(default_factory=list)
    languages: list[Claim] = field(default_factory=list)
    canonical: list[Claim] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)
    declared: bool = False
    post: str = ""

    def first_title(self) -> str:
        """Return the title that the page claims, as a hint to where the article starts."""
        og = next(self.head.values(("og:title",)), "")
        return (og or (self.data.headlines[:1] or [self.head.title])[0])[:MAX_TITLE]

    def body(self) -> str:
        """Return the longest article text in the page's structured data, empty where it holds none."""
        return max(self.data.bodies, key=len, default="")


def head_claims(tree: LexborHTMLParser, url: str | None, source: str | None) -> Claims:
    """Return the claims of a page's head and structured data. `url`: where it was fetched; `source`: its publisher."""
    head = Head(tree)
    own = head.title or next(head.values(("og:title",)), "")
    data = read_jsonld(head.scripts, own) if head.scripts else StructuredData()
    claims = Claims(head, data, url=(url or "")[:MAX_URL])
    claims.publishers = publisher_names(claims, source)
    claims.declared = data.article or "article" in head.meta.get("og:type", ())
    for name in TITLE_META:
        claims.titles += [Claim("title", title_text(value), f"meta {name}") for value in head.values((name,))]
    claims.titles += [Claim("title", title_text(text), "json-ld headline") for text in data.headlines[:1]]
    claims.titles.append(Claim("title", title_text(head.title), "title element"))
    claims.languages = list(language_claims(claims))
    claims.canonical = list(canonical_claims(claims))
    return claims


def add_page(claims: Claims, page: Page) -> None:
    """Add the claims of a page's blocks: its headings, and who holds the rights."""
    claims.publishers += copyright_holders(page)
    claims.headings = [
        Claim("title", title_text(page.texts[index].replace("\n", " ")), "h1") for index in heading_blocks(page)
    ]


def title_text(text: str) -> str:
    """Return a title with its entities read, those escaped twice too, at most `MAX_TITLE` characters."""
    text = text[: 2 * MAX_TITLE]
    for _ in range(2):
        if "&" not in text:
            break
        text = unescape(text)
    if "<" in text:
        text = _MARKUP.sub(r"\2", text)
    return " ".join(text.split())[:MAX_TITLE]


def publisher_names(claims: Claims, source: str | None) -> list[str]:
    """Return the names of the page's publisher: as it calls itself, its host, and the record's source."""
    names = [*claims.head.values(SITE_META), *claims.data.publishers]
    for name in (host_of(claims.url), source or ""):
        if name:
            bare = name.removeprefix("www.")
            names += [bare, *[label for label in bare.split(".")[:-1] if len(label) > 3]]
    return [name.lstrip("@")[:SHOWN] for name in names if name.strip()]


def language_claims(claims: Claims) -> Iterator[Claim]:
    """Yield the language tags that a page gives itself, best first."""
    values = [("html lang", claims.head.language)]
    for name in ("og:locale", "content-language", "language", "dc.language"):
        values += [(f"meta {name}", value) for value in claims.head.values((name,))]
    values += [("json-ld inLanguage", value) for value in claims.data.languages]
    for where, value in values:
        tag = value[:100].split(",")[0].strip().replace("_", "-").lower()
        if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", tag):
            yield Claim("language", tag, where)


def canonical_claims(claims: Claims) -> Iterator[Claim]:
    """Yield the page's own addresses, absolute, best first."""
    values = [("link canonical", claims.head.canonical)]
    values += [("meta og:url", value) for value in claims.head.values(("og:url",))]
    for where, value in values:
        if value and len(value) <= MAX_URL and (url := web_address(claims.url, value)):
            yield Claim("canonical_url", url, where)


@lru_cache(16)
def web_address(base: str, value: str) -> str:
    """Return an address on the web, absolute, empty where it is none; pages give themselves the same one twice."""
    try:
        url = urljoin(base, value)
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and host and "." in host else ""


#: Who holds the rights, in a notice of copyright: the words before the next stop or other punctuation.
_HOLDER = re.compile(
    r"(?:©|\(c\)|&copy;)\s*(?:copyright\s+)?(?:(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)\d\d)?)?\s*(?:by\s+)?"  # noqa: RUF001
    r"([^\W\d_][^.,;:|©()\n\d]{1,40}?)\s*(?:[.,;:|(\n]|[-–—]\s|$|(?:19|20)\d\d)",  # noqa: RUF001
    re.IGNORECASE,
)
#: Longer blocks are no notice of copyright.
MAX_NOTICE = 280


def copyright_holders(page: Page) -> list[str]:
    """Return whom a page's notices of copyright name, at most three."""
    found: list[str] = []
    for text in page.texts:
        if len(text) < MAX_NOTICE and ("©" in text or "(c)" in text or "(C)" in text):
            found += [match[1] for match in _HOLDER.finditer(text) if not names_rights(match[1])]
    return list(dict.fromkeys(found))[:3]
