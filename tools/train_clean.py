"""Train the network that tells the article's blocks from the rest, and score it on unseen publishers.

    python -m tools.train_clean [--out agents/clean/page/weights.npz] [DATA]

DATA is the directory of the development sets (default: ../shared/data/clean beside the repository): scrapinghub-dev
(MIT) and wcxb-dev (CC BY 4.0). A block's label is the share of its word 4-grams that the true text holds; its weight is
its share of the page's words, so that the loss follows the page-averaged score. First five networks are trained, each
without the publishers of one fifth (by a hash of the host), and scored on that fifth: the figures to quote. With --out
a last one is trained on everything and written. Only numpy; about five minutes on one core.
"""

import argparse
import random
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from agents.clean.article import encode
from agents.clean.metadata.claims import add_page, head_claims
from agents.clean.metadata.titles import choose_title
from agents.clean.page.features import PageFeatures
from agents.clean.page.network import CLIP, KEEP, Network, paragraphs
from agents.clean.page.vocabulary import PLACE_BIT
from agents.clean.page.walk import Page, parse, read
from bench import clean as bench

Floats = npt.NDArray[np.float32]
FOLDS = 5
#: Variants of a page count so much of it.
VARIANT_WEIGHT = 0.3
#: Pages of the smaller set count so much more: it is the one of news.
SET_WEIGHT = {"scrapinghub-dev": 3.0, "wcxb-dev": 1.0}
HIDDEN = 32
#: Networks that are trained from other seeds and joined into one by averaging their logits.
MEMBERS = 2
EPOCHS = 10
BATCH = 1024
RATE = 2e-3
WEIGHT_DECAY = 1e-3
#: Features dropped at random in training.
DROPOUT = 0.2


@dataclass(slots=True)
class Example:
    """One page: features, labels and weights by block, and the fields that its score needs."""

    page: Page
    title: str
    text: str
    dataset: str
    fold: int
    features: Floats
    labels: Floats
    weights: Floats
    variant: str = ""


def labels_of(texts: list[str], truth: str) -> Floats:
    """Return for each block how much of it the true text holds, each 4-gram of which is used up once."""
    have = bench.shingles(truth)
    lines = Counter(" ".join(bench.WORD.findall(line)) for line in truth.split("\n"))
    whole = f" {' '.join(bench.WORD.findall(truth))} "
    labels = []
    for text in texts:
        words = bench.WORD.findall(text)
        if len(words) >= 4:
            grams = [tuple(words[index : index + 4]) for index in range(len(words) - 3)]
            hits = 0
            for gram in grams:
                if have[gram] > 0:
                    have[gram] -= 1
                    hits += 1
            labels.append(hits / len(grams))
            continue
        line = " ".join(words)
        if lines[line] > 0:
            lines[line] -= 1
            labels.append(1.0)
        else:
            labels.append(0.3 if line and f" {line} " in whole else 0.0)
    return np.array(labels, dtype=np.float32)


def examples_of(page: dict[str, Any], dataset: str) -> list[Example]:
    """Return a page of a set as an example, with its variants; empty where it holds no text.

    The variants count less and are not scored: the page without any class or id, so that the network learns to do
    without; and the page with most of its furniture gone, so that it learns that a page may be all article.
    """
    url = page["url"] or ""
    host = (urlsplit(url).hostname or page["id"]).removeprefix("www.")
    fold = sha256(host.encode()).digest()[1] % FOLDS
    tree = parse(encode(page["html"]))
    claims = head_claims(tree, url, None)
    found: list[Any] = []
    for variant in ("", "nameless", "bare"):
        blocks = read(tree)
        if not blocks.texts:
            continue
        if not found:
            add_page(claims, blocks)
            chosen = choose_title(claims.headings, claims.titles, claims.publishers)
            title = chosen.value or claims.first_title()
        blocks.times, blocks.bylines = [], []
        labels = labels_of(blocks.texts, page["text"])
        rng = random.Random(page["id"] + variant)
        if variant:
            strip_names(blocks)
        if variant == "bare":
            heading = {index for index, owner in enumerate(blocks.owners) if blocks.tags[owner] == "h1"}
            share = rng.choice((0.0, 0.0, 0.02, 0.1))
            kept = [
                index for index in range(len(labels)) if labels[index] > 0.5 or index in heading or rng.random() < share
            ]
            if len(kept) > 6 and rng.random() < 0.5:
                kept = kept[: rng.randint(3, 12)]
            blocks.keep(kept)
            labels = labels[kept]
        if not blocks.texts:
            continue
        seen = PageFeatures(blocks, title)
        weights = np.minimum(seen.words / max(50.0, float((seen.words * labels).sum())), 0.5) + 0.002
        weights *= SET_WEIGHT[dataset] * (VARIANT_WEIGHT if variant else 1.0) / max(1.0, float(weights.sum()) / 2)
        found.append(
            Example(
                blocks, title, page["text"], dataset, fold, seen.matrix(), labels, weights.astype(np.float32), variant
            )
        )
    return found


def strip_names(page: Page) -> None:
    """Drop the features of classes and ids."""
    places = sum(set(PLACE_BIT.values()))
    page.names = [""] * len(page.names)
    page.masks = [mask & places for mask in page.masks]
    page.ancestors = [mask & places for mask in page.ancestors]
    page.inline = [mask & places for mask in page.inline]


def train(examples: list[Example], seed: int) -> Network:
    """Return a network trained on these pages: Adam with a cosine schedule on weighted cross-entropy."""
    rng = np.random.default_rng(seed)
    rows = np.concatenate([item.features for item in examples])
    labels = np.concatenate([item.labels for item in examples])
    weights = np.concatenate([item.weights for item in examples])
    weights = weights / weights.mean()
    mean, scale = rows.mean(axis=0), 1.0 / (rows.std(axis=0) + 1e-3)
    rows = np.clip((rows - mean) * scale, -CLIP, CLIP)
    width = rows.shape[1]
    hidden = (rng.standard_normal((width, HIDDEN)) / np.sqrt(width)).astype(np.float32)
    output = (rng.standard_normal(HIDDEN) * 0.2).astype(np.float32)
    parameters = [hidden, np.zeros(HIDDEN, np.float32), output, np.zeros(1, np.float32)]
    first = [np.zeros_like(parameter) for parameter in parameters]
    second = [np.zeros_like(parameter) for parameter in parameters]
    steps, step = EPOCHS * -(-len(rows) // BATCH), 0
    for _ in range(EPOCHS):
        order = rng.permutation(len(rows))
        for start in range(0, len(rows), BATCH):
            chosen = order[start : start + BATCH]
            kept = (rng.random((len(chosen), width), dtype=np.float32) > DROPOUT) / np.float32(1 - DROPOUT)
            inputs = rows[chosen] * kept
            raw = inputs @ parameters[0] + parameters[1]
            active = np.maximum(raw, 0)
            chance = 1 / (1 + np.exp(-(active @ parameters[2] + parameters[3])))
            error = ((chance - labels[chosen]) * weights[chosen] / len(chosen)).astype(np.float32)
            back = np.outer(error, parameters[2]) * (raw > 0)
            gradients = [
                inputs.T @ back + WEIGHT_DECAY * parameters[0],
                back.sum(axis=0),
                active.T @ error + WEIGHT_DECAY * parameters[2],
                error.sum(keepdims=True),
            ]
            step += 1
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
            for index, gradient in enumerate(gradients):
                first[index] = 0.9 * first[index] + 0.1 * gradient
                second[index] = 0.999 * second[index] + 0.001 * gradient**2
                slope = first[index] / (1 - 0.9**step) / (np.sqrt(second[index] / (1 - 0.999**step)) + 1e-8)
                parameters[index] -= (rate * slope).astype(np.float32)
    return Network(mean, scale, parameters[0], parameters[1], parameters[2], float(parameters[3][0]))


def join(members: list[Network]) -> Network:
    """Return one network whose logit is the mean of its members'."""
    return Network(
        mean=members[0].mean,
        scale=members[0].scale,
        hidden=np.hstack([member.hidden for member in members]),
        hidden_bias=np.hstack([member.hidden_bias for member in members]),
        output=np.hstack([member.output for member in members]) / np.float32(len(members)),
        output_bias=float(np.mean([member.output_bias for member in members])),
    )


def report(examples: list[Example], chances: list[Floats], thresholds: list[float], variant: str = "") -> None:
    """Print F1 by set and threshold, of the pages as they are or without names."""
    for dataset in SET_WEIGHT:
        line = []
        for threshold in thresholds:
            score = bench.Score()
            for item, chance in zip(examples, chances, strict=True):
                if item.dataset == dataset and item.variant == variant:
                    kept = np.flatnonzero(chance > threshold).tolist()
                    text = "\n\n".join(paragraphs(item.page, kept, item.title))
                    bench.score_body(score, bench.shingles(item.text), bench.shingles(text))
            line.append(f"{threshold:.2f}: F1 {score.f1:.4f} (P {score.precision:.4f} R {score.recall:.4f})")
        print(f"{dataset}{variant and ', ' + variant}, publishers not seen: " + "; ".join(line), flush=True)


def main() -> None:
    """Cross-validate, and train the final weights where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=bench.DATA)
    parser.add_argument("--out", type=Path, help="train on everything and write the weights here")
    parser.add_argument("--no-folds", action="store_true", help="skip the cross-validation")
    options = parser.parse_args()
    examples = [
        example
        for dataset in SET_WEIGHT
        for page in bench.read_set(options.data / f"{dataset}.jsonl.gz", 1_000_000)
        for example in examples_of(page, dataset)
    ]
    blocks = sum(len(item.labels) for item in examples)
    print(f"{len(examples)} pages and variants, {blocks} blocks, {examples[0].features.shape[1]} features")
    if not options.no_folds:
        chances: dict[int, Floats] = {}
        for fold in range(FOLDS):
            rest = [item for item in examples if item.fold != fold]
            network = join([train(rest, seed) for seed in range(MEMBERS)])
            for index, item in enumerate(examples):
                if item.fold == fold:
                    chances[index] = network(item.features)
        ordered = [chances[index] for index in range(len(examples))]
        report(examples, ordered, [0.35, 0.4, 0.45, 0.5, 0.55, 0.6])
        report(examples, ordered, [KEEP], "nameless")
    if options.out:
        network = join([train(examples, seed) for seed in range(MEMBERS)])
        np.savez_compressed(
            options.out,
            mean=network.mean,
            scale=network.scale,
            hidden=network.hidden.astype(np.float16),
            hidden_bias=network.hidden_bias,
            output=network.output,
            output_bias=np.array([network.output_bias], np.float32),
        )
        digest = sha256(options.out.read_bytes()).hexdigest()[:16]
        print(f"{options.out}: {options.out.stat().st_size} bytes, sha256 {digest}")


if __name__ == "__main__":
    main()
