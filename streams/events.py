"""Headers of wirewatch's messages: the CloudEvents Kafka binding in binary mode, and those to route by."""

import zlib
from collections.abc import Iterable
from datetime import UTC, datetime

from streams.records import utc

#: The header of a state record that holds the checksum of its key and value.
CHECK_HEADER = "ww_check"


def event_headers(event_id: str, kind: str, source: str) -> dict[str, bytes]:
    """Return the headers of an event: its id, the kind of its record (raw, clean …), and the step or command it is from."""
    return {
        "ce_specversion": b"1.0",
        "ce_id": event_id.encode(),
        "ce_source": f"/wirewatch/{source}".encode(),
        "ce_type": f"wirewatch.{kind}.v1".encode(),
        "ce_time": utc(datetime.now(UTC)).encode(),
        "content-type": b"application/json",
    }


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
