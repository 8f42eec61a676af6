"""A message of somebody's topic as a request for one raw message, by the pointers of its source.

The source's `options` name the fields: `url`, `title`, `text` or `html`, `date`, `author`, `language`, `guid`, `source`, each a
JSON pointer. What a message does not have is left out; one without text has its page fetched, where it has an address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import orjson

from agents.fetch.asking.requests import Request
from agents.fetch.foreign.pointers import PointerError, find, parse
from agents.fetch.reading.dates import read_date
from streams import ids
from streams.records import Source, is_dense
from streams.settings import KafkaSettings
from streams.topics import TOPICS

FIELDS = ("url", "title", "text", "html", "date", "author", "language", "guid", "source")
#: Fields that say where and how to read, and are no pointers.
OTHER_OPTIONS = ("from", "group")
#: Numbers beyond this are milliseconds since 1970, not seconds.
MILLISECONDS = 1e11
MOST_TITLE, MOST_NAMES = 2000, 20
#: Lists and objects of a message, whose fields may be anywhere in it: half a second of reading.
MOST_PARTS = 1_000_000


@dataclass(frozen=True)
class Place:
    """Where a topic is: `bootstrap` is empty for our own Kafka."""

    bootstrap: str
    topic: str


def place_of(source: Source) -> Place:
    """Return where a source's topic is, by its address `kafka://HOST:PORT[,HOST:PORT]/TOPIC`, or `kafka:///TOPIC`."""
    parts = urlsplit(source.url)
    topic = parts.path.strip("/")
    if parts.scheme != "kafka" or not topic or "/" in topic:
        raise PointerError(f"{source.url} names no topic; as in kafka://broker.example:9092/articles")
    return Place(parts.netloc, topic)


def require_foreign(source: Source, place: Place, settings: KafkaSettings, trusted: Sequence[str]) -> None:
    """Raise `PointerError` where reading a topic would harm us.

    Our own topics would be read in a circle, a group of our steps would be kept from them, and a broker that nobody
    trusts would be given our password.
    """
    ours = {address.strip() for address in settings.bootstrap.split(",")}
    named = {address for address in place.bootstrap.split(",") if address}
    if named <= ours and place.topic in TOPICS:
        raise PointerError(
            f"{place.topic} is a topic of wirewatch's own: what is read there would come again and again"
        )
    group = source.options.get("group", "")
    if group.startswith(f"{settings.group_prefix}-") and not group.startswith(f"{settings.group_prefix}-source-"):
        raise PointerError(f"options.group: {group} is a group of wirewatch's own")
    if settings.security_protocol.startswith("SASL") and (strange := named - ours - set(trusted)):
        raise PointerError(
            f"{min(strange)} is not given the password of [kafka]; to allow it, add it to fetch.trusted_brokers"
        )


def pointers_of(source: Source) -> dict[str, tuple[str, ...]]:
    """Return the pointers of a source by field; raise `PointerError` for a wrong one, and where neither text nor address is.

    An option that is none of the fields is refused too: it is a slip of the pen.
    """
    unknown = set(source.options) - {*FIELDS, *OTHER_OPTIONS}
    if unknown:
        raise PointerError(f"options.{min(unknown)} is no field; there are {', '.join(FIELDS)}")
    found = {name: parse(source.options[name]) for name in FIELDS if name in source.options}
    if not found.keys() & {"text", "html", "url"}:
        raise PointerError("options has none of text, html and url: where does the article stand?")
    return found


def request_of(
    source: Source, pointers: Mapping[str, tuple[str, ...]], value: bytes | None, at: datetime, where: str
) -> Request:
    """Return the request of a message. `at` is the time that the message has, `where` names it (topic, partition, offset).

    One that is no JSON, or has neither text nor address, is a request with an error: it ends as a dead letter.
    """
    if is_dense(value or b"", MOST_PARTS):
        return refused(source, at, where, "the message holds more lists and objects than an article's")
    try:
        document = orjson.loads(value or b"")
    except orjson.JSONDecodeError as error:
        return refused(source, at, where, f"the message is no JSON: {error}")
    given = {name: find(document, steps) for name, steps in pointers.items()}
    html, text, url = text_of(given.get("html")), text_of(given.get("text")), web_address(given.get("url"))
    content, guid = html or text or "", text_of(given.get("guid"))
    if not content and url is None:
        return refused(source, at, where, "the message has neither text nor address where the source's pointers lead")
    title = (text_of(given.get("title")) or "")[:MOST_TITLE] or None
    published = date_of(given.get("date"))
    name = text_of(given.get("source")) or source.name
    article = ids.article_id(url, name, title, content)
    added = source.added_at
    return Request(
        id=f"{ids.fetch_id(article, at)}",
        source=name[:200],
        fetched_at=at,
        url=url,
        link=url,
        page=url is not None and source.body != "entry" and not content,
        robots=source.robots != "none",
        backfill=source.backfill == "mark" and added is not None and (published or at) < added,
        via="topic",
        feed=f"{source.url}#{where}",
        guid=guid,
        title=title,
        authors=names_of(given.get("author")),
        published_at=published,
        language=text_of(given.get("language")) or source.language,
        content=content,
        content_type="text/html" if html else "text/plain",
    )


def refused(source: Source, at: datetime, where: str, error: str) -> Request:
    """Return the request of a message of which nothing can be made; its id is that of its place."""
    return Request(
        id=f"{source.name}:{where}", source=source.name, fetched_at=at, via="topic", feed=source.url, error=error
    )


def text_of(value: Any) -> str | None:
    """Return a text; None for anything else, and for an empty one."""
    return value.strip() or None if isinstance(value, str) else None


def web_address(value: Any) -> str | None:
    """Return an address of the web; None for anything else."""
    text = text_of(value)
    return text if text is not None and text.startswith(("http://", "https://")) and len(text) < 4096 else None


def names_of(value: Any) -> list[str]:
    """Return names: of one text, or of a list of texts."""
    values = value if isinstance(value, list) else [value]
    return [name for each in values[:MOST_NAMES] if (name := text_of(each)) is not None]


def date_of(value: Any) -> datetime | None:
    """Return a time: a text in any form that feeds have, or a number of seconds or milliseconds since 1970."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value / 1000 if value > MILLISECONDS else value, UTC)
        except (ValueError, OverflowError, OSError):
            return None
    return read_date(value)[0] if isinstance(value, str) else None
