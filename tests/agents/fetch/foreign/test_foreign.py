"""Messages of somebody's topic as requests: by JSON pointers, without ever guessing."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from aiokafka import ConsumerRecord
from hypothesis import given
from hypothesis import strategies as st

from agents.fetch.asking.requests import Request, pack, unpack
from agents.fetch.foreign.mapping import FIELDS, Place, place_of, pointers_of, request_of, require_foreign
from agents.fetch.foreign.pointers import PointerError, find, parse
from agents.fetch.foreign.topics import requests_of
from agents.fetch.polling.recording import request_output
from streams.records import Source
from streams.settings import KafkaSettings
from streams.topics import FETCHES

AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
#: The document of RFC 6901, section 5, and where its pointers lead.
DOCUMENT = {
    "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, 'k"l': 6, " ": 7, "m~n": 8,
}  # fmt: skip
LEADS = {
    "": DOCUMENT, "/foo": ["bar", "baz"], "/foo/0": "bar", "/": 0, "/a~1b": 1, "/c%d": 2, "/e^f": 3, "/g|h": 4,
    "/i\\j": 5, '/k"l': 6, "/ ": 7, "/m~0n": 8,
}  # fmt: skip

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


def source(options: dict[str, str] | None = None, url: str = "kafka://broker.example:9092/articles") -> Source:
    """Return a source of the kind kafka."""
    return Source(name="partner", url=url, kind="kafka", options=options or {}, added_at=AT)


def taken(document: Any, **options: str) -> Request:
    """Return the request that a message becomes."""
    made = source(options)
    value = document if isinstance(document, bytes) else orjson.dumps(document)
    return request_of(made, pointers_of(made), value, AT, "articles/0/7")


@pytest.mark.parametrize("pointer", LEADS)
def test_pointers_lead_where_the_standard_says(pointer: str) -> None:
    """The examples of RFC 6901."""
    assert find(DOCUMENT, parse(pointer)) == LEADS[pointer]


@pytest.mark.parametrize("pointer", ["foo", "/a~", "/a~2", "#/foo"])
def test_a_text_that_is_no_pointer_is_refused(pointer: str) -> None:
    """A pointer begins with a slash, and a tilde is escaped."""
    with pytest.raises(PointerError, match="JSON pointer"):
        parse(pointer)


def paths(document: Any, steps: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Return every place of a document with its value."""
    found: list[tuple[tuple[str, ...], Any]] = [(steps, document)]
    if isinstance(document, dict):
        for key, value in document.items():
            found += paths(value, (*steps, key))
    if isinstance(document, list):
        for index, value in enumerate(document):
            found += paths(value, (*steps, str(index)))
    return found


@given(plain)
def test_every_place_of_a_document_has_its_pointer(document: Any) -> None:
    """A pointer that is made of keys and numbers leads back to its place."""
    for steps, value in paths(document):
        pointer = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
        assert find(document, parse(pointer)) == value


@given(plain, st.text(max_size=12).map(lambda text: "/" + text.replace("~", "")))
def test_a_pointer_into_nothing_finds_nothing(document: Any, pointer: str) -> None:
    """Whatever the document is, a pointer finds a value of it or None."""
    found = find(document, parse(pointer))
    assert found is None or found in [value for _, value in paths(document)]


def test_a_message_becomes_one_request() -> None:
    """Fields stand where the pointers lead; the id is made of the message's own time, the same after a crash."""
    document = {
        "article": {"link": "https://a.example/1", "head": " A title ", "body": "<p>Text</p>", "by": ["A. Writer", 3]},
        "when": "Mon, 05 Jan 2026 11:00:00 +0100", "feed": "The Harbour", "lang": "de",
    }  # fmt: skip
    options = {
        "url": "/article/link", "title": "/article/head", "html": "/article/body", "author": "/article/by",
        "date": "/when", "source": "/feed", "language": "/lang",
    }  # fmt: skip
    request = taken(document, **options)
    assert (request.url, request.title, request.content) == ("https://a.example/1", "A title", "<p>Text</p>")
    assert (request.content_type, request.authors, request.source) == ("text/html", ["A. Writer"], "The Harbour")
    assert (request.published_at, request.language) == (datetime(2026, 1, 5, 10, tzinfo=UTC), "de")
    assert (request.via, request.page, request.backfill) == ("topic", False, True)
    assert taken(document, **options) == request
    assert unpack(pack(request)) == request


def test_an_address_without_text_has_its_page_fetched() -> None:
    """Unless the source says that pages are not to be asked for: then nothing is left of it."""
    assert taken({"u": "https://a.example/1"}, url="/u").page
    assert not taken({"u": "https://a.example/1", "t": "Text"}, url="/u", text="/t").page


@pytest.mark.parametrize(
    "document",
    [b"{", b"", b"[" + b"[]," * 1_000_000 + b"[]]", {"other": 1}, {"t": "   "}, {"t": 5}, [], {"u": "ftp://a.example"}],
)
def test_a_message_of_which_nothing_can_be_made_says_why(document: Any) -> None:
    """It is a request all the same, so that the accounts have it: it ends as a dead letter."""
    request = taken(document, text="/t", url="/u")
    assert request.error
    assert request.id == "partner:articles/0/7"


@pytest.mark.parametrize(
    ("value", "time"),
    [
        (1767614400, AT),
        (1767614400000, AT),
        ("2026-01-05T12:00:00Z", AT),
        ("no date", None),
        (True, None),
        (1e300, None),
    ],
)
def test_dates_are_texts_or_numbers(value: Any, time: datetime | None) -> None:
    """Seconds, milliseconds and the forms of feeds are read; anything else is no date."""
    assert taken({"t": "Text", "d": value}, text="/t", date="/d").published_at == time


def test_places() -> None:
    """An address names brokers and topic, or our own Kafka."""
    assert place_of(source()) == Place("broker.example:9092", "articles")
    assert place_of(source(url="kafka:///articles")) == Place("", "articles")
    for wrong in ("https://a.example/feed", "kafka://broker.example:9092", "kafka://broker.example/a/b"):
        with pytest.raises(PointerError, match="names no topic"):
            place_of(source(url=wrong))


def test_options_that_say_nothing_are_refused() -> None:
    """A slip of the pen is named, and so is a source without text and address."""
    with pytest.raises(PointerError, match="options.titel"):
        pointers_of(source({"titel": "/t", "text": "/x"}))
    with pytest.raises(PointerError, match="where does the article stand"):
        pointers_of(source({"title": "/t"}))
    assert set(pointers_of(source({**dict.fromkeys(FIELDS, "/a"), "from": "earliest"}))) == set(FIELDS)


def record(value: bytes, timestamp_ms: int = 1_767_614_400_000) -> ConsumerRecord[bytes, bytes]:
    """Return a message of somebody's topic."""
    return ConsumerRecord("articles", 0, 7, timestamp_ms, 0, None, value, None, -1, len(value), ())


@pytest.mark.parametrize("timestamp_ms", [-1, -(2**62), 2**50, 2**62, 4_102_444_800_000])
def test_a_message_whose_time_is_none_came_now(timestamp_ms: int) -> None:
    """Its topic would stand still at it for ever: the broker is somebody else's, and so is its bound on times."""
    partner = source({"text": "/text"})
    asked = datetime.now(UTC)
    [request] = requests_of(partner, pointers_of(partner), [record(b'{"text":"A text."}', timestamp_ms)])
    assert not request.error
    assert asked <= request.fetched_at <= datetime.now(UTC)


def test_a_message_that_no_request_could_carry_is_refused_and_the_next_is_taken() -> None:
    """A topic's own bound may be above ours: Kafka would refuse the request again and again."""
    partner = source({"text": "/text", "guid": "/guid"})
    large = orjson.dumps({"text": "x" * FETCHES.max_message_bytes})
    both = orjson.dumps({"text": "x" * 5_000_000, "guid": "y" * 5_000_000})
    values = [large, both, b"[" * 20_000, b'{"text":"A text."}']
    requests = requests_of(partner, pointers_of(partner), [record(value) for value in values])
    assert [bool(request.error) for request in requests] == [True, True, True, False]
    assert "bytes too large" in requests[0].error
    assert all(request_output(request).excess_bytes == 0 for request in requests)


@pytest.mark.parametrize(
    ("url", "options", "said"),
    [
        ("kafka:///news.raw", {}, "a topic of wirewatch's own"),
        ("kafka://own.example:9092/wirewatch.ledger", {}, "a topic of wirewatch's own"),
        ("kafka:///articles", {"group": "wirewatch-clean"}, "a group of wirewatch's own"),
        ("kafka://own.example:9092,thief.example:9092/articles", {}, "thief.example:9092 is not given the password"),
        ("kafka://thief.example:9092/news.raw", {}, "fetch.trusted_brokers"),
    ],
)
def test_a_topic_whose_reading_would_harm_us_is_refused(url: str, options: dict[str, str], said: str) -> None:
    """A circle, a group of a step, a password that goes to strangers: whoever wrote the source is told."""
    settings = KafkaSettings(bootstrap="own.example:9092", security_protocol="SASL_PLAINTEXT")
    made = source(options, url)
    with pytest.raises(PointerError, match=said):
        require_foreign(made, place_of(made), settings, ["partner.example:9092"])


@pytest.mark.parametrize(
    ("url", "protocol"),
    [
        ("kafka://partner.example:9092/news.raw", "SASL_SSL"),
        ("kafka:///articles", "SASL_SSL"),
        ("kafka://other.example:9092/articles", "PLAINTEXT"),
    ],
)
def test_a_topic_of_others_is_read(url: str, protocol: Any) -> None:
    """On our own Kafka, at a broker that is trusted, and wherever no password is sent."""
    made = source({"group": "wirewatch-source-partner"}, url)
    settings = KafkaSettings(bootstrap="own.example:9092", security_protocol=protocol)
    require_foreign(made, place_of(made), settings, ["partner.example:9092"])
