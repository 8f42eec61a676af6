"""Bodies that strangers post, on their way to Kafka: bounded one by one and together, sent by a producer started when needed."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

from aiohttp import web

from streams.kafka.clients import producing
from streams.settings import Settings


class PostedBodies:
    """Takes bodies of at most `most_bytes`, and so many together that they take `waiting_bytes`; one always gets through."""

    def __init__(self, settings: Settings, most_bytes: int, waiting_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._settings = settings
        self._waiting_bytes = waiting_bytes
        self._waiting = 0
        self._stack = AsyncExitStack()
        self._producer: Any = None
        self._starting = asyncio.Lock()

    async def close(self, _: web.Application) -> None:
        """Stop the producer."""
        await self._stack.aclose()

    def size_of(self, request: web.Request) -> int:
        """Return a body's declared size in bytes; the limit where it declares none."""
        return self.most_bytes if request.content_length is None else request.content_length

    def full(self, size: int) -> bool:
        """Tell whether there is no room now for a body of this size."""
        return bool(self._waiting) and self._waiting + size > self._waiting_bytes

    @contextmanager
    def room(self, size: int) -> Iterator[None]:
        """Hold room for a body while it is on its way."""
        self._waiting += size
        try:
            yield
        finally:
            self._waiting -= size

    async def body(self, request: web.Request) -> bytes | None:
        """Return a body; None for one that is too large, of which no more is read."""
        body = bytearray()
        async for block in request.content.iter_chunked(1 << 16):
            body += block
            if len(body) > self.most_bytes:
                return None
        return bytes(body)

    async def producer(self) -> Any:
        """Return the producer, started."""
        async with self._starting:
            if self._producer is None:
                self._producer = await self._stack.enter_async_context(
                    producing(self._settings.kafka, enable_idempotence=True)
                )
            return self._producer
