"""One order for articles of many workers: the deciding step takes them by arrival, not by who was faster.

Which of two copies is the original depends on which is decided first. Articles reach the deciding partition through
several partitions and workers, in an order that changes with their number and their crashes. `ArrivalOrder` merges the
partitions of the first topic again, by the time each article arrived: the next is the earliest head, once no partition can
still bring an earlier one. Every raw message leaves exactly one trace here (an article, or an empty marker where a step
dead-lettered it), so a partition is known to be drained when all offsets up to its end have been seen. Offsets without a
message, such as those that a transaction ends with, are asked for and passed over (`streams.worker.offsets`).

A wait is bounded: a partition that brings nothing for `wait_seconds` is given up until it moves again, and what waited
for it is decided without (and counted), so a dead worker delays its neighbours for that long, once, and never stops them.
One that is only slow is waited for as long as there is room to hold the others' articles. A single offset whose trace is
lost (its record expired, its topic was made anew) is given up for good once later ones of its partition have come and it
has been missing for `wait_seconds`.
"""

import math
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

#: An offset is missing for at least so long before it is given up, whatever the wait.
MIN_STANDING_SECONDS = 1.0


@dataclass(slots=True)
class QueuedArticle(Generic[T]):
    """An article that waits: its offset, its place in the order (time, then fetch id), when it was received (epoch s)."""

    offset: int
    key: tuple[float, str]
    received: float
    item: T


class OffsetMarks:
    """The offsets of a partition that have left a trace: all below `upto`, and some above, with the times of their traces."""

    def __init__(self, upto: int = 0) -> None:
        self.upto = upto
        self._above: dict[int, float] = {}

    def add(self, offset: int, received: float = math.inf) -> None:
        """Note one offset."""
        if offset >= self.upto:
            self._above[offset] = received
            self._advance()

    @property
    def has_hole(self) -> bool:
        """Whether an offset is missing below some that have left a trace."""
        return bool(self._above)

    def left(self, end: int) -> int:
        """Return how many offsets below `end` have left no trace, or fewer."""
        return end - self.upto - len(self._above)

    def has(self, offset: int) -> bool:
        """Return whether an offset has left a trace."""
        return offset < self.upto or offset in self._above

    def unsee(self, offsets: set[int]) -> None:
        """Forget some offsets: their messages will come again."""
        if offsets and min(offsets) < self.upto:
            first = min(offsets)
            self._above |= dict.fromkeys(range(first, self.upto), math.inf)
            self.upto = first
        for offset in offsets:
            self._above.pop(offset, None)

    def skip_to(self, offset: int) -> None:
        """Count everything below `offset` as seen (it is no longer in Kafka)."""
        self.upto = max(self.upto, offset)
        self._above = {o: received for o, received in self._above.items() if o >= self.upto}
        self._advance()

    def overtaken(self, before: float) -> int | None:
        """Return the last offset above the missing one whose trace came before a time; None where there is none."""
        return max((offset for offset, received in self._above.items() if received <= before), default=None)

    def _advance(self) -> None:
        while self.upto in self._above:
            del self._above[self.upto]
            self.upto += 1


class ArrivalOrder(Generic[T]):
    """A merge of the raw partitions' sequences by arrival; pure, times come in as arguments."""

    def __init__(self, wait_seconds: float) -> None:
        self.wait_seconds = wait_seconds
        self.seen: defaultdict[int, OffsetMarks] = defaultdict(OffsetMarks)
        self.held = 0
        self.timeouts = 0
        self._queues: defaultdict[int, deque[QueuedArticle[T]]] = defaultdict(deque)
        self._moved: dict[int, float] = {}
        self._given_up: set[int] = set()
        #: the offset that is missing, and since when, of each partition where one is
        self._standing: dict[int, tuple[int, float]] = {}

    def add(self, partition: int, offset: int, key: tuple[float, str], received: float, item: T) -> None:
        """Take an article that comes from a raw partition and offset (-1: from none, it then waits for none).

        One whose offset has left its trace before comes again, or says that it does: nobody waits for it.
        """
        if partition >= 0 and self.seen[partition].has(offset):
            offset = -1
        self._queues[partition].append(QueuedArticle(offset, key, received, item))
        self.held += 1
        self.mark(partition, offset, received)

    def mark(self, partition: int, offset: int, received: float) -> None:
        """Note that a raw message has left its trace, though no article."""
        if partition >= 0 and offset >= 0:
            self.seen[partition].add(offset, received)
            self._moved[partition] = received
            self._given_up.discard(partition)

    def unsee(self, partition: int, offset: int) -> None:
        """Forget the offset of a raw message: the message that carried it was not settled here, and comes again."""
        if partition in self.seen and offset >= 0:
            self.seen[partition].unsee({offset})

    @property
    def has_holes(self) -> bool:
        """Whether an offset is missing below some of its partition that have left a trace."""
        return any(seen.has_hole for seen in self.seen.values())

    def skip(self, partition: int, offset: int) -> int:
        """Pass over offsets without a trace below `offset` of a raw partition; return the offset that is missing now."""
        seen = self.seen[partition]
        seen.skip_to(offset)
        if partition in self._standing:
            self._standing[partition] = seen.upto, self._standing[partition][1]
        return seen.upto

    def is_behind(self, ends: Mapping[int, int], coming: int) -> bool:
        """Return whether of each raw partition more than `coming` messages have not come: newer ends would say nothing new."""
        return all(self.seen[partition].left(end) > coming for partition, end in ends.items())

    def standing(self, ends: Mapping[int, int], now: float, seconds: float) -> dict[int, int]:
        """Return the offset that is missing in each raw partition where it has been the same for so long."""
        for partition, end in ends.items():
            upto = self.seen[partition].upto
            if upto >= end:
                self._standing.pop(partition, None)
            elif self._standing.get(partition, (-1, 0.0))[0] != upto:
                self._standing[partition] = upto, now
        return {p: upto for p, (upto, since) in self._standing.items() if now - since >= seconds}

    def give_up(self, ends: Mapping[int, int], now: float) -> None:
        """Pass for good over offsets that later ones of their partition overtook `wait_seconds` ago; count each time."""
        for partition in self.standing(ends, now, MIN_STANDING_SECONDS):
            later = self.seen[partition].overtaken(now - self.wait_seconds)
            if later is not None:
                self.timeouts += 1
                self.skip(partition, later)

    def clamp(self, ends: Mapping[int, int]) -> None:
        """Take back marks that lie beyond the ends: they were of a topic that has been made anew."""
        for partition, end in ends.items():
            if self.seen[partition].upto > end:
                self.seen[partition] = OffsetMarks(end)

    def settled_below(self, partition: int) -> int:
        """Return the offset of a raw partition below which everything has left a trace and nothing is held."""
        queue = self._queues.get(partition)
        upto = self.seen[partition].upto
        first = next((held.offset for held in queue or () if held.offset >= 0), upto)
        return min(first, upto)

    def forget(self) -> list[T]:
        """Drop and return all held messages: after a rebalance they are delivered again."""
        dropped = [held.item for queue in self._queues.values() for held in queue]
        for partition, queue in self._queues.items():
            self.seen[partition].unsee({held.offset for held in queue if held.offset >= 0})
        self._queues.clear()
        self.held = 0
        return dropped

    def release(self, ends: Mapping[int, int], ends_at: float, now: float, *, hurry: bool = False) -> Iterable[T]:
        """Yield articles that can be decided now. `ends`: end offsets of the first topic, as they were at `ends_at`.

        `hurry`: there is no room to wait in; the earliest go on though an earlier one may come.
        """
        while self.held:
            partition = self._earliest()
            head = self._queues[partition][0]
            missing = self._missing(head, ends, ends_at)
            if missing:
                if not hurry and any(now - self._moved_since(p, head) < self.wait_seconds for p in missing):
                    return
                self.timeouts += 1
                if not hurry:
                    self._given_up |= missing
            self._queues[partition].popleft()
            self.held -= 1
            yield head.item

    def _earliest(self) -> int:
        """Return the partition whose head is the earliest article held."""
        return min((p for p, queue in self._queues.items() if queue), key=lambda p: self._queues[p][0].key)

    def _missing(self, head: QueuedArticle[T], ends: Mapping[int, int], ends_at: float) -> set[int]:
        """Return the partitions that can still bring an earlier article than the earliest head."""
        return {
            partition
            for partition, end in ends.items()
            if not self._queues.get(partition)
            and partition not in self._given_up
            and (self.seen[partition].upto < end or ends_at < head.received)
        }

    def _moved_since(self, partition: int, head: QueuedArticle[T]) -> float:
        """Return when a partition last brought something, or the wait for it began."""
        return max(self._moved.get(partition, 0.0), head.received)
