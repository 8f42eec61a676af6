"""Trends as watches see them: articles of their own kind, with the facets that they have.

A trend is matched by the watches that name it (`trend:VE,medtop:11000000`) and by no others.
"""

from collections.abc import Iterator, Sequence
from typing import get_args

from agents.watch.language.vocabulary import key as comparable
from agents.watch.matching.article import SearchableArticle
from agents.watch.matching.matcher import Match, Matcher
from streams.records import NewsTopic, Region, Sensitivity, Tagged, Trend, TrendStory, WatchRecord

#: The source of an article that stands for a trend.
SOURCE = "trends"
#: Words of a term that are looked at; ours have four at most.
MOST_WORDS = 8
#: Forms of a term that are looked at; as many as the step tells apart.
MOST_FORMS = 8
#: How quiet trends are, the eager ones first.
LEVELS: tuple[Sensitivity, ...] = get_args(Sensitivity)


def trend_facets(trend: Trend) -> frozenset[str]:
    """Return the facets by which watches name a trend: its country and topic together and each alone, or its term.

    Of a term, and of each of its forms, each part is one: which phrase of an event is shown, of many, and in which case of
    its name, is not for the watch's owner to guess.
    """
    key = trend.key
    if key.term is not None:
        forms = dict.fromkeys((key.term, *trend.forms[:MOST_FORMS]))
        return frozenset(f"trend:{part}" for form in forms for part in parts_of(comparable(form).split()[:MOST_WORDS]))
    parts = [part for part in (key.country, key.topic) if part]
    return frozenset(f"trend:{name}" for name in (*parts, ",".join(parts)))


def trend_matches(matcher: Matcher, trend: Trend) -> tuple[SearchableArticle, list[Match]]:
    """Return a trend as an article, and the watches that name it, whether they are told or not."""
    article = SearchableArticle(trend_article(trend))
    return article, matcher.match_trend(article, trend_facets(trend))


def unasked(watch: WatchRecord, trend: Trend) -> str:
    """Return why a watch that names a trend is not told of this record of it; an empty string where it is."""
    if trend.state == "over":
        return "the trend is over, which raises no alert"
    if watch.trends and LEVELS.index(trend.sensitivity) < LEVELS.index(watch.trends):
        return f"asks for trends that are {watch.trends}, and this one is {trend.sensitivity} so far"
    return ""


def parts_of(words: Sequence[str]) -> Iterator[str]:
    """Yield the phrases of words that stand together."""
    return (" ".join(words[at:end]) for at in range(len(words)) for end in range(at + 1, len(words) + 1))


def trend_article(trend: Trend) -> Tagged:
    """Return a trend as an article: its numbers as the title, its stories with theirs as the text."""
    key = trend.key
    numbers = (
        f"{trend.count} articles of {trend.sources} sources in {trend.window_hours:g} h, usually {trend.expected:.1f}"
    )
    first = trend.articles[0] if trend.articles else None
    named, _, label = trend.label.partition(": ") if key.country else ("", "", trend.label)
    regions = [
        Region(country=country, code=country, level="country", name=named or country, role="about", score=1.0)
        for country in filter(None, (key.country,))
    ]
    topic = NewsTopic(id=key.topic, label=label or key.topic, level=1, score=1.0, method="trend") if key.topic else None
    return Tagged(
        id=trend.id,
        fetch_id=f"trend:{trend.id}:{trend.at.isoformat()}",
        url=first.url if first else None,
        source=SOURCE,
        title=f"{trend.label}: {numbers}",
        text=explained(trend.stories),
        fetched_at=trend.at,
        extractor="trends",
        regions=regions,
        primary_country=key.country,
        topics=[topic] if topic else [],
    )


def explained(stories: Sequence[TrendStory]) -> str:
    """Return the stories behind a trend with their numbers of articles; of single articles only the first is named."""
    named = [story for at, story in enumerate(stories) if story.title and (at == 0 or story.articles > 1)]
    return "; ".join(f"{story.title} ({story.articles})" for story in named) + "." * bool(named)
