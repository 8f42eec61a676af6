"""What a step writes: changes of its state first, then its outputs, each confirmed by the broker."""

import time
from collections.abc import Awaitable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer

from streams.errors import BrokerError
from streams.records import encode
from streams.step import Change, Message, Output

#: The origin of what no raw message brought: a digest, an attempt to deliver.
NO_ORIGIN = (-1, -1)


class Outlet:
    """Where one step writes to, through the worker's producer."""

    def __init__(self, step: str, producer: AIOKafkaProducer) -> None:
        self._step = step
        self._producer = producer

    async def publish(
        self, changes: Sequence[Change] = (), outputs: Iterable[tuple[Output, Message | None]] = ()
    ) -> None:
        """Write changes of state, then outputs with the messages that brought them; return when all are confirmed.

        Of several changes of one key the last is written. Raises `BrokerError` where the broker refuses.
        """
        latest = {(change.topic.name, change.partition, change.key): change for change in changes}
        if latest:
            await self._confirmed([await self._write(change) for change in latest.values()])
        await self._confirmed([await self._send(output, message) for output, message in outputs])

    async def _write(self, change: Change) -> Awaitable[Any]:
        sent: Awaitable[Any] = await self._producer.send(
            change.topic.name, change.value, key=change.key.encode(), partition=change.partition
        )
        return sent

    async def _send(self, output: Output, message: Message | None) -> Awaitable[Any]:
        timestamp = message.timestamp if message is not None else time.time()
        sent: Awaitable[Any] = await self._producer.send(
            output.topic.name,
            output.record if isinstance(output.record, bytes) else encode(output.record),
            key=output.key.encode(),
            partition=output.partition,
            timestamp_ms=int(timestamp * 1000),
            headers=[(name, value) for name, value in event_headers(output, message, self._step).items()],
        )
        return sent

    async def _confirmed(self, sends: list[Awaitable[Any]]) -> None:
        for sent in sends:
            try:
                await sent
            except Exception as error:
                raise BrokerError(f"{self._step}: Kafka did not take an output: {error}") from error


def event_headers(output: Output, message: Message | None, step: str) -> dict[str, bytes]:
    """Return the headers of an output: the CloudEvents Kafka binding in binary mode, where it comes from, its own."""
    partition, offset = message.origin if message is not None else NO_ORIGIN
    kind = output.topic.name.removeprefix("news.")
    return {
        "ce_specversion": b"1.0",
        "ce_id": output.event_id.encode(),
        "ce_source": f"/wirewatch/{step}".encode(),
        "ce_type": f"wirewatch.{kind}.v1".encode(),
        "ce_time": datetime.now(UTC).isoformat().replace("+00:00", "Z").encode(),
        "content-type": b"application/json",
        "ww_origin": f"{partition}:{offset}".encode(),
        **output.headers,
    }
