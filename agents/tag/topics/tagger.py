"""The topic tagger: an article's top-level topics from the linear model, and the concepts that it names.

A named concept speaks for its top-level topic, and is kept where that topic is: so a strike of workers and the strike
of a pitcher stay apart. Both kinds of tag carry the spans that spoke for them.
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from agents.tag.topics import encoder
from agents.tag.topics.concepts import ConceptMentions, Taxonomy
from agents.tag.topics.encoder import SecondOpinion
from agents.tag.topics.linear import Feature, Floats, Limits, LinearModel, Reading
from agents.tag.topics.tokens import Tokens
from streams.errors import SettingsError
from streams.records import Clean, Evidence, NewsTopic

#: Most that a named concept adds to the log-odds of its top-level topic.
CONCEPT_LOG_ODDS: Final = 1.0
#: Below this score a topic is not worth a line, whatever the threshold, unless it is the best one.
LEAST_SCORE: Final = 0.05
#: MasakhaNEWS's languages (ISO 639-3, and 639-1 where there is one), which the second table learnt.
AFRICAN: Final = (
    *("am", "fr", "ha", "ig", "ln", "lg", "om", "pcm", "rn", "sn", "so", "sw", "ti", "xh", "yo"),
    *("amh", "fra", "hau", "ibo", "lin", "lug", "orm", "run", "sna", "som", "swa", "tir", "xho", "yor"),
)
#: The word tables in the order in which they are tried, with the fields of `Table`. In development, English texts had
#: 0.9 and more of their words in the English table, those of other European languages at most 0.6; of the second
#: table's languages, Xhosa and Amharic had the least (0.5), and Spanish, which it does not know, 0.6.
TABLES: Final[dict[str, tuple[frozenset[str], float, float]]] = {
    "english.npz": (frozenset({"en", "eng"}), 0.7, 0.75),
    "multilingual.npz": (frozenset(AFRICAN), 0.45, 0.75),
}
#: How fast scores fall where a table knows too few words: at 0.54 of 0.75 (Spanish in the English table) to 0.37.
TRUST_POWER: Final = 3
EVIDENCE_WORDS: Final = 5
EVIDENCE_SPANS: Final = 10


@dataclass(frozen=True, slots=True)
class Table:
    """A word table with its languages and the least share of words that it must know.

    A text said to be in another language must be known to `least_known_elsewhere`: language identification is often
    wrong for the languages of the second table, and a wrong table always knows some names and short words.
    """

    model: LinearModel
    languages: frozenset[str]
    least_known: float
    least_known_elsewhere: float

    def speaks(self, language: str | None) -> bool:
        """Tell whether a BCP 47 tag names one of the table's languages."""
        return (language or "").lower().split("-")[0] in self.languages

    def least(self, language: str | None) -> float:
        """Return the share of a text's words that must be known for its scores to count in full."""
        return self.least_known if self.speaks(language) else self.least_known_elsewhere


@dataclass(frozen=True, slots=True)
class TopicTagger:
    """Tag articles with IPTC Media Topics; make one with `load`. It keeps no state between articles but a cache."""

    tables: tuple[Table, ...]
    taxonomy: Taxonomy
    #: asked about texts that the first table knows well enough and is unsure of
    second: SecondOpinion | None = None

    def with_encoder(self, embed_model: str) -> "TopicTagger":
        """Return this tagger with an encoder, see `agents.tag.topics.encoder`; raise `SettingsError` where it cannot be."""
        second = encoder.load(embed_model)
        if second.head.topics != self.tables[0].model.topics:
            raise SettingsError(f"tag.embed_model = {embed_model!r}: its head has other topics than the linear model")
        return replace(self, second=second)

    def tag(self, clean: Clean, threshold: float | None = None) -> list[NewsTopic]:
        """Return an article's topics, the best first within a level, level 1 first.

        Without `threshold` those of the release count, chosen for precision, and an article may get none. With it, what
        scores at least that much is returned; at 0 the best top-level topic always shows, if the model knows a word.
        """
        title, lead = Tokens.of_title(clean.title), Tokens.of_lead(clean.text)
        model, reading, trust = self._read(clean.language, title, lead)
        if reading is None:
            return []
        matches = self.taxonomy.matches(title, lead)
        log_odds, limits, method = reading.log_odds, model.limits, "linear"
        if self.second and model is self.tables[0].model and trust == 1 and self.second.wanted(log_odds):
            log_odds, limits = self.second.log_odds(log_odds, clean.title, clean.text), self.second.head.limits
            method = "linear+encoder"
        scores = self._scores(model.topics, log_odds, trust, matches)
        best = max(scores, key=lambda topic: scores[topic])
        if threshold is not None:
            limits = Limits(threshold, max(threshold, LEAST_SCORE))
        if scores[best] < limits.first:
            return []
        kept = {topic: score for topic, score in scores.items() if topic == best or score >= limits.further}
        named = self._named(matches, kept, threshold or 0.0, title, lead)
        for topic, score in kept.items():
            weighty = model.weightiest(reading, model.topics.index(topic), EVIDENCE_WORDS)
            found = [_feature_span(feature, title, lead) for feature in weighty]
            named[topic] = (score, found + named.get(topic, (0.0, []))[1])
        topics = [self._topic(code, method, *entry) for code, entry in named.items()]
        return sorted(topics, key=lambda topic: (topic.level, -topic.score, topic.id))

    def _read(self, language: str | None, title: Tokens, lead: Tokens) -> tuple[LinearModel, Reading | None, float]:
        """Choose the table that knows the text best; return it with its reading and a trust of 0 to 1.

        The first table that knows enough of the words is taken, that of the text's language before others. A table of
        another language knows some names and short words: the less it knows, the less its scores count.
        """
        chosen: tuple[LinearModel, Reading | None, float] = (self.tables[0].model, None, 0.0)
        for table in sorted(self.tables, key=lambda table: not table.speaks(language)):
            reading = table.model.read_article(title, lead)
            if reading is None:
                continue
            trust = min(1.0, (reading.known / table.least(language)) ** TRUST_POWER)
            if chosen[1] is None or trust > chosen[2]:
                chosen = (table.model, reading, trust)
            if trust == 1:
                break
        return chosen

    def _scores(
        self, topics: list[str], log_odds: Floats, trust: float, matches: list[ConceptMentions]
    ) -> dict[str, float]:
        """Return the score of each top-level topic, the concepts named beneath it counted in."""
        named = concept_log_odds(self.taxonomy, topics, matches)
        odds = zip(topics, log_odds, named, strict=True)
        return {topic: trust / (1 + math.exp(-(float(odd) + extra))) for topic, odd, extra in odds}

    def _named(
        self, matches: list[ConceptMentions], kept: dict[str, float], threshold: float, title: Tokens, lead: Tokens
    ) -> dict[str, tuple[float, list[Evidence]]]:
        """Return the concepts named beneath the topics kept, and those between, each with score and evidence."""
        found: dict[str, tuple[float, list[Evidence]]] = {}
        for match in matches:
            above = self.taxonomy.parents(match.concept)
            score = kept.get(above[-1].code, 0.0) * _strength(match)
            if score == 0 or score < threshold:
                continue
            spans = _match_spans(match, title, lead)
            for concept in (match.concept, *above):
                known, evidence = found.get(concept.code, (0.0, []))
                found[concept.code] = (max(known, score), evidence + spans)
        return found

    def _topic(self, code: str, method: str, score: float, evidence: list[Evidence]) -> NewsTopic:
        concept = self.taxonomy.concepts[code]
        unique = list({(span.field, span.start, span.end): span for span in evidence}.values())
        return NewsTopic(
            id=code,
            label=concept.label,
            level=concept.level,
            score=round(score, 4),
            method=method if concept.level == 1 else "concept",
            evidence=unique[:EVIDENCE_SPANS],
            evidence_left_out=max(0, len(unique) - EVIDENCE_SPANS),
        )


def concept_log_odds(taxonomy: Taxonomy, topics: list[str], matches: list[ConceptMentions]) -> list[float]:
    """Sum the log-odds that named concepts add to each top-level topic."""
    named = dict.fromkeys(topics, 0.0)
    for match in matches:
        top = taxonomy.top(match.concept).code
        named[top] = max(named[top], CONCEPT_LOG_ODDS * _strength(match))
    return [named[topic] for topic in topics]


def _strength(match: ConceptMentions) -> float:
    """Return how surely an article that names a concept so often is about it, 0.75 for once in the title."""
    return 1 - 0.5**match.mentions


def _feature_span(feature: Feature, title: Tokens, lead: Tokens) -> Evidence:
    start, end = (title if feature.in_title else lead).span(feature.first, feature.count)
    return Evidence(field="title" if feature.in_title else "text", start=start, end=end)


def _match_spans(match: ConceptMentions, title: Tokens, lead: Tokens) -> list[Evidence]:
    mentions = [(True, *mention) for mention in match.title] + [(False, *mention) for mention in match.text]
    return [_feature_span(Feature(*mention), title, lead) for mention in mentions]


def load(tables: Path | None = None) -> TopicTagger:
    """Read the tagger's files, about 50 ms; call it once in each process.

    `tables`: a folder with other word tables than those of the release, `checksums.txt` among them. Raises
    `BrokenModelError` where a table differs from its checksum.
    """
    here = Path(__file__).parent
    folder = tables or here / "model"
    lines = (folder / "checksums.txt").read_text(encoding="ascii").split("\n")
    checksums = {name: digest for digest, name in (line.split() for line in lines if line)}
    read = [LinearModel.read(folder / name, checksums[name]) for name in TABLES]
    return TopicTagger(
        tuple(Table(model, *TABLES[name]) for name, model in zip(TABLES, read, strict=True)),
        Taxonomy.read(here),
    )
