"""Patterns of JSON Schemas as most languages read them."""

import re
from typing import Any

#: Python's `$` lets a line break follow; in ECMAScript, whose patterns a schema's are, it is the end by itself, and RE2 (Go) has
#: no looking ahead: https://json-schema.org/draft/2020-12/json-schema-core#section-6.4
PYTHONS_END = r"$(?!\n)"
#: RE2 has no such escapes.
ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


def portable(schema: Any) -> Any:
    """Return a JSON Schema, or a part of one, with its patterns in the words that ECMAScript, RE2, Java and Python share."""
    if isinstance(schema, list):
        return [portable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _shared(part) if name == "pattern" and isinstance(part, str) else portable(part)
        for name, part in schema.items()
    }


def _shared(pattern: str) -> str:
    return ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), pattern.replace(PYTHONS_END, "$"))
