"""A folder of files whose records are kept in force on a compacted topic: watches, or sources.

A record whose file is gone at two looks is taken out of force; one put by other means is left alone. While a file is wrong
it is reported, what came from it stays as it was, and nothing is removed.
"""

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord

from streams.errors import SettingsError
from streams.events import header_list
from streams.kafka.clients import METADATA_SECONDS, consuming, partitions_of, producing, require_topics
from streams.kafka.identity import Renewals
from streams.kafka.lost_ends import Places
from streams.kafka.reading import read_between
from streams.message import key_text
from streams.settings import Settings
from streams.topics import KafkaTopic

#: Says of a record which folder it was taken from.
FOLDER_HEADER = "ww_folder"
#: A file that changed so lately may change again within one tick of its file system's clock, which is 2 s on FAT: it is read.
FRESH_SECONDS = 3.0
#: Files that have not changed are read again so seldom, for a fault may have been the disk's.
READ_AGAIN_SECONDS = 60.0

#: A file's path, times of change in nanoseconds, size and inode.
FileState = tuple[str, int, int, int, int]


class FolderReading(NamedTuple):
    """A reading of a folder: its time (monotonic seconds), files, the records then in force, and the records and faults found."""

    at: float
    files: list[FileState]
    in_force: Mapping[str, bytes]
    found: tuple[dict[str, bytes], Sequence[object]]


class SyncedFolder(ABC):
    """Keeps a topic equal to a folder, in so far as its records came from there. `setting` names the folder."""

    topic: KafkaTopic
    #: what a record is called in the log, and the kind of its event
    noun: str
    kind: str
    #: how often the folder is looked at
    look_seconds = 1.0

    def __init__(self, settings: Settings, folder: str, setting: str) -> None:
        self._settings = settings
        self.setting = setting
        self._folder = Path(folder)
        if not self._folder.is_dir():
            raise SettingsError(f"{setting}: there is no folder {self._folder}")
        self._name = str(self._folder.resolve())
        self._in_force: dict[str, bytes] = {}
        self._ours: set[str] = set()
        self._missing: set[str] = set()
        self._reported: Sequence[object] = []
        self._last: FolderReading | None = None
        self._renewals, self._read_to = Renewals(), Places()
        self._logger = logging.getLogger(f"wirewatch.{self.kind}")

    @abstractmethod
    def files(self, folder: Path) -> Iterable[Path]:
        """Return the files that a folder's records are read from."""

    @abstractmethod
    def read(self, folder: Path, in_force: Mapping[str, bytes]) -> tuple[dict[str, bytes], Sequence[object]]:
        """Return the records of a folder by name, and its faults; in a thread. `in_force`: the topic's records."""

    @abstractmethod
    def found_faults(self, faults: Sequence[object]) -> None:
        """Show how many faults there are now."""

    async def first_look(self) -> None:
        """Bring the topic up to the folder once: steps that start after this find the folder's records in force.

        Raises `BrokerError` where the topic is missing.
        """
        await require_topics(self._settings.kafka, [self.topic])
        async with self._connected() as (_, producer):
            self._missing = set(self._ours)  # a file that has gone meanwhile is not being written
            await self._look(producer)

    async def run(self) -> None:
        """Look again and again until cancelled, and follow other writers of the topic meanwhile."""
        while True:
            async with self._connected() as (consumer, producer):
                await self._follow(consumer, producer)

    async def _follow(self, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer) -> None:
        """Keep the topic in step until it is made anew or loses its last messages, and may then lack the folder's records."""
        asked = time.monotonic()
        while True:
            batches = await consumer.getmany(timeout_ms=int(self.look_seconds * 1000))
            for messages in batches.values():
                self._take(messages)
            if not batches:
                await self._look(producer)
            if time.monotonic() - asked > METADATA_SECONDS:
                asked = time.monotonic()
                anew = await self._renewals.found(consumer._client, [self.topic.name])  # noqa: SLF001 - who has the connections
                if anew or await self._read_to.lost(consumer):
                    return

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[AIOKafkaConsumer, AIOKafkaProducer]]:
        """Yield a consumer that has read the topic to its end, and a producer."""
        async with (
            consuming(self._settings.kafka, fetch_max_wait_ms=100, auto_offset_reset="earliest") as consumer,
            producing(self._settings.kafka, enable_idempotence=True) as producer,
        ):
            partitions = await partitions_of(consumer, self.topic.name)
            await self._renewals.found(consumer._client, [self.topic.name])  # noqa: SLF001 - who has the connections
            ends = await consumer.end_offsets(partitions)
            self._in_force.clear()
            self._ours.clear()
            self._read_to.forget()
            async for messages in read_between(consumer, await consumer.beginning_offsets(partitions), ends):
                self._take(messages)
                self._read_to.note(consumer)
            consumer.assign(partitions)
            for partition in partitions:
                consumer.seek(partition, ends[partition])
            self._read_to.continue_by(consumer)
            yield consumer, producer

    def _take(self, messages: Iterable[ConsumerRecord[bytes, bytes]]) -> None:
        for message in messages:
            self._note(key_text(message.key), message.value, dict(message.headers))

    def _note(self, name: str, value: bytes | None, headers: Mapping[str, bytes]) -> None:
        if value is None:
            self._in_force.pop(name, None)
        else:
            self._in_force[name] = value
        if value is not None and headers.get(FOLDER_HEADER) == self._name.encode():
            self._ours.add(name)
        else:
            self._ours.discard(name)

    async def _look(self, producer: AIOKafkaProducer) -> None:
        wanted, faults = await asyncio.to_thread(self._read, dict(self._in_force))
        self.found_faults(faults)
        if faults != self._reported:
            for fault in faults:
                self._logger.error("%s", fault)
            self._reported = faults
        for name, value in wanted.items():
            if self._in_force.get(name) != value:
                self._logger.info("%s %s: %s", self.noun, name, "changed" if name in self._in_force else "new")
                await self._write(producer, name, value)
        missing = self._ours - set(wanted) if not faults else set()
        for name in sorted(missing & self._missing):  # at two looks: a file that is being written is empty for a moment
            self._logger.info("%s %s: removed", self.noun, name)
            await self._write(producer, name, None)
        self._missing = missing

    def _read(self, in_force: Mapping[str, bytes]) -> tuple[dict[str, bytes], Sequence[object]]:
        """Return the folder's records and faults; a folder that has gone, as a disk does, takes nothing out of force."""
        if not self._folder.is_dir():
            return {}, [f"{self.setting}: there is no folder {self._folder} any more; what came from it stays in force"]
        files, now = states(self.files(self._folder)), time.monotonic()
        last, self._last = self._last, None
        if last and (last.files, last.in_force) == (files, in_force) and now - last.at < READ_AGAIN_SECONDS:
            self._last = last
            return last.found
        found = self.read(self._folder, in_force)
        if all(time.time_ns() - max(state[1:3]) > FRESH_SECONDS * 1e9 for state in files):
            self._last = FolderReading(now, files, in_force, found)
        return found

    async def _write(self, producer: AIOKafkaProducer, name: str, value: bytes | None) -> None:
        headers = header_list(name, self.kind, self.kind)
        headers.append((FOLDER_HEADER, self._name.encode()))
        await producer.send_and_wait(self.topic.name, value, key=name.encode(), headers=headers)
        self._note(name, value, {FOLDER_HEADER: self._name.encode()})


def states(files: Iterable[Path]) -> list[FileState]:
    """Return the states of files, by which it is told whether one has changed; one that has just gone has none."""
    found = []
    for path in files:
        with suppress(OSError):
            seen = path.stat()
            found.append((str(path), seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino))
    return found
