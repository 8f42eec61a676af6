"""The memory limit of a worker's cgroup, and how often the system has killed for it."""

from pathlib import Path

import pytest

from streams.memory import killed, memory_limit
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
