"""Chunks: messages go to be computed some at a time, many chunks at once, and are settled in the order of their taking."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

from streams.step import Settler, Step, TimedSettler
from streams.work import Failure, Product, Success, Task
from streams.worker.compute import Compute
from streams.worker.intake import Intake, WorkItem
from streams.worker.settling import SETTLE_TOGETHER, Settling


@dataclass(slots=True)
class Chunk(Generic[Product]):
    """Messages that are computed together, and their results when they are back."""

    items: list[WorkItem]
    results: "asyncio.Task[list[Success[Product] | Failure]]"


class Chunks(Generic[Task, Product]):
    """Dispatches chunks and settles them: two tasks with bounded room between them."""

    def __init__(
        self,
        step: Step[Task, Product],
        settler: Settler[Task, Product],
        intake: Intake,
        compute: Compute[Task, Product],
        settling: Settling[Task, Product],
        rebalancing: Callable[[], bool] = lambda: False,
    ) -> None:
        self._step = step
        self._intake = intake
        self._compute = compute
        self._settling = settling
        self._rebalancing = rebalancing
        self._timed = settler if isinstance(settler, TimedSettler) else None
        ahead = 2 * compute.parallel  # as many as can be worked on, and one waiting for each
        self._slots = asyncio.Semaphore(ahead)
        self._chunks: asyncio.Queue[Chunk[Product]] = asyncio.Queue(maxsize=ahead)

    async def dispatch(self) -> None:
        """Send chunks to be computed, bounded, remembering the order; until cancelled."""
        while True:
            await self._slots.acquire()
            await self._intake.buffer.wait()
            share = -(-len(self._intake.buffer.items) // self._compute.parallel)  # a small backlog is spread over all
            items = self._intake.next(max(1, min(self._step.chunk_articles, share)), self._step.chunk_bytes)
            if not items:
                self._slots.release()
                continue
            self._intake.begin()
            results = asyncio.ensure_future(self._compute.run([item.message for item in items]))
            results.add_done_callback(lambda _: self._slots.release())
            await self._chunks.put(Chunk(items, results))

    async def settle(self) -> None:
        """Settle finished chunks in the order in which they were taken; until cancelled."""
        while True:
            try:
                chunk = await asyncio.wait_for(self._chunks.get(), self._timed.tick_seconds if self._timed else None)
            except TimeoutError:
                chunk = None
            if self._timed is not None and not self._rebalancing():
                await self._settling.tick(self._timed)
            if chunk is not None:
                await self._settle(chunk)

    async def _settle(self, chunk: Chunk[Product]) -> None:
        """Settle a chunk, with those behind it that have room beside it."""
        chunks = [chunk]
        items, results = list(chunk.items), await chunk.results
        while len(items) < SETTLE_TOGETHER and not self._chunks.empty():
            chunks.append(self._chunks.get_nowait())
            items += chunks[-1].items
            results = results + await chunks[-1].results
        await self._settling.finish(items, results)
        self._intake.end(len(chunks))
