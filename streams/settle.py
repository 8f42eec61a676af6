"""The guard around a settler: one bad message is set aside as a dead letter, and never stops a step."""

import base64
import logging
from datetime import UTC, datetime

import msgspec
import orjson

from streams import ids
from streams.errors import Refused
from streams.message import Message, Output, Refusal, Settlement
from streams.records import Dead, Ref, unpacked
from streams.step import Settler, Step
from streams.topics import DEAD, MAX_RAW_BYTES
from streams.work import Failure, Product, Success, Task, failure_of

logger = logging.getLogger("wirewatch.step")

#: Fields of a broken message that a dead letter repeats are cut here, in characters.
MAX_FIELD = 2000
REF_RANGE = range(-(2**63), 2**63)


class _Parts(msgspec.Struct):
    """As much of a message as names it; whatever else it holds is passed over, and takes no memory."""

    url: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    source: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    ref: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    id: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    text: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_parts = msgspec.json.Decoder(_Parts)


def settle(
    step: Step[Task, Product], settler: Settler[Task, Product], message: Message, result: Success[Product] | Failure
) -> Settlement:
    """Return how a message is settled: by its settler, or as a dead letter. Never raises; all outputs are encoded.

    An output or a change that is larger than its topic takes makes a dead letter of the message.
    """
    if isinstance(result, Success):
        try:
            settlement = settler.settle(message, result.product)
            check(settlement)
        except Refused as refused:
            result = Failure(refused.reason, refused.error)
        except Exception as error:  # the step contract: a bad message never stops a partition
            logger.exception("%s could not settle %s", step.name, message.fetch_id)
            result = failure_of(error)
        else:
            return settlement
    return Settlement([dead_letter(message, step.name, result)], Refusal.DEAD)


def check(settlement: Settlement) -> None:
    """Encode all outputs; raise `Refused` for one that Kafka would not take."""
    for output in settlement.outputs:
        if output.excess_bytes:
            raise Refused("too_large", f"its record for {output.topic.name} is {output.excess_bytes} bytes too large")
    for change in settlement.changes:
        if change.excess_bytes:
            raise Refused("too_large", f"its state in {change.topic.name} is {change.excess_bytes} bytes too large")


def oversize(message: Message, max_bytes: int) -> Failure | None:
    """Return the refusal of a message that is over the size limit."""
    if len(message.value) <= max_bytes:
        return None
    return Failure("too_large", f"{len(message.value)} bytes; the limit is {max_bytes}")


def foreign(message: Message) -> Failure | None:
    """Return the refusal of a message whose headers are none of ours, though they are named so."""
    try:
        _ = message.origin
    except ValueError as error:
        return Failure("invalid_record", str(error)[:200])
    return None


def dead_letter(message: Message, step: str, failure: Failure) -> Output:
    """Return the dead letter of a message that a step could not process. Never raises."""
    url, source, ref = _identity(message.value)
    fetch_id = message.fetch_id
    key = fetch_id.partition(":")[0]
    record = Dead(
        id=key,
        fetch_id=fetch_id,
        ref=ref,
        step=step,
        reason=failure.reason,
        error=failure.error[:MAX_FIELD],
        url=url,
        source=source,
        topic=message.topic if message.partition >= 0 else None,
        partition=message.partition if message.partition >= 0 else None,
        offset=message.offset if message.offset >= 0 else None,
        size_bytes=len(message.value),
        original=original_of(message.value) if len(message.value) <= MAX_RAW_BYTES else None,
        processed_at=datetime.now(UTC),
    )
    letter = Output(DEAD, key, record, fetch_id)
    try:
        check(Settlement([letter], Refusal.DEAD))
    except Exception as error:  # noqa: BLE001 - whatever it is, the message is set aside
        key = ids.digest(f"{message.topic}:{message.partition}:{message.offset}")
        record = Dead(
            id=key,
            fetch_id=key,
            step=step,
            reason=failure.reason,
            error=f"{type(error).__name__} in its dead letter",
            size_bytes=len(message.value),
            processed_at=datetime.now(UTC),
        )
        letter = Output(DEAD, key, record, key)
    return letter


def original_of(value: bytes) -> str:
    """Return a message's value as a dead letter holds it."""
    return base64.b64encode(value).decode()


def mark_of(step: Step[Task, Product], message: Message) -> Output | None:
    """Return the empty message by which an ordered step learns that a raw message brings no article."""
    if step.marks is None or foreign(message):
        return None
    partition, offset = message.origin
    headers = {"ww_origin": f"{partition}:{offset}".encode()}
    return Output(step.marks, message.fetch_id.partition(":")[0], b"", message.fetch_id, headers, partition=0)


def _identity(value: bytes) -> tuple[str | None, str | None, Ref | None]:
    """Return URL, source and ref of a message that may be no record, as far as they can be read, cut short."""
    try:
        found = unpacked(_parts, value)
    except msgspec.DecodeError:
        return None, None, None
    url, source = _scalar(found.url), _scalar(found.source)
    ref = _scalar(found.id if found.text is msgspec.UNSET else found.ref)  # a raw record's own id is its ref
    return (
        url[:MAX_FIELD] if isinstance(url, str) else None,
        source[:MAX_FIELD] if isinstance(source, str) else None,
        ref[:MAX_FIELD] if isinstance(ref, str) else ref if isinstance(ref, int) and ref in REF_RANGE else None,
    )


def _scalar(raw: msgspec.Raw | msgspec.UnsetType) -> object:
    """Return a text or number; None for anything else."""
    if isinstance(raw, msgspec.UnsetType):
        return None
    value = memoryview(raw)
    try:
        return None if value[:1].tobytes() in (b"[", b"{") else orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
