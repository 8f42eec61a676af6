"""Child processes that read documents, pages and robots.txt; they are started with the first task."""

from collections.abc import Callable
from typing import Any, Protocol

from streams.work import Failure, Success


class Pool(Protocol):
    """Child processes, as `streams.worker.pool.WorkPool` has them."""

    async def run(
        self, work: Callable[[Any], Any], tasks: list[Any], timeout_seconds: float
    ) -> list[Success[Any] | Failure]:
        """Return a result for each task."""

    async def stop(self) -> None:
        """End the processes."""


class ChildPool:
    """A pool that is started with its first task, so that a worker without sources has no processes for them."""

    def __init__(self, start: Callable[[], Pool]) -> None:
        self._start = start
        self._pool: Pool | None = None

    async def run(
        self, work: Callable[[Any], Any], tasks: list[Any], timeout_seconds: float
    ) -> list[Success[Any] | Failure]:
        """Return a result for each task."""
        if self._pool is None:
            self._pool = self._start()
        return await self._pool.run(work, tasks, timeout_seconds)

    async def stop(self) -> None:
        """End the processes; a later task starts others."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.stop()
