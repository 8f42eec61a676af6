"""The process pool: a page that kills or hangs its process costs nobody else anything."""

import contextlib
import os
import time
from collections.abc import AsyncIterator, Sequence

import psutil
import pytest

from streams.errors import PoolError, Refused
from streams.work import Failure, Success
from streams.worker.pool import WorkPool


def work(task: object) -> object:
    """Do a task in a child process."""
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


def broken_load() -> None:
    """Fail as a model does that is not there."""
    raise FileNotFoundError("weights.npz")


def work_all(tasks: Sequence[object]) -> list[object]:
    """Do tasks together: each product says so."""
    if "break" in tasks:
        raise KeyError("oops")
    for task in {"die", "hang"}.intersection(map(str, tasks)):
        work(task)
    return [Refused("empty", "nothing there") if task == "refuse" else f"{task} of {len(tasks)}" for task in tasks]


def deep(level: int) -> int:
    """Recurse without an end."""
    return deep(level + 1) + 1


def pool_children() -> list[psutil.Process]:
    """List the processes that work on tasks; those that were killed and wait to be reaped are left out."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # a process that ended, reaped or not (ZombieProcess is one)
            if not child.children() and "forkserver" in " ".join(child.cmdline()):
                found.append(child)
    return found


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
    assert isinstance(first, Success) and first.product == "first"
    assert isinstance(last, Success) and last.product == "last"
    assert isinstance(bad, Failure) and bad.reason == reason


async def test_what_kills_is_tried_once_more_alone(pool: WorkPool) -> None:
    """Every article of a chunk that died is tried again by itself."""
    retries: list[int] = []
    await pool.run(work, ["a", "die"], 5.0, lambda: retries.append(1))
    assert len(retries) == 2


async def test_a_chunk_is_worked_on_together(pool: WorkPool) -> None:
    """Where a step can, a whole chunk is one call, which also refuses articles one by one."""
    first, refused, last = await pool.run(work, ["first", "refuse", "last"], 5.0, work_all=work_all)
    assert isinstance(first, Success) and first.product == "first of 3"
    assert isinstance(refused, Failure) and refused.reason == "empty"
    assert isinstance(last, Success) and last.product == "last of 3"


@pytest.mark.parametrize(("task", "reason"), [("die", "crashed"), ("hang", "timeout"), ("break", "error")])
async def test_who_spoils_a_chunk_is_found_alone(pool: WorkPool, task: str, reason: str) -> None:
    """A chunk that fails is worked on article by article, so that one costs its neighbours nothing."""
    first, bad, last = await pool.run(work, ["first", task, "last"], 1.0, work_all=work_all)
    assert isinstance(first, Success) and first.product == "first"
    assert isinstance(bad, Failure) and bad.reason == reason
    assert isinstance(last, Success) and last.product == "last"


async def test_children_that_are_killed_while_they_wait_are_replaced(pool: WorkPool) -> None:
    """An out-of-memory killer takes children that do nothing too: work goes on with others, and no article is blamed."""
    for child in pool_children():
        child.kill()
    assert [result.product for result in await pool.run(work, [1, 2], 5.0) if isinstance(result, Success)] == [1, 2]


async def test_work_goes_on_when_a_child_is_killed_time_and_again(pool: WorkPool) -> None:
    """Each time another child is killed between two chunks, the next chunk is worked on as if nothing had been."""
    for turn in range(4):
        pool_children()[0].kill()
        results = await pool.run(work, [turn], 5.0)
        assert [result.product for result in results if isinstance(result, Success)] == [turn]


async def test_children_that_cannot_start_are_an_error_and_no_dead_letters() -> None:
    """Where every child dies as it loads its models, no article is at fault: the error names likely causes."""
    pool = WorkPool(2, [broken_load])
    try:
        with pytest.raises(PoolError, match=r"worker\.max_memory_mib"):
            await pool.run(work, [1, 2], 5.0)
    finally:
        pool.stop()
