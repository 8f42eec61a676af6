"""The records that wirewatch's Kafka topics carry, one type for each `schema` name.

msgspec decodes JSON and checks it against the type in one go; what it refuses is looked at again in two moves, orjson for
the bytes and msgspec for the type, which say what is wrong. Fields that a type does not know are dropped; fields that it
needs and that are missing or of another type are refused with `InvalidRecord`, which names the field. A field is never
removed or re-typed within a version.

All times are aware datetimes, written as RFC 3339 in UTC. Offsets in `Evidence` count code points.
"""

from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, cast

import msgspec
import orjson
from msgspec import Meta, Struct, field

from streams.errors import InvalidRecord

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

ContentType = Literal["text/html", "text/plain"]
DuplicateKind = Literal["exact", "copy", "truncated", "extended"]
RegionLevel = Literal["country", "admin1", "city"]
RegionRole = Literal["about", "mentioned", "dateline", "publisher"]
Severity = Literal["info", "warning", "critical"]
Each = Literal["article", "group", "story"]
AlertKind = Literal["match", "burst", "digest", "trend"]
HeldBackReason = Literal["quiet", "cool_down", "limit"]
DeliveryOutcome = Literal["delivered", "failed", "dead"]
StoryEvent = Literal["new", "grown", "related", "merged", "ended"]
Sensitivity = Literal["eager", "balanced", "quiet"]
DigestSectionName = Literal["new", "developing"]
SourceKind = Literal["auto", "feed", "sitemap", "site", "page", "warc", "kafka", "push", "websub"]
Via = Literal["poll", "page", "push", "websub", "archive", "topic", "file"]
SourceState = Literal[
    "new", "healthy", "quiet", "failing", "blocked", "moved", "dead", "extraction_drop", "stale_dates", "paused"
]
WatchName = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$(?!\n)")]
#: A number and a unit: `90s`, `30m`, `2h`, `7d`.
Duration = Annotated[str, Meta(pattern=r"^[0-9]{1,6}[smhd]$(?!\n)")]
ClockTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)")]

MAX_LIMIT_PER_HOUR = 1000


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


class Raw(Record, kw_only=True):
    """A fetched or pushed page, untouched. At least one of `url` and `source` is given.

    `id` is the sender's own name for the record and is kept as `ref` through every step. `title`, `authors`,
    `published_at`, `language`, `feed` and `categories` are hints of the source: never trusted over the page.

    How it came: `entry_id` is its id in the feed, `first_seen_at` when its source first showed it, `backfill` that it was
    old then (no trend, and no alert but where asked for), `page_refused` why `content` is only what the feed's entry had.
    """

    schema: Literal["wirewatch.raw.v1"] = "wirewatch.raw.v1"
    id: Ref | None = None
    url: Url | None = None
    source: str | None = None
    fetched_at: Time
    content_type: ContentType
    content: str
    title: str | None = None
    authors: list[str] | str | None = None
    published_at: str | None = None
    language: str | None = None
    feed: str | None = None
    categories: list[str] | None = None
    entry_id: str | None = None
    first_seen_at: Time | None = None
    backfill: bool | None = None
    via: Via | None = None
    page_refused: str | None = None

    def __post_init__(self) -> None:
        """Refuse a record that nothing identifies."""
        super().__post_init__()
        if not (self.url or "").strip() and not (self.source or "").strip():
            msg = "one of `url` and `source` is needed"
            raise ValueError(msg)


class Clean(Record, kw_only=True):
    """An article without boilerplate; `text` is its paragraphs, separated by a blank line.

    `revision` counts the texts seen under this id, from 0. `extractor` names the path that found the text.
    `canonical_url` is what the page itself says. `notes` says what was refused or repaired (a future date, say).
    `published_day` is the publisher's own day: a morning in Tokyo is the day before in UTC.
    `backfill`: it was old when its source first showed it.
    """

    schema: Literal["wirewatch.clean.v1"] = "wirewatch.clean.v1"
    id: str
    fetch_id: str = ""
    ref: Ref | None = None
    revision: int = 0
    url: Url | None = None
    canonical_url: str | None = None
    source: str
    title: str
    authors: list[str] = []
    published_at: Time | None = None
    published_day: date | None = None
    fetched_at: Time
    processed_at: Time | None = None
    language: str | None = None
    language_score: Score = 0.0
    text: str
    extractor: str
    notes: list[str] = []
    backfill: bool | None = None


class Similarity(Struct, kw_only=True):
    """How alike two articles are, each 0 to 1.

    `containment`: shared sampled shingles over the smaller article's. `jaccard`: over the union of both.
    `facts`: shared numbers and capitalised words over the smaller set.
    """

    containment: Score
    jaccard: Score
    facts: Score


class Growth(Struct, kw_only=True):
    """Articles an hour: in the last hours (`now`), and over the story's life, first article to last."""

    now: Annotated[float, Meta(ge=0)]
    life: Annotated[float, Meta(ge=0)]


class ArticleStory(Struct, kw_only=True):
    """The story that an article belongs to, as it stood after it; `event`: it founded it (new) or joined it (grown)."""

    id: str
    event: Literal["new", "grown"]
    articles: int
    sources: int
    growth: Growth
    first_seen_at: Time


class Duplicate(Record, kw_only=True):
    """An article that is a copy of `duplicate_of`, an earlier article's id, and how alike the two are.

    `kind`: exact (same text), copy, truncated (the new one is part of the old), extended (the other way round).
    `new_facts` says that an extended copy holds facts that its original lacks; it alone has its `text`, for watches.
    """

    schema: Literal["wirewatch.duplicate.v1"] = "wirewatch.duplicate.v1"
    id: str
    fetch_id: str = ""
    ref: Ref | None = None
    revision: int = 0
    url: Url | None = None
    source: str
    title: str
    authors: list[str] = []
    published_at: Time | None = None
    fetched_at: Time
    processed_at: Time | None = None
    language: str | None = None
    duplicate_of: str
    kind: DuplicateKind
    similarity: Similarity
    new_facts: bool = False
    text: str | None = None
    story: ArticleStory | None = None


class Evidence(Struct, kw_only=True):
    """A span of `title` or `text`, offsets in code points, end exclusive."""

    field: Literal["title", "text"]
    start: int
    end: int


class Region(Struct, kw_only=True):
    """A region that an article is about, mentions, is datelined from, or whose publisher lives there.

    `country`: ISO 3166-1 alpha-2 (XK for Kosovo). `code`: ISO 3166-2 of a division, else the country's.
    `score`: share of the article's evidence, comparable within an article. `inferred`: not named in the text.
    `evidence`: the first spans, in the order of the text; `evidence_left_out` counts the others.
    """

    country: str
    code: str
    level: RegionLevel
    name: str
    role: RegionRole
    score: Score
    inferred: bool = False
    latitude: float | None = None
    longitude: float | None = None
    geonames_id: int | None = None
    evidence: list[Evidence] = []
    evidence_left_out: int = 0


class NewsTopic(Struct, kw_only=True):
    """An IPTC Media Topic. `level` 1 is one of the 17 top-level topics; scores are comparable within a level.

    `evidence`: the spans that spoke most for it; `evidence_left_out` counts the others.
    """

    id: str
    label: str
    level: int
    score: Score
    method: str
    evidence: list[Evidence] = []
    evidence_left_out: int = 0


class Tagged(Clean, kw_only=True):
    """A clean article with its regions (sorted by score) and topics; nothing found is an empty list.

    `regions_left_out` counts the regions of the lowest scores, beyond the most that a record holds. `topics_covered`: topics
    are known in the article's language at all; null in records of older workers.
    `story`: the one that it belongs to, once the stories step has seen it; left out before.
    """

    schema: Literal["wirewatch.tagged.v1"] = "wirewatch.tagged.v1"  # type: ignore[assignment]
    regions: list[Region] = []
    primary_country: str | None = None
    macro_regions: list[str] = []
    topics: list[NewsTopic] = []
    regions_left_out: int = 0
    topics_covered: bool | None = None
    story: ArticleStory | None = None


class Dead(Record, kw_only=True):
    """A message that a step could not process: step, reason (one of a closed set), error, and original bytes.

    `original` is the message's value in base64; null where it was over the size limit (`size_bytes` says how large).
    `topic`, `partition` and `offset` say where it lay; they are null for what was refused before Kafka, but
    for the `offset` of what `wirewatch apply` read: its line, from 1.
    """

    schema: Literal["wirewatch.dead.v1"] = "wirewatch.dead.v1"
    id: str
    fetch_id: str
    ref: Ref | None = None
    step: str
    reason: str
    error: str
    url: Url | None = None
    source: str | None = None
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None
    size_bytes: int
    original: str | None = None
    processed_at: Time | None = None


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
    """An article that a watch matched and that raised no alert of its own, and why."""

    id: str
    fetch_id: str = ""
    url: str | None = None
    title: str
    source: str
    story: str | None = None
    reason: HeldBackReason
    at: Time


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
    """One attempt to deliver one alert to one receiver, and its outcome.

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


class StoryArticle(Struct, kw_only=True):
    """An article of a story, as far as a reader needs it to find and name it. `duplicate`: it is a copy of another."""

    id: str
    fetch_id: str = ""
    url: Url | None = None
    title: str
    source: str
    published_at: Time | None = None
    fetched_at: Time
    duplicate: bool = False


class StoryShare(Struct, kw_only=True):
    """A region (its code, as in `Region.code`) or IPTC topic, and the share of the story's articles that are about it."""

    id: str
    label: str
    share: Score


class Story(Record, kw_only=True):
    """A running story and its latest event; the same event has the same `event_id`, which is its `ce_id`.

    `id`: `<language>-<id of the founding article>`; made once, never reused. `event`: new and grown, caused by `article`;
    related, when `related` has grown; merged into the older story `merged_into`, for good; ended, when nothing has come
    for the window. `title` and `lead` are those of the article nearest to the middle of the story. `sources` and
    `articles` are numbers, copies included. `headlines`: other articles' titles, of different sources, the most
    different first. `newest`: the latest article that brought something new. `related`: stories in other languages.
    """

    schema: Literal["wirewatch.story.v1"] = "wirewatch.story.v1"
    id: str
    event_id: str
    event: StoryEvent
    merged_into: str | None = None
    title: str
    lead: str = ""
    languages: list[str]
    first_seen_at: Time
    last_seen_at: Time
    articles: int
    sources: int
    growth: Growth
    regions: list[StoryShare] = []
    topics: list[StoryShare] = []
    related: list[str] = []
    headlines: list[StoryArticle] = []
    newest: StoryArticle | None = None
    article: StoryArticle | None = None
    processed_at: Time | None = None


class TrendKey(Struct, kw_only=True, omit_defaults=True):
    """The subject of a trend: a country (ISO 3166-1 alpha-2) and a top-level IPTC topic, or a term."""

    country: str | None = None
    topic: str | None = None
    term: str | None = None


class TrendStory(Struct, kw_only=True):
    """A story that explains a trend: how many of the window's articles are its own."""

    id: str
    title: str
    articles: int


class Trend(Record, kw_only=True):
    """A subject that comes in far more often than usual.

    `at` is the end of the window of `window_hours`. `count`: articles in it, less copies and the flood of a single
    source; `sources`: how many different ones. `expected`: what is usual there at that hour. `score` is the Pearson
    residual of `count`: no probability, since news comes in batches. `baseline`: hours of history. `sensitivity`: the
    quietest setting at which it is shown. `stories` are the ones that explain it.
    """

    schema: Literal["wirewatch.trend.v1"] = "wirewatch.trend.v1"
    id: str
    key: TrendKey
    label: str
    at: Time
    window_hours: float
    count: int
    sources: int
    expected: Annotated[float, Meta(ge=0)]
    score: float
    baseline: float | Literal["none"]
    sensitivity: Sensitivity
    stories: list[TrendStory] = []
    articles: list[StoryArticle] = []
    processed_at: Time | None = None


class DigestLink(Struct, kw_only=True):
    """An article of a story in a digest."""

    title: str
    source: str
    url: str


class DigestStory(Struct, kw_only=True):
    """A story as a digest shows it: title and one sentence of its medoid article, up to three links, and why it is there."""

    id: str
    title: str
    sentence: str = ""
    language: str
    articles: int
    sources: int
    first_seen_at: Time
    last_seen_at: Time
    places: list[str] = []
    topics: list[str] = []
    links: list[DigestLink] = []
    why: list[str] = []


class DigestSection(Struct, kw_only=True):
    """Stories that no digest of this name has shown before (new), or that have more sources since (developing)."""

    name: DigestSectionName
    stories: list[DigestStory]


class Digest(Record, kw_only=True):
    """A digest. `id` is `<name>:<at>`: the same moment has the same id, so it is sent once.

    `at`: the moment that it was due; `since`: the one before, up to a bound. `left_out`: stories that qualified and for
    which there was no room.
    """

    schema: Literal["wirewatch.digest.v1"] = "wirewatch.digest.v1"
    id: str
    name: WatchName
    title: str
    at: Time
    since: Time
    timezone: str = "UTC"
    sections: list[DigestSection] = []
    left_out: int = 0
    receivers: list[str] = []
    processed_at: Time | None = None


class Source(Record, kw_only=True, forbid_unknown_fields=True):
    """Where news comes from: a feed, a sitemap, a site; one record on `news.sources`, keyed by name.

    `kind` auto takes what the address turns out to be. `body`: the page is fetched always (page), never (entry), or where
    the entry holds no article (auto). `backfill`: what was there before the source was added comes marked (mark), not at
    all (skip), or as news (take). `robots`: robots.txt decides for pages, for all requests, or for none (your own site).
    `headers`: names of headers, each with the environment variable that holds its value. Intervals are in seconds;
    null leaves them to the source's own rhythm. `added_at` is what backfill counts from.
    """

    schema: Literal["wirewatch.source.v1"] = "wirewatch.source.v1"
    name: WatchName
    url: Annotated[str, Meta(min_length=1, max_length=4096)]
    kind: SourceKind = "auto"
    enabled: bool = True
    title: str | None = None
    tags: list[str] = field(default_factory=list)
    language: str | None = None
    body: Literal["auto", "entry", "page"] = "auto"
    backfill: Literal["mark", "skip", "take"] = "mark"
    first_entries: Annotated[int, Meta(ge=0, le=2000)] | None = None
    robots: Literal["pages", "all", "none"] = "pages"
    min_interval_seconds: Annotated[float, Meta(ge=1)] | None = None
    max_interval_seconds: Annotated[float, Meta(ge=1)] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    added_at: Time | None = None


class HealthEvidence(Struct, kw_only=True, omit_defaults=True):
    """Evidence of a source's change of state; only known fields."""

    status: int | None = None
    error: str | None = None
    url: str | None = None
    last_article_at: datetime | None = None
    expected_gap_seconds: float | None = None
    failures: float | None = None
    failing_since: datetime | None = None
    share: float | None = None
    usual: float | None = None
    sample: list[str] = []


class Health(Record, kw_only=True):
    """A source's change of state, with the reason in one sentence and the evidence for it.

    `id` is `<source>:<since>:<to>`: the same change has the same id. `url` is what is polled.
    """

    schema: Literal["wirewatch.health.v1"] = "wirewatch.health.v1"
    id: str
    source: str
    url: str
    was: SourceState
    to: SourceState
    reason: str
    evidence: HealthEvidence = field(default_factory=HealthEvidence)
    since: Time
    processed_at: Time | None = None


R = TypeVar("R", bound=Record)

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


def schema_of(record: type[Record]) -> str:
    """Return the `schema` name of a record type."""
    return next(name for name, kind in RECORDS.items() if kind is record)


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
)


@cache
def decoder(record: type[R]) -> msgspec.json.Decoder[R]:
    """Return the decoder of a record type."""
    return msgspec.json.Decoder(record)


def decode(value: bytes | str, record: type[R]) -> R:
    """Return the record that `value`, one JSON object, holds; raise `InvalidRecord` naming the fault."""
    try:
        known: R = decoder(record).decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # what follows says what is wrong, in one way for all
    else:
        return known
    try:
        data = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise unreadable(value, str(error)) from error
    return from_dict(data, record)


def unreadable(value: bytes | str, error: str) -> InvalidRecord:
    """Return the fault of a value that is no JSON. `error`: the parser's message, which knows no bytes."""
    if isinstance(value, bytes):
        try:
            value.decode()
        except UnicodeDecodeError as wrong:
            byte = value[wrong.start]
            return InvalidRecord("invalid_encoding", f"not UTF-8: byte 0x{byte:02x} at position {wrong.start}")
    return InvalidRecord("invalid_encoding" if "UTF-8" in error or "surrogate" in error else "invalid_json", error)


def from_dict(data: object, record: type[R]) -> R:
    """Return the record that parsed JSON holds; raise `InvalidRecord` naming the field that is wrong."""
    if not isinstance(data, dict):
        raise InvalidRecord("invalid_record", f"a JSON object is needed, not {type(data).__name__}")
    try:
        return msgspec.convert(data, record)
    except msgspec.ValidationError as error:
        raise InvalidRecord("invalid_record", f"{record.__name__}: {error}") from error


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
