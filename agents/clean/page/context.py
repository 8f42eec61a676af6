"""Context of each block for the second network: how likely the blocks around it are the article.

The first network looks at each block with little around it. Articles hold together: a doubtful block among sure ones is
theirs, and a sure one far from all others is a teaser. The second network sees the first one's probabilities of the
neighbours, of the elements above, of look-alikes and of the page (a stacked classifier; Wolpert 1992, Neural Networks 5).
"""

import numpy as np

from agents.clean.page.features import NEIGHBOURS, PageFeatures
from agents.clean.page.shapes import Floats, Numbers

#: Odds are as if each probability were at least this far from 0 and from 1.
LEAST = 1e-4
#: The odds that stand beyond both ends of the page, and before the first block: none of it is the article.
NOTHING = -9.0
#: Elements above a block whose blocks are looked at.
LEVELS = slice(1, 5)
#: Blocks before and after that are looked at together.
NEAR = 8


def context(features: PageFeatures, chance: Floats) -> Floats:
    """Return the context of each block, a row each. `chance`: the first network's probabilities.

    `features` must have given its matrix before.
    """
    likely = chance * features.words
    odds = np.log((chance + LEAST) / (1 - chance + LEAST))
    before = sums_of(likely)
    words = sums_of(features.words)
    total = before[-1] + 1e-6
    parts: list[Numbers] = [
        odds, chance, *_neighbours(odds), *_levels(features, before, words), *_lookalikes(features, likely, total),
        before[:-1] / total, 1 - before[1:] / total, *_nearest(odds), *_near(before, words), *_run(features, chance),
        np.log1p(features.words), features.links, features.good > 0, *_page(features, chance, float(total)),
    ]  # fmt: skip
    out = np.empty((len(parts), features.count), dtype=np.float32)
    for index, row in enumerate(parts):
        out[index] = row
    return out.T


def sums_of(values: Numbers) -> Numbers:
    """Return the sums of the first 0, 1, … values."""
    sums = np.zeros(len(values) + 1)
    np.cumsum(values, out=sums[1:])
    return sums


def _neighbours(odds: Numbers) -> list[Numbers]:
    most = NEIGHBOURS[-1]
    beside = np.full(len(odds) + 2 * most, NOTHING)
    beside[most:-most] = odds
    return [beside[most + by : most + by + len(odds)] for by in NEIGHBOURS]


def _levels(features: PageFeatures, before: Numbers, words: Numbers) -> Numbers:
    """Return how likely the words below each element above are, and which share of the likely words is there."""
    likely, inside = (sums[features.ends] - sums[features.starts] for sums in (before, words))
    element = np.array([likely / np.maximum(1.0, inside), likely / (before[-1] + 1e-6)])
    return element[:, features.chain[LEVELS]].reshape(-1, features.count)


def _lookalikes(features: PageFeatures, likely: Numbers, total: float) -> list[Numbers]:
    """Return the same of each block's group of look-alikes, and how likely the group is without the block."""
    of = features.groups
    all_likely, all_words = (np.bincount(of, weights=weights)[of] for weights in (likely, features.words))
    others = (all_likely - likely) / np.maximum(1.0, all_words - features.words)
    return [all_likely / np.maximum(1.0, all_words), others, all_likely / total]


def _nearest(odds: Numbers) -> tuple[Numbers, Numbers]:
    """Return the best odds of all blocks before and of all blocks after each one."""
    edged = np.concatenate([[NOTHING], odds, [NOTHING]])
    before, after = np.maximum.accumulate(edged), np.maximum.accumulate(edged[::-1])[::-1]
    return before[:-2], after[2:]


def _near(before: Numbers, words: Numbers) -> list[Numbers]:
    """Return how likely the words of the next blocks are, and those of the last ones."""
    at = np.arange(len(before) - 1)
    first, last = np.maximum(0, at - NEAR), np.minimum(len(at), at + NEAR + 1)
    return [
        (before[last] - before[at + 1]) / np.maximum(1.0, words[last] - words[at + 1]),
        (before[at] - before[first]) / np.maximum(1.0, words[at] - words[first]),
    ]


def _run(features: PageFeatures, chance: Floats) -> list[Numbers]:
    """Return the words of the run of blocks on the same side of .5 that each one stands in, and whether it is above."""
    above = chance > 0.5
    run = np.zeros(len(above), dtype=np.int64)
    np.cumsum(above[1:] != above[:-1], out=run[1:])
    words = np.bincount(run, weights=features.words)[run]
    return [np.log1p(words), words / max(1.0, float(features.words.sum())), above]


def _page(features: PageFeatures, chance: Floats, total: float) -> list[Numbers]:
    """Describe the page: its likely words among all and among its sentences, its size, how sure the first network is."""
    words = features.words
    every = max(1.0, float(words.sum()))
    sure = float((words * np.abs(chance - 0.5)).sum()) / every
    rows = (total / every, total / (1.0 + float(features.good.sum())), np.log1p(total), np.log1p(features.count), sure)
    return [np.full(features.count, row) for row in rows]
