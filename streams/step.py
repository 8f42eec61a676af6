"""The step contract, written once: a step's declaration, and how it settles a message.

A step is a pure core (`work`, run in a child process, one article at a time) and a `Settler` (on the event loop, in the
order of each partition: state, outputs, accounts). `streams.worker` carries both over Kafka, `wirewatch apply` over
files. docs/adding-a-step.md adds one from nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, cast, runtime_checkable

from streams.errors import Refused
from streams.message import Change, Message, Output, Settlement
from streams.metrics import Metrics
from streams.settings import Settings
from streams.topics import MAX_RAW_BYTES, KafkaTopic
from streams.work import Product, Task, Work, WorkAll


class Settler(ABC, Generic[Task, Product]):
    """The ordered part of a step, on the event loop: quick, without I/O, and without a clock of its own."""

    #: compacted topics that hold this step's state
    states: Sequence[KafkaTopic] = ()
    #: compacted topics that others write and this step reads along
    follows: Sequence[KafkaTopic] = ()

    def task(self, message: Message) -> Task:
        """Return the part of a message that `work` needs (it travels to a child process); by default the value."""
        return cast("Task", message.value)

    @abstractmethod
    def settle(self, message: Message, product: Product) -> Settlement:
        """Return how a message is settled whose work is done; called in the order of each partition.

        Raises `Refused` for a message that is to be set aside. A step without work is given None.
        """

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take back one change of state, or of a topic that is followed, in the order in which they were written.

        Raises `InvalidRecord` for bytes that are none; they are counted, and the next record is taken.
        """
        raise NotImplementedError(f"{type(self).__name__} reads {topic.name} and does not say how to restore it")

    def restore_late(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take note of a record that a former owner wrote when others had its partition: it does not count.

        See `streams.worker.fence`. Raises `InvalidRecord` as `restore` does.
        """

    def acknowledged(self, settlement: Settlement) -> None:
        """Act on a settlement whose changes and outputs Kafka has confirmed: only now may others be told."""

    def observe(self, metrics: Metrics, settlement: Settlement) -> None:
        """Count news by a settlement. Nothing may rest on it but metrics."""

    def companion(self, surroundings: "Surroundings") -> "Companion | None":
        """Return the work that goes on beside the messages, for the same partitions; most steps have none."""
        return None


class ThreadSettler(Settler[Task, Product]):
    """A settler whose work needs a large state that others write: one thread of the worker does it, beside the loop."""

    @abstractmethod
    def compute(self, task: Task) -> Product:
        """Return the product of a task, as `Step.work` would; in the step's thread."""

    def compute_all(self, tasks: Sequence[Task]) -> Sequence[Product | Refused]:
        """Return the products of a chunk, or why one is refused, where together is faster; in the step's thread."""
        return [self._computed(task) for task in tasks]

    def _computed(self, task: Task) -> Product | Refused:
        try:
            return self.compute(task)
        except Refused as refused:
            return refused

    def absorb(self) -> None:
        """Take in the restored changes; in the step's thread."""

    def report(self, metrics: Metrics) -> None:
        """Show the size of the state; on the event loop, after `absorb`."""


class TimedSettler(Settler[Task, Product]):
    """A settler that has something to say without a message, when its time comes."""

    #: how often it is asked
    tick_seconds: float = 1.0

    @abstractmethod
    def due(self, partitions: frozenset[int], now: datetime) -> Settlement:
        """Return settlements that are due in these partitions, which are this worker's and recovered.

        Its outputs are sent before its changes are written: no message comes again to bring them back, and said twice
        they have the same ids.
        """


class Publisher(Protocol):
    """Where a step writes to."""

    async def publish(
        self, changes: Sequence[Change] = (), outputs: Sequence[tuple[Output, Message | None]] = ()
    ) -> None:
        """Write changes of state, then outputs with the messages that brought them; return when all are confirmed."""


class Ownership(Protocol):
    """Whose the partitions are, as far as this worker can know now."""

    @property
    def in_session(self) -> bool:
        """Whether the group surely counts this worker as a member still: nobody else has its partitions then.

        So what is begun may be ended, also where the partitions are about to go (`holds` is false then).
        """

    def holds(self, partition: int) -> bool:
        """Return whether a partition is surely this worker's still.

        False once the last answered heartbeat is so long ago that the group may have given it to another: after a
        process was frozen, say. Ask before each act that must not be done twice.
        """


@dataclass(frozen=True)
class Surroundings:
    """The surroundings of a companion."""

    settings: Settings
    metrics: Metrics
    publisher: Publisher
    ownership: Ownership


class Companion(Protocol):
    """Work of a step beside its messages, on the event loop, for the same partitions: to deliver, to poll."""

    async def run(self) -> None:
        """Work until cancelled."""

    def resume(self, partition: int) -> None:
        """Begin with a partition: it is this worker's, and its state is recovered."""

    async def pause(self) -> None:
        """End begun work, soon: every partition may be another worker's next."""

    async def close(self) -> None:
        """Give back all that is held; nothing is begun any more."""


@runtime_checkable
class Backlogged(Protocol):
    """A companion for which work waits that messages have brought: it is counted into the step's lag."""

    @property
    def waiting(self) -> int:
        """How much waits."""


@dataclass(frozen=True)
class ArrivalOrdering:
    """Settle in the order in which articles arrived on an entry topic, whichever way each came (`streams.worker.order`).

    Each message of `entry` must leave exactly one trace on the step's topics: an article, or an empty message where a
    step on the way set it aside (`Step.marks`). `marks` is the state topic that keeps how far the order has come.
    """

    entry: KafkaTopic
    marks: KafkaTopic
    #: how long a partition that brings nothing is waited for
    wait_seconds: Callable[[Settings], float]


@dataclass(frozen=True)
class Step(Generic[Task, Product]):
    """A line in the table of steps."""

    name: str
    summary: str
    #: topics that it reads, all with as many partitions
    takes: tuple[KafkaTopic, ...]
    gives: tuple[KafkaTopic, ...]
    settler: Callable[[Settings], Settler[Task, Product]]
    #: the closed set of its outcomes, besides `Refusal.DEAD`
    outcomes: type[StrEnum]
    #: the name under which `wirewatch apply` has it; empty where it makes nothing of a file
    stage: str = ""
    #: None: nothing to compute, only to settle (or computed in a thread, see `ThreadSettler`)
    work: Work[Task, Product] | None = None
    #: the same for a whole chunk, where together is faster
    work_all: WorkAll[Task, Product] | None = None
    #: loads the models in a child process
    load: Callable[[], None] | None = None
    #: what the settings want loaded besides, by each child for itself: a library with threads of its own cannot be forked
    own_load: Callable[[Settings], Callable[[], object] | None] = lambda _: None
    #: work that takes longer is tried once more alone, and then set aside
    timeout_seconds: Callable[[Settings], float] = lambda _: 5.0
    #: a larger message is set aside unread
    max_bytes: Callable[[Settings], int] = lambda _: MAX_RAW_BYTES * 2
    #: articles and bytes that travel to a child process at once
    chunk_articles: int = 32
    chunk_bytes: int = 512 * 1024
    #: settle in order of arrival over all partitions, not partition by partition
    ordering: ArrivalOrdering | None = None
    #: an ordered step's topic on which an empty message tells it of each message that this one sets aside
    marks: KafkaTopic | None = None
    #: confirm outputs before state: for a decider of one partition, who decides the same again where a kill comes in between,
    #: and says things that a known message would not bring again
    outputs_first: bool = False
    #: outputs that `wirewatch apply` leaves out of the lines that it writes
    left_out: Callable[[Output], bool] = lambda _: False
    #: sets of metrics that it counts in
    metrics: tuple[type[Any], ...] = ()
    #: the setting without which it has nothing to do, as `section.name`, and whether that is set
    needs: str = ""
    has_needs: Callable[[Settings], bool] = lambda _: True

    def group(self, settings: Settings) -> str:
        """Return the name of the step's consumer group."""
        return f"{settings.kafka.group_prefix}-{self.name}"


#: A step of the table, whatever its tasks and products are.
AnyStep = Step[Any, Any]
AnySettler = Settler[Any, Any]
