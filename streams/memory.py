"""The memory that this process may take by its cgroup, as in a container, and how often the system has killed for want of it."""

from contextlib import suppress
from pathlib import Path

from streams.cgroups import folders

#: A limit in bytes that is none, as cgroups of version 1 write it, lies above this.
MOST_BYTES = 1 << 60


def memory_limit(root: Path = Path("/")) -> int | None:
    """Return the least limit of this process's cgroup and of those around it, in bytes; None where there is none."""
    found: list[int] = []
    for folder in folders("memory", root):
        for name in ("memory.max", "memory.limit_in_bytes"):
            with suppress(OSError, ValueError):  # without a limit it says `max`
                found.append(int((folder / name).read_text(encoding="utf-8")))
    return min((each for each in found if each < MOST_BYTES), default=None)


def killed(root: Path = Path("/")) -> int:
    """Return how many processes of this process's cgroup the system has killed for want of memory; 0 where it does not say."""
    for folder in folders("memory", root):
        for name in ("memory.events", "memory.oom_control"):
            with suppress(OSError, ValueError):
                lines = (folder / name).read_text(encoding="utf-8").splitlines()
                counts = dict(line.split(" ", 1) for line in lines)
                if "oom_kill" in counts:
                    return int(counts["oom_kill"])
    return 0
