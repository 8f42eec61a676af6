"""The deliver step on its topics: `news.alerts` to people, and what came of it to `news.deliveries`.

An alert's message is done when the ledger says, on Kafka, what is to be sent to whom; the attempts go on beside the
messages (`agents.deliver.sender`), so an alert that one receiver does not take holds up no other.
"""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from agents.deliver.ledger import Entry, Ledger, key_of
from agents.deliver.receivers.opening import open_receivers
from agents.deliver.sender import Sender, dead_letter_of, output_of
from streams.kafka.producer import Outlet
from streams.metrics import Metrics
from streams.records import Alert, Delivery, decode
from streams.settings import Settings
from streams.step import Change, Companion, Message, Output, Settled, Settler, Step
from streams.topics import ALERTS, DELIVERIES, LEDGER, KafkaTopic

#: The receivers, with commas between them, to which a dead alert is to be sent again.
RETRY_HEADER = "ww_retry"


class DeliverSettler:
    """Enters into the ledger what is to be delivered."""

    states: Sequence[KafkaTopic] = (LEDGER,)
    follows: Sequence[KafkaTopic] = ()

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.ledger = Ledger(settings.deliver.ledger_hours * 3600.0)
        self.sender: Sender | None = None

    def task(self, message: Message) -> None:
        """Nothing travels: there is nothing to compute."""

    def settle(self, message: Message, product: object) -> Settled:
        """Enter an alert once for each of its receivers that does not have it."""
        alert = decode(message.value, Alert)
        asked = {name for name in message.headers.get(RETRY_HEADER, b"").decode().split(",") if name}
        settled = Settled([], "known" if alert.receivers else "no_receiver")
        for receiver in dict.fromkeys(alert.receivers):
            before = self.ledger.get(alert.id, receiver)
            if asked and receiver not in asked:
                continue
            if before is not None and not (before.state == "dead" and receiver in asked):
                continue
            self._enter(settled, message, alert, receiver, before, asked=bool(asked))
        return settled

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take back one entry of the ledger."""
        self.ledger.restore(key, value)

    def observe(self, metrics: Metrics, settled: Settled) -> None:
        """Let what is now persisted be sent."""
        for change in settled.changes:
            entry = self.ledger.line_up(change.key)
            if entry is not None and self.sender is not None:
                self.sender.wake(entry.receiver)
        for output in settled.outputs:
            if isinstance(output.record, Delivery):
                metrics.deliveries.labels(output.record.receiver_type, output.record.outcome).inc()
                metrics.dead.labels("deliver", "undeliverable").inc()
        metrics.state_entries.labels("deliver", LEDGER.name).set(len(self.ledger))

    def _enter(
        self, settled: Settled, message: Message, alert: Alert, receiver: str, before: Entry | None, *, asked: bool
    ) -> None:
        now, attempts = time.time(), before.attempts if before else 0
        entry = Entry(
            alert_id=alert.id,
            receiver=receiver,
            partition=message.partition,
            state="waiting",
            attempts=attempts,
            uncounted=attempts,
            due=now,
            changed=now,
            alert=message.value,
        )
        settled.outcome = "queued"
        why = self._hopeless(alert, receiver, now, asked=asked)
        if why:
            delivery = Delivery(
                id=f"{key_of(alert.id, receiver)}:{attempts}",
                alert_id=alert.id,
                watch=alert.watch,
                severity=alert.severity,
                receiver=receiver,
                receiver_type=self._kind(receiver),
                attempt=attempts,
                outcome="dead",
                error=why,
                attempted_at=datetime.fromtimestamp(now, UTC),
            )
            entry = msgspec.structs.replace(entry, state="dead", alert=None, last=delivery)
            settled.outcome = "dead_at_once"
            settled.outputs += [output_of(delivery), dead_letter_of(delivery, alert, message.value)]
        settled.changes.append(Change(LEDGER, message.partition, entry.key, self.ledger.put(entry)))

    def _hopeless(self, alert: Alert, receiver: str, now: float, *, asked: bool) -> str:
        """Return why an alert cannot be sent to a receiver; an empty string where it can."""
        known = self.settings.receivers
        if receiver not in known:
            there = f"there are {', '.join(sorted(known))}" if known else "there are none"
            return f"no receiver is called {receiver!r} in the settings; {there}"
        if not asked and now - alert.raised_at.timestamp() > self.ledger.keep_seconds:
            return f"raised longer ago than deliver.ledger_hours ({self.settings.deliver.ledger_hours:g} h)"
        partitions = self.sender.partitions if self.sender is not None else ()
        if self.ledger.waiting(receiver, partitions) >= self.settings.deliver.max_waiting:
            return f"{self.settings.deliver.max_waiting} alerts wait for it already (deliver.max_waiting)"
        return ""

    def _kind(self, receiver: str) -> str:
        settings = self.settings.receivers.get(receiver)
        return str(settings.__struct_config__.tag) if settings is not None else "unknown"


def companion(settler: Settler, settings: Settings, metrics: Metrics, outlet: Outlet) -> Companion:
    """Open the receivers; raise `SettingsError` where one cannot be."""
    assert isinstance(settler, DeliverSettler)
    receivers = open_receivers(settings, os.environ)
    settler.sender = Sender(settler.ledger, receivers, settings.deliver, metrics, outlet)
    return settler.sender


DELIVER_STEP = Step(
    name="deliver",
    summary="alerts to their receivers, each once, with retries; the outcome of every attempt",
    takes=ALERTS,
    gives=(DELIVERIES,),
    settler=DeliverSettler,
    companion=companion,
)


def retry_output(alert: bytes, alert_id: str, receivers: Sequence[str], partition: int) -> Output:
    """Return the message that asks for a dead alert to be sent again: the alert itself, to its own partition."""
    headers = {RETRY_HEADER: ",".join(receivers).encode()}
    return Output(ALERTS, alert_id, alert, alert_id, headers, partition=partition)
