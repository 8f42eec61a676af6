"""Stories for the page: the largest, those that grow, the new ones, and how each has grown."""

import time
from collections.abc import Callable, Mapping

from agents.archive.store import Store
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
    now, limit, order = time.time(), limit_of(given), order_of(given, STORIES)
    since = span_of(given).since
    if order == "latest":
        found = records(store.latest("story", since or 0.0, limit), Story)
    else:
        began = now - NEW_SECONDS if order == "new" else since or 0.0
        among = records(store.latest("story", began, MAX_RANKED, busiest=True), Story)
        found = RANKED[order](among, now)[:limit]
    return StoryPage(stories=found, growth=growth(store, found, since or now - SECONDS, now))


def growth(store: Store, stories: list[Story], since: float, now: float) -> dict[str, list[int]]:
    """Return for each story its developments in equal parts of a time."""
    lines = {story.id: [0] * PARTS for story in stories}
    width = max(now - since, 1.0) / PARTS
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
