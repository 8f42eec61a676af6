"""Examination of a source that is not taken yet, by one answer: in a child process, then in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median

from agents.fetch.asking.documents import describe, is_article, time_of, visible
from agents.fetch.asking.waits import fresh_seconds
from agents.fetch.reading.documents import read
from agents.fetch.reading.entries import Entry
from agents.fetch.settings import FetchSettings
from agents.fetch.source import rhythm
from agents.fetch.source.health import spoken
from agents.fetch.source.schedule import HOUR, bounds_of, interval
from agents.fetch.source.state import PollState, Rhythm

KINDS = {
    "rss": "an RSS feed",
    "rdf": "an RSS 1.0 feed (RDF)",
    "atom": "an Atom feed",
    "json": "a JSON Feed",
    "sitemap": "a sitemap",
    "sitemap_index": "an index of sitemaps",
    "page": "a web page",
    "unknown": "nothing that is known",
}
#: Entries that are shown, and characters of their headlines.
SHOWN, MAX_HEADLINE = 3, 120


@dataclass(frozen=True, slots=True)
class ExamineTask:
    """An answer to look at; `now` is epoch seconds."""

    body: bytes
    url: str
    content_type: str
    now: float


@dataclass(slots=True)
class Examination:
    """The contents of a document, as far as they matter to whoever thinks of taking it."""

    kind: str
    title: str = ""
    language: str = ""
    charset: str = ""
    entries: int = 0
    dated: int = 0
    future: int = 0
    newest_at: float = 0.0
    oldest_at: float = 0.0
    whole_articles: int = 0
    median_chars: int = 0
    median_gap_seconds: float | None = None
    ttl_seconds: float = 0.0
    skip_hours: int = 0
    hub: str = ""
    feeds: list[tuple[str, str]] = field(default_factory=list)
    children: int = 0
    latest: list[tuple[str, str | None, str]] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    linked: int = 0
    notes: list[str] = field(default_factory=list)


def examine(task: ExamineTask) -> Examination:
    """Read an answer; in a child process."""
    document = read(task.body, task.url, task.content_type)
    found = describe(document, task.now)
    texts = [entry.content or entry.summary or "" for entry in document.entries[:200]]
    times = sorted(at for at in map(time_of, document.entries) if at is not None and at <= task.now)
    beat = Rhythm()
    rhythm.note(beat, times[-40:], task.now)
    latest = sorted(document.entries, key=lambda entry: time_of(entry) or 0.0, reverse=True)[:SHOWN]
    return Examination(
        kind=document.kind,
        title=found.title,
        language=found.language,
        charset=document.charset,
        entries=found.entries,
        dated=found.entries - found.undated,
        future=found.future,
        newest_at=found.newest_at,
        oldest_at=times[0] if times else 0.0,
        whole_articles=sum(map(is_article, texts)),
        median_chars=round(median(len(visible(text)) for text in texts)) if texts else 0,
        median_gap_seconds=rhythm.median_gap(beat),
        ttl_seconds=found.ttl_seconds,
        skip_hours=len(found.skip_hours),
        hub=found.hub,
        feeds=[(link.url, link.title or "") for link in document.links if link.kind == "feed"],
        children=len(found.children),
        latest=[(headline(entry), date_of(time_of(entry)), entry.url or "") for entry in latest],
        pages=[entry.url for entry in document.entries[:20] if entry.url],
        linked=sum(bool(entry.url) for entry in document.entries),
        notes=list(document.notes[:10]),
    )


def headline(entry: Entry) -> str:
    """Return the title of an entry, else how its text begins: in one line."""
    text = " ".join((entry.title or visible(entry.summary or entry.content or "")).split())
    return text if len(text) <= MAX_HEADLINE else f"{text[:MAX_HEADLINE].rstrip()}…"


def date_of(at: float | None) -> str | None:
    """Return a time for people."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC" if at is not None else None


def sentences(
    found: Examination, headers: Mapping[str, str], wire_bytes: int, settings: FetchSettings, now: float
) -> list[tuple[str, str]]:
    """Describe an examination, with a word and a sentence each; `now` is epoch seconds."""
    title = f" “{found.title}”" if found.title else ""
    language = f", in {found.language}" if found.language else ""
    said = [("kind", f"{KINDS.get(found.kind, found.kind)}{title}{language}; {found.charset}; {size_of(wire_bytes)}")]
    if found.kind == "sitemap_index":
        said.append(("entries", f"{found.children} sitemaps; the three changed last are read at each poll"))
    elif found.kind in ("page", "unknown"):
        return said + [("notes", note) for note in found.notes]
    else:
        said += [("entries", entries_of(found, now)), ("text", text_of(found))]
    said.append(("rhythm", rhythm_of(found, headers, settings, now)))
    said.append(("validators", validators_of(headers, wire_bytes, settings)))
    if found.hub:
        said.append(("push", f"it names a hub, {found.hub}"))
    said.append(("backfill", backfill_of(found, settings.first_entries)))
    return said + [("note", note) for note in found.notes]


def entries_of(found: Examination, now: float) -> str:
    """Return how many entries there are, and of when."""
    if not found.entries:
        return "none now"
    dated = "all dated" if found.dated == found.entries else f"{found.dated} dated" if found.dated else "none dated"
    ages = f", newest {spoken(now - found.newest_at)} ago" if found.newest_at else ""
    ages += f", oldest {spoken(now - found.oldest_at)} ago" if found.oldest_at and found.entries > 1 else ""
    future = f"; {found.future} dated in the future: their dates are not believed" if found.future else ""
    return f"{found.entries}, {dated}{ages}{future}"


def text_of(found: Examination) -> str:
    """Return whether entries or pages hold the articles."""
    if not found.entries:
        return "nothing to say yet"
    if not found.linked and not found.whole_articles:
        return "no article comes of it: its entries have neither an article nor the address of one"
    if found.whole_articles * 2 > found.entries:
        return (
            f"whole articles ({found.median_chars} characters in the middle): taken from the feed, no page is fetched"
        )
    if not found.median_chars:
        return "none in the entries: each article's page is fetched, where robots.txt allows it"
    return (
        f"teasers ({found.median_chars} characters in the middle): each article's page is fetched, where robots.txt "
        "allows it"
    )


def rhythm_of(found: Examination, headers: Mapping[str, str], settings: FetchSettings, now: float) -> str:
    """Return how often it would be polled, and why."""
    known = PollState(
        last_good_at=now,
        etag=headers.get("etag", ""),
        last_modified=headers.get("last-modified", ""),
        ttl_seconds=found.ttl_seconds,
        fresh_seconds=fresh_seconds(headers, now),
        entries=found.entries,
    )
    gap = found.median_gap_seconds
    if gap is not None:
        known.rhythm.minutes = [int((found.newest_at - gap * n) // 60) for n in range(4, -1, -1)]
    every = spoken(interval(known, bounds_of(settings), now))
    first = f"an article each {spoken(gap)}" if gap is not None else "too few dates to tell"
    asked = max(known.ttl_seconds, known.fresh_seconds)
    wish = f", and it asks for a wait of {spoken(asked)}" if asked else ""
    return f"{first}{wish}: would be polled each {every} or so"


def validators_of(headers: Mapping[str, str], wire_bytes: int, settings: FetchSettings) -> str:
    """Return the cost of an unchanged document."""
    names = [name for name, header in (("ETag", "etag"), ("Last-Modified", "last-modified")) if headers.get(header)]
    if names:
        return f"{' and '.join(names)}: a poll without news costs next to nothing"
    seconds = bounds_of(settings).without_validators
    apart = "an hour" if seconds == HOUR else f"each {spoken(seconds)}"
    return (
        f"none: each poll costs {size_of(wire_bytes)}, so there is at most one {apart} unless entries would be missed"
    )


def backfill_of(found: Examination, first_entries: int) -> str:
    """Describe the treatment of entries that are there now. `first_entries`: how many a first poll takes at most."""
    if found.kind == "sitemap_index" or not found.entries:
        return "what is there at the first poll comes marked, and raises no alert and no trend"
    cut = found.entries > first_entries
    every = "the one that is there" if found.entries == 1 else f"all {found.entries}"
    most = f"the newest {first_entries} of {found.entries}" if cut else every
    return f"{most} would come marked as old: no alert, no trend; what comes later is news"


def size_of(number: int) -> str:
    """Return bytes for people."""
    return (
        f"{number} bytes" if number < 2000 else f"{number / 1000:.0f} kB" if number < 2e6 else f"{number / 1e6:.1f} MB"
    )
