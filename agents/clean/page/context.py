"""Context of each block for the second network: how likely the blocks around it are the article.

The first network looks at each block with little around it. Articles hold together: a doubtful block among sure ones is
theirs, and a sure one far from all others is a teaser. The second network sees the first one's probabilities of the
neighbours, of the elements above, of look-alikes and of the page (a stacked classifier; Wolpert 1992, Neural Networks 5).
"""

import numpy as np

from agents.clean.page.bundle import Bundle, running
from agents.clean.page.features import NEIGHBOURS, BlockFeatures
from agents.clean.page.shapes import Floats, Numbers

#: Odds are as if each probability were at least this far from 0 and from 1.
LEAST = 1e-4
#: The odds that stand beyond both ends of the page, and before the first block: none of it is the article.
NOTHING = -9.0
#: More than the odds of two blocks are apart.
BEYOND = 64.0
#: Elements above a block whose blocks are looked at.
LEVELS = slice(1, 5)
#: Blocks before and after that are looked at together.
NEAR = 8


def context(features: BlockFeatures, chance: Floats) -> Floats:
    """Return the context of each block, a row each. `chance`: the first network's probabilities."""
    bundle = features.bundle
    likely = chance * features.words
    odds = np.log((chance + LEAST) / (1 - chance + LEAST))
    before, words = running(likely), running(features.words)
    of_page = bundle.total(likely.astype(np.float64))
    some = of_page + 1e-6  # to divide by
    total = some[bundle.page_of]
    at_start = before[bundle.firsts[bundle.page_of]]
    beside, places = bundle.padded(odds, NEIGHBOURS[-1], NOTHING)
    parts: list[Numbers] = [
        odds, chance, *(beside[places + by] for by in NEIGHBOURS), *_levels(features, before, words, some),
        *_lookalikes(features, likely, total),
        (before[:-1] - at_start) / total, 1 - (before[1:] - at_start) / total, *_nearest(bundle, odds),
        *_near(bundle, before, words), *_run(features, chance),
        np.log1p(features.words), features.links, features.good > 0, *_page(features, chance, of_page),
    ]  # fmt: skip
    out = np.empty((len(parts), features.count), dtype=np.float32)
    for index, row in enumerate(parts):
        out[index] = row
    return out.T


def _levels(features: BlockFeatures, before: Numbers, words: Numbers, total: Numbers) -> Numbers:
    """Return how likely the words below each element above are, and which share of the likely words is there."""
    bundle = features.bundle
    likely, inside = (sums[bundle.ends] - sums[bundle.starts] for sums in (before, words))
    element = np.array([likely / np.maximum(1.0, inside), likely / total[bundle.page_of_element]])
    return element[:, features.chain[LEVELS]].reshape(-1, features.count)


def _lookalikes(features: BlockFeatures, likely: Numbers, total: Numbers) -> list[Numbers]:
    """Return the same of each block's group of look-alikes, and how likely the group is without the block."""
    of = features.groups
    all_likely, all_words = (np.bincount(of, weights=weights)[of] for weights in (likely, features.words))
    others = (all_likely - likely) / np.maximum(1.0, all_words - features.words)
    return [all_likely / np.maximum(1.0, all_words), others, all_likely / total]


def _nearest(bundle: Bundle, odds: Numbers) -> tuple[Numbers, Numbers]:
    """Return the best odds of all blocks before and of all blocks after each one."""
    # Each page is lifted above the one before it, or below it where they are gone through from the end.
    lift = BEYOND * bundle.page_of
    edged, places = bundle.padded(odds + lift, 1, -np.inf)
    fallen, _ = bundle.padded(odds - lift, 1, -np.inf)
    before, after = np.maximum.accumulate(edged), np.maximum.accumulate(fallen[::-1])[::-1]
    return np.maximum(before[places - 1] - lift, NOTHING), np.maximum(after[places + 1] + lift, NOTHING)


def _near(bundle: Bundle, before: Numbers, words: Numbers) -> list[Numbers]:
    """Return how likely the words of the next blocks are, and those of the last ones."""
    at = np.arange(bundle.count)
    start = bundle.firsts[bundle.page_of]
    first = np.maximum(start, at - NEAR)
    last = np.minimum(start + bundle.counts[bundle.page_of], at + NEAR + 1)
    return [
        (before[last] - before[at + 1]) / np.maximum(1.0, words[last] - words[at + 1]),
        (before[at] - before[first]) / np.maximum(1.0, words[at] - words[first]),
    ]


def _run(features: BlockFeatures, chance: Floats) -> list[Numbers]:
    """Return the words of the run of blocks on the same side of .5 that each one stands in, and whether it is above."""
    bundle = features.bundle
    above = chance > 0.5
    ends = above[1:] != above[:-1]
    ends[bundle.firsts[1:] - 1] = True
    run = np.zeros(len(above), dtype=np.int64)
    np.cumsum(ends, out=run[1:])
    words = np.bincount(run, weights=features.words)[run]
    return [np.log1p(words), words / features.total[bundle.page_of], above]


def _page(features: BlockFeatures, chance: Floats, total: Numbers) -> list[Numbers]:
    """Describe the page: its likely words among all and among its sentences, its size, how sure the first network is."""
    bundle = features.bundle
    sure = bundle.total(features.words * np.abs(chance - 0.5)) / features.total
    good = bundle.total(features.good)
    rows = (
        total / features.total, total / (1.0 + good), np.log1p(total), np.log1p(bundle.counts), sure,
    )  # fmt: skip
    return list(np.array(rows)[:, bundle.page_of])
