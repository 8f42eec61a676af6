"""The public Python API: the cores of the steps as plain functions, without Kafka and without child processes.

The functions are those that `wirewatch apply` and the workers call. They do CPU work where they are called: a program
with an event loop calls them in a thread or a process.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from msgspec import Struct

from streams import ids
from streams.errors import Refused
from streams.records import Clean, Duplicate, Evidence, Raw, Record, Tagged, decode, encode

R = TypeVar("R", bound=Record)
#: A worker refuses a larger page too (setting `clean.max_page_bytes`).
MAX_PAGE_BYTES = 8 * 1024 * 1024
ENTERED = "text"
CONTENT_TYPES = ("text/html", "text/plain")
#: The beginning of a tag, a comment or a declaration: what has none is plain text.
TAG = re.compile(r"<[A-Za-z/!?]")
#: A text that is only where a page is.
ADDRESS = re.compile(r"\s*(?:https?://\S{1,2000}|[^\s<>]{1,500}\.(?:html?|txt))\s*", re.IGNORECASE)


def clean(
    content: str | bytes | Raw,
    *,
    url: str | None = None,
    source: str | None = None,
    fetched_at: datetime | None = None,
    content_type: Literal["text/html", "text/plain"] | None = None,
    title: str | None = None,
    language: str | None = None,
) -> Clean:
    """Return the article of a page: title, authors, date, language and text without boilerplate.

    `content` is HTML or plain text, as bytes in any encoding; without `content_type`, what has no tag is plain text. `url` or
    `source` says where it is from; without both the source is `text`. `fetched_at` is now unless given: relative dates and
    dates in the future are judged by it. `title` and `language` are hints. A raw record says all this itself, and its own id
    and day of publication too, which come back as `ref` and `published_at`.

    Raises `Refused`, with a `reason`, where the page holds no article, `TypeError` for what is no page, and `ValueError` for
    the address of one.

    >>> from wirewatch.testing import page
    >>> article = clean(page(), url="https://harbour.example/strike")
    >>> article.title
    'Dockers in Valparaíso end their strike'
    >>> article.authors, article.language
    (['Ana Rojas'], 'en')
    >>> clean("<nav><a href=/>Home</a></nav>", url="https://harbour.example/")
    Traceback (most recent call last):
    streams.errors.Refused: empty: the page has no text that looks like an article
    """
    from agents.clean.article import clean_raw
    from agents.fetch.files.encodings import text_of

    _check("clean", "content", content, str, bytes, Raw)
    if isinstance(content, Raw):
        hints = (url, source, fetched_at, title, language)
        if any(each is not None for each in hints) or content_type not in (None, CONTENT_TYPES[0]):
            raise TypeError(
                "clean: a raw record says its own url, source, fetched_at, content_type, title and language"
            )
        _check_size(content.content)
        _load_clean()
        return clean_raw(content).clean
    for name, hint in (("url", url), ("source", source), ("title", title), ("language", language)):
        _check("clean", name, hint, str, type(None))
    _check("clean", "fetched_at", fetched_at, datetime, type(None))
    if content_type not in (None, *CONTENT_TYPES):
        raise ValueError(f"clean: content_type is one of {', '.join(CONTENT_TYPES)}, not {content_type!r}")
    _check_size(content)
    text = text_of(content) if isinstance(content, bytes) else content
    if ADDRESS.fullmatch(text):
        raise ValueError(f"clean: content is the page itself: read {text[:100]!r} first")
    raw = Raw(
        url=url,
        source=source or (None if url else ENTERED),
        fetched_at=fetched_at or datetime.now(UTC),
        content_type=content_type or ("text/html" if TAG.search(text) else "text/plain"),
        content=text,
        title=title,
        language=language,
    )
    _load_clean()
    return clean_raw(raw).clean


def _check_size(content: str | bytes) -> None:
    size = len(content) if isinstance(content, bytes) else len(content.encode("utf-8", "surrogatepass"))
    if size > MAX_PAGE_BYTES:
        raise Refused("too_large", f"{size} bytes; the limit is {MAX_PAGE_BYTES}")


@cache
def _load_clean() -> None:
    from agents.clean.article import load

    load()


def tag(
    article: Clean | str, *, title: str = "", source: str = ENTERED, topic_threshold: float | None = None
) -> Tagged:
    """Return an article with the regions and topics that it is about, each with score and evidence.

    `article` is a clean article, or a text with its `title`. `topic_threshold` is the least score of a topic, from 0 to
    1; without it each topic has its own. Nothing found is an empty list.

    >>> story = tag("Dockers in Valparaíso stopped work on Monday over pay.", title="Port strike in Chile")
    >>> [(region.code, region.role) for region in story.regions if region.level == "country"]
    [('CL', 'about')]
    >>> found = story.regions[0].evidence[0]
    >>> getattr(story, found.field)[found.start : found.end]
    'Chile'
    """
    from agents.tag.step import tag as tag_article

    _check("tag", "article", article, Clean, str)
    if isinstance(article, str):
        _check("tag", "title", title, str)
        _check("tag", "source", source, str)
        article = _article(_whole(article), _whole(title), source)
    if topic_threshold is not None and not 0 <= topic_threshold <= 1:
        raise ValueError(f"tag: topic_threshold is a score from 0 to 1, not {topic_threshold!r}")
    return tag_article(_copy(article), topic_threshold)


def _check(function: str, name: str, value: object, *types: type) -> None:
    """Raise a `TypeError` that names the accepted types: an error from deep inside would name none."""
    if not isinstance(value, types):
        wanted = " or ".join("None" if each is type(None) else each.__name__ for each in types)
        raise TypeError(f"{function}: {name} is to be {wanted}, not {type(value).__name__}")


def _whole(text: str) -> str:
    """Return a text with a replacement character for each lone surrogate, as a text that was cut within a letter has."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _article(text: str, title: str, source: str) -> Clean:
    """Return a text as a clean article, with its language."""
    from agents.clean.text.language import identify

    found, score, _ = identify(title, text, [])
    return Clean(
        id=ids.article_id(None, source, title, text),
        source=source,
        title=title,
        text=text,
        fetched_at=datetime.now(UTC),
        language=found,
        language_score=score,
        extractor="given",
    )


class Duplicates:
    """The articles of a window of time, among which the next one may have its original.

    Remembers articles for `window_hours` of their fetching, and `max_articles` at most (about .4 kB each).
    """

    def __init__(self, window_hours: float = 72.0, max_articles: int = 1_000_000) -> None:
        from agents.dedup.decide import Deduplicator

        self._decider = Deduplicator(window_hours, max_articles)

    def add(self, article: Clean) -> Duplicate | None:
        """Take an article into the window; return its duplicate record where it is a copy of an earlier one.

        Articles come in the order of their fetching.

        >>> from wirewatch.testing import articles
        >>> seen = Duplicates()
        >>> [bool(seen.add(article)) for article in articles()]
        [False, True, False]
        """
        from agents.dedup.sketch import make_sketch
        from agents.dedup.step import decided

        _check("Duplicates.add", "article", article, Clean)
        arrived = article.fetched_at.timestamp()
        fetch_id = article.fetch_id or ids.fetch_id(article.id, article.fetched_at)
        decision = self._decider.decide(make_sketch(article), arrived, fetch_id)
        self._decider.expire(arrived)
        record = decided(_copy(article), article.fetch_id, decision, datetime.now(UTC)).record
        return record if isinstance(record, Duplicate) else None


def _copy(article: Clean) -> Clean:
    """Return an article, a tagged one too, as a clean record of its own: a decision is written into it."""
    fields = {name: getattr(article, name) for name in Clean.__struct_fields__ if name != "schema"}
    return Clean(**fields)


def find_duplicates(
    articles: Iterable[Clean], *, window_hours: float = 72.0, max_articles: int = 1_000_000
) -> Iterator[Duplicate]:
    """Yield a duplicate record for each article that is a copy of an earlier one: of which, how, how alike.

    >>> from wirewatch.testing import articles
    >>> [(copy.url, copy.kind) for copy in find_duplicates(articles())]
    [('https://ledger.example/valparaiso', 'exact')]
    """
    seen = Duplicates(window_hours, max_articles)
    for article in articles:
        copy = seen.add(article)
        if copy is not None:
            yield copy


class Match(Struct, frozen=True):
    """A watch that an article matches: its name, and the spans that made it match."""

    watch: str
    spans: list[Evidence]


class Watches:
    """Watches by name, matched together; docs/watches.md has their language.

    >>> watches = Watches({"strikes": "strike* NEAR/10 (port OR dockers)", "quakes": "topic:earthquake"})
    >>> story = tag("Dockers in Valparaíso stopped work on Monday.", title="Port strike in Chile")
    >>> [match.watch for match in watches.match(story)]
    ['strikes']
    >>> Watches({"strikes": "strike NEAR port AND"})
    Traceback (most recent call last):
    agents.watch.errors.WatchError: strikes:1:21: the query ends where a term should follow

    A query that can be read and never matches is no error: `findings` tells of it.
    """

    def __init__(self, queries: Mapping[str, str]) -> None:
        """Raise `WatchError`, a `SettingsError`, with line and column of all that is wrong."""
        from agents.watch.files import read_record

        _check("Watches", "queries", queries, Mapping)
        for name, query in queries.items():
            _check("Watches", "a name", name, str)
            _check("Watches", f"the query of {name}", query, str)
        self._put([read_record(_watch_record(name, query), name) for name, query in queries.items()])

    @classmethod
    def load(cls, path: Path | str) -> "Watches":
        """Return the watches of a TOML file, or of a folder of them; raise `WatchError` for wrong ones."""
        from agents.watch.files import load

        made = cls({})
        made._put(load(Path(path)))
        return made

    def _put(self, watches: Iterable[object]) -> None:
        from agents.watch.matching.matcher import Matcher
        from agents.watch.records import Watch

        self._watches = [watch for watch in watches if isinstance(watch, Watch)]
        self._matcher = Matcher(self._watches)

    def __len__(self) -> int:
        """Return the number of watches."""
        return len(self._matcher)

    def match(self, article: Tagged) -> list[Match]:
        """Return the watches that an article matches, by name. Cool-downs and limits are decided by a worker only."""
        _check("match", "article", article, Tagged)
        return [Match(found.watch.name, found.spans) for found in self._matcher.match(article)]

    def findings(self) -> dict[str, list[str]]:
        """Return the oddities of queries by watch, as `wirewatch watches check` shows them; without watches that have none.

        >>> watches = Watches({"strikes": "strike* AND region:Venezula", "quakes": "topic:earthquake"})
        >>> [(name, len(found)) for name, found in watches.findings().items()]
        [('strikes', 1)]
        """
        from wirewatch.watches.query_findings import query_findings

        found = {watch.name: list(query_findings(watch)) for watch in self._watches}
        return {name: said for name, said in found.items() if said}


def match(query: str, article: Tagged) -> list[Evidence] | None:
    """Return the spans by which an article matches a query, None where it does not (`Watches.findings` may tell why).

    >>> story = tag("Dockers in Valparaíso stopped work on Monday.", title="Port strike in Chile")
    >>> spans = match("region:Chile AND dockers", story)
    >>> [getattr(story, span.field)[span.start : span.end] for span in spans or []]
    ['Dockers']
    >>> match("region:Peru", story) is None
    True
    """
    _check("match", "query", query, str)
    _check("match", "article", article, Tagged)
    found = Watches({"query": query}).match(article)
    return found[0].spans if found else None


def _watch_record(name: str, query: str) -> bytes:
    import orjson

    return orjson.dumps({"schema": "wirewatch.watch.v1", "name": name, "query": query})


def to_json(record: Record) -> bytes:
    """Return a record as one line of JSON, as it stands on a Kafka topic.

    >>> from wirewatch.testing import articles
    >>> to_json(next(articles()))[:31]
    b'{"schema":"wirewatch.clean.v1",'
    """
    _check("to_json", "record", record, Struct)
    return encode(record)


def from_json(line: bytes | str, record: type[R]) -> R:
    """Return the record of a line of JSON, a Kafka message's value, say; raise `InvalidRecord`, which names the field.

    >>> from_json(b'{"schema":"wirewatch.clean.v1"}', Clean)
    Traceback (most recent call last):
    streams.errors.InvalidRecord: invalid_record: Object missing required field `id`
    """
    _check("from_json", "line", line, str, bytes)
    if not (isinstance(record, type) and issubclass(record, Struct)):
        raise TypeError(f"from_json: record is to be a type of record, as wirewatch.Tagged, not {record!r:.60}")
    return decode(line, record)
