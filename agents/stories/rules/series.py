"""Series: figures of the week, draws of a lottery, closes of a market, told in the same words each time.

Names tell nothing here: it is the same office, and the same places. What tells two of them apart is that they are the same words
but for the figures, none of which is the other's, and that they come some time apart. Reports on one event give the same figures,
or have new things to say.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from agents.stories.acceptance import LAW, Article, Features, cosine_of_bodies, days_between
from agents.stories.reading.vectors import among, rising
from agents.stories.reading.words import Ids, number, numbers
from agents.stories.state.memory import Memory, Rows

#: Log odds by which more is asked of an article that shares no figure with the story.
ASKED = 14.0
#: The share of an article's weight, figures left out, in words that the story has: up to which it says something new, and from
#: which on nothing. Of 60 articles of half A of the mixed stream that rightly join a story days later without its figures, one
#: has over two thirds; of a made-up series' next reports, nine in ten have (2026-11-29).
NEW, SAME = 0.65, 0.8
#: The share of figures in common, of whichever has fewer, up to which all of it is asked, and from which on nothing.
HARDLY, ENOUGH = 0.2, 0.45
#: So many figures are enough to tell; of fewer less is asked.
MANY = 3
#: Days up to which they may be one event's, told as it goes on, and from which on they are not.
SOON, LATER = 0.4, 0.7
#: Cosine of two bodies up to which one of them says much that the other does not, though not the other way round.
UNLIKE = 0.4
#: The same where article and story share all names: of a strike or an outbreak the same desk tells anew each day, with the
#: figures of the day.
SLOW, SLOWEST = 2.4, 3.2
#: The share of names, numerals left out, that only one of them has: up to which they share all, and from which on not.
ALL_SHARED, NAMES_DIFFER = 0.1, 0.25
#: The same share, and figures, from which on not even an hour need lie between them, and surely: quarters of two companies,
#: warnings of a storm for two counties. Of half A of the mixed stream, no article so like its story has such figures and names.
OTHERS, ENOUGH_AT_ONCE = (0.2, 0.33), (2, 4)
#: Economy and sport: markets close and sides play each day. Disasters, war and weather: there the names must differ.
DAILY = np.sort(np.array([number(f"medtop:{topic}000000") for topic in ("04", "15")], np.uint32))
UNFOLDING = np.sort(np.array([number(f"medtop:{topic}000000") for topic in ("03", "16", "17")], np.uint32))
#: Numerals of up to so many digits are words that say nothing here.
DIGITS = 4


def next_of_series(article: Article, memory: Memory, rows: Rows, features: Features) -> npt.NDArray[np.float64]:
    """Return how much log odds more is asked of an article that may be of the same series as each story.

    Nothing of one on crime or law: an arrest is told in the words of the crime, with other figures.
    """
    odds = np.zeros(len(rows))
    days = days_between(features)
    near = (cosine_of_bodies(features) > UNLIKE).nonzero()[0]
    if not len(near) or not len(article.figures) or LAW in article.topics.tolist():
        return odds
    figures = memory.figures.take(rows[near], 0)
    given = figures > 0
    fewer = np.minimum(given.sum(1), len(article.figures))
    share = (among(figures, article.figures) & given).sum(1) / np.maximum(1, fewer)
    asked = (1.0 - rising(share, HARDLY, ENOUGH)) * rising(fewer, 0, MANY)
    asked *= (days[near] > SOON) | (fewer > ENOUGH_AT_ONCE[0])  # all others come too soon, whatever their names
    if not asked.any():
        return odds
    asked *= rising(held_besides_figures(article, memory, rows[near]), NEW, SAME)
    if asked.any():
        odds[near] = ASKED * asked * apart_enough(article, memory, rows[near], days[near], fewer)
    return odds


def held_besides_figures(article: Article, memory: Memory, rows: Rows) -> npt.NDArray[np.float64]:
    """Return which share of an article's squared weight, figures left out, lies in words that each story has."""
    words = ~among(article.body.ids, numerals())
    ids, squares = article.body.ids[words], np.square(article.body.weights[words])
    if not len(ids):
        return np.zeros(len(rows))
    theirs = memory.body_ids.take(rows, 0)
    at = np.minimum(ids.searchsorted(theirs), len(ids) - 1)
    found = (ids.take(at) == theirs) & (memory.body_weights.take(rows, 0) > 0)
    return np.asarray((squares.take(at) * found).sum(1) / max(1e-9, float(squares.sum())), np.float64)


def apart_enough(
    article: Article, memory: Memory, rows: Rows, days: npt.NDArray[np.float64], figures: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return how surely an article comes late enough after each story to be the next of its series, 0 to 1.

    `days`: between the two. `figures`: how many article or story has, whichever has fewer.
    """
    topics, names = memory.topics.take(rows, 0), other_names(article, memory, rows)
    unfolds = among(topics, UNFOLDING).any(1) | among(article.topics, UNFOLDING).any()
    daily = among(topics, DAILY).any(1) & among(article.topics, DAILY).any()
    soon, late = rising(days, SOON, LATER), rising(days, SLOW, SLOWEST)
    at_once = rising(names, *OTHERS) * rising(figures, *ENOUGH_AT_ONCE)
    differ = np.maximum(rising(names, ALL_SHARED, NAMES_DIFFER) * soon, at_once)
    return np.asarray(np.where(unfolds, differ, np.maximum(differ, np.where(daily, soon, late))))


def other_names(article: Article, memory: Memory, rows: Rows) -> npt.NDArray[np.float64]:
    """Return how much the names of article and each story differ, 0 to 1; numerals are none."""
    mine = article.names[~among(article.names, article.figures)]
    differ = np.zeros(len(rows))
    for place, row in enumerate(rows.tolist()):
        theirs = memory.names[row, : memory.named[row]]
        theirs = theirs[~among(theirs, np.sort(memory.figures[row]))]
        fewer = min(len(mine), len(theirs))
        if fewer > 1:
            differ[place] = 1.0 - float(among(theirs, mine).sum()) / fewer
    return differ


@cache
def numerals() -> Ids:
    """Return the numbers of the words that are numerals, ascending."""
    words = (f"{value:0{digits}}" for digits in range(1, DIGITS + 1) for value in range(10**digits))
    return np.unique(np.array(numbers(words), np.uint32))
