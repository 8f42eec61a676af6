"""Child processes are as many as the memory has room for."""

from pathlib import Path

import pytest

from streams.worker.room import fitting_children, too_small
from tests.support.cgroups import tree

MIB = 1 << 20


@pytest.mark.parametrize(
    ("mib", "models", "children", "warned"),
    [(500, True, 1, True), (849, True, 1, True), (850, True, 1, False), (1_099, True, 1, False), (1_100, True, 2, False),
     (500, False, 1, True), (1_100, False, 3, False), (2_600, True, 8, False)],
)  # fmt: skip
def test_no_more_children_are_started_than_the_memory_has_room_for(
    tmp_path: Path, mib: int, models: bool, children: int, warned: bool
) -> None:
    """Of eight processors; one child is tried where there is no room for it, and the limit is named."""
    root = tree(tmp_path, "0::/\n", {"sys/fs/cgroup/memory.max": f"{mib * MIB}\n"})
    assert fitting_children(8, models=models, root=root) == children
    said = too_small(models=models, root=root)
    assert said.startswith(f"the memory limit of {mib} MiB has no room for") if warned else not said
