"""Forms that are filled: results of matches, tremors, market closes, whose words are nearly all the same.

Two reports from one form are as like each other as a report and its update. What tells them apart is who and where: an update
keeps its names, a form fills in others.
"""

import numpy as np
import numpy.typing as npt

from agents.stories.acceptance import FEATURES, Article, Features, cosine_of_bodies
from agents.stories.reading.vectors import rising
from agents.stories.rules.shared_names import alike_long, in_common
from agents.stories.state.memory import Memory, Rows

#: Cosine of two bodies from which on they may be from one form, and from which on they surely say the same otherwise. Of 73
#: articles of half A of the mixed stream, of ECB+ and of the shootings that join a story so near to them, seven in ten of the
#: names are shared by nine in ten; of made-up forms, a third by most (2026-11-29).
ALIKE, SAME = 0.65, 0.8
#: Share of names in common below which more is asked.
USUAL = 0.6
#: Log odds that are asked more for a whole share.
ASKED = 30.0
#: Fewest names that are enough to tell.
FEWEST = 2
#: The same share of the article's places, where nothing has names: in German, and in scripts without capitals. What counts
#: as lacking where both are about places and share none.
USUAL_PLACES, OTHER_PLACES = 0.8, 0.2
REGIONS = FEATURES.index("regions_shared")


def filled(article: Article, memory: Memory, rows: Rows, features: Features) -> npt.NDArray[np.float64]:
    """Return by how much log odds more is asked of an article that may be from the same form as each story."""
    odds = np.zeros(len(rows))
    cosine = cosine_of_bodies(features)
    near = (cosine > ALIKE).nonzero()[0]
    if not len(near):
        return odds
    alike = rising(cosine[near], ALIKE, SAME)
    shared, fewer = in_common(article, memory, rows[near], alike_long(features[near]))
    lacking = np.where(fewer >= FEWEST, np.maximum(0.0, USUAL - shared / np.maximum(1, fewer)), 0.0)
    if len(article.regions):
        placed = memory.region_shares[rows[near]].max(1) > 0
        share = features[near, REGIONS]
        lacking = np.where((fewer == 0) & placed, np.maximum(0.0, USUAL_PLACES - share), lacking)
        lacking = np.where(placed & (share == 0), np.maximum(lacking, OTHER_PLACES), lacking)
    odds[near] = alike * ASKED * lacking
    return odds
