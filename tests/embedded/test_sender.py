"""Attempts at a receiver that goes down and comes back, written to a real broker."""

import asyncio
import time
from datetime import UTC, datetime

import orjson

from agents.deliver.ledger import Ledger, LedgerEntry
from agents.deliver.notice import Notice
from agents.deliver.receivers.base import Attempt
from agents.deliver.sender import Sender
from agents.deliver.settings import DeliverSettings
from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.producer import KafkaPublisher
from streams.kafka.reading import read_all
from streams.metrics import Metrics
from streams.records import Alert, AlertArticle, Delivery, decode, encode
from streams.settings import Settings
from streams.step import Surroundings
from streams.topics import DELIVERIES, LEDGER

ALERTS = 8
NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Owner:
    """Whose the partitions are: this worker's."""

    in_session = True

    def holds(self, partition: int) -> bool:
        """Say yes."""
        return True


class Switched:
    """A receiver that takes alerts while it is on."""

    name = "desk"
    kind = "webhook"
    one_at_a_time = False

    def __init__(self) -> None:
        self.on = False
        self.taken: list[str] = []
        self.refused = 0

    async def send(self, notice: Notice, attempt: int) -> Attempt:
        """Take the alert, or fail."""
        if not self.on:
            self.refused += 1
            return Attempt(delivered=False, status=503, error="off")
        self.taken.append(notice.id)
        return Attempt(delivered=True, status=200)

    async def close(self) -> None:
        """Nothing is open."""


async def until(what: object, seconds: float = 20.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


async def test_receiver_that_is_back_is_found_before_any_alert_is_due(
    settings: Settings,
) -> None:
    """With waits of hours, alerts are delivered soon after the receiver is back, and no attempt was lost by asking."""
    waits = DeliverSettings(first_wait_seconds=3600.0, max_wait_seconds=7200.0, max_attempts=2)
    receiver, ledger, metrics = Switched(), Ledger(3600.0), Metrics()
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        async with producing(settings.kafka) as producer:
            sender = Sender(
                ledger,
                {"desk": receiver},
                waits,
                Surroundings(settings, metrics, KafkaPublisher("deliver", producer), Owner()),
                max_probe_seconds=0.05,
            )
            for number in range(ALERTS):
                alert = Alert(
                    id=f"{number:032x}",
                    watch="w",
                    severity="info",
                    article=AlertArticle(id="a", title="T", source="s", fetched_at=NOW),
                    raised_at=NOW,
                    fetched_to_raised_s=0.0,
                )
                ledger.put(
                    LedgerEntry(
                        alert_id=alert.id,
                        receiver="desk",
                        partition=0,
                        state="waiting",
                        changed=time.time(),
                        alert=encode(alert),
                    )
                )
            running = asyncio.ensure_future(sender.run())
            sender.resume(0)
            await until(lambda: receiver.refused > 3 * ALERTS)
            assert metrics.registry.get_sample_value("wirewatch_receiver_up", {"receiver": "desk"}) == 0
            receiver.on = True
            await until(lambda: len(receiver.taken) == ALERTS)
            await until(lambda: ledger.waiting("desk", (0,)) == 0)
            running.cancel()
            await sender.close()
        written = [decode(m.value or b"", Delivery) async for m in read_all(settings.kafka, [DELIVERIES.name])]
        states = [m.key async for m in read_all(settings.kafka, [LEDGER.name])]
    assert sorted(receiver.taken) == sorted(f"{number:032x}" for number in range(ALERTS))
    assert {one.outcome for one in written} == {"failed", "delivered"}
    assert len({one.id for one in written}) == len(written) == receiver.refused + ALERTS
    assert len(states) == len(written)
    assert orjson.loads(encode(written[0]))["schema"] == "wirewatch.delivery.v1"
