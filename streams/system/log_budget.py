"""How many lines of a log a flood of the same trouble may take."""

import math
import time
from collections.abc import Callable

HOUR = 3600.0


class LogBudget:
    """Lines that a log may take of one thing in a time: it names the next trouble after a flood, hours later."""

    def __init__(self, most: int, seconds: float = HOUR, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._since, self._asked = -math.inf, 0

    def take(self) -> bool:
        """Count one line; return whether it may be written."""
        now = self._clock()
        if now - self._since >= self._seconds:
            self._since, self._asked = now, 0
        self._asked += 1
        return self._asked <= self._most

    @property
    def is_spent(self) -> bool:
        """Return whether no line may be written until the time is over."""
        return self._asked >= self._most

    @property
    def left_out(self) -> int:
        """The lines of the last time that were asked for and not written."""
        return max(0, self._asked - self._most)
