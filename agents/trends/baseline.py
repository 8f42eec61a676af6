"""The baseline: for each key a usual level for every hour of the day and a slow one for all, 25 numbers.

Each hour's count goes into the level of that hour of the day (two weeks of days weigh most) and into the slow level. It is
clipped first, at what is expected + 4 standard deviations + 2, or a burst would teach its own baseline. Measured on a
simulated stream (docs/trends.md), a level for each hour of the day does as well as two weeks of hourly counts.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

HOURS = 24
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


class Baseline:
    """Levels of all keys, a row each. `hours`: how many hours of the stream have been counted."""

    def __init__(self) -> None:
        self.season = np.zeros((SMALLEST, HOURS), np.float32)
        self.level = np.zeros(SMALLEST, np.float32)
        self.hours = 0
        self._rows = 0
        self._free: list[int] = []

    def __len__(self) -> int:
        return self._rows

    def new_row(self) -> int:
        """Return the row of a new key: it has been silent as long as the stream has been counted."""
        if self._free:
            return self._free.pop()
        if self._rows == len(self.level):
            self.season = np.concatenate((self.season, np.zeros_like(self.season)))
            self.level = np.concatenate((self.level, np.zeros_like(self.level)))
        self._rows += 1
        return self._rows - 1

    def give_back(self, row: int) -> None:
        """Forget the key of a row."""
        self.season[row], self.level[row] = 0, 0
        self._free.append(row)

    def expected(self, rows: Rows, parts: Sequence[tuple[int, float]]) -> Floats:
        """Return what is usual for some keys in a window: its hours of the day, each with the share that lies in it."""
        total = np.zeros(len(rows))
        for hour, share in parts:
            total += share * (SEASON_SHARE * self.season[rows, hour] + LEVEL_SHARE * self.level[rows])
        return total

    def close_hour(self, hour: int, counts: npt.NDArray[np.float32]) -> None:
        """Learn the counts of one hour of the day, of all keys; those of row 0, the whole stream, as they are."""
        season, level = self.season[: self._rows, hour], self.level[: self._rows]
        usual = SEASON_SHARE * season + LEVEL_SHARE * level
        clipped = np.minimum(counts, usual + 4 * np.sqrt(usual + 1) + 2)
        if self.hours < UNCLIPPED_HOURS:
            clipped = counts.copy()
        clipped[0] = counts[0]
        days = self.hours // HOURS
        season += (clipped - season) / min(SEASON_DAYS, days + 1)
        level += (clipped - level) / min(LEVEL_HOURS, self.hours + 1)
        self.hours += 1
