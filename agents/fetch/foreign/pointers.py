"""JSON pointers (RFC 6901): where in somebody's message a field stands."""

import re
from typing import Any

#: A tilde stands before 0 (itself) and 1 (a slash), and nowhere else.
WRONG_TILDE = re.compile(r"~(?![01])")
INDEX = re.compile(r"(?:0|[1-9][0-9]{0,8})\Z")


class PointerError(ValueError):
    """A text that is no JSON pointer."""


def parse(pointer: str) -> tuple[str, ...]:
    """Return the steps of a pointer; raise `PointerError` for a text that is none. The empty one is the whole document."""
    if not pointer:
        return ()
    if not pointer.startswith("/") or WRONG_TILDE.search(pointer):
        raise PointerError(f"{pointer!r} is no JSON pointer: it begins with a slash, as in /article/title")
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/"))


def find(document: Any, steps: tuple[str, ...]) -> Any:
    """Return the value at a pointer in a document of plain values; None where nothing does."""
    for step in steps:
        if isinstance(document, dict):
            document = document.get(step)
        elif isinstance(document, list) and INDEX.match(step) and int(step) < len(document):
            document = document[int(step)]
        else:
            return None
    return document
