"""Room for the bodies that are held at once: two hundred requests may be underway, and each may bring some megabytes.

A body counts from its first byte until the task is done that asked for it. Where all room is taken the bodies wait, unread,
but for the one that was begun first, so that one always gets through.
"""

import asyncio
from typing import Any

#: Bodies that are held at once, in bytes, unpacked.
MOST_HELD_BYTES = 128 << 20


class Room:
    """Bytes of bodies by the tasks that hold them, the one first that was begun first."""

    def __init__(self, most: int = MOST_HELD_BYTES) -> None:
        self.held = 0
        self._most = most
        self._tasks: dict[asyncio.Task[Any], int] = {}
        self._freed = asyncio.Event()

    async def wait(self) -> None:
        """Wait until there is room for more of this task's body. Whatever is added before the next `await` fits."""
        task = self._task()
        while self.held >= self._most and next(iter(self._tasks)) is not task:
            self._freed.clear()
            await self._freed.wait()

    def add(self, size: int) -> None:
        """Count more bytes of this task."""
        self._tasks[self._task()] += size
        self.held += size

    def _task(self) -> asyncio.Task[Any]:
        """Return the task that runs, and let go of its bytes once it is done."""
        task = asyncio.current_task()
        assert task is not None
        if task not in self._tasks:
            self._tasks[task] = 0
            task.add_done_callback(self._free)
        return task

    def _free(self, task: asyncio.Task[Any]) -> None:
        self.held -= self._tasks.pop(task)
        self._freed.set()
