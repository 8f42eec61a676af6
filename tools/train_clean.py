"""Train the two networks that tell the article's blocks from the rest, and score them on unseen publishers.

    python -m tools.train_clean [--out agents/clean/page/weights.npz] [DATA]

DATA is the directory of the development sets (default: ../shared/data/clean beside the repository): scrapinghub-dev
(MIT) and wcxb-dev (CC BY 4.0). A block's label is the share of its word 4-grams that the true text holds; its weight is
its share of the page's words, so that the loss follows the page-averaged score. The second network learns from what first
networks say of pages that they were not trained on. First both are trained five times, each time without the publishers
of one fifth (by a hash of the host), and scored on that fifth with all corrections: the figures to quote. With --out they
are trained on everything and written. Only numpy; about four minutes of one core.

Each page is also an example in other shapes, so that no template is learned by heart: without any class or id, with the
names of half of its elements and wrappers around it, with most of its boilerplate gone, and laid out with tables.
"""

import argparse
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from agents.clean.metadata.claims import add_page, head_claims
from agents.clean.metadata.titles import choose_title
from agents.clean.page.blocks import Page
from agents.clean.page.context import context
from agents.clean.page.features import HEADINGS, BlockFeatures, PageFeatures
from agents.clean.page.network import CLIP, Network, choose, paragraphs, trained_fields
from agents.clean.page.vocabulary import INVISIBLE, PLACE_BIT, words
from agents.clean.page.walk import parse, read
from agents.clean.page_draft import encode
from bench import clean as bench
from bench.measured import record, table

Floats = npt.NDArray[np.float32]
FOLDS = 5
#: Variants of a page count so much of it.
VARIANT_WEIGHT = 0.3
#: Pages of the smaller set count so much more: it is the one of news.
SET_WEIGHT = {"scrapinghub-dev": 3.0, "wcxb-dev": 1.0}
HIDDEN = 32
#: Networks that are trained from other seeds and joined into one by averaging their logits.
MEMBERS = 3
EPOCHS = 8
BATCH = 2048
RATE = 3e-3
WEIGHT_DECAY = 3e-3
#: Features dropped at random in training, the same for all blocks of a batch; of the first network, and of the second.
DROPOUT, SECOND_DROPOUT = 0.2, 0.1
#: Blocks of boilerplate that weigh little are taken by this share, and weigh so much more.
SAMPLED, LITTLE = 0.4, 0.02
#: Elements that old pages have tables for.
LAYOUT = words("div section article main aside header footer figure figcaption form center address details")
#: Wrappers around a page of half its names, at most.
MAX_WRAPPERS = 5


@dataclass(slots=True)
class Example:
    """One page: features, labels and weights by block, and the fields that its score needs."""

    alone: BlockFeatures
    seen: PageFeatures
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

    The variants count less and are not scored: the page without any class or id; with half of its names and wrappers
    around it; with most of its boilerplate gone, so that the network learns that a page may be all article; and laid out
    with tables, as old pages are.
    """
    url = page["url"] or ""
    host = (urlsplit(url).hostname or page["id"]).removeprefix("www.")
    fold = sha256(host.encode()).digest()[1] % FOLDS
    tree = parse(encode(page["html"]))
    claims = head_claims(tree, url, None)
    found: list[Any] = []
    for variant in ("", "nameless", "half", "bare", "old"):
        # Without names a page's menus are not known as such.
        blocks = read(tree, menus=bool(variant))
        if not blocks.texts:
            continue
        if not found:
            add_page(claims, blocks)
            chosen = choose_title(claims.headings, claims.titles, claims.publishers)
            title = chosen.value or claims.first_title()
        blocks.times, blocks.bylines = [], []
        labels = labels_of(blocks.texts, page["text"])
        rng = random.Random(page["id"] + variant)
        if variant == "half":
            strip_half(blocks, rng)
        elif variant == "old":
            lay_out_with_tables(blocks, rng)
        elif variant:
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
        alone = BlockFeatures([(blocks, title)])
        seen = alone.pages()[0]
        weights = np.minimum(seen.words / max(50.0, float((seen.words * labels).sum())), 0.5) + 0.002
        weights *= SET_WEIGHT[dataset] * (VARIANT_WEIGHT if variant else 1.0) / max(1.0, float(weights.sum()) / 2)
        found.append(
            Example(alone, seen, page["text"], dataset, fold, alone.matrix, labels, weights.astype(np.float32), variant)
        )
    return found


def strip_half(page: Page, rng: random.Random) -> None:
    """Take away the names of half of the elements, at random, and put wrappers around the page."""
    places = sum(set(PLACE_BIT.values()))
    wrappers = rng.randint(0, MAX_WRAPPERS)
    for element, parent in enumerate(page.parents):
        if rng.random() < 0.5:
            page.names[element] = ""
            page.masks[element] &= places
        above = page.ancestors[parent] if parent >= 0 else 0
        page.ancestors[element] = page.masks[element] | above
        page.depths[element] += wrappers
    page.inline = [mask if rng.random() < 0.5 else mask & places for mask in page.inline]


def strip_names(page: Page) -> None:
    """Drop the features of classes and ids."""
    places = sum(set(PLACE_BIT.values()))
    page.names = [""] * len(page.names)
    page.masks = [mask & places for mask in page.masks]
    page.ancestors = [mask & places for mask in page.ancestors]
    page.inline = [mask & places for mask in page.inline]


def lay_out_with_tables(page: Page, rng: random.Random) -> None:
    """Turn a page's elements into tables, and its paragraphs into lines of a cell, as pages were before 2010.

    Nothing has a name. Headings are bold lines, and paragraphs stand in their cell with line breaks between them, each on
    most pages.
    """
    strip_names(page)
    lines, bold = rng.random() < 0.7, rng.random() < 0.7
    gone = {element for element, tag in enumerate(page.tags) if (lines and tag == "p") or (bold and tag in HEADINGS)}
    for block, owner in enumerate(page.owners):
        if owner in gone:
            if page.tags[owner] in HEADINGS:
                page.bold_chars[block] = len(page.texts[block])
            page.owners[block] = max(0, page.parents[owner])
    for element, parent in enumerate(page.parents):
        if page.tags[element] in LAYOUT:
            page.tags[element] = ("table", "tr", "td")[page.depths[element] % 3]
            page.masks[element] = page.masks[element] & INVISIBLE | PLACE_BIT.get(page.tags[element], 0)
        above = page.ancestors[parent] if parent >= 0 else 0
        page.ancestors[element] = page.masks[element] | above


def rows_of(examples: Sequence[Example], seed: int) -> tuple[Floats, Floats, Floats]:
    """Return features, labels and weights of the blocks of pages, most of the small boilerplate left out."""
    rng = np.random.default_rng(seed)
    rows, labels, weights = [], [], []
    for item in examples:
        little = (item.weights <= np.median(item.weights)) & (item.labels < 0.5) & (item.weights < LITTLE)
        kept = ~little | (rng.random(len(little)) < SAMPLED)
        rows.append(item.features[kept])
        labels.append(item.labels[kept])
        weights.append(np.where(little, item.weights / SAMPLED, item.weights)[kept])
    every = np.concatenate(weights)
    return np.concatenate(rows), np.concatenate(labels), (every / every.mean()).astype(np.float32)


def train(examples: Sequence[Example], seed: int, dropout: float) -> Network:
    """Return a network trained on these pages: Adam with a cosine schedule on weighted cross-entropy."""
    rng = np.random.default_rng(seed)
    rows, labels, weights = rows_of(examples, seed)
    mean, scale = rows.mean(axis=0), 1.0 / (rows.std(axis=0) + 1e-3)
    rows -= mean
    rows *= scale
    np.clip(rows, -CLIP, CLIP, out=rows)
    width = rows.shape[1]
    parameters = [
        (rng.standard_normal((width, HIDDEN)) / np.sqrt(width)).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        (rng.standard_normal(HIDDEN) * 0.2).astype(np.float32),
        np.zeros(1, np.float32),
    ]
    first = [np.zeros_like(parameter) for parameter in parameters]
    second = [np.zeros_like(parameter) for parameter in parameters]
    steps, step = EPOCHS * -(-len(rows) // BATCH), 0
    for _ in range(EPOCHS):
        order = rng.permutation(len(rows))
        for start in range(0, len(rows), BATCH):
            chosen = order[start : start + BATCH]
            kept = np.where(rng.random(width) > dropout, 1 / (1 - dropout), 0.0).astype(np.float32)[:, None]
            inputs = rows[chosen]
            raw = inputs @ (parameters[0] * kept) + parameters[1]
            active = np.maximum(raw, 0)
            chance = 1 / (1 + np.exp(-(active @ parameters[2] + parameters[3])))
            error = ((chance - labels[chosen]) * weights[chosen] / len(chosen)).astype(np.float32)
            back = np.outer(error, parameters[2]) * (raw > 0)
            gradients = [
                (inputs.T @ back) * kept + WEIGHT_DECAY * parameters[0],
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
        mean=np.mean([member.mean for member in members], axis=0),
        scale=np.mean([member.scale for member in members], axis=0),
        hidden=np.hstack([member.hidden for member in members]),
        hidden_bias=np.hstack([member.hidden_bias for member in members]),
        output=np.hstack([member.output for member in members]) / np.float32(len(members)),
        output_bias=float(np.mean([member.output_bias for member in members])),
    )


def trained(examples: Sequence[Example], dropout: float) -> Network:
    """Return the members, trained and joined."""
    return join([train(examples, seed, dropout) for seed in range(MEMBERS)])


#: Returns the first network that was trained without some folds.
First = Callable[[frozenset[int]], Network]


def first_networks(examples: Sequence[Example]) -> First:
    """Return a function that trains the first network without some folds, once for each set of them."""

    @cache
    def first(left_out: frozenset[int]) -> Network:
        return trained([item for item in examples if item.fold not in left_out], DROPOUT)

    return first


def second_network(examples: Sequence[Example], first: First, left_out: frozenset[int] = frozenset()) -> Network:
    """Return the second network, trained without some folds; first networks describe only pages that are new to them."""
    rows = [
        replace(item, features=context(item.alone, first(left_out | {item.fold})(item.features)))
        for item in examples
        if item.fold not in left_out
    ]
    return trained(rows, SECOND_DROPOUT)


def unseen(examples: Sequence[Example], first: First) -> list[Floats]:
    """Return the probabilities of each example's blocks by networks that were trained without its fold."""
    second = {fold: second_network(examples, first, frozenset({fold})) for fold in range(FOLDS)}
    return [second[item.fold](context(item.alone, first(frozenset({item.fold}))(item.features))) for item in examples]


def write(networks: dict[str, Network], out: Path) -> None:
    """Write networks and the digest of their file."""
    parts = {
        f"{name}_{field.name}": np.atleast_1d(getattr(network, field.name))
        for name, network in networks.items()
        for field in trained_fields()
    }
    half = {name: part.astype(np.float16 if name.endswith("_hidden") else np.float32) for name, part in parts.items()}
    np.savez_compressed(out, **half)  # type: ignore[arg-type]
    digest = sha256(out.read_bytes()).hexdigest()
    out.with_suffix(".lock").write_text(f"{digest}\n", "ascii")
    print(f"{out}: {out.stat().st_size} bytes, sha256 {digest}")


def report(examples: Sequence[Example], chances: Sequence[Floats], variant: str = "") -> dict[str, bench.Score]:
    """Return the score of each set after all corrections, of the pages as they are or of a variant."""
    scores = {}
    for dataset in SET_WEIGHT:
        score = scores[dataset] = bench.Score()
        for item, chance in zip(examples, chances, strict=True):
            if item.dataset == dataset and item.variant == variant:
                text = "\n\n".join(paragraphs(item.seen.page, choose(item.seen, chance), item.seen.title))
                bench.score_body(score, bench.shingles(item.text), bench.shingles(text))
    return scores


def figures(score: bench.Score) -> tuple[str, str, str]:
    """Return F1, precision and recall to four digits."""
    return f"{score.f1:.4f}", f"{score.precision:.4f}", f"{score.recall:.4f}"


def record_folds(rows: list[tuple[str, str, str, str]]) -> None:
    """Write the figures on publishers that the network has not seen to docs/measured.md."""
    text = (
        f"Body text by {FOLDS} folds of hosts: each publisher is scored by networks that were trained without it. `nameless`:\n"
        "the same pages without any class or id; `old`: laid out with tables, as pages were before 2010.\n\n"
        + table(["pages", "F1", "P", "R"], rows)
    )
    record("clean-unseen", "Cleaning of publishers not seen", text, command="python -m tools.train_clean --record")


def main() -> None:
    """Cross-validate, and train the final weights where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=bench.DATA)
    parser.add_argument("--out", type=Path, help="train on everything and write the weights here")
    parser.add_argument("--record", action="store_true", help="write the folds' figures to docs/measured.md")
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
    first = first_networks(examples)
    if not options.no_folds:
        ordered = unseen(examples, first)
        rows = []
        for variant in ("", "nameless", "old"):
            for dataset, score in report(examples, ordered, variant).items():
                rows.append((f"{dataset}{variant and ', ' + variant}", *figures(score)))
                print(
                    f"{rows[-1][0]}, publishers not seen: F1 {rows[-1][1]} (P {rows[-1][2]} R {rows[-1][3]})",
                    flush=True,
                )
        if options.record:
            record_folds(rows)
    if options.out:
        write({"first": first(frozenset()), "second": second_network(examples, first)}, options.out)


if __name__ == "__main__":
    main()
