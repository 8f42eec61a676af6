"""The memory that this process may take, by its cgroup and its machine, and how often the system has killed for want of it."""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from streams.system.cgroups import folders

#: A limit in bytes that is none, as cgroups of version 1 write it, lies above this.
MOST_BYTES = 1 << 60
#: The files of the limit in version 2 and 1, each with that of what is taken, and the field of `memory.stat` for pages of files
#: that the system takes back when it needs them.
VERSIONS = (
    ("memory.max", "memory.current", "inactive_file"),
    ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)


class Memory(NamedTuple):
    """The limit of a cgroup's memory, and how much of it all its processes take, in bytes."""

    limit: int
    used: int


def memory_limit(root: Path = Path("/")) -> int | None:
    """Return the least limit of this process's cgroup and of those around it, in bytes; None where there is none."""
    limited = memory(root)
    return limited.limit if limited is not None else None


def memory(root: Path = Path("/")) -> Memory | None:
    """Return the memory of the cgroup with the least limit, of this process's and those around it; None where there is none."""
    found: list[Memory] = []
    for folder in folders("memory", root):
        for limit, used, back in VERSIONS:
            with suppress(OSError, ValueError):  # without a limit it says `max`
                found.append(Memory(int((folder / limit).read_text(encoding="utf-8")), _used(folder, used, back)))
    return min((each for each in found if each.limit < MOST_BYTES), default=None)


def _used(folder: Path, name: str, back: str) -> int:
    """Return the bytes that a cgroup takes, without what the system takes back; 0 where it does not say."""
    try:
        used = int((folder / name).read_text(encoding="utf-8"))
        lines = (folder / "memory.stat").read_text(encoding="utf-8").splitlines()
        return max(0, used - next((int(line.split()[1]) for line in lines if line.split()[0] == back), 0))
    except (OSError, ValueError, IndexError):
        return 0


def least_memory(root: Path = Path("/")) -> int | None:
    """Return the bytes that this process may take: by its cgroup, or all of the machine; None where the system says neither."""
    limit = memory_limit(root)
    with suppress(OSError, ValueError, AttributeError):
        machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        return machine if limit is None else min(machine, limit)
    return limit


def named_memory(root: Path = Path("/")) -> str:
    """Return the words for the memory that bounds this process: a limit above all of the machine's memory bounds nothing."""
    limit = memory_limit(root)
    if limit is None or limit != least_memory(root):
        return "the memory of this machine"
    return f"the memory limit of {limit >> 20} MiB"


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
