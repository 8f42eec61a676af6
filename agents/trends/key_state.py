"""The persisted state of a key of trends, and the checks by which a foreign state is refused."""

import math

import msgspec
import numpy as np

from agents.trends.week import DAYS, HOURS
from agents.trends.window import (
    MOST_ARTICLES,
    MOST_STORIES,
    Life,
    SourceSteps,
    StorySteps,
    WindowEntry,
    fault_of_window,
)

#: The window moves by a step.
STEP_SECONDS = 600
#: The key of the whole stream, in which every article counts.
WHOLE = "*"
#: Characters of a label, title or story's id that are kept.
LONGEST_NAME = 300
#: The calendar's end, in hours since 1970 and in steps.
MOST_HOURS, MOST_STEPS = 70_389_527, 422_337_162
#: Most articles in a window of the whole stream (400 a second).
MOST_OF_WHOLE = 5_000_000


class KeyState(msgspec.Struct, array_like=True):
    """The persisted state of a key; `label` and `titles`, of stories, are how a trend names it and them.

    `window`: of the whole stream how many articles each step has (see `Stream.kept`); of a key all its articles, where a worker
    wrote that did not know `counted_sources` and `counted_stories`. `days`: levels by the day of the week (float16); older
    workers wrote none. `standing`: of the whole stream, how it stood of late to what is usual for it.
    `life`: its trend until that is over.
    """

    hours: int
    season: bytes
    level: float
    window: list[WindowEntry]
    shown: tuple[float, float]
    label: str = ""
    titles: list[tuple[str, str]] = []
    counted_sources: list[SourceSteps] = []
    counted_stories: list[StorySteps] = []
    days: bytes = b""
    standing: float = 1.0
    life: Life | None = None


encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(KeyState)


def fault_of(key: str, kept: KeyState) -> str:
    """Return why a state cannot be one that was written here; an empty string where it can."""
    held = sum(article.source for article in kept.window) if key == WHOLE else 0
    if not 0 <= kept.hours < MOST_HOURS or not all(0 <= article.step < MOST_STEPS for article in kept.window):
        return "a time beyond the calendar"
    if not 0 <= held < MOST_OF_WHOLE or any(article.source < 0 for article in kept.window):
        return f"{held:,} articles in one window"
    levels = np.frombuffer(kept.season, np.float16)
    if len(levels) != HOURS or not all(0 <= level < math.inf for level in (*levels.tolist(), kept.level)):
        return "what is usual there is no number"
    days = np.frombuffer(kept.days, np.float16)
    if len(days) not in (0, DAYS) or not all(0 <= level < math.inf for level in days.tolist()):
        return "what is usual by the day there is no number"
    if not 0 <= kept.standing <= 1:
        return "how the stream stood of late is no share of what is usual"
    if any(not 0 <= each.latest < MOST_STEPS for each in kept.counted_sources):
        return "a time beyond the calendar"
    if fault := fault_of_window(kept.counted_sources, kept.counted_stories):
        return fault
    if not all(map(math.isfinite, kept.shown)) or kept.shown[0] > MOST_STEPS * STEP_SECONDS:
        return "what was shown of it is no number"
    if kept.life is not None and not is_life(kept.life):
        return "its trend has no beginning, or no height"
    if len(kept.titles) > MOST_STORIES or any(
        len(name) > LONGEST_NAME for name in (kept.label, *dict(kept.titles).values())
    ):
        return "more names than are ever kept, or longer ones"
    return ""


def is_life(life: Life) -> bool:
    """Return whether a trend may have begun so, and come so far."""
    begun, articles, score = life
    return 0 <= begun <= MOST_STEPS * STEP_SECONDS and 0 <= articles < MOST_ARTICLES and math.isfinite(score)
