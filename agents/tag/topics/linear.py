"""The linear model for the 17 top-level topics: a table of word weights, read with numpy alone.

A document is the vector of its words and word pairs, x = (1 + ln n) * idf, divided by the length of its word part.
A topic's margin is x . W + b, and its score the logistic of a line through the margin, fitted on held-out articles, so
that scores can be compared between topics. The weights were learnt by `tools/train_topics.py`, which also says how
what a sentence encoder knows of each word went into them; nothing of the encoder is needed here.
"""

import hashlib
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from agents.tag.topics.tokens import TITLE_WEIGHT, TokenForms
from streams.errors import WirewatchError

#: Codes remembered for words already seen; the memory is emptied when it is full (about 20 MB).
MEMORY_LIMIT: Final = 200_000
#: Knuth's multiplicative constant, so that "a b" and "b a" differ.
MIXER: Final = 2_654_435_761
CODE_MASK: Final = 0xFFFF_FFFF
#: Features in 64 bits: the code in the lower 32, this bit for a pair, and beneath both, in a key, the place.
PAIR: Final = np.uint64(1 << 32)
PLACE_BITS: Final = np.uint64(24)
PLACE_MASK: Final = np.uint64((1 << 24) - 1)
FIRST: Final = np.zeros(1, np.int64)
#: Divides where no word is known: there is nothing to divide.
LEAST_LENGTH: Final = np.float32(1e-6)
#: Words that speak for a topic less than this share of its weightiest one are not shown: most are words such as *the* and *has*.
LEAST_SHARE: Final = 0.3
NOTHING_ALONE: Final = np.zeros((0, 17), np.float32)

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint64]
Known = npt.NDArray[np.bool_]


class BrokenModelError(WirewatchError):
    """A weights file that is not the one that this version was released with."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A word (`count` 1) or pair (2) of an article: where it stands first, by word number in title or lead."""

    in_title: bool
    first: int
    count: int


@dataclass(slots=True)
class ArticleScores:
    """Scores of one article, with the features behind them.

    `log_odds`: of each topic, (17,). `alone`: the same of the title alone and of the opening alone, (2, 17), or (0, 17) where
    none was asked for. `known`: share of the article's words that the model has seen. The rest is for
    `LinearModel.weightiest`: values of the features found, (n,), their weights, (n, 17), and their first places among all of
    the article's words and then pairs, those of the title first.
    """

    log_odds: Floats
    alone: Floats
    known: float
    values: Floats
    weights: Floats
    places: Codes
    title_length: int
    lead_length: int

    def feature(self, number: int) -> Feature:
        """Return where the `number`-th feature found stands first."""
        place, titled, led = int(self.places[number]), self.title_length, self.lead_length
        count = 1
        if place >= titled + led:
            place, titled, count = place - titled - led, max(0, titled - 1), 2
        return Feature(place < titled, place if place < titled else place - titled, count)


class Limits(NamedTuple):
    """Default thresholds: the score that an article's best topic must reach, and then each further one.

    Two for all topics: scores are calibrated, and a threshold for each topic, set on the few articles that have a rare one,
    cost 3 points of coverage at the same precision on other sets. An article without a sure topic gets none.
    """

    first: float
    further: float


@dataclass(slots=True)
class LinearModel:
    """Weights of one table; see the module for the arithmetic.

    `codes`: of the features, sorted, shape (n,), see `word_code` and `pair_code`. `weights`: (n, 17). `idf`: (n,). `bias`,
    `slope`, `offset`: (17,). `limits`: the default thresholds.
    """

    topics: list[str]
    codes: npt.NDArray[np.uint32]
    weights: Floats
    idf: Floats
    bias: Floats
    slope: Floats
    offset: Floats
    limits: Limits
    _memory: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, sha256: str | None = None) -> "LinearModel":
        """Read a weights file; raise `BrokenModelError` where its SHA-256 is not the expected one.

        The file holds each weight's signed square root in units of a scale for each topic: eight bits are then enough for
        the few heavy words and the many light ones. Cut off at the 0.9995 quantile instead, one article in fourteen got
        another best topic than from the weights that were learnt.
        """
        if sha256 is not None and hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            raise BrokenModelError(f"{path.name}: checksum differs from the released one; reinstall wirewatch")
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                topics=[str(topic) for topic in arrays["topics"]],
                codes=arrays["codes"],
                weights=_squared(arrays["weights"]) * arrays["scale"].astype(np.float32),
                **{name: arrays[name].astype(np.float32) for name in ("idf", "bias", "slope", "offset")},
                limits=Limits(*map(float, arrays["limits"])),
            )

    def read_article(self, title: TokenForms, lead: TokenForms, opening: int = 0) -> ArticleScores | None:
        """Score an article for each topic; None where the model knows none of its words.

        `opening`: how many of the lead's first words `ArticleScores.alone` is about; nobody asks for it where it is 0.
        """
        titled, words = len(title.forms), self._codes(title.forms + lead.forms)
        keys = _keys(words, titled)
        rows, known = self._rows(keys >> PLACE_BITS)
        keys, rows = keys[known], rows[known]
        features, places = keys >> PLACE_BITS, keys & PLACE_MASK
        mentioned = int(features.searchsorted(PAIR))
        if not mentioned:
            return None
        starts = np.concatenate((FIRST, np.flatnonzero(features[1:] != features[:-1]) + 1))
        counts = np.add.reduceat(_mention_weights(len(words), titled)[places], starts)
        rows = rows[starts]
        idf, weights, of_words = self.idf[rows], self.weights[rows], int(starts.searchsorted(mentioned))
        values = (1 + np.log(counts)) * idf
        values /= np.sqrt(values[:of_words] @ values[:of_words])
        alone = NOTHING_ALONE
        if opening:
            counts = np.add.reduceat(_alone_weights(len(words), titled, opening)[:, places], starts, axis=1)
            alone = self._alone(((counts > 0) + np.log(np.maximum(counts, 1))) * idf, weights, of_words)
        return ArticleScores(
            log_odds=self.slope * (values @ weights + self.bias) + self.offset,
            alone=alone,
            known=mentioned / len(words),
            values=values,
            weights=weights,
            places=places[starts],
            title_length=titled,
            lead_length=len(lead.forms),
        )

    def _alone(self, values: Floats, weights: Floats, of_words: int) -> Floats:
        """Return the log-odds of some fields, (fields, 17): the offset for a field without a known word.

        `values`: (fields, features), those of words before those of pairs, not yet divided by the length.
        """
        words = values[:, :of_words]
        lengths = np.sqrt((words * words).sum(1))[:, None]
        margins = values @ weights / np.maximum(lengths, LEAST_LENGTH) + self.bias
        return self.slope * np.where(lengths > 0, margins, 0) + self.offset

    def weightiest(self, reading: ArticleScores, topic: int, count: int) -> list[Feature]:
        """Return the words and pairs that spoke most for a topic, the heaviest first, at most `count`."""
        weights = reading.values * reading.weights[:, topic]
        order = np.argsort(-weights)[:count]
        least = LEAST_SHARE * weights[order[0]]
        return [reading.feature(number) for number in order if weights[number] > 0 and weights[number] >= least]

    def _codes(self, forms: list[str]) -> Codes:
        """Return the code of each word; the codes of words seen are remembered."""
        memory = self._memory
        try:
            codes = list(map(memory.__getitem__, forms))
        except KeyError:
            if len(memory) >= MEMORY_LIMIT:
                memory.clear()
            memory.update((form, word_code(form)) for form in forms)
            codes = list(map(memory.__getitem__, forms))
        return np.array(codes, np.uint64)

    def _rows(self, features: Codes) -> tuple[Rows, Known]:
        """Return the row of each code, and whether the table has it; sorted codes are found sooner."""
        codes = features.astype(np.uint32)
        rows = np.minimum(self.codes.searchsorted(codes), len(self.codes) - 1)
        return rows, self.codes[rows] == codes


def word_code(form: str) -> int:
    """Return the code of a word, its CRC-32."""
    return zlib.crc32(form.encode("utf-8", "surrogatepass"))


def pair_code(left: str, right: str) -> int:
    """Return the code of two neighbouring words."""
    return (word_code(left) * MIXER + word_code(right)) & CODE_MASK


def _keys(words: Codes, titled: int) -> Codes:
    """Return a key of each word and pair of an article, sorted: whether it is a pair, its code, its place.

    So words come before pairs, and the mentions of each stand together, the first one first. `words`: codes, of the
    title's words and then the lead's; no pair spans both. Products stay below 2**64, so that nothing overflows.
    """
    pairs = (words[:-1] * np.uint64(MIXER) + words[1:]) & np.uint64(CODE_MASK) | PAIR
    features = np.concatenate((words, pairs[: max(0, titled - 1)], pairs[titled:]))
    keys = features << PLACE_BITS | np.arange(len(features), dtype=np.uint64)
    keys.sort()
    return keys


def _mention_weights(words: int, titled: int) -> Floats:
    """Weigh each word and then each pair of an article by its field."""
    weights = np.ones(2 * words, np.float32)
    weights[:titled] = TITLE_WEIGHT
    weights[words : words + max(0, titled - 1)] = TITLE_WEIGHT
    return weights


def _alone_weights(words: int, titled: int, opening: int) -> Floats:
    """Weigh the same of the title alone, and of the lead's first `opening` words alone, (2, 2 * words)."""
    weights, pairs = np.zeros((2, 2 * words), np.float32), words + max(0, titled - 1)
    weights[0, :titled] = weights[0, words:pairs] = TITLE_WEIGHT
    weights[1, titled : min(words, titled + opening)] = weights[1, pairs : pairs + opening - 1] = 1
    return weights


def _squared(roots: npt.NDArray[np.int8]) -> Floats:
    """Square signed roots, keeping the sign."""
    signed = roots.astype(np.float32)
    return signed * np.abs(signed)
