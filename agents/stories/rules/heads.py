"""Standing heads: columns, horoscopes and bulletins that one desk brings each day or week, under nearly the same title.

What they share is their frame: the title, the signs of the zodiac, whom to write to. What tells two of them apart is that the
source is the same, that a day lies between them, and that under the old title stand new words. A desk that goes on telling of an
event gives it another title.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from agents.stories.acceptance import LAW, Article, Features, days_between
from agents.stories.reading.vectors import rising
from agents.stories.reading.words import TITLE_CHARACTERS, forms
from agents.stories.rules.series import ASKED, LATER, SOON, held_besides_figures
from agents.stories.state.memory import Memory, Rows
from agents.stories.state.story import StoryRecord

#: The share of two titles' words, numerals left out, that both have: up to which they are two titles, and from which on one. Of
#: 141 articles of half A of the mixed stream that rightly join a story with one of their source from a day before, none has
#: over .58 (2026-11-30).
OTHER_TITLE, SAME_TITLE = 0.58, 0.6
#: The share of an article's weight, figures left out, in words that the story has: up to which it says something new, and from
#: which on nothing: then the figures tell (agents/stories/rules/series.py).
NEW, TOLD = 0.85, 0.95
#: What a desk sets before the titles of a column or a kind of report. In half A of the mixed stream 23 pairs of articles of one
#: source, over .4 days apart, begin so with the same words, among the shootings 35: none is on one event (2026-11-30).
KICKER = re.compile(r"([^:\uff1a|\uff5c\u2013\u2014]{2,60}?)(?:\s*[:|] |\s*[\uff1a\uff5c]|\s[\u2013\u2014]\s)")
#: What stands between a title and the name of its site.
SEPARATOR = re.compile(r"\s+[-|\u2013\u2014]\s+")


def standing_heads(
    article: Article, story_of: Callable[[int], StoryRecord], memory: Memory, rows: Rows, features: Features
) -> npt.NDArray[np.float64]:
    """Return how much log odds more is asked of an article under a title that its source gave to each story before."""
    odds, share = np.zeros(len(rows)), np.zeros(len(rows))
    days = days_between(features)
    for place in (days > SOON).nonzero()[0].tolist():
        share[place] = title_shared(article, story_of(int(rows[place])))
    alike = (share > OTHER_TITLE).nonzero()[0]
    if len(alike):
        new = 1.0 - rising(held_besides_figures(article, memory, rows[alike]), NEW, TOLD)
        odds[alike] = ASKED * rising(share[alike], OTHER_TITLE, SAME_TITLE) * rising(days[alike], SOON, LATER) * new
    return odds


def title_shared(article: Article, story: StoryRecord) -> float:
    """Return the share of the words of two titles that both have: an article's, and the nearest that its source gave before.

    Of a story that no other source tells, a kicker in common is as good as the title. On crime and law only that counts: an
    arrest is told under the title of the crime.
    """
    before = [speaker.title for speaker in story.headlines if speaker.source == article.source]
    mine = kicker_of(article.headline) if before and story.sources == 1 else ""
    kicker, found = title_words(mine, story.language), 0.0
    for title in before:
        if kicker and kicker == title_words(kicker_of(title), story.language):
            return 1.0
        if LAW not in article.topics.tolist():
            one, other = (title_words(own, story.language) for own in without_site(article.headline, title))
            found = max(found, len(one & other) / max(1, len(one | other)))
    return found


def without_site(one: str, other: str) -> tuple[str, str]:
    """Return two titles without the parts behind a dash or bar with which both end: the name of their site."""
    parts, others = SEPARATOR.split(one), SEPARATOR.split(other)
    while len(parts) > 1 and len(others) > 1 and parts[-1] == others[-1]:
        parts.pop()
        others.pop()
    return " ".join(parts), " ".join(others)


def kicker_of(title: str) -> str:
    """Return the part of a title before its colon or bar; an empty string where there is none."""
    found = KICKER.match(title)
    return found[1] if found is not None else ""


@lru_cache(maxsize=1 << 12)
def title_words(title: str, language: str) -> frozenset[str]:
    """Return the different words of a title, numerals left out."""
    return frozenset(word for word in forms(title[:TITLE_CHARACTERS], language) if not word.isdecimal())
