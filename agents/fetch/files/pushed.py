"""News that somebody pushes: JSON lines of raw records, or one page; each with where it stood."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson

from agents.fetch.reading.charset import decode as decode_text
from streams.errors import InvalidRecord
from streams.records import Raw, from_dict, utc

LINE_TYPES = ("application/x-ndjson", "application/jsonl", "application/json", "application/x-jsonlines")
PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
#: Records of one push.
MAX_RECORDS = 1000

Pushed = tuple[int, Raw | InvalidRecord]


def read_push(
    body: bytes, content_type: str, now: datetime, url: str | None = None, source: str | None = None
) -> list[Pushed]:
    """Return the pushed records, each with its line from 1, and why a line is no record.

    `content_type`: with its charset, as the sender gives it. A page needs `url` or `source`. A record without `fetched_at`
    was fetched now. More lines than a push may have are refused, all of them.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind in PAGE_TYPES:
        text, _, _ = decode_text(body, content_type)
        page = {"url": url, "content": text, "content_type": "text/plain" if kind == "text/plain" else "text/html"}
        return [(1, _record({**page, "source": source}, now))]
    return list(_lines(body, now, source))


def _lines(body: bytes, now: datetime, source: str | None) -> Iterator[Pushed]:
    count = 0
    for number, line in enumerate(body.splitlines(), 1):
        if not line.strip():
            continue
        count += 1
        if count > MAX_RECORDS:
            yield number, InvalidRecord("too_large", f"more than {MAX_RECORDS} records: push the rest by itself")
            return
        try:
            given = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            yield number, InvalidRecord("invalid_json", str(error))
            continue
        if isinstance(given, dict) and source and not given.get("source"):
            given["source"] = source
        yield number, _record(given, now)


def _record(given: Any, now: datetime) -> Raw | InvalidRecord:
    if isinstance(given, dict):
        given = {"fetched_at": utc(now), "first_seen_at": utc(now), **given, "via": "push"}
    try:
        return from_dict(given, Raw)
    except InvalidRecord as error:
        return error
