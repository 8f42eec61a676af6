"""The linear model for the 17 top-level topics: a table of word weights, read with numpy alone.

A document is the vector of its words and word pairs, x = (1 + ln n) * idf, divided by the length of its word part.
A topic's margin is x . W + b, and its score the logistic of a line through the margin, fitted on held-out articles, so
that scores can be compared between topics. The weights were learnt by `tools/train_topics.py`, which also says how
what a sentence encoder knows of each word went into them; nothing of the encoder is needed here.
"""

import hashlib
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from agents.tag.topics.words import TITLE_WEIGHT, Word, grams
from streams.errors import WirewatchError

#: Rows remembered for words already looked up; the memory is emptied when it is full.
MEMORY_LIMIT: Final = 400_000
UNKNOWN: Final = -1

Floats = npt.NDArray[np.float32]


class BrokenModel(WirewatchError):
    """A weights file that is not the one that this version was released with."""


@dataclass(slots=True)
class Reading:
    """What the model made of one article.

    `log_odds`: of each topic. `known`: share of the article's distinct words that the model has seen.
    `rows` and `values`: the features found, for `LinearModel.weightiest`; `features` are their forms.
    """

    log_odds: Floats
    known: float
    features: list[str]
    rows: npt.NDArray[np.int64]
    values: Floats


@dataclass(slots=True)
class LinearModel:
    """Weights of one table; see the module for the arithmetic.

    `keys`: sorted CRC-32 of the features, shape (n,). `weights`: int8, (n, 17), in units of `scale`, (17,).
    `idf`: (n,). `bias`, `slope`, `offset`: (17,). `thresholds`: default threshold of each topic, (17,).
    """

    topics: list[str]
    keys: npt.NDArray[np.uint32]
    weights: npt.NDArray[np.int8]
    scale: Floats
    idf: Floats
    bias: Floats
    slope: Floats
    offset: Floats
    thresholds: Floats
    _memory: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, sha256: str | None = None) -> "LinearModel":
        """Read a weights file; raise `BrokenModel` where its SHA-256 is not the expected one."""
        if sha256 is not None and hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            raise BrokenModel(f"{path.name}: checksum differs from the released one; reinstall wirewatch")
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                topics=[str(topic) for topic in arrays["topics"]],
                keys=arrays["keys"],
                weights=arrays["weights"],
                **{
                    name: arrays[name].astype(np.float32)
                    for name in ("scale", "idf", "bias", "slope", "offset", "thresholds")
                },
            )

    def row(self, feature: str) -> int:
        """Return the row of a word or word pair, or `UNKNOWN`."""
        row = self._memory.get(feature)
        if row is None:
            key = np.uint32(zlib.crc32(feature.encode("utf-8", "surrogatepass")))
            place = int(self.keys.searchsorted(key))
            row = place if place < len(self.keys) and self.keys[place] == key else UNKNOWN
            if len(self._memory) >= MEMORY_LIMIT:
                self._memory.clear()
            self._memory[feature] = row
        return row

    def read_article(self, title: list[Word], lead: list[Word]) -> Reading | None:
        """Score an article for each topic; None where the model knows none of its words."""
        counts = Counter(grams(title) * TITLE_WEIGHT + grams(lead))
        found = [(feature, row, count) for feature, count in counts.items() if (row := self.row(feature)) != UNKNOWN]
        known_words = sum(" " not in feature for feature, _, _ in found)
        if not known_words:
            return None
        all_words = sum(" " not in feature for feature in counts)
        features = [feature for feature, _, _ in found]
        rows = np.array([row for _, row, _ in found])
        values = (1 + np.log(np.array([count for _, _, count in found], np.float32))) * self.idf[rows]
        single = np.array([" " not in feature for feature in features])
        values = (values / np.sqrt(np.square(values[single]).sum())).astype(np.float32)
        margins = (values @ self.weights[rows].astype(np.float32)) * self.scale + self.bias
        return Reading(self.slope * margins + self.offset, known_words / all_words, features, rows, values)

    def weightiest(self, reading: Reading, topic: int, count: int) -> list[str]:
        """Return the words and pairs that spoke most for a topic, the heaviest first, at most `count`."""
        weights = reading.values * self.weights[reading.rows, topic].astype(np.float32)
        order = np.argsort(-weights)[:count]
        return [reading.features[place] for place in order if weights[place] > 0]
