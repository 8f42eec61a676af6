"""The memory that this process may take by its cgroup, as in a container, and how often the system has killed for want of it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from streams.processors import around

#: A limit in bytes that is none, as cgroups of version 1 write it, lies above this.
MOST_BYTES = 1 << 60


def memory_limit(root: Path = Path("/")) -> int | None:
    """Return the least limit of this process's cgroup and of those around it, in bytes; None where there is none."""
    found: list[int] = []
    for folder in folders(root):
        for name in ("memory.max", "memory.limit_in_bytes"):
            with suppress(OSError, ValueError):  # without a limit it says `max`
                found.append(int((folder / name).read_text(encoding="utf-8")))
    return min((each for each in found if each < MOST_BYTES), default=None)


def killed(root: Path = Path("/")) -> int:
    """Return how many processes of this process's cgroup the system has killed for want of memory; 0 where it does not say."""
    for folder in folders(root):
        for name in ("memory.events", "memory.oom_control"):
            with suppress(OSError, ValueError):
                lines = (folder / name).read_text(encoding="utf-8").splitlines()
                counts = dict(line.split(" ", 1) for line in lines)
                if "oom_kill" in counts:
                    return int(counts["oom_kill"])
    return 0


def folders(root: Path) -> Iterator[Path]:
    """Yield the folders of this process's cgroup for memory and of those around it; none where the system has no cgroups."""
    with suppress(OSError, ValueError):
        for line in (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines():
            number, controllers, path = line.split(":", 2)
            if number == "0" or "memory" in controllers.split(","):
                yield from around(root / "sys/fs/cgroup" / ("" if number == "0" else controllers), path)
