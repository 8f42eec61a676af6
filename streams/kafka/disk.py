"""The room that Kafka's brokers have left on their disks, as the brokers themselves say it.

aiokafka has no call for DescribeLogDirs, so its version 4 stands here (KIP-827: from Kafka 3.3 on a broker answers with the
size of the disk). An older broker answers nothing, and nothing is known of its disk.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import IncompatibleBrokerVersion
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Int64,
    Schema,
    TaggedFields,
)

from streams.kafka.clients import client_options, reaching
from streams.settings import KafkaSettings


@dataclass(frozen=True)
class Disk:
    """The fullest disk of one broker, in bytes."""

    broker: int
    total_bytes: int
    usable_bytes: int


async def disks(settings: KafkaSettings) -> list[Disk]:
    """Ask each broker for its disks; brokers older than Kafka 3.3 are left out. Raises `BrokerError` without a broker."""
    admin = AIOKafkaAdminClient(**client_options(settings))
    async with reaching(settings):
        await admin.start()
    try:
        cluster = await admin.describe_cluster()
        found = []
        for broker in [each["node_id"] for each in cluster["brokers"]]:
            try:
                answer = await admin._send_request_to_node(broker, _DescribeLogDirs())  # noqa: SLF001 - no public way
            except (IncompatibleBrokerVersion, NotImplementedError):
                continue
            found += _fullest(broker, answer.results)
        return found
    finally:
        await admin.close()


def _fullest(broker: int, folders: Iterable[tuple[int, str, object, int, int, object]]) -> list[Disk]:
    """Pick the folder with the smallest share of room left: the broker stops when one is full."""
    known = [
        Disk(broker, total, usable) for error, _, _, total, usable, _ in folders if not error and total > 0 <= usable
    ]
    return [min(known, key=lambda disk: disk.usable_bytes / disk.total_bytes)] if known else []


class _DescribeLogDirsResponse(Response):  # type: ignore[misc] # aiokafka has no types
    API_KEY = 35
    API_VERSION = 4
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        (
            "results",
            CompactArray(
                ("error_code", Int16),
                ("log_dir", CompactString("utf-8")),
                (
                    "topics",
                    CompactArray(
                        ("name", CompactString("utf-8")),
                        (
                            "partitions",
                            CompactArray(
                                ("partition_index", Int32),
                                ("partition_size", Int64),
                                ("offset_lag", Int64),
                                ("is_future_key", Boolean),
                                ("tags", TaggedFields),
                            ),
                        ),
                        ("tags", TaggedFields),
                    ),
                ),
                ("total_bytes", Int64),
                ("usable_bytes", Int64),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _DescribeLogDirsRequest(RequestStruct):  # type: ignore[misc]
    FLEXIBLE_VERSION = True
    API_KEY = 35
    API_VERSION = 4
    RESPONSE_TYPE = _DescribeLogDirsResponse
    SCHEMA = Schema(
        (
            "topics",
            CompactArray(
                ("topic", CompactString("utf-8")), ("partitions", CompactArray(Int32)), ("tags", TaggedFields)
            ),
        ),
        ("tags", TaggedFields),
    )


class _DescribeLogDirs(Request[_DescribeLogDirsRequest]):  # type: ignore[misc]
    """Asks for the disks alone: no topic is named, so none is listed."""

    API_KEY = 35

    def build(self, request_struct_class: type[_DescribeLogDirsRequest]) -> _DescribeLogDirsRequest:
        return request_struct_class([], {})
