"""Records: refusals, dropped fields, times."""

import re
import tracemalloc
from datetime import UTC, datetime

import orjson
import pytest

from streams.errors import InvalidRecord
from streams.message import Message
from streams.records import (
    Alert,
    ArticleStory,
    Clean,
    Dead,
    Growth,
    Raw,
    Record,
    Source,
    Story,
    Tagged,
    WatchRecord,
    decode,
    encode,
    is_dense,
    schema_of,
)
from streams.settle import dead_letter
from streams.work import failure_of

GOOD = {
    "url": "https://a.example/1",
    "fetched_at": "2026-01-01T02:00:00+02:00",
    "content_type": "text/html",
    "content": "x",
}


def test_a_record_of_another_kind_and_a_time_of_another_form_are_said_in_words() -> None:
    """Neither the name of a pattern nor "invalid enum value" helps whoever wrote the record."""
    with pytest.raises(InvalidRecord, match=r"`schema` is 'wirewatch\.clean\.v1', and 'wirewatch\.raw\.v1' is needed"):
        decode(orjson.dumps(GOOD | {"schema": "wirewatch.clean.v1"}), Raw)
    with pytest.raises(InvalidRecord, match=r"a time such as `\S+T\S+Z` - at `\$\.fetched_at`"):
        decode(orjson.dumps(GOOD | {"fetched_at": "2026-11-03"}), Raw)


@pytest.mark.parametrize("field", ["url", "source"])
@pytest.mark.parametrize("sign", ["\x00", "\x1b[2J", "\n", "\x7f", "\x9b", "\u202d", "\u202e", "\u2028"])
def test_an_article_from_an_address_or_source_with_control_characters_is_refused(field: str, sign: str) -> None:
    """In its middle and at its end; the fault is said in words."""
    for value in (f"https://a.example/{sign}x", f"https://a.example/{sign}"):
        with pytest.raises(InvalidRecord, match=rf"without control characters - at `\$\.{field}`"):
            decode(orjson.dumps(GOOD | {field: value}), Raw)


def test_an_address_and_a_source_may_be_of_any_script() -> None:
    """Spaces, joiners of Persian and Hindi and marks of direction are in names."""
    names = {
        "url": "https://a.example/خبر/ا\u200cب",
        "source": "नई दिल्ली\u200d टाइम्स – 北京 \u202bخبر\u202c \u2067خبر\u2069",
    }
    assert decode(orjson.dumps(GOOD | names), Raw).source == names["source"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "Oil prices", "of a-z, 0-9, `.`, `_` and `-`"),
        ("cool_down", "30 min", "such as `90s`, `30m`, `2h` or `7d`"),
        ("quiet_hours", {"from": "7.30", "to": "08:00"}, "such as `07:30`"),
    ],
)
def test_the_form_of_a_field_is_said_in_words(field: str, value: object, words: str) -> None:
    """And not by a regular expression."""
    with pytest.raises(InvalidRecord, match=rf"{re.escape(words)}.* - at `\$\.{field}"):
        decode(orjson.dumps({"name": "oil", "query": "oil", field: value}), WatchRecord)


def test_times_are_written_in_utc() -> None:
    """A time with another zone comes out in UTC, ending in Z."""
    assert orjson.loads(encode(decode(orjson.dumps(GOOD), Raw)))["fetched_at"] == "2026-01-01T00:00:00Z"


def test_time_without_a_zone_is_taken_as_utc() -> None:
    """A time that leaves its zone out is no reason to lose an article."""
    raw = decode(orjson.dumps({**GOOD, "fetched_at": "2026-01-01T00:00:00"}), Raw)
    assert orjson.loads(encode(raw))["fetched_at"] == "2026-01-01T00:00:00Z"


def test_times_of_parts_are_in_utc_too() -> None:
    """A time of a part without its zone could not be compared with one that has it."""
    article = {"id": "a", "title": "T", "source": "s", "fetched_at": "2026-01-01T02:00:00"}
    held = {"id": "h", "article": article, "held_at": "2026-01-01T03:00:00+02:00"}
    alert = {"id": "x", "watch": "w", "severity": "info", "raised_at": "2026-01-01T02:00:00", "fetched_to_raised_s": 0}
    alert |= {"article": article, "digest": [held]}
    read = decode(orjson.dumps(alert), Alert)
    times = [read.raised_at, read.article.fetched_at, read.digest[0].held_at, read.digest[0].article.fetched_at]
    assert [time.isoformat() for time in times] == [f"2026-01-01T0{hour}:00:00+00:00" for hour in (2, 2, 1, 2)]


def test_a_part_outside_of_the_calendar_is_refused() -> None:
    """The refusal names the field."""
    story = {
        "id": "en-a",
        "event_id": "e",
        "event": "new",
        "title": "T",
        "languages": ["en"],
        "articles": 1,
        "sources": 1,
    }
    story |= dict.fromkeys(("first_seen_at", "last_seen_at"), "2026-01-01T02:00:00") | {"growth": {"now": 1, "life": 1}}
    article = {"id": "a", "title": "T", "source": "s", "fetched_at": "9999-12-31T23:00:00-02:00"}
    with pytest.raises(InvalidRecord, match="`fetched_at` is outside of the calendar"):
        decode(orjson.dumps({**story, "article": article}), Story)


def test_unknown_fields_are_dropped_and_the_id_is_kept() -> None:
    """An extra field goes; the record's own id stays, whether text or number."""
    raw = orjson.loads(encode(decode(orjson.dumps({**GOOD, "id": 0, "colour": "red"}), Raw)))
    assert raw["id"] == 0
    assert "colour" not in raw


@pytest.mark.parametrize(
    ("value", "reason", "names"),
    [
        (b"{", "invalid_json", "at character 2"),
        (b'{"url":"\xff"}', "invalid_encoding", "UTF-8"),
        (b"[" * 100_000, "invalid_json", "depth"),
        (b"7", "invalid_record", "JSON object"),
        (orjson.dumps({**GOOD, "content": 5}), "invalid_record", "$.content"),
        (orjson.dumps({**GOOD, "fetched_at": "yesterday"}), "invalid_record", "$.fetched_at"),
        (orjson.dumps({**GOOD, "content_type": "image/png"}), "invalid_record", "$.content_type"),
        (orjson.dumps({**GOOD, "url": " "}), "invalid_record", "url"),
    ],
)
def test_what_is_no_record_is_refused_with_its_field(value: bytes, reason: str, names: str) -> None:
    """The error names the fault and its place."""
    with pytest.raises(InvalidRecord) as caught:
        decode(value, Raw)
    assert caught.value.reason == reason
    assert names in caught.value.error


@pytest.mark.parametrize("ending", [b"]", b"]}", b"", b"],"])
@pytest.mark.parametrize("beginning", [b"[", b'{"url":', b'{"x":[[],', b'{"url":"https://a.example/1","x":['])
def test_what_is_wrong_with_millions_of_lists_is_said_without_making_them(beginning: bytes, ending: bytes) -> None:
    """Three million lists would be made in seconds, and fifty times their bytes, on the event loop."""
    value = beginning + b"[]," * 3_000_000 + b"[]" + ending
    tracemalloc.start()
    try:
        with pytest.raises(InvalidRecord) as caught:
            decode(value, Raw)
        letter = dead_letter(Message("news.raw", 0, 0, b"k", value, {}, 1.0), "clean", failure_of(caught.value))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.reason in {"invalid_json", "invalid_record"}
    assert peak < 10 * len(value)  # its text, its bytes in base64, and the dead letter's record
    assert is_dense(value) and not is_dense(b"[]" * 100_000) and is_dense("{}" * 100_001)
    assert isinstance(letter.record, Dead)
    assert (letter.record.url is not None) == (beginning.startswith(b'{"url":"') and ending == b"]}")


def test_ref_is_written_only_where_there_is_one() -> None:
    """`ref` is left out where the input had no id."""
    clean = Clean(
        id="a" * 32,
        source="s",
        title="t",
        text="x",
        extractor="given",
        fetched_at=decode(orjson.dumps(GOOD), Raw).fetched_at,
    )
    assert "ref" not in orjson.loads(encode(clean))
    clean.ref = "mine"
    assert orjson.loads(encode(clean))["ref"] == "mine"


def test_bytes_that_are_no_utf_8_are_named() -> None:
    """The error says which byte is wrong, and where."""
    with pytest.raises(InvalidRecord, match="invalid_encoding: not UTF-8: byte 0xe9 at position 9"):
        decode(b'{"url":"\x63\xe9"}', Raw)


def test_story_of_a_tagged_article_is_written_only_where_there_is_one() -> None:
    """An article that no stories step has seen has no field `story`; one that it has seen keeps it."""
    tagged = Tagged(
        id="a" * 32, source="s", title="t", text="x", extractor="given", fetched_at=datetime(2026, 3, 1, tzinfo=UTC)
    )
    assert "story" not in orjson.loads(encode(tagged))
    tagged.story = ArticleStory(
        id="en-1",
        event="new",
        articles=1,
        sources=1,
        growth=Growth(now=0.5, life=0.5),
        first_seen_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    assert decode(encode(tagged), Tagged).story == tagged.story


def test_backfill_is_written_only_where_it_is_set() -> None:
    """A raw record that was old when its source first showed it says so, and others say nothing."""
    plain = Raw(
        url="https://a.example/1", fetched_at=datetime(2026, 1, 1, tzinfo=UTC), content_type="text/html", content="x"
    )
    assert b"backfill" not in encode(plain)
    plain.backfill = True
    assert b'"backfill":true' in encode(plain)


def test_source_with_an_unknown_field_is_refused() -> None:
    """A misspelt field of a source is named, not dropped."""
    with pytest.raises(InvalidRecord, match="intervall"):
        decode(b'{"name":"a","url":"https://a.example/","intervall":5}', Source)


def test_a_record_that_no_table_has_is_named() -> None:
    """Who adds a record and forgets its line in `RECORDS` reads where it belongs."""

    class Forgotten(Record):
        """A record of nobody's."""

    with pytest.raises(LookupError, match=r"Forgotten has no line in RECORDS"):
        schema_of(Forgotten)
