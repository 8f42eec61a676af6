"""The delivery ledger: the state of each alert, and each digest, at each receiver.

One entry an alert and receiver, written to a compacted topic before the alert's message is acknowledged and after each
attempt before anything else. So an alert that comes again (a crash, a rebalance, a redelivery) finds its entry and is
not sent again, and a worker that takes the partition over goes on where the last one stopped. What no ledger can know is
an attempt that was made and not yet recorded when the worker died: it is made again, with the same idempotency id.

Bounded: entries that are settled are forgotten after `ledger_hours`; an alert raised longer ago than that is not sent
any more, since nobody would know whether it had been; no more than `max_waiting` alerts wait for one receiver.
"""

import heapq
import itertools
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from math import inf, isfinite
from typing import Literal

import msgspec
from msgspec import Struct

from agents.deliver.notice import read_notice
from streams.errors import InvalidRecord
from streams.message import Change
from streams.records import Delivery, read_value
from streams.topics import LEDGER

State = Literal["waiting", "delivered", "dead"]


#: The end of the year 9998 in epoch seconds: a wait added to it is still a date. Attempts that nobody will ever make.
LATEST, MOST_ATTEMPTS = 253_370_764_800.0, 1_000_000


class LedgerEntry(Struct, kw_only=True, omit_defaults=True):
    """One alert or digest at one receiver.

    `alert`: the record's bytes while it waits, `alert_id` its id. `uncounted`: how many attempts do not count towards
    their limit: those before somebody asked for more, and those that only tried whether a receiver that was down takes
    alerts again. `partition`: of news.alerts or news.digests, and so of this entry. `due`: when the next attempt may be
    made, `changed`: when the state became what it is, both in epoch seconds. `last`: the latest attempt. `published`: the
    outcomes of its partition that are older were on `news.deliveries` when it was written; 0 where nobody knew.
    """

    alert_id: str
    receiver: str
    partition: int
    state: State
    attempts: int = 0
    uncounted: int = 0
    due: float = 0.0
    changed: float
    alert: bytes | None = None
    last: Delivery | None = None
    published: float = 0.0

    @property
    def key(self) -> str:
        """The key under which the entry is kept."""
        return key_of(self.alert_id, self.receiver)


def key_of(alert_id: str, receiver: str) -> str:
    """Return the key of an alert at a receiver."""
    return f"{alert_id}:{receiver}"


encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(LedgerEntry)


def read_entry(key: str, value: bytes) -> LedgerEntry:
    """Return a persisted entry; raise `InvalidRecord` naming its key for any other bytes."""
    name = f"entry {key[:100]!r} of the delivery ledger"
    entry = read_value(decoder, value, name)
    if entry.state == "waiting":
        try:
            read_notice(entry.alert or b"")
        except InvalidRecord as error:
            raise InvalidRecord("invalid_record", f"{name}: {error}") from error
    if key != entry.key or entry.partition < 0 or not is_possible(entry):
        raise InvalidRecord("invalid_record", f"{name}: none of ours")
    return entry


def is_possible(entry: LedgerEntry) -> bool:
    """Return whether an entry's counts and times are such as are written: times can be dates, and those to come are near."""
    times = 0.0 <= entry.published <= entry.changed <= LATEST and 0.0 <= entry.due <= LATEST
    counts = 0 <= entry.uncounted <= entry.attempts < MOST_ATTEMPTS
    return times and counts


def is_late(entry: LedgerEntry, before: LedgerEntry, keep_seconds: float) -> bool:
    """Return whether an entry says of a delivered one that it is not: only once that is forgotten may it be sent anew."""
    return before.state == "delivered" != entry.state and entry.changed - before.changed <= keep_seconds


Queue = list[tuple[float, int, str]]


class Lines:
    """The entries that wait for one receiver, in two heaps of (due, number, key), from which it is taken in turns.

    `behind` is what had to wait for the receiver, or for this worker: an alert that is raised now goes by the other line,
    so that nobody learns of it only after hours of old ones.
    """

    def __init__(self) -> None:
        self.now: Queue = []
        self.behind: Queue = []
        self.behind_next = False

    @property
    def next_due(self) -> float | None:
        """When the first of both is due."""
        return min((queue[0][0] for queue in (self.now, self.behind) if queue), default=None)


class Ledger:
    """All entries of the partitions that this worker has or had; times are given, never read from a clock."""

    def __init__(self, keep_seconds: float) -> None:
        self.keep_seconds = keep_seconds
        self._entries: dict[str, LedgerEntry] = {}
        self._waiting: Counter[tuple[str, int]] = Counter()
        self._lines: defaultdict[str, Lines] = defaultdict(Lines)
        self._number = itertools.count()
        #: when outcomes came that are not on `news.deliveries` yet, by their keys
        self._unpublished: dict[str, float] = {}
        #: `published` of the latest entry of each partition, in the order of the log
        self._published: dict[int, float] = {}
        #: delivered entries to be written once more: another worker wrote over them late, or wrote late that they are delivered
        self._overruled: dict[str, None] = {}
        #: partitions whose former owner's outcomes may not be published yet, and what it said that is
        self._taken_over: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, alert_id: str, receiver: str) -> LedgerEntry | None:
        """Return the entry of an alert at a receiver."""
        return self._entries.get(key_of(alert_id, receiver))

    def waiting(self, receiver: str, partitions: Container[int]) -> int:
        """Return how many alerts of these partitions wait for a receiver."""
        return sum(many for (name, number), many in self._waiting.items() if name == receiver and number in partitions)

    def put(self, entry: LedgerEntry) -> bytes:
        """Take an entry in place of the one of the same key; return it as it is to be persisted.

        One that waits is not due before `line_up`, which is for when it is persisted. An outcome that it brings counts as not
        published until `note_published`.
        """
        if entry.last is not None:
            self._unpublished[entry.key] = entry.changed
        published = min((entry.changed, *self._unpublished.values()))
        published = min(published, self._taken_over.get(entry.partition, published))
        self._published[entry.partition] = published
        self._put(entry)
        return encoder.encode(msgspec.structs.replace(entry, published=published))

    def line_up(self, key: str, *, behind: bool = False) -> LedgerEntry | None:
        """Let an entry be due at its time, if it waits; return it."""
        entry = self._entries.get(key)
        if entry is None or entry.state != "waiting":
            return None
        lines = self._lines[entry.receiver]
        heapq.heappush(lines.behind if behind else lines.now, (entry.due, next(self._number), key))
        return entry

    def restore(self, key: str, value: bytes | None) -> None:
        """Restore a persisted entry; None forgets it. Raises `InvalidRecord` for bytes that are no entry.

        What was delivered stays so: an entry behind it that says otherwise was on its way when its worker was frozen, and came
        when others had its partition.
        """
        if value is None:
            self._forget(key)
            return
        entry = read_entry(key, value)
        self._published[entry.partition] = entry.published
        before = self._entries.get(key)
        if before is not None and is_late(entry, before, self.keep_seconds):
            self._overruled[key] = None
            return
        entry.published = 0.0  # it is of the write, not of the entry
        self._put(entry)

    def restore_late(self, key: str, value: bytes | None) -> None:
        """Take a former owner's late record only as news of a delivery.

        A delivery stays one, whoever has the partition; the entry is written once more. Raises `InvalidRecord` for other bytes.
        """
        late, before = None if value is None else read_entry(key, value), self._entries.get(key)
        if late is not None and late.state == "delivered" and (before is None or before.state != "delivered"):
            late.published = 0.0
            self._put(late)
            self._overruled[key] = None

    def due(self, receiver: str, partitions: Iterable[int], now: float, busy: Iterable[str] = ()) -> LedgerEntry | None:
        """Return the entry whose turn it is, of those due in these partitions and not `busy`.

        Of each line it is the one that has waited longest for its attempt; the lines take turns where both have one. With
        `now` infinite it is the one that is due first, whenever that is.

        Entries of other partitions are passed over and found again when their partition is resumed.
        """
        owned, underway, lines = set(partitions), set(busy), self._lines[receiver]
        of_now, of_behind = (self._first(queue, owned, now, underway) for queue in (lines.now, lines.behind))
        if of_now is None or of_behind is None:
            return of_now or of_behind
        if not isfinite(now):
            return min(of_now, of_behind, key=lambda entry: entry.due)
        lines.behind_next = not lines.behind_next
        return of_now if lines.behind_next else of_behind

    def _first(self, queue: Queue, owned: set[int], now: float, underway: set[str]) -> LedgerEntry | None:
        while queue and queue[0][0] <= now:
            due, _, key = queue[0]
            entry = self._entries.get(key)
            if entry is None or entry.state != "waiting" or entry.due != due or key in underway:
                heapq.heappop(queue)
                continue
            if entry.partition not in owned:
                heapq.heappop(queue)
                continue
            return entry
        return None

    def next_due(self, receiver: str) -> float | None:
        """Return when the next attempt at a receiver may be due."""
        return self._lines[receiver].next_due

    def resume(self, partition: int, latest: float = inf) -> None:
        """Line up the alerts that wait in a partition that this worker has (again), none of them for later than `latest`.

        No attempt is put off for longer than the longest wait: one that is was by a clock that ran ahead.
        """
        for entry in self._entries.values():
            if entry.partition == partition:
                entry.due = min(entry.due, latest)
                self.line_up(entry.key, behind=True)

    def hasten(self, receiver: str, now: float) -> None:
        """Make all that waits for a receiver due now: it takes alerts again."""
        lines = self._lines[receiver]
        placed = [*lines.now, *lines.behind]
        lines.now = []
        lines.behind = []
        for due, number, key in placed:
            entry = self._entries.get(key)
            if entry is not None and entry.state == "waiting" and entry.due == due:
                entry.due = min(due, now)
                lines.behind.append((entry.due, number, key))
        heapq.heapify(lines.behind)

    def note_published(self, key: str) -> None:
        """Note that the outcome which an entry brought is published."""
        self._unpublished.pop(key, None)

    def take_over(self, partition: int) -> float:
        """Return the time from which on outcomes of a partition may not be published yet: the next owner publishes them again.

        Until it says `note_repeated`, its own entries claim no more than that: a third owner would believe them.
        """
        self._taken_over[partition] = self._published.get(partition, 0.0)
        return self._taken_over[partition]

    def note_repeated(self, partition: int, repeated: Iterable[LedgerEntry]) -> Change | None:
        """Note that the outcomes of a partition's former owner are published; return the entry that tells the next owner.

        It is the last of the delivered ones once more, which no attempt will change. Without it an owner that has nothing to
        deliver would leave all of them to be repeated by the next, and that by the next.
        """
        self._taken_over.pop(partition, None)
        settled = [each for each in repeated if each.state == "delivered" and self._entries.get(each.key) is each]
        last = max(settled, key=lambda each: each.changed, default=None)
        if last is None or self._published.get(partition, 0.0) >= last.changed:
            return None
        value = self.put(last)
        self.note_published(last.key)
        return Change(LEDGER, partition, last.key, value)

    def overruled(self, partitions: Container[int]) -> list[Change]:
        """Return the delivered entries of these partitions that others have overwritten: they are to be written once more."""
        found = [each for key in self._overruled if (each := self._entries.get(key)) and each.partition in partitions]
        for entry in found:
            del self._overruled[entry.key]
        changes = [Change(LEDGER, entry.partition, entry.key, self.put(entry)) for entry in found]
        for entry in found:
            self.note_published(entry.key)
        return changes

    def changed(self, partition: int, since: float, until: float) -> Iterator[LedgerEntry]:
        """Yield the entries of a partition that were tried last between two times."""
        for entry in self._entries.values():
            if entry.partition == partition and entry.last is not None and since <= entry.changed <= until:
                yield entry

    def expire(self, partitions: Iterable[int], now: float) -> list[LedgerEntry]:
        """Forget settled entries of these partitions that are older than `keep_seconds`, and return them."""
        owned = set(partitions)
        old = [
            entry
            for entry in self._entries.values()
            if entry.state != "waiting" and entry.partition in owned and now - entry.changed > self.keep_seconds
        ]
        for entry in old:
            self._forget(entry.key)
        return old

    def _put(self, entry: LedgerEntry) -> None:
        self._forget(entry.key)
        self._entries[entry.key] = entry
        if entry.state == "waiting":
            self._waiting[entry.receiver, entry.partition] += 1

    def _forget(self, key: str) -> None:
        self._overruled.pop(key, None)
        before = self._entries.pop(key, None)
        if before is not None and before.state == "waiting":
            self._waiting[before.receiver, before.partition] -= 1
