"""Attempts: for each receiver its own queue, pace and tasks, so that one that hangs or fails delays nobody else.

An attempt's outcome goes into the ledger first and to `news.deliveries` behind it. A worker that dies in between has
recorded an outcome that nobody saw: whoever takes the partition over says the latest outcomes again, with the same ids.

A receiver that fails several times in a row is down: then there is one attempt at a time, with pauses, instead of all
that waits beating on it. The alert whose turn comes first is tried, due or not, so that a receiver that is back is found
within a minute; what is tried before its time keeps its time and loses none of its attempts. The first that gets through
makes everything that waits due at once.
"""

import asyncio
import logging
import math
import random
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import get_args

import msgspec

from agents.deliver.backoff import next_wait
from agents.deliver.ledger import Entry, Ledger
from agents.deliver.metrics import DeliverMetrics
from agents.deliver.receivers.opening import Attempt, Receiver
from agents.deliver.settings import DeliverSettings
from streams.message import Change, Output
from streams.metrics import Metrics
from streams.records import Alert, Dead, Delivery, DeliveryOutcome, decode
from streams.settle import original_of
from streams.step import Publisher
from streams.topics import DEAD, DELIVERIES, LEDGER

logger = logging.getLogger("wirewatch.deliver")

#: Failed attempts in a row after which a receiver is down.
DOWN_AFTER = 3
#: The longest pause between two attempts at a receiver that is down, in seconds.
MAX_PROBE_SECONDS = 60.0
#: How long attempts may go on when partitions are taken away; an attempt given up is made again by their next owner.
GRACE_SECONDS = 2.0
#: Outcomes this new are said again when a partition is taken over.
REPEAT_SECONDS = 120.0
EXPIRE_SECONDS = 60.0
OUTCOMES = get_args(DeliveryOutcome)


class Lane:
    """One receiver: what is underway, and how it has been doing."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.underway: dict[str, asyncio.Task[None]] = {}
        self.sending: set[str] = set()
        self.failures = 0
        self.not_before = 0.0
        self.wake = asyncio.Event()

    @property
    def down(self) -> bool:
        """Whether it has failed too often in a row."""
        return self.failures >= DOWN_AFTER

    def failed(self, now: float, settings: DeliverSettings, retry_after_seconds: float | None) -> None:
        """Note a failed attempt: the next one waits, longer each time while the receiver is down."""
        self.failures += 1
        if self.down:
            pause = settings.first_wait_seconds * 2.0 ** min(self.failures - DOWN_AFTER, 16)
            self.not_before = now + min(pause, MAX_PROBE_SECONDS)
        if retry_after_seconds:
            self.not_before = max(self.not_before, now + min(retry_after_seconds, settings.max_wait_seconds))


class Sender:
    """Makes the attempts that the ledger says are due, in the partitions that are this worker's."""

    def __init__(
        self,
        ledger: Ledger,
        receivers: Mapping[str, Receiver],
        settings: DeliverSettings,
        metrics: Metrics,
        publisher: Publisher,
    ) -> None:
        self._ledger = ledger
        self._settings = settings
        self._metrics = metrics[DeliverMetrics]
        self._dead = metrics.dead
        self._publisher = publisher
        self._lanes = {name: Lane(receiver) for name, receiver in receivers.items()}
        self._partitions: set[int] = set()
        self._resumed: dict[int, float] = {}
        self._dice = random.Random()
        for name, receiver in receivers.items():
            self._metrics.receiver_up.labels(name).set(1)
            self._metrics.deliveries_waiting.labels(name).set(0)
            for outcome in OUTCOMES:
                self._metrics.deliveries.labels(
                    receiver.kind, outcome
                )  # there from the start, so that the first is seen

    def wake(self, receiver: str) -> None:
        """Say that something may be due at a receiver."""
        if (lane := self._lanes.get(receiver)) is not None:
            lane.wake.set()
            waiting = self._ledger.waiting(receiver, self._partitions)
            self._metrics.deliveries_waiting.labels(receiver).set(waiting)

    @property
    def partitions(self) -> frozenset[int]:
        """The partitions that are this worker's now."""
        return frozenset(self._partitions)

    async def run(self) -> None:
        """Serve every receiver until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep())
            for lane in self._lanes.values():
                group.create_task(self._serve(lane))

    def resume(self, partition: int) -> None:
        """Take up what waits in a partition."""
        self._ledger.resume(partition)
        self._partitions.add(partition)
        self._resumed[partition] = time.time()
        for name in self._lanes:
            self.wake(name)

    async def pause(self) -> None:
        """Begin nothing more; let what is underway end for a moment, then give up what has not been answered."""
        self._partitions.clear()
        self._resumed.clear()
        underway = [task for lane in self._lanes.values() for task in lane.underway.values()]
        if underway:
            await asyncio.wait(underway, timeout=GRACE_SECONDS)
        for lane in self._lanes.values():
            for key in lane.sending:
                lane.underway[key].cancel()
        await asyncio.gather(*underway, return_exceptions=True)
        for name in self._lanes:  # what waits is for the partitions' next owners to show
            self._metrics.deliveries_waiting.labels(name).set(0)
            self._metrics.receiver_up.labels(name).set(1)

    async def close(self) -> None:
        """End everything and close the receivers."""
        await self.pause()
        await asyncio.gather(*(lane.receiver.close() for lane in self._lanes.values()), return_exceptions=True)

    async def _serve(self, lane: Lane) -> None:
        name = lane.receiver.name
        while True:
            lane.wake.clear()
            for task in [task for task in lane.underway.values() if task.done()]:
                task.result()  # an attempt that could not be recorded ends the step
            now = time.time()
            room = (1 if lane.down else self._settings.parallel) - len(lane.underway)
            entry = None
            if room > 0 and now >= lane.not_before:
                until = math.inf if lane.down else now
                entry = self._ledger.due(name, self._partitions, until, lane.underway)
            if entry is not None:
                self._start(lane, entry)
                continue
            await self._wait(lane, now, waits_for_room=room <= 0)

    async def _wait(self, lane: Lane, now: float, *, waits_for_room: bool) -> None:
        """Wait until something is due, or something happens."""
        due = None if waits_for_room else self._ledger.next_due(lane.receiver.name)
        if due is not None and lane.down:
            due = lane.not_before
        seconds = None if due is None else max(due, lane.not_before) - now
        try:
            await asyncio.wait_for(lane.wake.wait(), seconds if seconds is None else max(seconds, 0.01))
        except TimeoutError:
            return

    def _start(self, lane: Lane, entry: Entry) -> None:
        key = entry.key
        lane.sending.add(key)
        task = asyncio.ensure_future(self._attempt(lane, entry))
        lane.underway[key] = task

        def ended(task: "asyncio.Task[None]") -> None:
            lane.sending.discard(key)
            if task.cancelled() or task.exception() is None:
                lane.underway.pop(key, None)
            lane.wake.set()

        task.add_done_callback(ended)

    async def _attempt(self, lane: Lane, entry: Entry) -> None:
        """Make one attempt and record what came of it."""
        assert entry.alert is not None
        alert, started = decode(entry.alert, Alert), time.time()
        try:
            result = await lane.receiver.send(alert, entry.attempts + 1)
        except Exception as error:  # a fault in one receiver's code must not stop the others
            logger.exception("receiver %s", lane.receiver.name)
            result = Attempt(delivered=False, error=f"{type(error).__name__} in wirewatch's own code; see its log")
        lane.sending.discard(entry.key)
        now = time.time()
        after = self._after(lane, entry, alert, result, started, now)
        self._count(lane, after, now - started)
        await self._record(after, alert, entry.alert)
        self._ledger.line_up(entry.key)
        self.wake(lane.receiver.name)

    def _after(self, lane: Lane, entry: Entry, alert: Alert, result: Attempt, started: float, now: float) -> Entry:
        """Return the entry as it is after an attempt."""
        attempt, early = entry.attempts + 1, entry.due > started
        uncounted, wait = entry.uncounted + early, None
        if result.delivered:
            if lane.down:
                logger.info("receiver %s takes alerts again", lane.receiver.name)
                self._ledger.hasten(lane.receiver.name, now)
            lane.failures = 0
        elif not result.final:
            was_down = lane.down
            lane.failed(now, self._settings, result.retry_after_seconds)
            if lane.down and not was_down:
                logger.warning("receiver %s is down: %s", lane.receiver.name, result.error)
            wait = next_wait(max(attempt - uncounted, 1), self._settings, self._dice, result.retry_after_seconds)
            if early:
                wait = max(entry.due - now, 0.0)
        delivery = Delivery(
            id=f"{entry.key}:{attempt}",
            alert_id=alert.id,
            watch=alert.watch,
            severity=alert.severity,
            receiver=entry.receiver,
            receiver_type=lane.receiver.kind,
            attempt=attempt,
            outcome="delivered" if result.delivered else "dead" if wait is None else "failed",
            status=result.status,
            error=result.error,
            attempted_at=datetime.fromtimestamp(started, UTC),
            next_attempt_at=None if wait is None else datetime.fromtimestamp(now + wait, UTC),
            seconds=round(now - started, 4),
        )
        return msgspec.structs.replace(
            entry,
            state="delivered" if result.delivered else "dead" if wait is None else "waiting",
            attempts=attempt,
            uncounted=uncounted,
            due=0.0 if wait is None else now + wait,
            changed=now,
            alert=None if wait is None else entry.alert,
            last=delivery,
        )

    def _count(self, lane: Lane, after: Entry, seconds: float) -> None:
        assert after.last is not None
        self._metrics.deliveries.labels(lane.receiver.kind, after.last.outcome).inc()
        self._metrics.delivery_seconds.labels(lane.receiver.kind).observe(seconds)
        self._metrics.receiver_up.labels(lane.receiver.name).set(0 if lane.down else 1)
        if after.state == "dead":
            self._dead.labels("deliver", "undeliverable").inc()
            logger.error("alert %s is dead at receiver %s: %s", after.alert_id, after.receiver, after.last.error)

    async def _record(self, after: Entry, alert: Alert, value: bytes) -> None:
        """Persist an entry, then say the outcome; a dead alert leaves a dead letter too."""
        assert after.last is not None
        change = Change(LEDGER, after.partition, after.key, self._ledger.put(after))
        outputs = [output_of(after.last)]
        if after.state == "dead":
            outputs.append(dead_letter_of(after.last, alert, value))
        await self._publisher.publish([change], [(output, None) for output in outputs])

    async def _keep(self) -> None:
        """Say again what a former owner may not have said, and forget what is old."""
        expired_at = time.time()
        while True:
            await asyncio.sleep(0.5)
            now = time.time()
            while self._resumed:
                partition, at = self._resumed.popitem()
                again = [entry.last for entry in self._ledger.changed(partition, at - REPEAT_SECONDS, at) if entry.last]
                await self._publisher.publish(outputs=[(output_of(delivery), None) for delivery in again])
            if now - expired_at >= EXPIRE_SECONDS:
                expired_at = now
                old = self._ledger.expire(self._partitions, now)
                await self._publisher.publish([Change(LEDGER, entry.partition, entry.key, None) for entry in old])


def output_of(delivery: Delivery) -> Output:
    """Return the outcome of an attempt for `news.deliveries`."""
    return Output(DELIVERIES, delivery.alert_id, delivery, delivery.id)


def dead_letter_of(delivery: Delivery, alert: Alert, value: bytes) -> Output:
    """Return the dead letter of an alert that a receiver did not take; its id is the alert's and the receiver's."""
    key = f"{alert.id}:{delivery.receiver}"
    record = Dead(
        id=alert.article.id,
        fetch_id=key,
        step="deliver",
        reason="undeliverable",
        error=f"receiver {delivery.receiver}, attempt {delivery.attempt}: {delivery.error}",
        url=alert.article.url,
        source=alert.article.source,
        size_bytes=len(value),
        original=original_of(value),
        processed_at=delivery.attempted_at,
    )
    return Output(DEAD, alert.id, record, key)
