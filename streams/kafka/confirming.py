"""A producer for many messages one after another, by which somebody says afterwards that all of them are on Kafka.

aiokafka's own `flush` only waits: what Kafka did not take, as a message that is too large for it, or that it did not confirm in
time, is known to the future of that message alone, and nobody asks it.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from streams.errors import BrokerError, WirewatchError
from streams.kafka.clients import producing
from streams.message import key_text
from streams.settings import KafkaSettings


class SentMessage(NamedTuple):
    """A message as a producer takes it."""

    topic: str
    value: bytes | None
    key: bytes | None
    partition: int | None
    timestamp_ms: int | None
    headers: Sequence[tuple[str, bytes]] | None


class Confirming:
    """Sends through a producer, and keeps unconfirmed records; `flush` tells of those that Kafka did not take."""

    def __init__(self, producer: Any) -> None:
        self._producer = producer
        self._open: dict[asyncio.Future[Any], SentMessage] = {}
        self._large: list[SentMessage] = []
        self._error: WirewatchError | None = None

    async def send(
        self,
        topic: str,
        value: bytes | None = None,
        key: bytes | None = None,
        partition: int | None = None,
        timestamp_ms: int | None = None,
        headers: Sequence[tuple[str, bytes]] | None = None,
    ) -> None:
        """Send a message; raise `BrokerError` where Kafka did not take an earlier one, though not for its size."""
        if self._error is not None:
            raise self._error
        message = SentMessage(topic, value, key, partition, timestamp_ms, headers)
        sent: asyncio.Future[Any] = await self._producer.send(**message._asdict())
        self._open[sent] = message
        sent.add_done_callback(self._ended)

    async def flush(self) -> list[SentMessage]:
        """Wait until all is confirmed; return the records too large for Kafka. Raises `BrokerError` for any other refusal."""
        while self._open:
            await asyncio.wait(tuple(self._open))
        if self._error is not None:
            raise self._error
        large, self._large = self._large, []
        return [message for message in large if not await self._fits_alone(message)]

    async def _fits_alone(self, message: SentMessage) -> bool:
        """Send a message by itself, and tell whether Kafka took it: of those that came together it judges the sum."""
        try:
            await (await self._producer.send(**message._asdict()))
        except MessageSizeTooLargeError:
            return False
        except KafkaError as error:
            raise not_taken(message, error) from error
        return True

    def _ended(self, sent: "asyncio.Future[Any]") -> None:
        message = self._open.pop(sent)
        error = asyncio.CancelledError("it was given up") if sent.cancelled() else sent.exception()
        if isinstance(error, MessageSizeTooLargeError):
            self._large.append(message)
        elif error is not None and self._error is None:
            self._error = error if isinstance(error, WirewatchError) else not_taken(message, error)


def not_taken(message: SentMessage, error: BaseException) -> BrokerError:
    """Return the error for a message that Kafka did not take."""
    size = len(message.value or b"")
    why = str(error) or type(error).__name__
    return BrokerError(
        f"Kafka did not take a message of {size:,} bytes for {message.topic} (key {key_text(message.key)[:100]!r}): {why}"
    )


@asynccontextmanager
async def confirming(settings: KafkaSettings, **options: Any) -> AsyncIterator[Confirming]:
    """Give a sender whose messages are all on Kafka where the block ends without an error; raises `BrokerError` else."""
    async with producing(settings, **options) as producer:
        sender = Confirming(producer)
        yield sender
        for message in await sender.flush():
            raise not_taken(message, MessageSizeTooLargeError(f"set max.message.bytes of {message.topic}"))
