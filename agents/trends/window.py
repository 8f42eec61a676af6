"""The articles of one key in the window, as little of them as is asked for.

A key of a busy stream has thousands of articles in three and a half hours, and its state is written with each of them. What
is kept is bounded by the key's sources and stories, and not by its articles.
"""

from collections.abc import Mapping
from typing import NamedTuple

#: Of one source, so many articles count for a key in a window.
MOST_OF_SOURCE = 2
#: Stories that explain a burst.
MOST_STORIES = 5
#: Stories of which articles are counted: when there are twice as many, those of the most articles stay. A story that has
#: gone and grows later is short of what it had by then, which is less than each of so many others have.
MOST_COUNTED_STORIES = 128
#: Two phrases of which one article in so many is of common stories are of one event: a round-up of the day names both, too.
SHARED_OF_ONE_EVENT = 3
#: Sources that are remembered, the latest ones.
MOST_SOURCES = 5_000
#: When a key was shown that never was, and with which score.
NEVER_SHOWN = -1e18, 0.0
#: The step of an article that there is none of.
NO_STEP = -1
#: Steps of a story that a state may hold, and articles in one of them: more than a window has.
MOST_STEPS_OF_STORY, MOST_ARTICLES = 100, 5_000_000


class WindowEntry(NamedTuple):
    """One article in a key's window: its step, its source's number, its story. States of older workers list them."""

    step: int
    source: int
    story: str


class SourceSteps(NamedTuple):
    """A source's number, and the steps of its latest article and of the one before; older ones count nowhere."""

    source: int
    latest: int
    before: int


class StorySteps(NamedTuple):
    """A story, the steps that have articles of it, and how many in each."""

    story: str
    steps: list[int]
    articles: list[int]


class Life(NamedTuple):
    """Since when a trend that was shown is going on, in epoch seconds, and its height: the most articles, the highest score."""

    begun: float
    articles: int
    score: float


class Window:
    """The articles of one key in the window, when it was last shown with which score, and its trend until that is over."""

    __slots__ = ("_oldest", "_sources", "_stories", "latest", "life", "shown")

    def __init__(self) -> None:
        self.latest = NO_STEP
        self.shown = NEVER_SHOWN
        self.life: Life | None = None
        self._oldest = NO_STEP
        self._sources: dict[int, tuple[int, int]] = {}
        self._stories: dict[str, dict[int, int]] = {}

    def __bool__(self) -> bool:
        return bool(self._sources)

    def __len__(self) -> int:
        """How many sources and stories are kept."""
        return len(self._sources) + len(self._stories)

    @property
    def articles(self) -> int:
        """Articles of the stories that are kept, and those without a story."""
        return sum(sum(steps.values()) for steps in self._stories.values())

    @property
    def most(self) -> int:
        """The most articles that may count, without a look at each source."""
        return MOST_OF_SOURCE * len(self._sources)

    def add(self, step: int, source: int, story: str) -> None:
        """Add an article, of a step that is none of before the latest."""
        self._oldest = self._oldest if self._sources else step
        self.latest = step
        self._sources[source] = step, self._sources.pop(source, (NO_STEP, NO_STEP))[0]
        if len(self._sources) > MOST_SOURCES:
            del self._sources[next(iter(self._sources))]
        steps = self._stories.setdefault(story, {})
        steps[step] = steps.get(step, 0) + 1
        if len(self._stories) > 2 * MOST_COUNTED_STORIES:
            self._keep_largest()

    def _keep_largest(self) -> None:
        # of those of as many articles the latest stay: a story that grows is seldom an old one
        by_articles = sorted(self._stories, key=lambda story: sum(self._stories[story].values()))
        kept = {"", *by_articles[-MOST_COUNTED_STORIES:]}
        self._stories = {story: steps for story, steps in self._stories.items() if story in kept}

    def drop_before(self, step: int) -> None:
        """Forget the articles that have left the window."""
        if not self._sources or self._oldest >= step:
            return
        self._oldest = step
        self._sources = {
            source: (latest, before if before >= step else NO_STEP)
            for source, (latest, before) in self._sources.items()
            if latest >= step
        }
        self._keep_stories(range(step, self.latest + 1))

    def drop_after(self, step: int) -> None:
        """Forget the articles of later steps, which a wrong clock gave: after them none of an earlier step can be added.

        Of a source that has two of them no earlier one is known, nor any story's article that is later than those known.
        """
        if self.latest <= step:
            return
        self._sources = {
            source: (latest, before) if latest <= step else (before, NO_STEP)
            for source, (latest, before) in self._sources.items()
            if NO_STEP < before <= step or latest <= step
        }
        self.latest = max((latest for latest, _ in self._sources.values()), default=NO_STEP)
        self._keep_stories(range(self.latest + 1))

    def _keep_stories(self, kept: range) -> None:
        stories = {
            story: {at: many for at, many in steps.items() if at in kept} for story, steps in self._stories.items()
        }
        self._stories = {story: steps for story, steps in stories.items() if steps}

    def stories(self) -> list[tuple[str, int]]:
        """Return the stories of its articles with their numbers, the largest first."""
        return sorted(self.by_story.items(), key=lambda each: -each[1])[:MOST_STORIES]

    @property
    def by_story(self) -> dict[str, int]:
        """How many articles each story has."""
        return {story: sum(steps.values()) for story, steps in self._stories.items() if story}

    def count(self, since: int = 0) -> tuple[int, int]:
        """Return how many articles from a step on count, and of how many sources."""
        latest = sum(latest >= since for latest, _ in self._sources.values())
        return latest + sum(before >= since for _, before in self._sources.values()), latest

    def sources_kept(self) -> list[SourceSteps]:
        """Return the sources to be persisted, the latest last."""
        return [SourceSteps(source, *steps) for source, steps in self._sources.items()]

    def stories_kept(self) -> list[StorySteps]:
        """Return the stories to be persisted, in the order in which they came."""
        return [StorySteps(story, list(steps), list(steps.values())) for story, steps in self._stories.items()]

    def restore(self, sources: list[SourceSteps], stories: list[StorySteps]) -> None:
        """Restore persisted counts, once `fault_of_window` finds nothing wrong with them."""
        self._sources = {each.source: (each.latest, each.before) for each in sources}
        self._stories = {each.story: dict(zip(each.steps, each.articles, strict=True)) for each in stories}
        self.latest = max((each.latest for each in sources), default=NO_STEP)
        self._oldest = NO_STEP


def tell_of_one_event(stories: Mapping[str, int], others: Mapping[str, int]) -> bool:
    """Return whether at least a third of the articles of the smaller of two windows are of stories that both have."""
    common = sum(min(many, others.get(story, 0)) for story, many in stories.items())
    return SHARED_OF_ONE_EVENT * common >= min(sum(stories.values()), sum(others.values())) > 0


def fault_of_window(sources: list[SourceSteps], stories: list[StorySteps]) -> str:
    """Return why a persisted window cannot be one that was written here; an empty string where it can."""
    if len(sources) > MOST_SOURCES or len(stories) > 2 * MOST_COUNTED_STORIES + 1:
        return f"{len(sources):,} sources and {len(stories):,} stories in one window"
    if any(len(story.steps) != len(story.articles) or len(story.steps) > MOST_STEPS_OF_STORY for story in stories):
        return "a story's steps are not those of its articles"
    if any(each.source < 0 or not NO_STEP <= each.before <= each.latest for each in sources):
        return "a source's articles are none"
    latest = max((each.latest for each in sources), default=NO_STEP)
    if any(not 0 <= step <= latest for story in stories for step in story.steps):
        return "a story is later than all sources"
    if any(not 0 < many < MOST_ARTICLES for story in stories for many in story.articles):
        return "a story has more articles than there can be"
    return ""
