"""Work of the fetch step beside its messages: polls and pages, topics of others, outcomes of cleaning."""

import asyncio

from agents.fetch.asking.poller import Poller
from agents.fetch.foreign.outcomes import CleanOutcomes
from agents.fetch.foreign.topics import ForeignTopics


class FetchCompanion:
    """Runs all three; only the polls go by this worker's partitions."""

    def __init__(self, poller: Poller, topics: ForeignTopics, outcomes: CleanOutcomes) -> None:
        self.poller = poller
        self._topics = topics
        self._outcomes = outcomes

    async def run(self) -> None:
        """Poll and read until cancelled; where one fails, all end."""
        tasks = [asyncio.ensure_future(work) for work in (self.poller.run(), self._topics.run(), self._outcomes.run())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                await task
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def resume(self, partition: int) -> None:
        """Begin with a partition."""
        self.poller.resume(partition)

    async def pause(self) -> None:
        """End begun work, soon."""
        await self.poller.pause()

    async def close(self) -> None:
        """End everything."""
        await self.poller.close()
