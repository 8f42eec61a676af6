"""A worker: carries steps over Kafka. Take, work, settle, confirm the outputs, acknowledge, count; written once.

For each step, messages flow through three tasks with bounded room between them:

1. the Faust agent takes messages and puts them into the step's `Inbox` (bounded in bytes: what does not fit stays in
   Kafka, so a lagging worker's memory stays flat);
2. the dispatcher sends chunks to child processes, as many at a time as there are processes and one waiting for each,
   or to the step's own thread where the work needs a state that each child would need a copy of;
3. the settler takes finished chunks in the order in which they were taken, writes changes of state, then outputs, waits
   until the broker has confirmed both, acknowledges the messages, and counts.
"""

import asyncio
import itertools
import logging
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer

from streams.kafka.clients import consuming
from streams.kafka.engine import finish, new_app, positions
from streams.kafka.producer import Outlet
from streams.metrics import Metrics
from streams.records import Dead
from streams.settings import Settings
from streams.step import Change, Message, Output, Settled, Settler, Step, Threaded, Timed, settle, too_large
from streams.topics import CLEAN, RAW, SKETCHED, KafkaTopic
from streams.worker.intake import Chunk, Inbox, Taken
from streams.worker.offsets import RawOffsets
from streams.worker.order import ArrivalOrder
from streams.worker.pool import Done, Failed, WorkPool, run_chunk
from streams.worker.state import StateLog

logger = logging.getLogger("wirewatch.worker")

#: messages that are settled and confirmed together
SETTLE_TOGETHER = 256
ORDER_KEY = "wirewatch:seen"
#: how often a timed step is asked what is due
TICK_SECONDS = 1.0


@dataclass(slots=True)
class Totals:
    """What a step has done since the start, for the terminal and the page."""

    taken: int = 0
    given: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    lag: int = 0
    seconds: deque[float] = field(default_factory=lambda: deque(maxlen=500))


class StepRunner:
    """One step on one worker."""

    def __init__(
        self,
        step: Step,
        settings: Settings,
        metrics: Metrics,
        pool: WorkPool | None,
        producer: AIOKafkaProducer,
        on_settled: Callable[[Step, Settled], None] = lambda step, settled: None,
    ) -> None:
        self.step = step
        self.totals = Totals()
        self.joined = False
        self.last_progress = time.monotonic()
        self._settings = settings
        self._metrics = metrics
        self._pool = pool
        self._outlet = Outlet(step.name, producer)
        self._on_settled = on_settled
        self._settler: Settler = step.settler(settings)
        self._thread = (
            ThreadPoolExecutor(1, thread_name_prefix=step.name) if isinstance(self._settler, Threaded) else None
        )
        self.companion = step.companion(self._settler, settings, metrics, self._outlet) if step.companion else None
        self._inbox = Inbox(settings.worker.buffer_mib * 1024 * 1024)
        self._slots = asyncio.Semaphore(2 * pool.processes if pool else 1)
        self._chunks: asyncio.Queue[Chunk] = asyncio.Queue(maxsize=2 * pool.processes if pool else 1)
        self._states = [StateLog(settings.kafka, topic) for topic in self._settler.states]
        self._followed = [StateLog(settings.kafka, topic) for topic in self._settler.follows]
        self._partitions: set[int] = set()
        self._recovering: asyncio.Lock = asyncio.Lock()
        self._order: ArrivalOrder[Taken] = ArrivalOrder(settings.dedup.order_wait_seconds)
        self._tasks: list[asyncio.Task[None]] = []
        self._underway: defaultdict[int, deque[Taken]] = defaultdict(deque)
        self._epoch = 0
        self._begun = 0
        self._next_tick = 0.0
        self._nothing_begun = asyncio.Event()
        self._nothing_begun.set()
        self.failure: BaseException | None = None
        self.app = new_app(step.group(settings), settings)
        self.app.drain = self._drain
        topic = self.app.topic(step.takes.name, key_serializer="raw", value_serializer="raw")
        self.app.agent(topic, name=step.name)(self._take)
        self.app.on_partitions_revoked.connect(self._on_revoked)  # type: ignore[arg-type]

    async def start(self) -> None:
        """Recover what is followed, start the tasks, then join the consumer group."""
        for log in self._followed:
            await log.catch_up(None, self._settler.restore)
        await self._absorb()
        work = self._settle_in_order if self.step.in_arrival_order else self._settle
        coroutines: list[Awaitable[None]] = [work()]
        if not self.step.in_arrival_order:
            coroutines.append(self._dispatch())
        coroutines += [self._follow(log) for log in self._followed]
        if self.companion is not None:
            coroutines.append(self.companion.run())
        self._tasks = [asyncio.ensure_future(self._guard(c)) for c in coroutines]
        self.app.in_worker = True
        await self.app.start()
        self._tasks.append(asyncio.ensure_future(self._guard(self._watch())))

    async def stop(self) -> None:
        """Leave the group (what is not acknowledged is delivered again) and end the tasks."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.companion is not None:
            await self.companion.close()
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)
        if not self.app.started:
            return
        try:
            await asyncio.wait_for(self.app.stop(), 10)
        except TimeoutError:
            logger.warning("%s: Faust did not stop within 10 s", self.step.name)

    async def _guard(self, work: Awaitable[None]) -> None:
        """Keep what ended a task, so that the worker can end with it instead of standing still."""
        try:
            await work
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            logger.exception("%s: the step cannot go on", self.step.name)
            self.failure = error
            raise

    # -- taking

    async def _take(self, stream: Any) -> None:
        """Faust's agent: take messages, recover their partition's state first, put them into the inbox."""
        async for event in stream.noack().events():
            raw, epoch = event.message, self._epoch
            message = Message(
                raw.topic, raw.partition, raw.offset, raw.key, raw.value or b"", dict(raw.headers or {}), raw.timestamp
            )
            if message.partition not in self._partitions:
                await self._recover(message.partition)
            if epoch != self._epoch:
                continue  # its partition went away meanwhile: it is the next owner's
            self.totals.taken += 1
            taken = Taken(message, event, time.time(), epoch)
            self._underway[message.partition].append(taken)
            await self._inbox.put(taken)

    async def _on_revoked(self, app: Any, revoked: set[Any], **_: Any) -> None:
        """Another worker may write this state now: read it again when the partition comes back."""
        self._partitions -= {tp.partition for tp in revoked}

    async def _drain(self) -> None:
        """Finish what is begun before partitions go to another worker, and leave the rest to it."""
        self._epoch += 1
        self._partitions.clear()  # what comes back is recovered again: only what others have written since is read
        self._inbox.drop()
        self._inbox.done(self._order.forget())
        if self.companion is not None:
            await self.companion.pause()
        await self._nothing_begun.wait()
        self._underway.clear()

    def _acknowledge(self, taken: Sequence[Taken]) -> None:
        """Let each partition be committed up to the first message that is not finished."""
        for one in taken:
            one.finished = True
            one.event.ack()
        for partition in {one.message.partition for one in taken}:
            underway = self._underway[partition]
            last = None
            while underway and underway[0].finished:
                last = underway.popleft()
            if last is not None:
                finish(self.app, last.message.topic, partition, last.message.offset + 1)

    def _next(self, most: int, most_bytes: int) -> list[Taken]:
        """Return the next messages that are still this worker's."""
        chunk = self._inbox.take(most, most_bytes)
        self._inbox.done([taken for taken in chunk if taken.epoch != self._epoch])
        return [taken for taken in chunk if taken.epoch == self._epoch]

    def _begin(self, chunks: int) -> None:
        """Count chunks that are begun (or, negative, finished)."""
        self._begun += chunks
        if self._begun:
            self._nothing_begun.clear()
        else:
            self._nothing_begun.set()

    async def _recover(self, partition: int) -> None:
        epoch = self._epoch
        async with self._recovering:
            if partition in self._partitions:
                return
            for log in self._states:
                labels = (self.step.name, log.topic.name)
                wanted = None if log.topic.partitions == 1 else {partition}
                progress = self._metrics.recovery_progress.labels(*labels)
                seconds = await log.catch_up(wanted, self._restore, progress.set)
                self._metrics.recovery_seconds.labels(*labels).set(seconds)
            if epoch != self._epoch:
                return  # it went to another worker meanwhile
            self._partitions.add(partition)
            if self.companion is not None:
                self.companion.resume(partition)

    def _restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        if key.startswith(ORDER_KEY):
            partition = int(key.rpartition(":")[2])
            self._order.seen[partition].skip_to(int(value or b"0"))
            return
        self._settler.restore(topic, key, value)

    async def _follow(self, log: StateLog) -> None:
        async for _ in log.follow(self._settler.restore):
            await self._absorb()

    async def _absorb(self) -> None:
        """Let a threaded step take in, in its thread, what was restored."""
        if isinstance(self._settler, Threaded) and self._thread is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._settler.absorb)
            self._settler.report(self._metrics)

    # -- working

    async def _dispatch(self) -> None:
        """Send chunks to the child processes, bounded, remembering the order."""
        processes = self._pool.processes if self._pool else 1
        while True:
            await self._slots.acquire()
            await self._inbox.wait()
            share = -(-len(self._inbox.items) // processes)  # a small backlog is spread over all processes
            chunk = self._next(max(1, min(self.step.chunk_articles, share)), self.step.chunk_bytes)
            if not chunk:
                self._slots.release()
                continue
            self._begin(1)
            results = asyncio.ensure_future(self._work(chunk))
            results.add_done_callback(lambda _: self._slots.release())
            await self._chunks.put(Chunk(chunk, results))

    async def _work(self, chunk: list[Taken]) -> list[Done | Failed]:
        limit = self._settings.clean.max_page_bytes
        results: list[Done | Failed | None] = [too_large(taken.message, limit) for taken in chunk]
        wanted = [index for index, result in enumerate(results) if result is None]
        if self._thread is None and (self.step.work is None or self._pool is None):
            return [result or Done(None, 0.0) for result in results]
        tasks: list[Any] = [self._settler.task(chunk[index].message) for index in wanted]
        if tasks and isinstance(self._settler, Threaded):
            done = await asyncio.get_running_loop().run_in_executor(
                self._thread, run_chunk, self._settler.compute, tasks
            )
            for index, result in zip(wanted, done, strict=True):
                results[index] = result
        elif tasks and self.step.work is not None and self._pool is not None:
            retries = self._metrics.retries.labels(self.step.name)
            timeout = self.step.timeout_seconds(self._settings)
            done = await self._pool.run(self.step.work, tasks, timeout, retries.inc, work_all=self.step.work_all)
            for index, result in zip(wanted, done, strict=True):
                results[index] = result
        return [result for result in results if result is not None]

    # -- settling

    async def _settle(self) -> None:
        """Settle finished chunks in the order in which they were taken."""
        timed = self._settler if isinstance(self._settler, Timed) else None
        while True:
            try:
                chunk = await asyncio.wait_for(self._chunks.get(), TICK_SECONDS if timed else None)
            except TimeoutError:
                chunk = None
            if timed is not None:
                await self._tick(timed)
            if chunk is None:
                continue
            taken, results, chunks = list(chunk.taken), await chunk.results, 1
            while len(taken) < SETTLE_TOGETHER and not self._chunks.empty():
                more = self._chunks.get_nowait()
                taken += more.taken
                results = results + await more.results
                chunks += 1
            await self._finish(taken, results)
            self._begin(-chunks)

    async def _tick(self, settler: Timed) -> None:
        """Write what time alone brings, for the partitions that are this worker's now."""
        if time.monotonic() < self._next_tick or self.app.rebalancing:
            return
        self._next_tick = time.monotonic() + TICK_SECONDS
        due = settler.due(frozenset(self._partitions), datetime.now(UTC))
        if not (due.changes or due.outputs):
            return
        self._begin(1)
        try:
            # Outputs first: no message comes again to bring them back if the worker dies in between; said twice, they
            # have the same ids.
            await self._outlet.publish(outputs=[(output, None) for output in due.outputs])
            await self._outlet.publish(due.changes)
        finally:
            self._begin(-1)
        self._settler.observe(self._metrics, due)
        self._on_settled(self.step, due)

    async def _settle_in_order(self) -> None:
        """Settle messages in the order of their arrival in `news.raw`, whichever partition they came through."""
        async with consuming(self._settings.kafka, fetch_max_wait_ms=100, max_partition_fetch_bytes=1) as consumer:
            raw = RawOffsets(consumer)
            for partition, begin in (await raw.begins()).items():
                self._order.skip(partition, begin)
            ends: dict[int, int] = {}
            ends_at = 0.0
            while True:
                await self._inbox.wait(0.05 if self._order.held else None)
                while chunk := self._next(SETTLE_TOGETHER, 1 << 40):
                    self._hold(chunk)
                    await self._markers([t for t in chunk if not t.message.value])
                if not self._order.held:
                    continue
                ends_at, ends = time.time(), await raw.ends() or ends
                await raw.pass_gaps(self._order, ends, ends_at)
                full = self._inbox.bytes * 10 > self._inbox.max_bytes * 9
                released = self._order.release(ends, ends_at, time.time(), hurry=full)
                ready = list(itertools.islice(released, SETTLE_TOGETHER))
                self._metrics.order_held.set(self._order.held)
                if ready:
                    self._begin(1)
                    await self._finish(ready, [too_large(t.message, 1 << 40) or Done(None, 0.0) for t in ready])
                    self._begin(-1)

    def _hold(self, chunk: list[Taken]) -> None:
        for taken in chunk:
            partition, offset = taken.message.origin
            if not taken.message.value:
                self._order.mark(partition, offset, taken.taken)
                continue
            order = float(taken.message.headers.get("ww_order", b"0")) or taken.message.timestamp
            self._order.add(partition, offset, (order, taken.message.fetch_id), taken.taken, taken)

    async def _markers(self, markers: list[Taken]) -> None:
        self._acknowledge(markers)
        self._inbox.done(markers)

    async def _finish(self, taken: list[Taken], results: list[Done | Failed]) -> None:
        """Settle, write state, send outputs, wait for the broker, acknowledge, count."""
        settled = [self._settle_one(t.message, result) for t, result in zip(taken, results, strict=True)]
        changes = [change for s in settled for change in s.changes]
        if self.step.in_arrival_order:
            changes += self._order_changes(taken)
        sends = [(output, t.message) for s, t in zip(settled, taken, strict=True) for output in s.outputs]
        await self._outlet.publish(changes, sends)
        self._acknowledge(taken)
        now = time.time()
        for t, s, result in zip(taken, settled, results, strict=True):
            self._count(t, s, result, now)
        self._inbox.done(taken)
        self.last_progress = time.monotonic()

    def _settle_one(self, message: Message, result: Done | Failed) -> Settled:
        settled = settle(self.step, self._settler, message, result, self._settings.clean.max_page_bytes)
        if settled.outcome == "dead":
            if SKETCHED in downstream(self.step):
                settled.outputs.append(skipped(message))
            for output in settled.outputs:
                if isinstance(output.record, Dead):
                    self._metrics.dead.labels(self.step.name, output.record.reason).inc()
        return settled

    def _order_changes(self, taken: list[Taken]) -> list[Change]:
        """Return what a later owner of the order has to know: the offsets below which nothing is to be waited for."""
        touched = {t.message.origin[0] for t in taken if t.message.origin[0] >= 0}
        topic = self._settler.states[0]
        return [Change(topic, 0, f"{ORDER_KEY}:{p}", str(self._order.settled_below(p)).encode()) for p in touched]

    def _count(self, taken: Taken, settled: Settled, result: Done | Failed, now: float) -> None:
        name, metrics = self.step.name, self._metrics
        metrics.articles.labels(name, settled.outcome).inc()
        metrics.step_seconds.labels(name).observe(now - taken.taken)
        if isinstance(result, Done):
            metrics.work_seconds.labels(name).observe(result.cpu_seconds)
        self._settler.observe(metrics, settled)
        self.totals.given += len(settled.outputs)
        self.totals.outcomes[settled.outcome] = self.totals.outcomes.get(settled.outcome, 0) + 1
        self.totals.seconds.append(now - taken.taken)
        self._on_settled(self.step, settled)

    # -- watching

    async def _watch(self) -> None:
        """Keep the gauges true, and say when the step has its partitions."""
        name = self.step.name
        while True:
            partitions, self.totals.lag = positions(self.app)
            for partition in partitions - self._partitions:
                if not self.app.rebalancing:
                    await self._recover(partition)
            self.joined = self.app.rebalancing_count > 0 and not self.app.rebalancing
            if not self.totals.lag:
                self.last_progress = time.monotonic()
            self._metrics.lag.labels(name).set(self.totals.lag)
            self._metrics.buffered.labels(name).set(self._inbox.bytes)
            self._metrics.ready.labels(name).set(bool(partitions))
            if self._order.timeouts:
                self._metrics.order_timeouts.inc(self._order.timeouts)
                self._order.timeouts = 0
            await asyncio.sleep(0.5)


def downstream(step: Step) -> tuple[KafkaTopic, ...]:
    """Return the topics on which the deciding step waits for this step's messages."""
    return (SKETCHED,) if step.takes in (RAW, CLEAN) else ()


def skipped(message: Message) -> Output:
    """Return the marker by which the deciding step learns that a raw message brings no article."""
    partition, offset = message.origin
    headers = {"ww_origin": f"{partition}:{offset}".encode()}
    return Output(SKETCHED, message.fetch_id.partition(":")[0], b"", message.fetch_id, headers, partition=0)
