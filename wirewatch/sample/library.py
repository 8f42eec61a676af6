"""The parts of the sample: articles, publishers, boilerplate, and who copies whom.

All of it is data in this folder (`articles/*.toml`, `publishers.toml`, `boilerplate.toml`, `copies.toml`), read on first
use.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any, Literal

#: How an article reaches wirewatch: as a whole page, as one that something has happened to, or in the WARC file only.
Treatment = Literal["page", "mojibake", "cut", "nul", "future", "warc"]
CopyKind = Literal["exact", "wire", "truncated", "extended", "refetch", "tracked", "revision"]


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """An invented publisher; `design` names the file of its page template, `path` the form of its URLs."""

    key: str
    name: str
    host: str
    design: str
    language: str
    country: str
    path: str
    feed: bool = False

    def url(self, slug: str) -> str:
        """Return the URL of the article `slug` at this publisher: the same on every run."""
        return f"https://{self.host}" + self.path.format(slug=slug, number=number(self.key, slug))


@dataclass(frozen=True, kw_only=True)
class Article:
    """An invented event in a real place, as its first publisher tells it.

    `countries` (ISO 3166-1, the main one first) and `topics` (IPTC top-level ids, `medtop:…`) are what a reader would
    say that it is about; other topics may be touched. `hours_ago` is when it was published, before the sample's `now`.
    """

    slug: str
    publisher: str
    language: str
    title: str
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...]
    hours_ago: float
    countries: tuple[str, ...]
    topics: tuple[str, ...]
    dateline: str | None = None
    treatment: Treatment = "page"

    def published_at(self, now: datetime) -> datetime:
        """Return the time of publication, to the minute."""
        return (now - timedelta(hours=self.hours_ago)).replace(second=0, microsecond=0)


@dataclass(frozen=True, kw_only=True)
class Copy:
    """Another version of the article `of`: its own fields are given, the others are the original's.

    `lead` replaces the first paragraph, `keep` is how many paragraphs are left, `added` come after them.
    """

    kind: CopyKind
    of: str
    publisher: str | None = None
    title: str | None = None
    dateline: str | None = None
    lead: str | None = None
    keep: int | None = None
    added: tuple[str, ...] = field(default=())

    def retell(self, paragraphs: tuple[str, ...]) -> tuple[str, ...]:
        """Return the copy's paragraphs."""
        kept = paragraphs[: self.keep]
        if self.lead:
            kept = (self.lead, *kept[1:])
        return (*kept, *self.added)


@cache
def articles() -> dict[str, Article]:
    """Return all articles by slug, in an order that mixes languages and desks and never changes."""
    folder = resources.files("wirewatch.sample") / "articles"
    tables = [
        table
        for file in folder.iterdir()
        if file.name.endswith(".toml")
        for table in tomllib.loads(file.read_text(encoding="utf-8"))["articles"]
    ]
    found = [Article(**_tuples(table | {"paragraphs": split(table.pop("text"))})) for table in tables]
    return {article.slug: article for article in sorted(found, key=lambda article: number("order", article.slug))}


@cache
def publishers() -> dict[str, Publisher]:
    """Return all publishers by key."""
    return {key: Publisher(key=key, **table) for key, table in _read("publishers.toml")["publishers"].items()}


@cache
def copies() -> tuple[Copy, ...]:
    """Return all copies, in the order in which they appear."""
    tables = _read("copies.toml")["copies"]
    return tuple(Copy(**table | {"added": split(table.pop("added", ""))}) for table in tables)


@cache
def boilerplate() -> dict[str, dict[str, Any]]:
    """Return the words that stand around an article, by language."""
    return _read("boilerplate.toml")


def number(*names: str) -> str:
    """Return a number of seven digits, always the same for the same names."""
    return str(int(sha256("\n".join(names).encode()).hexdigest(), 16) % 9_000_000 + 1_000_000)


def split(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text in which blank lines separate them."""
    return tuple(paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip())


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("wirewatch.sample") / name).read_text(encoding="utf-8"))


def _tuples(table: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
