"""The rows that React streams to a page's scripts: `self.__next_f.push([1, "…"])`, in parts that end anywhere.

A row is an id in hexadecimal digits, a colon, and JSON up to a line's end, or `T`, the length of a text in bytes, and that
text. `"$7"` within a row stands for row 7 (the Flight format of React Server Components).
"""

import re
from collections.abc import Iterable
from json import JSONDecodeError
from typing import Any

import orjson

#: A part of the stream within a script.
_PUSH = re.compile(r'__next_f\.push\(\[1,\s*("(?:[^"\\]|\\.)*+")\]\)', re.DOTALL)
_ROW = re.compile(rb"([0-9a-f]{1,8}):(?:T([0-9a-f]{1,8}),)?")
_REFERENCE = re.compile(rb'"\$L?([0-9a-f]{1,8})"')
#: Rows of a page, at most.
MAX_ROWS = 20_000


def is_flight(script: str) -> bool:
    """Return whether a script holds a part of the stream."""
    return "__next_f.push" in script


def flight_rows(scripts: Iterable[str]) -> list[Any]:
    """Return the values of all rows in a page's scripts; a reference is its row where it stands first."""
    parts: list[str] = []
    for script in scripts:
        for part in _PUSH.findall(script):
            try:
                parts.append(orjson.loads(part))
            except JSONDecodeError:
                continue
    rows = read_rows("".join(parts).encode("utf-8", "replace"))

    def row_of(reference: re.Match[bytes]) -> bytes:
        # Once only, so that rows which name one another stay as long as they are.
        return rows.pop(reference[1], reference[0])

    values = []
    for name in list(rows):
        if row := rows.get(name):
            try:
                values.append(orjson.loads(_REFERENCE.sub(row_of, row)))
            except JSONDecodeError:
                continue
    return values


def read_rows(stream: bytes) -> dict[bytes, bytes]:
    """Return the rows of a stream as JSON, by their ids; other rows than values are left out."""
    rows: dict[bytes, bytes] = {}
    at = 0
    while len(rows) < MAX_ROWS and (head := _ROW.match(stream, at)):
        if head[2] is not None:
            at = head.end() + int(head[2], 16)
            rows[head[1]] = orjson.dumps(stream[head.end() : at].decode("utf-8", "replace"))
            continue
        end = stream.find(b"\n", head.end())
        end = len(stream) if end < 0 else end
        if stream[head.end() : head.end() + 1] in (b"[", b"{", b'"'):
            rows[head[1]] = stream[head.end() : end]
        at = end + 1
    return rows
