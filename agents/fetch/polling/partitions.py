"""Partitions of the requests: where each domain and source lies, and which of them are this worker's."""

from collections.abc import Awaitable, Callable

from agents.fetch.asking.domains import domain_of, partition_of
from agents.fetch.polling.store import Store


class Partitions:
    """The partitions of `wirewatch.fetches`. `number` is 0 until Kafka has said how many there are.

    `count` asks Kafka, `holds` tells whether a partition is this worker's at this moment. `alone_since`: since when no other
    worker can have asked anybody, in epoch seconds; None where there may be one.
    """

    def __init__(
        self,
        store: Store,
        count: Callable[[], Awaitable[int]],
        holds: Callable[[int], bool] = lambda partition: True,
        alone_since: float | None = None,
    ) -> None:
        self._store = store
        self._count = count
        self.holds = holds
        self._alone_since = alone_since
        self.number = 0
        self._begun: dict[int, float] = {}

    async def learn(self) -> bool:
        """Learn how many partitions there are; return whether that is known."""
        self.number = self.number or await self._count()
        return bool(self.number)

    def begin(self, partition: int, now: float, delay_seconds: float) -> None:
        """Take a partition; nothing is asked there for a delay, for another owner may have asked just now."""
        since = now if self._alone_since is None else self._alone_since
        self._begun[partition] = since + delay_seconds

    def clear(self) -> None:
        """Give all partitions away."""
        self._begun.clear()

    def of(self, domain: str) -> int:
        """Return a domain's partition."""
        return partition_of(domain, self.number or 1)

    def of_source(self, name: str) -> int:
        """Return the partition of a source's own domain; -1 for a source that is not in force."""
        source = self._store.sources.get(name)
        return -1 if source is None else self.of(domain_of(source.url))

    def own(self, domain: str) -> bool:
        """Return whether a domain is this worker's."""
        return self.of(domain) in self._begun

    def own_source(self, name: str) -> bool:
        """Return whether a source is this worker's."""
        return bool(self.number) and self.of_source(name) in self._begun

    def not_before(self, domain: str) -> float:
        """Return from when on a domain may be asked after its partition was taken, in epoch seconds."""
        return self._begun.get(self.of(domain), 0.0)

    def address(self) -> str:
        """Return a key that lies in a partition of this worker's, for answers to it; empty where it has none."""
        keys = (f"turns-{number}" for number in range(50 * max(self.number, 1)))
        return next((key for key in keys if self.own(key)), "")
