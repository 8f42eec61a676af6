"""Pieces of work that go on together until they are cancelled."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any


async def run_together(works: Iterable[Coroutine[Any, Any, object]]) -> None:
    """Run pieces of work until the first ends; raise its error. The others are cancelled, and awaited."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def wait_for_ever() -> None:
    """Wait until cancelled."""
    await asyncio.get_running_loop().create_future()
