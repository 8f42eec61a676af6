"""The workplace of a poller: all of its parts share it, and each is given besides only its own means."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiokafka.errors import KafkaError

from agents.fetch.asking.clock import Clock
from agents.fetch.metrics import FetchMetrics
from agents.fetch.polling.partitions import Partitions
from agents.fetch.polling.store import Store
from streams.errors import BrokerError
from streams.message import Change, Message, Output
from streams.worker.intake import wait_for_session

Publish = Callable[[Sequence[Change], Sequence[tuple[Output, Message | None]]], Awaitable[None]]
#: Raised where Kafka does not take what is written: it is tried again later.
NOT_TAKEN = (BrokerError, KafkaError, OSError)


@dataclass(frozen=True, slots=True)
class Workplace:
    """The sources and their states, the partitions that are this worker's, the way to Kafka, and the time.

    `in_session`: whether the group surely counts this worker as a member.
    """

    store: Store
    partitions: Partitions
    publish: Publish
    metrics: FetchMetrics
    clock: Clock
    in_session: Callable[[], bool] = lambda: True

    async def write(self, changes: Sequence[Change], outputs: Sequence[tuple[Output, Message | None]]) -> None:
        """Publish a job's results, once the group surely counts this worker as a member.

        A worker that thaws in the middle of a job has to wait: its partitions may be another's, and the job is ended then.
        """
        await wait_for_session(self.in_session, lambda: True, self.clock.sleep)
        await self.publish(changes, outputs)
