"""From margins to scores: how likely each topic is, and from where on it is shown.

Both are fitted on articles that no model was trained on: the gold set's train and thresholds thirds.
"""

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from agents.tag.topics.linear import Limits

Floats = npt.NDArray[np.float32]
Truth = npt.NDArray[np.bool_]

#: Precision that best topics, and all tags together, must reach to be shown by default. The second is two points more than is
#: promised: frames of events were written after reading what went wrong in these articles.
FIRST_PRECISION, PRECISION = 0.925, 0.9
GRID = np.arange(0.5, 0.96, 0.01)


def logistic(margins: Floats, truth: Truth) -> tuple[float, float]:
    """Return slope and offset of one logistic for all topics, so that their scores can be compared."""
    line = LogisticRegression(C=1e6).fit(margins.ravel()[:, None], truth.ravel())
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def default_limits(scores: Floats, truth: Truth) -> Limits:
    """Return the least scores from which on best topics reach `FIRST_PRECISION`, and with further ones `PRECISION`.

    Raises `ValueError` where no score does.
    """
    best = np.zeros_like(truth)
    best[np.arange(len(scores)), scores.argmax(1)] = True
    for first in GRID:
        sure = scores.max(1)[:, None] >= first
        if not sure.any() or truth[best & sure].mean() < FIRST_PRECISION:
            continue
        for further in GRID[first >= GRID]:
            if truth[sure & (best | (scores >= further))].mean() >= PRECISION:
                return Limits(round(float(first), 2), round(float(further), 2))
    raise ValueError(f"best topics reach {FIRST_PRECISION} and all tags {PRECISION} at no score")
