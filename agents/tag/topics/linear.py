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

from agents.tag.topics.words import TITLE_WEIGHT, Words
from streams.errors import WirewatchError

#: Codes remembered for words already seen; the memory is emptied when it is full (about 20 MB).
MEMORY_LIMIT: Final = 200_000
#: Knuth's multiplicative constant, so that "a b" and "b a" differ.
MIXER: Final = 2_654_435_761
CODE_MASK: Final = 0xFFFF_FFFF
UNKNOWN: Final = -1

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint64]


class BrokenModelError(WirewatchError):
    """A weights file that is not the one that this version was released with."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A word (`count` 1) or pair (2) of an article: where it stands first, by word number in title or lead."""

    in_title: bool
    first: int
    count: int


@dataclass(slots=True)
class Reading:
    """What the model made of one article.

    `log_odds`: of each topic, (17,). `known`: share of the article's words that the model has seen. The rest is for
    `LinearModel.weightiest`: rows of the features found, their values, and their first places among all of the
    article's words and then pairs, those of the title first.
    """

    log_odds: Floats
    known: float
    rows: Rows
    values: Floats
    places: Rows
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

    def read_article(self, title: Words, lead: Words) -> Reading | None:
        """Score an article for each topic; None where the model knows none of its words."""
        titled, led = self._codes(title.forms), self._codes(lead.forms)
        both = (titled, led, _pair(titled[:-1], titled[1:]), _pair(led[:-1], led[1:]))
        singles, pairs = np.split(self._rows(np.concatenate(both)), [len(titled) + len(led)])
        seen = singles != UNKNOWN
        if not seen.any():
            return None
        rows, places, counts = _count(singles, len(title.forms))
        pair_rows, pair_places, pair_counts = _count(pairs, max(0, len(title.forms) - 1))
        values = _damped(counts) * self.idf[rows]
        length = np.sqrt(values @ values)
        rows = np.concatenate((rows, pair_rows))
        values = np.concatenate((values, _damped(pair_counts) * self.idf[pair_rows])) / length
        values = values.astype(np.float32)
        margins = values @ self.weights[rows] + self.bias
        return Reading(
            log_odds=(self.slope * margins + self.offset).astype(np.float32),
            known=float(seen.mean()),
            rows=rows,
            values=values,
            places=np.concatenate((places, pair_places + len(singles))),
            title_length=len(title.forms),
            lead_length=len(lead.forms),
        )

    def weightiest(self, reading: Reading, topic: int, count: int) -> list[Feature]:
        """Return the words and pairs that spoke most for a topic, the heaviest first, at most `count`."""
        weights = reading.values * self.weights[reading.rows, topic]
        order = np.argsort(-weights)[:count]
        return [reading.feature(number) for number in order if weights[number] > 0]

    def _codes(self, forms: list[str]) -> Codes:
        """Return the code of each word; the codes of words seen are remembered."""
        memory = self._memory
        try:
            codes = [memory[form] for form in forms]
        except KeyError:
            if len(memory) >= MEMORY_LIMIT:
                memory.clear()
            memory.update((form, word_code(form)) for form in forms)
            codes = [memory[form] for form in forms]
        return np.array(codes, np.uint64)

    def _rows(self, codes: Codes) -> Rows:
        """Return the row of each code, `UNKNOWN` where there is none."""
        places = np.minimum(self.codes.searchsorted(codes.astype(np.uint32)), len(self.codes) - 1)
        return np.where(self.codes[places] == codes, places, UNKNOWN)


def word_code(form: str) -> int:
    """Return the code of a word, its CRC-32."""
    return zlib.crc32(form.encode("utf-8", "surrogatepass"))


def pair_code(left: str, right: str) -> int:
    """Return the code of two neighbouring words."""
    return (word_code(left) * MIXER + word_code(right)) & CODE_MASK


def _pair(left: Codes, right: Codes) -> Codes:
    """Return `pair_code` of each two codes at once: below 2**64, so that nothing overflows."""
    return (left * np.uint64(MIXER) + right) & np.uint64(CODE_MASK)


def _count(rows: Rows, titled: int) -> tuple[Rows, Rows, Floats]:
    """Return the known rows once each, the first place of each, and its count, a title's counting `TITLE_WEIGHT`."""
    unique, first, inverse = np.unique(rows, return_index=True, return_inverse=True)
    weights = np.ones(len(rows), np.float32)
    weights[:titled] = TITLE_WEIGHT
    counts = np.bincount(inverse, weights, len(unique)).astype(np.float32)
    known = slice(1 if len(unique) and unique[0] == UNKNOWN else 0, None)
    return unique[known], first[known], counts[known]


def _squared(roots: npt.NDArray[np.int8]) -> Floats:
    """Return what signed square roots stand for."""
    signed = roots.astype(np.float32)
    return signed * np.abs(signed)


def _damped(counts: Floats) -> Floats:
    return 1 + np.log(counts)
