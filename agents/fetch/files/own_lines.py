"""Lines of JSON with fields of their own, as archives and crawlers write them: a table whose rows name their columns."""

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import orjson

from agents.fetch.files.columns import Columns
from agents.fetch.files.found import Found, Reading, Refusal, broken_off, too_long
from agents.fetch.files.opening import READ_ERRORS, bounded_lines, opened
from agents.fetch.files.tables import Table
from streams.errors import InputError
from streams.records.codec import in_a_line

#: A raw record has one of these at least, if only by mistake without the others.
OF_RAW = frozenset(("schema", "content_type", "fetched_at"))
#: Sets of fields that are known together: most files have one.
SETS = 64


def has_own_fields(path: Path, max_bytes: int) -> bool:
    """Return whether the first line of a file, blank ones aside, is an article whose fields are not those of a raw record."""
    return with_own_fields(first_line(path, max_bytes))


def is_line(path: Path, max_bytes: int) -> bool:
    """Return whether the first line of a file is a record: one with its own fields, or a raw one, if only by mistake."""
    line = first_line(path, max_bytes)
    fields = parsed(line) if line else ""
    return with_own_fields(line) or (isinstance(fields, dict) and bool(OF_RAW & fields.keys()))


def first_line(path: Path, max_bytes: int) -> bytes:
    """Return the first line of a file, blank ones aside; nothing for one over the limit or a file that cannot be read."""
    with suppress(InputError, *READ_ERRORS), path.open("rb") as file:
        for line, size in bounded_lines(opened(file), max_bytes):
            if line.strip():
                return line if size <= max_bytes else b""
    return b""


def with_own_fields(line: bytes) -> bool:
    """Return whether a line is an article whose fields are not those of a raw record."""
    fields = parsed(line)
    return isinstance(fields, dict) and not OF_RAW & fields.keys() and Columns(list(fields)).hold_articles


def read_own_lines(file: IO[bytes], table: Table, reading: Reading) -> Iterator[Found]:
    """Yield the raw records of lines; `noted` is called with the file's name and the fields of the first that are read."""
    max_bytes = reading.max_bytes
    columns_of = lru_cache(SETS)(Columns)
    number, noted = 0, False
    try:
        for number, (line, size) in enumerate(bounded_lines(opened(file), max_bytes), 1):
            reading.progress(size)
            if not line.strip():
                continue
            where = f"{table.name}:{number}"
            if size > max_bytes:
                yield too_long(where, size, max_bytes)
                continue
            fields = parsed(line)
            if isinstance(fields, str):
                yield Refusal(where, "invalid_json", fields, size_bytes=size)
                continue
            columns = columns_of(tuple(fields))
            if not noted:
                reading.noted(table.name, str(columns))
                noted = True
            if columns.hold_articles:
                yield table.found(columns, list(fields.values()), where, reading, size)
            else:
                yield Refusal(where, "invalid_record", columns.missing(), size_bytes=size)
    except READ_ERRORS as error:
        yield broken_off(table.name, number, error)


def parsed(line: bytes) -> dict[str, Any] | str:
    """Return the object that a line holds, or why it holds none."""
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return in_a_line(str(error))
    return fields if isinstance(fields, dict) else f"a JSON object is needed, not {type(fields).__name__}"
