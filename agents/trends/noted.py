"""The latest articles, as far as a worker that takes over needs them: the phrases that each said first, and its name.

The sketch of phrases and the articles that a trend names are in memory. Without them a burst that goes on over a restart is
short of the source that said its phrase first, and names no article from before. An article's share is written with its other
changes, into a ring of a fixed number of keys: neither the topic nor the reading of it grows with the stream.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import asdict

from agents.trends.key_state import LONGEST_NAME, MOST_STEPS
from agents.trends.terms import BUCKETS, HALF_STEPS, MOST_MARKS
from streams.records import StoryArticle, Tagged

#: Keys of the ring begin so, and those of nothing that is counted.
NOTED = "+"
#: Articles in the ring, of some 500 bytes: at 130,000 a day those of half a day, as long as the sketch remembers.
RING = 65_536
MOST_NUMBERED = 1 << 40
#: Most phrases and keys of an article.
MOST_PHRASES, MOST_KEYS = 1_000, 1_000
#: Most bytes of an article: one that others tagged with longer names is not kept.
LARGEST = 65_536

Text = Annotated[str, Meta(max_length=LARGEST)]


class Name(Struct, array_like=True):
    """An article's name in a trend: the fields of `StoryArticle`, its title cut short."""

    id: Text
    fetch_id: Text
    url: Text | None
    title: Annotated[str, Meta(max_length=LONGEST_NAME)]
    source: Text
    published_at: datetime | None
    fetched_at: datetime


class NotedArticle(Struct, array_like=True):
    """An article in the ring: the phrases that it said first, the keys that it counts for, and its name.

    `half`, `buckets`: of the sketch, in which the phrases are noted; `source`: the source's mark.
    """

    number: Annotated[int, Meta(ge=0, lt=MOST_NUMBERED)]
    half: Annotated[int, Meta(ge=0, le=MOST_STEPS // HALF_STEPS)]
    step: Annotated[int, Meta(ge=0, lt=MOST_STEPS)]
    source: Annotated[int, Meta(ge=1, le=MOST_MARKS)]
    buckets: Annotated[list[Annotated[int, Meta(ge=0, lt=BUCKETS)]], Meta(max_length=MOST_PHRASES)]
    keys: Annotated[list[Text], Meta(max_length=MOST_KEYS)]
    name: Name

    @property
    def article(self) -> StoryArticle:
        """The article as a trend names it."""
        return StoryArticle(**asdict(self.name))


encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(NotedArticle)


class NotedArticles:
    """The place of the next article in the ring."""

    def __init__(self) -> None:
        self._next = 0

    def add(self, article: NotedArticle) -> tuple[str, bytes] | None:
        """Give an article its place; return the key and value to persist, or None for one that is too large."""
        article.number = self._next
        value = encoder.encode(article)
        if len(value) > LARGEST:
            return None
        self._next += 1
        return f"{NOTED}{article.number % RING}", value

    def restore(self, key: str, value: bytes) -> NotedArticle:
        """Return a persisted article. Raises `ValueError` for bytes that are none, msgspec's and others."""
        article = decoder.decode(value)
        if article.number % RING != int(key.removeprefix(NOTED)):
            raise ValueError("its number is another article's")
        self._next = max(self._next, article.number + 1)
        return article


def name_of_article(article: Tagged) -> Name:
    """Return the name of an article."""
    return Name(
        id=article.id,
        fetch_id=article.fetch_id,
        url=article.url,
        title=article.title[:LONGEST_NAME],
        source=article.source,
        published_at=article.published_at,
        fetched_at=article.fetched_at,
    )
