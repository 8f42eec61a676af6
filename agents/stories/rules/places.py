"""Places that tell look-alike events apart: two fires in two towns, tremors of one country, strikes at two airports.

Reports on such events are nearly the same words, and both are about one country. What they do not share is the division in
which it happened.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from agents.stories.acceptance import Article, Features, cosine_of_bodies, length
from agents.stories.reading.vectors import among, rising
from agents.stories.reading.words import number
from agents.stories.rules.shared_names import alike_long, in_common
from agents.stories.state.memory import Memory, Rows

#: Log odds by which more is asked where article and story are about divisions and share none: of short texts, and where no word
#: shows that it is a name. Long ones name other places, too, and nothing more is asked of them. Chosen on halves A, on the
#: shootings and on the open half of own streams: 70 such pairs told of one event, 66 of two (2026-11-29).
APART, APART_UNNAMED = 7.0, 5.5
#: From this share of names in common on (of whichever has fewer) nothing more is asked.
ENOUGH = 0.25
#: Up to this share all of it is asked.
HARDLY = 0.15
#: Where one has fewer names than this, less is asked.
FEWEST = 2
#: Cosine of two bodies up to which they are no look-alikes, and from which on they may be.
UNLIKE, ALIKE = 0.25, 0.35
#: The same of pairs of characters: many straddle two words and are shared by none. Chosen on the open half of own streams.
PIECES_ALIKE = 0.7
#: Law, politics, war and weather: what is tried, governed, fought or blown goes from place to place. Where no name tells, nothing
#: is asked of it.
MOVING = np.sort(np.array([number(f"medtop:{topic}000000") for topic in ("02", "11", "16", "17")], np.uint32))


def divisions(codes: Iterable[str]) -> list[str]:
    """Return the divisions of regions by their codes, each once; a city where its country has none."""
    found: dict[str, None] = {}
    for code in codes:
        division, _, city = code.partition("/")
        if "-" in division:
            found[division] = None
        elif city:
            found[code] = None
    return list(found)


def likeness(features: Features, overlap: int) -> npt.NDArray[np.float64]:
    """Return how like each other article and story are, 0 to 1; `overlap`: in how many words each character stands."""
    scale = PIECES_ALIKE if overlap > 1 else 1.0
    return rising(cosine_of_bodies(features), scale * UNLIKE, scale * ALIKE)


def apart(article: Article, memory: Memory, rows: Rows, features: Features) -> npt.NDArray[np.float64]:
    """Return by how much log odds more is asked of an article whose divisions are others than each story's."""
    odds = np.zeros(len(rows))
    if not len(article.places):
        return odds
    theirs = memory.places.take(rows, 0)
    other = ((theirs[:, 0] > 0) & ~among(theirs, article.places).any(1)).nonzero()[0]
    if len(other):
        seen = features[other]
        shared, fewer = in_common(article, memory, rows[other], alike_long(seen))
        share = shared / np.maximum(1, fewer)
        lacking = (1.0 - rising(share, HARDLY, ENOUGH)) * np.minimum(1.0, fewer / FEWEST)
        short = 1.0 - length(seen)
        stays = ~(among(memory.topics.take(rows[other], 0), MOVING).any(1) | among(article.topics, MOVING).any())
        asked = np.where(fewer > 0, APART * short * lacking, APART_UNNAMED * stays)
        odds[other] = asked * likeness(seen, memory.overlap) * memory.located[rows[other]]
    return odds
