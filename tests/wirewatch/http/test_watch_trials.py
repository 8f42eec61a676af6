"""Trials of watches over history: decided as on a worker, with the stories as they grew."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from agents.archive.entries import article_entry, event_entry
from agents.archive.sqlite import SqliteStore
from streams.records import Growth, Story, StoryArticle, Tagged, encode
from streams.settings import Settings
from tests.support.history import tagged
from wirewatch.history.search import features
from wirewatch.http.watches import trying
from wirewatch.http.watches.trying import Caught, tried

NOW = datetime.now(UTC)
#: Stories by their articles, each of a source of its own.
STORIES = {"en-quay": 6, "en-mill": 2}


def article(number: int, story: str) -> Tagged:
    """Return an article of a story, some minutes after the one before."""
    made = tagged(number, {"title": f"Walkout at the {story.removeprefix('en-')}", "text": f"Report {number}."})
    at = NOW - timedelta(hours=5) + timedelta(minutes=5 * number)
    return msgspec.structs.replace(made, published_at=at, fetched_at=at, source=f"paper{number}.example")


def grown(story: str, each: Tagged, size: int) -> Story:
    """Return the record with which an article joined its story."""
    return Story(
        id=story,
        event_id=f"{story}:{size}",
        event="grown" if size > 1 else "new",
        title=each.title,
        languages=["en"],
        first_seen_at=NOW - timedelta(hours=5),
        last_seen_at=each.fetched_at,
        articles=size,
        sources=size,
        growth=Growth(now=2.0, life=1.0),
        article=StoryArticle(id=each.id, title=each.title, source=each.source, fetched_at=each.fetched_at),
    )


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    """A store of two stories: one that grows to six sources, and one of two."""
    made, number = SqliteStore(tmp_path / "history.db"), 0
    for story, size in STORIES.items():
        for joined in range(1, size + 1):
            number += 1
            each = article(number, story)
            value = encode(grown(story, each, joined))
            made.add([article_entry(encode(each), features)], [event_entry("story", f"{story}:{joined}", value)])
    return made


def caught(query: str, store: SqliteStore) -> Caught:
    """Return the alerts of a trial."""
    answer = tried({"name": "desk", "query": query, "each": "story"}, store, 1.0, Settings())
    assert answer.caught is not None
    return answer.caught


def test_a_trial_waits_until_a_story_is_as_large_as_the_watch_wants_it(store: SqliteStore) -> None:
    """The large story is told of once; the small one, whose articles wait, is not."""
    found = caught("walkout AND story.sources >= 5", store)
    assert (found.matched, found.complete) == (8, True)
    assert [alert.article.title for alert in found.alerts] == ["Walkout at the quay"]
    assert sum(found.alerts_by_day.values()) == found.outcomes["raised"] == 1
    assert sum(caught("walkout", store).alerts_by_day.values()) == 2
    assert "raised" not in caught("walkout AND story.sources >= 7", store).outcomes


def test_a_trial_asks_once_for_all_stories(store: SqliteStore) -> None:
    """History of a time without stories cost a question for each of a thousand; what is asked is in SQLite's own words."""
    asked: list[str] = []
    store._connection.set_trace_callback(asked.append)
    caught("walkout AND story.sources >= 5", store)
    assert len([each for each in asked if "FROM events" in each and "'story'" in each]) == 1


def test_a_trial_says_where_stories_have_more_records_than_are_read(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It then stands for a part."""
    monkeypatch.setattr(trying, "MAX_STORY_RECORDS", 3)
    assert not caught("walkout AND story.sources >= 5", store).complete
