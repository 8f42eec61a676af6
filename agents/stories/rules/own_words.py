"""Words of a story's own: rare ones in titles, that no other article has held.

A later report shares a place, a person or a compound with the first one's title and little else: “Klinikum Moosbach”, then
“Moosbacher Klinik”. In every language and script that is so, where capitals tell names and where none do. A look-alike brings
words of its own instead: it names its town in title and body, and holds none of those by which the story goes.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.stories.acceptance import (
    FEATURES,
    LAW,
    SPORT,
    Article,
    Features,
    cosine_of_bodies,
    days_between,
    length,
    more_words,
)
from agents.stories.reading.vectors import among, rising
from agents.stories.reading.words import Ids
from agents.stories.rules.series import numerals
from agents.stories.rules.shared_names import alike_long, in_common
from agents.stories.state.commonness import Commonness
from agents.stories.state.memory import Memory, Rows

#: Log odds by which less is asked of a short article that shares such a word, and brings none of its own. Chosen on the open
#: halves of own streams and on half A of the mixed stream, where such pairs below the bar are one event in three of four.
SHARED = 1.2
#: Log odds by which more is asked of a brief that brings such words and shares none. On the same, of 15 briefs so near to a
#: story half a day after it or later, one is on its event.
OTHERS = 6.0
#: How rare a word is, at least (natural logarithm).
RARE = 5.0
#: Cosine of two bodies, and days between them, from which on a brief that brings words of its own is told apart, and fully.
ALIKE, DAYS = (0.22, 0.3), (0.4, 0.8)
#: The same cosine where neither is about a region and one of the story's words is not shared: of a strike, the others are.
ALIKE_ANYWHERE = (0.35, 0.45)
#: Names of article or story, whichever has fewer, of which it tells that none is shared.
ENOUGH_NAMES = 3
#: Logarithms of the different words up to which a text is a brief, and from which on none.
BRIEF = (float(np.log(60)), float(np.log(90)))
REGIONS = FEATURES.index("regions_shared")


class OwnWords(NamedTuple):
    """How far an article shares each candidate's own words.

    `shared`: whether it holds one. `none_of_them`, `not_all`: whether it lacks all, or some, of those in the story's titles.
    `brings`: whether a rare word of the article's title and body is not among the story's.
    """

    shared: npt.NDArray[np.bool_]
    none_of_them: npt.NDArray[np.bool_]
    not_all: npt.NDArray[np.bool_]
    brings: npt.NDArray[np.bool_]


def own_words(article: Article, memory: Memory, rows: Rows, commonness: Commonness) -> OwnWords:
    """Compare an article's words with each story's own words."""
    stories, size = len(rows), memory.size.take(rows)
    titles, bodies = memory.title_ids.take(rows, 0), memory.body_ids.take(rows, 0)
    at = (memory.title_weights.take(rows, 0) > 0).reshape(-1).nonzero()[0]
    within = among(bodies, article.title.ids).reshape(-1).nonzero()[0]
    row = np.concatenate((at // titles.shape[1], within // bodies.shape[1]))
    ids, many = np.concatenate((titles.take(at), bodies.take(within))), len(at)
    own = is_own(ids, size.take(row), commonness)
    # these are words of the title, too
    new = article.subject[commonness.seen(article.subject) <= commonness.most_seen(RARE)]
    held = np.bincount(row[many:][among(ids[many:], new)], minlength=stories)
    own[many:] &= memory.body_weights.take(rows, 0).take(within) > 0
    title, got = row[:many][own[:many]], among(ids[:many][own[:many]], article.body.ids)
    return OwnWords(
        shared=marked(np.concatenate((title[got], row[many:][own[many:]])), stories),
        none_of_them=marked(title, stories) & ~marked(title[got], stories),
        not_all=marked(title[~got], stories),
        brings=held < len(new),
    )


def marked(places: npt.NDArray[np.intp], stories: int) -> npt.NDArray[np.bool_]:
    """Return, for each of so many stories, whether its place is among these."""
    found = np.zeros(stories, np.bool_)
    found[places] = True
    return found


def is_own(ids: Ids, size: npt.NDArray[np.int32], commonness: Commonness) -> npt.NDArray[np.bool_]:
    """Return whether words are rare, and in no more articles than their story has; numerals are not."""
    seen = commonness.seen(ids)
    own = (seen > 0) & (seen <= np.minimum(size, commonness.most_seen(RARE)))
    at = own.nonzero()[0]
    if len(at):
        own[at] = ~among(ids.take(at), numerals())
    return own


def shares_own(
    article: Article, memory: Memory, rows: Rows, features: Features, commonness: Commonness
) -> npt.NDArray[np.float64]:
    """Return by how much log odds less is asked of an article that shares a story's own word, and brings none.

    Nothing less of two crimes in one place: the word is the town. Nor in sport, where the same sides play again.
    """
    odds, short = np.zeros(len(rows)), 1.0 - length(features)
    near = short.nonzero()[0]  # of long ones nothing less is asked
    if len(near) and SPORT not in article.topics.tolist():
        words = own_words(article, memory, rows[near], commonness)
        town = (features[near, REGIONS] > 0) & (LAW in article.topics.tolist())
        odds[near] = SHARED * (words.shared & ~words.brings & ~town) * short[near]
    return odds


def brings_others(
    article: Article, memory: Memory, rows: Rows, features: Features, commonness: Commonness
) -> npt.NDArray[np.float64]:
    """Return by how much log odds more is asked of a brief that brings words of its own in place of each story's.

    It shares no name with the story either. Nothing more on crime and law: whoever was hurt or arrested is named days
    later. Nothing in pairs of characters, of which a few new ones straddle old words.
    """
    odds = np.zeros(len(rows))
    brief = 1.0 - rising(more_words(features), *BRIEF)
    late = rising(days_between(features), *DAYS)
    near = (brief * late > 0).nonzero()[0]
    silent = memory.overlap > 1 or not len(article.subject) or LAW in article.topics.tolist()
    if silent or not len(near):
        return odds
    words = own_words(article, memory, rows[near], commonness)
    shared, fewer = in_common(article, memory, rows[near], alike_long(features[near]))
    cosine = cosine_of_bodies(features[near])
    nowhere = (
        (features[near, REGIONS] == 0) & (not len(article.regions)) & (memory.region_shares[rows[near]].max(1) == 0)
    )
    others = words.none_of_them | words.not_all & (fewer >= ENOUGH_NAMES)
    asked = np.maximum(others * rising(cosine, *ALIKE), words.not_all * nowhere * rising(cosine, *ALIKE_ANYWHERE))
    odds[near] = OTHERS * asked * words.brings * (shared == 0) * brief[near] * late[near]
    return odds


def repeated(title: Ids, body: Ids, times: npt.NDArray[np.float32]) -> Ids:
    """Return the words of a title that its body holds, too, numerals left out.

    `times` counts both, so these stand twice at least.
    """
    return title[among(title, body[times >= 2]) & ~among(title, numerals())]
