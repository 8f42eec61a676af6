"""CPU work in child processes, never on the event loop: a time limit for each article, a memory cap for each child.

A chunk of articles is one task. A chunk that is too slow or whose process dies is taken apart and each of its articles
is tried once more, alone; what fails alone is `Failed` with reason timeout, crashed or out_of_memory. pebble keeps the
processes: it ends one that is over its time and starts another.
"""

import asyncio
import contextlib
import fcntl
import gc
import logging
import os
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from types import SimpleNamespace
from typing import Any

from pebble import CONSTS, ProcessExpired, ProcessPool
from pebble.pool import process as pebble_process

from streams.errors import LoadError, PoolError
from streams.settings import Settings
from streams.step import AnyStep
from streams.system.log_filters import OncePerMinute
from streams.system.memory import named_memory
from streams.system.processors import processors
from streams.system.threads import Threads
from streams.work import Failure, Product, Success, Task, Work, WorkAll, run_chunk
from streams.worker import preload
from streams.worker.children import ChildrenManager
from streams.worker.room import fitting_children

#: pebble's own threads end when a child is killed while it waits for work (5.2.3), as an out-of-memory killer does: the pool
#: takes no more tasks then and may forget those that it has. So many pools are tried for one chunk.
MOST_BREAKS = 3
#: How often the child that works on one article alone may be killed: the system kills for want of memory whatever a child does.
MOST_KILLED = 3
#: How often a pool is asked whether it still lives while a chunk is worked on.
LOOK_SECONDS = 0.5
#: How long a stop waits for the children's ends.
STOP_SECONDS = 3.0
#: A worker that is killed, or ends by force, leaves semaphores: the tracker takes them away, and would call that a leak.
QUIET = "ignore:resource_tracker"
#: How often pebble's own threads look for dead children and tasks over their time; .1 is its own figure.
CONSTS.sleep_unit = 0.3
#: pebble (5.2.3) goes by the clock of the day: set back by an hour, it would let a page hang for as long; set forward, it would
#: end all that are in work.
vars(pebble_process)["time"] = SimpleNamespace(time=time.monotonic, sleep=time.sleep)
#: New objects after which a child looks for garbage (Python's own figure is 700): a page makes some thousand.
GARBAGE = 20_000
#: What a pipe to or from the children holds: as much as Linux gives any user. The usual 64 KiB fill many times for one chunk
#: of pages, and each time the thread that writes waits for the event loop, and the child for the thread.
PIPE_BYTES = 2**20

#: Held while the variable of a forkserver's loads is set: pebble starts children in threads.
forkserver_starts = threading.Lock()

logger = logging.getLogger("wirewatch.pool")
logger.addFilter(OncePerMinute())  # on a machine without memory a child may die each second

#: In a child: why its models could not be loaded.
load_failure: str | None = None


def start_child(
    loads: Sequence[Callable[[], None]], own_loads: Sequence[Callable[[], object]], max_memory_mib: int
) -> None:
    """Prepare a child process: cap its memory, let it end with its parent, load the models that it was not forked with."""
    cap_memory(max_memory_mib * 1024 * 1024 + preload.foreign_bytes(loads))
    os.nice(1)  # the event loop comes first: it answers the broker's heartbeats
    load_models([*loads, *own_loads])
    # The models are never garbage, and an article leaves next to none: look rarely, and not at the models.
    gc.freeze()
    gc.set_threshold(GARBAGE)


def cap_memory(wanted: int) -> None:
    """Cap the address space of this process; where the system refuses to, it goes on without a cap."""
    cap = allowed_memory(wanted)
    with contextlib.suppress(OSError, ValueError, OverflowError):  # macOS takes none below what each process has there
        resource.setrlimit(resource.RLIMIT_AS, (cap, cap))


def allowed_memory(wanted: int) -> int:
    """Return the address space in bytes that a process may hold: as much as is wanted, and no more than it is allowed."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    return wanted if most == resource.RLIM_INFINITY else min(wanted, most)


def load_models(loads: Sequence[Callable[[], object]]) -> None:
    """Load the models, and note why one cannot be: a child that died of it would be started again and again."""
    global load_failure  # noqa: PLW0603 - pebble gives a child's first function no other way to speak to those behind it
    for load in loads:
        try:
            load()
        except MemoryError:
            raise  # another child may find more room
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent says it, once
            last = traceback.extract_tb(error.__traceback__)[-1]
            load_failure = f"{preload.name_of(load)}: {type(error).__name__}: {error} ({last.filename}:{last.lineno})"
            return


def work_loaded(
    work: Work[Task, Product], tasks: Sequence[Task], work_all: WorkAll[Task, Product] | None
) -> list[Success[Product] | Failure]:
    """Work on a chunk in a child; raise `LoadError` where its models could not be loaded."""
    if load_failure is not None:
        raise LoadError(f"the child processes cannot load what they need: {load_failure}")
    return run_chunk(work, tasks, work_all)


def start_forkserver(loads: Sequence[Callable[[], None]]) -> None:
    """Start the process that loads the models and forks the children, if none runs, with SIGINT blocked for all.

    Ctrl-C goes to the whole terminal, and the parent ends its children: they ignore it from their first moment.
    """
    if QUIET not in sys.warnoptions:  # those of the tracker, too
        sys.warnoptions.append(QUIET)
    resource_tracker.ensure_running()  # it would unblock the signal in between
    with forkserver_starts:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        forkserver.set_forkserver_preload(sorted({__name__, preload.__name__}))
        try:
            with preload.announced(loads):
                forkserver.ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def children_of(loads: Sequence[Callable[[], None]]) -> int:
    """Return how many child processes this machine takes: one for each processor, and no more than its memory has room for."""
    wanted = processors()
    fitting = fitting_children(wanted, models=bool(loads))
    if fitting < wanted:
        logger.warning("%d of %d child processes are started: %s has no room for more", fitting, wanted, named_memory())
    return fitting


class RoomyContext(ForkServerContext):
    """Starts children by the forkserver, with pipes that hold a chunk of pages."""

    def __init__(self, loads: Sequence[Callable[[], None]] = ()) -> None:
        super().__init__()
        self._loads = loads

    def Process(self, *arguments: Any, **options: Any) -> ForkServerProcess:  # type: ignore[override]  # noqa: N802
        """Return a child to be started; a forkserver that was killed is started anew before, with its models.

        The system kills the largest process where memory is short. Without its models each child would load them for itself.
        """
        start_forkserver(self._loads)
        return ForkServerProcess(*arguments, **options)

    def Pipe(self, duplex: bool = True) -> tuple[Connection, Connection]:  # noqa: N802, FBT - the library's own name
        """Return the ends of a pipe for reading and writing, which holds `PIPE_BYTES` where the system allows it."""
        reader, writer = super().Pipe(duplex)
        if not duplex and hasattr(fcntl, "F_SETPIPE_SZ"):  # Linux
            with contextlib.suppress(OSError):  # a user who has too many pipes of that size: it stays as it is
                fcntl.fcntl(writer.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        return reader, writer


class WorkPool:
    """Child processes shared by the steps of a worker.

    `loads`: what the process that forks them loads once for all; `own_loads`: what each child loads for itself before it takes
    work, so that no article's time is spent on it.
    """

    def __init__(
        self,
        processes: int,
        loads: Sequence[Callable[[], None]],
        max_memory_mib: int = 2048,
        own_loads: Sequence[Callable[[], object]] = (),
    ) -> None:
        self.processes = processes or children_of(loads)
        for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
            # There is a child for each core: more threads only get in each other's way.
            os.environ.setdefault(threads, "1")
        self._context = RoomyContext(tuple(loads))
        self._initargs = (tuple(loads), tuple(own_loads), max_memory_mib)
        self._stopped = False
        self._starting = Threads("pool-start", 1)
        try:
            start_forkserver(loads)
            self._pool = self._made()
        except OSError as error:
            raise PoolError(
                f"no child process can be started ({error}): they need a Python that this user may start ({sys.executable}), and "
                "a folder of temporary files that can be written, at /tmp or named in TMPDIR"
            ) from error
        #: the pool whose children have been forked
        self._started: ProcessPool | None = None

    @classmethod
    def of(cls, steps: Sequence[AnyStep], settings: Settings) -> "WorkPool":
        """Return the child processes of some steps, as the settings want them. Raises `PoolError`."""
        worker = settings.worker
        loads = [step.load for step in steps if step.load]
        own_loads = [load for step in steps if (load := step.own_load(settings))]
        return cls(worker.processes, loads, worker.max_memory_mib, own_loads)

    def _made(self) -> ProcessPool:
        pool = ProcessPool(
            max_workers=self.processes, initializer=start_child, initargs=self._initargs, context=self._context
        )
        pool._pool_manager = ChildrenManager(pool._context, self._context)  # noqa: SLF001 - there is no other way to give one
        return pool

    async def _start(self, pool: ProcessPool) -> None:
        """Start a pool's children; outside the event loop, since it waits for the imports of the process that forks them."""
        if self._started is not pool:
            await self._starting.run(lambda: pool.active)  # pebble starts them when it is asked
            self._started = pool

    async def run(
        self,
        work: Work[Task, Product],
        tasks: Sequence[Task],
        timeout_seconds: float,
        retried: Callable[[], None] = lambda: None,
        *,
        work_all: WorkAll[Task, Product] | None = None,
    ) -> list[Success[Product] | Failure]:
        """Return a result for each task, in order; `retried` is called for each article that is tried again."""
        try:
            return await self._submit(work, tasks, timeout_seconds, work_all)
        except LoadError:  # no article's fault
            raise
        except (FutureTimeoutError, ProcessExpired, PoolError):
            results: list[Success[Product] | Failure] = []
            for task in tasks:
                retried()
                results.append(await self._alone(work, task, timeout_seconds))
            return results

    async def _alone(self, work: Work[Task, Product], task: Task, timeout_seconds: float) -> Success[Product] | Failure:
        killed = 0
        while True:
            try:
                return (await self._submit(work, [task], timeout_seconds))[0]
            except FutureTimeoutError:
                return Failure("timeout", f"took longer than {timeout_seconds:g} s, twice")
            except ProcessExpired as expired:
                killed += expired.exitcode == -signal.SIGKILL
                if not 0 < killed < MOST_KILLED:
                    died = f"died, {max(killed, 1) + 1} times (exit code {expired.exitcode})"
                    return Failure("crashed", f"the process that worked on it {died}")
            except PoolError:
                await self._submit(_nothing, [None], timeout_seconds)  # raises where it is no article's fault
                return Failure("crashed", "the child processes broke down each time that it was worked on")

    async def _submit(
        self,
        work: Work[Task, Product],
        tasks: Sequence[Task],
        timeout_seconds: float,
        work_all: WorkAll[Task, Product] | None = None,
    ) -> list[Success[Product] | Failure]:
        """Return the results of one chunk; where the pool breaks under it, start another and give the chunk to that."""
        for _ in range(MOST_BREAKS):
            pool = self._pool
            try:
                return await self._submit_to(pool, work, tasks, timeout_seconds, work_all)
            except LoadError:  # what is asked next finds new children, which read the files again
                self._replace(pool, "child processes that lack their models are replaced")
                raise
            except PoolError:
                self._replace(
                    pool, "a child process died, by a page or for want of memory; others are started for what it had"
                )
        raise PoolError(
            "the child processes die, newly started ones too; what they say stands above. A setting worker.max_memory_mib "
            f"that is too small for the models, or {named_memory()} where it is too small, does this."
        )

    async def _submit_to(
        self,
        pool: ProcessPool,
        work: Work[Task, Product],
        tasks: Sequence[Task],
        timeout_seconds: float,
        work_all: WorkAll[Task, Product] | None,
    ) -> list[Success[Product] | Failure]:
        try:
            await self._start(pool)
        except (BrokenProcessPool, OSError) as error:
            raise PoolError from error
        if not pool.active and not self._stopped:
            raise PoolError
        try:
            future = pool.schedule(work_loaded, args=(work, tasks, work_all), timeout=timeout_seconds)
        except RuntimeError as error:  # it was stopped, or broke just now
            raise asyncio.CancelledError if self._stopped else PoolError from error
        wrapped: asyncio.Future[list[Success[Product] | Failure]] = asyncio.wrap_future(future)
        try:
            while not wrapped.done():
                await asyncio.wait([wrapped], timeout=LOOK_SECONDS)
                if not wrapped.done() and not pool.active:
                    raise asyncio.CancelledError if self._stopped else PoolError
            return wrapped.result()
        except CancelledError as error:  # the pool was stopped under the task
            raise asyncio.CancelledError from error
        except BrokenProcessPool as error:
            raise PoolError from error
        finally:
            wrapped.cancel()

    def _replace(self, broken: ProcessPool, why: str) -> None:
        """Start another pool in place of a broken one, once for all that wait for it; the broken one's children end."""
        if self._pool is broken and not self._stopped:
            logger.warning(why)
            self._pool = self._made()
            threading.Thread(target=_end, args=(broken,), name="broken-pool", daemon=True).start()

    async def ready(self, timeout_seconds: float = 60.0) -> None:
        """Wait until a child has loaded its models, so that the first article does not pay for them."""
        await asyncio.gather(*(self._submit(_nothing, [None], timeout_seconds) for _ in range(self.processes)))

    async def stop(self) -> None:
        """End the children; their messages are delivered again later.

        While they are being started that waits for the imports of the process that forks them: after `STOP_SECONDS` it is
        left to a thread, and ends with this process at the latest.
        """
        self._stopped = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(Threads("pool-stop", 1).run(partial(_end, self._pool)), STOP_SECONDS)


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _nothing(task: None) -> None:
    return task
