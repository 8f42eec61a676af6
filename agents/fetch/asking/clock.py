"""The time, as the poller is given it: a test gives one that it moves itself."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """A clock: tells the time, and waits."""

    def now(self) -> float:
        """Return the time in epoch seconds."""

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Return when `event` is set or after `seconds` (None: only the event)."""

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Return the time in epoch seconds."""
        return time.time()

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Return when `event` is set or after `seconds` (None: only the event)."""
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        await asyncio.sleep(seconds)
