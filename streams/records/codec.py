"""Records to JSON and back, and their `schema` names."""

import re
from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol, TypeVar, cast

import msgspec
import orjson

from streams.errors import InvalidRecord
from streams.records.alert import Alert, Delivery, WatchRecord
from streams.records.article import Clean, Dead, Duplicate, Raw, Tagged
from streams.records.base import Record, with_patterns_in_words
from streams.records.source import Health, Source
from streams.records.story import Digest, Story, Trend

R = TypeVar("R", bound=Record)
Stored_co = TypeVar("Stored_co", covariant=True)

#: Lists and objects of a JSON document that are read into Python's to say what is wrong with it: some 50 ms.
MOST_PARTS = 100_000
#: Every record type by its `schema` name.
RECORDS: dict[str, type[Record]] = {
    "wirewatch.raw.v1": Raw,
    "wirewatch.clean.v1": Clean,
    "wirewatch.duplicate.v1": Duplicate,
    "wirewatch.tagged.v1": Tagged,
    "wirewatch.dead.v1": Dead,
    "wirewatch.watch.v1": WatchRecord,
    "wirewatch.alert.v1": Alert,
    "wirewatch.delivery.v1": Delivery,
    "wirewatch.story.v1": Story,
    "wirewatch.trend.v1": Trend,
    "wirewatch.digest.v1": Digest,
    "wirewatch.source.v1": Source,
    "wirewatch.health.v1": Health,
}


class Unpacker(Protocol[Stored_co]):
    """A decoder of msgspec's, of JSON or of msgpack."""

    def decode(self, value: bytes | memoryview, /) -> Stored_co:
        """Return the value that bytes hold."""


def schema_of(record: type[Record]) -> str:
    """Return the `schema` name of a record type; raise `LookupError` for one without a line in `RECORDS`."""
    for name, kind in RECORDS.items():
        if kind is record:
            return name
    raise LookupError(f"the record {record.__name__} has no line in RECORDS (streams/records/codec.py)")


#: Where the parser found a fault in a record's first line, mostly the only one.
FIRST_LINE = re.compile(r": line 1 column (\d+) \(char \d+\)\Z")
#: Fields that are written only where they are set.
OPTIONAL = (
    "ref",
    "canonical_url",
    "notes",
    "entry_id",
    "first_seen_at",
    "via",
    "page_refused",
    "text",
    "links",
)


@cache
def decoder(record: type[R]) -> msgspec.json.Decoder[R]:
    """Return the decoder of a record type."""
    return msgspec.json.Decoder(record)


def decode(value: bytes | str, record: type[R]) -> R:
    """Return the record that `value`, one JSON object, holds; raise `InvalidRecord` naming the fault."""
    try:
        known: R = decoder(record).decode(value)
    except msgspec.ValidationError as error:
        if is_dense(value):
            raise InvalidRecord("invalid_record", f"{record.__name__}: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if is_dense(value):
            raise unreadable(value, str(error)) from error
    else:
        return known
    # what follows says what is wrong, in one way for all
    try:
        data = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise unreadable(value, str(error)) from error
    return from_dict(data, record)


def is_dense(value: bytes | str, most: int = MOST_PARTS) -> bool:
    """Return whether JSON may hold more lists and objects: reading three million takes seconds, and fifty times their bytes."""
    signs = (b"[", b"{") if isinstance(value, bytes) else ("[", "{")
    return sum(value.count(sign) for sign in signs) > most  # type: ignore[arg-type,misc]


def unpacked(decoder: Unpacker[Stored_co], value: bytes | memoryview) -> Stored_co:
    """Return a stored value; raise `msgspec.DecodeError` for any other bytes, nested without end or no UTF-8 too."""
    try:
        return decoder.decode(value)
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError(f"{type(error).__name__}: {error}") from error


def read_value(decoder: Unpacker[Stored_co], value: bytes | memoryview, name: str) -> Stored_co:
    """Return a stored value; raise `InvalidRecord`, which begins with `name`, for any other bytes."""
    try:
        return unpacked(decoder, value)
    except msgspec.DecodeError as error:
        raise InvalidRecord("invalid_record", f"{name}: {error}") from error


def unreadable(value: bytes | str, error: str) -> InvalidRecord:
    """Return the fault of a value that is no JSON. `error`: the parser's message, which knows no bytes."""
    if isinstance(value, bytes):
        try:
            value.decode()
        except UnicodeDecodeError as wrong:
            byte = value[wrong.start]
            return InvalidRecord("invalid_encoding", f"not UTF-8: byte 0x{byte:02x} at position {wrong.start}")
    encoding = "UTF-8" in error or "surrogate" in error
    return InvalidRecord("invalid_encoding" if encoding else "invalid_json", in_a_line(error))


def in_a_line(error: str) -> str:
    """Return a parser's message with the place in its line: a record is one, and "line 1" would be taken for its file's."""
    return FIRST_LINE.sub(r" at character \1", error)


def from_dict(data: object, record: type[R]) -> R:
    """Return the record that parsed JSON holds; raise `InvalidRecord` naming the field that is wrong."""
    if not isinstance(data, dict):
        raise InvalidRecord("invalid_record", f"a JSON object is needed, not {type(data).__name__}")
    try:
        return msgspec.convert(data, record)
    except msgspec.ValidationError as error:
        raise InvalidRecord("invalid_record", f"{record.__name__}: {in_words(str(error), data, record)}") from error


def in_words(error: str, data: dict[str, object], record: type[Record]) -> str:
    """Return msgspec's message about a record in words for people: another record's schema, a time, a pattern."""
    if error.endswith("- at `$.schema`"):
        needed = next((name for name, kind in RECORDS.items() if kind is record), record.__name__)
        return f"`schema` is {data['schema']!r}, and {needed!r} is needed"
    return with_patterns_in_words(error).replace(
        "Invalid RFC3339 encoded datetime", "Expected a time such as `2026-11-26T12:00:00Z`"
    )


def encode(record: Record) -> bytes:
    """Return a record as JSON bytes, empty optional fields left out. Times that were set later than the record: in UTC."""
    data = cast("dict[str, Any]", msgspec.to_builtins(record, builtin_types=(datetime,)))
    # an alert's `story` is a field of its first version, which is written as null
    for name in OPTIONAL if isinstance(record, Alert) else (*OPTIONAL, "story"):
        if data.get(name) in (None, []):
            data.pop(name, None)
    if isinstance(record, Raw | Clean) and not record.backfill:
        data.pop("backfill", None)
    return orjson.dumps(data, option=orjson.OPT_UTC_Z)


def utc(time: datetime) -> str:
    """Return an aware time as RFC 3339 in UTC, ending in Z, with microseconds only where there are any."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")
