"""The inbox of a laptop: messages that any process leaves in the journal, for `wirewatch run --data` to let in."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from streams.journal.store import InboxMessage, Store

#: Messages that are written in one transaction.
TOGETHER = 32


class Inbox:
    """Takes messages as a producer does; they are on disk after `flush`, `written` of them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._messages: list[InboxMessage] = []
        self.written = 0

    async def send(
        self,
        topic: str,
        value: bytes | None = None,
        key: bytes | None = None,
        *,
        headers: Sequence[tuple[str, bytes]] | None = None,
    ) -> None:
        """Take a message; raise `JournalError` where too much waits already."""
        self._messages.append(InboxMessage(topic, key, headers or (), value))
        if len(self._messages) >= TOGETHER:
            await self.flush()

    async def flush(self) -> None:
        """Write the taken messages."""
        messages, self._messages = self._messages, []
        if messages:
            self._store.put(messages)
            self.written += len(messages)
            await asyncio.sleep(0)  # whoever sends without a wait would not hear of Ctrl-C


@asynccontextmanager
async def leaving(folder: Path, written: Callable[[int], None] = lambda _: None) -> AsyncIterator[Any]:
    """Give the inbox of a laptop's folder; its messages are on disk at the end, also where Ctrl-C or an error ends it.

    `written` hears how many they are, at the end.
    """
    store = Store(folder)
    inbox = Inbox(store)
    try:
        yield inbox
    finally:
        try:
            await inbox.flush()
        finally:
            written(inbox.written)
            store.close()
