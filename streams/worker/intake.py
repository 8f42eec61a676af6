"""Messages between Kafka and a step's work: taken, waiting in bounded room, travelling in chunks."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any

from streams.step import Message
from streams.worker.pool import Done, Failed


@dataclass(slots=True)
class Taken:
    """A message in work: the Faust event to acknowledge, and when it was taken."""

    message: Message
    event: Any
    taken: float
    #: the number of rebalances before it was taken: one from before the last is its next owner's
    epoch: int
    finished: bool = False


@dataclass(slots=True)
class Chunk:
    """Messages that travel to a child process together, and their results when they are back."""

    taken: list[Taken]
    results: "asyncio.Task[list[Done | Failed]]"


class Inbox:
    """Messages taken and not yet in work, bounded in bytes."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self.items: deque[Taken] = deque()
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    async def put(self, taken: Taken) -> None:
        """Add a message; waits while there is no room (one message always fits)."""
        while self.bytes and self.bytes + len(taken.message.value) > self.max_bytes:
            self._room.clear()
            await self._room.wait()
        self.bytes += len(taken.message.value)
        self.items.append(taken)
        self._changed.set()

    async def wait(self, seconds: float | None = None) -> None:
        """Wait until there is a message, or for so many seconds."""
        if self.items:
            return
        self._changed.clear()
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return

    def take(self, most: int, most_bytes: int) -> list[Taken]:
        """Return up to so many messages, at least one where there is one. Their bytes count until `done`."""
        chunk: list[Taken] = []
        size = 0
        while self.items and len(chunk) < most and (not chunk or size + len(self.items[0].message.value) <= most_bytes):
            taken = self.items.popleft()
            size += len(taken.message.value)
            chunk.append(taken)
        return chunk

    def drop(self) -> None:
        """Let go of everything that is not yet in work."""
        waiting = list(self.items)
        self.items.clear()
        self.done(waiting)

    def done(self, chunk: list[Taken]) -> None:
        """Give back the room of messages that are settled."""
        self.bytes -= sum(len(taken.message.value) for taken in chunk)
        self._room.set()
