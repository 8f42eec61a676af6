"""Stories as watches know them: which story an article belongs to, and how large each has become.

A view over the latest of `news.stories`, which every worker that decides reads along. It is bounded: what is older than
`MAX_ARTICLES` articles and `MAX_STORIES` stories is forgotten, and an article that is forgotten has no known story.
"""

from collections import OrderedDict

import msgspec
from msgspec import Struct

from streams.records import Growth, Time, read_value

MAX_ARTICLES = 50_000
MAX_STORIES = 20_000
#: Mergers that are followed from one story to the next.
MAX_MERGERS = 20


class CausingArticle(Struct):
    """The article that a story's record came with."""

    id: str


class StoryNews(Struct, kw_only=True):
    """The part of a story's record that watches need."""

    id: str
    title: str
    articles: int
    sources: int
    growth: Growth
    first_seen_at: Time
    merged_into: str | None = None
    related: list[str] = []
    article: CausingArticle | None = None


decoder = msgspec.json.Decoder(StoryNews)


class Stories:
    """The stories of the latest articles. `changed`: ids of those that news came of since the last `take_changed`."""

    def __init__(self) -> None:
        self._story_of: OrderedDict[str, str] = OrderedDict()
        self._stories: OrderedDict[str, StoryNews] = OrderedDict()
        self._changed: set[str] = set()

    def __len__(self) -> int:
        return len(self._stories)

    def take(self, value: bytes) -> None:
        """Take one record of `news.stories`; raise `InvalidRecord` for bytes that are none."""
        self.note(read_value(decoder, value, "no story"))

    def note(self, news: StoryNews) -> None:
        """Note what has become of a story."""
        self._stories[news.id] = news
        self._stories.move_to_end(news.id)
        if news.article is not None:
            self._story_of[news.article.id] = news.id
            self._story_of.move_to_end(news.article.id)
        self._changed.add(self.resolved(news.id))
        while len(self._stories) > MAX_STORIES:
            self._changed.discard(self._stories.popitem(last=False)[0])
        while len(self._story_of) > MAX_ARTICLES:
            self._story_of.popitem(last=False)

    def story_of(self, article: str) -> str | None:
        """Return the id of the story that an article belongs to now; None where it is not known."""
        story = self._story_of.get(article)
        return self.resolved(story) if story is not None else None

    def resolved(self, story: str) -> str:
        """Return the story that a story has been merged into, else itself."""
        for _ in range(MAX_MERGERS):
            news = self._stories.get(story)
            if news is None or news.merged_into is None:
                break
            story = news.merged_into
        return story

    def get(self, story: str) -> StoryNews | None:
        """Return the latest news of a story."""
        return self._stories.get(self.resolved(story))

    def related(self, story: str) -> set[str]:
        """Return the stories of other languages on the event of a story, as they are now."""
        news = self.get(story)
        return {self.resolved(other) for other in news.related} if news is not None else set()

    def take_changed(self) -> set[str]:
        """Return the stories that news came of since the last call."""
        changed, self._changed = self._changed, set()
        return changed
