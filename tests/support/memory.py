"""A publisher in memory, a clock that the test moves, a step and its messages, for tests of the worker's parts."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from streams.errors import BrokerError, Refused
from streams.message import Change, Message, Output, Settlement
from streams.metrics import Metrics
from streams.settings import Settings
from streams.step import Settler, Step, TimedSettler
from streams.topics import CLEAN, RAW, REVISIONS, SKETCHED, UNIQUE, KafkaTopic
from streams.worker.chunks import Chunks
from streams.worker.compute import Compute
from streams.worker.intake import Intake
from streams.worker.settling import Settling


@dataclass
class Clock:
    """A clock that only the test moves."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


class MemoryPublisher:
    """Keeps published messages; confirms at once, when it is let, or never."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.outputs: list[Output] = []
        self.confirmed: list[str] = []
        self.open = asyncio.Event()
        self.open.set()
        self.broken = False

    async def publish(
        self, changes: Sequence[Change] = (), outputs: Sequence[tuple[Output, Message | None]] = ()
    ) -> None:
        """Take changes and outputs; return when they are confirmed."""
        await self.open.wait()
        if self.broken:
            raise BrokerError("the broker refuses")
        self.changes += changes
        self.outputs += [output for output, _ in outputs]
        self.confirmed += [*("change" for _ in changes), *("output" for _ in outputs)]


class EchoOutcome(StrEnum):
    """The outcomes of the tests' step."""

    PASSED = "passed"
    TIMED = "timed"


class EchoSettler(Settler[bytes, None]):
    """Passes each message on under its id, remembers it, and refuses those that ask for it."""

    states: Sequence[KafkaTopic] = (REVISIONS,)

    def __init__(self, settings: Settings) -> None:
        self.settled: list[bytes] = []
        self.acknowledged_values: list[bytes] = []
        self.observed = 0

    def settle(self, message: Message, product: None) -> Settlement:
        """Return the message as it came."""
        if message.value == b"refuse":
            raise Refused("empty", "asked for")
        if message.value == b"fail":
            raise RuntimeError("a fault in the step's code")
        if message.value == b"huge":
            return Settlement([Output(CLEAN, "k", b"x" * CLEAN.max_message_bytes, "huge")], EchoOutcome.PASSED)
        self.settled.append(message.value)
        output = Output(CLEAN, "k", message.value, message.fetch_id)
        return Settlement([output], EchoOutcome.PASSED, [Change(REVISIONS, message.partition, "k", message.value)])

    def acknowledged(self, settlement: Settlement) -> None:
        """Note the acknowledged settlements."""
        self.acknowledged_values += [output.value for output in settlement.outputs]

    def observe(self, metrics: Metrics, settlement: Settlement) -> None:
        """Count calls."""
        self.observed += 1


class TimedEchoSettler(EchoSettler, TimedSettler[bytes, None]):
    """Says something every ten seconds of the clock."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.due_at = 0.0

    def due(self, partitions: frozenset[int], now: datetime) -> Settlement:
        """Return one output for each partition when ten seconds are over."""
        if now.timestamp() < self.due_at:
            return Settlement([], EchoOutcome.TIMED)
        self.due_at = now.timestamp() + 10
        outputs = [Output(UNIQUE, "k", b"timed", f"timed:{partition}") for partition in sorted(partitions)]
        return Settlement(outputs, EchoOutcome.TIMED, [Change(REVISIONS, 0, "timer", b"x")])


def echo_step(settler: Callable[[Settings], EchoSettler] = EchoSettler, **options: Any) -> Step[bytes, None]:
    """Return a step that passes messages on."""
    return Step(
        name="echo",
        summary="for tests",
        takes=(RAW,),
        gives=(CLEAN,),
        settler=settler,
        outcomes=EchoOutcome,
        marks=SKETCHED,
        **options,
    )


def raw(offset: int, value: bytes = b"text", partition: int = 0, **headers: bytes) -> Message:
    """Return a message of news.raw whose fetch id is its value."""
    return Message(RAW.name, partition, offset, b"k", value, {"ce_id": value, **headers}, 900.0 + offset)


@dataclass
class Parts:
    """The parts of one step on a worker, put together without Kafka."""

    settler: EchoSettler = field(default_factory=lambda: EchoSettler(Settings()))
    options: dict[str, Any] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        """Put them together."""
        self.step = echo_step(lambda _: self.settler, **self.options)
        self.settings = Settings()
        self.metrics = Metrics()
        self.publisher = MemoryPublisher()
        self.committed: dict[tuple[str, int], int] = {}
        self.intake = Intake(1 << 20, self.commit, self.clock)
        self.compute = Compute(self.step, self.settler, self.settings, None)
        self.session = True
        self.settling = Settling(
            self.step,
            self.settler,
            self.intake,
            self.publisher,
            self.metrics,
            in_session=lambda: self.session,
            clock=self.clock,
        )
        self.chunks = Chunks(self.step, self.settler, self.intake, self.compute, self.settling)

    def commit(self, topic: str, partition: int, offset: int) -> None:
        """Note how far a partition may be committed."""
        self.committed[topic, partition] = offset

    async def take(self, *messages: Message) -> None:
        """Take messages as the fetcher does."""
        for message in messages:
            await self.intake.put(message, self.intake.epoch)

    async def intake_empty(self) -> None:
        """Wait until everything taken is settled."""
        while self.intake.buffer.bytes:
            await asyncio.sleep(0.01)

    def value(self, name: str, **labels: str) -> float:
        """Return a metric."""
        return self.metrics.registry.get_sample_value(name, labels) or 0.0


async def until(condition: Callable[[], bool]) -> None:
    """Let the other tasks run until something is so."""
    for _ in range(1_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to be")
