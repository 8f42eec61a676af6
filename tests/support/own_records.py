"""A record of each topic that a short test leaves empty, made by the encoder of the step that writes there.

Sources are polled by the hour, a burst needs three quiet days and a digest its moment; a real record to spoil is here at once.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from agents.clean.article import clean_raw
from agents.clean.plain.boilerplate import Boilerplate
from agents.clean.step import lines_of
from agents.digest.shelf import ShelfStory
from agents.digest.step import change_of
from agents.fetch.asking.domains import domain_of
from agents.fetch.asking.requests import Request, pack
from agents.fetch.source import state
from agents.fetch.source.state import PollState, Rhythm
from streams import topics
from streams.events import CHECK_HEADER, checksum, header_list
from streams.records import (
    Digest,
    DigestLink,
    DigestSection,
    DigestStory,
    Health,
    HealthEvidence,
    Raw,
    Record,
    Source,
    StoryArticle,
    Trend,
    TrendKey,
    TrendStory,
    encode,
)
from streams.topics import KafkaTopic
from tests.agents.digest.test_digest import story

NOW = datetime.now(UTC).replace(microsecond=0)
#: Nothing answers there, and it is of no domain that anything else asks.
FEED = "http://127.9.9.9:9/feed"
#: How the addresses of its pages begin.
PAGES = "http://127.9.9.9:9/pages/"
#: The id of a request for one.
REQUEST = "b" * 32


class OwnRecord(NamedTuple):
    """A message as a worker writes it."""

    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]]


def event(key: str, record: Record, name: str, kind: str) -> OwnRecord:
    """Return a public record with the headers of its event."""
    return OwnRecord(key.encode(), encode(record), header_list(name, kind, "test"))


def kept(key: str, value: bytes | None) -> OwnRecord:
    """Return a state record with its checksum."""
    assert value is not None
    return OwnRecord(key.encode(), value, [(CHECK_HEADER, checksum(key.encode(), value))])


def with_digest(folder: Path) -> str:
    """Write a digest that is due in half a day into a new folder; return the table of settings by which its step runs."""
    folder.mkdir()
    later = NOW + timedelta(hours=12)
    (folder / "daily.toml").write_text(f'[digest.daily]\nat = ["{later:%H:%M}"]\nreceivers = ["desk"]\n')
    return f'\n[digest]\nfolder = "{folder}"\n'


def source() -> OwnRecord:
    """Return a source in force."""
    record = Source(name="poisoned", url=FEED, kind="feed", tags=["wire"], language="en", added_at=NOW)
    return event("poisoned", record, "poisoned", "source")


def health() -> OwnRecord:
    """Return a source's change of state."""
    evidence = HealthEvidence(status=500, error="HTTP 500", url=FEED, failures=6.0, failing_since=NOW)
    name = f"poisoned:{NOW:%Y-%m-%dT%H:%M:%SZ}:failing"
    record = Health(
        id=name,
        source="poisoned",
        url=FEED,
        was="healthy",
        to="failing",
        reason="6 polls failed",
        evidence=evidence,
        since=NOW,
    )
    return event("poisoned", record, name, "health")


def trend() -> OwnRecord:
    """Return a burst of a country and a topic, with its story and an article."""
    article = StoryArticle(
        id="a" * 32, url="https://a.example/1", title="Ferry sinks", source="a.example", fetched_at=NOW
    )
    key = TrendKey(country="NO", topic="medtop:03000000")
    record = Trend(
        id=f"NO:03000000:{NOW:%Y-%m-%dT%H:%MZ}", key=key, label="Norway: disaster", at=NOW, window_hours=1.0, count=12, sources=9,
        expected=1.5, score=6.1, baseline=96.0, sensitivity="balanced", articles=[article],
        stories=[TrendStory(id="en-a", title="Ferry", articles=9)],
    )  # fmt: skip
    return event("NO:03000000", record, record.id, "trend")


def digest() -> OwnRecord:
    """Return a digest of one story; nobody receives it."""
    link = DigestLink(title="Ferry sinks", source="a.example", url="https://a.example/1")
    told = DigestStory(
        id="en-a", title="Ferry sinks", sentence="It sank.", language="en", articles=9, sources=7, first_seen_at=NOW,
        last_seen_at=NOW, places=["Norway"], topics=["disaster"], links=[link], why=["7 sources"],
    )  # fmt: skip
    record = Digest(
        id=f"poisoned:{NOW:%Y-%m-%dT%H:%M:%SZ}", name="poisoned", title="The morning", at=NOW, since=NOW - timedelta(days=1),
        sections=[DigestSection(name="new", stories=[told])],
    )  # fmt: skip
    return event("poisoned", record, record.id, "digest")


def digest_state() -> OwnRecord:
    """Return a story that digests may show."""
    told = story("poisoned", "a")
    held = ShelfStory(
        told, {"a": NOW}, {"a": DigestLink(title="Ferry", source="a", url="https://a.example/1")}, {"d": 1}, NOW
    )
    change = change_of(told.id, held)
    return kept(change.key, change.value)


def fetch() -> OwnRecord:
    """Return a new entry with its text, of a feed, on its way to be a raw message."""
    request = Request(
        id=REQUEST, source="poisoned", fetched_at=NOW, url=f"{PAGES}1", link=f"{PAGES}1", feed=FEED,
        title="Ferry sinks", content=f"<p>{'It sank off Bergen. ' * 40}</p>", language="en", published_at=NOW, guid="1",
    )  # fmt: skip
    return OwnRecord(domain_of(FEED).encode(), pack(request), header_list(request.id, "request", "test"))


def poll() -> OwnRecord:
    """Return the state of a source that has been polled."""
    known = PollState(
        url=FEED, added_at=NOW.timestamp(), next_at=NOW.timestamp() + 900, last_poll_at=NOW.timestamp(), etag='"1"', status=200,
        kind="feed", title="A paper", entries=20, rhythm=Rhythm(minutes=[29_000_000, 29_000_060]), polls=9, health="healthy",
    )  # fmt: skip
    return kept("s:poisoned", state.pack(known))


def lines() -> OwnRecord:
    """Return the lines of a plain text."""
    text = "\n".join(f"The harbour office said on day {day} that the ferry had sunk off the coast." for day in range(9))
    raw = Raw(source="a.example", title="Ferry", fetched_at=NOW, content_type="text/plain", content=text)
    value = lines_of(clean_raw(raw))
    return OwnRecord(b"a.example", value, header_list("c" * 32, "lines", "test"))


def repeated_lines() -> OwnRecord:
    """Return the lines that a source repeats."""
    table = Boilerplate()
    for number in range(4):
        value = table.learn("a.example", f"{number:032x}", number, [1, 2, 3, number + 10])
    return kept("a.example", value)


MAKERS: dict[KafkaTopic, Callable[[], OwnRecord]] = {
    topics.SOURCES: source,
    topics.HEALTH: health,
    topics.TRENDS: trend,
    topics.DIGESTS: digest,
    topics.DIGEST_STATES: digest_state,
    topics.FETCHES: fetch,
    topics.POLLS: poll,
    topics.LINES: lines,
    topics.REPEATED_LINES: repeated_lines,
}
