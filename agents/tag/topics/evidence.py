"""The spans of title and text that spoke for a topic: stems, words of a table, and names of concepts."""

from collections.abc import Iterable
from typing import Final

from agents.tag.topics.concepts import ConceptMentions
from agents.tag.topics.language import LanguageReading
from agents.tag.topics.linear import Feature, LinearModel
from agents.tag.topics.stems import Hit, top_of
from agents.tag.topics.tokens import TokenForms
from streams.records import Evidence

#: The most words of a table that are named for a topic.
EVIDENCE_WORDS: Final = 5


def outermost(spans: Iterable[Evidence]) -> list[Evidence]:
    """Return the spans that lie in no other one, each once, in their order."""
    unique = {(span.field, span.start, -span.end): span for span in spans}
    kept: set[tuple[str, int, int]] = set()
    reach = {"title": 0, "text": 0}
    for field, start, end in sorted(unique):
        if -end > reach[field]:
            reach[field] = -end
            kept.add((field, start, end))
    return [span for key, span in unique.items() if key in kept]


def stem_spans(hits: Iterable[Hit], topic: str) -> list[Evidence]:
    """Return the spans of the stems of a top-level topic and the concepts beneath it."""
    return [hit_span(hit) for hit in hits if top_of(hit.code) == topic]


def word_spans(table: LinearModel, reading: LanguageReading, topic: str) -> list[Evidence]:
    """Return the spans of the words of a language's table that spoke most for a topic."""
    if reading.words is None:
        return []
    weighty = table.weightiest(reading.words, table.topics.index(topic), EVIDENCE_WORDS)
    return [feature_span(feature, reading.title, reading.lead) for feature in weighty]


def hit_span(hit: Hit) -> Evidence:
    """Return the span of a stem that was found."""
    return Evidence(field="title" if hit.in_title else "text", start=hit.start, end=hit.end)


def feature_span(feature: Feature, title: TokenForms, lead: TokenForms) -> Evidence:
    """Return the span of a word or two of a table."""
    start, end = (title if feature.in_title else lead).span(feature.first, feature.count)
    return Evidence(field="title" if feature.in_title else "text", start=start, end=end)


def match_spans(match: ConceptMentions, title: TokenForms, lead: TokenForms) -> list[Evidence]:
    """Return the spans of a concept's mentions."""
    mentions = [(True, *mention) for mention in match.title] + [(False, *mention) for mention in match.text]
    return [feature_span(Feature(*mention), title, lead) for mention in mentions]
