"""The teacher of the word tables: a sentence encoder's head and a first linear model together, on texts as a whole.

What it says of texts that nobody labelled, and of what a desk's label leaves open, is learnt by the linear model: so
some of what the encoder knows of sentences reaches a model that only counts words.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from agents.tag.topics.encoder import LEAD_CHARACTERS, SentenceEncoder
from tools.topic_rows import TOPICS, Row

Floats = npt.NDArray[np.float32]
Truth = npt.NDArray[np.bool_]

#: Inverse strength of the head's regularisation. Joined with the linear model, 1 to 10 differed by about a point of F1.
PENALTY = 3.0


@dataclass(frozen=True)
class Targets:
    """Targets of rows: `shares`, (rows, 17), 1 for a topic and 0 for none; `weights`, (rows, 17)."""

    shares: Floats
    weights: Floats

    def of(self, places: npt.NDArray[np.int64]) -> "Targets":
        """Return the targets of some rows."""
        return Targets(self.shares[places], self.weights[places])


def sentence_vectors(rows: Sequence[Row], encoder: SentenceEncoder, cache: Path) -> Floats:
    """Return the encoder's vector of each row, (rows, width); about 65 a second, kept in `cache` by a hash of the text."""
    stored = cache / "sentence-vectors.npz"
    known: dict[str, Floats] = {}
    if stored.exists():
        with np.load(stored) as arrays:
            known = dict(zip(arrays["keys"].tolist(), arrays["vectors"], strict=True))
    keys = [hashlib.sha256(f"{row.title}\0{row.text[:LEAD_CHARACTERS]}".encode()).hexdigest()[:32] for row in rows]
    missing = {key: row for key, row in zip(keys, rows, strict=True) if key not in known}
    for key, row in missing.items():
        known[key] = encoder.encode(row.title, row.text)
    if missing:
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(stored, keys=np.array(list(known)), vectors=np.array(list(known.values()), np.float32))
    return np.array([known[key] for key in keys], np.float32)


def fit_head(vectors: Floats, targets: Targets) -> tuple[Floats, Floats]:
    """Return weights, (width, 17), and bias, (17,), of one logistic regression for each topic."""
    weights, bias = np.zeros((vectors.shape[1], len(TOPICS)), np.float32), np.full(len(TOPICS), -5, np.float32)
    for topic in np.flatnonzero((targets.shares > 0.5).any(0)):
        machine = LogisticRegression(C=PENALTY, max_iter=300).fit(
            vectors, targets.shares[:, topic] > 0.5, targets.weights[:, topic]
        )
        weights[:, topic], bias[topic] = machine.coef_[0], machine.intercept_[0]
    return weights, bias


def join(linear: Floats, head: Floats, truth: Truth) -> tuple[float, float, float]:
    """Return the share of the linear model, that of the head, and an offset: one logistic for all topics."""
    line = LogisticRegression(C=1e6).fit(np.stack([linear.ravel(), head.ravel()], axis=1), truth.ravel())
    return float(line.coef_[0, 0]), float(line.coef_[0, 1]), float(line.intercept_[0])


def sigmoid(log_odds: np.typing.NDArray[np.floating[Any]]) -> Floats:
    """Return probabilities."""
    return np.asarray(1 / (1 + np.exp(-log_odds)), np.float32)
