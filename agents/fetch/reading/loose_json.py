"""JSON that is nearly JSON: numbers that nothing holds, bare control characters, halves of a pair, an item that is broken."""

import json
import re
from contextlib import suppress
from typing import Any

import orjson

from agents.fetch.reading.entries import note

Object = dict[str, Any]
TRAILING_COMMA = re.compile(r",(\s*[}\]])")
ITEMS = re.compile(r'"items"\s*:\s*\[')
#: Between two items.
NEXT = re.compile(r"\s*,\s*(?=\{)")
#: Behind the last item.
END = re.compile(r"\s*\]")
#: Where another item may begin behind one that is broken.
BEHIND = re.compile(r"\}\s*,\s*(?=\{)")
#: Longer whole numbers are none that a program counts with; to read one takes time by the square of its length.
MOST_DIGITS = 30
#: Items that are looked for in a document that is broken.
MOST_ITEMS = 4000


def read_json(text: str, notes: list[str]) -> Any:
    """Parse a JSON text, with a note where it is broken and read all the same; None where nothing can be read."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        notes.append(note("broken", str(error)[:200]))
    # as it is first: what looks like a trailing comma may stand in a text
    for tried in (text, TRAILING_COMMA.sub(r"\1", text)):
        with suppress(ValueError, RecursionError):
            return strict(DECODER.decode(tried))
    with suppress(ValueError, RecursionError):
        return strict(item_by_item(text, notes))
    return None


def item_by_item(text: str, notes: list[str]) -> Object | None:
    """Return a feed with those of its items that can be read; None where it has none.

    Behind a broken item an object counts as the next one only where it has an `id`, which parts of items have not.
    """
    begin = ITEMS.search(text)
    if begin is None:
        return None
    items: list[Any] = []
    lost, at = 0, text.find("{", begin.end())
    for _ in range(MOST_ITEMS):
        following, end = None, at
        try:
            found, end = DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            lost += 1
        else:
            if not lost or (isinstance(found, dict) and "id" in found):
                items.append(found)
                if END.match(text, end):
                    break
                following = NEXT.match(text, end)
        following = following or BEHIND.search(text, max(end - 1, at))
        if following is None:
            break
        at = following.end()
    if lost:
        notes.append(note("broken", f"{lost} item{'s' * (lost > 1)} cannot be read"))
    return {**fields_before(text[: begin.start()]), "items": items} if items else None


def fields_before(text: str) -> Object:
    """Return the fields of a feed that stand before its items, as far as they can be read."""
    with suppress(ValueError, RecursionError):
        found = DECODER.decode(f'{text}"items":0}}')
        return found if isinstance(found, dict) else {}
    return {}


def strict(found: Any) -> Any:
    """Return the same without halves of a surrogate pair, which no record can hold."""
    written = json.dumps(found, ensure_ascii=False).encode("utf-16-le", "surrogatepass")
    return orjson.loads(written.decode("utf-16-le", "replace"))


def number(text: str) -> float | None:
    """Return a number; None for one beyond all bounds."""
    found = float(text)
    return found if abs(found) != float("inf") else None


def whole_number(text: str) -> int | None:
    """Return a whole number; None for one of too many digits."""
    return int(text) if len(text) <= MOST_DIGITS else None


def no_number(_: str) -> None:
    """Stand for `NaN` and `Infinity`: no number."""


DECODER = json.JSONDecoder(strict=False, parse_float=number, parse_int=whole_number, parse_constant=no_number)
