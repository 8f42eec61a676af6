"""`wirewatch apply`: the steps over a file, with the same cores, settlers and work as the workers, no broker.

Lines go through the chosen steps in order and come out in the order of the input. The result does not depend on how
fast the processes are: a chunk is sent only when the chunk a fixed number before it has been settled.
"""

import asyncio
import itertools
from codecs import BOM_UTF8
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from agents.watch.records import Watch
from streams.errors import SettingsError
from streams.message import Change, Message, Output
from streams.records import Dead, Record, encode, schema_of
from streams.settings import Settings
from streams.settle import settle
from streams.step import AnySettler, AnyStep
from streams.text.names import those
from streams.topics import WATCHES, KafkaTopic
from streams.work import Failure, Success
from streams.worker.compute import Compute
from streams.worker.pool import WorkPool
from wirewatch.steps import STAGES, TABLE
from wirewatch.terminal.interrupts import interruptible

#: A product of any step, or why there is none.
Result = Success[object] | Failure


#: Lines that are read before others may work.
LINES_TOGETHER = 64


@dataclass(frozen=True, slots=True)
class Item:
    """A message on its way, or one whose record has left the steps and keeps its place."""

    message: Message
    record: bytes | None = None


class Stage:
    """One step of the chain."""

    def __init__(
        self, step: AnyStep, settings: Settings, pool: WorkPool, side: "SideSteps", changes: deque[Change]
    ) -> None:
        self.step = step
        self.settler: AnySettler = step.settler(settings)
        self._compute = Compute(step, self.settler, settings, pool)
        self._side = side
        self._changes = changes
        self._also = frozenset(topic.name for topic in step.takes[1:])
        self._window = 2 * pool.processes
        self._underway: set[asyncio.Task[list[Result]]] = set()

    async def run(self, items: AsyncIterator[Item], settled: Callable[[int], None] | None) -> AsyncIterator[Item]:
        """Yield the outputs of each item, in order; call `settled` with how many items have been settled."""
        window: deque[tuple[list[Item], asyncio.Task[list[Result]]]] = deque()
        async for chunk in self._chunks(items):
            if len(window) == self._window:
                for item in await self._settle(*window.popleft(), settled):
                    yield item
            messages = [item.message for item in chunk if self._wants(item)]
            work = asyncio.ensure_future(self._compute.run(messages))
            self._underway.add(work)
            work.add_done_callback(self._underway.discard)
            window.append((chunk, work))
        while window:
            for item in await self._settle(*window.popleft(), settled):
                yield item

    def _wants(self, item: Item) -> bool:
        """Return whether an item is the step's: it is on its way, or left an earlier step for a topic that this one takes."""
        return item.record is None or item.message.topic in self._also

    async def close(self) -> None:
        """Give up the work that is underway, and end the step's thread."""
        underway = list(self._underway)
        for work in underway:
            work.cancel()
        await asyncio.gather(*underway, return_exceptions=True)
        self._compute.close()

    async def _chunks(self, items: AsyncIterator[Item]) -> AsyncIterator[list[Item]]:
        chunk: list[Item] = []
        size = 0
        async for item in items:
            chunk.append(item)
            size += len(item.message.value) if self._wants(item) else 0
            if len(chunk) >= self.step.chunk_articles or size >= self.step.chunk_bytes:
                yield chunk
                chunk, size = [], 0
        if chunk:
            yield chunk

    async def _settle(
        self, chunk: list[Item], work: "asyncio.Task[list[Result]]", settled: Callable[[int], None] | None
    ) -> list[Item]:
        results = iter(await work)
        out: list[Item] = []
        for item in chunk:
            if not self._wants(item):
                out.append(item)
                continue
            settlement = settle(self.step, self.settler, item.message, next(results))
            self._changes += settlement.changes
            for output in settlement.outputs:
                if not self._side.takes(output) and not self.step.left_out(output):
                    message = onward(output, item.message)
                    out.append(Item(message, None if output.topic is self.step.gives[0] else message.value))
        if settled is not None:
            settled(len(chunk))
        return out


class SideSteps:
    """Steps beside the chain that only learn from it (`learn`): their state goes to the stages that follow it."""

    def __init__(self, settings: Settings, stages: Sequence[Stage], changes: deque[Change]) -> None:
        self._stages = stages
        self._changes = changes
        learning = [step for step in TABLE if not step.stage and not step.gives and not step.needs]  # a store is none
        beside = [(step, step.settler(settings)) for step in learning]
        self._steps: Mapping[KafkaTopic, tuple[AnyStep, AnySettler]] = {
            step.takes[0]: (step, settler) for step, settler in beside if settler.states
        }
        self.settlers = [settler for _, settler in self._steps.values()]

    def takes(self, output: Output) -> bool:
        """Give an output to the step beside the chain that takes it, at once; return whether there is one."""
        if output.topic not in self._steps:
            return False
        step, settler = self._steps[output.topic]
        message = Message(output.topic.name, -1, -1, None, output.value, {}, 0.0)
        for change in settle(step, settler, message, Success(None, 0.0)).changes:
            self._changes.append(change)
            self._tell(change)
        return True

    def _tell(self, change: Change) -> None:
        for stage in self._stages:
            if change.topic in stage.settler.follows:
                stage.settler.restore(change.topic, change.key, change.value)


def onward(output: Output, message: Message) -> Message:
    """Return an output as the next step takes it."""
    headers = {"ce_id": output.event_id.encode(), **output.headers}
    value = output.value if output.whole is None else output.whole
    return Message(output.topic.name, -1, -1, None, value, headers, message.timestamp)


def named(names: str) -> list[str]:
    """Return the stages of a comma list; raise `SettingsError` for one that there is not, or in the wrong place."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in STAGES:
            first = "" if wanted[1:] else "; the steps come first, then the file"
            raise SettingsError(f"no step is called {name!r}{those(name, ['poll', *STAGES])}{first}")
    if wanted != [name for name in STAGES if name in wanted]:
        raise SettingsError(f"steps go in this order: {', '.join(STAGES)}")
    if not wanted:
        raise SettingsError(f"name at least one step of {', '.join(STAGES)}")
    for before, after in itertools.pairwise(wanted):
        given = STAGES[before][-1].gives[0].record
        if given is not None and not takes(after, given):
            links = [name for name in STAGES if takes(name, given) and takes(after, STAGES[name][-1].gives[0].record)]
            advice = f": put {links[0]} between them" if links else ""
            raise SettingsError(f"the step {after} does not take the records that {before} gives{advice}")
    return wanted


def takes(stage: str, record: type[Record] | None) -> bool:
    """Return whether a stage takes a type of record."""
    return record in (topic.record for topic in STAGES[stage][0].takes)


class Chain:
    """The chosen steps, ready to be applied."""

    def __init__(self, names: str, settings: Settings, watches: Sequence[Watch] | None = None) -> None:
        """Raise `SettingsError` for a step that there is not, or one in the wrong place, or `watch` without watches."""
        wanted = named(names)
        if "watch" in wanted and watches is None:
            raise SettingsError("the step `watch` needs --watches PATH, a TOML file of watches or a folder of them")
        if watches is not None and "watch" not in wanted:
            raise SettingsError("--watches goes with the step `watch`: add it behind the other steps")
        self._watches = watches or ()
        self.steps = [step for name in wanted for step in STAGES[name]]
        self._settings = settings

    async def run(self, lines: Iterable[bytes]) -> AsyncIterator[bytes]:
        """Yield an output record for each line that is not blank, as JSON, in order."""
        async with self.started() as chain:
            async for record in chain.run(numbered(lines)):
                yield record

    @asynccontextmanager
    async def started(
        self, settled: Callable[[int], None] = lambda _: None, *, resumable: bool = False
    ) -> AsyncIterator["StartedChain"]:
        """Give the steps with their processes; `settled` is called with how many lines the first step has settled."""
        pool = WorkPool.of(self.steps, self._settings)
        chain = StartedChain(self.steps, settled, resumable=resumable)
        try:
            chain.start(self._settings, pool)
            for watch in self._watches:
                chain.follow(WATCHES, watch.name, encode(watch.record))
            yield chain
        finally:
            for stage in chain.stages:
                await stage.close()
            await pool.stop()


class StartedChain:
    """Steps that run; `changes` are all changes of their state since it was emptied last, where it is to be resumed."""

    def __init__(self, steps: Sequence[AnyStep], settled: Callable[[int], None], *, resumable: bool) -> None:
        self._steps = steps
        self._settled = settled
        self.stages: list[Stage] = []
        self.changes: deque[Change] = deque(maxlen=None if resumable else 0)

    def start(self, settings: Settings, pool: WorkPool) -> None:
        """Make the stages; those that are made already are there to be closed where one fails."""
        self._side = SideSteps(settings, self.stages, self.changes)
        for step in self._steps:
            self.stages.append(Stage(step, settings, pool, self._side, self.changes))

    async def run(self, lines: Iterable[tuple[int, bytes]]) -> AsyncIterator[bytes]:
        """Yield the output records of some lines, each with its number; ends when all have left the last step."""
        items = messages(lines, self._steps[0].takes, (beginning(Dead), *left_before(self._steps[0])))
        for stage in self.stages:
            items = stage.run(items, self._settled if stage is self.stages[0] else None)
        async for item in items:
            yield item.record if item.record is not None else item.message.value

    def follow(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Give the steps a record of a topic that they follow."""
        for stage in self.stages:
            if topic in stage.settler.follows:
                stage.settler.restore(topic, key, value)

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take back a change of state, in the order in which they were written."""
        self.follow(topic, key, value)
        for settler in (*(stage.settler for stage in self.stages), *self._side.settlers):
            if topic in settler.states:
                settler.restore(topic, key, value)


def beginning(record: type[Record]) -> bytes:
    """Return how the lines of a record type begin."""
    return f'{{"schema":"{schema_of(record)}"'.encode()


def left_before(first: AnyStep) -> list[bytes]:
    """Return the beginnings of lines that earlier steps write beside the articles that go on, as `dedup` writes copies.

    But for those that the first step takes.
    """
    earlier = itertools.takewhile(
        lambda step: step.stage != first.stage, itertools.chain.from_iterable(STAGES.values())
    )
    beside = {topic.record for step in earlier for topic in step.gives[1:]} - {topic.record for topic in first.takes}
    return sorted(beginning(record) for record in beside if record is not None)


async def messages(
    lines: Iterable[tuple[int, bytes]], takes: Sequence[KafkaTopic], left: tuple[bytes, ...]
) -> AsyncIterator[Item]:
    """Yield a message for each line; one that begins like `left` keeps its place and goes through no step.

    All arrive at once, as an archive does that is sent to Kafka: no window ends.
    """
    waiting = iter(lines)
    while batch := together(waiting):
        for number, line in batch:
            message = Message(topic_of(line, takes).name, -1, number, None, line, {}, 0.0)
            yield Item(message, line if line.startswith(left) else None)
        await asyncio.sleep(0)


def together(lines: Iterator[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """Return the next lines, `LINES_TOGETHER` at most; a signal breaks off the wait for them."""
    with interruptible():
        return list(itertools.islice(lines, LINES_TOGETHER))


def topic_of(line: bytes, takes: Sequence[KafkaTopic]) -> KafkaTopic:
    """Return the topic that a line would have come by: of several, the one whose schema it names near its beginning."""
    for topic in takes[1:]:
        if topic.record is not None and schema_of(topic.record).encode() in line[:200]:
            return topic
    return takes[0]


def numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank with their numbers from 1."""
    plain = ((number, line.removeprefix(BOM_UTF8).strip()) for number, line in enumerate(lines, start=1))
    return ((number, line) for number, line in plain if line)
