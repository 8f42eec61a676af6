"""Pages that the cores of this machine clean in a bare process pool, without Kafka."""

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from agents.clean import step as clean_step
from agents.clean.article import CleanProduct, clean_all
from agents.clean.article import load as load_clean
from agents.dedup import step as dedup_step
from agents.dedup.sketch import make_sketch
from agents.stories import step as stories_step
from agents.tag import step as tag_step
from agents.tag.step import load as load_tag
from agents.tag.step import tag
from bench.idle import processor_seconds
from streams.errors import Refused
from streams.records import Clean, Raw, decode, encode
from streams.work import Failure, Success
from streams.worker.pool import WorkPool


class Spent(NamedTuple):
    """Seconds that some pages took, and processor seconds of this process and its children."""

    seconds: float
    processor: float


def steps_to_tags(values: Sequence[bytes]) -> list[int]:
    """Clean, sketch, tag and encode some pages as the steps do, without Kafka; return the bytes of each."""
    sizes: list[int] = []
    for product in clean_all([(decode(value, Raw), ()) for value in values]):
        clean = cleaned(product)
        make_sketch(clean)
        sizes.append(len(encode(tag(clean))))
    return sizes


def all_steps(values: Sequence[bytes]) -> list[int]:
    """Do for some pages all that the worker's children do, with the records between the steps, without Kafka."""
    products = clean_step.work_all([clean_step.CleanTask(value, ()) for value in values])
    cleans = [encode(cleaned(product)) for product in products]
    dedup_step.work_all(cleans)
    tagged = [encode(tag_step.work(tag_step.TagTask(clean, None))) for clean in cleans]
    return [len(stories_step.work(each).value) for each in tagged]


def cleaned(product: CleanProduct | Refused) -> Clean:
    """Return the article of a page; raise `Refused` where it has none, which no page of the bench should."""
    if isinstance(product, Refused):
        raise product
    return product.clean


def alone(value: bytes) -> int:
    """Refuse to work on a page by itself: the pool asks for that where work on its chunk failed."""
    raise RuntimeError(f"work on a chunk failed; one of its pages has {len(value)} bytes")


def check(results: Sequence[Success[int] | Failure]) -> None:
    """Raise `RuntimeError` where work on a page failed: its speed would be that of less work."""
    if failures := [result.error for result in results if isinstance(result, Failure)]:
        raise RuntimeError(failures[0])


async def spent_on(values: list[bytes], work: Callable[[Sequence[bytes]], list[int]]) -> Spent:
    """Return the time that a bare process pool takes for some work on these pages, by as many at once as a worker gives."""
    pool = WorkPool(0, [load_clean, load_tag])
    await pool.ready()
    before, start = sum(processor_seconds(os.getpid())), time.perf_counter()
    waiting: set[asyncio.Task[list[Success[int] | Failure]]] = set()
    at_once = clean_step.CLEAN_STEP.chunk_articles
    for at in range(0, len(values), at_once):
        if len(waiting) >= 2 * pool.processes:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for chunk in done:
                check(chunk.result())
        waiting.add(asyncio.ensure_future(pool.run(alone, values[at : at + at_once], 60.0, work_all=work)))
    for chunk_results in await asyncio.gather(*waiting):
        check(chunk_results)
    spent = Spent(time.perf_counter() - start, sum(processor_seconds(os.getpid())) - before)
    await pool.stop()
    return spent


async def bare_pools(values: list[bytes]) -> list[Spent]:
    """Return the time that a bare process pool takes: for the steps to the tags, and for all work of the children."""
    return [await spent_on(values, work) for work in (steps_to_tags, all_steps)]
