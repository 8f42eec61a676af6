"""Outcomes of attempts: their records, and how those that come together are written together."""

import asyncio
from datetime import UTC, datetime

from agents.deliver.ledger import LedgerEntry
from agents.deliver.notice import Notice, label_of
from streams.message import Change, Output
from streams.records import Dead, Delivery, DeliveryOutcome
from streams.settle import original_of
from streams.step import Publisher
from streams.topics import DEAD, DELIVERIES


class Recorder:
    """Writes the outcomes of attempts together: those that come while others are being written wait, and go next."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._waiting: list[tuple[Change, list[Output], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, change: Change, outputs: list[Output]) -> None:
        """Return when an outcome is in the ledger and published; raise the error where it cannot be."""
        recorded = asyncio.get_running_loop().create_future()
        self._waiting.append((change, outputs, recorded))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.ensure_future(self._write())
        await recorded

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            error: Exception | None = None
            try:
                await self._publisher.publish(
                    [change for change, _, _ in batch],
                    [(output, None) for _, outputs, _ in batch for output in outputs],
                )
            except Exception as raised:  # noqa: BLE001 - it is raised where each outcome is waited for
                error = raised
            for _, _, recorded in batch:
                if recorded.done():
                    continue
                if error is None:
                    recorded.set_result(None)
                else:
                    recorded.set_exception(error)


def delivery_of(
    entry: LedgerEntry, notice: Notice, receiver_type: str, attempt: int, outcome: DeliveryOutcome, at: float
) -> Delivery:
    """Return the record of an attempt, still without its answer and error; `at` is in epoch seconds.

    `attempt`: its number; that of the attempt before where none could be made.
    """
    label = label_of(notice)
    return Delivery(
        id=f"{entry.key}:{attempt}",
        alert_id=notice.id,
        watch=label.name,
        severity=label.severity,
        kind=label.kind,
        receiver=entry.receiver,
        receiver_type=receiver_type,
        attempt=attempt,
        outcome=outcome,
        attempted_at=datetime.fromtimestamp(at, UTC),
    )


def output_of(delivery: Delivery) -> Output:
    """Return the outcome of an attempt for `news.deliveries`."""
    return Output(DELIVERIES, delivery.alert_id, delivery, delivery.id)


def dead_letter_of(delivery: Delivery, notice: Notice, value: bytes) -> Output:
    """Return the dead letter of an alert or digest that a receiver did not take; its id is made of both."""
    key, label = f"{notice.id}:{delivery.receiver}", label_of(notice)
    record = Dead(
        id=label.article,
        fetch_id=key,
        step="deliver",
        reason="undeliverable",
        error=f"receiver {delivery.receiver}, attempt {delivery.attempt}: {delivery.error}",
        url=label.url,
        source=label.source,
        size_bytes=len(value),
        original=original_of(value),
        processed_at=delivery.attempted_at,
    )
    return Output(DEAD, notice.id, record, key)
