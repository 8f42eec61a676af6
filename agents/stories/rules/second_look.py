"""A second look at a brief that no story accepts: whether it belongs to the nearest one all the same.

Later briefs on an affair share a place or a name with the first and little else, so they lie below the bar that keeps strangers
out. What tells them from strangers is that the nearest story is nearer than all others, and that a word that nobody else has
used stands in both. A logistic model of these, which tools/train_briefs.py learns, decides; its weights are in brief.toml.
"""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agents.stories.acceptance import Article, Features, elsewhere
from agents.stories.rules.own_words import own_words
from agents.stories.rules.shared_names import alike_long, in_common
from agents.stories.state.commonness import Commonness
from agents.stories.state.memory import Memory, Rows

#: Different words of an article from which on it is no brief: a long one shares enough with its story.
BRIEF_WORDS = 70
#: How far below the bar (log odds) the nearest story may lie.
FARTHEST = 4.0
#: By so much (log odds) the nearest story is nearer than the next at most: beyond, more says no more.
MOST_LEAD = 3.0
#: The same where no other story shares a word with the article: among few stories that says less. Chosen on open halves, and so
#: that a look-alike which is the third article of a language stays apart.
NO_RIVAL = 2.2
#: What the model sees of the article and the nearest story: how far it lies above the bar, and above the next one; whether a
#: rare word that no other article has held stands in both; whether the article brings one of its own; whether it lacks all or
#: some of those in the story's titles; whether they are about other regions; and which share of names they have in common.
SIGNS = ("margin", "lead", "own", "brings", "lacks_all", "lacks_some", "elsewhere", "names_shared")


@cache
def weights() -> tuple[npt.NDArray[np.float64], float]:
    """Return the weight of each sign, and the bias: above 0 the story accepts the article."""
    table = tomllib.loads((Path(__file__).parent / "brief.toml").read_text(encoding="utf-8"))
    return np.array([table[name] for name in SIGNS]), table["bias"] - table["bar"]


def nearest(article: Article, margins: npt.NDArray[np.float64]) -> int:
    """Return the place of the story that a second look is for, -1 for none; of equals the older one."""
    if len(article.body.ids) >= BRIEF_WORDS or not len(margins):
        return -1
    best = int(margins.argmax())
    return best if -FARTHEST < margins[best] <= 0 else -1


def may_accept(margins: npt.NDArray[np.float64], best: int) -> bool:
    """Return whether the story at a place would accept the article if all that a second look reads spoke for it."""
    each, _ = weights()
    return looked_at_again([margins[best], lead(margins, best), *(each[2:] > 0)]) > 0


def lead(margins: npt.NDArray[np.float64], best: int) -> float:
    """Return by how much (log odds) the nearest story is nearer than the next, at most `MOST_LEAD`."""
    if len(margins) == 1:
        return min(NO_RIVAL, MOST_LEAD)
    others = margins.copy()
    others[best] = -np.inf
    return min(float(margins[best] - others.max()), MOST_LEAD)


def signs(
    article: Article,
    memory: Memory,
    rows: Rows,
    features: Features,
    commonness: Commonness,
    margins: npt.NDArray[np.float64],
    best: int,
) -> npt.NDArray[np.float64]:
    """Return the signs (`SIGNS`) of an article and of the story at a place among its candidates."""
    row, seen = rows[best : best + 1], features[best : best + 1]
    words = own_words(article, memory, row, commonness)
    shared, fewer = in_common(article, memory, row, alike_long(seen))
    told = (words.shared, words.brings, words.none_of_them, words.not_all, elsewhere(article, memory, row, seen))
    return np.array(
        [margins[best], lead(margins, best), *(float(sign[0]) for sign in told), shared[0] / max(1, fewer[0])]
    )


def looked_at_again(found: npt.ArrayLike) -> float:
    """Return by how much log odds a story accepts a brief of such signs."""
    each, added = weights()
    return float(np.dot(found, each) + added)
