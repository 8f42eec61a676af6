"""Headers of wirewatch's messages: the CloudEvents Kafka binding in binary mode, and those to route by."""

import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from streams.records import utc

#: The header of a state record that holds the checksum of its key and value.
CHECK_HEADER = "ww_check"


def event_headers(event_id: str, kind: str, source: str, time: bytes | None = None) -> dict[str, bytes]:
    """Return the headers of an event: its id, the kind of its record (raw, clean …), and the step or command it is from.

    `time`: when it was written, as `event_time` returns it; without it, now.
    """
    source_header, kind_header = _fixed_headers(kind, source)
    return {
        "ce_specversion": b"1.0",
        "ce_id": event_id.encode(),
        "ce_source": source_header,
        "ce_type": kind_header,
        "ce_time": event_time() if time is None else time,
        "content-type": b"application/json",
    }


def event_time() -> bytes:
    """Return now as the header `ce_time`."""
    return utc(datetime.now(UTC)).encode()


@lru_cache(256)
def _fixed_headers(kind: str, source: str) -> tuple[bytes, bytes]:
    return f"/wirewatch/{source}".encode(), f"wirewatch.{kind}.v1".encode()


#: Headers by which a subscriber can route an article or alert without parsing it.
ROUTING = ("regions", "topics", "language")


def header_list(event_id: str, kind: str, source: str) -> list[tuple[str, bytes]]:
    """Return the headers of an event as Kafka's clients take them."""
    return list(event_headers(event_id, kind, source).items())


def routing_headers(regions: Iterable[str], topics: Iterable[str], language: str | None) -> dict[str, bytes]:
    """Return the headers of `ROUTING`."""
    values = (",".join(regions), ",".join(topics), language or "")
    return dict(zip(ROUTING, (value.encode() for value in values), strict=True))


def checksum(key: bytes, value: bytes | None) -> bytes:
    """Return the CRC-32 of a state record, as 8 hex digits: it tells damage, not a forger."""
    return b"%08x" % zlib.crc32(value or b"", zlib.crc32(key))
