"""Messages between Kafka and a step's work: taken in bounded room, kept in order, acknowledged when they are settled."""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from streams.message import Message

#: Says that everything below an offset of a topic's partition is done, and may be committed.
Finish = Callable[[str, int, int], None]

#: Room that a message and each of its headers take besides their bytes.
MESSAGE_BYTES, HEADER_BYTES = 600, 120
#: How often it is asked whether the worker is in its group's session.
SESSION_SECONDS = 0.05


async def wait_for_session(
    in_session: Callable[[], bool],
    ours: Callable[[], bool],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> bool:
    """Wait until the group surely counts this worker as a member; tell at once where the work is not `ours` any more."""
    while not in_session():
        if not ours():
            return False
        await sleep(SESSION_SECONDS)
    return True


@dataclass(slots=True)
class WorkItem:
    """A message that was taken and is not settled yet; `taken_at` is in epoch seconds."""

    message: Message
    taken_at: float
    #: the number of rebalances before it was taken: one from before the last is its next owner's
    epoch: int
    finished: bool = False
    #: the room that it takes: value, key, headers, and what Python needs for them
    size_bytes: int = field(init=False)

    def __post_init__(self) -> None:
        """Measure it once."""
        message, headers = self.message, self.message.headers
        size = HEADER_BYTES * len(headers) + sum(map(len, headers)) + sum(map(len, headers.values()))
        self.size_bytes = MESSAGE_BYTES + len(message.value) + len(message.key or b"") + size


class Buffer:
    """Messages that were taken and are not begun yet, bounded in bytes."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self.items: deque[WorkItem] = deque()
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    async def put(self, item: WorkItem) -> None:
        """Add a message; waits while there is no room (one message always fits)."""
        while self.bytes and self.bytes + item.size_bytes > self.max_bytes:
            self._room.clear()
            await self._room.wait()
        self.bytes += item.size_bytes
        self.items.append(item)
        self._changed.set()

    async def wait(self, seconds: float | None = None) -> None:
        """Wait until there is a message, or for so many seconds."""
        if self.items:
            return
        self._changed.clear()
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return

    def take(self, most: int, most_bytes: int) -> list[WorkItem]:
        """Return up to so many messages, at least one where there is one, and bytes of values. Their room counts until `done`."""
        chunk: list[WorkItem] = []
        size = 0
        while self.items and len(chunk) < most and (not chunk or size + len(self.items[0].message.value) <= most_bytes):
            item = self.items.popleft()
            size += len(item.message.value)
            chunk.append(item)
        return chunk

    def drop(self) -> None:
        """Let go of everything that is not yet in work."""
        waiting = list(self.items)
        self.items.clear()
        self.done(waiting)

    def done(self, items: Iterable[WorkItem]) -> None:
        """Give back the room of messages that are settled."""
        self.bytes -= sum(item.size_bytes for item in items)
        self._room.set()


class Intake:
    """Keeps the account of one step's messages: which are taken, begun and finished, and whose partitions they are of.

    A partition is committed up to the first message that is not finished. Messages that were taken before a rebalance
    are their next owner's, unless their work has begun.
    """

    def __init__(self, max_bytes: int, finish: Finish, clock: Callable[[], float] = time.time) -> None:
        self.buffer = Buffer(max_bytes)
        self.epoch = 0
        self.taken = 0
        #: whether the step stops: what is fetched meanwhile is left to the next owner
        self.closed = False
        #: partitions that are this worker's and whose state is recovered
        self.partitions: set[int] = set()
        self._finish = finish
        self._clock = clock
        self._underway: defaultdict[tuple[str, int], deque[WorkItem]] = defaultdict(deque)
        self._begun = 0
        self._abandoned = False
        self._nothing_begun = asyncio.Event()
        self._nothing_begun.set()

    async def put(self, message: Message, epoch: int) -> None:
        """Take a message, unless its partition went away after `epoch` or it is closed; waits while there is no room."""
        if self.closed or epoch != self.epoch:
            return
        self.taken += 1
        item = WorkItem(message, self._clock(), epoch)
        self._underway[message.topic, message.partition].append(item)
        await self.buffer.put(item)

    def next(self, most: int, most_bytes: int) -> list[WorkItem]:
        """Return the next messages that are still this worker's."""
        chunk = self.buffer.take(most, most_bytes)
        self.buffer.done([item for item in chunk if item.epoch != self.epoch])
        return [item for item in chunk if item.epoch == self.epoch]

    def begin(self) -> None:
        """Count a piece of work that is begun: partitions are not given away before it is ended."""
        self._begun += 1
        if not self._abandoned:
            self._nothing_begun.clear()

    def end(self, pieces: int = 1) -> None:
        """Count pieces of work that are ended."""
        self._begun -= pieces
        if not self._begun:
            self._nothing_begun.set()

    def acknowledge(self, items: Sequence[WorkItem]) -> None:
        """Let each partition be committed up to the first message that is not finished, and give back the room."""
        for item in items:
            item.finished = True
        for topic, partition in {(item.message.topic, item.message.partition) for item in items}:
            underway = self._underway[topic, partition]
            last = None
            while underway and underway[0].finished:
                last = underway.popleft()
            if last is not None:
                self._finish(topic, partition, last.message.offset + 1)
        self.buffer.done(items)

    def give_up(self) -> None:
        """Let go of messages not begun: they are the next owner's."""
        self.epoch += 1
        self.partitions.clear()  # what comes back is recovered again: only what others have written since is read
        self.buffer.drop()

    def close(self) -> None:
        """Take nothing from now on, and let go of messages not begun.

        Faust fetches until it is stopped. Of one partition a first fetch may have been let go and a second one finished:
        its commit would pass over the first.
        """
        self.closed = True
        self.give_up()

    def abandon(self) -> None:
        """Wait for no begun work from now on: nobody goes on with it."""
        self._abandoned = True
        self._nothing_begun.set()

    async def drained(self) -> None:
        """Wait until begun work is ended, and forget the rest."""
        await self._nothing_begun.wait()
        self._underway.clear()
