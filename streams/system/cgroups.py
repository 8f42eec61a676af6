"""The control groups of this process, as a container has one: there the system says how much of the machine it may take."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def folders(controller: str, root: Path) -> Iterator[Path]:
    """Yield the folders of this process's cgroup for `cpu` or `memory`, and of those around it; none where there are no cgroups.

    `root`: where `proc` and `sys` lie.
    """
    with suppress(OSError, ValueError):
        for line in (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines():
            number, controllers, path = line.split(":", 2)
            if number == "0" or controller in controllers.split(","):
                yield from _around(root / "sys/fs/cgroup" / ("" if number == "0" else controllers), path)


def _around(top: Path, path: str) -> Iterator[Path]:
    """Yield the folders of a cgroup and of those around it, up to the top: in a container that may be all that is shown."""
    folder = top / path.strip("/")
    while folder != top and top in folder.parents:
        yield folder
        folder = folder.parent
    yield top
