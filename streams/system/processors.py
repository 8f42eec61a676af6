"""How many processors this process may use: those of its affinity, and of its cgroup's limit, as in a container.

The machine may have many more. A child process for each of them would take memory, and gain nothing.
"""

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from streams.system.cgroups import folders

#: A limit that is none, in cgroups of version 2 and 1.
NO_LIMITS = ("max", "-1")


def processors(root: Path = Path("/")) -> int:
    """Return that number, at least one; a part of a processor counts as a whole. `root`: where `proc` and `sys` lie."""
    known = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([known, *(math.ceil(limit) for limit in limits(root))]))


def limits(root: Path) -> Iterator[float]:
    """Yield the limits of this process's cgroup and of those around it, in processors."""
    for folder in folders("cpu", root):
        yield from limit_of(folder)


def limit_of(folder: Path) -> Iterator[float]:
    """Yield the limit of one cgroup, where it has one."""
    with suppress(OSError, ValueError, ZeroDivisionError):
        if (limit := folder / "cpu.max").exists():
            quota, period = limit.read_text(encoding="utf-8").split()
        else:
            quota, period = (
                (folder / f"cpu.cfs_{name}_us").read_text(encoding="utf-8").strip() for name in ("quota", "period")
            )
        if quota not in NO_LIMITS:
            yield int(quota) / int(period)
