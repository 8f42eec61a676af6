"""Recovery of a step's state: a partition that becomes this worker's is read back before its first message is taken."""

import asyncio
import logging
from collections.abc import Iterable, Sequence

from aiokafka.errors import KafkaError

from streams.errors import BrokerAway
from streams.metrics import Metrics
from streams.settings import Settings
from streams.topics import KafkaTopic
from streams.waits import Waits
from streams.worker.intake import Intake
from streams.worker.state import Restore, StateLog

logger = logging.getLogger("wirewatch.worker")

#: The pause before Kafka is asked again where it did not answer.
AWAY_SECONDS = 1.0
#: Errors of readers that only mean that Kafka does not answer now.
AWAY = (KafkaError, BrokerAway, OSError)


def state_logs(
    step: str, settings: Settings, metrics: Metrics, topics: Iterable[KafkaTopic], restore: Restore
) -> list[StateLog]:
    """Return the readers of a step's topics of states; `restore` takes each record."""
    wait = settings.worker.fetch_wait_seconds * 4  # less often than messages: states change seldom
    return [
        StateLog(settings.kafka, topic, restore, metrics.state_refused.labels(step, topic.name).inc, wait)
        for topic in topics
    ]


class Recovery:
    """Reads one step's states, and marks their partitions as this worker's in its intake."""

    def __init__(self, step: str, states: Sequence[StateLog], metrics: Metrics, intake: Intake, waits: Waits) -> None:
        self._step = step
        self._states = states
        self._metrics = metrics
        self._intake = intake
        self._waits = waits
        self._recovering = asyncio.Lock()

    async def recover(self, partition: int) -> bool:
        """Read the state of a partition that has become this worker's; waits while Kafka is away.

        Return False where it was recovered already, went to another worker meanwhile, or the step stops.
        """
        if self._intake.closed:
            return False
        epoch = self._intake.epoch
        async with self._recovering:
            while partition not in self._intake.partitions and epoch == self._intake.epoch:
                try:
                    await self._catch_up(partition)
                except AWAY as error:
                    self._waits.failed("its state", error)
                    logger.debug("%s: the state is waited for: %s", self._step, error)
                    await asyncio.sleep(AWAY_SECONDS)
                    continue
                if epoch == self._intake.epoch:
                    self._intake.partitions.add(partition)
                    return True
        return False

    async def _catch_up(self, partition: int) -> None:
        for log in self._states:
            labels = (self._step, log.topic.name)
            wanted = None if log.topic.partitions == 1 else {partition}
            seconds = await log.catch_up(wanted, self._metrics.recovery_progress.labels(*labels).set)
            self._metrics.recovery_seconds.labels(*labels).set(seconds)
