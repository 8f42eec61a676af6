"""The context that the second network sees."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from agents.clean.page.context import NOTHING, context
from agents.clean.page.features import BlockFeatures
from agents.clean.page.walk import parse, read

PARAGRAPH = "<p>The council of the town voted on a new bridge over the river on Monday evening.</p>"


def blocks_of(body: str) -> BlockFeatures:
    """Return the features of a page with this body."""
    return BlockFeatures([(read(parse(f"<html><body>{body}</body></html>".encode())), "")])


@given(arrays(np.float32, 7, elements=st.floats(0, 1, width=32)))
def test_every_probability_has_a_finite_context(chance: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> None:
    """Sure, impossible and doubtful blocks all have numbers that a network can take."""
    rows = context(blocks_of(PARAGRAPH * 7), chance)
    assert rows.shape[0] == 7
    assert np.isfinite(rows).all()


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_a_page_of_one_block_has_a_context(chance: float) -> None:
    """A single block has nothing beside it, and that is no error."""
    rows = context(blocks_of(PARAGRAPH), np.array([chance], np.float32))
    assert rows.shape[0] == 1
    assert np.isfinite(rows).all()


def test_beyond_the_ends_nothing_is_the_article() -> None:
    """The neighbours before the first block and after the last one count as boilerplate."""
    rows = context(blocks_of(PARAGRAPH * 2), np.array([0.9, 0.9], np.float32))
    assert (rows[0, 2:5] == NOTHING).all()
    assert (rows[1, 5:8] == NOTHING).all()


def test_a_doubtful_block_knows_its_neighbours() -> None:
    """The same block looks different among blocks of the article and among boilerplate."""
    features = blocks_of(PARAGRAPH * 5)
    inside = context(features, np.array([0.9, 0.9, 0.5, 0.9, 0.9], np.float32))[2]
    alone = context(features, np.array([0.1, 0.1, 0.5, 0.1, 0.1], np.float32))[2]
    assert inside[0] == alone[0]
    assert (inside[2:8] >= alone[2:8]).all()
    assert inside[3] > alone[3]
