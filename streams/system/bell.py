"""A bell that this process's own producer rings, for consumers on a broker that does not wake them itself."""

import asyncio
import threading
from collections import defaultdict


class Bell:
    """Wakes the consumers of this process that wait for a message on a topic; each has an event loop of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: defaultdict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = defaultdict(set)

    def hang(self, topic: str, event: asyncio.Event) -> None:
        """Set an event of the running loop at each message on a topic."""
        with self._lock:
            self._waiting[topic].add((asyncio.get_running_loop(), event))

    def take_down(self, topic: str, event: asyncio.Event) -> None:
        """Set the event no more."""
        with self._lock:
            self._waiting[topic].discard((asyncio.get_running_loop(), event))

    def rang(self, topic: str) -> None:
        """Say that there is a message on a topic."""
        with self._lock:
            for loop, event in self._waiting[topic]:
                loop.call_soon_threadsafe(event.set)


BELL = Bell()
