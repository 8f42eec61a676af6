"""Topics of one language other than English: a table of word weights and the language's own stems, summed.

The table holds 17 weights a word, folded from a multilingual encoder's vector of the word and a head that was learnt on
English texts (`tools/train_languages.py`): so no encoder is needed here. Stems (`stems.py`) add to the margin of their
topic; a softmax over the 17 margins gives probabilities that can be compared between topics.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from agents.tag.topics.forms import FormFinder, Segmenter
from agents.tag.topics.linear import ArticleScores, Floats, Limits, LinearModel
from agents.tag.topics.spelling import one_for_one, respelled
from agents.tag.topics.stems import EVENT_TOPICS, Hit, Stems, concept_margins, stem_margins
from agents.tag.topics.tokens import LEAD_CHARACTERS, LEAD_WORDS, TokenForms, Tokens
from streams.text.scripts import UNSPACED_LANGUAGES

#: The languages that have a table and stems.
LANGUAGES: Final = ("ar", "de", "es", "fr", "hi", "it", "ja", "ko", "nl", "pl", "pt", "ru", "tr", "uk", "zh")
#: Added to a topic's margin for a stem, by the root of how often its stems are found. Of 1.2 to 2 news written in German and
#: Japanese has its topic the more often the larger it is; translated news is within a few articles all along (November 2026).
STEM_MARGIN: Final = 1.6
#: Default thresholds. Of .55 to .6 for the first each step gives a point of precision on translated news for one of coverage; at
#: this one nineteen of twenty are tagged, and .886 of them have the topic of their English original.
LIMITS: Final = Limits(0.58, 0.3)
#: The same in French, whose table is joined with MasakhaNEWS's by shares that were set with these: two points are lost there
#: with a larger margin.
FRENCH_STEM_MARGIN, FRENCH_LIMITS = 1.2, Limits(0.55, 0.3)
#: Topics that MasakhaNEWS labels, and the log-odds from which on the language's own table alone speaks for another one.
LABELLED: Final = frozenset(f"medtop:{number:02}000000" for number in (1, 4, 7, 11, 12, 13, 15))
OWN_LOG_ODDS: Final = 7.0
#: Topics that it labels, but in none of its French articles: there its table speaks against a mass and a concert. From these
#: log-odds on, .88, French's own table alone speaks for them; of 1 to 4 none loses an article of MasakhaNEWS (November 2026).
UNSEEN: Final = frozenset(("medtop:01000000", "medtop:12000000"))
UNSEEN_LOG_ODDS: Final = 2.0
#: In every article MasakhaNEWS's table speaks against the topics that it labels in no language. Against one that French's own
#: table gives `UNSEEN_LOG_ODDS` or more it counts for no less than this. From 0 to -1.5 translated news tells no difference
#: (November 2026).
UNLABELLED_LOG_ODDS: Final = -1.0


@dataclass(slots=True)
class LanguageReading:
    """Scores of one article in one language.

    `log_odds`: of each topic, (17,). `title`, `lead`: the table's forms of both. `hits`: the stems found. `words`: the
    table's reading, None where it knows no word.
    """

    log_odds: Floats
    title: TokenForms
    lead: TokenForms
    hits: list[Hit]
    words: ArticleScores | None


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """The table and the stems of one language; make one with `read`."""

    table: LinearModel
    stems: Stems
    split: Callable[[str, int | None], TokenForms]

    @property
    def limits(self) -> Limits:
        """The default thresholds."""
        return FRENCH_LIMITS if self._is_french else LIMITS

    @property
    def _is_french(self) -> bool:
        return self.stems.language == "fr"

    @classmethod
    def read(cls, language: str, path: Path, sha256: str | None = None) -> "LanguageModel":
        """Read a language's table and stems; raise `BrokenModelError` where the table's SHA-256 is not the expected one."""
        table, stems = LinearModel.read(path, sha256), Stems.read(language)
        if language in UNSPACED_LANGUAGES:
            with np.load(path, allow_pickle=False) as arrays:
                segmenter = Segmenter(zlib.decompress(arrays["words"].tobytes()).decode().split("\n"))
            return cls(table, stems, lambda text, _: segmenter(one_for_one(text, language)))
        find = FormFinder(language, frozenset(table.codes.tolist()))
        return cls(table, stems, lambda text, limit: Tokens(respelled(text, language), limit, find))

    def read_article(self, title: str, text: str) -> LanguageReading | None:
        """Score an article for each topic; None where neither table nor stems know anything of it."""
        titled, lead = self.split(title, None), self.split(text[:LEAD_CHARACTERS], LEAD_WORDS)
        hits = self.stems.find(title, text)
        words = self.table.read_article(titled, lead)
        if words is None and not hits:
            return None
        margins = self.table.slope * self.table.bias if words is None else words.log_odds
        margin = FRENCH_STEM_MARGIN if self._is_french else STEM_MARGIN
        named = stem_margins(hits, self.table.topics, margin) + concept_margins(hits, self.table.topics)
        margins = margins + self.table.slope * named
        return LanguageReading(_log_odds(margins), titled, lead, hits, words)


def stands_alone(topic: str, log_odds: float) -> bool:
    """Return whether a language's own best topic is one that MasakhaNEWS's table has no say in."""
    if topic in UNSEEN:
        return log_odds >= UNSEEN_LOG_ODDS
    return topic in EVENT_TOPICS or (topic not in LABELLED and log_odds >= OWN_LOG_ODDS)


def heard(own: Floats, second: Floats, topics: list[str]) -> Floats:
    """Return MasakhaNEWS's log-odds, (topics,), with a bound below for topics that it does not label.

    The bound is for those that the language's `own` log-odds are sure of.
    """
    unlabelled = np.array([topic not in LABELLED for topic in topics]) & (own >= UNSEEN_LOG_ODDS)
    return np.where(unlabelled, np.maximum(second, np.float32(UNLABELLED_LOG_ODDS)), second)


def _log_odds(margins: Floats) -> Floats:
    """Turn margins into log-odds by a softmax over the topics."""
    shares = np.exp(margins - margins.max())
    shares /= shares.sum()
    shares = np.clip(shares, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(shares / (1 - shares)), np.float32)
