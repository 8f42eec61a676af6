"""The base of all records, and the types of fields that several families of records share."""

from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Literal, get_args, get_type_hints

from msgspec import Meta, Struct

#: In schemas a time is a `date-time` (RFC 3339), of which makers of code make a type of their own language.
Time = Annotated[datetime, Meta(extra_json_schema={"format": "date-time"})]
#: Of a record that strangers write. A time without a zone is taken as UTC: sources do leave it out, and their article is worth
#: more than the letter.
IncomingTime = datetime
Score = Annotated[float, Meta(ge=0.0, le=1.0)]
#: The bounds are those of JSON's integers in most languages: 64 bits, signed.
Ref = Annotated[str, Meta(max_length=4096)] | Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
#: A longer URL is none that a server would take.
Url = Annotated[str, Meta(max_length=8192)]
#: A text without control characters, line breaks and the two characters that turn letters around, and how errors say it. Marks
#: of direction are let in: names in right-to-left scripts have them.
NO_CONTROLS = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e]*$(?!\n)"
#: Of a raw record, which strangers write.
IncomingUrl = Annotated[str, Meta(max_length=8192, pattern=NO_CONTROLS)]
IncomingSource = Annotated[str, Meta(pattern=NO_CONTROLS)]
Severity = Literal["info", "warning", "critical"]
Sensitivity = Literal["eager", "balanced", "quiet"]
NAME = r"^[a-z0-9][a-z0-9._-]{0,99}$(?!\n)"
WatchName = Annotated[str, Meta(pattern=NAME)]
NUMBER_AND_UNIT = r"^[0-9]{1,6}[smhd]$(?!\n)"
Duration = Annotated[str, Meta(pattern=NUMBER_AND_UNIT)]
HOUR_AND_MINUTE = r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)"
ClockTime = Annotated[str, Meta(pattern=HOUR_AND_MINUTE)]
#: Patterns in the words of an error: `Expected str` and these.
IN_WORDS = {
    NO_CONTROLS: "without control characters",
    NAME: "of a-z, 0-9, `.`, `_` and `-`, at most 100, a letter or digit first",
    NUMBER_AND_UNIT: "such as `90s`, `30m`, `2h` or `7d`",
    HOUR_AND_MINUTE: "such as `07:30`",
}


def with_patterns_in_words(error: str) -> str:
    """Return an error of msgspec's with words in the stead of patterns."""
    for pattern, words in IN_WORDS.items():
        error = error.replace(f"matching regex {pattern!r}", words)
    return error


@cache
def times_of(kind: type[Struct]) -> tuple[str, ...]:
    """Return the names of a type's fields that are times, or hold some: in structs, lists or dictionaries."""
    hints = get_type_hints(kind)
    return tuple(name for name in kind.__struct_fields__ if _holds_times(hints[name]))


def _holds_times(hint: object) -> bool:
    if isinstance(hint, type) and issubclass(hint, Struct):
        return bool(times_of(hint))
    return hint is datetime or any(map(_holds_times, get_args(hint)))


def to_utc(record: Struct) -> None:
    """Bring all times of a record to UTC, those of its parts too; raise `ValueError` for one outside of the calendar there.

    One without a zone beside one with a zone could not even be compared.
    """
    for name in times_of(type(record)):
        value = getattr(record, name)
        if value is None or (type(value) is datetime and value.tzinfo is UTC):
            continue
        moved = _in_utc(name, value)
        if moved is not value:
            setattr(record, name, moved)


def _in_utc(name: str, value: object) -> object:
    if isinstance(value, datetime):
        try:
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        except OverflowError:
            raise ValueError(f"`{name}` is outside of the calendar in UTC") from None
    if isinstance(value, list):
        value[:] = [_in_utc(name, each) for each in value]
    elif isinstance(value, dict):
        value |= {key: _in_utc(name, each) for key, each in value.items()}
    elif isinstance(value, Struct):
        to_utc(value)
    return value


class Record(Struct, kw_only=True, omit_defaults=False):
    """Base of all records; each type adds `schema`, its name and version."""

    def __post_init__(self) -> None:
        """Bring every time to UTC; raise `ValueError` for one that is outside of the calendar there."""
        to_utc(self)
