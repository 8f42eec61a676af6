"""A child process's work on a document: reads it, and tells new, edited and old entries apart.

Only what is new comes back, so that a feed of two thousand entries that brings one costs the event loop one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from agents.fetch.asking.requests import Request
from agents.fetch.reading import charset
from agents.fetch.reading.documents import read
from agents.fetch.reading.entries import Document, Entry
from agents.fetch.source import seen
from agents.fetch.source.backfill import Circumstances, is_backfill
from streams import ids
from streams.records import Via
from streams.text.character_references import unescape

#: An entry's own text is the article from so many characters on, unless it ends as a teaser does.
ARTICLE_CHARS = 1500
TEASER = re.compile(
    r"(?:\.\.\.|…|\[(?:…|\.\.\.)\]|»|→|>>|(?:read|continue) (?:more|reading|on)[^.]{0,60}"
    r"|weiterlesen|mehr lesen|lire la suite|leer más|seguir leyendo|continua a leggere|leia mais|lees (?:meer|verder)"
    r"|czytaj (?:dalej|więcej)|читать далее|läs mer)\W*\Z",
    re.IGNORECASE,
)
#: A script without an end takes the rest with it. Neither pattern reads on behind the next `<` in search of a `>`: a text of
#: nothing but tags that never end is read once, not once for each of them.
TAG = re.compile(r"<(?:script|style)\b(?:.*?</(?:script|style)\s*>|.*)|<[^<>]*>", re.IGNORECASE | re.DOTALL)
#: A date this far ahead of our clock is in the future.
FUTURE_SECONDS = 3600.0
#: Entries of one document that are compared with what is known; sitemaps have up to 50,000.
MOST_CONSIDERED = seen.MOST_KEPT // 2
#: Times of a document's entries that a rhythm is begun from.
MOST_TIMES = 40

#: Feeds that a page may name.
MOST_FEEDS = 10
#: Lines of a single page that are long enough to be its text, and how many of them are remembered.
LINE_CHARS, MOST_LINES = 80, 400
#: Ends of lines in HTML.
BREAK = re.compile(r"</?(?:p|div|li|h[1-6]|td|br|section|article|blockquote)\b[^<>]*>", re.IGNORECASE)

Body = Literal["auto", "entry", "page"]


@dataclass(frozen=True, slots=True)
class ReadTask:
    """A document to read, and its source's state. `when`: a poll's time, kept if it has to be done again."""

    body: bytes
    url: str
    content_type: str
    source: str
    found: Circumstances
    kept: bytes
    when: float
    take: Body = "auto"
    old: Literal["mark", "skip", "take"] = "mark"
    robots: bool = True
    first_entries: int = 30
    most_edits: int = 0
    least_kept: int = seen.LEAST_KEPT
    language: str | None = None
    via: Via = "poll"
    #: the document is a page that is a source itself
    single: bool = False


@dataclass(slots=True)
class ReadResult:
    """The contents of a document. `requests` are the new and edited entries, oldest first."""

    kind: str
    title: str = ""
    language: str = ""
    ttl_seconds: float = 0.0
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    hub: str = ""
    topic: str = ""
    children: list[tuple[str, float]] = field(default_factory=list)
    #: feeds that a page names, the likeliest first
    feeds: list[str] = field(default_factory=list)
    entries: int = 0
    undated: int = 0
    future: int = 0
    newest_at: float = 0.0
    times: list[float] = field(default_factory=list)
    new_times: list[float | None] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    new: int = 0
    edited: int = 0
    backfill: int = 0
    #: entries that were there at the first poll and are not taken
    archive: int = 0
    kept: bytes = b""
    notes: tuple[str, ...] = ()


def read_document(task: ReadTask) -> ReadResult:
    """Read a document and compare it with its source's earlier entries."""
    if task.single:
        return read_single(task)
    document = read(task.body, task.url, task.content_type)
    result = describe(document, task.when)
    entries = considered(document.entries)
    prints = [seen.print_of(entry) for entry in entries]
    compared = seen.compare(task.kept, prints, task.least_kept)
    found = replace(
        task.found,
        new=len(compared.new),
        entries=len(prints),
        guids_changed=compared.moved_guids * 2 > len(prints),
    )
    result.kept, result.new = compared.kept, len(compared.new)
    new = sorted(((entries[i], time_of(entries[i])) for i in compared.new), key=order)
    if found.first:
        wanted = 0 if task.old == "skip" else task.first_entries
        result.archive, new = max(len(new) - wanted, 0), new[max(len(new) - wanted, 0) :]
    for entry, at in new:
        old = task.old != "take" and is_backfill(at, found)
        if old and task.old == "skip":
            result.archive += 1
            continue
        result.backfill += old
        result.new_times.append(at)
        result.requests.append(request_of(entry, task, document, backfill=old))
    for index in compared.edited[: task.most_edits]:
        result.edited += 1
        entry = entries[index]
        old = task.old != "take" and is_backfill(time_of(entry), replace(found, new=0, guids_changed=False))
        result.requests.append(request_of(entry, task, document, backfill=old))
    return result


def read_single(task: ReadTask) -> ReadResult:
    """Read a page that is a source itself: it is one entry, edited where a longer line of it is new.

    What stands around an article changes with each visit; its lines are short. Whether the article itself has changed is
    judged where it is cleaned.
    """
    text, _, _ = charset.decode(task.body, task.content_type)
    lines = [seen.hashed(line, seen.SIZE) for line in long_lines(text)][:MOST_LINES]
    known = {task.kept[at : at + seen.SIZE] for at in range(0, len(task.kept), seen.SIZE)}
    result = ReadResult("page", entries=1, kept=b"".join(lines))
    if not lines or known.issuperset(lines):
        return result
    first = not known
    if (first and task.old == "skip") or (not first and not task.most_edits):
        return result
    when = datetime.fromtimestamp(task.when, UTC)
    result.new, result.edited = int(first), int(not first)
    result.backfill = int(first and task.old == "mark")
    result.requests.append(
        Request(
            id=ids.fetch_id(ids.article_id(task.url, task.source, None, text), when),
            source=task.source,
            fetched_at=when,
            url=task.url,
            link=task.url,
            backfill=bool(result.backfill),
            via=task.via,
            language=task.language,
            content=text,
        )
    )
    return result


def long_lines(html: str) -> list[str]:
    """Return the longer lines of a page's text, each once."""
    text = TAG.sub(" ", BREAK.sub("\n", html))
    lines = (" ".join(unescape(line).split()) for line in text.split("\n"))
    return list(dict.fromkeys(line for line in lines if len(line) >= LINE_CHARS))


def describe(document: Document, now: float) -> ReadResult:
    """Return a document's own fields."""
    times = [at for at in map(time_of, document.entries) if at is not None]
    past = sorted(at for at in times if at <= now + FUTURE_SECONDS)
    return ReadResult(
        kind=document.kind,
        title=(document.title or "")[:300],
        language=document.language or "",
        ttl_seconds=float(document.ttl_seconds or 0),
        skip_hours=document.skip_hours,
        skip_days=document.skip_days,
        hub=next((link.url for link in document.links if link.kind == "hub"), ""),
        topic=next((link.url for link in document.links if link.kind == "self"), ""),
        children=[
            (link.url, link.updated_at.timestamp() if link.updated_at else 0.0)
            for link in document.links
            if link.kind == "sitemap"
        ],
        feeds=[link.url for link in document.links if link.kind == "feed"][:MOST_FEEDS],
        entries=len(document.entries),
        undated=len(document.entries) - len(times),
        future=len(times) - len(past),
        newest_at=past[-1] if past else 0.0,
        times=past[-MOST_TIMES:],
        notes=document.notes,
    )


def considered(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Return the entries that are looked at: of very long documents the newest, or both ends where few are dated."""
    if len(entries) <= MOST_CONSIDERED:
        return entries
    dated = [entry for entry in entries if time_of(entry) is not None]
    if len(dated) * 2 >= len(entries):
        return sorted(dated, key=lambda entry: time_of(entry) or 0.0, reverse=True)[:MOST_CONSIDERED]
    return [*entries[: MOST_CONSIDERED // 2], *entries[-MOST_CONSIDERED // 2 :]]


def order(dated: tuple[Entry, float | None]) -> float:
    """Return the time by which new entries are put in order; those without a date stand first, as the oldest."""
    return dated[1] or 0.0


def time_of(entry: Entry) -> float | None:
    """Return when an entry was published, in epoch seconds; its update counts where nothing else is said."""
    at = entry.published_at or entry.updated_at
    return at.timestamp() if at is not None else None


def request_of(entry: Entry, task: ReadTask, document: Document, *, backfill: bool) -> Request:
    """Return the request for an entry."""
    content = entry.content or entry.summary or ""
    when = datetime.fromtimestamp(task.when, UTC)
    article = ids.article_id(entry.url, task.source, entry.title, content)
    return Request(
        id=ids.fetch_id(article, when),
        source=task.source,
        fetched_at=when,
        url=entry.url,
        link=entry.url,
        page=entry.url is not None and (task.take == "page" or (task.take == "auto" and not is_article(content))),
        robots=task.robots,
        backfill=backfill,
        via=task.via,
        feed=task.url,
        guid=entry.guid,
        title=entry.title,
        authors=list(entry.authors),
        published_at=entry.published_at,
        language=entry.language or document.language or task.language,
        categories=list(entry.categories),
        content=content,
        content_type=entry.content_type,
    )


def is_article(content: str) -> bool:
    """Return whether an entry's own text is an article: long enough, and not ending as a teaser does."""
    text = visible(content)
    return len(text) >= ARTICLE_CHARS and not TEASER.search(text[-100:])


def visible(html: str) -> str:
    """Return a text without tags, scripts and double blanks; a rough one, for measuring."""
    return " ".join(unescape(TAG.sub(" ", html)).split())


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page to decode."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class PageResult:
    """A page's text, and how many characters of it a reader sees."""

    content: str
    length: int


def read_page(task: PageTask) -> PageResult:
    """Decode a page, and measure it."""
    text, _, _ = charset.decode(task.body, task.content_type)
    return PageResult(text, len(visible(text)))


def load() -> None:
    """Do nothing more: a child process needs this module imported before its first document."""
