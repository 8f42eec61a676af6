"""Matches of one side follow each other within days, under one competition's name and with the same players.

What tells them apart is the score: reports on one match give the same, at the end of it.
"""

import numpy as np
import numpy.typing as npt

from agents.stories.acceptance import Article
from agents.stories.reading.facts import SCORES, UNIT
from agents.stories.reading.vectors import among
from agents.stories.reading.words import number
from agents.stories.state.memory import Memory, Rows

#: Log odds by which more is asked where article and story give scores and none is the other's. A report from before the end,
#: with a score of then, shares more than that asks.
OTHER_SCORE = 2.5
SCORE = np.uint64(number(SCORES))


def other_match(article: Article, memory: Memory, rows: Rows) -> npt.NDArray[np.float64]:
    """Return by how much log odds more is asked of an article that gives a score and of a story that has others."""
    scores = article.facts[article.facts >> UNIT == SCORE]
    if not len(scores):
        return np.zeros(len(rows))
    theirs = memory.facts.take(rows, 0)
    has = (theirs >> UNIT == SCORE).any(1)
    return np.asarray(OTHER_SCORE * (has & ~among(theirs, scores).any(1)))
