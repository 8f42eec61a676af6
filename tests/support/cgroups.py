"""A system's cgroups in a folder, as a test says."""

from pathlib import Path


def tree(root: Path, cgroup: str, files: dict[str, str]) -> Path:
    """Return a folder with the files of a system's cgroups."""
    for name, text in {"proc/self/cgroup": cgroup, **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root
