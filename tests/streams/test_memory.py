"""The memory limit of a worker's cgroup, and how often the system has killed for it."""

from pathlib import Path

import pytest

from streams.system.memory import Memory, killed, memory, memory_limit, named_memory
from tests.support.cgroups import tree

MIB = 1 << 20


@pytest.mark.parametrize(
    ("cgroup", "files", "limit", "kills"),
    [
        (
            "0::/\n",  # a container
            {
                "sys/fs/cgroup/memory.max": f"{350 * MIB}\n",
                "sys/fs/cgroup/memory.events": "low 0\nhigh 0\noom 3\noom_kill 2\n",
            },
            350 * MIB,
            2,
        ),
        (
            "0::/system.slice/wirewatch.service\n",
            {
                "sys/fs/cgroup/system.slice/wirewatch.service/memory.max": "max\n",
                "sys/fs/cgroup/system.slice/wirewatch.service/memory.events": "oom_kill 1\n",
                "sys/fs/cgroup/system.slice/memory.max": f"{500 * MIB}\n",
                "sys/fs/cgroup/system.slice/memory.events": "oom_kill 7\n",
            },
            500 * MIB,
            1,
        ),
        (
            "4:memory:/docker/ab\n0::/\n",
            {
                "sys/fs/cgroup/memory/memory.limit_in_bytes": f"{400 * MIB}\n",
                "sys/fs/cgroup/memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 4\n",
            },
            400 * MIB,
            4,
        ),
        ("4:memory:/\n", {"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, None, 0),
        ("0::/\n", {"sys/fs/cgroup/memory.events": "what is this\n"}, None, 0),
        ("nothing of the kind", {}, None, 0),
    ],
)
def test_the_limit_and_the_kills_of_cgroups(
    tmp_path: Path, cgroup: str, files: dict[str, str], limit: int | None, kills: int
) -> None:
    """Of version 2 and 1: the least limit around, and the kills of the own one."""
    root = tree(tmp_path, cgroup, files)
    assert (memory_limit(root), killed(root)) == (limit, kills)


@pytest.mark.parametrize(
    ("cgroup", "folder", "names"),
    [
        ("0::/\n", "sys/fs/cgroup", ("memory.max", "memory.current", "inactive_file")),
        (
            "4:memory:/\n",
            "sys/fs/cgroup/memory",
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        ),
    ],
)
def test_files_that_can_be_taken_back_are_no_memory_in_use(
    tmp_path: Path, cgroup: str, folder: str, names: tuple[str, str, str]
) -> None:
    """A worker that has read large files is not near its limit, and neither is one of a system that says nothing of them."""
    limit, used, back = (f"{folder}/{names[0]}", f"{folder}/{names[1]}", f"{folder}/memory.stat")
    root = tree(tmp_path, cgroup, {limit: "1000\n", used: "900\n", back: f"active_file 7\n{names[2]} 300\n"})
    assert memory(root) == Memory(1000, 600)
    (root / back).unlink()
    assert memory(root) == Memory(1000, 0)


def test_a_limit_above_the_memory_of_the_machine_is_not_named(tmp_path: Path) -> None:
    """To raise it would change nothing."""
    for limit, named in ((500 * MIB, "the memory limit of 500 MiB"), (1 << 59, "the memory of this machine")):
        root = tree(tmp_path, "0::/\n", {"sys/fs/cgroup/memory.max": f"{limit}\n"})
        assert named_memory(root) == named
