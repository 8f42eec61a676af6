"""The sentence encoder in training: its vectors of words and of whole texts, and the head that the extra `[embed]` has."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from agents.tag.topics.encoder import LEAD_CHARACTERS, SentenceEncoder
from tools.topic_rows import TOPICS, Row

Floats = npt.NDArray[np.float32]

#: Inverse strength of the head's regularisation. Joined with the linear model, 1 to 10 differed by about a point of F1.
PENALTY = 3.0


class VectorStore:
    """Vectors of texts in a file of the cache, by a hash of the text: encoding takes long."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: dict[str, Floats] = {}
        if path.exists():
            with np.load(path) as arrays:
                self.known = dict(zip(arrays["keys"].tolist(), arrays["vectors"], strict=True))

    def vectors(self, texts: Sequence[tuple[str, str]], encode: Callable[[str, str], Floats]) -> Floats:
        """Return a vector for each text of two parts, (texts, width)."""
        keys = [hashlib.sha256(f"{first}\0{second}".encode()).hexdigest()[:32] for first, second in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self.known}
        for key, text in missing.items():
            self.known[key] = encode(*text).astype(np.float16)
        if missing:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(self.path, keys=np.array(list(self.known)), vectors=np.array(list(self.known.values())))
        return np.array([self.known[key] for key in keys], np.float32)


def word_vectors(words: Sequence[str], encoder: SentenceEncoder, cache: Path) -> dict[str, Floats]:
    """Return the centred unit vector of each word, as a text of its own."""
    store = VectorStore(cache / "words.npz")
    vectors = store.vectors([("", word) for word in words], lambda _, word: encoder.encode_text(word))
    vectors -= vectors.mean(0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return dict(zip(words, vectors, strict=True))


def sentence_vectors(rows: Sequence[Row], encoder: SentenceEncoder, cache: Path) -> Floats:
    """Return the encoder's vector of each row, (rows, width)."""
    texts = [(row.title, row.text[:LEAD_CHARACTERS]) for row in rows]
    return VectorStore(cache / "texts.npz").vectors(texts, encoder.encode)


def fit_head(vectors: Floats, truth: npt.NDArray[np.bool_], weights: Floats) -> tuple[Floats, Floats]:
    """Return weights, (width, 17), and bias, (17,), of one logistic regression for each topic."""
    found, bias = np.zeros((vectors.shape[1], len(TOPICS)), np.float32), np.zeros(len(TOPICS), np.float32)
    for topic in range(len(TOPICS)):
        machine = LogisticRegression(C=PENALTY, max_iter=300).fit(vectors, truth[:, topic], weights[:, topic])
        found[:, topic], bias[topic] = machine.coef_[0], machine.intercept_[0]
    return found, bias
