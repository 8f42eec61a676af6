"""Settling: the last part of the way of some messages.

State, then outputs (or outputs, then state: `Step.outputs_first`), then the acknowledgement, then the counting.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Generic

from prometheus_client import Counter

from streams.message import Change, Output, Refusal, Settlement
from streams.metrics import Metrics
from streams.records import Dead
from streams.settle import mark_of, settle
from streams.step import AnyStep, Publisher, Settler, Step, TimedSettler
from streams.work import Failure, Product, Success, Task
from streams.worker.intake import Intake, WorkItem, wait_for_session

logger = logging.getLogger("wirewatch.worker")

#: Messages that are settled and confirmed together.
SETTLE_TOGETHER = 256

#: Called with each settlement of a step, for the page and the terminal.
OnSettled = Callable[[AnyStep, Settlement], None]


@dataclass(slots=True)
class Totals:
    """Counts of a step since the start, for the terminal and the page."""

    taken: int = 0
    given: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    lag: int = 0
    seconds: deque[float] = field(default_factory=lambda: deque(maxlen=500))


class Settling(Generic[Task, Product]):
    """Settles one step's messages."""

    def __init__(
        self,
        step: Step[Task, Product],
        settler: Settler[Task, Product],
        intake: Intake,
        publisher: Publisher,
        metrics: Metrics,
        on_settled: OnSettled = lambda step, settlement: None,
        in_session: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.totals = Totals()
        #: when something was settled last, by the clock
        self.last_progress = clock()
        self._step = step
        self._settler = settler
        self._intake = intake
        self._publisher = publisher
        self._metrics = metrics
        self._on_settled = on_settled
        self._in_session = in_session
        self._clock = clock
        self._next_tick = 0.0
        #: the counter of each outcome that there has been
        self._outcomes: dict[str, Counter] = {}
        self._step_seconds = metrics.step_seconds.labels(step.name)
        self._work_seconds = metrics.work_seconds.labels(step.name)

    async def finish(
        self,
        items: Sequence[WorkItem],
        results: Sequence[Success[Product] | Failure],
        changes: Sequence[Change] = (),
    ) -> bool:
        """Settle messages together, in this order; `changes` are written with those of the settlements.

        Where Kafka does not confirm, nothing is acknowledged and the error goes up. A worker that was frozen for longer
        than its session writes nothing that another may have taken over; it gives back the room of those messages. Frozen
        as it writes their states, it leaves their outputs to whoever is given them again. Return whether they were settled.
        """
        if not await self._ours(items):
            self._intake.buffer.done(items)
            return False
        settlements = [self._settle(item, result) for item, result in zip(items, results, strict=True)]
        written = [*(change for settlement in settlements for change in settlement.changes), *changes]
        outputs = [
            (output, item.message)
            for settlement, item in zip(settlements, items, strict=True)
            for output in settlement.outputs
        ]
        if self._step.outputs_first:
            await self._publisher.publish(outputs=outputs)
            await self._publisher.publish(written)
        else:
            await self._publisher.publish(written)
            if written and not await self._ours(items):
                self._intake.buffer.done(items)
                return False
            await self._publisher.publish(outputs=outputs)
        for settlement in settlements:
            self._settler.acknowledged(settlement)
        self._intake.acknowledge(items)
        now = self._clock()
        self.last_progress = now
        for item, settlement, result in zip(items, settlements, results, strict=True):
            self._count(item, settlement, result, now)
        return True

    async def keep(self, items: Sequence[WorkItem], changes: Sequence[Change]) -> bool:
        """Acknowledge messages that bring nothing but these changes of state, once they are written; return whether they were."""
        if not await self._ours(items):
            self._intake.buffer.done(items)
            return False
        await self._publisher.publish(changes)
        self._intake.acknowledge(items)
        return True

    async def tick(self, settler: TimedSettler[Task, Product]) -> None:
        """Write settlements that are due by time, for the partitions that are this worker's now."""
        now = self._clock()
        if now < self._next_tick or not self._in_session():
            return
        self._next_tick = now + settler.tick_seconds
        due = self._fitting(settler.due(frozenset(self._intake.partitions), datetime.fromtimestamp(now, UTC)))
        if not (due.changes or due.outputs):
            return
        self._intake.begin()
        try:
            # Outputs first: no message comes again to bring them back if the worker dies in between; said twice, they
            # have the same ids.
            await self._publisher.publish(outputs=[(output, None) for output in due.outputs])
            await self._publisher.publish(due.changes)
        finally:
            self._intake.end()
        self._settler.acknowledged(due)
        self._settler.observe(self._metrics, due)
        self._on_settled(self._step, due)

    def _fitting(self, due: Settlement) -> Settlement:
        """Leave out outputs that Kafka would not take: no message can be set aside for them, and the rest must not wait."""
        records: list[Output | Change] = [*due.outputs, *due.changes]
        for large in [each for each in records if each.excess_bytes]:
            self._metrics.dead.labels(self._step.name, "too_large").inc()
            logger.error(
                "%s: a record for %s is left out: it is %d bytes too large",
                *(self._step.name, large.topic.name, large.excess_bytes),
            )
        due.outputs = [output for output in due.outputs if not output.excess_bytes]
        due.changes = [change for change in due.changes if not change.excess_bytes]
        return due

    async def _ours(self, items: Sequence[WorkItem]) -> bool:
        """Return whether messages are this worker's; wait where the group may have given them away, until it says so.

        Nothing shows that of work without messages, and the group says nothing before begun work has ended: it is left then.
        """
        return await wait_for_session(
            self._in_session, lambda: bool(items) and all(item.epoch == self._intake.epoch for item in items)
        )

    def _settle(self, item: WorkItem, result: Success[Product] | Failure) -> Settlement:
        settlement = settle(self._step, self._settler, item.message, result)
        if settlement.outcome is Refusal.DEAD:
            if (mark := mark_of(self._step, item.message)) is not None:
                settlement.outputs.append(mark)
            for output in settlement.outputs:
                if isinstance(output.record, Dead):
                    self._metrics.dead.labels(self._step.name, output.record.reason).inc()
        return settlement

    def _count(self, item: WorkItem, settlement: Settlement, result: Success[Product] | Failure, now: float) -> None:
        seconds, outcome = now - item.taken_at, settlement.outcome.value
        if outcome not in self._outcomes:
            self._outcomes[outcome] = self._metrics.articles.labels(self._step.name, outcome)
        self._outcomes[outcome].inc()
        self._step_seconds.observe(seconds)
        if isinstance(result, Success):
            self._work_seconds.observe(result.cpu_seconds)
        self._settler.observe(self._metrics, settlement)
        totals = self.totals
        totals.given += len(settlement.outputs)
        totals.outcomes[outcome] = totals.outcomes.get(outcome, 0) + 1
        totals.seconds.append(seconds)
        self._on_settled(self._step, settlement)
