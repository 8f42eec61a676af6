"""The life of a trend: it begins, grows or lasts, and is over. All its records have the id of its beginning."""

from collections.abc import Sequence
from typing import NamedTuple

from agents.trends.window import NEVER_SHOWN, Life, Window
from streams.records import TrendState

#: A key that was shown is shown again after so many hours, or when its score has grown by this factor.
QUIET_HOURS, GROWN = 12.0, 1.3
#: A country and topic with such a score is remembered as if it had been shown, though it is not: what creeps up from there
#: is no burst. On the simulated streams that finds more bursts at the same number of false alarms.
NOTED = 6.0
#: A trend is over when its score has come down to this: what rises after it is another one.
OVER = 3.0
#: Of a setting under twice `OVER` this share: a trend is not over with the score that began it.
OVER_SHARE = 0.5


class Burst(NamedTuple):
    """A key that bursts, or may: `at` is the end of the window in epoch seconds.

    `stories` explain it, and `life` is since when it is shown, and how far it has come: empty and None until it is shown.
    """

    key: str
    at: float
    articles: int
    sources: int
    expected: float
    score: float
    baseline_hours: int
    stories: Sequence[tuple[str, int]] = ()
    state: TrendState = "begun"
    life: Life | None = None


def has_grown(score: float, before: float) -> bool:
    """Return whether a score is worth another record.

    What was shown below `NOTED` is as if it had not been: a lower setting takes no trend of a higher one away.
    """
    return score >= GROWN * before or before < NOTED <= score


def is_due(window: Window, at: float, score: float) -> bool:
    """Return whether a key is to be shown, or noted."""
    shown, before = window.shown
    return at - shown >= QUIET_HOURS * 3600 or has_grown(score, before)


def show(window: Window, burst: Burst) -> Burst:
    """Remember that a burst is shown; return it as the beginning of a trend, or as its next record."""
    state: TrendState = "begun"
    if window.life is not None:
        state = "growing" if has_grown(burst.score, window.shown[1]) else "lasting"
    window.shown = burst.at, burst.score
    window.life = risen(window.life or Life(burst.at, 0, 0.0), burst.articles, burst.score)
    return burst._replace(state=state, life=window.life, stories=window.stories())


def end(window: Window, burst: Burst, *, forget: bool) -> Burst:
    """Return the end of a window's trend; `forget`: the next burst is shown as if it were the first."""
    life, window.life = window.life, None
    if forget:
        window.shown = NEVER_SHOWN
    return burst._replace(state="over", life=life, stories=window.stories())


def note_height(window: Window, burst: Burst) -> None:
    """Note how far a trend that goes on has come; do nothing where none does."""
    if window.life is not None:
        window.life = risen(window.life, burst.articles, burst.score)


def risen(life: Life, articles: int, score: float) -> Life:
    """Return a life with its height: the most articles, and the highest score."""
    return Life(life.begun, max(life.articles, articles), max(life.score, score))
