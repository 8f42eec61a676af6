"""Work on articles, one after another in one process: a product for each, or why there is none."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from streams.errors import DeadReason, Refused

Task = TypeVar("Task")
Product = TypeVar("Product")
Value = TypeVar("Value")

#: The work on each article: `(task) -> product`, a module-level function, which raises `Refused` where there is none.
Work = Callable[[Task], Product]
#: The same for all articles of a chunk at once: a product for each, or why it is refused.
WorkAll = Callable[[Sequence[Task]], Sequence[Product | Refused]]


@dataclass(frozen=True)
class Success(Generic[Product]):
    """A product and the CPU seconds that it took, of the thread that worked on it."""

    product: Product
    cpu_seconds: float


@dataclass(frozen=True)
class Failure:
    """Why there is no product."""

    reason: DeadReason
    error: str


def failure_of(error: BaseException) -> Failure:
    """Return the failure that an error of a step's code stands for."""
    if isinstance(error, Refused):
        return Failure(error.reason, error.error)
    if isinstance(error, MemoryError):
        return Failure("out_of_memory", "the article needs more memory than a child process may hold")
    if isinstance(error, RecursionError):
        return Failure("too_deep", "nested too deeply")
    return Failure("error", f"{type(error).__name__}: {error}"[:500])


def run_chunk(
    work: Work[Task, Product], tasks: Sequence[Task], work_all: WorkAll[Task, Product] | None = None
) -> list[Success[Product] | Failure]:
    """Work on a chunk; an error on one article never reaches its neighbours."""
    if work_all is not None:
        start = time.thread_time()
        with suppress(Exception):  # each is then worked on alone, which shows whose fault it was
            products = work_all(tasks)
            seconds = (time.thread_time() - start) / len(tasks)
            return [
                failure_of(product) if isinstance(product, Refused) else Success(product, seconds)
                for product in products
            ]
    out: list[Success[Product] | Failure] = []
    for task in tasks:
        start = time.thread_time()
        try:
            out.append(Success(work(task), time.thread_time() - start))
        except Exception as error:  # noqa: BLE001 - the step contract: a bad message never stops a partition
            out.append(failure_of(error))
    return out


def read_and_work(
    read: Callable[[Task], Value],
    work: Callable[[Sequence[Value]], Sequence[Product | Refused]],
    tasks: Sequence[Task],
) -> list[Product | Refused]:
    """Read tasks one by one, and work on all of them at once; one that cannot be read is refused, and the others go on."""
    values: list[Value] = []
    refused: dict[int, Refused] = {}
    for number, task in enumerate(tasks):
        try:
            values.append(read(task))
        except Refused as error:
            refused[number] = error
    products = iter(work(values))
    return [refused[number] if number in refused else next(products) for number in range(len(tasks))]
