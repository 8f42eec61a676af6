"""Titles from one frame: “Auriga recalls vans over brakes”, “Auriga recalls hatchbacks over airbags”.

A desk tells look-alikes in one form: two recalls of one maker, two suits of one law firm, two states that vote on one evening.
What stays is the frame, and between its words stand others. It does not change its title so when it goes on telling of an event.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from agents.stories.acceptance import Article, Features, length
from agents.stories.reading.stems import PIECES
from agents.stories.reading.vectors import rising
from agents.stories.reading.words import TITLE_CHARACTERS, forms
from agents.stories.rules.heads import without_site
from agents.stories.rules.own_words import OTHERS, own_words
from agents.stories.rules.shared_names import alike_long, in_common
from agents.stories.state.commonness import Commonness
from agents.stories.state.memory import Memory, Rows
from agents.stories.state.story import StoryRecord

#: The share of a title's words that both have in one order, of whichever is longer, from which on they may be one frame, and
#: surely are. Half A of the mixed stream and the open halves of own streams have ten articles that would join a story under such
#: a title, bring words of their own, and share fewer names than `NAMES` says: one is on its event (2026-11-30).
SOME, FRAME = 0.3, 0.33
#: The share of names in common up to which all is asked, and from which on nothing.
NAMES = (0.5, 0.6)
#: Words of a title; what has more is a sentence, and from no frame. In pairs of characters a title has more of them.
MOST_WORDS = 18


def framed(
    article: Article,
    story_of: Callable[[int], StoryRecord],
    memory: Memory,
    rows: Rows,
    features: Features,
    commonness: Commonness,
) -> npt.NDArray[np.float64]:
    """Return how much log odds more is asked of a brief that fills a frame of its source's with words of its own."""
    odds, share = np.zeros(len(rows)), np.zeros(len(rows))
    short = 1.0 - length(features)
    if len(article.subject):
        for place in (short > 0).nonzero()[0].tolist():
            share[place] = frame_shared(article, story_of(int(rows[place])))
    near = (share > SOME).nonzero()[0]
    if len(near):
        words = own_words(article, memory, rows[near], commonness)
        shared, fewer = in_common(article, memory, rows[near], alike_long(features[near]))
        others = 1.0 - rising(shared / np.maximum(1, fewer), *NAMES)
        asked = rising(share[near], SOME, FRAME) * others * short[near]
        odds[near] = OTHERS * asked * (words.brings & words.not_all)
    return odds


def frame_shared(article: Article, story: StoryRecord) -> float:
    """Return how much of a frame an article's title shares with one that its source gave to the story; 0 where it is none."""
    before = [speaker.title for speaker in story.headlines if speaker.source == article.source]
    return max((frame_of(article.headline, title, story.language) for title in before), default=0.0)


def frame_of(one: str, other: str, language: str) -> float:
    """Return the share of words that two titles have in one order, of the longer; 0 where no words of both stand between."""
    mine, theirs = (forms(own[:TITLE_CHARACTERS], language) for own in without_site(one, other))
    longer = max(len(mine), len(theirs))
    if not 0 < longer <= (2 * MOST_WORDS if language in PIECES else MOST_WORDS):
        return 0.0
    places = in_order(mine, theirs)
    filled = any(
        after - before > 1 and following - earlier > 1 for (before, earlier), (after, following) in pairwise(places)
    )
    return len(places) / longer if filled else 0.0


def in_order(mine: list[str], theirs: list[str]) -> list[tuple[int, int]]:
    """Return the places of a longest sequence of words that two titles have in one order."""
    # by place in both: how long the sequence may be from there on
    most = [[0] * (len(theirs) + 1) for _ in range(len(mine) + 1)]
    for i in reversed(range(len(mine))):
        for j in reversed(range(len(theirs))):
            same = mine[i] == theirs[j]
            most[i][j] = most[i + 1][j + 1] + 1 if same else max(most[i + 1][j], most[i][j + 1])
    places: list[tuple[int, int]] = []
    i = j = 0
    while i < len(mine) and j < len(theirs):
        if mine[i] == theirs[j]:
            places.append((i, j))
            i, j = i + 1, j + 1
        elif most[i + 1][j] >= most[i][j + 1]:
            i += 1
        else:
            j += 1
    return places
