"""Builders of articles and watches, as fixtures: they keep no state."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agents.watch.alerts import match_record
from agents.watch.language.parse import parse
from agents.watch.matching.matcher import Match, Matcher
from agents.watch.records import Watch
from agents.watch.throttle import Decision, Throttle
from streams.records import NewsTopic, Region, Tagged, WatchRecord

Decide = Callable[..., Decision]
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def noon() -> datetime:
    """When articles are fetched unless a test says otherwise: a Monday."""
    return NOON


@pytest.fixture(scope="session")
def article() -> Callable[..., Tagged]:
    """Build a tagged article, fetched at noon and published a minute before."""

    def build(title: str = "", text: str = "", **fields: Any) -> Tagged:
        given: dict[str, Any] = {
            "id": "a1",
            "source": "news.example.org",
            "fetched_at": NOON,
            "published_at": NOON - timedelta(minutes=1),
            "extractor": "test",
        }
        return Tagged(title=title, text=text, **(given | fields))

    return build


@pytest.fixture(scope="session")
def about() -> Callable[..., Region]:
    """Build a region that an article is about."""

    def build(country: str, name: str = "", code: str = "", role: Any = "about") -> Region:
        level: Any = "admin1" if code else "country"
        return Region(country=country, code=code or country, level=level, name=name or country, role=role, score=1.0)

    return build


@pytest.fixture(scope="session")
def on() -> Callable[[str], NewsTopic]:
    """Build a topic by its id."""
    return lambda identifier: NewsTopic(id=identifier, label="", level=1, score=1.0, method="test")


@pytest.fixture(scope="session")
def watch() -> Callable[..., Watch]:
    """Build a watch in force."""
    return lambda query, name="w", **fields: Watch(
        record=WatchRecord(name=name, query=query, **fields), query=parse(query)
    )


@pytest.fixture(scope="session")
def match(watch: Callable[..., Watch]) -> Callable[[str, Tagged], Match | None]:
    """Match one query with one article, through the index."""
    return lambda query, record: next(iter(Matcher([watch(query)]).match(record)), None)


@pytest.fixture(scope="session")
def marked(article: Callable[..., Tagged], match: Callable[[str, Tagged], Match | None]) -> Callable[..., Any]:
    """Return the words that a query marks in an article, None where it does not match."""

    def mark(query: str, title: str = "", text: str = "", **fields: Any) -> list[str] | None:
        record = article(title, text, **fields)
        found = match(query, record)
        return None if found is None else [getattr(record, s.field)[s.start : s.end] for s in found.spans]

    return mark


@pytest.fixture
def throttle() -> Throttle:
    """Return a throttle that remembers nothing yet."""
    return Throttle()


@pytest.fixture
def decide(throttle: Throttle, watch: Callable[..., Watch], article: Callable[..., Tagged], noon: datetime) -> Decide:
    """Decide on an article about oil, `minutes` after noon."""

    def do(
        name: str = "a1", minutes: float = 0, on: Throttle = throttle, fields: Any = None, **settings: Any
    ) -> Decision:
        now = noon + timedelta(minutes=minutes)
        ids = {key: settings.pop(key) for key in ("group", "story") if key in settings}
        given = {"id": name, "fetch_id": f"{name}:{now.isoformat()}", "fetched_at": now, "published_at": now}
        record = article("Oil", "Oil rises.", **(given | (fields or {})))
        match = Matcher([watch(settings.pop("query", "oil"), **settings)]).match(record)[0]
        return on.decide(match_record(match, record, **ids), now=now)

    return do
