"""Weights of the acceptance: none of the bodies' model goes against the meaning of its feature."""

import numpy as np
import pytest

from agents.stories.acceptance import BEST_LATE, FEATURES, LATE, Weighing, models
from tools.train_stories import WAYS, fitted_one_way


@pytest.mark.parametrize("length", ["short", "long"])
def test_no_released_weight_goes_against_its_feature(length: str) -> None:
    """Nothing shared speaks against a story, and neither a gap nor a contradiction speaks for it."""
    weighing: Weighing = getattr(models()["body"], length)
    wrong = [name for name, weight in zip(FEATURES, weighing.weights, strict=True) if weight * WAYS.get(name, 0) < 0]
    assert not wrong


@pytest.mark.parametrize("name", ["body", "headline"])
def test_late_features_speak_at_most_so_much(name: str) -> None:
    """Who is refused with the best possible late features is refused with any: a cosine of 1, and nothing that contradicts."""
    ways = {"log_title_cosine": 1, "ages_differ": -1, "facts_differ": -1}
    assert np.exp(BEST_LATE[0]) == pytest.approx(1.05)
    for weighing in (models()[name].short, models()[name].long):
        assert all(weighing.weights[place] * ways[FEATURES[place]] >= 0 for place in LATE)


def test_a_feature_that_would_go_against_its_way_is_left_out() -> None:
    """Its weight is nought, and the others are fitted without it."""
    dice = np.random.default_rng(1)
    x = dice.normal(size=(400, 2))
    y = (x[:, 0] - x[:, 1] > 0).astype(np.float64)
    counts = np.ones(400)
    free, _ = fitted_one_way(x, y, counts, np.array([0, 0]))
    held, _ = fitted_one_way(x, y, counts, np.array([1, 1]))
    assert free[0] > 0 > free[1]
    assert held[0] > 0
    assert held[1] == 0
