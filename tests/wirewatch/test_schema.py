"""The schemas, as programs in other languages read them."""

import re
from collections.abc import Iterator
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from streams.records.base import IN_WORDS
from streams.records.patterns import portable
from wirewatch import schema
from wirewatch.http import openapi

#: Records that strangers write: a time may lack its zone there.
INCOMING = {"raw", "source", "watch"}
TEXTS = (
    *("a", "desk.news_1-b", "Desk", "-desk", "a" * 101, "", "90s", "7d", "1234567s", "90 s", "07:30", "24:00", "7:30"),
    *("https://paper.example/a", "two\nlines", "rung\x07", "next\x85line", "page\u2028break", "turned\u202eround", "\u200fנייר"),
)  # fmt: skip


def parts(document: Any) -> Iterator[dict[str, Any]]:
    """Yield each object of a document, from the outermost."""
    if isinstance(document, dict):
        yield document
    for inner in document.values() if isinstance(document, dict) else document if isinstance(document, list) else ():
        yield from parts(inner)


@pytest.mark.parametrize("name", [*schema.names(), "openapi"])
def test_patterns_are_read_by_re2(name: str) -> None:
    """Validators in Go compile a schema's patterns, or refuse all of it: looking ahead is none of RE2's."""
    document = orjson.loads(openapi.document()) if name == "openapi" else schema.json_schema(name)
    patterns = {part["pattern"] for part in parts(document) if isinstance(part.get("pattern"), str)}

    assert patterns or name not in {"openapi", "raw", "source", "watch"}
    for pattern in patterns:
        pc.match_substring_regex(pa.array([""]), pattern)  # raises ArrowInvalid for one that is none


@pytest.mark.parametrize("pattern", IN_WORDS, ids=IN_WORDS.values())
def test_a_schema_refuses_what_a_record_refuses(pattern: str) -> None:
    """The pattern that RE2 reads lets the same texts through as the one by which records are checked."""
    shared = portable({"properties": {"a": {"pattern": pattern}}})["properties"]["a"]["pattern"]
    found = pc.match_substring_regex(pa.array(TEXTS), shared).to_pylist()

    assert found == [bool(re.search(pattern, text)) for text in TEXTS]
    assert {True, False} == set(found)


@pytest.mark.parametrize("name", schema.names())
def test_times_are_date_times_where_wirewatch_writes_them(name: str) -> None:
    """Makers of code give such a field their language's type of a time; a stranger's time may lack its zone."""
    fields = [
        (field, orjson.dumps(kind))
        for part in parts(schema.json_schema(name))
        for field, kind in part.get("properties", {}).items()
        if re.search(r"(^|_)(at|since|until)$", field)
    ]

    assert fields or name in {"watch", "explanation"}
    assert {b'"format":"date-time"' in kind for _, kind in fields} <= {name not in INCOMING}, fields


def test_a_schema_is_written_in_ascii() -> None:
    """A character that turns letters around is seen in the file."""
    assert schema.text_of(schema.json_schema("raw")).isascii()
