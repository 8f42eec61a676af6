"""The producer of a laptop: messages go to the journal first, and a raw message waits at the entrance for room."""

import asyncio
import sqlite3
import time
from collections import OrderedDict, defaultdict, deque
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from prometheus_client import CollectorRegistry

from streams.errors import JournalError
from streams.journal.metrics import JournalMetrics
from streams.journal.store import Headers, JournalEntry, StateRow, Store, journal_error, pack, passes, unpack
from streams.message import key_text
from streams.system.bell import BELL
from streams.topics import ENTRIES, TOPICS

#: Packed bytes of the raw messages that may be underway together. The embedded broker keeps 4.7 MiB of a partition, and
#: all of them may have the same.
ROOM_BYTES = 3 << 20
#: A record and its headers take a little more on the broker than its value.
OVERHEAD_BYTES = 512
#: Messages of our own that are recognised on the broker, where others write too.
MOST_KNOWN = 20_000
#: How soon something is tried again because the journal's file could not be used.
AGAIN_SECONDS = 1.0


@dataclass(slots=True)
class ArticleUnderway:
    """An article underway: how many of its messages some group has still to read, and its share of the room."""

    messages: int = 0
    bytes: int = 0


@dataclass(slots=True)
class UnreadMessage:
    """A message on the broker that some group has still to read."""

    offset: int
    topic: str
    event: str


@dataclass(slots=True)
class Batch:
    """Messages of one transaction, and those who wait for it."""

    entries: list[JournalEntry] = field(default_factory=list)
    states: list[StateRow] = field(default_factory=list)
    settled: list[tuple[str, str]] = field(default_factory=list)
    sends: list[tuple[Any, asyncio.Future[Any]]] = field(default_factory=list)


class Journal:
    """The messages of one running laptop: on disk through the store, those underway in memory.

    `readers` are the consumer groups of each topic.
    """

    def __init__(self, store: Store, readers: Mapping[str, Iterable[str]]) -> None:
        self.store = store
        #: a worker gives its own
        self.metrics = JournalMetrics(CollectorRegistry())
        self.readers = {topic: frozenset(groups) for topic, groups in readers.items()}
        self.sent: defaultdict[tuple[str, int], deque[UnreadMessage]] = defaultdict(deque)
        self.open: dict[str, ArticleUnderway] = {}
        self.bytes = 0
        #: when the entrance was shut, None while it is open
        self.shut_since: float | None = None
        self._room = asyncio.Condition()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        #: set while something is tried again because the file cannot be used, as on a disk that is full; and why
        self.hindered = asyncio.Event()
        self.why = ""
        self._waiting_calls = 0
        self.failure: BaseException | None = None
        #: number of the newest message of earlier runs
        self.last_before = 0
        #: the latest messages that this process has sent, by topic and id
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def prepare(self, raw_topic: str, order_key: str) -> int:
        """Make the file ready for a new start, which waits for nothing; return how many messages are to be sent again."""
        try:
            waiting: int = await self._once(self.store.prepare, raw_topic, order_key)
            self.last_before = await self._once(self.store.last)
        except sqlite3.Error as error:
            raise self._failed(error, "opened") from error
        return waiting

    def knows(self, record: Any) -> bool:
        """Return whether a message on the broker is one of this process's own."""
        event = next((value.decode("utf-8", "replace") for name, value in record.headers if name == "ce_id"), "")
        return (record.topic, event) in self._known

    async def call(self, function: Any, *arguments: Any) -> Any:
        """Run something of the store in the one thread that writes; raise `JournalError` where its file cannot be used.

        What passes, as a disk that is full or a file that somebody else locks, is waited for: it is tried each second.
        """
        waits = False
        try:
            while True:
                try:
                    return await self._once(function, *arguments)
                except (JournalError, sqlite3.Error, OSError) as error:
                    failed = self._failed(error)
                    if not passes(error):
                        raise failed from error.__cause__ or error
                self.why = str(failed)
                if not waits:
                    waits = True
                    self._waiting_calls += 1
                self.hindered.set()
                await asyncio.sleep(AGAIN_SECONDS)
        finally:
            self._waiting_calls -= waits
            if not self._waiting_calls:
                self.hindered.clear()

    async def _once(self, function: Any, *arguments: Any) -> Any:
        """Run something of the store in the one thread that writes."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    def _failed(self, error: Exception, wanted: str = "used") -> JournalError:
        """Count a failure and return it as it is told."""
        self.metrics.errors.inc()
        return error if isinstance(error, JournalError) else journal_error(self.store.path, wanted, error)

    async def write(
        self, entries: Sequence[JournalEntry], states: Sequence[StateRow], settled: Sequence[tuple[str, str]]
    ) -> None:
        """Write a batch in one transaction, and time it; raise `JournalError` where it can never be written."""

        def write() -> None:
            with self.metrics.write_seconds.time():
                self.store.write(entries, states, settled)

        await self.call(write)

    async def gave_up(self, entry: JournalEntry) -> None:
        """Give back the room of a message that the broker does not take; it stays in the journal."""
        async with self._room:
            self._close(entry.event)
            self._room.notify_all()

    async def show(self) -> None:
        """Show size and age, once it is sure that the file is in its place."""
        metrics = self.metrics
        await self.call(self.store.require_place)
        metrics.bytes.set(await self.call(self.store.bytes))
        metrics.oldest.set(max(time.time() - await self.call(self.store.oldest, time.time()), 0.0))
        metrics.underway.set(self.bytes)
        metrics.shut.set(0.0 if self.shut_since is None else time.monotonic() - self.shut_since)

    async def close(self) -> None:
        """Write the rest, and close the file."""
        await self._once(self.store.close)
        self._thread.shutdown(wait=True)

    async def enter(self, size: int) -> None:
        """Wait at the entrance until a raw message of this packed size may come in."""
        begun = time.monotonic()
        async with self._room:
            while self.bytes and self.bytes + size > ROOM_BYTES:
                self.shut_since = self.shut_since or begun
                await self._room.wait()
            self.shut_since = None
            self.bytes += size

    def begun(self, entry: JournalEntry, size: int = 0) -> None:
        """Note that a message is underway."""
        found = self.open.setdefault(entry.event, ArticleUnderway())
        found.messages += 1
        found.bytes += size

    def sends(self, entry: JournalEntry) -> None:
        """Note a message of our own, which is not to be taken for somebody else's."""
        self._known[entry.topic, entry.event] = None
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    def arrived(self, entry: JournalEntry, partition: int, offset: int) -> None:
        """Note where the broker has put a message that some group has to read."""
        self.sent[entry.topic, partition].append(UnreadMessage(offset, entry.topic, entry.event))

    async def read(self, committed: Mapping[tuple[str, str, int], int]) -> int:
        """Settle messages that every group has read past: `committed` by group, topic and partition. Return how many."""
        settled: list[UnreadMessage] = []
        for (topic, partition), sent in self.sent.items():
            past = min(
                (committed.get((group, topic, partition), 0) for group in self.readers.get(topic, ())), default=0
            )
            while sent and sent[0].offset < past:
                settled.append(sent.popleft())
        if settled:
            await self.write((), (), [(one.topic, one.event) for one in settled])
            async with self._room:
                for one in settled:
                    self._close(one.event)
                self._room.notify_all()
        return len(settled)

    def _close(self, event: str) -> None:
        found = self.open.get(event)
        if found is None:
            return
        found.messages -= 1
        if found.messages <= 0:
            self.bytes -= found.bytes
            del self.open[event]


#: The journals that run in this process, by the path of their file: what `kafka.journal` names.
RUNNING: dict[str, Journal] = {}


class JournaledProducer(AIOKafkaProducer):  # type: ignore[misc]
    """An aiokafka producer whose messages are journaled, in their order, before they are sent."""

    def __init__(self, journal: Journal, **options: Any) -> None:
        super().__init__(**options)
        self._journal = journal
        self._batch = Batch()
        self._filled = asyncio.Event()
        self._written = asyncio.Event()
        self._written.set()
        self._pump: asyncio.Task[None] | None = None
        self._refusing: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Connect, and begin to write."""
        await super().start()
        self._pump = asyncio.ensure_future(self._write_on())

    async def stop(self) -> None:
        """Send the journaled messages, then disconnect; those that a disk does not take were promised to nobody."""
        if self._pump is not None:
            ends = [asyncio.ensure_future(event.wait()) for event in (self._written, self._journal.hindered)]
            await asyncio.wait((*ends, self._pump), return_when=asyncio.FIRST_COMPLETED)
            for end in (*ends, self._pump):
                end.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)
        await super().stop()

    async def send(  # noqa: D102 - aiokafka's own
        self,
        topic: str,
        value: bytes | None = None,
        key: bytes | None = None,
        partition: int | None = None,
        timestamp_ms: int | None = None,
        headers: Headers | None = None,
    ) -> Awaitable[Any]:
        time_ms = timestamp_ms if timestamp_ms is not None else int(time.time() * 1000)
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if TOPICS[topic].compacted:
            if partition is None:
                await self.partitions_for(topic)  # learns them where it is the first message
                partition = self._partition(topic, None, key, value, key, value)
            self._batch.states.append(StateRow(topic, partition, key_text(key), value, headers or ()))
            entry = None
        else:
            entry = await self._entry(topic, value, key, partition, time_ms, headers or ())
            self._batch.entries.append(entry)
        self._batch.sends.append(((entry, topic, value, key, partition, time_ms, list(headers or ())), done))
        self._filled.set()
        self._written.clear()
        return done

    async def _entry(
        self, topic: str, value: bytes | None, key: bytes | None, partition: int | None, time_ms: int, headers: Headers
    ) -> JournalEntry:
        """Return a message as the journal has it; a raw message waits here until there is room for it."""
        waiting = topic in self._journal.readers
        packed = await asyncio.to_thread(pack, value) if value and len(value) > 1 << 16 else pack(value)
        event = next((text.decode("utf-8", "replace") for name, text in headers if name == "ce_id"), "")
        event = event or f"{key!r}:{time_ms}:{id(value)}"
        size = 0
        if topic in ENTRIES:
            size = len(packed or b"") + OVERHEAD_BYTES
            await self._journal.enter(size)
        entry = JournalEntry(topic, event, key, packed, headers, time_ms, partition, waiting)
        self._journal.sends(entry)
        if waiting:
            self._journal.begun(entry, size)
        return entry

    async def again(self, entry: JournalEntry) -> Awaitable[Any]:
        """Send a message that the journal holds from an earlier run, by the id under which it does: it is the same one."""
        headers = [(name, value) for name, value in entry.headers if name != "ce_id"]
        headers.append(("ce_id", entry.event.encode()))
        return await self.send(entry.topic, unpack(entry.value), entry.key, entry.partition, entry.time_ms, headers)

    async def _write_on(self) -> None:
        try:
            while True:
                await self._filled.wait()
                self._filled.clear()
                batch, self._batch = self._batch, Batch()
                await self._journal.write(batch.entries, batch.states, batch.settled)
                for (entry, *arguments), done in batch.sends:
                    try:
                        self._confirm(entry, await super().send(*arguments), done)
                    except (KafkaError, AssertionError) as error:  # too large, or for a partition that there is not
                        await self._refuse(entry, error, done)
                if not self._batch.sends:
                    self._written.set()
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # raised again, once all who wait for an answer have it
            self._journal.failure = error
            for _, done in [*batch.sends, *self._batch.sends]:
                if not done.done():
                    done.set_exception(error)
            raise

    async def _refuse(self, entry: JournalEntry | None, error: BaseException, done: "asyncio.Future[Any]") -> None:
        """Pass on that the broker does not take a message: it alone, and the next one is sent."""
        if entry is not None and entry.waiting:
            await self._journal.gave_up(entry)
        if not done.done():
            done.set_exception(error)

    def _confirm(self, entry: JournalEntry | None, sent: "asyncio.Future[Any]", done: "asyncio.Future[Any]") -> None:
        """Pass the broker's answer on, and note where it put the message."""

        def answered(future: "asyncio.Future[Any]") -> None:
            if future.cancelled() or done.done():
                return
            if (error := future.exception()) is not None:
                refusing = asyncio.ensure_future(self._refuse(entry, error, done))
                self._refusing.add(refusing)
                refusing.add_done_callback(self._refusing.discard)
                return
            if entry is not None and entry.waiting:
                self._journal.arrived(entry, future.result().partition, future.result().offset)
            BELL.rang(future.result().topic)
            done.set_result(future.result())

        sent.add_done_callback(answered)
