"""Ctrl-C and SIGTERM while a command waits for its input.

The event loop hears of a signal between two of its turns. A command that reads a pipe, a terminal or a FIFO waits within a
turn, for as long as nothing comes.
"""

import asyncio
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

T = TypeVar("T")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let a signal break off a wait for input: it raises `asyncio.CancelledError` in the task that waits.

    A signal that is ignored, as SIGHUP under nohup, stays so. Outside the main thread, which has no signals, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {name: handler for name in SIGNALS if (handler := signal.getsignal(name)) not in (signal.SIG_IGN, None)}
    try:
        for name in before:
            signal.signal(name, break_off)
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def break_off(_number: int, _frame: FrameType | None) -> None:
    """Cancel the task that waits."""
    raise asyncio.CancelledError


def waited_for(items: Iterable[T]) -> Iterator[T]:
    """Yield items; a signal breaks off the wait for each."""
    waiting = iter(items)
    while True:
        with interruptible():
            try:
                item = next(waiting)
            except StopIteration:
                return
        yield item
