"""Records of watches, of the alerts that they raise, and of the attempts to deliver them."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from streams.records.article import Evidence
from streams.records.base import ClockTime, Duration, Record, Sensitivity, Severity, Time, Url, WatchName

Each = Literal["article", "group", "story", "event"]
AlertKind = Literal["match", "burst", "digest", "trend"]
HeldBackReason = Literal["quiet", "cool_down", "limit"]
DeliveryOutcome = Literal["delivered", "failed", "dead"]
Delivered = Literal["alert", "digest"]

MAX_LIMIT_PER_HOUR = 1000


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

    `each`: an alert for each article, near-duplicate group, story, or event (a story with those of other languages that
    are related to it). `cool_down`: silence after an alert.
    `limit_per_hour`: 0 is no limit. `backfill`: also for articles that were older than 24 h when fetched. `trends`: of trends
    those alone that this setting, or a quieter one, shows; without it, all of them.
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
    # left out where it is not set: older workers refuse fields that they do not know
    trends: Sensitivity | UnsetType = UNSET


class AlertArticle(Struct, kw_only=True):
    """The article of an alert. `snippet` begins at code point `snippet_start` of the article's text.

    `fetch_id` and `revision` say which text of it. `regions` are the codes that it is about, `topics` the ids of its IPTC
    topics; their names are for people.
    """

    id: str
    fetch_id: str = ""
    revision: int = 0
    url: Url | None = None
    title: str
    source: str
    published_at: Time | None = None
    fetched_at: Time
    backfill: bool = False
    language: str | None = None
    primary_country: str | None = None
    regions: list[str] = field(default_factory=list)
    region_names: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    topic_labels: list[str] = field(default_factory=list)
    snippet: str = ""
    snippet_start: int = 0


class AlertItem(Struct, kw_only=True):
    """One alert that a digest stands for."""

    id: str
    article: AlertArticle
    story: str | None = None
    spans: list[Evidence] = field(default_factory=list)
    held_at: Time


class HeldBack(Struct, kw_only=True):
    """An article that a watch matched and that raised no alert of its own, and why.

    `muted_until`: the watch was muted until then (`reason` is `quiet`, as a person made it so). `related_to`: the story that was
    alerted on, of which this article tells in another `language` (`reason` is `cool_down`).
    """

    id: str
    fetch_id: str = ""
    url: str | None = None
    title: str
    source: str
    story: str | None = None
    reason: HeldBackReason
    at: Time
    muted_until: Time | None = None
    related_to: str | None = None
    language: str | None = None


class BurstCount(Struct, kw_only=True):
    """How many articles matched in the window, and how many usually do."""

    count: int
    usual: float
    window_seconds: int


class Alert(Record, kw_only=True):
    """A watch that fired. `id` comes from the watch and the article, group or story: the same again has the same id.

    `spans` are what made it match, in `title` or `text` of the article. `suppressed` counts what cool-down, limit or
    quiet hours held back since the watch's last alert, and `held_back` names the latest of it. `digest` is filled for
    `kind` digest, `burst` for burst; the article is then the newest one.
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
    held_back: list[HeldBack] = field(default_factory=list)
    burst: BurstCount | None = None
    digest: list[AlertItem] = field(default_factory=list)
    raised_at: Time
    published_to_raised_s: float | None = None
    fetched_to_raised_s: float


class Delivery(Record, kw_only=True):
    """One attempt to deliver one alert or digest to one receiver, and its outcome.

    `kind`: of a digest, `alert_id` is the digest's id and `watch` its name.
    `id` is `<alert id>:<receiver>:<attempt>`. `outcome`: delivered; failed, with `next_attempt_at`; dead, after which
    nothing is tried until somebody asks for it (`wirewatch deliveries retry`). `status` is the HTTP status, where there
    was one; `seconds` how long the attempt took.
    """

    schema: Literal["wirewatch.delivery.v1"] = "wirewatch.delivery.v1"
    id: str
    alert_id: str
    watch: str
    severity: Severity
    receiver: str
    receiver_type: str
    attempt: int
    outcome: DeliveryOutcome
    status: int | None = None
    error: str | None = None
    attempted_at: Time
    next_attempt_at: Time | None = None
    seconds: float = 0.0
    kind: Delivered = "alert"
