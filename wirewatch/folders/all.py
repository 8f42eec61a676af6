"""The folders that a worker keeps an eye on: of watches, of sources, and of news that other programs put there."""

import asyncio
from collections.abc import Iterable
from typing import Protocol

from agents.fetch.settings import FetchSettings
from agents.watch.settings import WatchSettings
from streams.metrics import Metrics
from streams.settings import Settings
from wirewatch.folders.incoming import IncomingFolder
from wirewatch.folders.settings import IncomingSettings
from wirewatch.folders.sources import SourceFolder
from wirewatch.folders.synced import SyncedFolder
from wirewatch.folders.watches import WatchFolder


class Folder(Protocol):
    """Work on a folder, beside the steps. `setting` names it."""

    setting: str

    async def run(self) -> None:
        """Work until cancelled."""


def folders_of(settings: Settings, metrics: Metrics) -> list[Folder]:
    """Return the folders that settings name; raise `SettingsError` for one that is not there."""
    folders: list[Folder] = []
    if settings[WatchSettings].folder:
        folders.append(WatchFolder(settings, metrics))
    if settings[FetchSettings].folder:
        folders.append(SourceFolder(settings, metrics))
    if settings[IncomingSettings].folder:
        folders.append(IncomingFolder(settings, metrics))
    return folders


async def first_look(folders: Iterable[Folder]) -> None:
    """Put the watches and sources of folders into force, before a step takes its first message."""
    await asyncio.gather(*(folder.first_look() for folder in folders if isinstance(folder, SyncedFolder)))
