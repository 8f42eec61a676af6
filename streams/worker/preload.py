"""Models loaded once for all children of a worker: by the process that forks them, which then share its memory.

multiprocessing's fork server imports this module before it forks a child, and finds the loads in its environment. One that
fails here is left to the children, whose error names it.
"""

import contextlib
import gc
import importlib
import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

#: The loads for the fork server, as `module:function`, separated by commas.
VARIABLE = "WIREWATCH_POOL_LOADS"

Load = Callable[[], None]

#: The address space in bytes that each load took in the fork server, by its name; empty in any other process.
loaded: dict[str, int] = {}


def name_of(load: Callable[[], object]) -> str:
    """Return the name of a module-level function, or of a `partial` of one, as `module:function`."""
    if isinstance(load, partial):
        load = load.func
    return f"{load.__module__}:{load.__qualname__}"


@contextlib.contextmanager
def announced(loads: Sequence[Load]) -> Iterator[None]:
    """Give the loads to a fork server that is started meanwhile."""
    os.environ[VARIABLE] = ",".join(map(name_of, loads))
    try:
        yield
    finally:
        os.environ.pop(VARIABLE, None)


def foreign_bytes(loads: Sequence[Load]) -> int:
    """Return the address space in bytes that a child has from the fork server for the loads of others."""
    own = set(map(name_of, loads))
    return sum(size for name, size in loaded.items() if name not in own)


def address_space() -> int:
    """Return the address space of this process in bytes; 0 where the system has no /proc."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def load_all(names: str) -> None:
    """Load modules by name and note the address space that each took."""
    gc.disable()  # models are never garbage: to look for it took an eighth of their loading
    for name in filter(None, names.split(",")):
        before = address_space()
        module, _, function = name.partition(":")
        with contextlib.suppress(Exception):  # the children load it again, and what they say reaches the log
            getattr(importlib.import_module(module), function)()
            loaded[name] = max(0, address_space() - before)
    gc.freeze()  # a child that looks for garbage would copy each page that it touches
    gc.enable()


load_all(os.environ.pop(VARIABLE, ""))
