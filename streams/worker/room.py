"""Room for child processes: how many of them the memory takes, beside the worker and its models."""

from pathlib import Path

from streams.system.memory import least_memory, named_memory

#: MiB that a worker of all steps takes beside its children, and those of its models in the process that forks them: 100 to 230
#: and 300 were seen (docs/deploying.md, Memory).
OWN_MIB, MODELS_MIB = 300, 300
#: MiB that a child takes for itself: 150 to 200 were seen with pages of 200 kB, 330 with some of 5 MB among them.
CHILD_MIB = 250


def fitting_children(wanted: int, *, models: bool, root: Path = Path("/")) -> int:
    """Return how many of the wanted child processes the memory has room for, one at least.

    `models`: whether they work with models, which the process that forks them loads.
    """
    most = least_memory(root)
    if most is None:
        return wanted
    return max(1, min(wanted, ((most >> 20) - beside_children(models=models)) // CHILD_MIB))


def too_small(*, models: bool, root: Path = Path("/")) -> str:
    """Return which memory has no room for even one child process, with advice; empty where there is room."""
    most = least_memory(root)
    needed = beside_children(models=models) + CHILD_MIB
    if most is None or most >> 20 >= needed:
        return ""
    return (
        f"{named_memory(root)} has no room for a worker with one child process, which takes up to {needed} MiB: "
        "the system may kill its processes. Give it more, or fewer steps (wirewatch run --steps)"
    )


def beside_children(*, models: bool) -> int:
    """Return the MiB that a worker takes beside its children."""
    return OWN_MIB + (MODELS_MIB if models else 0)
