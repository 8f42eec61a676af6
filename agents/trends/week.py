"""The rhythm of the week: how each day of it stands to the others, for each key, seven numbers.

Matches are played on Saturdays, and parliaments sit on Tuesdays. A day's level is learnt like the slow one. What a key is
expected to have is multiplied by how its level of the day stands to the mean of all seven, beside how the whole stream's does:
that all news is less at weekends the stream itself tells. A key of which little is known has as good as no rhythm, and small
differences count nothing: learnt of few articles, they may be chance.
"""

import math

import numpy as np
import numpy.typing as npt

HOURS, DAYS = 24, 7
WEEK_HOURS = HOURS * DAYS
#: 1 January 1970 was a Thursday, the fourth day from Monday on.
FIRST_DAY = 3
#: Weeks after which what was counted then weighs as good as nothing.
MEMORY_WEEKS = 4
#: As if so many articles had come on each day alike.
PRIOR_ARTICLES = 30.0

#: Natural logarithms of a factor up to which it counts nothing, and from which on fully.
SMALL, LARGE = math.log(1.3), math.log(1.7)

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


class Week:
    """Levels of all keys by the day of the week: articles an hour, a row for each key."""

    def __init__(self, rows: int) -> None:
        self.levels = np.zeros((rows, DAYS), np.float32)

    def grow(self) -> None:
        """Make twice as many rows."""
        self.levels = np.concatenate((self.levels, np.zeros_like(self.levels)))

    def factors(self, rows: Rows, day: int, hours: int) -> Floats | float:
        """Return by how much some keys have more of the stream on a day of the week than usual, after so many hours of it."""
        if hours < WEEK_HOURS:
            return 1.0
        seen = HOURS * min(MEMORY_WEEKS, hours // WEEK_HOURS)
        levels, whole = self.levels[rows].astype(np.float64), self.levels[0].astype(np.float64)
        of_whole = whole[day] / whole.mean() if whole.any() else 1.0
        found = (levels[:, day] * seen + PRIOR_ARTICLES) / (levels.mean(axis=1) * seen * of_whole + PRIOR_ARTICLES)
        differs = np.abs(np.log(found))
        told = np.clip((differs - SMALL) / (LARGE - SMALL), 0.0, 1.0)
        return np.asarray(found**told, np.float64)

    def kept(self, row: int) -> bytes:
        """Return a key's levels as they are persisted (float16)."""
        return bytes(self.levels[row].astype(np.float16).tobytes())

    def restore(self, row: int, days: bytes, level: float) -> None:
        """Take back a key's levels; older workers kept none, and each day is as usual."""
        self.levels[row] = np.frombuffer(days, np.float16) if days else level


def hours_of_day_learnt(hours: Rows | int, hour: Rows | int) -> Rows:
    """Return of how many hours a day's level is the mean; `hours`: of the stream, before this hour of the day."""
    return np.minimum(HOURS * MEMORY_WEEKS, HOURS * (hours // WEEK_HOURS) + hour + 1)
