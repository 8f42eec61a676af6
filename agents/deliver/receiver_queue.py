"""One receiver as the sender sees it: its attempts underway, whether it is down, and how long it is left alone."""

import asyncio

from agents.deliver.receivers.base import Receiver
from agents.deliver.settings import DeliverSettings

#: Failed attempts in a row after which a receiver is down.
DOWN_AFTER = 3
#: Pauses between two attempts at a receiver that is down: this share of the time that it has been down,
PROBE_SHARE = 1 / 30
#: and at least and at most so many seconds.
MIN_PROBE_SECONDS, MAX_PROBE_SECONDS = 1.0, 60.0


class ReceiverQueue:
    """One receiver: its attempts underway, and its health. `parallel`: attempts at the same time."""

    def __init__(self, receiver: Receiver, parallel: int) -> None:
        self.receiver = receiver
        self.parallel = 1 if receiver.one_at_a_time else parallel
        self.underway: dict[str, asyncio.Task[None]] = {}
        self.sending: set[str] = set()
        self.failures = 0
        self.failing_since = 0.0
        self.not_before = 0.0
        self.wake = asyncio.Event()

    @property
    def down(self) -> bool:
        """Whether it has failed too often in a row."""
        return self.failures >= DOWN_AFTER

    @property
    def room(self) -> int:
        """How many attempts may be begun; one counts until it is recorded: no more are made again after a crash."""
        return (1 if self.down else self.parallel) - len(self.underway)

    def give_up(self) -> None:
        """End the attempts that have no answer yet."""
        for key in self.sending:
            self.underway[key].cancel()

    def failed(
        self, now: float, settings: DeliverSettings, max_probe_seconds: float, retry_after_seconds: float | None
    ) -> None:
        """Note a failed attempt: the next one waits, longer each time while the receiver is down."""
        if not self.failures:
            self.failing_since = now
        self.failures += 1
        if self.down:
            pause = max((now - self.failing_since) * PROBE_SHARE, min(MIN_PROBE_SECONDS, settings.first_wait_seconds))
            self.not_before = now + min(pause, max_probe_seconds)
        if retry_after_seconds:
            self.not_before = max(self.not_before, now + min(retry_after_seconds, settings.max_wait_seconds))
