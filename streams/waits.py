"""The waits of a step, and since when: a Kafka that answers and yet takes or gives nothing must not look healthy.

Topics that are gone, rights that were taken away, too few replicas, a quota: each of them is waited for, without an end,
as a Kafka that is away is. After a while health names it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

#: A wait of so many seconds is worth a word.
HINDRANCE_SECONDS = 15.0
#: Characters of an error in that word.
MAX_ERROR = 300


@dataclass(slots=True)
class Wait:
    """Something that is waited for: since when, and why it did not come the last time (both monotonic seconds).

    `why` says the same where it is known to somebody else, and comes first.
    """

    noun: str
    since: float
    error: str = ""
    failed_at: float | None = None
    why: Callable[[], str] = str


class Waits:
    """The waits of one step that go on now."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: list[Wait] = []
        self._failing: dict[str, Wait] = {}

    @contextmanager
    def waiting_for(self, noun: str, why: Callable[[], str] = str) -> Iterator[Wait]:
        """Count the block as a wait; its `error` may be set meanwhile."""
        wait = Wait(noun, self._clock(), why=why)
        self._open.append(wait)
        try:
            yield wait
        finally:
            self._open.remove(wait)

    def failed(self, noun: str, error: BaseException) -> None:
        """Note a failure of something that is tried again; one that comes long after the last begins a wait of its own."""
        now = self._clock()
        wait = self._failing.get(noun)
        if wait is None or now - (wait.failed_at or now) > HINDRANCE_SECONDS:
            wait = self._failing[noun] = Wait(noun, now)
        wait.error, wait.failed_at = described(error), now

    def begin_anew(self) -> None:
        """Count from now on: Kafka was away, and failures and waits meanwhile say nothing of the Kafka that is back."""
        self._failing.clear()
        for wait in tuple(self._open):
            wait.since = self._clock()

    @property
    def hindrance(self) -> str | None:
        """The wait that has lasted too long, with its error if there is one; None where there is none."""
        now = self._clock()
        fresh = [w for w in self._failing.values() if now - (w.failed_at or 0.0) <= HINDRANCE_SECONDS]
        long = [wait for wait in (*self._open, *fresh) if now - wait.since > HINDRANCE_SECONDS]
        if not long:
            return None
        oldest = min(long, key=lambda wait: wait.since)
        error = oldest.why() or oldest.error[:MAX_ERROR]
        return f"waits for {oldest.noun}" + (f": {error}" if error else "")


def described(error: BaseException) -> str:
    """Return an error as part of a line; aiokafka's say their name themselves, most behind a number."""
    name, text = type(error).__name__, str(error)
    return text if name in text else f"{name}: {text}"
