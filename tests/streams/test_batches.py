"""Batches as a consumer reads them: unreadable records are passed over, and those behind them are read."""

from collections.abc import Sequence
from typing import Any

import cramjam
import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import READ_COMMITTED, READ_UNCOMMITTED
from aiokafka.record.default_records import DefaultRecordBatchBuilder, _DefaultRecordBatchBuilderPy
from aiokafka.record.util import calc_crc32c
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka import batches
from streams.kafka.batches import (
    GZIP,
    HEAD_BYTES,
    LZ4,
    MAX_UNPACKED_BYTES,
    SNAPPY,
    ZSTD,
    Batches,
    PartitionRecords,
    skipped,
    zstd_bytes,
)
from streams.kafka.packing import LARGE_BYTES

CODECS = (GZIP, SNAPPY, LZ4, ZSTD)
Headers = Sequence[tuple[str, bytes]]


class NoUtf8(str):
    """A name as a client in another language may write it."""

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Return its bytes."""
        return b"na\xff\xfeme"


def batch(
    offset: int,
    values: Sequence[bytes],
    codec: int = 0,
    headers: Headers = (),
    kind: Any = _DefaultRecordBatchBuilderPy,
) -> bytes:
    """Return a batch of messages as Kafka keeps it, the first at an offset."""
    builder: Any = kind(
        magic=2,
        compression_type=codec,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=1 << 30,
    )
    for number, value in enumerate(values):
        builder.append(number, timestamp=1, key=b"k", value=value, headers=list(headers))
    built = bytearray(builder.build())
    built[:8] = offset.to_bytes(8, "big")  # its checksum does not cover this
    return bytes(built)


def read(data: bytes, offset: int = 0, isolation: int = READ_UNCOMMITTED) -> tuple[list[Any], int]:
    """Return the messages that a fetch's answer holds for a consumer, and the offset that is fetched next."""
    records = PartitionRecords(TopicPartition("news.raw", 3), Batches(data), [], offset, None, None, True, isolation)
    return list(records), records.next_fetch_offset


@pytest.mark.parametrize("codec", CODECS)
def test_a_batch_that_unpacks_to_too_much_is_passed_over(codec: int) -> None:
    """Its offsets are passed, it is not unpacked, and the batch behind it is read."""
    bomb = batch(7, [b"a", bytes(MAX_UNPACKED_BYTES)], codec)
    found, following = read(bomb + batch(9, [b"good"], codec))
    assert [(message.offset, message.value) for message in found] == [(9, b"good")]
    assert following == 10
    assert read(bomb) == ([], 9)


def test_the_shell_of_a_transactions_end_is_passed_over() -> None:
    """Compaction leaves one of the marks that it removes, of every topic with states where somebody writes in transactions."""
    shell = bytearray(batch(7, [b"mark"])[:61])
    shell[8:12] = (49).to_bytes(4, "big")
    shell[21:23] = (0x30).to_bytes(2, "big")  # of a transaction, and its end
    shell[43:51] = (5).to_bytes(8, "big")  # its producer
    shell[57:61] = bytes(4)  # no messages
    shell[17:21] = calc_crc32c(bytes(shell[21:])).to_bytes(4, "big")
    for isolation in (READ_UNCOMMITTED, READ_COMMITTED):
        found, following = read(bytes(shell) + batch(9, [b"good"]), isolation=isolation)
        assert [(message.offset, message.value) for message in found] == [(9, b"good")]
        assert following == 10
    assert read(bytes(shell), isolation=READ_COMMITTED) == ([], 8)


@pytest.mark.parametrize("codec", CODECS)
def test_a_large_batch_within_the_bound_is_read(codec: int) -> None:
    """Many messages of usual size may be packed together, well or badly."""
    values = [b"page" * 250_000] * 20
    found, following = read(batch(0, values, codec))
    assert [message.value for message in found] == values
    assert following == 20


@given(st.lists(st.tuples(st.binary(max_size=300), st.integers(0, 3_000)), max_size=6), st.integers(1, 19))
def test_the_size_of_zstandard_is_known_before_it_is_unpacked(parts: list[tuple[bytes, int]], level: int) -> None:
    """No frame unpacks to more than the heads of its blocks say, and that is at most a block more than it holds."""
    data = b"".join(part * times for part, times in parts)
    packed = bytes(cramjam.zstd.compress(data, level=level))
    said = zstd_bytes(memoryview(packed + packed), MAX_UNPACKED_BYTES)
    assert 2 * len(data) <= said <= 2 * (len(data) + 128 * 1024)


@given(st.binary(max_size=64))
def test_what_is_no_zstandard_may_unpack_to_anything(data: bytes) -> None:
    """Broken heads raise nothing."""
    assert zstd_bytes(memoryview(b"\x28\xb5\x2f\xfd" + data), 1_000) >= 0
    assert zstd_bytes(memoryview(b"\0\0\0\0" + data), 1_000) > 1_000


def test_a_name_that_is_no_utf8_costs_no_message() -> None:
    """Messages whose headers have such names are read with all else that they have."""
    data = batch(4, [b"one", b"two"], ZSTD, [("ce_id", b"a:1"), (NoUtf8("x"), b"v"), ("last", b"w")])
    found, following = read(data + batch(6, [b"three"]))
    assert [message.value for message in found] == [b"one", b"two", b"three"]
    assert found[1].headers == (("ce_id", b"a:1"), ("na\ufffd\ufffdme", b"v"), ("last", b"w"))
    assert (found[1].key, found[1].offset, following) == (b"k", 5, 7)


@pytest.mark.parametrize("codec", [0, *CODECS])
def test_a_broken_batch_is_passed_over(codec: int, caplog: pytest.LogCaptureFixture) -> None:
    """Its readable records are read; the log names topic, partition and offsets of the rest."""
    broken = bytearray(batch(4, [b"one", b"two" * 100], codec))
    broken[-40:] = b"\xff" * 40
    batches.logger.filters.clear()
    found, following = read(whole(bytes(broken)) + batch(6, [b"three"]))
    assert (found[-1].value, found[-1].offset, following) == (b"three", 6, 7)
    assert "news.raw [3]: the messages at " in caplog.text
    assert "to 5 are passed over" in caplog.text


def whole(data: bytes) -> bytes:
    """Return a batch with the checksum that fits it."""
    crc: int = calc_crc32c(data[21:])
    return data[:17] + crc.to_bytes(4, "big") + data[21:]


def test_offsets_that_a_fetch_lacks_are_counted() -> None:
    """The count of offsets without a message covers those before a fetch's messages, and between them."""
    assert skipped([4, 5, 9], 3) == 4  # 3, 6, 7 and 8
    assert skipped([4, 5], None) == 0
    assert skipped([2], 5) == 0


@pytest.mark.parametrize("kind", [DefaultRecordBatchBuilder, _DefaultRecordBatchBuilderPy])
@pytest.mark.parametrize(("size", "level"), [(LARGE_BYTES // 2, 1), (2 * LARGE_BYTES, 3)])
def test_small_messages_are_packed_faster_and_large_ones_smaller(kind: type, size: int, level: int) -> None:
    """By which level shows in the bytes; aiokafka's compiled builder packs as its own in Python does."""
    values = [
        b" ".join(b"%d" % (number * 7919 % 1000) for number in range(start, start + size // 4)) for start in (0, 5)
    ]
    data = batch(0, values, ZSTD, kind=kind)
    packed = data[HEAD_BYTES:]
    assert packed == bytes(cramjam.zstd.compress(cramjam.zstd.decompress(packed), level=level))
    assert [record.value for record in read(data)[0]] == values
