"""Send raw records to `news.raw`, as `wirewatch ingest`, `incoming.folder` and the demo do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from agents.fetch.files.found import Found, Refusal
from streams import ids
from streams.events import header_list
from streams.kafka.confirming import Confirming, SentMessage
from streams.records import Dead, Raw, decode, encode
from streams.topics import DEAD, RAW


class Producer(Protocol):
    """Where raw messages go: aiokafka's producer, or a laptop's inbox."""

    async def send(
        self,
        topic: str,
        value: bytes | None = None,
        key: bytes | None = None,
        *,
        headers: Sequence[tuple[str, bytes]] | None = None,
    ) -> Any:
        """Take a message; wait while there is no room for it."""


@dataclass
class Count:
    """Messages and bytes that were sent, refusals by reason, and records of web archives that were no page by kind.

    `old`: messages of articles that were fetched before `horizon`, of which history keeps none. `kept`: those that a laptop
    has on disk, once that is known.
    """

    horizon: datetime | None = None
    kept: int | None = None
    old: int = 0
    sent: int = 0
    bytes: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    passed_over: Counter[str] = field(default_factory=Counter)

    def keep(self, written: int) -> None:
        """Note how many messages a laptop has on disk."""
        self.kept = written

    def pass_over(self, kind: str) -> None:
        """Count a record of a web archive that is no page."""
        self.passed_over[kind] += 1


async def send(producer: Producer, found: Found, count: Count, max_bytes: int) -> Refusal | None:
    """Send one raw record, or the dead letter of one that is too large; return the refusal, if it was refused."""
    refusal = found if isinstance(found, Refusal) else None
    if isinstance(found, Raw):
        article = ids.article_id(found.url, found.source, found.title, found.content)
        value = encode(found)
        if len(value) <= max_bytes:
            headers = header_list(ids.fetch_id(article, found.fetched_at), "raw", "ingest")
            await producer.send(RAW.name, value, key=article.encode(), headers=headers)
            count.sent += 1
            count.old += count.horizon is not None and found.fetched_at < count.horizon
            count.bytes += len(value)
            return None
        refusal = Refusal(
            found.url or found.source or "",
            "too_large",
            f"{len(value)} bytes; the limit is {max_bytes}",
            found.url,
            len(value),
        )
    if refusal is None:
        return None
    count.refused[refusal.reason] = count.refused.get(refusal.reason, 0) + 1
    if refusal.reason == "too_large":
        await send_dead(producer, refusal)
    return refusal


async def settle(producer: Confirming, count: Count) -> list[Refusal]:
    """Wait until all that was sent is on Kafka; return the refusals of what is larger than Kafka takes.

    Raises `BrokerError` where Kafka did not take something for another reason.
    """
    refusals = [large(message) for message in await producer.flush() if message.topic == RAW.name]
    for refusal in refusals:
        count.sent -= 1
        count.refused[refusal.reason] = count.refused.get(refusal.reason, 0) + 1
        await send_dead(producer, refusal)
    await producer.flush()
    return refusals


def large(message: SentMessage) -> Refusal:
    """Return the refusal of a raw message that Kafka does not take, though it is within our own limit."""
    raw, size = decode(message.value or b"", Raw), len(message.value or b"")
    error = f"{size} bytes, more than Kafka takes: set max.message.bytes of {message.topic}"
    return Refusal(raw.url or raw.source or "", "too_large", error, raw.url, size)


async def send_dead(producer: Producer, refusal: Refusal) -> None:
    """Leave a dead letter of a page that was refused for its size."""
    article = ids.article_id(refusal.url, refusal.where, None, "")
    now = datetime.now(UTC)
    record = Dead(
        id=article,
        fetch_id=ids.fetch_id(article, now),
        step="ingest",
        reason="too_large",
        error=f"{refusal.where}: {refusal.error}",
        url=refusal.url,
        size_bytes=refusal.size_bytes,
        processed_at=now,
    )
    headers = header_list(record.fetch_id, "dead", "ingest")
    await producer.send(DEAD.name, encode(record), key=article.encode(), headers=headers)
