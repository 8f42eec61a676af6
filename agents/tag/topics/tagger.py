"""The topic tagger: an article's top-level topics from a word table, and the concepts that it names.

English and MasakhaNEWS's languages have linear models of their own; fifteen more have a table that an encoder made, with
stems (`language.py`). In any other language there is no table, and so no topic. A named concept speaks for its top-level
topic, and is kept where that topic is: so a strike of workers and the strike of a pitcher stay apart. Both kinds of tag
carry the spans that spoke for them.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from agents.tag.topics import encoder, multilingual
from agents.tag.topics.concepts import LEAST_MENTIONS, TITLE_MENTIONS, ConceptMentions, Taxonomy, strength
from agents.tag.topics.encoder import SecondOpinion
from agents.tag.topics.evidence import (
    EVIDENCE_WORDS,
    feature_span,
    hit_span,
    match_spans,
    outermost,
    stem_spans,
    word_spans,
)
from agents.tag.topics.language import LANGUAGES, LanguageModel, heard, stands_alone
from agents.tag.topics.linear import ArticleScores, Floats, Limits, LinearModel
from agents.tag.topics.multilingual import LanguageOpinion
from agents.tag.topics.stems import Hit, Stems, overruled, stem_margins, top_of
from agents.tag.topics.tokens import Tokens
from streams.errors import SettingsError
from streams.records import Clean, Evidence, NewsTopic
from streams.standards.mediatopics import Concept

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
#: How fast scores fall where a table knows too few words of its own language.
TRUST_POWER: Final = 3
#: Least score of a topic of which title and lead name a concept.
NAMED_SCORE = 0.5
#: Its largest share of the best topic's score: it is a further topic of the article and never its first one.
NAMED_SHARE = 0.95
#: Concepts that bring no topic so: hospitals and their staff are where something happens, and to whom.
SETTINGS: Final = frozenset(("medtop:20000462", "medtop:20000492"))
EVIDENCE_SPANS: Final = 10
#: Share of MasakhaNEWS's table in French: where its best topic is likelier than not, and elsewhere. So French keeps what it knows
#: of African news. By three folds of MasakhaNEWS's training part other shares gain a point or two there, and lose as much or
#: more in translated news and everyday headlines (docs/decisions/topic-training.md).
SURE_SHARE, UNSURE_SHARE = 0.7, 0.5


#: English stems beside the linear model: their margin, and the line that makes scores of both probabilities. Margin: of 0 to
#: 1, the best over all development sets. Line and limits: as `tools/train_topics.py --constants` prints them. Desks, which
#: give an article one topic, are met less often.
ENGLISH_STEM_MARGIN, ENGLISH_SLOPE, ENGLISH_OFFSET = 0.3, 1.57, -0.30
ENGLISH_LIMITS: Final = Limits(0.72, 0.72)
#: What the title alone and the first words alone say in English counts beside all of both: whoever is in a long lead, the
#: title tells the event. Of shares of 0 to .5 and of 25, 40 and 70 words the best on the gold's train and thresholds thirds, and
#: no development set is worse for it (November 2026).
APART_SHARE, OPENING_WORDS = 0.15, 40


@dataclass(frozen=True, slots=True)
class Table:
    """A word table with its languages and the least share of words that it must know.

    A text said to be in another language must be known to `least_known_elsewhere`, or it has no topic: language
    identification is often wrong for the languages of the second table, and a wrong table always knows some names.
    """

    model: LinearModel
    languages: frozenset[str]
    least_known: float
    least_known_elsewhere: float

    def speaks(self, language: str | None) -> bool:
        """Return whether a BCP 47 tag names one of the table's languages."""
        return primary_tag(language) in self.languages

    def trust(self, language: str | None, known: float) -> float:
        """Return how far the scores count, 0 to 1, by the share of words known."""
        if self.speaks(language):
            return min(1.0, (known / self.least_known) ** TRUST_POWER)
        return float(known >= self.least_known_elsewhere)


class NamedConcept(NamedTuple):
    """A concept below the top level that an article names: how surely it is about it, 0 to 1, and where."""

    concept: Concept
    strength: float
    spans: list[Evidence]

    @property
    def titled(self) -> bool:
        """Return whether the title names it."""
        return any(span.field == "title" for span in self.spans)


class Opinion(NamedTuple):
    """Scores of an article's top-level topics, the default limits, the method, the concepts named.

    `evidence`: gives the spans that spoke most for a topic.
    """

    scores: dict[str, float]
    limits: Limits
    method: str
    concepts: list[NamedConcept]
    evidence: Callable[[str], list[Evidence]]


@dataclass(frozen=True, slots=True)
class TopicTagger:
    """Tag articles with IPTC Media Topics; make one with `load`. It keeps no state between articles but a cache."""

    tables: tuple[Table, ...]
    languages: dict[str, LanguageModel]
    taxonomy: Taxonomy
    english: Stems
    #: asked about texts that the first table knows well enough and is unsure of
    second: SecondOpinion | None = None
    #: asked about texts in other languages that their table is unsure of
    foreign: LanguageOpinion | None = None

    def with_encoder(self, embed_model: str) -> "TopicTagger":
        """Return this tagger with the model of `tag.embed_model`, see `encoder.py` and `multilingual.py`.

        `multilingual` has both, the English encoder too. Raises `SettingsError` where one cannot be.
        """
        foreign = multilingual.load() if embed_model == multilingual.MULTILINGUAL else None
        second = encoder.load(encoder.PACKAGED if foreign else embed_model)
        topics = self.tables[0].model.topics
        if second.head.topics != topics or (foreign and foreign.head.topics != topics):
            raise SettingsError(f"tag.embed_model = {embed_model!r}: its head has other topics than the linear model")
        return replace(self, second=second, foreign=foreign)

    def tag(self, clean: Clean, threshold: float | None = None) -> list[NewsTopic]:
        """Return an article's topics, the best first within a level, level 1 first.

        Without `threshold` those of the release count, chosen for precision, and an article may get none. With it, what
        scores at least that much is returned; at 0 the best top-level topic always shows, if a table knows a word.
        """
        model = self.languages.get(primary_tag(clean.language))
        opinion = self._of_tables(clean) if model is None else self._of_language(model, clean)
        if opinion is None:
            return []
        scores, limits = opinion.scores, opinion.limits
        best = max(scores, key=lambda topic: scores[topic])
        if threshold is not None:
            limits = Limits(threshold, max(threshold, LEAST_SCORE))
        if scores[best] < limits.first:
            return []
        kept = {topic: score for topic, score in scores.items() if topic == best or score >= limits.further}
        named = self._named(opinion.concepts, kept, threshold or 0.0)
        for topic, score in kept.items():
            named[topic] = (score, opinion.evidence(topic) + named.get(topic, (0.0, []))[1])
        topics = [self._topic(code, opinion.method, *entry) for code, entry in named.items()]
        return sorted(topics, key=lambda topic: (topic.level, -topic.score, topic.id))

    def _of_language(self, model: LanguageModel, clean: Clean) -> Opinion | None:
        """Score an article by the table and the stems of its language."""
        reading = model.read_article(clean.title, clean.text)
        if reading is None:
            return None
        log_odds, topics, method = reading.log_odds, model.table.topics, "words+stems"
        if self.foreign and self.foreign.wanted(primary_tag(clean.language), log_odds):
            log_odds, method = self.foreign.log_odds(log_odds, clean.title, clean.text), "words+stems+encoder"
        second = self.tables[1]
        if second.speaks(clean.language) and not stands_alone(topics[int(log_odds.argmax())], float(log_odds.max())):
            other = second.model.read_article(Tokens.of_title(clean.title), Tokens.of_lead(clean.text))
            if other is not None:
                share = second_share(other.log_odds) * second.trust(clean.language, other.known)
                log_odds = (1 - share) * log_odds + share * heard(log_odds, other.log_odds, topics)

        def evidence(topic: str) -> list[Evidence]:
            return stem_spans(reading.hits, topic) + word_spans(model.table, reading, topic)

        named = self._concepts(reading.hits)
        scores = with_named(scored(topics, overruled(log_odds, reading.hits, topics)), named)
        return Opinion(scores, model.limits, method, named, evidence)

    def _of_tables(self, clean: Clean) -> Opinion | None:
        """Score an article by the best linear model for its language, and by the encoder where that one is unsure."""
        title, lead = Tokens.of_title(clean.title), Tokens.of_lead(clean.text)
        model, reading, trust = self._read(clean.language, title, lead)
        if reading is None:
            return None
        known = reading
        matches = self.taxonomy.matches(title, lead)
        log_odds, limits, method = reading.log_odds, model.limits, "linear"
        if self.second and model is self.tables[0].model and trust == 1 and self.second.wanted(log_odds):
            log_odds, limits = self.second.log_odds(log_odds, clean.title, clean.text), self.second.head.limits
            method = "linear+encoder"
        log_odds = log_odds + np.array(concept_log_odds(self.taxonomy, model.topics, matches), np.float32)
        hits: list[Hit] = []
        if model is self.tables[0].model:
            hits = self.english.find(clean.title, clean.text)
            log_odds = log_odds + stem_margins(hits, model.topics, ENGLISH_STEM_MARGIN) + apart(reading)
            log_odds = ENGLISH_SLOPE * log_odds + ENGLISH_OFFSET
            limits = ENGLISH_LIMITS if method == "linear" else limits
        concepts = [
            NamedConcept(match.concept, strength(match.mentions), match_spans(match, title, lead)) for match in matches
        ]

        def evidence(topic: str) -> list[Evidence]:
            weighty = model.weightiest(known, model.topics.index(topic), EVIDENCE_WORDS)
            return [feature_span(feature, title, lead) for feature in weighty] + stem_spans(hits, topic)

        scores = scored(model.topics, overruled(log_odds, hits, model.topics), trust)
        return Opinion(scores, limits, method, concepts, evidence)

    def _read(
        self, language: str | None, title: Tokens, lead: Tokens
    ) -> tuple[LinearModel, ArticleScores | None, float]:
        """Choose the table that knows the text best; return it with its reading and a trust of 0 to 1.

        The first table that knows enough of the words is taken, that of the text's language before others.
        """
        chosen: tuple[LinearModel, ArticleScores | None, float] = (self.tables[0].model, None, 0.0)
        for table in sorted(self.tables, key=lambda table: not table.speaks(language)):
            reading = table.model.read_article(title, lead, OPENING_WORDS)
            trust = 0.0 if reading is None else table.trust(language, reading.known)
            if trust > chosen[2]:
                chosen = (table.model, reading, trust)
            if trust == 1:
                break
        return chosen

    def _concepts(self, hits: Iterable[Hit]) -> list[NamedConcept]:
        """Return the concepts below the top level whose names were found often enough among a language's stems."""
        found: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            if not hit.code.endswith("000000"):
                found[hit.code].append(hit)
        counted = {code: sum(TITLE_MENTIONS if hit.in_title else 1 for hit in listed) for code, listed in found.items()}
        return [
            NamedConcept(self.taxonomy.concepts[code], strength(count), [hit_span(hit) for hit in found[code]])
            for code, count in counted.items()
            if count >= LEAST_MENTIONS
        ]

    def _named(
        self, concepts: Iterable[NamedConcept], kept: dict[str, float], threshold: float
    ) -> dict[str, tuple[float, list[Evidence]]]:
        """Return the concepts named beneath the topics kept, and those between, each with score and evidence."""
        found: dict[str, tuple[float, list[Evidence]]] = {}
        for named in concepts:
            above = self.taxonomy.parents(named.concept)
            score = kept.get(above[-1].code, 0.0) * named.strength
            if score == 0 or score < threshold:
                continue
            for concept in (named.concept, *above):
                known, evidence = found.get(concept.code, (0.0, []))
                found[concept.code] = (max(known, score), evidence + named.spans)
        return found

    def _topic(self, code: str, method: str, score: float, evidence: list[Evidence]) -> NewsTopic:
        concept = self.taxonomy.concepts[code]
        unique = outermost(evidence)
        return NewsTopic(
            id=code,
            label=concept.label,
            level=concept.level,
            score=round(score, 4),
            method=method if concept.level == 1 else "concept",
            evidence=unique[:EVIDENCE_SPANS],
            evidence_left_out=max(0, len(unique) - EVIDENCE_SPANS),
        )


def primary_tag(language: str | None) -> str:
    """Return the language part of a BCP 47 tag in small letters, empty where there is none."""
    return (language or "").lower().split("-")[0]


def covers(language: str | None) -> bool:
    """Return whether there is a table for a language, by its BCP 47 tag."""
    tag = primary_tag(language)
    return tag in LANGUAGES or any(tag in languages for languages, _, _ in TABLES.values())


def covered_languages() -> list[str]:
    """List the languages that topics are known in, by their shortest codes, in order."""
    return sorted({"en", *LANGUAGES, *(code for code in AFRICAN if len(code) == 2 or code == "pcm")})


def with_named(scores: dict[str, float], named: Iterable[NamedConcept]) -> dict[str, float]:
    """Return scores in which a topic has at least `NAMED_SCORE` where title and lead name a concept beneath it.

    The scores of a language are shares: where refugees make a text society's, politics, to which the taxonomy gives them, has
    next to nothing, and the concept would be lost with it.
    """
    both = {
        top_of(one.concept.code)
        for one in named
        if one.titled and len(one.spans) > 1 and one.concept.code not in SETTINGS
    }
    least = min(NAMED_SCORE, NAMED_SHARE * max(scores.values()))
    return {topic: max(score, least) if topic in both else score for topic, score in scores.items()}


def second_share(second: Floats) -> float:
    """Return the share of a second table beside a language's own: more where it is sure of its best topic."""
    return SURE_SHARE if second.max() > 0 else UNSURE_SHARE


def scored(topics: list[str], log_odds: Floats, trust: float = 1.0) -> dict[str, float]:
    """Return the score of each topic."""
    return {topic: trust / (1 + math.exp(-float(odd))) for topic, odd in zip(topics, log_odds, strict=True)}


def apart(reading: ArticleScores) -> Floats:
    """Return the share of title and first words, each alone, in the log-odds of English articles."""
    return np.asarray(APART_SHARE * reading.alone.sum(0), np.float32)


def concept_log_odds(taxonomy: Taxonomy, topics: list[str], matches: list[ConceptMentions]) -> list[float]:
    """Sum the log-odds that named concepts add to each top-level topic."""
    named = dict.fromkeys(topics, 0.0)
    for match in matches:
        top = taxonomy.top(match.concept).code
        named[top] = max(named[top], CONCEPT_LOG_ODDS * strength(match.mentions))
    return [named[topic] for topic in topics]


def check_encoder(embed_model: str) -> None:
    """Raise `SettingsError` where the model of `tag.embed_model` is missing, without loading it."""
    if embed_model == multilingual.MULTILINGUAL:
        multilingual.locate()
        embed_model = encoder.PACKAGED
    encoder.locate(embed_model)


def load(tables: Path | None = None, languages: Iterable[str] = LANGUAGES) -> TopicTagger:
    """Read the tagger's files, about 200 ms; call it once in each process.

    `tables`: a folder with other tables than those of the release, `checksums.txt` among them. `languages`: those beside
    English and MasakhaNEWS's that have a table there. Raises
    `BrokenModelError` where a table differs from its checksum.
    """
    here = Path(__file__).parent
    folder = tables or here / "model"
    lines = (folder / "checksums.txt").read_text(encoding="ascii").split("\n")
    checksums = {name: digest for digest, name in (line.split() for line in lines if line)}
    read = [LinearModel.read(folder / name, checksums[name]) for name in TABLES]
    models = {
        language: LanguageModel.read(language, folder / f"{language}.npz", checksums[f"{language}.npz"])
        for language in languages
    }
    return TopicTagger(
        tuple(Table(model, *TABLES[name]) for name, model in zip(TABLES, read, strict=True)),
        models,
        Taxonomy.read(here),
        Stems.read("en"),
    )
