"""Settling in order of arrival: messages of all partitions are settled as their articles arrived, not as they came."""

import itertools
import math
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, cast

from streams.message import NO_ORIGIN, Change
from streams.metrics import Metrics
from streams.settings import Settings
from streams.step import ArrivalOrdering
from streams.work import Failure, Product, Success, Task
from streams.worker.compute import Compute
from streams.worker.intake import Intake, WorkItem
from streams.worker.offsets import Offsets
from streams.worker.order import ArrivalOrder
from streams.worker.settling import SETTLE_TOGETHER, Settling

#: How long a held message waits for the next look, in seconds.
LOOK_SECONDS = 0.05
#: The same for offsets that are missing still while no message is held: until a mark is behind them, a later owner would wait
#: for all that follow.
HOLE_SECONDS = 1.0
#: How old the known ends of the entry topic may be while all of its partitions have more to bring.
ENDS_SECONDS = 1.0
#: Keys of the records that say how far the order has come, among the step's own state.
MARK_KEY = "wirewatch:seen"


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A message that waits for its turn; `failure` says why it will be set aside then."""

    item: WorkItem
    failure: Failure | None


class OrderedSettling(Generic[Task, Product]):
    """The order of one step."""

    def __init__(
        self,
        ordering: ArrivalOrdering,
        settings: Settings,
        intake: Intake,
        compute: Compute[Task, Product],
        settling: Settling[Task, Product],
        metrics: Metrics,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.order: ArrivalOrder[WaitingMessage] = ArrivalOrder(ordering.wait_seconds(settings))
        self._marks = ordering.marks
        self._intake = intake
        self._compute = compute
        self._settling = settling
        self._metrics = metrics
        self._clock = clock
        #: the ends of the entry topic as Kafka told them last, and when it was asked
        self._ends: Mapping[int, int] = {}
        self._ends_at = -math.inf
        #: messages that have come and whose places are not known before Kafka has answered
        self._taken: list[WorkItem] = []
        #: the rebalances that there were when it was last asked what former owners have settled
        self._asked = -1
        self._shown = 0
        #: the marks as they are kept
        self._marked: dict[int, int] = {}

    async def run(self, offsets: Offsets[WaitingMessage]) -> None:
        """Settle until cancelled."""
        for partition, begin in (await offsets.begins()).items():
            self.order.skip(partition, begin)
        while True:
            seconds = LOOK_SECONDS if self.order.held else HOLE_SECONDS if self._unfinished else None
            await self._intake.buffer.wait(seconds)
            await self.turn(offsets)

    async def turn(self, offsets: Offsets[WaitingMessage]) -> None:
        """Take new messages, and settle those whose turn it is."""
        self._taken += self._intake.next(len(self._intake.buffer.items), self._intake.buffer.max_bytes)
        if not (self._taken or self.order.held or self._unfinished):
            return
        former = await self._former(offsets)
        now = self._clock()
        if (former or not self._knows_ends(now)) and (ends := await offsets.ends()):
            self._ends, self._ends_at = ends, now
        for partition, offset in former:
            if 0 <= offset < self._ends.get(partition, 0):
                self.order.mark(partition, offset, now)
        items, self._taken = self._taken, []
        empty = self._hold(items)
        self.order.clamp(self._ends)
        await self._begun(self._keep(empty))
        await offsets.pass_gaps(self.order, self._ends, now)
        self.order.give_up(self._ends, now)
        full = self._intake.buffer.bytes * 10 > self._intake.buffer.max_bytes * 9
        released = self.order.release(self._ends, self._ends_at, self._clock(), hurry=full)
        ready = list(itertools.islice(released, SETTLE_TOGETHER))
        self._show()
        if ready:
            await self._begun(self._finish(ready))
        elif self._intake.partitions and (passed := self._marks_of(self._passed())):
            await self._begun(self._kept(passed, self._settling.keep((), self._changes(passed))))

    def _knows_ends(self, now: float) -> bool:
        """Return whether newer ends would decide nothing else: by the known ones all partitions have more to bring.

        So a worker that is behind asks seldom.
        """
        if not (self._ends and 0 <= now - self._ends_at < ENDS_SECONDS):
            return False
        origins = (item.message.origin for item in self._taken if not self._compute.refusal(item.message))
        return self.order.is_behind(self._ends, len(self._taken)) and all(
            offset < self._ends.get(partition, 0) for partition, offset in origins
        )

    @property
    def _unfinished(self) -> bool:
        """Whether there is something to look at though no message is held; a worker that only stands by has nothing."""
        return bool(self._intake.partitions) and (self.order.has_holes or bool(self._passed()))

    async def _former(self, offsets: Offsets[WaitingMessage]) -> list[tuple[int, int]]:
        """Return the origins of the last messages that former owners have settled, once after each rebalance.

        The mark that is kept lies below the first offset that was missing. Those above it that have left their traces never
        come again, and would be waited for.
        """
        epoch = self._intake.epoch
        first = next((item.message for item in self._taken if item.epoch == epoch), None)
        if first is None or self._asked == epoch:
            return []
        # One after the other: each may be as large as Kafka takes.
        former = [message.origin async for message in offsets.before(first) if not self._compute.refusal(message)]
        self._asked = epoch
        return former

    def restore(self, key: str, value: bytes | None) -> bool:
        """Take back a mark of how far the order had come; return whether the record was one."""
        if not key.startswith(f"{MARK_KEY}:"):
            return False
        partition = int(key.removeprefix(f"{MARK_KEY}:"))
        self._marked[partition] = int(value or b"0")
        self.order.skip(partition, self._marked[partition])
        return True

    def give_up(self) -> None:
        """Let go of waiting messages: after a rebalance they are delivered again."""
        self._intake.buffer.done([waiting.item for waiting in self.order.forget()])

    async def _begun(self, work: Coroutine[Any, Any, None]) -> None:
        """Do a piece of work that is ended before partitions are given away."""
        self._intake.begin()
        try:
            await work
        finally:
            self._intake.end()

    def _hold(self, items: Sequence[WorkItem]) -> list[WorkItem]:
        """Put articles in their places; return the empty messages, which only say that a raw message brings none."""
        empty: list[WorkItem] = []
        for item in items:
            if item.epoch != self._intake.epoch:  # its partition went away while the ends were asked for
                self._intake.buffer.done([item])
                continue
            message, failure = item.message, self._compute.refusal(item.message)
            partition, offset = NO_ORIGIN if failure else message.origin
            if not 0 <= offset < self._ends.get(partition, 0):  # nobody wrote that raw message
                partition, offset = NO_ORIGIN
            if not message.value:
                self.order.mark(partition, offset, item.taken_at)
                empty.append(item)
                continue
            arrived = arrival(message.headers.get("ww_order"), message.timestamp)
            if arrived is None:
                failure = Failure("invalid_record", "header ww_order is no time")
            key = (message.timestamp if arrived is None else arrived, message.fetch_id)
            self.order.add(partition, offset, key, item.taken_at, WaitingMessage(item, failure))
        return empty

    async def _keep(self, empty: Sequence[WorkItem]) -> None:
        """Acknowledge empty messages once it is written how far the order has come by them.

        They come but once: a later owner would wait for those that no article of their partition has followed.
        """
        if empty:
            marks = self._touched(empty)
            await self._kept(marks, self._settling.keep(empty, self._changes(marks)), empty)

    async def _finish(self, ready: Sequence[WaitingMessage]) -> None:
        nothing = cast("Product", None)  # an ordered step computes nothing
        results = [waiting.failure or Success(nothing, 0.0) for waiting in ready]
        items = [waiting.item for waiting in ready]
        marks = self._touched(items)
        await self._kept(marks, self._settling.finish(items, results, self._changes(marks)), items)

    async def _kept(self, marks: Mapping[int, int], writing: Awaitable[bool], items: Sequence[WorkItem] = ()) -> None:
        """Count marks as kept once they are written; messages that are another worker's by then have not been settled here."""
        if await writing:
            self._marked |= marks
            return
        for item in items:
            if not self._compute.refusal(item.message):
                self.order.unsee(*item.message.origin)

    def _touched(self, items: Sequence[WorkItem]) -> dict[int, int]:
        """Return the offsets below which a later owner of the order has nothing to wait for, by partition."""
        touched = {item.message.origin[0] for item in items if not self._compute.refusal(item.message)}
        return self._marks_of(touched & set(self._ends) | self._passed())

    def _passed(self) -> set[int]:
        """Return the partitions where the order has come further than is kept: offsets without a message were passed over."""
        return {partition for partition, below in self._marked.items() if below < self.order.settled_below(partition)}

    def _marks_of(self, partitions: Iterable[int]) -> dict[int, int]:
        """Return the marks of partitions."""
        return {partition: self.order.settled_below(partition) for partition in partitions}

    def _changes(self, marks: Mapping[int, int]) -> list[Change]:
        """Return marks as they are written."""
        return [Change(self._marks, 0, f"{MARK_KEY}:{p}", str(below).encode()) for p, below in marks.items()]

    def _show(self) -> None:
        self._metrics.order_held.inc(self.order.held - self._shown)
        self._shown = self.order.held
        if self.order.timeouts:
            self._metrics.order_timeouts.inc(self.order.timeouts)
            self.order.timeouts = 0


def arrival(header: bytes | None, timestamp: float) -> float | None:
    """Return when an article arrived, in epoch seconds: as its header says, or its message; None for a header that is none."""
    if not header:
        return timestamp
    try:
        at = float(header[:40])
    except ValueError:
        return None
    return (at or timestamp) if math.isfinite(at) else None
