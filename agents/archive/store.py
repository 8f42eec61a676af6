"""The one interface of the stores, and how a search is put to them.

A store finds candidates: articles that have the features without which a query cannot match. Whether a candidate does
match is for the caller to say, with the same matcher that raises alerts, so that a search and a watch agree.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from msgspec import Struct

from agents.archive.entries import ArticleEntry, EventEntry, Kind

#: A feature that an article must have, `*` at its end, its beginning, or both standing for any letters.
Feature = str
#: Alternatives, of which each clause needs one feature; without any, every article is a candidate.
Alternatives = tuple[tuple[frozenset[Feature], ...], ...]

#: Arrivals of articles that a store remembers at least, for those who follow what comes.
MAX_ARRIVALS = 20_000
#: Words that a wildcard at a beginning may stand for; of more, the first ones count.
MAX_EXPANSION = 500


@dataclass(frozen=True)
class Span:
    """Articles from `since` to before `until`, in epoch seconds; None is no bound. `before` is the last row's `n`."""

    since: float | None = None
    until: float | None = None
    before: int | None = None


class ArticleRow(Struct, frozen=True):
    """A kept article. `n` orders articles by time and is unique: the place to go on from."""

    n: int
    id: str
    at: float
    source: str
    language: str
    countries: tuple[str, ...]
    topics: tuple[str, ...]
    story: str
    title: str
    record: bytes


class Outline(Struct, frozen=True):
    """All of a kept article that is counted."""

    n: int
    source: str
    language: str
    countries: tuple[str, ...]
    topics: tuple[str, ...]


class EventRow(Struct, frozen=True):
    """A kept event. `n` orders events by time and is unique."""

    n: int
    kind: Kind
    key: str
    subject: str
    at: float
    record: bytes


@dataclass
class Counts:
    """Articles by day and hour (UTC), country, topic, source and language.

    `counted` is of how many of the newest ones the hours, countries, topics, sources and languages are. `complete` is false
    where those are not all, or where not all could be tried and `articles` and `days` are not all either.
    """

    articles: int = 0
    counted: int = 0
    complete: bool = True
    days: Counter[str] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)


class Store(Protocol):
    """Keeps articles and events. Every call may take long: call it in a thread, never on the event loop."""

    def add(self, articles: Sequence[ArticleEntry], events: Sequence[EventEntry]) -> int:
        """Keep entries, all or none; return how many were new. The same again changes nothing."""

    def is_new(self) -> bool:
        """Return whether the store is new, and what the topics hold from before it is not yet in it."""

    def note_filled(self) -> None:
        """Note that all is in it that the topics held."""

    def candidates(self, wanted: Alternatives, span: Span) -> Iterator[ArticleRow]:
        """Yield the newest version of each article that may match, the newest article first."""

    def outlines(self, wanted: Alternatives, span: Span) -> Iterator[Outline]:
        """Yield the outlines of the same articles, in the same order."""

    def days(self, wanted: Alternatives, span: Span) -> Counter[str]:
        """Return how many of the same articles each day has (UTC, as 2026-11-27)."""

    @property
    def has_titles(self) -> bool:
        """Say whether the features of titles (`title:word`) are kept: a store of an older version is without."""

    def is_elsewhere(self) -> bool:
        """Return whether the store at its address is another one by now."""

    def end_at(self, until: float) -> None:
        """End later questions at a time by `time.monotonic`, with an error of the store's library; `inf`: never."""

    def require_alive(self) -> None:
        """Raise `ArchiveError` where nobody can answer any more, and end the question that waits; from another thread."""

    def arrived(self, after: int, limit: int) -> list[tuple[int, ArticleRow]]:
        """Return the articles that were kept after a number of arrival, in that order, each with its own number."""

    def arrivals(self) -> tuple[int, int]:
        """Return the first number of arrival that is kept and the last one; the first after the last: there is none."""

    def article(self, article_id: str) -> list[ArticleRow]:
        """Return every version of an article, the latest first."""

    def story_articles(self, story: str, limit: int) -> list[ArticleRow]:
        """Return the newest articles of a story."""

    def events(self, kind: Kind, subject: str | None, span: Span, limit: int) -> list[EventRow]:
        """Return events of a kind, the newest first; `subject` None is any."""

    def events_of(self, kind: Kind, subjects: Sequence[str], limit: int) -> list[EventRow]:
        """Return events of some subjects, the newest first."""

    def latest(self, kind: Kind, span: Span, limit: int, *, busiest: bool = False) -> list[EventRow]:
        """Return the latest event of each subject whose latest lies in a span, the newest first.

        Where there are more than `limit`, those are returned that are the newest, or that have the most events in the span.
        """

    def times(self, kind: Kind, subjects: Sequence[str], since: float) -> list[tuple[str, float]]:
        """Return for each event of some subjects since then its subject and its second."""

    def prune(self, before: float) -> int:
        """Forget everything from before a time; return how many articles went."""

    def merge(self) -> bool:
        """Do a piece of what keeps the store's old parts few; tell whether there was any."""

    def oldest(self) -> float:
        """Return the time of the oldest article, in epoch seconds; 0 where there is none."""

    def size(self) -> tuple[int, int]:
        """Return how many articles are kept, and the bytes that the store takes."""

    def close(self) -> None:
        """Close all connections."""
