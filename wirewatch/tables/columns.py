"""The columns of a table of articles, and the row of a record.

Flat columns stand beside nested ones: `country`, `countries`, `topic`, `topic_ids` and `story` for group-by, `regions` and
`topics` with scores and places. One table holds tagged articles, copies and dead letters, told apart by `kind`: what a
record lacks is null.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

#: A record as read from JSON.
Record = Mapping[str, Any]
Row = dict[str, Any]
Type = Literal["text", "texts", "integer", "time", "day", "regions", "topics"]

REGION = ("country", "code", "level", "name", "role", "score", "inferred", "latitude", "longitude", "geonames_id")
TOPIC = ("id", "label", "level", "score", "method")


@dataclass(frozen=True)
class Column:
    """A column: its name, the type of its values, how a record's value is found, and what it holds."""

    name: str
    type: Type
    of: Callable[[Record], Any]
    holds: str


def _field(name: str, type_: Type, holds: str) -> Column:
    return Column(name, type_, lambda record: record.get(name), holds)


def kind_of(record: Record) -> str:
    """Return the kind of a record: `tagged`, `duplicate`, `dead`, `clean`, `story` and so on."""
    parts = str(record.get("schema", "")).split(".")
    return parts[1] if len(parts) > 1 else "other"


def about(record: Record) -> list[Record]:
    """Return the regions that an article is about, the surest first."""
    return [region for region in record.get("regions") or () if region.get("role") == "about"]


def top_topics(record: Record) -> list[Record]:
    """Return an article's topics of the first level, the surest first."""
    return sorted((t for t in record.get("topics") or () if t.get("level") == 1), key=lambda t: -t["score"])


def story_id(record: Record) -> str | None:
    """Return the id of the story that an article belongs to; an export says it beside the record."""
    story = record.get("story") or {}
    return record.get("story_id") or story.get("id")


def time(text: Any) -> datetime | None:
    """Return a time of a record."""
    if not isinstance(text, str):
        return None
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _time(name: str, holds: str) -> Column:
    return Column(name, "time", lambda record: time(record.get(name)), holds)


def _nested(name: str, keys: tuple[str, ...]) -> Callable[[Record], list[Row]]:
    return lambda record: [{key: one.get(key) for key in keys} for one in record.get(name) or ()]


def _ref(record: Record) -> str | None:
    return None if record.get("ref") is None else str(record["ref"])


def _day(record: Record) -> date | None:
    given = record.get("published_day")
    return date.fromisoformat(given) if isinstance(given, str) else None


COLUMNS: tuple[Column, ...] = (
    Column("kind", "text", kind_of, "tagged, duplicate, dead …: the record's type"),
    _field("id", "text", "the article's id"),
    _field("fetch_id", "text", "the id of one fetch of it"),
    Column(
        "ref",
        "text",
        _ref,
        "the sender's own id for it; of a saved page without an address its file's path in its folder",
    ),
    _field("revision", "integer", "which text of the article, from 0"),
    _field("url", "text", "its address"),
    _field("canonical_url", "text", "the address that the page itself gives"),
    _field("source", "text", "its publisher's host or name"),
    _field("title", "text", "its title"),
    _field("authors", "texts", "its authors"),
    _time("published_at", "when it was published, in UTC"),
    Column("published_day", "day", _day, "the publisher's own day"),
    _time("fetched_at", "when it was fetched, in UTC"),
    _field("language", "text", "its language"),
    _field("text", "text", "its paragraphs, a blank line between them"),
    Column("country", "text", lambda r: r.get("primary_country"), "the country that it is about most"),
    Column("countries", "texts", lambda r: list(dict.fromkeys(x["country"] for x in about(r))), "all that it is about"),
    Column("topic", "text", lambda r: next((t["label"] for t in top_topics(r)), None), "its surest topic, by name"),
    Column("topic_id", "text", lambda r: next((t["id"] for t in top_topics(r)), None), "the same, by its IPTC id"),
    Column("topic_names", "texts", lambda r: [t["label"] for t in top_topics(r)], "its topics of the first level"),
    Column("topic_ids", "texts", lambda r: [t["id"] for t in top_topics(r)], "the same, by their ids"),
    Column("story", "text", story_id, "the id of the story that it belongs to"),
    _field("duplicate_of", "text", "of a copy: the article that it is a copy of"),
    Column("copy", "text", lambda r: r.get("kind"), "of a copy: exact, copy, truncated or extended"),
    _field("step", "text", "of a dead letter: the step that refused it"),
    _field("reason", "text", "of a dead letter: why"),
    _field("error", "text", "of a dead letter: what was wrong"),
    Column("regions", "regions", _nested("regions", REGION), "every region, with role, score and place"),
    Column("topics", "topics", _nested("topics", TOPIC), "every topic, with level and score"),
)


def row(record: Record) -> Row:
    """Return a record's row, a value for each column."""
    return {column.name: column.of(record) for column in COLUMNS}
