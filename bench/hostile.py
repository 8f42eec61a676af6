"""Documents that are made to hurt, each read in a child of 512 MiB: `python -m bench.hostile [--record]`.

CPU seconds and the largest memory of a child that reads one document, what came of it, and whether the bounds held (5 s,
512 MiB). The child holds the document itself, and what Python and lxml take (some 60 MiB).
"""

import argparse
import asyncio
import resource
import sys

from agents.fetch.reading.documents import read
from bench.measured import record, table
from streams.work import Failure, Success
from streams.worker.pool import WorkPool
from tests.support.hostile import FEEDS, OTHERS, URL

MAX_SECONDS, MAX_MIB = 5.0, 512
HEAD = ("document", "MB", "CPU s", "MiB", "outcome")


def read_one(document: bytes) -> tuple[str, float]:
    """Return a document's outcome in a child process, and the child's peak memory in MiB."""
    found = read(document, URL)
    said = [f"{found.kind}: {len(found.entries)} entries", *found.notes]
    return " ".join("; ".join(said).split())[:110], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def measured(name: str, document: bytes) -> tuple[list[str], bool]:
    """Return the row of a document, and whether it is within the bounds."""
    pool = WorkPool(1, [], MAX_MIB)
    try:
        result: Success[tuple[str, float]] | Failure
        [result] = await pool.run(read_one, [document], timeout_seconds=120)
    finally:
        await pool.stop()
    size = f"{len(document) / 1e6:.1f}"
    if isinstance(result, Failure):
        return [name, size, "", "", f"{result.reason}: {result.error}"], False
    outcome, memory = result.product
    good = result.cpu_seconds <= MAX_SECONDS and memory <= MAX_MIB
    return [name, size, f"{result.cpu_seconds:.2f}", f"{memory:.0f}", outcome.replace("|", "/")], good


async def main() -> int:
    """Read all, print the table; return 1 where a bound did not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    found = [await measured(name, make()) for name, make in {**FEEDS, **OTHERS}.items()]
    bad = sum(not good for _, good in found)
    text = f"{len(found)} documents, each in a child of its own; over {MAX_SECONDS:g} s of CPU or {MAX_MIB} MiB: {bad}.\n\n"
    text += table(HEAD, [row for row, _ in found])
    print(text)
    if arguments.record:
        record("hostile", "Hostile documents", text, command="python -m bench.hostile --record")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
