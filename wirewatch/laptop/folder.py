"""The folder of a laptop: its journal, a lock for the one process that runs on it, and the broker's address meanwhile."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agents.archive.settings import ArchiveSettings
from streams.errors import JournalError
from streams.journal.store import NAME
from streams.settings import Settings

LOCK, BROKER = "lock", "broker"
#: The store of history, where the settings name none.
HISTORY = "history.db"


def is_laptop(folder: Path) -> bool:
    """Tell whether a folder holds a journal."""
    return (folder / NAME).is_file()


def keep_history(folder: Path, settings: Settings) -> None:
    """Let history be kept in the folder, unless the settings name a place."""
    archive = settings[ArchiveSettings]
    if not archive.url and not archive.url_env:
        archive.url = f"sqlite:{folder / HISTORY}"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for this process; raise `JournalError` where another one has it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / LOCK).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise JournalError(f"another `wirewatch run` has {folder}: one folder, one process") from error
            yield
    except OSError as error:
        raise JournalError(f"{folder} cannot be used: {error}") from error


@contextmanager
def announced(folder: Path, bootstrap: str) -> Iterator[None]:
    """Leave the broker's address in the folder, for commands with `--data`, while it can be reached."""
    place = folder / BROKER
    place.write_text(bootstrap)
    try:
        yield
    finally:
        place.unlink(missing_ok=True)


def bootstrap_of(folder: Path) -> str | None:
    """Return the address of the broker that runs on a folder, None where none does."""
    place = folder / BROKER
    if not place.exists():
        return None
    with (folder / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return place.read_text().strip() or None
    return None  # its process was killed: the address is nobody's
