"""A running story as others see it: its record on `news.stories`, and its mention in an article."""

from datetime import UTC, datetime

from agents.stories.reading.gather import ArticleFeatures
from agents.stories.state.story import GROWTH_HOURS, HOUR, MOST_HEADLINES, Headline, StoryRecord
from streams.records import ArticleStory, Growth, Story, StoryArticle, StoryEvent, StoryShare

#: Regions and topics that are shown: those that so much of the story is about.
LEAST_SHARE = 0.25


def record_of(
    story: StoryRecord,
    event: StoryEvent,
    event_id: str,
    article: ArticleFeatures | None = None,
    merged_into: str | None = None,
) -> Story:
    """Return the record of a story's event."""
    return Story(
        id=story.id,
        event_id=event_id,
        event=event,
        merged_into=merged_into,
        title=story.medoid.title,
        lead=story.medoid.lead,
        languages=[story.language],
        first_seen_at=time_of(story.first),
        last_seen_at=time_of(story.last),
        articles=story.articles,
        sources=story.sources,
        growth=growth_of(story),
        regions=shares(story.regions, story.originals),
        topics=shares(story.topics, story.originals),
        related=story.related,
        headlines=[named(headline, duplicate=headline.duplicate) for headline in story.headlines[1:MOST_HEADLINES]],
        newest=named(story.newest, duplicate=story.newest.duplicate) if story.newest is not None else None,
        latest=named(story.latest, duplicate=story.latest.duplicate) if story.latest is not None else None,
        article=named(article, duplicate=article.duplicate_of is not None) if article is not None else None,
    )


def article_story(story: StoryRecord, *, founded: bool) -> ArticleStory:
    """Return an article's field on its story."""
    return ArticleStory(
        id=story.id,
        event="new" if founded else "grown",
        articles=story.articles,
        sources=story.sources,
        growth=growth_of(story),
        first_seen_at=time_of(story.first),
        languages=1 + len(story.related),
    )


def growth_of(story: StoryRecord) -> Growth:
    """Return articles an hour, in the last `GROWTH_HOURS` of the story's own time and over its life (at least an hour)."""
    latest = int(story.last // HOUR)
    recent = sum(many for hour, many in story.hours if hour > latest - GROWTH_HOURS)
    life = max(1.0, (story.last - story.first) / HOUR)
    return Growth(now=round(recent / GROWTH_HOURS, 3), life=round(story.articles / life, 3))


def shares(counts: list[tuple[str, str, int]], articles: int) -> list[StoryShare]:
    """Return the regions or topics that a good part of a story's articles is about."""
    found = [
        StoryShare(id=key, label=name, share=round(min(1.0, many / max(1, articles)), 3)) for key, name, many in counts
    ]
    return [share for share in found if share.share >= LEAST_SHARE]


def named(article: Headline | ArticleFeatures, *, duplicate: bool) -> StoryArticle:
    """Return an article of a story as a record names it."""
    return StoryArticle(
        id=article.id,
        fetch_id=article.fetch_id,
        url=article.url,
        title=article.title,
        source=article.source,
        published_at=time_of(article.published) if article.published is not None else None,
        fetched_at=time_of(article.fetched),
        duplicate=duplicate,
    )


def time_of(seconds: float) -> datetime:
    """Return a time of epoch seconds."""
    return datetime.fromtimestamp(round(seconds, 3), UTC)
