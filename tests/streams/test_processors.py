"""A worker has a child process for each processor that it may use, not for each that its machine has."""

import os
from pathlib import Path

import pytest

from streams.system.processors import limits, processors
from tests.support.cgroups import tree


@pytest.mark.parametrize(
    ("cgroup", "files", "found"),
    [
        ("0::/\n", {"sys/fs/cgroup/cpu.max": "150000 100000\n"}, [1.5]),  # a container
        (
            "0::/system.slice/wirewatch.service\n",
            {
                "sys/fs/cgroup/system.slice/wirewatch.service/cpu.max": "max 100000\n",
                "sys/fs/cgroup/system.slice/cpu.max": "300000 100000\n",
            },
            [3.0],
        ),
        (
            "4:memory:/docker/ab\n2:cpu,cpuacct:/docker/ab\n",
            {
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "50000\n",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
            },
            [0.5],
        ),
        (
            "1:cpu:/\n",
            {"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"},
            [],
        ),
        ("0::/\n", {"sys/fs/cgroup/cpu.max": "what is this\n"}, []),
        ("nothing of the kind", {}, []),
    ],
)
def test_the_limits_of_cgroups(tmp_path: Path, cgroup: str, files: dict[str, str], found: list[float]) -> None:
    """Of version 2 and 1, of the own one and of those around it; a system without any has none."""
    assert list(limits(tree(tmp_path, cgroup, files))) == found


def test_the_least_of_affinity_and_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part counts as a whole, and there is always one."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: range(64), raising=False)
    limit = tree(tmp_path, "0::/\n", {"sys/fs/cgroup/cpu.max": "150000 100000\n"}) / "sys/fs/cgroup/cpu.max"
    assert processors(tmp_path) == 2
    limit.write_text("1000 100000\n")
    assert processors(tmp_path) == 1
    limit.write_text("max 100000\n")
    assert processors(tmp_path) == 64
    monkeypatch.delattr(os, "sched_getaffinity")
    assert processors(tmp_path) == os.cpu_count()
