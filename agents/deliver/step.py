"""The deliver step on its topics: `news.alerts` and `news.digests` to people, the outcomes to `news.deliveries`.

A message is done when the ledger says, on Kafka, what is to be sent to whom; the attempts go on beside the
messages (`agents.deliver.sender`), so an alert that one receiver does not take holds up no other.
"""

import os
import time
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from agents.deliver.ledger import Ledger, LedgerEntry
from agents.deliver.metrics import DeliverMetrics
from agents.deliver.notice import Notice, label_of, read_notice
from agents.deliver.outcomes import dead_letter_of, delivery_of, output_of
from agents.deliver.receivers.opening import open_receivers
from agents.deliver.sender import Sender
from agents.deliver.settings import DeliverSettings, Receivers
from streams.errors import InvalidRecord
from streams.message import Change, Message, Settlement
from streams.metrics import Metrics
from streams.records import Delivery
from streams.settings import Settings
from streams.step import Companion, Settler, Step, Surroundings
from streams.topics import ALERTS, DELIVERIES, DIGESTS, LEDGER, MIB, KafkaTopic

#: The receivers, with commas between them, to which a dead alert is to be sent again.
RETRY_HEADER = "ww_retry"

#: Receivers of one alert or digest, and bytes that it may become with all of them: to each that is unknown a dead letter with
#: the whole of it is written.
MOST_RECEIVERS, MOST_BYTES = 500, 64 * MIB


class DeliverOutcome(StrEnum):
    """Effect of an alert's or digest's message on the ledger."""

    QUEUED = "queued"
    DEAD_AT_ONCE = "dead_at_once"
    KNOWN = "known"
    NO_RECEIVER = "no_receiver"


class DeliverSettler(Settler[None, None]):
    """Enters alerts and digests into the ledger, for each of their receivers."""

    states: Sequence[KafkaTopic] = (LEDGER,)

    def __init__(self, settings: Settings) -> None:
        self.settings = settings[DeliverSettings]
        self.receivers = settings[Receivers]
        self.ledger = Ledger(self.settings.ledger_hours * 3600.0)
        self.sender: Sender | None = None

    def settle(self, message: Message, product: None) -> Settlement:
        """Enter an alert or digest once for each of its receivers that does not have it."""
        notice = read_notice(message.value)
        many = len(notice.receivers)
        if many > MOST_RECEIVERS or many * len(message.value) > MOST_BYTES:
            raise InvalidRecord(
                "invalid_record", f"{many} receivers of {len(message.value):,} bytes: too many, or too much"
            )
        names = message.headers.get(RETRY_HEADER, b"").decode("utf-8", "replace").split(",")
        retried = {name for name in names if name}
        settled = Settlement([], DeliverOutcome.KNOWN if notice.receivers else DeliverOutcome.NO_RECEIVER)
        for receiver in dict.fromkeys(notice.receivers):
            before = self.ledger.get(notice.id, receiver)
            if retried and receiver not in retried:
                continue
            if before is not None and not (before.state == "dead" and receiver in retried):
                continue
            entry = waiting_entry(message, notice, receiver, before.attempts if before else 0)
            self._enter(settled, entry, notice, self._obstacle(entry, notice, retried=bool(retried)))
        return settled

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take back one entry of the ledger."""
        self.ledger.restore(key, value)

    def restore_late(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take note of an entry that a former owner wrote late: its deliveries count."""
        self.ledger.restore_late(key, value)

    def acknowledged(self, settlement: Settlement) -> None:
        """Let the attempts begin on entries that the ledger now has on Kafka."""
        for change in settlement.changes:
            self.ledger.note_published(change.key)
            entry = self.ledger.line_up(change.key)
            if entry is not None and self.sender is not None:
                self.sender.wake(entry.receiver)

    def observe(self, metrics: Metrics, settlement: Settlement) -> None:
        """Count alerts that are dead without an attempt, and show the size of the ledger."""
        for output in settlement.outputs:
            if isinstance(output.record, Delivery):
                metrics[DeliverMetrics].deliveries.labels(output.record.receiver_type, output.record.outcome).inc()
                metrics.dead.labels("deliver", "undeliverable").inc()
        metrics.state_entries.labels("deliver", LEDGER.name).set(len(self.ledger))

    def companion(self, surroundings: Surroundings) -> Companion:
        """Open the receivers; raise `SettingsError` where one cannot be."""
        receivers = open_receivers(surroundings.settings, os.environ)
        self.sender = Sender(self.ledger, receivers, self.settings, surroundings)
        return self.sender

    def _enter(self, settled: Settlement, entry: LedgerEntry, notice: Notice, obstacle: str) -> None:
        """Put an entry into the ledger; with an obstacle it is dead at once."""
        settled.outcome = DeliverOutcome.QUEUED
        if obstacle:
            kind, value = self._kind(entry.receiver), entry.alert or b""
            delivery = delivery_of(entry, notice, kind, entry.attempts, "dead", entry.changed)
            delivery.error = obstacle
            entry = msgspec.structs.replace(entry, state="dead", alert=None, last=delivery)
            settled.outcome = DeliverOutcome.DEAD_AT_ONCE
            settled.outputs += [output_of(delivery), dead_letter_of(delivery, notice, value)]
        settled.changes.append(Change(LEDGER, entry.partition, entry.key, self.ledger.put(entry)))

    def _obstacle(self, entry: LedgerEntry, notice: Notice, *, retried: bool) -> str:
        """Return why something cannot be sent to a receiver; an empty string where it can."""
        known, receiver = self.receivers, entry.receiver
        if receiver not in known:
            there = f"there are {', '.join(sorted(known))}" if known else "there are none"
            return f"no receiver is called {receiver!r} in the settings; {there}"
        if not retried and entry.changed - label_of(notice).at.timestamp() > self.ledger.keep_seconds:
            return f"raised longer ago than deliver.ledger_hours ({self.settings.ledger_hours:g} h)"
        partitions = self.sender.partitions if self.sender is not None else ()
        if self.ledger.waiting(receiver, partitions) >= self.settings.max_waiting:
            return f"{self.settings.max_waiting} alerts wait for it already (deliver.max_waiting)"
        return ""

    def _kind(self, receiver: str) -> str:
        settings = self.receivers.get(receiver)
        return str(settings.__struct_config__.tag) if settings is not None else "unknown"


def waiting_entry(message: Message, notice: Notice, receiver: str, attempts: int) -> LedgerEntry:
    """Return an entry that is due now; `attempts`: those made before it was dead."""
    now = time.time()
    return LedgerEntry(
        alert_id=notice.id,
        receiver=receiver,
        partition=message.partition,
        state="waiting",
        attempts=attempts,
        uncounted=attempts,
        due=now,
        changed=now,
        alert=message.value,
    )


DELIVER_STEP = Step(
    name="deliver",
    summary="alerts and digests to their receivers, each once, with retries; the outcome of every attempt",
    takes=(ALERTS, DIGESTS),
    gives=(DELIVERIES,),
    settler=DeliverSettler,
    outcomes=DeliverOutcome,
    metrics=(DeliverMetrics,),
)

STEPS = (DELIVER_STEP,)
