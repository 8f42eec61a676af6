"""A publisher and a poller for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.support.newsstand import Bench, MovedClock, Newsstand


@pytest.fixture
async def stand() -> AsyncIterator[Newsstand]:
    """Give a server whose log is by the test's clock."""
    async with Newsstand(MovedClock()) as server:
        yield server


@pytest.fixture
async def bench(stand: Newsstand) -> AsyncIterator[Bench]:
    """Give a poller that has all partitions."""
    made = await Bench(stand).start()
    yield made
    await made.close()
