"""Articles are passed on as the bytes that came, with their revision and time put in."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.dedup.passing import passed
from streams.records import Clean, decode, encode

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def clean(**fields: Any) -> Clean:
    """Return a clean record."""
    given: dict[str, Any] = {
        "id": "a" * 32, "fetch_id": "a:1", "source": "a.example", "title": "A title", "text": "Text.",
        "extractor": "given", "fetched_at": NOW,
    }  # fmt: skip
    return Clean(**(given | fields))


@given(
    title=st.text(max_size=40),
    text=st.text(max_size=80),
    ref=st.none() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=20),
    revision=st.integers(0, 10**9),
)
def test_only_revision_and_time_differ(title: str, text: str, ref: Any, revision: int) -> None:
    """Whatever an article says, the record that goes on is the one that decoding and encoding would give."""
    record = clean(title=title, text=text, ref=ref, revision=7, processed_at=NOW)
    article = passed(encode(record), "a:1")
    assert article is not None
    record.revision, record.processed_at = revision, datetime(2026, 3, 2, tzinfo=UTC)
    assert orjson.loads(article.with_revision(revision, record.processed_at)) == orjson.loads(encode(record))
    assert decode(article.with_revision(revision, record.processed_at), Clean) == record
    assert (article.identity().title, article.identity().ref) == (title, ref)


def test_words_of_the_record_in_its_texts_do_not_mislead() -> None:
    """A title that quotes a record's fields is a title."""
    record = clean(title='"revision":5,"processed_at":null,', source='{"processed_at":null,}', processed_at=NOW)
    article = passed(encode(record), "a:1")
    assert article is not None
    assert decode(article.with_revision(3, NOW), Clean).revision == 3
    assert decode(article.with_revision(3, NOW), Clean).title == record.title


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"{}",
        b'{"schema":"wirewatch.clean.v1","id":"a","fetch_id":"other","revision":0,"processed_at":null,',
        b'{"schema":"wirewatch.clean.v1","id":"a","fetch_id":"a:1","revision":0,"text":"x"}',
        orjson.dumps(orjson.loads(encode(clean())), option=orjson.OPT_SORT_KEYS),
        orjson.dumps(orjson.loads(encode(clean())), option=orjson.OPT_INDENT_2),
    ],
)
def test_another_layout_is_decoded(value: bytes) -> None:
    """Records that others wrote in their own way are not passed on unread."""
    assert passed(value, "a:1") is None
