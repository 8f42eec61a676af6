"""The content of a digest and its times, as its owner writes them: `[digest.NAME]` in TOML files of a folder."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise, takewhile
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cronsim import CronSim, CronSimError
from msgspec import Meta, Struct, field

from streams.records import ClockTime, WatchName
from streams.standards import m49, mediatopics
from streams.text.names import meant

#: The code of a language.
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = get_args(Day)
#: A digest that is late by more than this begins no earlier than this before it is due.
LONGEST = timedelta(days=8)
DEFAULT_CLOCK = "07:00"
CRON_FIELDS = 5
#: Least time between two digests.
SHORTEST = timedelta(minutes=15)
#: Moments, the first ones, at which that is checked.
CHECKED_MOMENTS = 200
#: A source weighs half after so many hours at least, where a plan does not say it.
SHORTEST_HALF_LIFE = 6.0
#: Clock times of a day from which on a digest is due each hour.
HOURLY = 24
#: The spaces in time that `every` may ask for: they divide a day, so that the clock times are the same each day.
Every = Literal["15m", "30m", "1h", "2h", "3h", "4h", "6h", "8h", "12h", "1d"]
MINUTES = {"m": 1, "h": 60, "d": 24 * 60}
Empty = Literal["skip", "send"]


class Plan(Struct, kw_only=True, forbid_unknown_fields=True):
    """One digest. Times are by the clock of `timezone`, an IANA name.

    One of three says when it is due: `at` clock times, on `days` (every day without any); `every` so often, counted from
    midnight; `when`, five fields as in a crontab (`30 7 * * mon-fri`). Without any it is due at 07:00.
    `watch`: only stories with an article that this watch matched. `regions`: countries or divisions (VE, US-CA);
    `topics`: IPTC codes (medtop:09000000); `languages`: as in en. Of each, none means all. `stories`: how many at most.
    `half_life_hours`: after how long a source weighs half; without it half of the time that the digest is about, at least
    `SHORTEST_HALF_LIFE`. `empty`: whether one without stories is sent.
    """

    title: str = ""
    at: Annotated[list[ClockTime], Meta(max_length=24)] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    every: Every | None = None
    when: Annotated[str, Meta(max_length=200)] = ""
    timezone: str = "UTC"
    watch: WatchName | None = None
    regions: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    stories: Annotated[int, Meta(ge=1, le=50)] = 10
    half_life_hours: Annotated[float, Meta(gt=0)] | None = None
    empty: Empty = "skip"
    receivers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Refuse a time zone that there is not, and times that contradict each other or never come."""
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            nearest = meant(self.timezone, sorted(available_timezones()))
            raise ValueError(f"timezone {self.timezone!r} is none{nearest}; name one as in Europe/Berlin") from error
        if bool(self.at) + bool(self.every) + bool(self.when) > 1:
            raise ValueError("only one of `at`, `every` and `when` can say when it is due")
        if self.days and self.when:
            raise ValueError("`when` names the days itself: leave `days` out")
        if self.when:
            check_when(self.when)
        check_subjects(self.regions, self.topics, self.languages)

    def half_life(self, since: datetime, at: datetime) -> float:
        """Return after how many hours a source weighs half in a digest of that time.

        By a fixed one a digest of a week would be about its last night, and one of a day about its last hour: of most stories
        one source comes, and the latest of these would outweigh a noon's five.
        """
        return self.half_life_hours or max(SHORTEST_HALF_LIFE, (at - since) / timedelta(hours=2))

    @property
    def clocks(self) -> list[str]:
        """The clock times of a day at which it is due, where `when` does not say it."""
        if self.every is None:
            return sorted(set(self.at)) or [DEFAULT_CLOCK]
        step = int(self.every[:-1]) * MINUTES[self.every[-1]]
        return [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(0, MINUTES["d"], step)]


def check_subjects(regions: list[str], topics: list[str], languages: list[str]) -> None:
    """Raise `ValueError` for regions, topics or languages that no story has: the digest would be empty for ever."""
    for wrong in (wrong_regions(regions), wrong_topics(topics), wrong_languages(languages)):
        if found := ". ".join(wrong):
            raise ValueError(found)


def wrong_regions(regions: list[str]) -> Iterator[str]:
    """Yield the faults of regions, each with the right spelling."""
    codes = {area.code: area.names for area in m49.areas().values() if area.is_country}
    for region in regions:
        if not (region in codes or (m49.DIVISION.fullmatch(region) and region[:2] in codes)):
            named = next((code for code, names in codes.items() if region.casefold() in map(str.casefold, names)), None)
            write = f"write {named}" if named else "write codes of countries or divisions, as VE or US-CA"
            yield f"regions: {region!r} is none; {write}"


def wrong_topics(topics: list[str]) -> Iterator[str]:
    """Yield the faults of topics, each with the right spelling."""
    known = mediatopics.concepts()
    for topic in topics:
        if topic not in known:
            named = next((code for code, each in known.items() if each.label.casefold() == topic.casefold()), None)
            write = f"write {named}" if named else "write IPTC codes, as medtop:09000000"
            yield f"topics: {topic!r} is none; {write}"


def wrong_languages(languages: list[str]) -> Iterator[str]:
    """Yield the faults of languages."""
    for language in languages:
        if not LANGUAGE.fullmatch(language):
            yield f"languages: {language!r} is none; write codes of two letters, as en"


def check_when(when: str) -> None:
    """Raise `ValueError` for a crontab line that is wrong, has seconds, never comes due or too often."""
    advice = "write minute, hour, day, month and weekday as in a crontab: `30 7 * * mon-fri`"
    if len(when.split()) != CRON_FIELDS:
        raise ValueError(f"when = {when!r} has not five fields; {advice}")
    try:
        dues = list(islice(CronSim(when, datetime(2024, 1, 1, tzinfo=UTC)), CHECKED_MOMENTS))
    except CronSimError as error:
        raise ValueError(f"when = {when!r}: {error}; {advice}") from error
    if not dues:
        raise ValueError(f"when = {when!r} never comes; {advice}")
    if any(later - earlier < SHORTEST for earlier, later in pairwise(dues)):
        raise ValueError(f"when = {when!r} comes more often than every {SHORTEST.seconds // 60} minutes")


def moments(plan: Plan, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield when a digest is due after one time and up to another, in UTC, each moment once.

    A clock time that a change to summer time skips is due when the clock has moved on. One that comes twice is due once,
    but where a digest is due every hour or more often: then the hour that comes twice has as many as any.
    """
    zone = ZoneInfo(plan.timezone)
    if plan.when:
        found = (due.astimezone(UTC) for due in CronSim(plan.when, after.astimezone(zone)))
        yield from takewhile(lambda due: due <= until, found)
        return
    day = after.astimezone(zone).date() - timedelta(days=1)
    last = until.astimezone(zone).date()
    latest, again = after, len(plan.clocks) >= HOURLY
    while day <= last:
        if not plan.days or DAYS[day.weekday()] in plan.days:
            for due in sorted({due for clock in plan.clocks for due in moments_of(day, clock, zone, again=again)}):
                if latest < due <= until:
                    latest = due
                    yield due
        day += timedelta(days=1)


def moments_of(day: date, clock: str, zone: ZoneInfo, *, again: bool) -> Iterator[datetime]:
    """Yield a clock time of a day in UTC; with `again` also the second, where the clock is put back over it."""
    first = datetime.combine(day, time.fromisoformat(clock), zone)
    yield first.astimezone(UTC)
    second = first.replace(fold=1)
    if again and second.utcoffset() < first.utcoffset():  # type: ignore[operator]  # a zone has offsets
        yield second.astimezone(UTC)


def since(plan: Plan, at: datetime) -> datetime:
    """Return when a digest that is due `at` was due before, in UTC; at most `LONGEST` earlier."""
    earlier = list(moments(plan, at - LONGEST, at - timedelta(seconds=1)))
    return earlier[-1] if earlier else at - LONGEST
