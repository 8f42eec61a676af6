"""How steps write: changes of state first, then outputs, each confirmed by the broker."""

import time
from collections.abc import Awaitable, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from streams.errors import BrokerError
from streams.events import event_headers
from streams.message import NO_ORIGIN, Change, Message, Output


class Outlet:
    """The writing end of one step, through the worker's producer."""

    def __init__(self, step: str, producer: AIOKafkaProducer) -> None:
        self._step = step
        self._producer = producer

    async def publish(
        self, changes: Sequence[Change] = (), outputs: Sequence[tuple[Output, Message | None]] = ()
    ) -> None:
        """Write changes of state, then outputs with the messages that brought them; return when all are confirmed.

        Of several changes of one key the last is written. Raises `BrokerError` where the broker refuses.
        """
        latest = {(change.topic.name, change.partition, change.key): change for change in changes}
        try:
            if latest:
                await self._confirmed([await self._write(change) for change in latest.values()])
            await self._confirmed([await self._send(output, message) for output, message in outputs])
        except KafkaError as error:
            raise BrokerError(f"{self._step}: Kafka did not take an output: {error}") from error

    async def _write(self, change: Change) -> Awaitable[Any]:
        sent: Awaitable[Any] = await self._producer.send(
            change.topic.name, change.value, key=change.key.encode(), partition=change.partition
        )
        return sent

    async def _send(self, output: Output, message: Message | None) -> Awaitable[Any]:
        timestamp = message.timestamp if message is not None else time.time()
        sent: Awaitable[Any] = await self._producer.send(
            output.topic.name,
            output.value,
            key=output.key.encode(),
            partition=output.partition,
            timestamp_ms=int(timestamp * 1000),
            headers=list(headers_of(output, message, self._step).items()),
        )
        return sent

    async def _confirmed(self, sends: list[Awaitable[Any]]) -> None:
        for sent in sends:
            await sent


def headers_of(output: Output, message: Message | None, step: str) -> dict[str, bytes]:
    """Return the headers of an output: the event's, its origin, and its own."""
    partition, offset = origin_of(message)
    return {
        **event_headers(output.event_id, output.topic.name.removeprefix("news."), step),
        "ww_origin": f"{partition}:{offset}".encode(),
        **output.headers,
    }


def origin_of(message: Message | None) -> tuple[int, int]:
    """Return the origin of what a message brought; none where its header is none of ours."""
    try:
        return message.origin if message is not None else NO_ORIGIN
    except ValueError:
        return NO_ORIGIN
