"""States of sources and domains as bytes: nothing is lost on the way, and those of older workers are still read."""

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.fetch.asking.budget import MOST_DELAY_SECONDS, MOST_RETRY_AFTER_SECONDS, Budgets, DomainState
from agents.fetch.asking.requests import Kind, Request, is_newer, pack, unpack
from agents.fetch.polling.store import Store, domain_decoder, domain_encoder
from agents.fetch.reading.entries import Entry
from agents.fetch.source import seen, state
from agents.fetch.source.schedule import NEVER, within
from agents.fetch.source.seen import Print, compare
from agents.fetch.source.state import PollState, Rhythm
from agents.fetch.step import FetchSettler
from streams.errors import InvalidRecord, Refused
from streams.message import Message, Settlement
from streams.settings import Settings
from streams.topics import FETCHES

minutes = st.lists(st.integers(0, 2**32), max_size=40).map(sorted)
counts = st.lists(st.integers(0, 10**6).map(lambda number: number / 100), min_size=7, max_size=7)
rhythms = st.builds(
    Rhythm, minutes=minutes, weekdays=counts, week=st.integers(0, 9999), first_week=st.integers(0, 9999)
)
times = st.floats(0, 4e9, allow_nan=False)
states = st.builds(
    PollState,
    url=st.text(max_size=50),
    added_at=times,
    next_at=st.one_of(times, st.just(1e12)),
    etag=st.text(max_size=30),
    last_modified=st.text(max_size=30),
    body_hash=st.binary(max_size=8),
    rhythm=rhythms,
    seen=st.binary(max_size=240).map(lambda kept: kept[: len(kept) // seen.SIZE * seen.SIZE]),
    pending_at=times,
    failures=st.floats(0, 100, allow_nan=False),
    newest_at=times,
)


@given(states)
def test_a_state_comes_back_from_its_bytes(known: PollState) -> None:
    """All fields are the same, times to the last bit: a poll that is made again has the same ids."""
    assert state.unpack(state.pack(known)) == known


@given(states, st.lists(st.tuples(st.binary(min_size=6, max_size=6), st.binary(min_size=6, max_size=6)), max_size=20))
def test_a_state_of_an_older_worker_is_read(known: PollState, entries: list[tuple[bytes, bytes]]) -> None:
    """Plain MessagePack, with 16 bytes for each entry, is the same state with 12."""
    known.seen = b"".join(key + guid + b"text" for key, guid in entries)
    old = msgspec.msgpack.encode(known)
    known.seen = b"".join(key[:5] + guid[:5] + b"te" for key, guid in entries)
    assert state.unpack(old) == known


def test_an_entry_that_an_older_worker_kept_is_known() -> None:
    """Nothing is new again after the update: neither by address, nor by guid."""
    entry = Entry(url="http://a.example/1", guid="one", title="A", content="B")
    old = seen.hashed("http://a.example/1", 6) + seen.hashed("one", 6) + seen.hashed("A\nB", 4)
    kept = seen.shortened(old)
    assert compare(kept, [seen.print_of(entry)]).new == []
    assert compare(kept, [seen.print_of(entry)]).edited == []
    assert compare(kept, [seen.print_of(moved(entry))]).new == []


def moved(entry: Entry) -> Entry:
    """Return an entry at another address."""
    return Entry(url="http://a.example/moved", guid=entry.guid, title=entry.title, content=entry.content)


@given(st.binary(max_size=200))
def test_other_bytes_are_no_state(value: bytes) -> None:
    """Whatever lies on the topic is a state, or raises `DecodeError`."""
    for text in (value, state.SHORT + value):
        try:
            found = state.unpack(text)
        except msgspec.DecodeError:
            continue
        assert isinstance(found, PollState)


@given(st.integers(0, 60))
def test_a_state_is_small(number: int) -> None:
    """A usual source takes the room of its hashes, and half a kilobyte beside them."""
    known = PollState(url="https://feeds.publisher.example/news.rss", etag='"abc"', seen=bytes(seen.SIZE * number))
    known.rhythm.minutes = [29_000_000 + 45 * n for n in range(40)]
    assert len(state.pack(known)) < seen.SIZE * number + 300


hashes = st.binary(min_size=5, max_size=5)


@given(st.lists(st.builds(Print, key=hashes, guid=hashes, content=st.binary(min_size=2, max_size=2)), max_size=40))
def test_entries_that_were_seen_are_not_new(prints: list[Print]) -> None:
    """Entries of a document are known at its next poll, each once, within the bound."""
    kept = compare(b"", prints).kept
    again = compare(kept, prints)
    assert again.new == []
    assert len(again.kept) <= seen.SIZE * seen.MOST_KEPT


@given(
    st.builds(
        DomainState,
        domain=st.text(max_size=30),
        paused_until=times,
        pauses=st.integers(0, 20),
        crawl_delay=times,
        reason=st.text(max_size=30),
    )
)
def test_a_budget_comes_back_from_its_bytes(known: DomainState) -> None:
    """The next owner of a domain knows how long it is paused."""
    assert domain_decoder.decode(domain_encoder.encode(known)) == known


texts = st.none() | st.text(max_size=40)


@given(
    st.builds(
        Request,
        id=st.text(min_size=1, max_size=30),
        source=st.text(max_size=20),
        fetched_at=st.datetimes(timezones=st.just(UTC)),
        url=texts,
        link=texts,
        hops=st.lists(st.text(max_size=20), max_size=5),
        title=texts,
        guid=texts,
        content=st.text(max_size=200),
        attempts=st.integers(0, 6),
    )
)
def test_a_request_comes_back_from_its_bytes(request: Request) -> None:
    """A page that waits is the same after a restart."""
    assert unpack(pack(request)) == request


def test_a_request_that_is_none_raises() -> None:
    """Bytes of somebody else are refused, not guessed at."""
    with pytest.raises(msgspec.DecodeError):
        unpack(b'{"id": 1}')


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_broken_request_of_a_known_kind_is_not_newer(kind: str) -> None:
    """A known form that cannot be read is broken."""
    assert not is_newer(b'{"id":"a","source":"b","kind":"%s","fetched_at":"no date"}' % kind.encode())


def test_a_request_of_a_newer_worker_is_passed_over() -> None:
    """A kind that this worker does not know brings nothing, and no dead letter; broken bytes are still refused."""
    settler = FetchSettler(Settings())

    def settle(value: bytes) -> Settlement:
        return settler.settle(Message(FETCHES.name, 0, 0, b"k", value, {}, 0.0), None)

    settlement = settle(b'{"id":"a","source":"b","kind":"of tomorrow","fetched_at":"2026-01-01T00:00:00Z","more":[1]}')
    assert (settlement.outcome, settlement.outputs, settlement.changes) == ("newer_kind", [], [])
    for broken in (b"{}", b'{"kind":1}', b'{"kind":"of tomorrow"}', b"[" * 20_000, b"\xff"):
        with pytest.raises(Refused):
            settle(broken)


#: What a state of a source cannot be.
SPOILT: list[dict[str, object]] = [
    {"next_at": -1.0}, {"next_at": 1e300}, {"next_at": float("nan")}, {"added_at": float("inf")}, {"failures": -5.0},
    {"polls": 2**62}, {"skip_hours": -1}, {"rhythm": Rhythm(weekdays=[])}, {"rhythm": Rhythm(weekdays=[-1.0] * 7)},
    {"rhythm": Rhythm(minutes=[2**62])}, {"rhythm": Rhythm(minutes=list(range(100)))},
]  # fmt: skip


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_spoilt_state_is_refused_and_the_one_before_stays(spoilt: dict[str, object]) -> None:
    """With it no poll of its source would ever end well."""
    store = Store()
    store.restore("s:paper", state.pack(PollState(url="https://a.example/feed")))
    with pytest.raises(InvalidRecord):
        store.restore("s:paper", msgspec.msgpack.encode(msgspec.structs.replace(PollState(), **spoilt)))
    assert store.state("paper").url == "https://a.example/feed"


@pytest.mark.parametrize("key", ["s:paper", "d:a.example", "p:a:1"])
@pytest.mark.parametrize("value", [b"", b"\x01", b"\xff\xfe", b"{}", b"\x91" * 20_000])
def test_bytes_that_are_no_state_are_refused(key: str, value: bytes) -> None:
    """They would be met again at each poll."""
    with pytest.raises(InvalidRecord):
        Store().restore(key, value)


def test_a_request_with_a_time_outside_of_the_calendar_is_refused() -> None:
    """Nothing could be made of it, not even a dead letter with its time."""
    early = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    request = Request(id="a", source="s", fetched_at=datetime(2026, 3, 2, tzinfo=UTC), published_at=early)
    with pytest.raises(msgspec.DecodeError, match="published_at"):
        unpack(pack(request))


def test_a_request_without_an_id_is_refused() -> None:
    """Its raw message would get another id, and the audit would miss the request for ever."""
    with pytest.raises(msgspec.DecodeError, match="no id"):
        unpack(pack(Request(id="", source="s", fetched_at=datetime(2026, 3, 2, tzinfo=UTC), content="<p>Text.</p>")))


@pytest.mark.parametrize("number", [1e300, float("inf"), float("nan"), -1.0])
def test_a_budget_that_is_taken_back_pauses_no_longer_than_a_server_can(number: float) -> None:
    """Another owner's state of a domain is believed as far as a server's word is."""
    budgets = Budgets()
    budgets.restore(DomainState("a.example", paused_until=number, crawl_delay=number), 1_000.0)
    ready = budgets.ready_at("a.example")
    assert ready is not None
    assert ready <= 1_000.0 + MOST_RETRY_AFTER_SECONDS
    assert budgets.of("a.example").crawl_delay <= MOST_DELAY_SECONDS


def test_a_poll_that_a_state_puts_off_for_years_is_due_now() -> None:
    """A gone source alone is never due."""
    assert within(5e9, 1e9) == 1e9
    assert within(1e9 + 3_600, 1e9) == 1e9 + 3_600
    assert within(NEVER, 1e9) == NEVER
