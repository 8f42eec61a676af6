"""All that is wrong with a table that somebody wrote, in words: msgspec names the first fault alone, for programmers."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple, TypeVar, get_args, get_type_hints

import msgspec

from streams.records.base import with_patterns_in_words
from streams.text.names import those

Kind = TypeVar("Kind", bound=msgspec.Struct)
#: Faults of one table that are reported.
MAX_FAULTS = 20
#: Parts of msgspec's errors that name a field, and words of a struct's own errors, of which the first that is a field is meant.
UNKNOWN, FIELD = re.compile(r"unknown field `(.{1,100})`"), re.compile(r"`\$\.(\w+)")
MISSING, OWN = re.compile(r"missing required field `(\w+)`"), re.compile(r"\w+")


class TableFault(NamedTuple):
    """The field that a fault is about, empty where it is the table as a whole, and what is wrong."""

    field: str
    error: str


def read_table(table: object, kind: type[Kind]) -> tuple[Kind | None, list[TableFault]]:
    """Return the struct of a table; where it is wrong none, and up to `MAX_FAULTS` faults."""
    left = dict(table) if isinstance(table, dict) else table
    given = set(left) if isinstance(left, dict) else set()
    faults: list[TableFault] = []
    while len(faults) < MAX_FAULTS:
        try:
            read = msgspec.convert(left, kind)
        except ValueError as error:
            if (missing := MISSING.search(str(error))) and missing[1] in given:
                break  # it was wrong, and taken out
            field = field_of(str(error), left)
            faults.append(TableFault(field, explained(str(error), kind)))
            if not field or not isinstance(left, dict):
                break
            del left[field]  # what else is wrong is found without it
        else:
            return (None if faults else read), faults
    return None, faults


def field_of(error: str, table: object) -> str:
    """Return the field that an error is about: one of a table's, or nothing."""
    written = set(table) if isinstance(table, dict) else set()
    found = (named[1] for pattern in (UNKNOWN, FIELD) for named in pattern.finditer(error))
    return next((each for each in chain(found, OWN.findall(error)) if each in written), "")


def explained(error: str, kind: type[msgspec.Struct]) -> str:
    """Return an error with the words to write in the stead of those that were wrong."""
    if unknown := UNKNOWN.search(error):
        return f"there is no `{unknown[1]}`{those(unknown[1], kind.__struct_fields__)}"
    if "Expected `array`" in error:
        return f'{error}; several are written as ["one", "other"], and one as ["one"]'
    if "Invalid enum value" in error and (of := FIELD.search(error)):
        return f"{error}; write one of {', '.join(words_of(get_type_hints(kind)[of[1]]))}"
    return with_patterns_in_words(error)


def words_of(hint: Any) -> Iterator[str]:
    """Yield the words that a field takes, by its type: those of `Literal`, in a list or beside None too."""
    for part in get_args(hint):
        if isinstance(part, str):
            yield part
        else:
            yield from words_of(part)
