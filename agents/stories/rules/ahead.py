"""How far the nearest story is ahead of the next one, which speaks for it: a long article between two affairs fits neither.

A brief has its second look, whose model knows the lead.
"""

import numpy as np
import numpy.typing as npt

from agents.stories.acceptance import Article, Features, length
from agents.stories.rules.second_look import BRIEF_WORDS, lead

#: Log odds for each unit by which the nearest story is further ahead than usual, and how far it usually is (log odds). Chosen on
#: halves A of the mixed stream, Wikinews, GVA and ECB+.
LEAD, USUAL_LEAD = 0.4, 2.0


def ahead(article: Article, margins: npt.NDArray[np.float64], features: Features) -> npt.NDArray[np.float64]:
    """Return the log odds that each story gains, or loses where it is negative, by how far the nearest is ahead.

    Nothing for a brief; `margins` has one story at least.
    """
    if len(article.body.ids) < BRIEF_WORDS:
        return np.zeros(len(margins))
    return np.asarray(LEAD * (lead(margins, int(margins.argmax())) - USUAL_LEAD) * length(features))
