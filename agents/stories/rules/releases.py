"""Press releases: the next one of a sender tells of something else, in the words in which it tells of itself."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from agents.stories.acceptance import Article
from agents.stories.rules.own_words import own_words
from agents.stories.rules.series import ASKED
from agents.stories.state.commonness import Commonness
from agents.stories.state.memory import Memory, Rows
from agents.stories.state.story import StoryRecord, split


def next_release(
    article: Article, story_of: Callable[[int], StoryRecord], memory: Memory, rows: Rows, commonness: Commonness
) -> npt.NDArray[np.float64]:
    """Return how much log odds more is asked of a press release where each story has another one of its sender.

    One that brings no word of its own, or lacks none of those in the story's titles, is the same one, sent again.
    """
    if not article.sender:
        return np.zeros(len(rows))
    sent = [article.sender in split(story_of(row).senders, len(article.sender)) for row in rows.tolist()]
    words = own_words(article, memory, rows, commonness)
    return np.asarray(ASKED * (np.array(sent) & words.brings & words.not_all))
