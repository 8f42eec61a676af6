"""Filters of log lines: the same message of a library is logged once a minute, however often it comes."""

import logging
import time
from asyncio import CancelledError
from collections.abc import Callable

from streams.system.log_budget import LogBudget

#: Most kinds of message that are told apart; those beyond share one minute.
MOST_KINDS = 200
MINUTE_SECONDS = 60.0


class OncePerMinute(logging.Filter):
    """Lets the first record of a kind through and the next a minute later; a kind is its logger and its text's pattern."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._budgets: dict[tuple[str, str], LogBudget] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is logged; it then says how many like it were not."""
        kind = (record.name, str(record.msg)[:80])
        if kind not in self._budgets and len(self._budgets) >= MOST_KINDS:
            kind = (record.name, "")
        budget = self._budgets.setdefault(kind, LogBudget(1, MINUTE_SECONDS, self._clock))
        left_out = budget.left_out
        if not budget.take():
            return False
        if left_out:
            record.msg = f"{record.getMessage()} ({left_out} more like it in the last minutes)"
            record.args = ()
        return True


class ThirdParty(logging.Filter):
    """Bounds the lines of some libraries at a handler, and lets all others through.

    A cancelled task, which Faust reports as a crash with a trace, is left out.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self._names = names
        self._bound = OncePerMinute()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is logged."""
        if record.name.split(".")[0] not in self._names:
            return True
        cancelled = isinstance(record.exc_info, tuple) and isinstance(record.exc_info[1], CancelledError)
        return not cancelled and self._bound.filter(record)
