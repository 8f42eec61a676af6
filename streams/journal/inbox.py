"""The inbox of a laptop: messages that any process leaves in the journal, for `wirewatch run --data` to let in."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from streams.journal.store import InboxMessage, Store

#: Messages that are written in one transaction.
TOGETHER = 32


class Inbox:
    """Takes messages as a producer does; they are on disk after `flush`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._messages: list[InboxMessage] = []

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


@asynccontextmanager
async def leaving(folder: Path) -> AsyncIterator[Any]:
    """Give the inbox of a laptop's folder; its messages are on disk at the end."""
    store = Store(folder)
    try:
        inbox = Inbox(store)
        yield inbox
        await inbox.flush()
    finally:
        store.close()
