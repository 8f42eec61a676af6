"""Records of articles: raw, clean, duplicate, tagged and dead."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from streams.records.base import IncomingSource, IncomingTime, IncomingUrl, Record, Ref, Score, Time, Url

ContentType = Literal["text/html", "text/plain"]
DuplicateKind = Literal["exact", "copy", "truncated", "extended"]
RegionLevel = Literal["country", "admin1", "city"]
RegionRole = Literal["about", "mentioned", "dateline", "publisher"]
Via = Literal["poll", "page", "push", "websub", "archive", "topic", "file"]


class Raw(Record, kw_only=True):
    """A fetched or pushed page, untouched. At least one of `url` and `source` is given.

    `id` is the sender's own name for the record and is kept as `ref` through every step. `title`, `authors`,
    `published_at`, `language`, `feed` and `categories` are hints of the source: never trusted over the page.

    How it came: `entry_id` is its id in the feed, `first_seen_at` when its source first showed it, `backfill` that it was
    old then (no trend, and no alert but where asked for), `page_refused` why `content` is only what the feed's entry had.
    """

    schema: Literal["wirewatch.raw.v1"] = "wirewatch.raw.v1"
    id: Ref | None = None
    url: IncomingUrl | None = None
    source: IncomingSource | None = None
    fetched_at: IncomingTime
    content_type: ContentType
    content: str
    title: str | None = None
    authors: list[str] | str | None = None
    published_at: str | None = None
    language: str | None = None
    feed: str | None = None
    categories: list[str] | None = None
    entry_id: str | None = None
    first_seen_at: IncomingTime | None = None
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
    `backfill`: it was old when its source first showed it. `links`: canonical addresses of other pages of its site that its text
    leads to, the first eight.
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
    authors: list[str] = field(default_factory=list)
    published_at: Time | None = None
    published_day: date | None = None
    fetched_at: Time
    processed_at: Time | None = None
    language: str | None = None
    language_score: Score = 0.0
    text: str
    extractor: str
    notes: list[str] = field(default_factory=list)
    backfill: bool | None = None
    links: list[str] = field(default_factory=list)


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
    """The story that an article belongs to, as it stood after it; `event`: it founded it (new) or joined it (grown).

    `languages`: in how many its event is told, with those of related stories; 1 in records of older workers.
    """

    id: str
    event: Literal["new", "grown"]
    articles: int
    sources: int
    growth: Growth
    first_seen_at: Time
    languages: int = 1


class Duplicate(Record, kw_only=True):
    """An article that is a copy of `duplicate_of`, an earlier article's id, and how alike the two are.

    `kind`: exact (same text), copy, truncated (the new one is part of the old), extended (the other way round).
    `new_facts` says that an extended copy, or one with a new lead in place of its original's, holds facts that the original
    lacks; it alone has its `text`, for watches.
    """

    schema: Literal["wirewatch.duplicate.v1"] = "wirewatch.duplicate.v1"
    id: str
    fetch_id: str = ""
    ref: Ref | None = None
    revision: int = 0
    url: Url | None = None
    source: str
    title: str
    authors: list[str] = field(default_factory=list)
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
    evidence: list[Evidence] = field(default_factory=list)
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
    evidence: list[Evidence] = field(default_factory=list)
    evidence_left_out: int = 0


class Tagged(Clean, kw_only=True):
    """A clean article with its regions (sorted by score) and topics; nothing found is an empty list.

    `regions_left_out` counts the regions of the lowest scores, beyond the most that a record holds. `topics_covered`: topics
    are known in the article's language at all; null in records of older workers.
    `story`: the one that it belongs to, once the stories step has seen it; never on `news.tagged`, which is written before.
    """

    schema: Literal["wirewatch.tagged.v1"] = "wirewatch.tagged.v1"  # type: ignore[assignment]
    regions: list[Region] = field(default_factory=list)
    primary_country: str | None = None
    macro_regions: list[str] = field(default_factory=list)
    topics: list[NewsTopic] = field(default_factory=list)
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
