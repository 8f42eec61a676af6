"""Waiting for something that other processes do."""

import time
from collections.abc import Callable

#: How often it is looked.
LOOK_SECONDS = 0.1


def wait_for(met: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is so, or the time is over; say whether it is."""
    end = time.monotonic() + seconds
    while not met():
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_SECONDS)
    return True
