"""Filling of a store that is new with all that the topics still hold.

The step reads on from where its group stands, which knows nothing of a store that was deleted, or moved to a database; and on
a laptop the broker has no more than came since its start. So whoever opens a new store reads the topics once from their
beginning, beside the step. The store keeps each message once, whoever brings it.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from agents.archive.open import opened
from streams.errors import ArchiveError, BrokerError
from streams.kafka.messages import message_of
from streams.kafka.reading import read_all
from streams.message import Message
from streams.settings import KafkaSettings

logger = logging.getLogger("wirewatch.archive")

#: Messages that are kept together, and how often the store is looked at.
CHUNK, LOOK_SECONDS = 256, 30.0


class Keeping(Protocol):
    """The writing side of a store, for a filler alone."""

    def keep(self, messages: Sequence[Message]) -> None:
        """Keep messages, those that can be kept; raise `ArchiveError` at a stop."""


class Filler:
    """Fills a new store once, and notes so in it: after a kill in between the next one begins again."""

    def __init__(self, writing: Keeping, url: str, kafka: KafkaSettings, topics: Sequence[str]) -> None:
        self._writing = writing
        self._url = url
        self._kafka = kafka
        self._topics = topics

    async def run(self) -> None:
        """Fill the store whenever it is new, also one that was deleted meanwhile, until cancelled."""
        while True:
            try:
                if await asyncio.to_thread(is_new, self._url):
                    await self._fill()
            except (ArchiveError, BrokerError) as error:
                logger.warning("history could not be filled from its topics, which will be tried again: %s", error)
            await asyncio.sleep(LOOK_SECONDS)

    async def _fill(self) -> None:
        chunk: list[Message] = []
        count = 0
        async for record in read_all(self._kafka, self._topics):
            chunk.append(message_of(record))
            count += 1
            if len(chunk) == CHUNK:
                await asyncio.to_thread(self._writing.keep, chunk)
                chunk = []
        await asyncio.to_thread(self._writing.keep, chunk)
        await asyncio.to_thread(note_filled, self._url)
        if count:
            logger.info("history is new: the %d messages that its topics hold are kept in it", count)


def is_new(url: str) -> bool:
    """Return whether a store is new and not filled yet. Raises `ArchiveError`."""
    with opened(url, "whether it is new is not known") as store:
        return store.is_new()


def note_filled(url: str) -> None:
    """Note in a store that it is filled. Raises `ArchiveError`."""
    with opened(url, "that it is filled is not noted") as store:
        store.note_filled()
