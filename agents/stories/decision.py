"""The decision on an article: its outcome, places, and the changes to persist."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import msgspec

from agents.stories.reading.gather import ArticleFeatures
from agents.stories.state.story import StoryRecord

Outcome = Literal["new", "grown", "known", "copy", "waiting", "alone"]


class StoredValue(NamedTuple):
    """A key and value to persist; without a value it is forgotten."""

    key: str
    value: bytes | None


class ArticlePlace(NamedTuple):
    """An article and the story that it belongs to now; None where it belongs to none."""

    article: ArticleFeatures
    story: StoryRecord | None
    founded: bool


class Relation(NamedTuple):
    """A story, and the id of the one in another language that it is related to now."""

    story: StoryRecord
    other: str


class Decision(NamedTuple):
    """The outcome of an article.

    `places`: of the article, and of copies that waited for it. `merged`: stories that are no more, each with the one that took it
    in. `ended`: stories that are over. `related`: stories that are related since, both of each pair.
    """

    outcome: Outcome
    places: list[ArticlePlace]
    changes: list[StoredValue]
    merged: list[tuple[StoryRecord, StoryRecord]]
    ended: list[StoryRecord]
    related: list[Relation]


def decision_of(outcome: Outcome, *places: ArticlePlace) -> Decision:
    """Return a decision of which nothing else follows yet."""
    return Decision(outcome, list(places), [], [], [], [])


def merges_again(story: StoryRecord, article: ArticleFeatures) -> Iterator[tuple[StoryRecord, StoryRecord]]:
    """Yield the merges that an article brought when it was first decided on, of which nobody may have been told."""
    for name, fetch in story.absorbed:
        if fetch == article.fetch_id:
            yield msgspec.structs.replace(story, id=name), story
