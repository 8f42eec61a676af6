"""JSON documents that hold a list of articles, as news APIs answer and crawlers write them, over one line or many."""

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from agents.fetch.files.columns import Columns
from agents.fetch.files.found import Found, Reading, Refusal
from agents.fetch.files.opening import READ_ERRORS, opened, peekable
from agents.fetch.files.own_lines import OF_RAW, SETS
from agents.fetch.files.tables import Table
from streams.errors import InputError, InvalidRecord
from streams.records import Raw, from_dict

#: Bytes of a document, which is in memory as a whole; one of nothing but empty objects takes twenty times as much there.
MAX_BYTES = 1 << 24
#: How deep in a document the list of its articles may stand, and values that are looked at for it.
MAX_DEPTH, MAX_VALUES = 4, 1_000
#: Known columns by which the parts of a list are articles, where none is a text.
KNOWN = 2


def articles_in(path: Path) -> list[Any] | None:
    """Return the list of articles in a document, its one article as a list; None for a file that is no such document."""
    with suppress(InputError, *READ_ERRORS), path.open("rb") as file:
        plain = peekable(opened(file))
        if not plain.peek(64).lstrip().startswith((b"[", b"{")):
            return None
        return articles_in_text(plain.read(MAX_BYTES + 1))
    return None


def articles_in_text(content: bytes) -> list[Any] | None:
    """Return the list of articles in a document's text; None for a text that is no such document, or too long for one."""
    with suppress(orjson.JSONDecodeError):
        return articles_of(orjson.loads(content)) if len(content) <= MAX_BYTES else None
    return None


def articles_of(document: Any) -> list[Any] | None:
    """Return the outermost list whose first part is an article; a lone article as a list of one; None where there is neither."""
    level, looked = [document], 0
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if (looked := looked + 1) > MAX_VALUES:
                return None
            if isinstance(value, list):
                if value and is_article(value[0]):
                    return value
            elif isinstance(value, dict):
                if is_article(value):
                    return [value]
                below += value.values()
        level = below
    return None


def is_article(value: Any) -> bool:
    """Return whether a value has the fields of a raw record or of an article."""
    if not isinstance(value, dict):
        return False
    columns = Columns(list(value))
    return len(OF_RAW & value.keys()) >= KNOWN or columns.hold_articles or len(columns.places) > KNOWN


def read_document(articles: list[Any], table: Table, reading: Reading) -> Iterator[Found]:
    """Yield the raw records of a document's articles; `noted` is called with the fields of the first one that are read."""
    columns_of = lru_cache(SETS)(Columns)
    noted = False
    for number, fields in enumerate(articles, 1):
        where = f"{table.name}#{number}"
        if not isinstance(fields, dict):
            yield Refusal(where, "invalid_record", f"a JSON object is needed, not {type(fields).__name__}")
            continue
        if len(OF_RAW & fields.keys()) >= KNOWN:
            try:
                yield from_dict(fields, Raw)
            except InvalidRecord as error:
                yield Refusal(where, error.reason, error.error)
            continue
        columns = columns_of(tuple(fields))
        if not noted:
            reading.noted(table.name, str(columns))
            noted = True
        if not columns.hold_articles:
            yield Refusal(where, "invalid_record", columns.missing())
            continue
        found = table.found(columns, list(fields.values()), where, reading)
        if isinstance(found, Raw) and len(found.content) > reading.max_bytes:
            yield Refusal(where, "too_large", f"over {reading.max_bytes} bytes", found.url, len(found.content))
        else:
            yield found
