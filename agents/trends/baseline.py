"""The baseline: for each key a usual level for every hour of the day and a slow one for all, 25 numbers, and seven of the week.

Each hour's count goes into the level of that hour of the day (two weeks of days weigh most) and into the slow level. It is
clipped first, at what is expected + 4 standard deviations + 2, or a burst would teach its own baseline. Measured on a
simulated stream (docs/trends.md), a level for each hour of the day does as well as two weeks of hourly counts.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from agents.trends.week import HOURS, Week, hours_of_day_learnt

#: Days and hours after which what was counted then weighs as good as nothing.
SEASON_DAYS, LEVEL_HOURS = 14, 14 * 24
#: How much each of the two levels says of what is usual.
SEASON_SHARE, LEVEL_SHARE = 0.6, 0.4
#: So long counts are learnt as they are: nothing is usual yet that they could be held against.
UNCLIPPED_HOURS = 72
#: Rows that are made at once, at the beginning.
SMALLEST = 256

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Counts = npt.NDArray[np.float32] | npt.NDArray[np.float64]


class Baseline:
    """Levels of all keys, a row each. `hours`: how many hours of the stream have been counted."""

    def __init__(self) -> None:
        self.season = np.zeros((SMALLEST, HOURS), np.float32)
        self.level = np.zeros(SMALLEST, np.float32)
        self.week = Week(SMALLEST)
        self.hours = 0
        self._rows = 0
        self._free: list[int] = []

    def __len__(self) -> int:
        return self._rows

    @property
    def size_bytes(self) -> int:
        """Bytes of the levels."""
        return self.season.nbytes + self.level.nbytes + self.week.levels.nbytes

    def new_row(self) -> int:
        """Return the row of a new key: it has been silent as long as the stream has been counted."""
        if self._free:
            return self._free.pop()
        if self._rows == len(self.level):
            self.season = np.concatenate((self.season, np.zeros_like(self.season)))
            self.level = np.concatenate((self.level, np.zeros_like(self.level)))
            self.week.grow()
        self._rows += 1
        return self._rows - 1

    def give_back(self, row: int) -> None:
        """Forget the key of a row."""
        self.season[row], self.level[row], self.week.levels[row] = 0, 0, 0
        self._free.append(row)

    def expected(self, rows: Rows, parts: Sequence[tuple[int, float]]) -> Floats:
        """Return the usual count of keys in a window; `parts`: its hours of the week, each with the share inside it."""
        total = np.zeros(len(rows))
        for hour, share in parts:
            total += share * self._usual(rows, hour)
        return total

    def _usual(self, rows: Rows, hour: int) -> Floats:
        usual: Floats = self.usual(rows, hour % HOURS) * self.week.factors(rows, hour // HOURS, self.hours)
        return usual

    def usual(self, rows: Rows, hours: Rows | int) -> Floats:
        """Return the usual count of keys in an hour of the day, or each in its own, whatever the day of the week."""
        levels: Floats = SEASON_SHARE * self.season[rows, hours] + LEVEL_SHARE * self.level[rows]
        return levels

    def close_hour(self, hour: int, counts: npt.NDArray[np.float32]) -> None:
        """Learn the counts of one hour of the week, of all keys; those of row 0, the whole stream, as they are."""
        rows = np.arange(self._rows)
        clipped = np.minimum(counts, most_learnt(self._usual(rows, hour))).astype(np.float32)
        if self.hours < UNCLIPPED_HOURS:
            clipped = counts.copy()
        clipped[0] = counts[0]
        self.learn(rows, hour, clipped, self.hours)
        self.hours += 1

    def learn(self, rows: Rows, weekly: Rows | int, counts: Counts, hours: Rows | int) -> None:
        """Let keys learn their counts of an hour of the week, or each of its own, after so many hours of the stream."""
        hour, day = weekly % HOURS, weekly // HOURS
        for levels, at, learnt in (
            (self.season, (rows, hour), days_learnt(hours)),
            (self.level, rows, hours_learnt(hours)),
            (self.week.levels, (rows, day), hours_of_day_learnt(hours, hour)),
        ):
            levels[at] += (counts - levels[at]) / learnt.astype(counts.dtype)


def days_learnt(hours: Rows | int) -> Rows:
    """Return of how many days the level of an hour of the day is the mean, after so many hours of the stream."""
    return np.minimum(SEASON_DAYS, hours // HOURS + 1)


def hours_learnt(hours: Rows | int) -> Rows:
    """Return of how many hours the slow level is the mean, after so many hours of the stream."""
    return np.minimum(LEVEL_HOURS, hours + 1)


def most_learnt(usual: Floats) -> Floats:
    """Return the most that is learnt of an hour in which so much is usual."""
    most: Floats = usual + 4 * np.sqrt(usual + 1) + 2
    return most
