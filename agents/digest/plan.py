"""What a digest is to hold and when it is due, as its owner writes it: `[digest.NAME]` in TOML files of a folder."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct, field

from streams.errors import SettingsError
from streams.records import ClockTime

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
MAX_BYTES = 1 << 20
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
#: A digest that is late by more than this begins no earlier than this before it is due.
LONGEST = timedelta(days=8)


class Plan(Struct, kw_only=True, forbid_unknown_fields=True):
    """One digest. `at`: by the clock of `timezone`, on `days` (every day without any).

    `regions`: countries or divisions (VE, US-CA); `topics`: IPTC codes (medtop:09000000); `languages`: as in en. Of each,
    none means all. `stories`: how many at most. `empty`: whether one without stories is sent.
    """

    title: str = ""
    at: Annotated[list[ClockTime], Meta(min_length=1, max_length=24)] = field(default_factory=lambda: ["07:00"])
    days: list[Day] = field(default_factory=list)
    timezone: str = "UTC"
    regions: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    stories: Annotated[int, Meta(ge=1, le=50)] = 10
    half_life_hours: Annotated[float, Meta(gt=0)] = 6.0
    empty: Literal["skip", "send"] = "skip"
    receivers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Refuse a time zone that there is not."""
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"timezone {self.timezone!r} is none; name one as in Europe/Berlin") from error


def load(folder: Path) -> dict[str, Plan]:
    """Return the digests of all `*.toml` of a folder; raise `SettingsError` that names the file and what is wrong in it."""
    plans: dict[str, Plan] = {}
    for file in sorted(folder.glob("*.toml")):
        for name, table in tables_of(file).items():
            if not NAME.fullmatch(name):
                raise SettingsError(
                    f"{file}: digest.{name}: names are lower-case letters, digits, `.`, `_` and `-`, up to 100"
                )
            if name in plans:
                raise SettingsError(f"{file}: there is a digest {name} already; give it another name")
            try:
                plans[name] = msgspec.convert(table, Plan)
            except msgspec.ValidationError as error:
                raise SettingsError(f"{file}: digest.{name}: {error}") from error
    return plans


def tables_of(file: Path) -> dict[str, object]:
    """Return the tables of `[digest]` of a file."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise SettingsError(f"{file}: over {MAX_BYTES} bytes; split it")
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file}: {error}") from error
    tables = data.get("digest")
    if set(data) != {"digest"} or not isinstance(tables, dict):
        raise SettingsError(f"{file}: a file of digests holds tables [digest.NAME] and nothing else")
    return tables


def moments(plan: Plan, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield when a digest is due after one time and up to another, in UTC.

    A clock time that a change to summer time skips is due when the clock has moved on; one that comes twice is due once.
    """
    zone = ZoneInfo(plan.timezone)
    day = after.astimezone(zone).date() - timedelta(days=1)
    last = until.astimezone(zone).date()
    while day <= last:
        if not plan.days or DAYS[day.weekday()] in plan.days:
            for clock in sorted(set(plan.at)):
                hour, minute = map(int, clock.split(":"))
                due = datetime.combine(day, time(hour, minute), zone).astimezone(UTC)
                if after < due <= until:
                    yield due
        day += timedelta(days=1)


def since(plan: Plan, at: datetime) -> datetime:
    """Return the moment before one, at most `LONGEST` earlier."""
    earlier = list(moments(plan, at - LONGEST, at - timedelta(seconds=1)))
    return earlier[-1] if earlier else at - LONGEST
