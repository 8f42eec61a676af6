"""Jobs that are underway: counted, ended together, and each told of as it ends."""

import asyncio
from contextlib import suppress

from agents.fetch.polling.underway import Underway


async def test_a_job_is_underway_until_it_ends() -> None:
    """Its end is told once, whether it succeeds or fails."""
    ended: list[int] = []
    go = asyncio.Event()
    jobs = Underway(lambda: ended.append(len(jobs)))

    async def fail() -> None:
        await go.wait()
        raise RuntimeError

    jobs.begin(("poll", "a"), wait_for(go))
    jobs.begin(("page", "a"), fail())
    assert len(jobs) == 2
    assert ("poll", "a") in jobs
    assert ("poll", "b") not in jobs
    go.set()
    await jobs.end(5.0)
    await asyncio.sleep(0)
    assert len(jobs) == 0
    assert sorted(ended) == [0, 1]


async def test_jobs_that_take_too_long_are_cancelled() -> None:
    """A job may come to its end, and one that waits for ever is cancelled."""
    over: list[str] = []

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            over.append("cancelled")

    jobs = Underway(lambda: None)
    jobs.begin(("poll", "a"), endless())
    jobs.begin(("poll", "b"), asyncio.sleep(0))
    with suppress(asyncio.CancelledError):
        await jobs.end(0.05)
    assert over == ["cancelled"]


async def wait_for(event: asyncio.Event) -> None:
    """Return when an event is set."""
    await event.wait()
