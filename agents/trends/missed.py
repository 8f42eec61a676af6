"""The hours that a key's persisted state has missed: it is written with an article, and the levels go on sinking without one.

Whoever takes the keys over lets them learn these hours, each key from the hour in which its state was written: what was counted
in that one, and nothing in those behind it. Otherwise a subject that has gone quiet would be expected as on its last day, and
a term that nobody says any more would never be forgotten.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.trends.baseline import UNCLIPPED_HOURS, Baseline, days_learnt, hours_learnt, most_learnt
from agents.trends.week import DAYS, HOURS, WEEK_HOURS, hours_of_day_learnt

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
    baseline.level[rows] *= sunk(1 / hours_learnt(learnt), from_second)
    shares = 1 / days_learnt(learnt)
    for hour, at in each_of(weekly % HOURS, HOURS):
        baseline.season[rows, hour] *= sunk(np.where(at, shares, 0.0), from_second)
    shares = 1 / hours_of_day_learnt(learnt, weekly % HOURS)
    for day, at in each_of(weekly // HOURS, DAYS):
        baseline.week.levels[rows, day] *= sunk(np.where(at, shares, 0.0), from_second)


def _learn_first(baseline: Baseline, rows: Rows, since: Rows, weekly: Rows, counts: Floats) -> None:
    """Let each key learn the first hour that it lacks, that of its latest article: `since` so many hours of the stream."""
    most = most_learnt(baseline.usual(rows, weekly % HOURS))
    baseline.learn(rows, weekly, np.where(since < UNCLIPPED_HOURS, counts, np.minimum(counts, most)), since)


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
