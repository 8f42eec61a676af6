"""`wirewatch apply`: the steps over a file, with the same cores, settlers and process pool as the workers, no broker.

Lines go through the chosen steps in order and come out in the order of the input. The result does not depend on how
fast the processes are: a chunk is sent only when the chunk a fixed number before it has been settled.
"""

import asyncio
import itertools
from codecs import BOM_UTF8
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from agents.clean.step import CLEAN_STEP, LEARN_STEP
from agents.dedup.step import DEDUP_STEP, SKETCH_STEP
from agents.tag.step import TAG_STEP
from agents.watch.records import Watch
from agents.watch.step import MATCH_STEP, WATCH_STEP
from streams.errors import SettingsError
from streams.records import encode
from streams.settings import Settings
from streams.step import Message, Output, Settler, Step, Threaded, settle, too_large
from streams.topics import FURNITURE, LINES, WATCHES, KafkaTopic
from streams.worker.pool import Done, Failed, WorkPool, run_chunk

#: What can be named on the command line, and the steps behind it.
STAGES: dict[str, tuple[Step, ...]] = {
    "clean": (CLEAN_STEP,),
    "dedup": (SKETCH_STEP, DEDUP_STEP),
    "tag": (TAG_STEP,),
    "watch": (MATCH_STEP, WATCH_STEP),
}


#: How a dead record of an earlier step begins: it keeps its place and goes through no further step.
DEAD_LINE = b'{"schema":"wirewatch.dead.v1"'


@dataclass(frozen=True, slots=True)
class Item:
    """A message on its way, or one whose record has left the steps and keeps its place."""

    message: Message
    record: bytes | None = None


class Stage:
    """One step of the chain."""

    def __init__(self, step: Step, settings: Settings, pool: WorkPool, taught: Callable[[Output], None]) -> None:
        self.step = step
        self.settler: Settler = step.settler(settings)
        self._settings = settings
        self._pool = pool
        self._taught = taught
        self._window = 2 * pool.processes
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=step.name)

    async def run(self, items: AsyncIterator[Item]) -> AsyncIterator[Item]:
        """Yield what becomes of each item, in order."""
        window: deque[tuple[list[Item], asyncio.Task[list[Done | Failed]]]] = deque()
        async for chunk in self._chunks(items):
            if len(window) == self._window:
                for item in await self._settle(*window.popleft()):
                    yield item
            window.append((chunk, asyncio.ensure_future(self._work(chunk))))
        while window:
            for item in await self._settle(*window.popleft()):
                yield item

    async def _chunks(self, items: AsyncIterator[Item]) -> AsyncIterator[list[Item]]:
        chunk: list[Item] = []
        size = 0
        async for item in items:
            chunk.append(item)
            size += len(item.message.value) if item.record is None else 0
            if len(chunk) >= self.step.chunk_articles or size >= self.step.chunk_bytes:
                yield chunk
                chunk, size = [], 0
        if chunk:
            yield chunk

    async def _work(self, chunk: list[Item]) -> list[Done | Failed]:
        limit = self._settings.clean.max_page_bytes
        messages = [item.message for item in chunk if item.record is None]
        early = [too_large(message, limit) for message in messages]
        tasks = [self.settler.task(m) for m, failed in zip(messages, early, strict=True) if failed is None]
        done: list[Done | Failed] = []
        if isinstance(self.settler, Threaded):
            done = await asyncio.get_running_loop().run_in_executor(
                self._thread, run_chunk, self.settler.compute, tasks
            )
        elif self.step.work is None:
            done = [Done(None, 0.0) for _ in tasks]
        elif tasks:
            timeout = self.step.timeout_seconds(self._settings)
            done = await self._pool.run(self.step.work, tasks, timeout, work_all=self.step.work_all)
        results = iter(done)
        return [failed or next(results) for failed in early]

    async def _settle(self, chunk: list[Item], work: "asyncio.Task[list[Done | Failed]]") -> list[Item]:
        results = iter(await work)
        out: list[Item] = []
        for item in chunk:
            if item.record is not None:
                out.append(item)
                continue
            result = next(results)
            outputs = self._outputs(item.message, result)
            for output in outputs:
                message = onward(output, item.message)
                out.append(Item(message, None if output.topic is self.step.gives[0] else message.value))
        return out

    def _outputs(self, message: Message, result: Done | Failed) -> list[Output]:
        settled = settle(self.step, self.settler, message, result, self._settings.clean.max_page_bytes)
        for output in settled.outputs:
            if output.topic is LINES:
                self._taught(output)
        return [output for output in settled.outputs if output.topic is not LINES]


def onward(output: Output, message: Message) -> Message:
    """Return an output as the next step takes it."""
    value = output.record if isinstance(output.record, bytes) else encode(output.record)
    headers = {"ce_id": output.event_id.encode(), **output.headers}
    return Message(output.topic.name, -1, -1, None, value, headers, message.timestamp)


class Chain:
    """The chosen steps, ready to be applied."""

    def __init__(self, names: str, settings: Settings, watches: Sequence[Watch] | None = None) -> None:
        """Raise `SettingsError` for a step that there is not, or one in the wrong place, or `watch` without watches."""
        wanted = [name.strip() for name in names.split(",") if name.strip()]
        for name in wanted:
            if name not in STAGES:
                raise SettingsError(f"no step is called {name!r}; apply knows {', '.join(STAGES)}")
        if wanted != [name for name in STAGES if name in wanted]:
            raise SettingsError(f"steps go in this order: {', '.join(STAGES)}")
        if not wanted:
            raise SettingsError(f"name at least one step of {', '.join(STAGES)}")
        if ("watch" in wanted) != (watches is not None):
            raise SettingsError("the step `watch` and the option --watches FILE go together")
        self._watches = watches or ()
        self.steps = [step for name in wanted for step in STAGES[name]]
        self._settings = settings
        self._learner: Settler = LEARN_STEP.settler(settings)
        self._stages: list[Stage] = []

    async def run(self, lines: Iterable[bytes]) -> AsyncIterator[bytes]:
        """Yield an output record for each line that is not blank, as JSON, in order."""
        loads = [step.load for step in self.steps if step.load]
        pool = WorkPool(self._settings.worker.processes, loads, self._settings.worker.max_memory_mib)
        try:
            self._stages = [Stage(step, self._settings, pool, self._teach) for step in self.steps]
            for stage in self._stages:
                for watch in self._watches if WATCHES in stage.settler.follows else ():
                    stage.settler.restore(WATCHES, watch.name, encode(watch.record))
            items = messages(lines, self.steps[0].takes)
            for stage in self._stages:
                items = stage.run(items)
            async for item in items:
                yield item.record if item.record is not None else item.message.value
        finally:
            await asyncio.to_thread(pool.stop)

    def _teach(self, output: Output) -> None:
        """Let the lines of a plain text be learned at once, and the clean step know."""
        value = output.record if isinstance(output.record, bytes) else encode(output.record)
        message = Message(LINES.name, -1, -1, None, value, {}, 0.0)
        for change in self._learner.settle(message, None).changes:
            self._stages[0].settler.restore(FURNITURE, change.key, change.value)


async def messages(lines: Iterable[bytes], takes: KafkaTopic) -> AsyncIterator[Item]:
    """Yield a message for each line. All arrive at once, as an archive does that is sent to Kafka: no window ends."""
    for batch in batches(lines, 64):
        for number, line in batch:
            message = Message(takes.name, -1, number, None, line, {}, 0.0)
            yield Item(message, line if line.startswith(DEAD_LINE) else None)
        await asyncio.sleep(0)


def batches(lines: Iterable[bytes], size: int) -> Iterator[list[tuple[int, bytes]]]:
    """Yield the lines that are not blank with their numbers from 1, some at a time."""
    numbered = ((number, line.removeprefix(BOM_UTF8).strip()) for number, line in enumerate(lines, start=1))
    filled = (numbered_line for numbered_line in numbered if numbered_line[1])
    while batch := list(itertools.islice(filled, size)):
        yield batch
