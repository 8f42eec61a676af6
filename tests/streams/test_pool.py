"""The process pool: a page that kills or hangs its process costs nobody else anything."""

import asyncio
import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from pebble.pool.process import TaskManager

from streams.errors import LoadError, PoolError, Refused
from streams.work import Failure, Success
from streams.worker import children
from streams.worker.pool import PIPE_BYTES, RoomyContext, WorkPool, cap_memory
from tests.support.forked import own_children, share_children


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


def hungry_load() -> None:
    """Fail as a model does that is too large for its child."""
    raise MemoryError


def slow_load() -> None:
    """Load a model that takes a while."""
    time.sleep(1.5)


def work_all(tasks: Sequence[object]) -> list[object]:
    """Do tasks together: each product says so."""
    if "break" in tasks:
        raise KeyError("oops")
    for task in {"die", "hang"}.intersection(map(str, tasks)):
        work(task)
    return [Refused("empty", "nothing there") if task == "refuse" else f"{task} of {len(tasks)}" for task in tasks]


def test_a_pipe_holds_a_chunk() -> None:
    """A chunk of pages is written at one go: a pipe of 64 KiB would wake writer and reader for each part of it."""
    reader, writer = RoomyContext().Pipe(duplex=False)
    with reader, writer:
        assert fcntl.fcntl(writer.fileno(), fcntl.F_GETPIPE_SZ) == PIPE_BYTES
        writer.send_bytes(bytes(PIPE_BYTES // 2))  # nobody reads yet
        assert len(reader.recv_bytes()) == PIPE_BYTES // 2


def test_a_clock_that_is_set_ends_no_work_and_spares_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set forward by an hour, it ends no page; set back by one, it does not let a page hang for as long."""
    manager = TaskManager(lambda: None)
    task: Any = SimpleNamespace(id=1, timeout=5.0, started=True, set_running_or_notify_cancel=lambda: None)
    manager.register(task)
    manager.task_start(1, 7)
    today = time.time
    monkeypatch.setattr(time, "time", lambda: today() + 3600)
    assert not manager.timeout(task)
    task.timestamp -= 6
    monkeypatch.setattr(time, "time", lambda: today() - 3600)
    assert manager.timeout(task)


def be_killed(left: Path) -> str:
    """Be killed as often as a file says."""
    kills = int(left.read_text(encoding="ascii"))
    if kills:
        left.write_text(str(kills - 1), encoding="ascii")
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def nap(seconds: float) -> float:
    """Wait, and return for how long."""
    time.sleep(seconds)
    return seconds


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


@pytest.fixture(scope="module", autouse=True)
def own() -> Iterator[None]:
    """The children are this process's own here: tests kill them, and the process that forks them."""
    own_children()
    yield
    share_children()


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkPool]:
    """Two child processes for all tests: after whatever one of them does to them, work goes on for the next."""
    made = WorkPool(2, [], max_memory_mib=1024)
    asyncio.run(made.ready())
    yield made
    asyncio.run(made.stop())


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


@pytest.mark.parametrize(("kills", "reason"), [(3, None), (4, "crashed")])
async def test_an_article_is_not_to_blame_for_kills_that_come_one_after_another(
    pool: WorkPool, tmp_path: Path, kills: int, reason: str | None
) -> None:
    """The system kills for want of memory whatever a child does: in a chunk, then twice alone; what kills each time goes."""
    left = tmp_path / "left"
    left.write_text(str(kills), encoding="ascii")
    (result,) = await pool.run(be_killed, [left], 5.0)
    assert (result.reason if isinstance(result, Failure) else None) == reason


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


@pytest.mark.parametrize("lock", ["reader_mutex", "writer_mutex"])
async def test_a_child_that_dies_amid_a_message_stops_nobody(
    pool: WorkPool, lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It leaves the lock of a pipe taken, as this test does: work stood still for two minutes."""
    monkeypatch.setattr(children, "LOCK_SECONDS", 0.5)
    await pool.ready()
    begun = asyncio.ensure_future(pool.run(nap, [1.0], 5.0))
    await asyncio.sleep(0.3)
    channel = pool._pool._pool_manager.worker_manager.workers_channel
    assert channel is not None
    assert getattr(channel.mutex, lock).acquire(timeout=5)
    pool_children()[0].kill()
    async with asyncio.timeout(20):
        results = [*await begun, *await pool.run(work, ["next"], 5.0)]
    assert [result.product for result in results if isinstance(result, Success)] == [1.0, "next"]


async def test_work_goes_on_when_a_child_is_killed_time_and_again(
    pool: WorkPool, caplog: pytest.LogCaptureFixture
) -> None:
    """Each time another child is killed between two chunks, the next one is done as if nothing had been; one line a minute."""
    for turn in range(4):
        pool_children()[0].kill()
        results = await pool.run(work, [turn], 5.0)
        assert [result.product for result in results if isinstance(result, Success)] == [turn]
    assert caplog.text.count("a child process died") <= 1


async def test_children_that_cannot_start_are_an_error_and_no_dead_letters() -> None:
    """Where every child dies as it loads its models, no article is at fault: the error names likely causes."""
    pool = WorkPool(1, [hungry_load])
    try:
        with pytest.raises(PoolError, match=r"worker\.max_memory_mib"):
            await pool.run(work, [1], 5.0)
    finally:
        await pool.stop()


async def test_a_childs_own_loads_take_no_articles_time() -> None:
    """They are done before work is taken, and again by the child that replaces one that hung: no article pays for them."""
    pool = WorkPool(1, [], own_loads=[slow_load])
    try:
        results = await pool.run(work, [1, "hang", 2], 0.5)
    finally:
        await pool.stop()

    assert [isinstance(result, Success) for result in results] == [True, False, True], results


async def test_a_childs_own_load_that_fails_is_named() -> None:
    """The error says which function it was, whatever the settings gave it."""
    pool = WorkPool(1, [], own_loads=[partial(broken_load)])
    try:
        with pytest.raises(LoadError, match="broken_load: FileNotFoundError"):
            await pool.run(work, [1], 5.0)
    finally:
        await pool.stop()


async def test_a_model_that_cannot_be_read_is_named_once(capfd: pytest.CaptureFixture[str]) -> None:
    """A child that cannot load says why and where, to whoever asked, and prints nothing: not a traceback for each child."""
    pool = WorkPool(2, [broken_load])
    try:
        for _ in range(2):
            with pytest.raises(
                LoadError, match=r"broken_load: FileNotFoundError: weights\.npz \(.*test_pool\.py:\d+\)$"
            ):
                await pool.run(work, [1, 2], 5.0)
    finally:
        await pool.stop()

    assert "Traceback" not in capfd.readouterr().err


SLOW_MODULE = """
import pathlib, time
def load(): pass
folder = pathlib.Path(__file__).parent
(folder / "begun").touch()
end = time.monotonic() + 600
while not (folder / "go").exists() and time.monotonic() < end:
    time.sleep(0.05)
"""
SLOW_START = """
import asyncio, pathlib, sys
import slow_model
from streams.worker.pool import WorkPool

async def main():
    folder = pathlib.Path(slow_model.__file__).parent
    (folder / "begun").unlink()
    (folder / "go").unlink()
    pool = WorkPool(1, [slow_model.load])
    waiting = asyncio.ensure_future(pool.ready())
    while not (folder / "begun").exists():
        await asyncio.sleep(0.05)
    await pool.stop()
    print("stopped", (folder / "go").exists(), flush=True)
    (folder / "go").touch()
    await asyncio.gather(waiting, return_exceptions=True)

asyncio.run(main())
"""


def test_a_stop_does_not_wait_for_children_that_start(tmp_path: Path) -> None:
    """A pool that is stopped while the models' modules are still imported is left; its children end later."""
    (tmp_path / "slow_model.py").write_text(SLOW_MODULE, encoding="utf-8")
    (tmp_path / "go").touch()

    done = subprocess.run(
        [sys.executable, "-c", SLOW_START],
        capture_output=True, text=True, timeout=300, check=False, env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip

    assert (done.stdout.strip(), done.returncode) == ("stopped False", 0), done.stderr


def test_ctrl_c_reaches_no_child(tmp_path: Path) -> None:
    """SIGINT is blocked in the process that forks the children and in them, and not in the worker itself."""
    script = tmp_path / "masks.py"
    script.write_text(MASKS, encoding="utf-8")

    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=300, check=False)

    assert done.stdout.split() == ["parent", "False", "child", "True"], done.stderr


MASKS = """
import asyncio, signal
from streams.worker.pool import WorkPool

def blocked(_):
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])

async def main():
    pool = WorkPool(1, [])
    [result] = await pool.run(blocked, [None], 60.0)
    print("parent", blocked(None), "child", result.product)
    await pool.stop()

if __name__ == "__main__":
    asyncio.run(main())
"""


COUNTED_MODULE = """
import pathlib, resource

models = []

def load():
    if not models:
        models.append(bytearray(64 << 20))
        with (pathlib.Path(__file__).parent / "loads").open("a") as file:
            file.write("x")

def limit(_):
    return resource.getrlimit(resource.RLIMIT_AS)[0] >> 20
"""
COUNTED = """
import asyncio, psutil
from multiprocessing import forkserver
import counted_model
from streams.worker.pool import WorkPool

async def main():
    own, other = WorkPool(2, [counted_model.load], 1024), WorkPool(1, [], 512)
    await own.ready()
    server = psutil.Process(forkserver._forkserver._forkserver_pid)
    for process in (*server.children(), server):
        process.kill()
    await own.ready()
    for pool in (own, other):
        [result] = await pool.run(counted_model.limit, [None], 60.0)
        print(result.product)
        await pool.stop()

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("tempfile.gettempdir = lambda: '/nowhere'; util.get_temp_dir = tempfile.gettempdir", "named in TMPDIR"),
        ("spawn.set_executable('/nowhere/python')", "the child processes die, newly started ones too"),
    ],
)
def test_children_that_cannot_be_started_at_all_are_an_error_that_says_so(wrong: str, words: str) -> None:
    """A read-only file system without a folder of temporary files, or a Python that its user may not start."""
    done = subprocess.run([sys.executable, "-c", NONE_STARTS % wrong], capture_output=True, text=True, check=False)
    assert words in done.stdout


NONE_STARTS = """
import asyncio, tempfile
from multiprocessing import spawn, util
from streams.errors import PoolError
from streams.worker.pool import WorkPool

async def main():
    %s
    try:
        await WorkPool(1, []).ready()
    except PoolError as error:
        print(error)

asyncio.run(main())
"""


def test_children_may_hold_no_more_than_their_worker() -> None:
    """Whoever starts a worker under `ulimit -v` allows less than the setting: a child that asked for more would end at once."""
    code = "from streams.worker.pool import allowed_memory; print(allowed_memory(1 << 30), allowed_memory(1 << 40))"
    limited = f"ulimit -v {4 << 20}; exec \"$0\" -c '{code}'"
    done = subprocess.run(["sh", "-c", limited, sys.executable], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(1 << 30), str(4 << 30)]


def test_a_system_that_caps_no_memory_has_children_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """On macOS each process has more address space from the start; a child that died of it would be started again and again."""

    def refuse(limit: int, values: tuple[int, int]) -> None:
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr("resource.setrlimit", refuse)
    cap_memory(1 << 30)


def test_children_are_forked_with_their_models(tmp_path: Path) -> None:
    """Models are loaded once for all children, and once more after all were killed.

    One that has no use for them may hold as much beside them as it is given.
    """
    (tmp_path / "counted_model.py").write_text(COUNTED_MODULE, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-c", COUNTED],
        capture_output=True, text=True, timeout=300, check=False, env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip

    own, other = map(int, done.stdout.split())
    assert (tmp_path / "loads").read_text(encoding="utf-8") == "xx"
    assert own == 1024
    assert 512 + 64 <= other < 512 + 2 * 64
