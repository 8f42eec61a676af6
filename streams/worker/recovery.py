"""Recovery of a step's state: partitions that become this worker's are read back before their first message is taken.

Those that come together are read together: each reader has connections to make and ends to ask for, which took longer, for
one partition after another, than most states do.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from streams.errors import BrokerAway
from streams.message import Change
from streams.metrics import Metrics
from streams.settings import Settings
from streams.topics import KafkaTopic
from streams.waits import Waits
from streams.worker.fence import Claims, Owner
from streams.worker.intake import Intake, wait_for_session
from streams.worker.state import Restore, StateLog

logger = logging.getLogger("wirewatch.worker")

#: The pause before Kafka is asked again where it did not answer.
AWAY_SECONDS = 1.0
#: Errors of readers that only mean that Kafka does not answer now.
AWAY = (KafkaError, BrokerAway, OSError)


def state_logs(
    step: str,
    settings: Settings,
    metrics: Metrics,
    topics: Iterable[KafkaTopic],
    restore: Restore,
    late: Restore = lambda topic, key, value: None,
) -> list[StateLog]:
    """Return the readers of a step's topics of states; `restore` takes each record, `late` those of former owners."""
    wait = settings.worker.fetch_wait_seconds * 4  # less often than messages: states change seldom
    return [
        StateLog(settings.kafka, topic, restore, metrics.state_refused.labels(step, topic.name).inc, wait, late)
        for topic in topics
    ]


@dataclass(frozen=True, slots=True)
class TakingOver:
    """A step that takes partitions over, after so many rebalances (`epoch`)."""

    claims: Claims
    intake: Intake
    epoch: int
    in_session: Callable[[], bool]

    async def claim(self, topic: KafkaTopic, numbers: Mapping[int, int]) -> dict[int, tuple[Owner, int]] | None:
        """Claim partitions once the group surely counts this worker as a member, unless they have gone away since."""
        await wait_for_session(self.in_session, self._is_ours)
        return await self.claims.claim(topic, numbers) if self._is_ours() else None

    async def write(self, changes: Sequence[Change]) -> None:
        """Write changes."""
        await self.claims.write(changes)

    def forget_claim(self, topic: KafkaTopic, partition: int) -> None:
        """Write to a partition without a number from now on."""
        self.claims.forget_claim(topic, partition)

    def _is_ours(self) -> bool:
        return self.epoch == self.intake.epoch


class Recovery:
    """Reads one step's states, and marks their partitions as this worker's in its intake."""

    def __init__(
        self,
        step: str,
        states: Sequence[StateLog],
        metrics: Metrics,
        intake: Intake,
        waits: Waits,
        claims: Claims | None = None,
        in_session: Callable[[], bool] = lambda: True,
    ) -> None:
        self._step = step
        self._states = states
        self._metrics = metrics
        self._intake = intake
        self._waits = waits
        self._claims = claims
        self._in_session = in_session
        self._recovering = asyncio.Lock()
        #: the state that is read, or was last
        self._reading: KafkaTopic | None = None

    async def recover(self, partitions: set[int]) -> set[int]:
        """Read the states of partitions that have become this worker's, all together; waits while Kafka is away.

        Return those that are its own now and were not before: none that went to another worker meanwhile, and none where the
        step stops.
        """
        if self._intake.closed:
            return set()
        epoch = self._intake.epoch
        async with self._recovering:
            while epoch == self._intake.epoch and (new := partitions - self._intake.partitions):
                try:
                    await self._catch_up(new)
                except AWAY as error:
                    self._waits.failed(self._sought(error), error)
                    logger.debug("%s: the state is waited for: %s", self._step, error)
                    await asyncio.sleep(AWAY_SECONDS)
                    continue
                if epoch == self._intake.epoch:
                    self._intake.partitions |= new
                    return new
        return set()

    def note_left(self, at: float) -> None:
        """Note that this worker's partitions go, and that its memory of them is as of a moment."""
        for log in self._states:
            log.note_read(self._intake.partitions, at)

    async def _catch_up(self, partitions: set[int]) -> None:
        claimant = None
        if self._claims is not None:
            claimant = TakingOver(self._claims, self._intake, self._intake.epoch, self._in_session)
        for log in self._states:
            self._reading = log.topic
            labels = (self._step, log.topic.name)
            wanted = None if log.topic.partitions == 1 else partitions
            seconds = await log.catch_up(wanted, self._metrics.recovery_progress.labels(*labels).set, claimant)
            self._metrics.recovery_seconds.labels(*labels).set(seconds)

    def _sought(self, error: BaseException) -> str:
        """Return the noun of the thing that an error keeps from this step, with advice where a claim is too large."""
        if self._reading is None:
            return "its state"
        noun = f"its state on {self._reading.name}"
        if isinstance(error, MessageSizeTooLargeError):
            noun += f" (set its max.message.bytes to {self._reading.max_message_bytes})"
        return noun
