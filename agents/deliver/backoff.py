"""The wait before an alert is tried again."""

import random

from agents.deliver.settings import DeliverSettings


def next_wait(
    attempt: int, settings: DeliverSettings, chance: random.Random, retry_after_seconds: float | None
) -> float | None:
    """Return the seconds from the failure of the `attempt`-th attempt (from 1) to the next; None: there is none.

    The wait doubles with each attempt up to the longest, and half of it is random, so that attempts that failed together
    are not repeated together. What the receiver asks for (`Retry-After`) is the least, up to the longest.
    """
    if attempt >= settings.max_attempts:
        return None
    longest = settings.max_wait_seconds
    # min() before the power is taken: 2 ** 5000 is no float
    doublings = min(attempt - 1, 64)
    wait = min(settings.first_wait_seconds * 2.0**doublings, longest)
    wait = wait / 2 + chance.uniform(0.0, wait / 2)
    return max(wait, min(retry_after_seconds or 0.0, longest))
