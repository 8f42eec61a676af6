"""Findings about a watch that need more than its query: places that articles have, languages with topics, receivers."""

from collections.abc import Collection, Iterator, Sequence

from agents.tag.topics import covered_languages
from agents.trends.settings import SENSITIVITIES, TrendsSettings, sensitivity_of
from agents.watch.language import vocabulary
from agents.watch.language.query import And, Facet, Or, Query, names_trend
from agents.watch.lint import SampledArticle, lint
from agents.watch.records import Watch
from streams.names import meant
from streams.settings import Settings
from wirewatch.watches.divisions import why_no_division
from wirewatch.watches.places import english_place, several_called
from wirewatch.watches.topic import unknown_receivers

#: Letters of a country's code, where a division's is longer.
COUNTRY_LETTERS = 2


def findings(watch: Watch, settings: Settings, sample: Sequence[SampledArticle] = ()) -> Iterator[str]:
    """Yield the findings about a watch: those of `lint`, unknown divisions and receivers, and a topic in no language."""
    places = {part.value: english_place(part.value) for part in facets(watch.query, "region")}
    for finding in lint(watch, sample):
        if places.get(finding.region):
            continue  # said below, with the name to write
        is_place = bool(finding.region) and not vocabulary.suggested_regions(finding.region)
        several = several_called(finding.region) if is_place else None
        if several != "":
            yield several or str(finding)
    for code, place in places.items():
        if why := why_no_division(code):
            yield f"`{code}` {why}"
        if place:
            is_country = len(place.code) == COUNTRY_LETTERS
            others = None if is_country else several_called(vocabulary.key(place.name))
            beside = f"; {others}" if others else ""
            yield f"`{code}` is no name that articles are tagged with: write {place.condition}{beside}"
    if missed := languages_without_topics(watch.query, covered_languages()):
        yield f"never matches: articles in {missed} have no topics"
    least = settings[TrendsSettings].min_score
    if watch.record.trends and SENSITIVITIES[watch.record.trends] < least:
        asked = SENSITIVITIES[watch.record.trends]
        yield (
            f"asks for trends that are {watch.record.trends}, from a score of {asked:g} on, and the settings here show them "
            f"from {least:g} on: set trends.min_score to {asked:g} where the step runs"
        )
    known = sorted(settings.names("receivers"))
    for name in unknown_receivers(settings, [watch.record]).get(watch.name, []):
        yield f"no receiver in the settings is called {name}{meant(name, known)}; there are {', '.join(known)}"


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
    """Tell whether a query has a `topic:`."""
    return any(facets(query, "topic"))


def groups_asked_for(query: Query) -> Iterator[str]:
    """Yield the countries of each group in a query, and whose list they are of."""
    for name in dict.fromkeys(part.value for part in facets(query, "region") if part.countries):
        if group := vocabulary.country_group(name):
            yield f"region: {name} stands for {' '.join(group.countries)} ({group.source})"


def facets(query: Query, field: str) -> Iterator[Facet]:
    """Yield a query's conditions on a field of articles."""
    return (part for part in query.walk() if isinstance(part, Facet) and part.field == field)


def languages_without_topics(query: Query, reached: Collection[str]) -> str:
    """Return the languages that a query asks for together with a topic, where articles in none of them have topics."""
    parts = query.parts if isinstance(query, And) else ()
    asked: dict[str, set[str]] = {}
    for part in parts:
        several = part.parts if isinstance(part, Or) else (part,)
        conditions = [one for one in several if isinstance(one, Facet)]
        if len(conditions) == len(several) and len({one.field for one in conditions}) == 1:
            asked.setdefault(conditions[0].field, set()).update(one.value for one in conditions)
    languages = {value.split("-")[0] for value in asked.get("lang", ())}
    return ", ".join(sorted(languages)) if "topic" in asked and not languages & set(reached) else ""
