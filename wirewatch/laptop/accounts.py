"""The accounts of a laptop: of all that its journal holds, over every start and end."""

from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from aiokafka import TopicPartition

from streams.errors import JournalError
from streams.journal.store import NAME, snapshot, unpack
from streams.message import Message
from streams.step import AnyStep
from wirewatch.audit import Account, account_of, path_of
from wirewatch.laptop.folder import is_laptop

#: A row has no offset: one of an article that is underway counts as not yet read.
READ, UNREAD = 0, 1


async def audit_journal(folder: Path, steps: dict[str, AnyStep]) -> Account:
    """Reconcile the messages of a journal; whatever waits is on its way."""
    if not is_laptop(folder):
        raise JournalError(f"{folder} holds no journal: `wirewatch run --data {folder}` makes one")
    with snapshot(folder / NAME) as journal:

        async def read(topics: Iterable[str]) -> AsyncIterator[Message]:
            for topic in topics:
                for entry in journal.messages(topic):
                    offset = UNREAD if entry.event in journal.underway else READ
                    headers = dict(entry.headers)
                    headers.setdefault("ce_id", entry.event.encode())
                    yield Message(
                        topic, 0, offset, entry.key, unpack(entry.value) or b"", headers, entry.time_ms / 1000
                    )

        offsets = {TopicPartition(topic.name, 0): UNREAD for topic in path_of(steps)}
        return await account_of(steps, offsets, read)
