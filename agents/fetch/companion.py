"""Work of the fetch step beside its messages: polls and pages, topics of others, outcomes of cleaning."""

from agents.fetch.foreign.outcomes import CleanOutcomes
from agents.fetch.foreign.topics import ForeignTopics
from agents.fetch.polling.poller import Poller
from streams.system.tasks import run_together


class FetchCompanion:
    """Runs all three; only the polls go by this worker's partitions."""

    def __init__(self, poller: Poller, topics: ForeignTopics, outcomes: CleanOutcomes) -> None:
        self.poller = poller
        self._topics = topics
        self._outcomes = outcomes

    async def run(self) -> None:
        """Poll and read until cancelled; where one fails, all end."""
        await run_together((self.poller.run(), self._topics.run(), self._outcomes.run()))

    def resume(self, partition: int) -> None:
        """Begin with a partition."""
        self.poller.resume(partition)

    async def pause(self) -> None:
        """End begun work, soon."""
        await self.poller.pause()

    async def close(self) -> None:
        """End everything."""
        await self.poller.close()
