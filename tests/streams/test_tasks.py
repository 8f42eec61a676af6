"""Pieces of work that go on together."""

import asyncio

import pytest

from streams.system.tasks import run_together, wait_for_ever


async def test_the_first_error_ends_all() -> None:
    """The error of one piece of work is raised once the others have ended."""
    ended: list[str] = []

    async def lasting() -> None:
        try:
            await wait_for_ever()
        finally:
            await asyncio.sleep(0)
            ended.append("lasting")

    async def failing() -> None:
        await asyncio.sleep(0)
        raise ValueError("fault")

    with pytest.raises(ValueError, match="fault"):
        await run_together((lasting(), failing()))
    assert ended == ["lasting"]


async def test_cancelling_ends_all() -> None:
    """Who is cancelled while pieces of work go on leaves none of them behind."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def lasting() -> None:
        begun.set()
        try:
            await wait_for_ever()
        finally:
            ended.set()

    running = asyncio.ensure_future(run_together((lasting(),)))
    await begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert ended.is_set()
