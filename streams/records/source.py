"""Records of sources and of their health."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from streams.records.base import IncomingTime, Record, Time, WatchName

SourceKind = Literal["auto", "feed", "sitemap", "site", "page", "warc", "kafka", "push", "websub"]
SourceState = Literal[
    "new", "healthy", "quiet", "failing", "blocked", "moved", "dead", "extraction_drop", "stale_dates", "paused"
]


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
    added_at: IncomingTime | None = None


class HealthEvidence(Struct, kw_only=True, omit_defaults=True):
    """Evidence of a source's change of state; only known fields."""

    status: int | None = None
    error: str | None = None
    url: str | None = None
    last_article_at: Time | None = None
    expected_gap_seconds: float | None = None
    failures: float | None = None
    failing_since: Time | None = None
    share: float | None = None
    usual: float | None = None
    sample: list[str] = field(default_factory=list)


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
