"""Records of stories, trends and digests."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from streams.records.article import Growth
from streams.records.base import Record, Score, Sensitivity, Time, Url, WatchName

StoryEvent = Literal["new", "grown", "related", "merged", "ended"]
TrendState = Literal["begun", "growing", "lasting", "over"]
DigestSectionName = Literal["new", "developing"]


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
    different first. `newest`: the latest article that brought something new. `latest`: the report published last, no copy
    and no opinion. `related`: stories in other languages.
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
    regions: list[StoryShare] = field(default_factory=list)
    topics: list[StoryShare] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    headlines: list[StoryArticle] = field(default_factory=list)
    newest: StoryArticle | None = None
    latest: StoryArticle | None = None
    article: StoryArticle | None = None
    processed_at: Time | None = None


class TrendKey(Struct, kw_only=True, omit_defaults=True):
    """The subject of a trend: a country (ISO 3166-1 alpha-2) and a top-level IPTC topic, or a term.

    `topic` is empty where the subject is a country's articles without a topic.
    """

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
    quietest setting at which it is shown. `stories` are the ones that explain it. `forms`: of a term, the other forms of it
    that were counted, in lower case, the commonest first.

    A trend has a life, and all its records the `id` of its beginning (older workers gave each record one of its own, and no
    `begun_at`). `state`: it has begun; its score has grown by 30 %; it lasts, said each twelve hours; or it is over, with
    the numbers of that moment. `begun_at` is the `at` of its first record, `peak_count` and `peak_score` are its height so
    far. The `sensitivity` of a trend that is over is that of its height.
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
    state: TrendState = "begun"
    begun_at: Time | None = None
    peak_count: int | None = None
    peak_score: float | None = None
    stories: list[TrendStory] = field(default_factory=list)
    articles: list[StoryArticle] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    processed_at: Time | None = None


class DigestLink(Struct, kw_only=True):
    """An article of a story in a digest."""

    title: str
    source: str
    url: str


class DigestStory(Struct, kw_only=True):
    """A story as a digest shows it: title and one sentence of its medoid article, up to three links, and why it is there.

    `latest`: the title of what has come since the digest before, where that is another article.
    """

    id: str
    title: str
    sentence: str = ""
    latest: str = ""
    language: str
    articles: int
    sources: int
    first_seen_at: Time
    last_seen_at: Time
    places: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    links: list[DigestLink] = field(default_factory=list)
    why: list[str] = field(default_factory=list)


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
    sections: list[DigestSection] = field(default_factory=list)
    left_out: int = 0
    receivers: list[str] = field(default_factory=list)
    processed_at: Time | None = None
