"""Work of the fetch step beside its messages: polls and pages, and the topics of others."""

import asyncio

from agents.fetch.asking.poller import Poller
from agents.fetch.foreign.topics import ForeignTopics


class FetchCompanion:
    """Runs both; only the polls go by this worker's partitions."""

    def __init__(self, poller: Poller, topics: ForeignTopics) -> None:
        self.poller = poller
        self._topics = topics

    async def run(self) -> None:
        """Poll and read until cancelled; where one fails, both end."""
        both = [asyncio.ensure_future(work) for work in (self.poller.run(), self._topics.run())]
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                await task
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    def resume(self, partition: int) -> None:
        """Begin with a partition."""
        self.poller.resume(partition)

    async def pause(self) -> None:
        """End begun work, soon."""
        await self.poller.pause()

    async def close(self) -> None:
        """End everything."""
        await self.poller.close()
