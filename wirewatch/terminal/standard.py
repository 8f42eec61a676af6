"""Standard output and standard error of a command, and the end of a write that fails.

A full disk behind `> FILE` and a closed output (`>&-`) end the command with one line, whichever library writes; a reader that
has gone (`| head`) ends it without a word. What cannot be written to standard error is dropped: a worker does not stop because
its log has no room.
"""

import errno
import io
import os
import select
import sys
from pathlib import Path
from typing import IO, BinaryIO, cast

from streams.errors import OutputError, ReaderGone

GONE = "nobody reads standard output any more"


class StandardFile(io.FileIO):
    """A standard stream's file. `lossy`: a write that fails is dropped, where otherwise it raises `OutputError`.

    A reader that has gone raises `ReaderGone`. It is no `BrokenPipeError`, which a connection raises, too, and which libraries
    take for their own.
    """

    def __init__(self, number: int, *, lossy: bool) -> None:
        super().__init__(number, "wb", closefd=False)
        self._lossy = lossy

    def write(self, data: "bytes | memoryview", /) -> int:  # type: ignore[override]
        """Write all of it, and wait where the stream takes nothing for now; return its size in bytes."""
        view = memoryview(data).cast("B")
        done = 0
        try:
            while done < len(view):
                count = super().write(view[done:])
                if count is None:
                    select.select([], [self], [])
                done += count or 0
        except OSError as error:
            if self._lossy:
                return len(view)
            if isinstance(error, BrokenPipeError):
                raise ReaderGone(GONE) from error
            give_up(self.fileno())
            raise OutputError(f"standard output cannot be written: {why(error)}") from error
        return done


def check_reader() -> None:
    """Raise `ReaderGone` where nobody reads standard output any more: who waits for something to write hears of it no later."""
    try:
        number = sys.stdout.fileno()
    except ValueError:  # no file: nobody can go
        return
    poll = select.poll()
    poll.register(number, 0)
    if any(events & (select.POLLERR | select.POLLHUP) for _, events in poll.poll(0)):
        raise ReaderGone(GONE)


def give_up(number: int) -> None:
    """Let what is still written to a file go nowhere: nothing is tried again as Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def why(error: OSError) -> str:
    """Return why standard output takes nothing, with advice where the command line is the cause."""
    return "it is closed" if error.errno == errno.EBADF else (error.strerror or str(error))


def check_streams() -> None:
    """Let writes to standard output and standard error be checked, and no stream be missing.

    Python has None for a stream that is closed (`<&-`, a service without one). An empty file takes its place, and its
    number, the lowest that is free: one that cannot be written, so that output which somebody asked for is not lost unsaid.
    """
    for name, mode in (("stdin", "r"), ("stdout", "r"), ("stderr", "w")):
        if getattr(sys, name) is None:
            file = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - until the process ends
            setattr(sys, name, file if name != "stdout" else checked(file.fileno(), None, lossy=False))
            kept.append(file)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if type(stream) is io.TextIOWrapper and stream is getattr(sys, f"__{name}__"):
            setattr(sys, name, checked(stream.fileno(), stream, lossy=name == "stderr"))


#: Files that are not to be closed while the process runs.
kept: list[IO[str]] = []


def checked(number: int, like: io.TextIOWrapper | None, *, lossy: bool) -> io.TextIOWrapper:
    """Return a text stream of a file number; its encoding and buffering are those of another stream where one is given."""
    file = StandardFile(number, lossy=lossy)
    direct = like is not None and isinstance(like.buffer, io.FileIO)  # PYTHONUNBUFFERED
    buffer = file if direct else io.BufferedWriter(cast("io.RawIOBase", file))
    return io.TextIOWrapper(
        cast("BinaryIO", buffer),
        encoding=like.encoding if like else "utf-8",
        errors=like.errors if like else None,
        line_buffering=like is not None and like.line_buffering,
        write_through=direct,
    )
