"""From margins to scores: how likely each topic is, and from where on it is shown.

Both are fitted on articles that no model was trained on: the gold set's train and thresholds thirds, and for the precision
also what desks labelled.
"""

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from agents.tag.topics.linear import Limits

Floats = npt.NDArray[np.float32]
Truth = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

#: Precision that best topics, and then all tags together, must reach on held-out articles to be shown by default. Sets that
#: are labelled by desks, one topic an article, stay some 7 points below the first.
FIRST_PRECISION, PRECISION = 0.925, 0.88
#: Precision that best topics must reach on what desks labelled.
DESK_PRECISION = 0.885
GRID = np.arange(0.5, 0.96, 0.01)


def logistic(margins: Floats, truth: Truth) -> tuple[float, float]:
    """Return slope and offset of one logistic for all topics, so that their scores can be compared."""
    line = LogisticRegression(C=1e6).fit(margins.ravel()[:, None], truth.ravel())
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def default_limits(scores: Floats, truth: Truth, desk: tuple[Floats, Numbers] | None = None) -> Limits:
    """Return the least scores from which on best topics reach `FIRST_PRECISION`, and with further ones `PRECISION`.

    `desk`: scores of articles that a desk labelled, and their topics; there best topics reach `DESK_PRECISION` too.
    Raises `ValueError` where no score does.
    """
    articles = np.arange(len(scores))
    best = scores.argmax(1)
    firsts = np.zeros_like(truth)
    firsts[articles, best] = True
    top = scores.max(1)
    for first in GRID:
        sure = top >= first
        if sure.any() and truth[firsts & sure[:, None]].mean() >= FIRST_PRECISION and _holds_at_desks(first, desk):
            break
    else:
        raise ValueError(f"best topics reach {FIRST_PRECISION} at no score")
    for further in GRID[first >= GRID]:
        shown = sure[:, None] & (firsts | (scores >= further))
        if truth[shown].mean() >= PRECISION:
            return Limits(round(float(first), 2), round(float(further), 2))
    return Limits(round(float(first), 2), round(float(first), 2))


def _holds_at_desks(first: float, desk: tuple[Floats, Numbers] | None) -> bool:
    if desk is None:
        return True
    scores, main = desk
    sure = scores.max(1) >= first
    return bool(sure.any() and (scores.argmax(1) == main)[sure].mean() >= DESK_PRECISION)
