"""Stories for the page: the largest, those that grow, the new ones, and how each has grown."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from agents.archive.store import Span, Store
from streams.records import Story
from wirewatch.http.history.answers import StoryPage
from wirewatch.http.history.kept import records
from wirewatch.http.history.parameters import STORIES, limit_of, order_of, span_of

#: Stories with the most developments, among which the big, growing and new ones are looked for.
MAX_RANKED = 200
#: A story that began in the last hours is new.
NEW_SECONDS = 6 * 3600
#: Parts of a line of growth, and the time that it shows where none is asked for.
PARTS, SECONDS = 24, 24 * 3600


def stories(store: Store, given: Mapping[str, str], _: Mapping[str, str]) -> StoryPage:
    """Answer with the stories of a time, in an order."""
    now, limit, order, span = time.time(), limit_of(given), order_of(given, STORIES), span_of(given)
    before: str | None = None
    ranked: int | None = None
    if order == "latest":
        rows = store.latest("story", span, limit)
        found = records(rows, Story)
        before = str(rows[-1].n) if len(rows) == limit else None
    else:
        among = records(store.latest("story", developing(span, order, now), MAX_RANKED, busiest=True), Story)
        found, ranked = RANKED[order](among, now)[:limit], len(among)
    end = span.until or now
    lines = growth(store, found, span.since or end - SECONDS, end)
    return StoryPage(stories=found, growth=lines, before=before, ranked=ranked)


def developing(span: Span, order: str, now: float) -> Span:
    """Return the time in which a story must have developed to be ranked: new ones have done so in the last hours."""
    return replace(span, since=max(span.since or 0.0, now - NEW_SECONDS)) if order == "new" else span


def growth(store: Store, stories: list[Story], since: float, end: float) -> dict[str, list[int]]:
    """Return for each story its developments in equal parts of a time."""
    lines = {story.id: [0] * PARTS for story in stories}
    width = max(end - since, 1.0) / PARTS
    for story, at in store.times("story", list(lines), since) if lines else ():
        lines[story][min(PARTS - 1, max(0, int((at - since) / width)))] += 1
    return lines


def big(stories: list[Story], _: float) -> list[Story]:
    """Return stories of more than one article, those of the most sources first."""
    return sorted(filter(is_told, stories), key=lambda s: (s.sources, s.articles, s.last_seen_at), reverse=True)


def growing(stories: list[Story], _: float) -> list[Story]:
    """Return stories that come in faster now than over their life, the fastest first."""
    grown = [story for story in filter(is_told, stories) if story.growth.now > story.growth.life]
    return sorted(grown, key=lambda s: (s.growth.now, s.last_seen_at), reverse=True)


def new(stories: list[Story], now: float) -> list[Story]:
    """Return stories of more than one article that began in the last hours, those of the most sources first."""
    return big([story for story in stories if now - story.first_seen_at.timestamp() < NEW_SECONDS], now)


def is_told(story: Story) -> bool:
    """Say whether a story has more than one article and goes on: it has not become part of another."""
    return story.articles > 1 and story.merged_into is None


RANKED: Mapping[str, Callable[[list[Story], float], list[Story]]] = {"big": big, "grows": growing, "new": new}
