"""The process pool: a page that kills or hangs its process costs nobody else anything."""

import os
import time
from collections.abc import AsyncIterator

import pytest

from streams.errors import Refused
from streams.pool import Done, Failed, WorkPool


def work(task: object) -> object:
    """Do what the task says, in a child process."""
    match task:
        case "die":
            os._exit(3)
        case "hang":
            time.sleep(60)
        case "refuse":
            raise Refused("empty", "nothing there")
        case "break":
            raise KeyError("oops")
        case "fill":
            return len(bytearray(4 << 30))
        case "deep":
            return deep(0)
    return task


def deep(level: int) -> int:
    """Recurse without an end."""
    return deep(level + 1) + 1


@pytest.fixture
async def pool() -> AsyncIterator[WorkPool]:
    """Two child processes."""
    made = WorkPool(2, [], max_memory_mib=1024)
    await made.ready()
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ("die", "crashed"),
        ("hang", "timeout"),
        ("refuse", "empty"),
        ("break", "error"),
        ("fill", "out_of_memory"),
        ("deep", "too_deep"),
    ],
)
async def test_failure_has_its_reason_and_spares_its_neighbours(pool: WorkPool, task: str, reason: str) -> None:
    """One bad article of a chunk fails with its reason; those before and behind it are done, in order."""
    first, bad, last = await pool.run(work, ["first", task, "last"], timeout_seconds=1.0)
    assert isinstance(first, Done) and first.product == "first"
    assert isinstance(last, Done) and last.product == "last"
    assert isinstance(bad, Failed) and bad.reason == reason


async def test_what_kills_is_tried_once_more_alone(pool: WorkPool) -> None:
    """Every article of a chunk that died is tried again by itself."""
    retries: list[int] = []
    await pool.run(work, ["a", "die"], 5.0, lambda: retries.append(1))
    assert len(retries) == 2
