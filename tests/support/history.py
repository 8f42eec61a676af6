"""A store of history with the articles of the watches' cases, and with copies, a story and alerts of some."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from agents.archive.entries import article_entry, event_entry
from agents.archive.store import Store
from agents.watch.language.parse import parse
from agents.watch.matching.article import SearchableArticle
from streams.records import (
    Digest,
    DigestLink,
    DigestSection,
    DigestStory,
    Duplicate,
    Growth,
    NewsTopic,
    Region,
    Similarity,
    Story,
    StoryArticle,
    Tagged,
    encode,
)
from tests.support.alerts import alert
from wirewatch.history.search import features

CASES = [
    tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parents[1] / "agents/watch/cases").glob("*.toml"))
]
START = datetime(2026, 11, 20, tzinfo=UTC)


def tagged(number: int, given: dict[str, Any]) -> Tagged:
    """Return an article of the watches' cases, a minute after the one before."""
    at = START + timedelta(minutes=number)
    return Tagged(
        id=f"{number:032x}",
        fetch_id=f"{number:032x}:{at.isoformat()}",
        source="news.example.org",
        title=given["title"],
        text=given["text"],
        published_at=at,
        fetched_at=at,
        language=given.get("language", "en"),
        regions=[
            Region(country=c, code=c, level="country", name=c, role="about", score=1.0)
            for c in given.get("regions", [])
        ],
        topics=[NewsTopic(id=t, label="", level=1, score=1.0, method="test") for t in given.get("topics", [])],
        extractor="test",
    )


ARTICLES = [
    tagged(number, given)
    for number, given in enumerate(given for case in CASES for label in ("match", "miss") for given in case[label])
]


def fill(store: Store) -> None:
    """Keep all articles; the first three are one story, the first has a copy; three alerts."""
    first = ARTICLES[0]
    events = [event_entry("story", f"{STORY}:{number}", encode(story(number))) for number in range(3)]
    events += [event_entry("digest", each.id, encode(each)) for each in map(digest, range(2))]
    events += [
        event_entry("duplicate", "copy", encode(copy_of(first))),
        *(event_entry("alert", f"alert {number}", encode(alert(number))) for number in range(3)),
    ]
    store.add([article_entry(encode(article), features) for article in ARTICLES], events)


STORY = f"en-{0:032x}"


def story(number: int) -> Story:
    """Return the event of the story with one of its articles."""
    article = ARTICLES[number]
    return Story(
        id=STORY,
        event_id=f"{STORY}:{number}",
        event="grown" if number else "new",
        title=ARTICLES[0].title,
        languages=["en"],
        first_seen_at=START,
        last_seen_at=START + timedelta(minutes=number),
        articles=number + 1,
        sources=1,
        growth=Growth(now=1.0, life=1.0),
        article=StoryArticle(
            id=article.id, fetch_id=article.fetch_id, title=article.title, source=article.source, fetched_at=START
        ),
    )


def digest(day: int) -> Digest:
    """Return the digest of a day, with the story in it."""
    at, told = START + timedelta(days=day + 1), story(1)
    shown = DigestStory(
        id=STORY,
        title=told.title,
        sentence="A <b>sentence</b> & more.",
        latest="The votes are counted",
        language="en",
        articles=2,
        sources=2,
        first_seen_at=told.first_seen_at,
        last_seen_at=told.last_seen_at,
        links=[DigestLink(title=told.title, source="news.example.org", url="https://news.example.org/1?a=1&b=2")],
        why=["2 sources"],
    )
    return Digest(
        id=f"daily:{at:%Y-%m-%dT%H:%M:%SZ}",
        name="daily",
        title=f"The day {day}",
        at=at,
        since=at - timedelta(days=1),
        sections=[DigestSection(name="new", stories=[shown])],
    )


def copy_of(article: Tagged) -> Duplicate:
    """Return a copy of an article elsewhere."""
    return Duplicate(
        id="c" * 32,
        source="copies.example",
        title=article.title,
        fetched_at=START,
        duplicate_of=article.id,
        kind="exact",
        similarity=Similarity(containment=1.0, jaccard=1.0, facts=1.0),
    )


def matching(query: str) -> list[str]:
    """Return the ids of the articles that a watch would match, the newest first."""
    parsed = parse(query)
    return [article.id for article in reversed(ARTICLES) if parsed.find(SearchableArticle(article)) is not None]
