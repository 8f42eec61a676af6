"""The answers of `/api/v1`, each a type with a JSON Schema: openapi.py writes them into the OpenAPI document."""

from datetime import datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from agents.archive.store import ArticleRow
from agents.watch.alerts import snippet as snippet_of
from streams.records import Alert, Digest, Duplicate, Evidence, Health, NewsTopic, Region, Story, Tagged, Trend
from wirewatch.history.search import Hit

Tag = TypeVar("Tag", Region, NewsTopic)


class ArticleSummary(Struct, kw_only=True):
    """An article in a list; `spans` are the words that made it match, by code points of `title` or of `snippet`."""

    id: str
    fetch_id: str
    revision: int
    url: str | None
    title: str
    source: str
    language: str | None
    published_at: datetime | None
    fetched_at: datetime
    primary_country: str | None
    regions: list[Region]
    topics: list[NewsTopic]
    story: str | None
    snippet: str
    snippet_start: int
    spans: list[Evidence]


class ArticlePage(Struct, kw_only=True):
    """Articles, the newest or the best first.

    `before` goes on behind the last one (null at the end); `complete` is false where the search gave up before it had
    as many as wanted: go on with `before`. `ranked`, with the best first: among how many of the newest matching articles
    they were looked for; `complete` then says whether those were all.
    """

    articles: list[ArticleSummary]
    before: str | None
    complete: bool
    ranked: int | None = None


class ArticleRecord(Struct, kw_only=True):
    """An article whole, as on `news.tagged`, and the story that it belongs to."""

    story: str | None
    article: Tagged


class RecordPage(Struct, kw_only=True):
    """Whole articles, the newest first; `before` goes on behind the last one, null at the end.

    A page ends early where its articles are large, and where the search has tried as many as it may: go on with `before`.
    """

    records: list[ArticleRecord]
    before: str | None


class ArticleAnswer(Struct, kw_only=True):
    """Every version of an article, the latest first, and the copies of it."""

    id: str
    story: str | None
    versions: list[Tagged]
    duplicates: list[Duplicate]


class CountsAnswer(Struct, kw_only=True):
    """Counts of matching articles, in all and by kind.

    `hours` (as 2026-11-27T12, UTC; where there are no more than three days), `countries`, `topics`, `sources` and
    `languages` are those of the `counted` newest articles. `complete` is false where
    a bound was reached. Then `articles` and `days` are exact if `counted` is less than `articles`; else there may be more
    articles. `topic_names` has the name of each topic in `topics`.
    """

    articles: int
    counted: int
    complete: bool
    days: dict[str, int]
    hours: dict[str, int]
    countries: dict[str, int]
    topics: dict[str, int]
    topic_names: dict[str, str]
    sources: dict[str, int]
    languages: dict[str, int]


class StoryPage(Struct, kw_only=True):
    """Stories as they are now.

    `growth` has for each story its developments in 24 equal parts of the time asked for, the earliest first. `before` goes
    on behind the last one, null at the end. `ranked`, in the orders big, grows and new: among how many of the stories with
    the most developments they were looked for; those answers have no `before`.
    """

    stories: list[Story]
    growth: dict[str, list[int]]
    before: str | None
    ranked: int | None = None


class StoryAnswer(Struct, kw_only=True):
    """A story, its newest articles and its events, the latest first."""

    story: Story
    articles: list[ArticleSummary]
    events: list[Story]


class AlertPage(Struct, kw_only=True):
    """Alerts, the newest first; `before` goes on behind the last one."""

    alerts: list[Alert]
    before: str | None


class TrendPage(Struct, kw_only=True):
    """Trends, the newest first; `before` goes on behind the last one."""

    trends: list[Trend]
    before: str | None


class DigestPage(Struct, kw_only=True):
    """Digests, the newest first; `before` goes on behind the last one."""

    digests: list[Digest]
    before: str | None


class HealthPage(Struct, kw_only=True):
    """Changes of sources' health, the newest first; `before` goes on behind the last one."""

    changes: list[Health]
    before: str | None


class Problem(Struct, kw_only=True):
    """The reason why a request has no answer, with advice."""

    error: str


def summary(row: ArticleRow, tagged: Tagged, spans: list[Evidence]) -> ArticleSummary:
    """Return an article as a list shows it."""
    first = next((span.start for span in spans if span.field == "text"), 0)
    snippet, start = snippet_of(tagged.text, first)
    return ArticleSummary(
        id=tagged.id,
        fetch_id=tagged.fetch_id,
        revision=tagged.revision,
        url=tagged.url,
        title=tagged.title,
        source=tagged.source,
        language=tagged.language,
        published_at=tagged.published_at,
        fetched_at=tagged.fetched_at,
        primary_country=tagged.primary_country,
        regions=[_plain(region) for region in tagged.regions[:20]],
        topics=[_plain(topic) for topic in tagged.topics[:20]],
        story=row.story or None,
        snippet=snippet,
        snippet_start=start,
        spans=_within(spans, start, len(snippet)),
    )


def of_hit(hit: Hit) -> ArticleSummary:
    """Return a search's hit as a list shows it."""
    return summary(hit.row, hit.article, hit.spans)


def _within(spans: list[Evidence], start: int, length: int) -> list[Evidence]:
    """Return the spans of the title, and those of the text that lie in the snippet, by its own code points."""
    shown = [span for span in spans if span.field == "title"]
    shown += [
        Evidence(field="text", start=span.start - start, end=span.end - start)
        for span in spans
        if span.field == "text" and start <= span.start and span.end <= start + length
    ]
    return shown


def _plain(tag: Tag) -> Tag:
    """Return a region or topic without its evidence."""
    return replace(tag, evidence=[], evidence_left_out=0)
