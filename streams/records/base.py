"""The base of all records, and the types of fields that several families of records share."""

from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Literal

from msgspec import Meta, Struct

#: A time without a zone is taken as UTC: sources do leave it out, and their article is worth more than the letter.
Time = datetime
TIMES = (
    "fetched_at",
    "published_at",
    "processed_at",
    "raised_at",
    "attempted_at",
    "next_attempt_at",
    "first_seen_at",
    "last_seen_at",
    "at",
    "since",
)
Score = Annotated[float, Meta(ge=0.0, le=1.0)]
#: The bounds are those of JSON's integers in most languages: 64 bits, signed.
Ref = Annotated[str, Meta(max_length=4096)] | Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
#: A longer URL is none that a server would take.
Url = Annotated[str, Meta(max_length=8192)]
Severity = Literal["info", "warning", "critical"]
WatchName = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$(?!\n)")]
#: A number and a unit: `90s`, `30m`, `2h`, `7d`.
Duration = Annotated[str, Meta(pattern=r"^[0-9]{1,6}[smhd]$(?!\n)")]
ClockTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)")]


@cache
def times_of(kind: type[Struct]) -> tuple[str, ...]:
    """Return the names of a type's times."""
    return tuple(name for name in kind.__struct_fields__ if name in TIMES)


def to_utc(record: Struct) -> None:
    """Bring the times of a record to UTC; raise `ValueError` for one that is outside of the calendar there."""
    for name in times_of(type(record)):
        time = getattr(record, name)
        if not isinstance(time, datetime) or time.tzinfo is UTC:
            continue
        try:
            moved = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
        except OverflowError:
            raise ValueError(f"`{name}` is outside of the calendar in UTC") from None
        setattr(record, name, moved)


class Record(Struct, kw_only=True, omit_defaults=False):
    """Base of all records; each type adds `schema`, its name and version."""

    def __post_init__(self) -> None:
        """Bring every time to UTC; raise `ValueError` for one that is outside of the calendar there."""
        to_utc(self)
