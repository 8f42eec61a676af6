"""What the cores of this machine do with pages in a bare process pool, without Kafka."""

import asyncio
import time
from collections.abc import Callable

from agents.clean import step as clean_step
from agents.clean.article import clean_raw
from agents.clean.article import load as load_clean
from agents.dedup import step as dedup_step
from agents.dedup.sketch import make_sketch
from agents.stories import step as stories_step
from agents.tag import step as tag_step
from agents.tag.step import load as load_tag
from agents.tag.step import tag
from streams.records import Raw, decode, encode
from streams.worker.pool import WorkPool


def steps_to_tags(value: bytes) -> int:
    """Clean, sketch, tag and encode one page as the steps do, without Kafka."""
    clean = clean_raw(decode(value, Raw)).clean
    make_sketch(clean)
    return len(encode(tag(clean)))


def all_steps(value: bytes) -> int:
    """Do for one page all that the worker's children do, with the records between the steps, without Kafka."""
    clean = encode(clean_step.work(clean_step.CleanTask(value, ())).clean)
    dedup_step.work_all([clean])
    tagged = encode(tag_step.work(tag_step.TagTask(clean, None)))
    return len(stories_step.work(tagged).value)


async def seconds_of(values: list[bytes], work: Callable[[bytes], int]) -> float:
    """Return the seconds that a bare process pool takes for some work on each of these pages."""
    pool = WorkPool(0, [load_clean, load_tag])
    await pool.ready()
    start = time.perf_counter()
    waiting: set[asyncio.Task[object]] = set()
    for at in range(0, len(values), 8):
        if len(waiting) >= 2 * pool.processes:
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        waiting.add(asyncio.ensure_future(pool.run(work, values[at : at + 8], 30.0)))
    await asyncio.wait(waiting)
    seconds = time.perf_counter() - start
    await pool.stop()
    return seconds


async def bare_pools(values: list[bytes]) -> list[float]:
    """Return the seconds that a bare process pool takes: for the steps to the tags, and for all work of the children."""
    return [await seconds_of(values, work) for work in (steps_to_tags, all_steps)]
