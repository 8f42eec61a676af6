"""The files of a folder, and the folders in it that cannot be read."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from agents.fetch.files.found import Refusal, name_of

ELSEWHERE = "a link to a folder elsewhere, which is not followed: give that folder itself"


def files_in(folder: Path) -> Iterator[Path | Refusal]:
    """Yield the files of a folder and of those in it, in the order of names, and a refusal for each folder that is not read.

    Hidden ones are passed over, and so are links to a folder whose files are there anyway. A link that leads nowhere is given as
    a file: whoever reads it says so.
    """
    found: dict[Path, Refusal | None] = {}

    def refuse(error: OSError) -> None:
        where = Path(error.filename)
        found[where] = Refusal(name_of(where), "unreadable", f"the folder cannot be read: {error.strerror}")

    inside = folder.resolve()
    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for child in (Path(parent, name) for name in folders):
            if child.is_symlink() and not child.resolve().is_relative_to(inside):
                found[child] = Refusal(name_of(child), "unknown_file", ELSEWHERE)
        found.update(dict.fromkeys(child for name in files if is_news(child := Path(parent, name))))
    if not found:
        yield Refusal(name_of(folder), "unknown_file", "the folder holds no file")
    for path in sorted(found):
        yield found[path] or path


def bytes_of(path: Path) -> int:
    """Return the size of a file, or of all files of a folder, as far as they can be seen: whoever reads them says why."""
    size = 0
    for each in files_in(path) if path.is_dir() else (path,):
        with suppress(OSError):
            size += each.stat().st_size if isinstance(each, Path) else 0
    return size


def is_news(path: Path) -> bool:
    """Return whether a path is a file or has no rights; devices and what a program keeps for itself (.DS_Store) are none."""
    if path.name.startswith("."):
        return False
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True
