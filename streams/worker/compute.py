"""The work of a step on some messages: in child processes, in the step's own thread, or none. Workers and `apply` use it."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, cast

from streams.message import Message
from streams.metrics import Metrics
from streams.settings import Settings
from streams.settle import foreign, oversize
from streams.step import Settler, Step, ThreadSettler
from streams.work import Failure, Product, Success, Task, failure_of, run_chunk
from streams.worker.pool import WorkPool


class Compute(Generic[Task, Product]):
    """Computes one step's products."""

    def __init__(
        self,
        step: Step[Task, Product],
        settler: Settler[Task, Product],
        settings: Settings,
        pool: WorkPool | None,
        retried: Callable[[], None] = lambda: None,
    ) -> None:
        self._step = step
        self._settler = settler
        self._pool = pool if step.work is not None else None
        self._threaded = settler if isinstance(settler, ThreadSettler) else None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=step.name) if self._threaded else None
        self._timeout_seconds = step.timeout_seconds(settings)
        self._max_bytes = step.max_bytes(settings)
        self._retried = retried

    @property
    def parallel(self) -> int:
        """How many chunks can be worked on at once."""
        return self._pool.processes if self._pool is not None else 1

    async def run(self, messages: Sequence[Message]) -> list[Success[Product] | Failure]:
        """Return a product for each message, in order, or why there is none."""
        results: list[Success[Product] | Failure | None] = [self.refusal(message) for message in messages]
        if self._threaded is None and self._pool is None:
            nothing = cast("Product", None)
            return [result or Success(nothing, 0.0) for result in results]
        wanted: list[int] = []
        tasks: list[Task] = []
        for index, message in enumerate(messages):
            if results[index] is None:
                try:
                    tasks.append(self._settler.task(message))
                    wanted.append(index)
                except Exception as error:  # noqa: BLE001 - the step contract: a bad message never stops a partition
                    results[index] = failure_of(error)
        for index, result in zip(wanted, await self._products(tasks) if tasks else (), strict=True):
            results[index] = result
        return [result for result in results if result is not None]

    def refusal(self, message: Message) -> Failure | None:
        """Return why a message is not even looked at; None for one that is."""
        return oversize(message, self._max_bytes) or foreign(message)

    async def _products(self, tasks: list[Task]) -> list[Success[Product] | Failure]:
        if self._threaded is not None:
            return await asyncio.get_running_loop().run_in_executor(
                self._thread, run_chunk, self._threaded.compute, tasks, self._threaded.compute_all
            )
        assert self._pool is not None
        assert self._step.work is not None
        return await self._pool.run(
            self._step.work, tasks, self._timeout_seconds, self._retried, work_all=self._step.work_all
        )

    async def absorb(self, metrics: Metrics) -> None:
        """Let a settler with a thread take in the restored changes, in its thread."""
        if self._threaded is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._threaded.absorb)
            self._threaded.report(metrics)

    def close(self) -> None:
        """End the thread; its message is delivered again."""
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)
