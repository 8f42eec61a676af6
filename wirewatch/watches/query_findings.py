"""Findings about a watch's query, by itself and beside the places and topics that articles have."""

from collections.abc import Collection, Iterator, Sequence

from agents.tag.topics import covered_languages
from agents.watch.language import vocabulary
from agents.watch.language.query import And, Facet, Or, Query, facets
from agents.watch.lint import SampledArticle, lint
from agents.watch.records import Watch
from wirewatch.watches.divisions import why_no_division
from wirewatch.watches.places import english_place, several_called

#: Letters of a country's code, where a division's is longer.
COUNTRY_LETTERS = 2


def query_findings(watch: Watch, sample: Sequence[SampledArticle] = ()) -> Iterator[str]:
    """Yield the findings about a watch's query: those of `lint`, unknown divisions, and a topic in no language."""
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
