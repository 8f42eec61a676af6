"""A folder of files whose records are kept in force on a compacted topic: watches, or sources.

A record whose file goes is taken out of force; one put by other means is left alone. While a file is wrong it is reported,
what came from it stays as it was, and nothing is removed.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

from aiokafka import AIOKafkaProducer

from streams.errors import SettingsError
from streams.events import event_headers
from streams.kafka.clients import consuming, partitions_of, producing
from streams.settings import Settings
from streams.topics import KafkaTopic

#: How often a folder is looked at, in seconds.
LOOK_SECONDS = 1.0
#: Says of a record which folder it was taken from.
FOLDER_HEADER = "ww_folder"


class SyncedFolder(ABC):
    """Keeps a topic equal to a folder, in so far as its records came from there. `setting` names the folder."""

    topic: KafkaTopic
    #: what a record is called in the log, and the kind of its event
    noun: str
    kind: str

    def __init__(self, settings: Settings, folder: str, setting: str) -> None:
        self._settings = settings
        self._folder = Path(folder)
        if not self._folder.is_dir():
            raise SettingsError(f"{setting}: there is no folder {self._folder}")
        self._name = str(self._folder.resolve())
        self._in_force: dict[str, bytes] = {}
        self._ours: set[str] = set()
        self._reported: Sequence[object] = []
        self._logger = logging.getLogger(f"wirewatch.{self.kind}")

    @abstractmethod
    def read(self, folder: Path, in_force: Mapping[str, bytes]) -> tuple[dict[str, bytes], Sequence[object]]:
        """Return the records of a folder by name, and its faults; in a thread. `in_force` is what the topic has."""

    @abstractmethod
    def found_faults(self, faults: Sequence[object]) -> None:
        """Show how many faults there are now."""

    async def run(self) -> None:
        """Look again and again until cancelled, and follow other writers of the topic meanwhile."""
        async with (
            consuming(self._settings.kafka, fetch_max_wait_ms=100, auto_offset_reset="earliest") as consumer,
            producing(self._settings.kafka, enable_idempotence=True) as producer,
        ):
            partitions = await partitions_of(consumer, self.topic.name)
            consumer.assign(partitions)
            ends = await consumer.end_offsets(partitions)
            await consumer.seek_to_beginning(*partitions)
            while True:
                batches = await consumer.getmany(timeout_ms=int(LOOK_SECONDS * 1000))
                for message in (message for batch in batches.values() for message in batch):
                    self._note((message.key or b"").decode(), message.value, dict(message.headers))
                read = all([await consumer.position(p) >= ends[p] for p in partitions])
                if read and not batches:
                    await self._look(producer)

    def _note(self, name: str, value: bytes | None, headers: Mapping[str, bytes]) -> None:
        if value is None:
            self._in_force.pop(name, None)
        else:
            self._in_force[name] = value
        if value is not None and headers.get(FOLDER_HEADER, b"").decode() == self._name:
            self._ours.add(name)
        else:
            self._ours.discard(name)

    async def _look(self, producer: AIOKafkaProducer) -> None:
        wanted, faults = await asyncio.to_thread(self.read, self._folder, dict(self._in_force))
        self.found_faults(faults)
        if faults != self._reported:
            for fault in faults:
                self._logger.error("%s", fault)
            self._reported = faults
        for name, value in wanted.items():
            if self._in_force.get(name) != value:
                self._logger.info("%s %s: %s", self.noun, name, "changed" if name in self._in_force else "new")
                await self._write(producer, name, value)
        for name in sorted(self._ours - set(wanted)) if not faults else ():
            self._logger.info("%s %s: removed", self.noun, name)
            await self._write(producer, name, None)

    async def _write(self, producer: AIOKafkaProducer, name: str, value: bytes | None) -> None:
        headers = list(event_headers(name, self.kind, self.kind).items())
        headers.append((FOLDER_HEADER, self._name.encode()))
        await producer.send_and_wait(self.topic.name, value, key=name.encode(), headers=headers)
        self._note(name, value, {FOLDER_HEADER: self._name.encode()})
