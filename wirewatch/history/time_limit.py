"""A time limit for a question to history, looked at before each article that is tried.

A thread cannot be ended from outside: one whose question is given up would otherwise try its thousand articles all the same.
"""

import math
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from streams.errors import WirewatchError

T = TypeVar("T")
_UNTIL: ContextVar[float] = ContextVar("_UNTIL", default=math.inf)


class TimeOverError(WirewatchError):
    """A question has taken longer than it may."""


@contextmanager
def ending_at(until: float) -> Iterator[None]:
    """Give the question that is asked within an end, by `time.monotonic`."""
    token = _UNTIL.set(until)
    try:
        yield
    finally:
        _UNTIL.reset(token)


def timed(items: Iterable[T]) -> Iterator[T]:
    """Yield items for as long as there is time; raise `TimeOverError` then."""
    for item in items:
        if time.monotonic() > _UNTIL.get():
            raise TimeOverError("the question takes too long")
        yield item
