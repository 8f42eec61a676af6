"""Attempts: for each receiver its own queue, pace and tasks, so that one that hangs or fails delays nobody else.

An attempt's outcome goes into the ledger first and to `news.deliveries` behind it; outcomes that come together are
written together (`agents.deliver.outcomes`), and meanwhile the next attempts go on. A worker that dies in between has recorded an
outcome that nobody saw: whoever takes the partition over publishes those again, with the same ids, that the ledger does not say
are published.

Nothing is sent that may be another worker's: the partition's ownership is asked for before each attempt, and again when
its connection stands. A process that was frozen for longer than its session finds that it has none, and waits until the
group has answered. What was on the wire when it froze, or answered and not yet recorded, cannot be called back: its next
owner sends it again. `deliver.parallel` bounds both together, for each receiver.

A receiver that fails several times in a row is down: then there is one attempt at a time, with pauses, instead of all
that waits beating on it. The alert whose turn comes first is tried, due or not, so that a receiver that is back is found
within a thirtieth of the time that it was away, and within a minute; what is tried before its time keeps its time and loses
none of its attempts. The first that gets through makes everything that waits due at once; what is raised from then on takes
turns with it.
"""

import asyncio
import logging
import math
import random
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple, get_args

import msgspec

from agents.deliver.backoff import next_wait
from agents.deliver.ledger import Ledger, LedgerEntry
from agents.deliver.metrics import DeliverMetrics
from agents.deliver.notice import Notice, read_notice
from agents.deliver.outcomes import Recorder, dead_letter_of, delivery_of, output_of
from agents.deliver.receiver_queue import MAX_PROBE_SECONDS, ReceiverQueue
from agents.deliver.receivers.base import Attempt, NotOurs, Receiver, last_moment
from agents.deliver.settings import DeliverSettings
from streams.message import Change
from streams.records import DeliveryOutcome
from streams.step import Surroundings
from streams.topics import LEDGER

logger = logging.getLogger("wirewatch.deliver")

#: No older outcome is published again after a takeover where entries do not say what is published, as those of older versions.
REPEAT_SECONDS = 120.0
#: How often it is looked for what a former owner left to publish, and for what is old.
KEEP_SECONDS, EXPIRE_SECONDS = 0.5, 60.0
OUTCOMES = get_args(DeliveryOutcome)
#: How long whoever takes partitions over waits for the answer of a receiver that is down.
DOWN_SECONDS = 2.0
#: How long a receiver's attempts wait until it is asked again whose the partitions are.
OWNERSHIP_SECONDS = 0.25


class Span(NamedTuple):
    """The time of outcomes that may not be published, in epoch seconds."""

    since: float
    until: float


class Sender:
    """Makes the attempts that the ledger says are due, in the partitions that are this worker's."""

    def __init__(
        self,
        ledger: Ledger,
        receivers: Mapping[str, Receiver],
        settings: DeliverSettings,
        surroundings: Surroundings,
        *,
        max_probe_seconds: float = MAX_PROBE_SECONDS,
        keep_seconds: float = KEEP_SECONDS,
    ) -> None:
        self._ledger = ledger
        self._settings = settings
        self._max_probe_seconds = max_probe_seconds
        self._keep_seconds = keep_seconds
        self._metrics = surroundings.metrics[DeliverMetrics]
        self._dead = surroundings.metrics.dead
        self._publisher = surroundings.publisher
        self._ownership = surroundings.ownership
        self._recorder = Recorder(surroundings.publisher)
        self._queues = {name: ReceiverQueue(receiver, settings.parallel) for name, receiver in receivers.items()}
        self._partitions: set[int] = set()
        self._resumed: dict[int, Span] = {}
        self._random = random.Random()
        for name, receiver in receivers.items():
            self._metrics.receiver_up.labels(name).set(1)
            self._metrics.deliveries_waiting.labels(name).set(0)
            for outcome in OUTCOMES:  # there from the start, so that the first is seen
                self._metrics.deliveries.labels(receiver.kind, outcome)

    def wake(self, receiver: str) -> None:
        """Say that something may be due at a receiver."""
        if (queue := self._queues.get(receiver)) is not None:
            queue.wake.set()
            waiting = self._ledger.waiting(receiver, self._partitions)
            self._metrics.deliveries_waiting.labels(receiver).set(waiting)

    @property
    def partitions(self) -> frozenset[int]:
        """The partitions that are this worker's now."""
        return frozenset(self._partitions)

    @property
    def waiting(self) -> int:
        """How many alerts of this worker's partitions wait for a receiver."""
        return sum(self._ledger.waiting(name, self._partitions) for name in self._queues)

    async def run(self) -> None:
        """Serve every receiver until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep())
            for queue in self._queues.values():
                group.create_task(self._serve(queue))

    def resume(self, partition: int) -> None:
        """Take up the alerts that wait in a partition."""
        now = time.time()
        self._ledger.resume(partition, now + self._settings.max_wait_seconds)
        self._partitions.add(partition)
        self._resumed[partition] = Span(self._ledger.take_over(partition) or now - REPEAT_SECONDS, now)
        for name in self._queues:
            self.wake(name)

    async def pause(self) -> None:
        """Begin nothing more, and let the attempts underway have their answers; whoever stops waiting gives them up.

        What is given up is told twice: the partitions' next owners make the attempt again, and the first may have arrived. So
        whoever takes partitions over waits for as long as an attempt may take, and only a stop, which ends sooner, does not.
        For a receiver that is down it waits a moment: most such attempts end without an answer, and all others stand meanwhile.
        """
        self._partitions.clear()
        self._resumed.clear()
        underway = [task for queue in self._queues.values() for task in queue.underway.values()]
        moment = min(DOWN_SECONDS, self._settings.timeout_seconds)
        try:
            if underway:
                await asyncio.wait(underway, timeout=moment)
                for queue in self._queues.values():
                    if queue.down:
                        queue.give_up()
            if left := [task for task in underway if not task.done()]:
                await asyncio.wait(left, timeout=self._settings.timeout_seconds - moment)
        finally:
            for queue in self._queues.values():
                queue.give_up()
        await asyncio.gather(*underway, return_exceptions=True)
        for name in self._queues:  # what waits is for the partitions' next owners to show
            self._metrics.deliveries_waiting.labels(name).set(0)
            self._metrics.receiver_up.labels(name).set(1)

    async def close(self) -> None:
        """End everything and close the receivers."""
        await self.pause()
        await asyncio.gather(*(queue.receiver.close() for queue in self._queues.values()), return_exceptions=True)

    async def _serve(self, queue: ReceiverQueue) -> None:
        name = queue.receiver.name
        while True:
            queue.wake.clear()
            for task in [task for task in queue.underway.values() if task.done()]:
                task.result()  # an attempt that could not be recorded ends the step
            now, room = time.time(), queue.room
            entry = None
            if room > 0 and now >= queue.not_before:
                if not self._owns_all():
                    await asyncio.sleep(OWNERSHIP_SECONDS)
                    continue
                until = math.inf if queue.down else now
                entry = self._ledger.due(name, self._partitions, until, queue.underway)
            if entry is not None:
                self._start(queue, entry)
                continue
            await self._wait(queue, now, waits_for_room=room <= 0)

    def _owned(self) -> set[int]:
        """Return the partitions that are surely this worker's still."""
        return set(filter(self._ownership.holds, self._partitions))

    def _owns_all(self) -> bool:
        """Return whether every partition is surely this worker's still."""
        return self._owned() == self._partitions

    async def _wait(self, queue: ReceiverQueue, now: float, *, waits_for_room: bool) -> None:
        """Wait until something is due, or something happens."""
        due = None if waits_for_room else self._ledger.next_due(queue.receiver.name)
        if due is not None and queue.down:
            due = queue.not_before
        seconds = None if due is None else max(due, queue.not_before) - now
        try:
            await asyncio.wait_for(queue.wake.wait(), seconds if seconds is None else max(seconds, 0.01))
        except TimeoutError:
            return

    def _start(self, queue: ReceiverQueue, entry: LedgerEntry) -> None:
        key = entry.key
        queue.sending.add(key)
        task = asyncio.ensure_future(self._attempt(queue, entry))
        queue.underway[key] = task

        def ended(task: "asyncio.Task[None]") -> None:
            queue.sending.discard(key)
            if task.cancelled():
                queue.underway.pop(key, None)
            elif task.exception() is None:
                queue.underway.pop(key, None)
                self._ledger.line_up(key)  # not sooner: what is underway is passed over
            self.wake(queue.receiver.name)

        task.add_done_callback(ended)

    async def _attempt(self, queue: ReceiverQueue, entry: LedgerEntry) -> None:
        """Make one attempt and record its outcome, unless the alert may be another worker's by now."""
        assert entry.alert is not None
        if not self._ownership.holds(entry.partition):
            return
        notice, started = read_notice(entry.alert), time.time()
        last_moment.set(partial(self._ownership.holds, entry.partition))
        try:
            result = await queue.receiver.send(notice, entry.attempts + 1)
        except NotOurs:
            return
        except Exception as error:  # a fault in one receiver's code must not stop the others
            logger.exception("receiver %s failed by an error of wirewatch's own: report it", queue.receiver.name)
            result = Attempt(delivered=False, error=f"{type(error).__name__} in wirewatch's own code; see its log")
        queue.sending.discard(entry.key)
        queue.wake.set()
        if not result.delivered and not self._ownership.holds(entry.partition):
            # Another worker may have delivered it meanwhile: a failure written now would have it sent again.
            return
        now = time.time()
        after = self._after(queue, entry, notice, result, started, now)
        self._count(queue, after, now - started)
        await self._record(after, notice, entry.alert)

    def _note(self, queue: ReceiverQueue, result: Attempt, now: float) -> None:
        """Note an attempt's outcome at its receiver, which may be down or back by it."""
        if result.delivered:
            if queue.down:
                logger.info("receiver %s takes alerts again", queue.receiver.name)
                self._ledger.hasten(queue.receiver.name, now)
            queue.failures = 0
        elif not result.final:
            was_down = queue.down
            queue.failed(now, self._settings, self._max_probe_seconds, result.retry_after_seconds)
            if queue.down and not was_down:
                logger.warning("receiver %s is down: %s", queue.receiver.name, result.error)

    def _after(
        self, queue: ReceiverQueue, entry: LedgerEntry, notice: Notice, result: Attempt, started: float, now: float
    ) -> LedgerEntry:
        """Return the entry as it is after an attempt."""
        attempt, early = entry.attempts + 1, entry.due > started
        uncounted = entry.uncounted + early
        self._note(queue, result, now)
        wait = None
        if not result.delivered and not result.final:
            wait = next_wait(max(attempt - uncounted, 1), self._settings, self._random, result.retry_after_seconds)
            if early:
                wait = max(entry.due - now, 0.0)
        outcome: DeliveryOutcome = "delivered" if result.delivered else "dead" if wait is None else "failed"
        delivery = delivery_of(entry, notice, queue.receiver.kind, attempt, outcome, started)
        delivery.status, delivery.error = result.status, result.error
        delivery.next_attempt_at = None if wait is None else datetime.fromtimestamp(now + wait, UTC)
        delivery.seconds = round(now - started, 4)
        return msgspec.structs.replace(
            entry,
            state="waiting" if outcome == "failed" else outcome,
            attempts=attempt,
            uncounted=uncounted,
            due=0.0 if wait is None else now + wait,
            changed=now,
            alert=None if wait is None else entry.alert,
            last=delivery,
        )

    def _count(self, queue: ReceiverQueue, after: LedgerEntry, seconds: float) -> None:
        assert after.last is not None
        self._metrics.deliveries.labels(queue.receiver.kind, after.last.outcome).inc()
        self._metrics.delivery_seconds.labels(queue.receiver.kind).observe(seconds)
        self._metrics.receiver_up.labels(queue.receiver.name).set(0 if queue.down else 1)
        if after.state == "dead":
            self._dead.labels("deliver", "undeliverable").inc()
            logger.error(
                "%s %s is dead at receiver %s: %s", after.last.kind, after.alert_id, after.receiver, after.last.error
            )

    async def _record(self, after: LedgerEntry, notice: Notice, value: bytes) -> None:
        """Persist an entry, then publish the outcome; a dead alert leaves a dead letter too."""
        assert after.last is not None
        change = Change(LEDGER, after.partition, after.key, self._ledger.put(after))
        outputs = [output_of(after.last)]
        if after.state == "dead":
            outputs.append(dead_letter_of(after.last, notice, value))
        await self._recorder.record(change, outputs)
        self._ledger.note_published(after.key)

    async def _keep(self) -> None:
        """Publish again the outcomes that a former owner may not have published, and forget old ones."""
        expired_at = time.time()
        while True:
            await asyncio.sleep(self._keep_seconds)
            now = time.time()
            while self._resumed:
                partition, span = self._resumed.popitem()
                again = list(self._ledger.changed(partition, *span))
                await self._publisher.publish(outputs=[(output_of(each.last), None) for each in again if each.last])
                if partition not in self._owned() or partition in self._resumed:
                    continue  # it went away meanwhile, or has come again
                if (said := self._ledger.note_repeated(partition, again)) is not None:
                    await self._publisher.publish([said])
            if overruled := self._ledger.overruled(self._owned()):
                await self._publisher.publish(overruled)
            if now - expired_at >= EXPIRE_SECONDS:
                expired_at = now
                old = self._ledger.expire(self._owned(), now)
                await self._publisher.publish([Change(LEDGER, entry.partition, entry.key, None) for entry in old])
