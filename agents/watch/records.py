"""The records of watches and alerts, and the watch itself: a record with its query read.

In the style of `streams.records`. Durations are written as a number and a unit: `90s`, `30m`, `2h`, `7d`.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from agents.watch.query import Query
from streams.records import Evidence, Record, Time

Severity = Literal["info", "warning", "critical"]
Each = Literal["article", "group", "story"]
AlertKind = Literal["match", "burst", "digest"]
WatchName = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")]
Duration = Annotated[str, Meta(pattern=r"^[0-9]{1,6}[smhd]$")]
ClockTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]

MAX_LIMIT_PER_HOUR = 1000

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class QuietHours(Struct, kw_only=True, forbid_unknown_fields=True, rename={"start": "from", "end": "to"}):
    """Hours, by the clock of `timezone`, in which alerts are held back; critical ones pass.

    With `digest` what was held comes as one alert when the hours end; without it, it is dropped and counted.
    """

    start: ClockTime
    end: ClockTime
    timezone: str = "UTC"
    digest: bool = True


class Burst(Struct, kw_only=True, forbid_unknown_fields=True):
    """Raise only when at least `count` articles match within `window`, and `ratio` times as many as usual.

    Usual is the mean of the watch's own windows over `baseline` before.
    """

    count: Annotated[int, Meta(ge=2)]
    window: Duration = "1h"
    baseline: Duration = "7d"
    ratio: Annotated[float, Meta(ge=1.0)] = 3.0


class WatchRecord(Record, kw_only=True, forbid_unknown_fields=True):
    """A watch as its owner writes it; one record on `news.watches`, keyed by name.

    `each`: an alert for each article, near-duplicate group or story. `cool_down`: silence after an alert.
    `limit_per_hour`: 0 is no limit. `backfill`: also for articles that were older than 24 h when fetched.
    """

    schema: Literal["wirewatch.watch.v1"] = "wirewatch.watch.v1"
    name: WatchName
    query: str
    severity: Severity = "info"
    owner: str | None = None
    receivers: list[str] = field(default_factory=list)
    each: Each = "group"
    cool_down: Duration = "0s"
    quiet_hours: QuietHours | None = None
    limit_per_hour: Annotated[int, Meta(ge=0, le=MAX_LIMIT_PER_HOUR)] = 0
    burst: Burst | None = None
    backfill: bool = False


class Watch(Struct, frozen=True, gc=False):
    """A watch in force: its record, and its query read."""

    record: WatchRecord
    query: Query

    @property
    def name(self) -> str:
        """Return the watch's name."""
        return self.record.name


class AlertArticle(Struct, kw_only=True):
    """What an alert says of an article. `snippet` begins at code point `snippet_start` of the article's text."""

    id: str
    url: str | None = None
    title: str
    source: str
    published_at: Time | None = None
    fetched_at: Time
    snippet: str = ""
    snippet_start: int = 0


class AlertItem(Struct, kw_only=True):
    """One alert that a digest stands for."""

    id: str
    article: AlertArticle
    story: str | None = None
    spans: list[Evidence] = field(default_factory=list)
    held_at: Time


class Decided(Struct, kw_only=True, array_like=True):
    """What was decided on one fetch of an article, so that the same again gives the same."""

    outcome: str
    alert_id: str
    at: Time
    suppressed: int = 0
    burst: "BurstCount | None" = None


class WatchState(Record, kw_only=True):
    """What a watch remembers: one record on a compacted topic, keyed by the watch's name.

    `decided` by fetch and `raised_ids` by alert id, both the newest only. `raised_at`: alerts of the last hour.
    `held`: what quiet hours collect. `counts`: matches by the second at which their burst slot begins, since `since`.
    """

    schema: Literal["wirewatch.watch-state.v1"] = "wirewatch.watch-state.v1"
    decided: dict[str, Decided] = field(default_factory=dict)
    raised_ids: dict[str, Time] = field(default_factory=dict)
    raised_at: list[Time] = field(default_factory=list)
    last_raised_at: Time | None = None
    suppressed: int = 0
    held: list[AlertItem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    since: Time | None = None


class BurstCount(Struct, kw_only=True):
    """How many articles matched in the window, and how many usually do."""

    count: int
    usual: float
    window_seconds: int


class Alert(Record, kw_only=True):
    """A watch that fired. `id` comes from the watch and the article, group or story: the same again has the same id.

    `spans` are what made it match, in `title` or `text` of the article. `suppressed` counts what cool-down, limit or
    quiet hours swallowed since the watch's last alert. `digest` is filled for `kind` digest, `burst` for burst; the
    article is then the newest one.
    """

    schema: Literal["wirewatch.alert.v1"] = "wirewatch.alert.v1"
    id: str
    kind: AlertKind = "match"
    watch: str
    severity: Severity
    owner: str | None = None
    receivers: list[str] = field(default_factory=list)
    article: AlertArticle
    story: str | None = None
    spans: list[Evidence] = field(default_factory=list)
    suppressed: int = 0
    burst: BurstCount | None = None
    digest: list[AlertItem] = field(default_factory=list)
    raised_at: Time
    published_to_raised_s: float | None = None
    fetched_to_raised_s: float


def seconds(duration: str) -> int:
    """Return a duration such as `30m` in seconds."""
    return int(duration[:-1]) * SECONDS[duration[-1]]
