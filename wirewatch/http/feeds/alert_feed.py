"""The latest alerts of every watch, in memory, in the order in which they came.

Every alert gets a number, one higher than the one before. A reader of the stream is nothing but the number of the last
alert that it was sent, so that what it missed and what comes next are one thing, and a slow reader holds no memory.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from streams.records import Alert, Delivery, Severity, WatchRecord, encode

#: Most alerts of all watches together; beyond them the oldest are forgotten.
MAX_ALERTS = 20_000
#: Most bytes of them.
MAX_BYTES = 64 << 20
#: What an alert costs beside its JSON: 428 bytes in RSS, at 20,000 alerts of 818 bytes (CPython 3.11).
ENTRY_BYTES = 430
#: Watches with alerts; beyond that the one that has been silent longest is forgotten.
MAX_WATCHES = 10_000
#: Watches whose names are known although they have raised nothing.
MAX_NAMES = 200_000
#: Alerts whose deliveries are known.
MAX_DELIVERIES = 5_000


@dataclass(frozen=True, slots=True)
class KeptAlert:
    """One alert: its number, and its JSON."""

    number: int
    id: str
    watch: str
    severity: Severity
    raised_at: datetime
    value: bytes


@dataclass(slots=True)
class WatchAlerts:
    """One watch's alerts, oldest first; `forgotten` is the highest number that it no longer has."""

    forgotten: int = 0
    alerts: deque[KeptAlert] = field(default_factory=deque)


class AlertFeed:
    """Keeps the newest `entries` alerts of each watch, within bounds for all together; each alert id once.

    `ready` is set once what Kafka has of the last hours is in; `waits_for` says what keeps them from coming, None while
    they come; `changed` is set when the next alert has come.
    """

    def __init__(self, entries: int, *, max_alerts: int = MAX_ALERTS, max_bytes: int = MAX_BYTES) -> None:
        self.entries = entries
        self.ready = asyncio.Event()
        self.waits_for: str | None = "the alerts of the last hours are being read"
        self.newest = 0
        self.bytes = 0
        self.changed_at = datetime.now(UTC)
        self.in_force: dict[str, Severity] = {}
        self._max_alerts = max_alerts
        self._max_bytes = max_bytes
        self._forgotten = 0
        self._forgotten_watch = 0
        self._kept: dict[int, KeptAlert] = {}
        self._numbers: dict[str, int] = {}
        self._watches: OrderedDict[str, WatchAlerts] = OrderedDict()
        self._deliveries: OrderedDict[str, dict[str, Delivery]] = OrderedDict()
        self.changed = asyncio.Event()

    def __len__(self) -> int:
        """Return how many alerts are kept."""
        return len(self._kept)

    # -- what comes from Kafka

    def take(self, alert: Alert) -> bool:
        """Keep an alert; return False where it is here already: the first of an id stands."""
        if alert.id in self._numbers:
            return False
        self.newest += 1
        # A copy: what orjson (3.13) returns keeps its writer's 8 KiB, ten times what an alert needs (measured as RSS).
        value = bytes(memoryview(encode(alert)))
        kept = KeptAlert(self.newest, alert.id, alert.watch, alert.severity, alert.raised_at, value)
        watch = self._watches.setdefault(alert.watch, WatchAlerts(forgotten=self._forgotten_watch))
        self._watches.move_to_end(alert.watch)
        self._kept[kept.number] = kept
        self._numbers[kept.id] = kept.number
        watch.alerts.append(kept)
        self.bytes += len(kept.value) + ENTRY_BYTES
        if len(watch.alerts) > self.entries:
            self._forget_first(watch)
        while len(self._kept) > self._max_alerts or (self.bytes > self._max_bytes and len(self._kept) > 1):
            self._forget_first(self._watches[next(iter(self._kept.values())).watch])
        if len(self._watches) > MAX_WATCHES:
            _, silent = self._watches.popitem(last=False)
            while silent.alerts:
                self._forget_first(silent)
            self._forgotten_watch = max(self._forgotten_watch, silent.forgotten)
        self.changed_at = datetime.now(UTC)
        self.wake()
        return True

    def take_delivery(self, delivery: Delivery) -> None:
        """Keep the latest attempt to tell a receiver of an alert."""
        known = self._deliveries.setdefault(delivery.alert_id, {})
        self._deliveries.move_to_end(delivery.alert_id)
        earlier = known.get(delivery.receiver)
        if earlier is None or earlier.attempted_at <= delivery.attempted_at:
            known[delivery.receiver] = delivery
        if len(self._deliveries) > MAX_DELIVERIES:
            self._deliveries.popitem(last=False)

    def take_watch(self, name: str, record: WatchRecord | None) -> bool:
        """Note that a watch is in force, or no longer; return False where no more names can be noted."""
        if record is None:
            self.in_force.pop(name, None)
        elif name in self.in_force or len(self.in_force) < MAX_NAMES:
            self.in_force[name] = record.severity
        else:
            return False
        return True

    def _forget_first(self, watch: WatchAlerts) -> None:
        kept = watch.alerts.popleft()
        watch.forgotten = kept.number
        self._forgotten = max(self._forgotten, kept.number)
        del self._kept[kept.number]
        del self._numbers[kept.id]
        self.bytes -= len(kept.value) + ENTRY_BYTES

    # -- what readers ask

    def knows(self, name: str) -> bool:
        """Say whether a watch has raised an alert or is in force."""
        return name in self._watches or name in self.in_force

    def names(self) -> list[str]:
        """Return the names of all watches that are known, sorted."""
        return sorted({*self._watches, *self.in_force})

    def count(self, name: str) -> int:
        """Return how many alerts of a watch are kept."""
        watch = self._watches.get(name)
        return len(watch.alerts) if watch else 0

    def latest(self, watches: Collection[str] | None, limit: int) -> list[KeptAlert]:
        """Return the newest alerts of some watches (None: all), the last to come first."""
        found: list[KeptAlert] = []
        for kept in self._backwards(watches):
            if len(found) == limit:
                break
            found.append(kept)
        return found

    def number_of(self, alert_id: str) -> int | None:
        """Return the number of an alert, None where it is not (or no longer) here."""
        return self._numbers.get(alert_id)

    def after(self, number: int, watches: Collection[str] | None) -> list[int]:
        """Return the numbers after `number`, in order."""
        numbers = []
        for kept in self._backwards(watches):
            if kept.number <= number:
                break
            numbers.append(kept.number)
        numbers.reverse()
        return numbers

    def get(self, number: int) -> KeptAlert | None:
        """Return an alert by its number, None where it has been forgotten."""
        return self._kept.get(number)

    def forgotten(self, watches: Collection[str] | None) -> int:
        """Return the highest number of an alert that is no longer here, 0 where none has been forgotten."""
        if watches is None:
            return self._forgotten
        states = (self._watches.get(name) for name in watches)
        return max((state.forgotten if state else self._forgotten_watch for state in states), default=0)

    def deliveries(self, alert_id: str) -> dict[str, Delivery]:
        """Return the latest attempt at each receiver of an alert, as far as known."""
        return self._deliveries.get(alert_id, {})

    def wake(self) -> None:
        """Let everybody look who waits for `changed`, which is another one for each change."""
        self.changed.set()
        self.changed = asyncio.Event()

    def _backwards(self, watches: Collection[str] | None) -> Iterator[KeptAlert]:
        if watches is None:
            return reversed(self._kept.values())
        states = [self._watches[name] for name in watches if name in self._watches]
        if len(states) == 1:
            return reversed(states[0].alerts)
        merged = [kept for state in states for kept in state.alerts]
        return iter(sorted(merged, key=lambda kept: -kept.number))


class Backlog:
    """Alerts that a worker reads back at its start, put in order of raising: partitions come one after another.

    Holds twice as many of each watch as will be kept, at most, and twice as many in all.
    """

    def __init__(self, entries: int, since: datetime, max_alerts: int = MAX_ALERTS) -> None:
        self.since = since
        self._entries = entries
        self._max_alerts = max_alerts
        self._alerts: dict[str, dict[str, Alert]] = {}
        self._count = 0

    def add(self, alert: Alert) -> None:
        """Take an alert, unless it was raised before `since`."""
        if alert.raised_at < self.since:
            return
        alerts = self._alerts.setdefault(alert.watch, {})
        self._count += alert.id not in alerts
        alerts.setdefault(alert.id, alert)
        if len(alerts) >= 2 * self._entries:
            self._replace(alert.watch, newest(alerts.values(), self._entries))
        if self._count >= 2 * self._max_alerts:
            # of each watch first: what exceeds a watch's share must not push out what others may keep
            keep = self.in_order()
            self._alerts, self._count = {}, 0
            for kept in keep:
                self._alerts.setdefault(kept.watch, {})[kept.id] = kept
                self._count += 1

    def in_order(self) -> list[Alert]:
        """Return the alerts to keep, in order of raising."""
        every = (a for watch in self._alerts.values() for a in newest(watch.values(), self._entries))
        return newest(every, self._max_alerts)

    def _replace(self, watch: str, alerts: Iterable[Alert]) -> None:
        self._count -= len(self._alerts[watch])
        self._alerts[watch] = {alert.id: alert for alert in alerts}
        self._count += len(self._alerts[watch])


def newest(alerts: Iterable[Alert], count: int) -> list[Alert]:
    """Return the `count` alerts that were raised last, in order of raising."""
    return in_order(alerts)[-count:]


def in_order(alerts: Iterable[Alert]) -> list[Alert]:
    """Return alerts by when they were raised; those of one moment by id, so that it is one order everywhere."""
    return sorted(alerts, key=lambda alert: (alert.raised_at, alert.id))
