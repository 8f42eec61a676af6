"""How steps write: changes of state first, then outputs, each confirmed by the broker; waiting where Kafka is away."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    OutOfOrderSequenceNumber,
    ProducerFenced,
    TopicAuthorizationFailedError,
    UnknownProducerId,
)

from streams.errors import BrokerError
from streams.events import CHECK_HEADER, checksum, event_headers, event_time
from streams.kafka.sequences import refusal
from streams.message import NO_ORIGIN, Change, Message, Output
from streams.settle import dead_letter
from streams.system.log_filters import OncePerMinute
from streams.topics import DEAD, TOPICS, KafkaTopic
from streams.waits import Wait, Waits, described
from streams.work import Failure

logger = logging.getLogger("wirewatch.outlet")
logger.addFilter(OncePerMinute())

#: Errors after which the same message is sent once more. After the last ones the producer has begun its numbers anew.
AGAIN = (
    KafkaTimeoutError,
    KafkaConnectionError,
    TopicAuthorizationFailedError,  # a right that is taken away is given back
    OutOfOrderSequenceNumber,
    UnknownProducerId,
    ProducerFenced,
)
#: The pause before Kafka is given again what it did not confirm.
AGAIN_SECONDS = 1.0


class NoPartitionError(KafkaError):  # type: ignore[misc]
    """A topic lacks a partition that the topics beside it have: made anew with fewer, say. Once it is mended, all goes on."""

    retriable = True


class KafkaPublisher:
    """The writing end of one step, through the worker's producer."""

    def __init__(
        self,
        step: str,
        producer: AIOKafkaProducer,
        waits: Waits | None = None,
        state_headers: Callable[[Change], list[tuple[str, bytes]]] = lambda change: [],
    ) -> None:
        self._step = step
        self._state_headers = state_headers
        self._producer = producer
        self._waits = waits if waits is not None else Waits()

    async def publish(
        self, changes: Sequence[Change] = (), outputs: Sequence[tuple[Output, Message | None]] = ()
    ) -> None:
        """Write changes of state, then outputs with the messages that brought them; return when all are confirmed.

        Of several changes of one key the last is written. Waits for as long as Kafka is away. A record that is larger
        than its topic takes here becomes a dead letter. Raises `BrokerError` where the broker refuses for good.
        """
        latest = {(change.topic.name, change.partition, change.key): change for change in changes}
        await self._until_confirmed([self._write(change) for change in latest.values()])
        now, written = time.time(), event_time()
        await self._until_confirmed([self._send(output, message, now, written) for output, message in outputs])

    async def _until_confirmed(self, sends: "Sequence[_Send]") -> None:
        left = list(sends)
        if not left:
            return
        names = sorted({send.arguments["topic"] for send in left})
        why = partial(refusal, self._producer, names)
        with self._waits.waiting_for(f"Kafka to take messages of {', '.join(names)}", why) as wait:
            while left:
                left = [again for again in await self._once(left, wait) if again is not None]
                if left:
                    await asyncio.sleep(AGAIN_SECONDS)

    async def _once(self, sends: "Sequence[_Send]", wait: Wait) -> "list[_Send | None]":
        """Send and wait; return the messages to be sent again.

        Of those that Kafka finds too large each is sent once more by itself: it judges all that came together by the sum.
        """
        begun: list[tuple[_Send, Awaitable[Any] | KafkaError]] = []
        for send in sends:
            try:
                begun.append((send, await given(self._producer, send.arguments)))
            except KafkaError as error:
                begun.append((send, error))
        again: list[_Send | None] = []
        large: list[_Send] = []
        for send, confirmed in begun:
            try:
                if isinstance(confirmed, KafkaError):
                    raise confirmed
                await confirmed
            except KafkaError as error:
                wait.error = described(error)
                if isinstance(error, MessageSizeTooLargeError) and len(begun) > 1 and error is not confirmed:
                    large.append(send)
                else:
                    again.append(self._instead(send, error))
        for send in large:
            again += await self._once([send], wait)
        return again

    def _instead(self, send: "_Send", error: KafkaError) -> "_Send | None":
        """Return a replacement for a message that Kafka did not take: the same, or a dead letter; or raise."""
        if error.retriable or isinstance(error, AGAIN):
            return send
        if isinstance(error, MessageSizeTooLargeError) and send.output is not None:
            name = send.output.topic.name
            logger.error(
                "%s: a record for %s is larger than Kafka takes (set max.message.bytes of the topic to %d): %s",
                self._step,
                name,
                send.output.topic.max_message_bytes,
                error,
            )
            if send.output.topic is DEAD:
                return None  # it has no original any more: there is nothing smaller
            if send.message is None:
                return None
            failure = Failure("too_large", f"its record for {name} is larger than Kafka takes: {error}"[:500])
            return self._send(dead_letter(send.message, self._step, failure), send.message, time.time(), event_time())
        topic, size = send.arguments["topic"], len(send.arguments["value"] or b"")
        advice = ""
        if isinstance(error, MessageSizeTooLargeError):
            known = TOPICS.get(topic)
            advice = f"; set max.message.bytes of {topic} to {known.max_message_bytes if known else size}"
        raise BrokerError(
            f"{self._step}: Kafka did not take a message of {size:,} bytes for {topic}: {error}{advice}"
        ) from error

    def _write(self, change: Change) -> "_Send":
        return _Send(state_message(change, self._state_headers(change)))

    def _send(self, output: Output, message: Message | None, now: float, written: bytes) -> "_Send":
        timestamp = time_of(output.topic, message, now)
        arguments = {
            "topic": output.topic.name,
            "value": output.value,
            "key": output.key.encode("utf-8", "replace"),
            "partition": output.partition,
            "timestamp_ms": int(timestamp * 1000),
            "headers": list(headers_of(output, message, self._step, written).items()),
        }
        return _Send(arguments, output, message)


class _Send:
    """One message to Kafka, and the output that it stands for."""

    __slots__ = ("arguments", "message", "output")

    def __init__(self, arguments: dict[str, Any], output: Output | None = None, message: Message | None = None) -> None:
        self.arguments = arguments
        self.output = output
        self.message = message


async def given(producer: AIOKafkaProducer, message: Mapping[str, Any]) -> Awaitable[Any]:
    """Give a message, as the arguments of `send`, to a producer; return its confirmation.

    Raises `NoPartitionError` where the topic lacks the message's partition, or the producer does not know of it yet: it asks
    for the partitions anew.
    """
    try:
        confirmation: Awaitable[Any] = await producer.send(**message)
    except AssertionError as error:
        if "partition" not in str(error):  # aiokafka's own word for it: "Unrecognized partition"
            raise
        producer.client.force_metadata_update()
        raise NoPartitionError(
            f"it has no partition {message['partition']}: give it as many as the topics beside it"
        ) from error
    return confirmation


def state_message(change: Change, headers: Sequence[tuple[str, bytes]]) -> dict[str, Any]:
    """Return a change as a producer's `send` takes it, with its checksum and these headers."""
    key = change.key.encode()
    return {
        "topic": change.topic.name,
        "value": change.value,
        "key": key,
        "partition": change.partition,
        "headers": [(CHECK_HEADER, checksum(key, change.value)), *headers],
    }


def time_of(topic: KafkaTopic, message: Message | None, now: float) -> float:
    """Return the time at which an output is written to a topic, in epoch seconds.

    It is that of the message that brought it, by which later steps decide whatever their lag. Kafka forgets by it too, and at
    once where all of a segment is older than the topic's retention, read or not. So what has no time, or one more than half
    the retention ago, is written now.
    """
    if message is None:
        return now
    kept = None if topic.compacted else topic.retention_hours
    return message.timestamp if kept is None or message.timestamp > now - kept * 3600 / 2 else now


def headers_of(output: Output, message: Message | None, step: str, written: bytes) -> dict[str, bytes]:
    """Return the headers of an output: the event's, its origin, and its own. `written`: its `ce_time`."""
    partition, offset = origin_of(message)
    return {
        **event_headers(output.event_id, output.topic.name.removeprefix("news."), step, written),
        "ww_origin": f"{partition}:{offset}".encode(),
        **output.headers,
    }


def origin_of(message: Message | None) -> tuple[int, int]:
    """Return the origin of a message; none where its header is none of ours."""
    try:
        return message.origin if message is not None else NO_ORIGIN
    except ValueError:
        return NO_ORIGIN
