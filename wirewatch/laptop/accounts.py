"""The accounts of a laptop: of all that its journal holds, over every start and end."""

from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from aiokafka import TopicPartition

from streams.journal.store import NAME, snapshot, states_of, unpack
from streams.message import Message
from streams.step import AnyStep
from streams.topics import FETCHES, POLLS
from wirewatch.laptop.folder import require_laptop
from wirewatch.operating.audit import Account, path_of, reconcile
from wirewatch.operating.entries import page_keys

#: A row has no offset: one of an article that is underway counts as not yet read.
READ, UNREAD = 0, 1


async def audit_journal(folder: Path, steps: dict[str, AnyStep]) -> Account:
    """Reconcile the messages of a journal; whatever waits is on its way."""
    require_laptop(folder)
    with snapshot(folder / NAME) as journal:

        async def read(topics: Iterable[str]) -> AsyncIterator[Message]:
            for topic in topics:
                left = {dict(sent.headers).get("ce_id") for sent in journal.inbox(topic)}
                for entry in journal.messages(topic):
                    offset = UNREAD if entry.event in journal.underway else READ
                    headers = dict(entry.headers)
                    headers.setdefault("ce_id", entry.event.encode())
                    left.discard(headers["ce_id"])  # it was let in, and is to be taken out of the inbox
                    yield Message(
                        topic, 0, offset, entry.key, unpack(entry.value) or b"", headers, entry.time_ms / 1000
                    )
                for sent in journal.inbox(topic):  # what was left here while nothing ran
                    headers = dict(sent.headers)
                    if headers.get("ce_id") in left:
                        yield Message(topic, 0, UNREAD, sent.key, sent.value or b"", headers, 0.0)

        offsets = {TopicPartition(topic.name, 0): UNREAD for topic in path_of(steps)}
        offsets |= {TopicPartition(FETCHES.name, 0): UNREAD}
        waiting = [row.key for row in states_of(folder / NAME, POLLS.name) if row.value is not None]
        return await reconcile(steps, page_keys((key, True) for key in waiting), offsets, read)
