"""Bodies that strangers post, on their way to Kafka: bounded one by one and together, sent by a producer started when needed."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Literal

from aiohttp import hdrs, web
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from agents.fetch.asking.unpacking import PackingError, TooLargeError, Unpacker
from streams.errors import BrokerError
from streams.events import header_list
from streams.kafka.clients import producing
from streams.message import Output
from streams.settings import Settings


class BodyRefused(Exception):
    """A body that is not taken: why, and the status, the words and the headers of the answer."""

    def __init__(
        self, outcome: Literal["too_large", "full", "refused"], status: int, message: str, headers: dict[str, str]
    ) -> None:
        super().__init__(message)
        self.outcome: Literal["too_large", "full", "refused"] = outcome
        self.status = status
        self.headers = headers


class PostedBodies:
    """Takes bodies of at most `most_bytes`, and so many together that they take `waiting_bytes`; one always gets through.

    A sender for whom there is no room is asked to come again after `retry_seconds`. `source` is the `ce_source` of what
    they become; Kafka has `send_seconds` to take it.
    """

    def __init__(
        self,
        settings: Settings,
        source: str,
        *,
        most_bytes: int,
        waiting_bytes: int,
        retry_seconds: int,
        send_seconds: float,
    ) -> None:
        self._settings = settings
        self._source = source
        self._most_bytes = most_bytes
        self._waiting_bytes = waiting_bytes
        self._retry_seconds = retry_seconds
        self._send_seconds = send_seconds
        self._waiting = 0
        self._stack = AsyncExitStack()
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def close(self, _: web.Application) -> None:
        """Stop the producer."""
        await self._stack.aclose()

    @asynccontextmanager
    async def taking(self, request: web.Request) -> AsyncIterator[bytes]:
        """Give a request's body, and hold room for it while it is on its way. Raises `BodyRefused`.

        A body that is packed, or that declares no size, counts as the largest.
        """
        declared = None if hdrs.CONTENT_ENCODING in request.headers else request.content_length
        size = self._most_bytes if declared is None else declared
        if max(size, request.content_length or 0) > self._most_bytes:
            raise self._too_large(f"{request.content_length} bytes")
        if self._waiting and self._waiting + size > self._waiting_bytes:
            again = {str(hdrs.RETRY_AFTER): str(self._retry_seconds)}
            raise BodyRefused("full", 429, "too much is on its way to Kafka: send it again later", again)
        with self._room(size):
            yield await self._read(request)

    async def send(self, outputs: Sequence[Output]) -> None:
        """Send outputs, all raw; returns once Kafka has confirmed them. Raises `BrokerError` where it does not take one."""
        try:
            await asyncio.wait_for(self._written(outputs), self._send_seconds)
        except (BrokerError, KafkaError, TimeoutError) as error:
            raise BrokerError(f"Kafka did not take it: {error or 'no answer in time'}") from error

    @contextmanager
    def _room(self, size: int) -> Iterator[None]:
        self._waiting += size
        try:
            yield
        finally:
            self._waiting -= size

    async def _read(self, request: web.Request) -> bytes:
        """Return a body, unpacked as it comes; whatever it declares, no more of it is read than it may have."""
        try:
            unpacker = Unpacker(request.headers.get(hdrs.CONTENT_ENCODING, ""), self._most_bytes)
            async for block in request.content.iter_chunked(1 << 16):
                unpacker.feed(block)
            return unpacker.end()
        except TooLargeError:
            raise self._too_large("more") from None
        except PackingError as error:
            raise BodyRefused("refused", 415, f"{error}: gzip and deflate are unpacked", {}) from error

    def _too_large(self, size: str) -> BodyRefused:
        return BodyRefused("too_large", 413, f"{size}; it may have {self._most_bytes} bytes", {})

    async def _written(self, outputs: Sequence[Output]) -> None:
        producer = await self._started()
        sent = []
        for output in outputs:
            headers = header_list(output.event_id, "raw", self._source)
            sent.append(await producer.send(output.topic.name, output.value, key=output.key.encode(), headers=headers))
        await asyncio.gather(*sent)

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                started = producing(self._settings.kafka, enable_idempotence=True)
                self._producer = await self._stack.enter_async_context(started)
            return self._producer
