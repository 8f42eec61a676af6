"""The topic tagger: an article's top-level topics from the linear model, and the concepts that it names.

A named concept speaks for its top-level topic, and is kept where that topic is: so a strike of workers and the strike
of a pitcher stay apart. Both kinds of tag carry the spans that spoke for them.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from agents.tag.topics.concepts import Match, Taxonomy
from agents.tag.topics.linear import LinearModel, Reading
from agents.tag.topics.words import Word, lead_words, title_words
from streams.records import Clean, Evidence, NewsTopic

#: What naming a concept adds to the log-odds of its top-level topic, at most.
CONCEPT_LOG_ODDS: Final = 0.5
#: Below this score a topic is not worth a line, whatever the threshold, unless it is the best one.
LEAST_SCORE: Final = 0.05
EVIDENCE_WORDS: Final = 5
EVIDENCE_SPANS: Final = 10


@dataclass(frozen=True, slots=True)
class TopicTagger:
    """Tag articles with IPTC Media Topics; make one with `load`. It keeps no state between articles but a cache."""

    model: LinearModel
    taxonomy: Taxonomy

    def tag(self, clean: Clean, threshold: float | None = None) -> list[NewsTopic]:
        """Return an article's topics, the best first within a level, level 1 first.

        Without `threshold` each topic has its own, chosen for precision, and an article may get none. With it, what
        scores at least that much is returned; at 0 the best top-level topic always shows, if the model knows a word.
        """
        title, lead = title_words(clean.title), lead_words(clean.text)
        reading = self.model.read_article(title, lead)
        if reading is None:
            return []
        matches = self.taxonomy.matches(title, lead)
        scores = self._scores(reading, matches)
        best = max(scores, key=lambda topic: scores[topic])
        limits = dict(zip(self.model.topics, map(float, self.model.thresholds), strict=True))
        if threshold is not None:
            limits = dict.fromkeys(limits, max(threshold, LEAST_SCORE))
            limits[best] = threshold
        kept = {topic: score for topic, score in scores.items() if score >= limits[topic]}
        if not kept:
            return []
        named = self._named(matches, kept, threshold or 0.0)
        spans = _Spans(title, lead)
        for topic, score in kept.items():
            weighty = self.model.weightiest(reading, self.model.topics.index(topic), EVIDENCE_WORDS)
            found = [span for feature in weighty for span in spans.of(feature)]
            named[topic] = (score, found + named.get(topic, (0.0, []))[1])
        topics = [self._topic(code, *entry) for code, entry in named.items()]
        return sorted(topics, key=lambda topic: (topic.level, -topic.score, topic.id))

    def _scores(self, reading: Reading, matches: list[Match]) -> dict[str, float]:
        """Return the score of each top-level topic, the concepts named beneath it counted in."""
        named = dict.fromkeys(self.model.topics, 0.0)
        for match in matches:
            top = self.taxonomy.top(match.concept).code
            named[top] = max(named[top], _strength(match))
        odds = zip(self.model.topics, reading.log_odds, strict=True)
        return {topic: 1 / (1 + math.exp(-(float(odd) + CONCEPT_LOG_ODDS * named[topic]))) for topic, odd in odds}

    def _named(
        self, matches: list[Match], kept: dict[str, float], threshold: float
    ) -> dict[str, tuple[float, list[Evidence]]]:
        """Return the concepts named beneath the topics kept, and those between, each with score and evidence."""
        found: dict[str, tuple[float, list[Evidence]]] = {}
        for match in matches:
            above = self.taxonomy.parents(match.concept)
            score = kept.get(above[-1].code, 0.0) * _strength(match)
            if score == 0 or score < threshold:
                continue
            for concept in (match.concept, *above):
                known, evidence = found.get(concept.code, (0.0, []))
                found[concept.code] = (max(known, score), evidence + _match_evidence(match))
        return found

    def _topic(self, code: str, score: float, evidence: list[Evidence]) -> NewsTopic:
        concept = self.taxonomy.concepts[code]
        unique = {(span.field, span.start, span.end): span for span in evidence}
        return NewsTopic(
            id=code,
            label=concept.label,
            level=concept.level,
            score=round(score, 4),
            method="linear" if concept.level == 1 else "concept",
            evidence=list(unique.values())[:EVIDENCE_SPANS],
        )


class _Spans:
    """Where an article's words and word pairs stand first."""

    def __init__(self, title: list[Word], lead: list[Word]) -> None:
        self._places: dict[str, Evidence] = {}
        for field, sequence in (("title", title), ("text", lead)):
            for word in sequence:
                self._add(word.form, field, word.start, word.end)
            for left, right in zip(sequence, sequence[1:], strict=False):
                self._add(f"{left.form} {right.form}", field, left.start, right.end)

    def _add(self, feature: str, field: Literal["title", "text"], start: int, end: int) -> None:
        if feature not in self._places:
            self._places[feature] = Evidence(field=field, start=start, end=end)

    def of(self, feature: str) -> list[Evidence]:
        """Return the first span of a word or word pair."""
        return [self._places[feature]] if feature in self._places else []


def _strength(match: Match) -> float:
    """Return how surely an article that names a concept so often is about it, 0.75 for once in the title."""
    return 1 - 0.5**match.mentions


def _match_evidence(match: Match) -> list[Evidence]:
    return [Evidence(field="title", start=word.start, end=word.end) for word in match.title] + [
        Evidence(field="text", start=word.start, end=word.end) for word in match.text
    ]


def load(tables: Path | None = None) -> TopicTagger:
    """Read the tagger's files, about 50 ms; call it once in each process. `tables`: a folder of other word tables."""
    here = Path(__file__).parent
    return TopicTagger(LinearModel.read((tables or here / "model") / "english.npz"), Taxonomy.read(here))
