"""Names and numerals that article and story have in common: they tell an event from others in the same words."""

import math

import numpy as np
import numpy.typing as npt

from agents.stories.acceptance import SPORT, Article, Features, fewer_words, length, more_words
from agents.stories.reading.vectors import among, rising
from agents.stories.reading.words import Ids
from agents.stories.state.memory import Memory, Rows

Counts = npt.NDArray[np.int64]

#: So many names and numerals in common with a story make up for common words that look rare, and for other regions: look-alikes
#: have names of their own. Chosen on half A of ECB+ and on own streams.
SURE_NAMES = 7
#: So do fewer, from so many on, where they are enough of the names of article or story, whichever has fewer: this share in
#: short texts, all of them in long ones. Chosen on halves A.
FEW_NAMES, MOST_OF_THEM = 3, 0.5
#: Names and numerals tell an event from others in the same words: the share that article and story both have, of whichever has
#: fewer, is worth so much log odds in short texts and in long ones, against a usual share. In short texts it speaks for a story
#: from the larger share on, and fully where all of three are shared: the same people have two events at a time, but weeks later
#: a brief on an affair shares its names and little else. Not in sport, where the same sides play again. Chosen on halves A
#: (docs/decisions/story-training.md).
NAMED_SHORT, NAMED_LONG = 4.5, 3.0
USUAL_SHARE, ENOUGH_SHARED = 0.47, 0.6
MOST_NAMED = NAMED_SHORT * (1 - USUAL_SHARE)
#: A word that begins a sentence is taken for a name by another text of at most so many times its words: to a long one, each
#: brief on the same affair has names that it has, too.
LIKE_LENGTH = 3.0
#: Its logarithm, and a little more, so that rounding changes nothing.
LOG_LIKE = math.log(LIKE_LENGTH) + 1e-9


def sure_of(shared: int, fewer: int, long: float) -> float:
    """Return how sure names in common are that an article is a story's, 0 to 1.

    `shared`: how many; `fewer`: how many names article or story has, whichever has fewer; `long`: how much there is to compare.
    """
    sure = shared / SURE_NAMES
    if shared >= FEW_NAMES:
        sure = max(sure, shared / fewer / (MOST_OF_THEM + (1 - MOST_OF_THEM) * long))
    return min(1.0, sure)


def named(article: Article, memory: Memory, rows: Rows, features: Features) -> npt.NDArray[np.float64]:
    """Return the log odds of each candidate that come of names in common, and of names that are not: at most `MOST_NAMED`."""
    shared, fewer = in_common(article, memory, rows, alike_long(features))
    share = (shared + 0.5) / (fewer + 1.0)
    long = length(features)
    worth = NAMED_SHORT + (NAMED_LONG - NAMED_SHORT) * long
    odds = np.asarray(worth * (share - USUAL_SHARE) * (fewer > 0))
    at = (odds > 0).nonzero()[0]
    if len(at):
        nearly_all = rising(share[at], ENOUGH_SHARED, 1) * rising(fewer[at], 1, 3)
        odds[at] *= long[at] + (1 - long[at]) * nearly_all * (SPORT not in article.topics.tolist())
    return odds


def in_common(article: Article, memory: Memory, rows: Rows, alike: npt.NDArray[np.bool_]) -> tuple[Counts, Counts]:
    """Return how many names an article shares with each story, and how many it or the story has, whichever has fewer.

    A word that begins a sentence in one of the two is a name where it is one in the other, if they are of like length (`alike`).
    """
    shared, fewer = np.zeros((2, len(rows)), np.int64)
    names, openers = frozenset(article.names.tolist()), frozenset(article.openers.tolist())
    sizes = zip(memory.named.take(rows).tolist(), memory.opening.take(rows).tolist(), alike.tolist(), strict=True)
    for place, (row, (named, opening, like)) in enumerate(zip(rows.tolist(), sizes, strict=True)):
        held = memory.names[row, :named].tolist()
        mine = len(openers.intersection(held)) if like else 0
        theirs = len(names.intersection(memory.openers[row, :opening].tolist())) if like else 0
        shared[place] = len(names.intersection(held)) + mine + theirs
        fewer[place] = min(len(names) + mine, named + theirs)
    return shared, fewer


def counted(held: npt.NDArray[np.uint32], rows: Rows, many: npt.NDArray[np.int32], asked: Ids) -> Counts:
    """Return how many of the numbers asked for, ascending, each row holds; `many`: how many it holds, from its begin on."""
    if not len(asked):
        return np.zeros(len(rows), np.int64)
    found = held.take(rows, 0)[:, : many.max(initial=0)]
    return np.asarray((among(found, asked) & (found > 0)).sum(1))


def alike_long(features: Features) -> npt.NDArray[np.bool_]:
    """Return, for each candidate, whether neither it nor the article has over `LIKE_LENGTH` times the other's words."""
    return np.asarray(more_words(features) - fewer_words(features) <= LOG_LIKE)
