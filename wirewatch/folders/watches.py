"""A folder of watches, kept in force."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from agents.watch.files import files_at, read_files
from agents.watch.metrics import WatchMetrics
from agents.watch.settings import WatchSettings
from streams.metrics import Metrics
from streams.records import encode
from streams.settings import Settings
from streams.topics import WATCHES
from wirewatch.folders.synced import SyncedFolder


def kept_in_force(settings: Settings) -> dict[str, bytes]:
    """Return the records of the folder that the settings keep in force, by name; none without a folder."""
    folder = settings[WatchSettings].folder
    watches = read_files(Path(folder))[0] if folder and Path(folder).is_dir() else []
    return {watch.name: encode(watch.record) for watch in watches}


class WatchFolder(SyncedFolder):
    """Keeps the watches of a folder's files in force."""

    topic = WATCHES
    noun = "watch"
    kind = "watches"

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        super().__init__(settings, settings[WatchSettings].folder, "watch.folder")
        self._metrics = metrics[WatchMetrics]

    def files(self, folder: Path) -> Iterable[Path]:
        """Return the files of watches in the folder."""
        return files_at(folder)

    def read(self, folder: Path, in_force: Mapping[str, bytes]) -> tuple[dict[str, bytes], Sequence[object]]:
        """Return the records of the folder."""
        watches, faults = read_files(folder)
        return {watch.name: encode(watch.record) for watch in watches}, faults

    def found_faults(self, faults: Sequence[object]) -> None:
        """Show how many faults there are."""
        self._metrics.watches.labels("wrong_in_folder").set(len(faults))
