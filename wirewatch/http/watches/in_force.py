"""The watches in force, as Kafka has them: read once for all who ask within some seconds."""

import asyncio
import math
import time
from typing import NamedTuple

from agents.watch.mutes import Mutes
from streams.errors import BrokerError
from streams.records import HeldBack
from streams.settings import Settings
from wirewatch.watches import topic as watch_topic

#: Seconds that Kafka may take, and for which its answer is kept.
KAFKA_SECONDS, KEPT_SECONDS = 15.0, 5.0


class InForceNow(NamedTuple):
    """The watches as Kafka has them: their records by name, mutes, and by name the alerts that were held back."""

    records: dict[str, bytes]
    mutes: Mutes
    held_back: dict[str, list[HeldBack]]


class WatchesInForce:
    """Reads the watches in force, and keeps them; a failure too, so that many tabs wait for one and not each for its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._reading = asyncio.Lock()
        self._kept = InForceNow({}, Mutes(), {})
        self._read_at = self._failed_at = -math.inf
        self._failure = ""

    async def read(self, kept_seconds: float = KEPT_SECONDS) -> InForceNow:
        """Return them, at most so old. Raises `BrokerError` or `TimeoutError`."""
        async with self._reading:
            if time.monotonic() >= self._read_at + kept_seconds:
                if time.monotonic() < self._failed_at + KEPT_SECONDS:
                    raise BrokerError(self._failure)
                reading = asyncio.gather(
                    watch_topic.in_force_and_muted(self._settings), watch_topic.held_back(self._settings)
                )
                try:
                    (records, mutes), held_back = await asyncio.wait_for(reading, KAFKA_SECONDS)
                except (BrokerError, TimeoutError) as error:
                    self._failure, self._failed_at = str(error) or "no answer in time", time.monotonic()
                    raise
                self._kept, self._read_at = InForceNow(records, mutes, held_back), time.monotonic()
            return self._kept

    def forget(self) -> None:
        """Read them anew next time: they were changed."""
        self._read_at = -math.inf
