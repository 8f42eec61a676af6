"""The hours that a key's persisted state has missed: it is written with an article, and the levels go on sinking without one.

Whoever takes the keys over lets them learn these hours, each key from the hour in which its state was written: what was counted
in that one, and nothing in those behind it. Otherwise a subject that has gone quiet would be expected as on its last day, and
a term that nobody says any more would never be forgotten.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.trends.baseline import LEVEL_HOURS, SEASON_DAYS, UNCLIPPED_HOURS, Baseline, most_learnt
from agents.trends.week import DAYS, HOURS, MEMORY_WEEKS, WEEK_HOURS

#: After so many hours without an article nothing is left of any level: half a year, or (1 - 1/336)^4368.
LONGEST_HOURS = 26 * WEEK_HOURS
#: The logarithm that stands for that of 0.
NOTHING = -60.0

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


class MissedHours(NamedTuple):
    """A key's row, how many of the latest hours its levels lack, and what was counted in the first of them."""

    row: int
    hours: int
    articles: int


def learn(baseline: Baseline, keys: Sequence[MissedHours], latest: int) -> None:
    """Let keys learn the hours that they lack; `latest`: the hour of the week that was closed last."""
    lacking = [(row, min(hours, LONGEST_HOURS, baseline.hours), count) for row, hours, count in keys if hours > 0]
    if not lacking:
        return
    rows, hours, counts = (np.array(column, np.int64) for column in zip(*lacking, strict=True))
    since = baseline.hours - hours
    _learn_first(baseline, rows, since, (latest + 1 - hours) % WEEK_HOURS, counts.astype(np.float64))
    longest = int(hours.max())
    learnt = np.arange(baseline.hours - longest, baseline.hours)
    weekly = (latest + 1 + learnt - baseline.hours) % WEEK_HOURS
    from_second = longest - hours + 1
    baseline.level[rows] *= sunk(1 / np.minimum(LEVEL_HOURS, learnt + 1), from_second)
    shares = 1 / np.minimum(SEASON_DAYS, learnt // HOURS + 1)
    for hour, at in each_of(weekly % HOURS, HOURS):
        baseline.season[rows, hour] *= sunk(np.where(at, shares, 0.0), from_second)
    seen = HOURS * (learnt // WEEK_HOURS) + weekly % HOURS
    shares = 1 / np.minimum(HOURS * MEMORY_WEEKS, seen + 1)
    for day, at in each_of(weekly // HOURS, DAYS):
        baseline.week.levels[rows, day] *= sunk(np.where(at, shares, 0.0), from_second)


def _learn_first(baseline: Baseline, rows: Rows, since: Rows, weekly: Rows, counts: Floats) -> None:
    """Let each key learn the first hour that it lacks, that of its latest article: `since` so many hours of the stream."""
    hour, day = weekly % HOURS, weekly // HOURS
    clipped = np.where(since < UNCLIPPED_HOURS, counts, np.minimum(counts, most_learnt(baseline.usual(rows, hour))))
    season, level, week = baseline.season[rows, hour], baseline.level[rows], baseline.week.levels[rows, day]
    seen = HOURS * (since // WEEK_HOURS) + hour
    baseline.season[rows, hour] += (clipped - season) / np.minimum(SEASON_DAYS, since // HOURS + 1)
    baseline.level[rows] += (clipped - level) / np.minimum(LEVEL_HOURS, since + 1)
    baseline.week.levels[rows, day] += (clipped - week) / np.minimum(HOURS * MEMORY_WEEKS, seen + 1)


def each_of(numbers: Rows, count: int) -> Iterator[tuple[int, npt.NDArray[np.bool_]]]:
    """Yield each number below a bound that occurs, with where it does."""
    for number in range(count):
        if (at := numbers == number).any():
            yield number, at


def sunk(shares: Floats, since: Rows) -> Floats:
    """Return to which share levels have sunk over some hours, from an hour's place on; each takes its share of the level away."""
    with np.errstate(divide="ignore"):
        logs = np.maximum(np.log1p(-shares), NOTHING)
    behind = np.append(np.cumsum(logs[::-1])[::-1], 0.0)
    return np.asarray(np.exp(behind[since]), np.float64)
