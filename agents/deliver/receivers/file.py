"""Alerts and digests as JSON lines in a file."""

import asyncio
import os
from functools import partial
from pathlib import Path

from agents.deliver.notice import Notice
from agents.deliver.receivers.base import Attempt, require_ours
from agents.deliver.receivers.redaction import Redaction
from streams.records import encode
from streams.system.threads import Threads

#: Alerts are for those who run the worker; who else may read them is theirs to say (`chmod`).
FILE_MODE, FOLDER_MODE = 0o600, 0o700


class FileReceiver:
    """A file to which each alert or digest is appended as it stands on its topic, and on the disk before it counts.

    The file is opened for each alert: it may be moved away and made anew (logrotate) at any time.
    """

    kind = "file"
    one_at_a_time = True

    def __init__(self, name: str, path: Path, timeout_seconds: float) -> None:
        self.name = name
        self._path = path
        self._timeout_seconds = timeout_seconds
        # one at a time: whether the last line is whole is looked at before the next is written
        self._threads = Threads(f"deliver-{name}", 1)

    def __repr__(self) -> str:
        return f"FileReceiver(name={self.name!r}, path={str(self._path)!r})"

    async def send(self, notice: Notice, attempt: int) -> Attempt:
        """Append the record."""
        line = encode(notice) + b"\n"
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await self._threads.run(partial(append, self._path, line))
        except TimeoutError:
            error = f"{self._path}: not written within {self._timeout_seconds:g} s"
        except OSError as raised:
            error = f"{raised.filename or self._path}: {raised.strerror or raised}"
        else:
            return Attempt(delivered=True)
        return Attempt(delivered=False, error=Redaction().hide(error))

    async def close(self) -> None:
        """Do nothing: the file is closed after each alert."""


def append(path: Path, line: bytes) -> None:
    """Write `line` to the end of a file in one piece and wait until the disk has it; raises `OSError`, or `NotOurs`.

    File and folder are made where they are missing, for their owner alone. A line that a full disk or a crash left
    unfinished is closed first, so that only that one is spoilt.
    """
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    new = not path.exists()
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    try:
        size = os.fstat(file).st_size
        if size and os.pread(file, 1, size - 1) != b"\n":
            line = b"\n" + line
        require_ours()
        written = os.write(file, line)
        if written != len(line):
            raise OSError(f"only {written} of {len(line)} bytes were written: is the disk full?")
        os.fsync(file)
    finally:
        os.close(file)
    if new:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
