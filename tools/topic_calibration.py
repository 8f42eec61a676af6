"""From margins to scores: which topic is the main one, how likely each is, and from where on it is shown.

All three are fitted on articles that the model has not seen: the gold set's thresholds third, and for the main topic and
the precision also what desks labelled, as models see it that were not trained on the article.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from agents.tag.topics.linear import Limits

Floats = npt.NDArray[np.float32]
Truth = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

#: Steps of the search for handicaps, in units of margin, and how many rounds over the topics it makes.
STEPS, ROUNDS = (-0.2, -0.1, -0.05, 0.05, 0.1, 0.2), 6
#: What a squared unit of handicap has to bring in macro F1, for each unit of the witnesses' weight; at 0.03 handicaps grew,
#: and other sets lost.
COST = 0.1
#: Precision that best topics, and then all tags together, must reach on held-out articles to be shown by default. Sets that
#: are labelled by desks, one topic an article, stay some 7 points below the first.
FIRST_PRECISION, PRECISION = 0.925, 0.88
#: Precision that best topics must reach on what desks labelled.
DESK_PRECISION = 0.86
GRID = np.arange(0.5, 0.96, 0.01)


@dataclass(frozen=True)
class Witnesses:
    """Articles that a model has not seen: `margins`, (articles, 17), concepts counted in, and their `main` topics.

    `weight`: of their macro F1, which counts topics with `least` articles.
    """

    margins: Floats
    main: Numbers
    weight: float = 1.0
    least: int = 1

    def gain(self, handicap: Floats) -> float:
        """Return the weighted macro F1 of the best topic."""
        return self.weight * _macro_f1(self.main, (self.margins + handicap).argmax(1), self.least)


def handicaps(witnesses: Sequence[Witnesses], seed: int) -> Floats:
    """Find additions to the topics' margins, (17,), that make the best topic the main one, by macro F1.

    Desks that take in everything (politics) otherwise win over narrow topics (labour, disaster) that they never name. Set
    on the gold alone, which is small, they cost 1 point on sets that desks label: so both are witnesses.
    """
    topics = witnesses[0].margins.shape[1]
    draw = np.random.default_rng(seed)
    cost = COST * sum(one.weight for one in witnesses)

    def gain(candidate: Floats) -> float:
        return sum(one.gain(candidate) for one in witnesses) - cost * float(np.square(candidate).sum())

    found = np.zeros(topics, np.float32)
    best = gain(found)
    for _ in range(ROUNDS):
        for topic in draw.permutation(topics):
            for step in STEPS:
                candidate = found.copy()
                candidate[topic] += step
                if (value := gain(candidate)) > best + 1e-6:
                    found, best = candidate, value
    return found


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


def _macro_f1(main: Numbers, guess: Numbers, least: int) -> float:
    topics = int(max(main.max(), guess.max())) + 1
    true, guessed = np.bincount(main, minlength=topics), np.bincount(guess, minlength=topics)
    hit = np.bincount(main[main == guess], minlength=topics)
    present = true >= least
    return float((2 * hit[present] / (true[present] + guessed[present])).mean())
