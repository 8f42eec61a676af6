"""A folder of lists of sources, kept in force."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from agents.fetch.metrics import FetchMetrics
from agents.fetch.settings import FetchSettings
from streams.errors import InvalidRecord
from streams.metrics import Metrics
from streams.records import Source, decode, encode
from streams.settings import Settings
from streams.topics import SOURCES
from wirewatch.folders.synced import SyncedFolder
from wirewatch.sources.files import lists_in, read_folder


class SourceFolder(SyncedFolder):
    """Keeps the sources of a folder's files in force. One that is in force keeps the time at which it was added."""

    topic = SOURCES
    noun = "source"
    kind = "sources"

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        super().__init__(settings, settings[FetchSettings].folder, "fetch.folder")
        self._metrics = metrics[FetchMetrics]

    def files(self, folder: Path) -> Iterable[Path]:
        """Return the lists of the folder."""
        return lists_in(folder)

    def read(self, folder: Path, in_force: Mapping[str, bytes]) -> tuple[dict[str, bytes], Sequence[object]]:
        """Return the records of the folder."""
        found, faults = read_folder(folder)
        return {name: encode(dated(source, in_force.get(name))) for name, source in found.items()}, faults

    def found_faults(self, faults: Sequence[object]) -> None:
        """Show how many faults there are."""
        self._metrics.file_faults.set(len(faults))


def dated(source: Source, before: bytes | None) -> Source:
    """Return a source with the time at which it was added: its own, else that of the record in force, else now."""
    if source.added_at is not None:
        return source
    added = None
    if before is not None:
        try:
            added = decode(before, Source).added_at
        except InvalidRecord:
            added = None
    return msgspec.structs.replace(source, added_at=added or datetime.now(UTC))
