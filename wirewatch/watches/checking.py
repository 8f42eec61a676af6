"""Findings about a watch: those about its query, and trends and receivers that the settings do not have."""

from collections.abc import Iterator, Sequence

from agents.trends.settings import SENSITIVITIES, TrendsSettings, sensitivity_of
from agents.watch.language import vocabulary
from agents.watch.language.query import Query, facets, names_trend
from agents.watch.lint import SampledArticle
from agents.watch.records import Watch
from streams.settings import Settings
from streams.text.names import meant
from wirewatch.watches.query_findings import query_findings
from wirewatch.watches.topic import unknown_receivers


def findings(watch: Watch, settings: Settings, sample: Sequence[SampledArticle] = ()) -> Iterator[str]:
    """Yield the findings about a watch's query, and its trends and receivers that the settings do not have."""
    yield from query_findings(watch, sample)
    if finding := trends_not_shown(watch, settings):
        yield finding
    known = sorted(settings.names("receivers"))
    for name in unknown_receivers(settings, [watch.record]).get(watch.name, []):
        yield f"no receiver in the settings is called {name}{meant(name, known)}; there are {', '.join(known)}"


def trends_not_shown(watch: Watch, settings: Settings) -> str:
    """Say that a watch asks for trends that the settings do not show; an empty string where it does not."""
    least = settings[TrendsSettings].min_score
    if not watch.record.trends or SENSITIVITIES[watch.record.trends] >= least:
        return ""
    asked = SENSITIVITIES[watch.record.trends]
    return (
        f"asks for trends that are {watch.record.trends}, from a score of {asked:g} on, and the settings here show them "
        f"from {least:g} on: set trends.min_score to {asked:g} where the step runs"
    )


def trends_asked_for(watch: Watch, settings: Settings) -> str:
    """Return which trends a watch is told of, and when; an empty string for one that asks for none."""
    if not names_trend(watch.query):
        return ""
    least = settings[TrendsSettings].min_score
    level = watch.record.trends or sensitivity_of(least)
    score = max(least, SENSITIVITIES[watch.record.trends]) if watch.record.trends else least
    return (
        f"trend: one alert for each trend, when its score comes to {score:g} ({level}); none when it grows or is over"
    )


def asks_for_topic(query: Query) -> bool:
    """Return whether a query has a `topic:`."""
    return any(facets(query, "topic"))


def groups_asked_for(query: Query) -> Iterator[str]:
    """Yield the countries of each group in a query, and whose list they are of."""
    for name in dict.fromkeys(part.value for part in facets(query, "region") if part.countries):
        if group := vocabulary.country_group(name):
            yield f"region: {name} stands for {' '.join(group.countries)} ({group.source})"
