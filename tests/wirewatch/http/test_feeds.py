"""The alerts that a worker keeps, and how they are written as RSS and Atom."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree as ET

import feedparser
import pytest
from aiohttp import web
from hypothesis import example, given
from hypothesis import strategies as st

from agents.deliver.markup import pieces_of
from streams.records import Alert, AlertItem, BurstCount, Delivery, Evidence, WatchRecord
from streams.settings import Settings
from tests.support.alerts import alert
from wirewatch.http.feed_documents import link
from wirewatch.http.feeds.alert_feed import ENTRY_BYTES, AlertFeed, Backlog
from wirewatch.http.feeds.documents import Channel, atom, marked, rss
from wirewatch.http.feeds.routes import Documents, FeedRoutes
from wirewatch.http.feeds.settings import FeedSettings
from wirewatch.metrics import new_metrics

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ONE = Channel(title="wirewatch: a", site="http://h:1", path="/watches/a.rss", updated=NOW, watch="a")
ALL = Channel(title="wirewatch: all watches", site="http://h:1", path="/watches.rss", updated=NOW)
WRITERS = (rss, atom)


def feed_of(*alerts: Alert, entries: int = 3, **bounds: int) -> AlertFeed:
    """Return a feed that has taken alerts."""
    feed = AlertFeed(entries, **bounds)
    for each in alerts:
        feed.take(each)
    return feed


def ids(feed: AlertFeed, *watches: str) -> list[str]:
    """Return the ids of a feed's alerts, oldest first."""
    return [kept.id for kept in reversed(feed.latest(watches or None, 1000))]


# -- what is kept


def test_newest_of_each_watch_are_kept() -> None:
    """A busy watch pushes out its own alerts, never another's."""
    quiet, busy = alert(0, "quiet"), [alert(n, "busy") for n in range(1, 8)]
    feed = feed_of(quiet, *busy)
    assert ids(feed, "busy") == [a.id for a in busy[-3:]]
    assert ids(feed, "quiet") == [quiet.id]
    assert len(feed) == 4


def test_all_together_are_bounded() -> None:
    """Beyond the number of alerts, or of bytes, the oldest go, and the count of bytes follows."""
    sent = [alert(n, f"w{n}") for n in range(10)]
    assert ids(feed_of(*sent, max_alerts=4)) == [a.id for a in sent[-4:]]
    one = feed_of(sent[0])
    small = feed_of(*sent, max_bytes=3 * one.bytes + 50)
    assert ids(small) == [a.id for a in sent[-3:]]
    assert small.bytes == sum(len(kept.value) + ENTRY_BYTES for kept in small.latest(None, 10))


def test_same_id_is_one_entry() -> None:
    """The first of an id stands; a second one changes neither order nor content."""
    first, second = alert(1), alert(2)
    feed = feed_of(first, second)
    assert not feed.take(alert(1, severity="critical"))
    assert ids(feed) == [first.id, second.id]
    assert {kept.severity for kept in feed.latest(None, 9)} == {"warning"}


@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from("abc")), max_size=60), st.integers(0, 60))
def test_reader_misses_nothing_without_being_told(taken: list[tuple[int, str]], start: int) -> None:
    """Alerts after a number are all that came since, in order, or a forgotten one is reported."""
    feed, came = AlertFeed(4, max_alerts=9), []
    for number, watch in taken:
        if feed.take(alert(number, watch)):
            came.append((feed.newest, watch, alert(number, watch).id))
    for watches in (None, ["a"], ["b", "c"]):
        due = [number for number, watch, _ in came if number > start and (watches is None or watch in watches)]
        got = feed.after(start, watches)
        assert got == sorted(got)
        assert set(got) <= set(due)
        assert got == due or feed.forgotten(watches) > start


def test_waiting_reader_is_woken() -> None:
    """Who took `changed` before looking sees the next alert."""
    feed = feed_of()
    changed = feed.changed
    feed.take(alert(1))
    assert changed.is_set()
    assert not feed.changed.is_set()


def test_watch_in_force_is_known_until_it_is_withdrawn() -> None:
    """A watch that has raised nothing has an empty feed rather than none."""
    feed = feed_of()
    record = WatchRecord(name="a", query="strike")
    feed.take_watch("a", record)
    assert feed.knows("a")
    feed.take_watch("a", None)
    assert not feed.knows("a")


def test_last_attempt_at_a_receiver_counts() -> None:
    """Attempts may be read back in any order."""
    feed = feed_of()
    attempts: list[tuple[int, Literal["delivered", "failed"]]] = [(2, "delivered"), (1, "failed")]
    for attempt, outcome in attempts:
        feed.take_delivery(
            Delivery(
                id=f"x:desk:{attempt}", alert_id="x", watch="a", severity="info", receiver="desk", receiver_type="file",
                attempt=attempt, outcome=outcome, attempted_at=NOW + timedelta(seconds=attempt),
            )
        )  # fmt: skip
    assert feed.deliveries("x")["desk"].outcome == "delivered"


#: The fifth of `b` is of more than are kept of a watch: it must not take the place of an earlier one of another.
CROWDED = [(5, "abc"), (6, "ac"), (7, "ac"), (8, "abc"), (9, "ab"), (10, "b"), (11, "b")]


@example([(number, watch) for number, watches in CROWDED for watch in watches])
@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from("abc")), max_size=120))
def test_backlog_is_what_would_be_kept_of_all_in_order(taken: list[tuple[int, str]]) -> None:
    """Read back in any order, the newest of each watch and of all are given by time, once, none before the start."""
    first = alert(0).raised_at + timedelta(seconds=5)
    backlog = Backlog(3, first, max_alerts=7)
    every = {a.id: a for a in (alert(n, watch, raised_at=first + timedelta(seconds=n - 5)) for n, watch in taken)}
    for number, watch in taken:
        backlog.add(alert(number, watch, raised_at=first + timedelta(seconds=number - 5)))
    ordered = sorted((a for a in every.values() if a.raised_at >= first), key=lambda a: (a.raised_at, a.id))
    of_each = [a for a in ordered if a in [b for b in ordered if b.watch == a.watch][-3:]]
    assert [a.id for a in backlog.in_order()] == [a.id for a in of_each[-7:]]


# -- how it is written


def test_marks_are_code_points() -> None:
    """Spans count code points, are escaped, may overlap, and are clipped to the shown text."""

    def marked_at(text: str, *places: tuple[int, int]) -> str:
        return marked(pieces_of(text, [Evidence(field="text", start=start, end=end) for start, end in places], "text"))

    text = "𝒳 <i> & 🚢 port"
    assert marked_at(text, (2, 5)) == "𝒳 <mark><b>&lt;i&gt;</b></mark> &amp; 🚢 port"
    assert marked_at(text, (8, 9), (10, 99)).endswith("<mark><b>🚢</b></mark> <mark><b>port</b></mark>")
    assert marked_at("abcdef", (1, 4), (2, 5), (-9, 1), (7, 9)).count("<mark>") == 3
    assert unescape(marked_at("abcdef", (-5, -1), (4, 2))) == "abcdef"


FIELDS: tuple[Literal["title", "text"], ...] = ("title", "text")


@pytest.mark.parametrize("write", WRITERS)
@given(text=st.text(max_size=60), start=st.integers(-5, 70), length=st.integers(-5, 70))
def test_any_text_gives_a_well_formed_feed(
    write: Callable[[Channel, list[Alert]], bytes], text: str, start: int, length: int
) -> None:
    """Whatever an article brings, an XML parser reads the document, and the title comes back as it was."""
    made = alert(1, "a")
    made.article.title = made.article.snippet = made.article.source = text
    made.article.url = f"https://x.example/{text}"
    made.article.language = "en"
    made.spans = [Evidence(field=field, start=start, end=start + length) for field in FIELDS]
    document = write(ONE, [made])
    root = ET.fromstring(document)
    titles = [element.text or "" for element in root.iter() if element.tag.endswith("title")]
    shown = "".join(
        c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
    if write is rss:  # its titles have other brackets, for readers that take them for HTML
        shown = shown.replace("<", "‹").replace(">", "›")
    assert (shown.replace("\r\n", "\n").replace("\r", "\n") if text.strip() else "(no title)") in titles


@pytest.mark.parametrize("write", WRITERS)
def test_all_watches_name_theirs(write: object) -> None:
    """In the feed of all watches a title says which watch it was."""
    document = feedparser.parse(write(ALL, [alert(1, "strikes", severity="critical")]))  # type: ignore[operator]
    assert document.entries[0].title.startswith("CRITICAL: strikes: Dockers")


@pytest.mark.parametrize("write", WRITERS)
def test_empty_feed_is_valid(write: object) -> None:
    """A watch that has raised nothing has a feed without entries."""
    document = feedparser.parse(write(ONE, []))  # type: ignore[operator]
    assert not document.bozo
    assert document.feed.title == "wirewatch: a"
    assert document.entries == []


@pytest.mark.parametrize("write", WRITERS)
def test_burst_and_digest_say_what_they_are(write: object) -> None:
    """A burst tells its count beside the usual one, a digest lists its articles with their own marks."""
    burst = alert(1, "a", kind="burst", burst=BurstCount(count=12, usual=1.5, window_seconds=3600), suppressed=4)
    items = [AlertItem(id=f"i{n}", article=alert(n).article, spans=alert(n).spans, held_at=NOW) for n in (5, 6)]
    digest = alert(2, "a", kind="digest", digest=items)
    first, second = feedparser.parse(write(ONE, [burst, digest]), sanitize_html=False).entries  # type: ignore[operator]
    html = [entry.content[0].value if write is atom else entry.description for entry in (first, second)]
    assert first.title.startswith("12 articles in 1 hour: ")
    assert "usual are 1.5" in html[0] and "4 more were held back" in html[0]
    assert second.title.startswith("digest of 2: ")
    assert html[1].count("<li>") == 2 and html[1].count("<mark>") == 4


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/x y?q=ä#f", "https://a.example/x%20y?q=%C3%A4#f"),
        ("http://a.example/%20", "http://a.example/%20"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https:///nowhere", None),
        ("http://[::1", None),
        ('https://a.example/"><script>', "https://a.example/%22%3E%3Cscript%3E"),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(url: str | None, shown: str | None) -> None:
    """Other schemes are not linked, and nothing leaves the attribute."""
    assert link(url) == shown


async def test_a_document_is_written_once_and_the_oldest_go_first() -> None:
    """Readers of one feed share its document; more than fit are written again."""
    written: list[str] = []
    documents = Documents(count=2, max_bytes=10)

    def write(tag: str) -> bytes:
        written.append(tag)
        return tag.encode() * 4

    for tag in ("a", "a", "b", "a", "c", "a", "b"):
        assert await documents.get(tag, partial(write, tag)) == tag.encode() * 4
    assert written == ["a", "b", "c", "b"]


async def test_a_document_larger_than_all_room_is_given_all_the_same() -> None:
    """One document over the bound is not kept, and is answered."""
    documents = Documents(count=2, max_bytes=1)
    assert await documents.get("a", lambda: b"xx") == b"xx"
    assert await documents.get("a", lambda: b"yy") == b"yy"


def test_addresses_of_the_documentation_answer() -> None:
    """Each kind of address in the page for subscribers is a route."""
    page = (Path(__file__).parents[3] / "docs" / "feeds.md").read_text(encoding="utf-8")
    app = web.Application()
    FeedRoutes(AlertFeed(1), Settings()[FeedSettings], new_metrics()).add_to(app)
    paths = {resource.canonical for resource in app.router.resources()} - {"/watches/{name}"}
    assert len(paths) > 3
    for path in paths:
        for form in ("rss", "atom") if "{format}" in path else ("",):
            assert path.replace("{name}", "NAME").replace("{format}", form) in page, path
