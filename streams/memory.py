"""The memory that a worker may take, by its cgroup and its machine, and how often the system has killed for want of it."""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from streams.cgroups import folders

#: A limit in bytes that is none, as cgroups of version 1 write it, lies above this.
MOST_BYTES = 1 << 60
#: The files of the limit in version 2 and 1, each with that of what is taken, and the field of `memory.stat` for pages of files
#: that the system takes back when it needs them.
VERSIONS = (
    ("memory.max", "memory.current", "inactive_file"),
    ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)
#: MiB that a worker of all steps takes beside its children, and those of its models in the process that forks them: 100 to 230
#: and 300 were seen (docs/operating.md, Memory).
OWN_MIB, MODELS_MIB = 300, 300
#: MiB that a child takes for itself: 150 to 200 were seen with pages of 200 kB, 330 with some of 5 MB among them.
CHILD_MIB = 250


class Memory(NamedTuple):
    """What all processes of a cgroup may take together, and take, in bytes."""

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


def fitting_children(wanted: int, *, models: bool, root: Path = Path("/")) -> int:
    """Return how many of the wanted child processes the memory has room for, one at least.

    `models`: whether they work with models, which the process that forks them loads.
    """
    most = least_memory(root)
    free = (most >> 20) - _beside_children(models) if most is not None else wanted * CHILD_MIB
    return max(1, min(wanted, free // CHILD_MIB))


def least_memory(root: Path = Path("/")) -> int | None:
    """Return the bytes that a worker may take: by its cgroup, or all of the machine; None where the system says neither."""
    limit = memory_limit(root)
    with suppress(OSError, ValueError, AttributeError):
        machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        return machine if limit is None else min(machine, limit)
    return limit


def too_small(*, models: bool, root: Path = Path("/")) -> str:
    """Return which memory has no room for even one child process, with advice; empty where there is room."""
    most = least_memory(root)
    needed = _beside_children(models) + CHILD_MIB
    if most is None or most >> 20 >= needed:
        return ""
    return (
        f"{named_memory(root)} has no room for a worker with one child process, which takes up to {needed} MiB: "
        "the system may kill its processes. Give it more, or fewer steps (wirewatch run --steps)"
    )


def named_memory(root: Path = Path("/")) -> str:
    """Return the words for the memory that bounds this process: a limit above all of the machine's memory bounds nothing."""
    limit = memory_limit(root)
    if limit is None or limit != least_memory(root):
        return "the memory of this machine"
    return f"the memory limit of {limit >> 20} MiB"


def _beside_children(models: bool) -> int:
    """Return the MiB that a worker takes beside its children."""
    return OWN_MIB + (MODELS_MIB if models else 0)


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
