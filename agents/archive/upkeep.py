"""Upkeep of history: the work of the step beside its messages."""

from collections.abc import Sequence
from typing import Protocol

from agents.archive.filling import Filler
from agents.archive.pruning import Pruner
from streams.system.tasks import run_together


class Stoppable(Protocol):
    """The writing side of a store."""

    def stop(self) -> None:
        """Let a write that waits for the store give up."""


class Upkeep:
    """Fills a store that is new, and keeps it from growing too large, as the step's companion."""

    def __init__(self, filler: Filler, pruner: Pruner, writing: Sequence[Stoppable]) -> None:
        self._filler = filler
        self._pruner = pruner
        self._writing = writing

    async def run(self) -> None:
        """Work until cancelled."""
        await run_together((self._filler.run(), self._pruner.run()))

    def resume(self, partition: int) -> None:
        """Do nothing: history has no partitions of Kafka's."""

    async def pause(self) -> None:
        """Do nothing: who prunes does not matter."""

    async def close(self) -> None:
        """Let writes that wait for the store give up."""
        for each in self._writing:
            each.stop()
