"""The step contract, written once: what a step is, and what it makes of a message.

A step is a pure core (`work`, run in a child process, one article at a time) and a `Settler` (on the event loop, in the
order of each partition: state, outputs, accounts). `streams.worker` carries both over Kafka, `wirewatch apply` over
files; a new step is its core, its settler and a line in the table of `wirewatch.steps`.
"""

import base64
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import orjson

from streams import ids
from streams.errors import InvalidRecord, Refused
from streams.metrics import Metrics
from streams.records import Clean, Dead, Raw, Record, Ref, decode
from streams.settings import Settings
from streams.topics import DEAD, RAW, KafkaTopic
from streams.worker.pool import Done, Failed, Work, WorkAll

if TYPE_CHECKING:
    from streams.kafka.producer import Outlet

logger = logging.getLogger("wirewatch.step")


@dataclass(frozen=True, slots=True)
class Message:
    """One message as a step takes it: `timestamp` is when the raw message arrived, in epoch seconds."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: dict[str, bytes]
    timestamp: float

    @property
    def fetch_id(self) -> str:
        """The id that the accounts are kept by: the header `ce_id`, or what the value says."""
        given = self.headers.get("ce_id")
        return given.decode("utf-8", "replace") if given else derived_fetch_id(self)

    @property
    def origin(self) -> tuple[int, int]:
        """Partition and offset of the raw message that this one comes from."""
        if self.topic == RAW.name:
            return self.partition, self.offset
        partition, _, offset = self.headers.get("ww_origin", b"-1:-1").partition(b":")
        return int(partition), int(offset)


@dataclass(frozen=True, slots=True)
class Output:
    """A record (or bytes) for a topic; `event_id` is its `ce_id`, the fetch id for all that an article becomes.

    `headers` are added to the CloudEvents ones; `partition` None follows the key.
    """

    topic: KafkaTopic
    key: str
    record: Record | bytes
    event_id: str
    headers: dict[str, bytes] = field(default_factory=dict)
    partition: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a step's state, written to its compacted topic before any output is sent."""

    topic: KafkaTopic
    partition: int
    key: str
    value: bytes | None


@dataclass(slots=True)
class Settled:
    """What became of a message: its outputs, its changes of state, and the outcome for the accounts."""

    outputs: list[Output]
    outcome: str
    changes: list[Change] = field(default_factory=list)


class Settler(Protocol):
    """The ordered part of a step, on the event loop: quick, without I/O."""

    #: compacted topics that hold this step's state
    states: Sequence[KafkaTopic]
    #: compacted topics that others write and this step reads along
    follows: Sequence[KafkaTopic]

    def task(self, message: Message) -> Any:
        """Return what `work` needs for a message (it travels to a child process)."""

    def settle(self, message: Message, product: Any) -> Settled:
        """Return what becomes of a message whose work is done; called in the order of each partition."""

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take back one change of state, in the order in which they were written."""

    def observe(self, metrics: Metrics, settled: Settled) -> None:
        """Count what a settled message says about the news; called once its outputs are acknowledged."""


@runtime_checkable
class Threaded(Protocol):
    """A settler whose work needs a large state that others write: one thread of the worker does it, beside the loop."""

    def absorb(self) -> None:
        """Take in what `restore` was given; in the step's thread."""

    def compute(self, task: Any) -> Any:
        """Return the product of a task, as `Step.work` would; in the step's thread."""

    def report(self, metrics: Metrics) -> None:
        """Show the size of the state; on the event loop, after `absorb`."""


@runtime_checkable
class Timed(Protocol):
    """A settler that has something to say without a message, when its time comes."""

    def due(self, partitions: frozenset[int], now: datetime) -> Settled:
        """Return what is due of the state of these partitions, which are this worker's and recovered."""


class Companion(Protocol):
    """What a step does beside its messages, on the event loop, for the same partitions: to deliver, say."""

    async def run(self) -> None:
        """Work until cancelled."""

    def resume(self, partition: int) -> None:
        """Begin with a partition: it is this worker's, and its state is recovered."""

    async def pause(self) -> None:
        """End what is begun, soon: every partition may be another worker's next."""

    async def close(self) -> None:
        """Give back what is held; nothing is begun any more."""


@dataclass(frozen=True)
class Step:
    """A line in the table of steps."""

    name: str
    summary: str
    takes: KafkaTopic
    gives: tuple[KafkaTopic, ...]
    settler: Callable[[Settings], Settler]
    #: None: nothing to compute, only to settle
    work: Work | None = None
    #: the same for a whole chunk, where together is faster
    work_all: WorkAll | None = None
    #: loads the models in a child process
    load: Callable[[], None] | None = None
    timeout_seconds: Callable[[Settings], float] = lambda _: 5.0
    #: articles and bytes that travel to a child process at once
    chunk_articles: int = 32
    chunk_bytes: int = 512 * 1024
    #: what goes on beside the messages
    companion: "Callable[[Settler, Settings, Metrics, Outlet], Companion] | None" = None
    #: decide in order of arrival over all partitions of `news.raw` (see streams.worker.order)
    in_arrival_order: bool = False

    def group(self, settings: Settings) -> str:
        """Return the name of the step's consumer group."""
        return f"{settings.kafka.group_prefix}-{self.name}"


def derived_fetch_id(message: Message) -> str:
    """Return the fetch id of a message without `ce_id`: from its record, or from its bytes and its place."""
    try:
        if message.topic == RAW.name:
            raw = decode(message.value, Raw)
            return ids.fetch_id(ids.article_id(raw.url, raw.source, raw.title, raw.content), raw.fetched_at)
        return read_clean(message.value).fetch_id
    except InvalidRecord:
        place = f"{message.partition}-{message.offset}" if message.partition >= 0 else f"line-{message.offset}"
        return f"{ids.digest(message.value.decode('latin-1'))}:{place}"


def read_clean(value: bytes) -> Clean:
    """Return a clean record, with the fetch id that it implies where it has none."""
    clean = decode(value, Clean)
    if not clean.fetch_id:
        clean.fetch_id = ids.fetch_id(clean.id, clean.fetched_at)
    return clean


def dead_letter(message: Message, step: str, failed: Failed, max_bytes: int) -> Output:
    """Return the dead letter of a message that a step could not process."""
    url, source, ref = _identity(message.value)
    fetch_id = message.fetch_id
    key = fetch_id.partition(":")[0]
    fits = len(message.value) <= max_bytes
    record = Dead(
        id=key,
        fetch_id=fetch_id,
        ref=ref,
        step=step,
        reason=failed.reason,
        error=failed.error,
        url=url,
        source=source,
        topic=message.topic if message.partition >= 0 else None,
        partition=message.partition if message.partition >= 0 else None,
        offset=message.offset if message.offset >= 0 else None,
        size_bytes=len(message.value),
        original=original_of(message.value) if fits else None,
        processed_at=datetime.now(UTC),
    )
    return Output(DEAD, key, record, fetch_id)


def original_of(value: bytes) -> str:
    """Return a message's value as a dead letter holds it."""
    return base64.b64encode(value).decode()


def _identity(value: bytes) -> tuple[str | None, str | None, Ref | None]:
    """Return URL, source and ref of a message that may be no record, as far as they can be read."""
    try:
        data = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None, None, None
    if not isinstance(data, dict):
        return None, None, None
    url, source = data.get("url"), data.get("source")
    ref = data.get("ref") if "text" in data else data.get("id")  # a raw record's own id is its ref
    return (
        url if isinstance(url, str) else None,
        source if isinstance(source, str) else None,
        ref if isinstance(ref, str | int) else None,
    )


def settle(step: Step, settler: Settler, message: Message, result: Done | Failed, max_bytes: int) -> Settled:
    """Return what becomes of a message: what its settler says, or a dead letter; it never raises."""
    if isinstance(result, Done):
        try:
            return settler.settle(message, result.product)
        except Refused as refused:
            result = Failed(refused.reason, refused.error)
        except Exception as error:  # the step contract: a bad message never stops a partition
            logger.exception("%s could not settle %s", step.name, message.fetch_id)
            result = Failed("error", f"{type(error).__name__}: {error}"[:500])
    return Settled([dead_letter(message, step.name, result, max_bytes)], "dead")


def too_large(message: Message, max_bytes: int) -> Failed | None:
    """Return the refusal of a message that is over the size limit."""
    if len(message.value) <= max_bytes:
        return None
    return Failed("too_large", f"{len(message.value)} bytes; the limit is {max_bytes}")
