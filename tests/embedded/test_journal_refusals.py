"""A message that the embedded broker does not take costs a laptop no other: not now, and not at its next start."""

import asyncio
from pathlib import Path

import pytest
from aiokafka.errors import MessageSizeTooLargeError

from streams.errors import JournalError
from streams.journal.producer import RUNNING, Journal, JournaledProducer
from streams.journal.store import InboxMessage, Store
from streams.kafka.clients import MAX_REQUEST_BYTES, producing
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.reading import read_all
from streams.settings import Settings
from streams.topics import RAW
from wirewatch.laptop import keeping

LARGE = bytes(range(256)) * (MAX_REQUEST_BYTES // 256 + 1)


async def values(settings: Settings) -> list[bytes]:
    """Return the messages of the first topic."""
    return [message.value or b"" async for message in read_all(settings.kafka, [RAW.name])]


async def test_what_is_too_large_is_passed_over(settings: Settings, tmp_path: Path) -> None:
    """It is refused alone and gives back its room, also out of the inbox, and when the journal sends it again."""
    for number in range(2):
        store = Store(tmp_path)
        journal = Journal(store, {RAW.name: ["group"]})
        journal.last_before = store.last()
        with EmbeddedBroker() as broker:
            settings.kafka.bootstrap, settings.kafka.journal = broker.bootstrap, str(store.path)
            RUNNING[str(store.path)] = journal
            try:
                async with asyncio.timeout(60), producing(settings.kafka) as producer:
                    assert isinstance(producer, JournaledProducer)
                    works = [keeping.send_again(journal, producer), keeping.let_in(journal, producer)]
                    running = [asyncio.ensure_future(work) for work in works]
                    if not number:
                        with pytest.raises(MessageSizeTooLargeError):
                            await producer.send_and_wait(RAW.name, LARGE, headers=[("ce_id", b"large")])
                        assert journal.bytes == 0
                        strange = InboxMessage("news.strange", b"k", (), b"?")
                        store.put([strange, InboxMessage(RAW.name, b"k", [("ce_id", b"left")], b"left")])
                    while b"left" not in await values(settings):
                        await asyncio.sleep(0.05)
                    assert not any(work.done() for work in running)
                    for work in running:
                        work.cancel()
                    await asyncio.gather(*running, return_exceptions=True)
            finally:
                del RUNNING[str(store.path)]
                await journal.close()


async def test_a_file_that_fails_is_named(tmp_path: Path) -> None:
    """Whatever was asked of it: the one error of journals, with its path."""
    journal = Journal(Store(tmp_path), {})
    journal.store.close()
    with pytest.raises(JournalError, match=r"cannot be used"):
        await journal.call(journal.store.last)
