"""The folder of a laptop: its journal, a lock for the one process that runs on it, and the broker's address meanwhile."""

import errno
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from agents.archive.settings import ArchiveSettings
from streams.errors import JournalError
from streams.journal.store import NAME
from streams.settings import Settings

LOCK, BROKER = "lock", "broker"
#: The store of history, where the settings name none.
HISTORY = "history.db"


def require_laptop(folder: Path) -> None:
    """Raise `JournalError` for a folder without a journal."""
    if not (folder / NAME).is_file():
        raise JournalError(
            f"{folder} is no laptop's folder: it holds no journal (`wirewatch run --data {folder}` makes one)"
        )


def keep_history(folder: Path, settings: Settings) -> None:
    """Let history be kept in the folder, unless the settings name a place."""
    archive = settings[ArchiveSettings]
    if not archive.url and not archive.url_env:
        archive.url = f"sqlite:{folder / HISTORY}"


#: Why a folder cannot be used, by the error of the system, and what to do.
TROUBLES = {
    errno.EACCES: "this user may not read and write it: give it to them (chown), or run as its owner",
    errno.EPERM: "this user may not read and write it: give it to them (chown), or run as its owner",
    errno.EROFS: "its disk is mounted read-only: mount it for writing, or name a folder elsewhere",
    errno.ENOSPC: "its disk is full: make room, or name a folder elsewhere",
    errno.EDQUOT: "its disk's quota is used up: make room, or name a folder elsewhere",
    errno.EEXIST: "a file is in its place: name a folder",
    errno.ENOTDIR: "a file is in its place, or in that of a folder above it: name a folder",
    errno.ENOLCK: "its file system knows no locks: name a folder on a local disk",
}


def trouble(folder: Path, error: OSError) -> JournalError:
    """Return in plain words why a folder cannot be used."""
    why = TROUBLES.get(error.errno or 0) or f"{error.strerror or error}"
    return JournalError(f"{folder} cannot be used: {why}")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for this process; raise `JournalError` where another one has it, or it cannot be used."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("a")
    except OSError as error:
        raise trouble(folder, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise JournalError(f"another `wirewatch run` has {folder}: one folder, one process") from error
        except OSError as error:
            raise trouble(folder, error) from error
        yield


@contextmanager
def announced(folder: Path, bootstrap: str) -> Iterator[None]:
    """Leave the broker's address in the folder, for commands with `--data`, while it can be reached."""
    place = folder / BROKER
    try:
        place.write_text(bootstrap)
    except OSError as error:
        raise trouble(folder, error) from error
    try:
        yield
    finally:
        with suppress(OSError):  # a disk that is read-only by now: the address is nobody's once the lock is gone
            place.unlink(missing_ok=True)


def bootstrap_of(folder: Path) -> str | None:
    """Return the address of the broker that runs on a folder, None where none does.

    Nothing is written: somebody may look who may not write there. Raises `JournalError` where it cannot be read.
    """
    place = folder / BROKER
    try:
        address = place.read_text().strip()
        with (folder / LOCK).open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return address or None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise trouble(folder, error) from error
    return None  # its process was killed: the address is nobody's
