"""Entries of a store: articles, which can be searched, and events, which are listed by kind.

An entry is made from the bytes of a message on a public topic and keeps them whole, so that what is read back is what
was written. An article is kept once for each fetch, an event once for each id of its message.
"""

import zlib
from collections.abc import Callable, Sized
from typing import Literal

from msgspec import Struct

from streams.records import Alert, Digest, Duplicate, Health, Story, Tagged, Trend, decode

Kind = Literal["duplicate", "alert", "story", "trend", "digest", "health"]
EventRecord = Duplicate | Alert | Story | Trend | Digest | Health

#: Bytes of an article's features that count (PostgreSQL takes 1 MiB with its own overhead): those of a novel fit.
MAX_FEATURES_BYTES = 600_000
#: Of a longer feature the beginning counts (a lexeme of PostgreSQL has at most 2,046 bytes).
MAX_FEATURE_CHARACTERS = 200
#: Events of a story while it has one number of articles: it grows, is related to each of eight others, and is over.
STEPS_OF_A_SIZE = 10

#: The features of an article by which queries find it.
Features = Callable[[Tagged], set[str]]


class ArticleEntry(Struct, frozen=True):
    """An article as it is kept; `at` is when it was published, else fetched, in epoch seconds."""

    fetch_id: str
    id: str
    revision: int
    at: float
    source: str
    language: str
    country: str
    countries: tuple[str, ...]
    topics: tuple[str, ...]
    title: str
    features: frozenset[str]
    record: bytes


class EventEntry(Struct, frozen=True):
    """Anything else; `subject` is whom it is about: the original, the watch, the story, the key, the digest, the source."""

    kind: Kind
    key: str
    subject: str
    at: float
    record: bytes
    #: the article that joined a story with this event
    member: str = ""
    #: how far its subject has come, where several events of a second have an order; else 0
    step: int = 0


def article_entry(value: bytes, features: Features) -> ArticleEntry:
    """Return the entry of a tagged article. Raises `InvalidRecord`."""
    tagged = decode(value, Tagged)
    return ArticleEntry(
        fetch_id=tagged.fetch_id,
        id=tagged.id,
        revision=tagged.revision,
        at=(tagged.published_at or tagged.fetched_at).timestamp(),
        source=tagged.source,
        language=tagged.language or "",
        country=tagged.primary_country or "",
        countries=tuple(dict.fromkeys(r.country for r in tagged.regions if r.role == "about")),
        topics=tuple(dict.fromkeys(topic.id for topic in tagged.topics if topic.level == 1)),
        title=tagged.title,
        features=_bounded(features(tagged)),
        record=zlib.compress(value, 1),
    )


def _bounded(features: set[str]) -> frozenset[str]:
    """Shorten long features, and leave out the last ones (in their order as text) of an article that has too many."""
    shortened = {feature[:MAX_FEATURE_CHARACTERS] for feature in features if feature}
    if sum(map(len, shortened)) < MAX_FEATURES_BYTES // 4:
        return frozenset(shortened)
    kept, size = set(), 0
    for feature in sorted(shortened):
        size += len(feature.encode()) + 4
        if size > MAX_FEATURES_BYTES:
            break
        kept.add(feature)
    return frozenset(kept)


def unpacked(record: bytes) -> bytes:
    """Return the bytes of the message that a kept record was made from."""
    return zlib.decompress(record)


def event_entry(kind: Kind, key: str, value: bytes) -> EventEntry:
    """Return the entry of any other record. Raises `InvalidRecord`."""
    record: EventRecord
    member, step = "", 0
    match kind:
        case "duplicate":
            record = decode(value, Duplicate)
            subject, at = record.duplicate_of, record.published_at or record.fetched_at
        case "alert":
            record = decode(value, Alert)
            subject, at = record.watch, record.raised_at
        case "story":
            record = decode(value, Story)
            subject, at, member = record.id, record.last_seen_at, record.article.id if record.article else ""
            step = step_of(record)
        case "trend":
            record = decode(value, Trend)
            subject, at = record.label, record.at
        case "digest":
            record = decode(value, Digest)
            subject, at = record.name, record.at
        case "health":
            record = decode(value, Health)
            subject, at = record.source, record.since
    return EventEntry(kind, key, subject, at.timestamp(), zlib.compress(value, 1), member, step)


def step_of(story: Story) -> int:
    """Return how far a story has come, so that its latest record is known where none of its articles is newer.

    A copy, an article from before its latest and a relation leave `last_seen_at` as it is.
    """
    over = story.event in ("merged", "ended")
    return STEPS_OF_A_SIZE * story.articles + (STEPS_OF_A_SIZE - 1 if over else len(story.related))


def counted(articles: Sized, events: Sized) -> str:
    """Say how many entries there are, in an error about all of them."""
    kinds = ((len(articles), "article"), (len(events), "other record"))
    return " and ".join(f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in kinds if number) or "nothing"
