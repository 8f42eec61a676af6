"""Files that one run at a time writes."""

import fcntl
import os
from pathlib import Path
from typing import BinaryIO

from streams.errors import OutputError


def open_alone(path: Path, output: Path) -> BinaryIO:
    """Open a file for this process alone, made where it is missing, and not emptied; closing it gives it back.

    `output`: the file that is written by its help, which the error names. Raises `OutputError` where another run has it,
    `OSError` where it cannot be opened. On a file system without locks the file counts as free.
    """
    while True:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            raise OutputError(
                f"another run is writing {output}: wait until it is done, or write into another file"
            ) from error
        except OSError:
            return file
        if path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno())):
            return file
        file.close()  # the run that had it was done with it just now: another name, or none
