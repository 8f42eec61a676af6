"""Keep docs/measured.md: each bench writes its own section, with the day and the machine that it ran on.

`record("dedup", "Duplicates", table(...))` replaces the text between the section's markers, or adds the section at the
end. What stands outside the markers is left alone.
"""

import os
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import psutil

FILE = Path(__file__).parents[1] / "docs" / "measured.md"
HEAD = """# Measured

Every figure here was written by a script in bench/, which says how it was measured; each section names its command. Speeds
are ratios within one run where a peer stands beside; alone they hold for the machine named.
"""


def memory_mib() -> float:
    """Return the memory of this process, in MiB."""
    return float(psutil.Process().memory_info().rss) / 2**20


def machine() -> str:
    """Name the machine: its processor and cores, its memory, Python's version."""
    cores = len(os.sched_getaffinity(0))
    gibibytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{platform.machine()}, {cores} cores, {gibibytes:.0f} GiB, Python {platform.python_version()}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def record(name: str, title: str, text: str, *, command: str, file: Path = FILE) -> None:
    """Write a section; `name` marks it, `command` says how it is measured again."""
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    section = (
        f"<!-- {name} -->\n## {title}\n\n{text.strip()}\n\n`{command}`, {today}, {machine()}, "
        f"load {os.getloadavg()[0]:.1f}.\n<!-- end {name} -->\n"
    )
    old = file.read_text(encoding="utf-8") if file.exists() else HEAD
    pattern = re.compile(f"<!-- {re.escape(name)} -->\n.*?<!-- end {re.escape(name)} -->\n", re.DOTALL)
    new = pattern.sub(lambda _: section, old) if pattern.search(old) else f"{old.rstrip()}\n\n{section}"
    file.write_text(new, encoding="utf-8")
