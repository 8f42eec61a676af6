"""The jobs of a poller that have begun and are not over."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

#: The kind of a job, and its name within that kind.
Key = tuple[str, str]


class Underway:
    """Tasks by kind and name. `ended` is called as each ends."""

    def __init__(self, ended: Callable[[], None]) -> None:
        self._ended = ended
        self._tasks: dict[Key, asyncio.Task[None]] = {}

    def __len__(self) -> int:
        """Count the jobs."""
        return len(self._tasks)

    def __contains__(self, key: Key) -> bool:
        """Return whether a job is underway."""
        return key in self._tasks

    def begin(self, key: Key, work: Coroutine[Any, Any, None]) -> None:
        """Begin a job; it ends by itself, or with all others."""
        task = asyncio.ensure_future(work)
        self._tasks[key] = task

        def over(_: "asyncio.Task[None]") -> None:
            self._tasks.pop(key, None)
            self._ended()

        task.add_done_callback(over)

    async def end(self, grace_seconds: float) -> None:
        """Let all jobs end for a moment, then end them."""
        tasks = set(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=grace_seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
