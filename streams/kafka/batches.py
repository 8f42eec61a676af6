"""Batches of messages as they come from Kafka: one that cannot be read is passed over, instead of met again for ever.

aiokafka (0.14) unpacks a compressed batch whole, whatever comes out: nine megabytes of zeros become gigabytes. At a batch that
is broken, or a header whose name is no UTF-8, it raises, and again at each try. So its fetcher is given these two classes
in place of its own. What is passed over is logged with its offsets, and counted as every offset without a message is.
"""

import logging
import struct
from collections.abc import Iterator, Sequence
from mmap import mmap
from typing import Any

import cramjam
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

from streams.kafka.lost_ends import NO_LEADER
from streams.system.log_filters import OncePerMinute

logger = logging.getLogger("wirewatch.batches")
logger.addFilter(OncePerMinute())

#: The largest batch, unpacked. A producer's bound is that of its requests, which is near that of a message here (9 MiB).
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
#: A batch begins with its offset, length and leader's number; its magic, attributes and last offset lie here, its messages
#: behind the head.
LENGTH_AT, OVERHEAD, LEADER_AT = 8, 12, 12
MAGIC_AT, ATTRIBUTES_AT, LAST_OFFSET_AT, COUNT_AT, HEAD_BYTES = 16, 21, 23, 57, 61
CURRENT_MAGIC, CODEC_MASK = 2, 0x07
GZIP, SNAPPY, LZ4, ZSTD = 1, 2, 3, 4
#: No packed byte can become more bytes than this; zstd says in the heads of its blocks how many there may be.
MOST_RATIO = {GZIP: 1_032, LZ4: 255}
#: Zstandard's frames (RFC 8878, 3.1): how they begin, the most bytes of a block, and the kinds of blocks that are known here.
ZSTD_FRAME, ZSTD_SKIPPED, ZSTD_BLOCK_BYTES = 0xFD2FB528, 0x184D2A50, 128 * 1024
RAW_BLOCK, RUN_BLOCK = 0, 1
UNPACK_INTO = {GZIP: cramjam.gzip.decompress_into, LZ4: cramjam.lz4.decompress_into, ZSTD: cramjam.zstd.decompress_into}
#: Snappy as Java's clients frame it: this and some numbers, then blocks, each behind its length.
XERIAL, XERIAL_BYTES = b"\x82SNAPPY\x00", 16


class Batches:
    """The batches of one partition in one answer to a fetch; takes the place of aiokafka's `MemoryRecords`."""

    def __init__(self, data: bytes) -> None:
        self.partition = "?"
        #: the numbers of the leaders that took the first batch and the last one so far
        self.first_leader = self.leader = NO_LEADER
        self._data = memoryview(data)
        self._at = 0
        self._records = MemoryRecords(data)

    def has_next(self) -> bool:
        """Return whether there is another whole batch."""
        return bool(self._records.has_next())

    def size_in_bytes(self) -> int:
        """Return the bytes of all."""
        return len(self._data)

    def next_batch(self) -> Any:
        """Return the next batch, or an empty one in place of one that would unpack to too much."""
        data = self._data[self._at :]
        data = data[: OVERHEAD + struct.unpack_from(">i", data, LENGTH_AT)[0]]
        if len(data) >= HEAD_BYTES and data[MAGIC_AT] >= CURRENT_MAGIC:
            self.leader = int(struct.unpack_from(">i", data, LEADER_AT)[0])
            self.first_leader = self.leader if not self._at else self.first_leader
        self._at += len(data)
        batch = self._records.next_batch()
        if is_empty(data):
            return EmptyBatch(*offsets(data))
        if is_bomb(data):
            first, last = offsets(data)
            passed_over(
                self.partition, first, last, f"it unpacks to over {MAX_UNPACKED_BYTES >> 20} MiB, or to nothing"
            )
            return EmptyBatch(first, last)
        return ReadableBatch(self.partition, batch, data)


class EmptyBatch:
    """A batch without messages: a control batch, as the fetcher takes it."""

    producer_id = None
    is_transactional = False
    is_control_batch = True

    def __init__(self, first: int, last: int) -> None:
        self.base_offset = first
        self.next_offset = last + 1

    def validate_crc(self) -> bool:
        """Return true: there is nothing that could be wrong."""
        return True


class ReadableBatch:
    """A batch that yields the messages that can be read; the rest of it is passed over."""

    def __init__(self, partition: str, batch: Any, data: memoryview) -> None:
        self._partition = partition
        self._batch = batch
        self._data = data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __next__(self) -> Any:
        return next(self._batch)

    def __iter__(self) -> Iterator[Any]:
        last = -1
        try:
            for record in self._batch:
                last = record.offset
                yield record
        except Exception:  # noqa: BLE001 - whatever is wrong with it; it is read once more below
            yield from self._leniently(last)

    def _leniently(self, last: int) -> Iterator[Any]:
        """Yield the messages behind an offset, with names of headers that are no UTF-8 read as far as they can be."""
        try:
            batch = _DefaultRecordBatchPy(self._data)
            records = iter(batch)
            batch._buffer = LenientBytes(batch._buffer)  # noqa: SLF001 - aiokafka has no option for it
            for record in records:
                if record.offset > last:
                    last = record.offset
                    yield record
        except Exception as error:  # noqa: BLE001 - whatever it is, the next batch is read
            first, end = offsets(self._data)
            passed_over(self._partition, max(first, last + 1), end, f"{type(error).__name__}: {error}")


class LenientBytes(bytearray):
    """Bytes of which every part can be decoded."""

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        return LenientBytes(found) if isinstance(place, slice) else found

    def decode(self, encoding: str = "utf-8", errors: str = "replace") -> str:
        """Return the text, with a replacement character for what is none."""
        return super().decode(encoding, errors)


class PartitionRecords(fetcher.PartitionRecords):  # type: ignore[misc]
    """The messages of one partition; its batches learn its name, for what they say of themselves."""

    def __init__(self, tp: Any, records: Batches, *rest: Any) -> None:
        records.partition = f"{tp.topic} [{tp.partition}]"
        self.batches = records
        super().__init__(tp, records, *rest)


def install() -> None:
    """Let every consumer of this process read batches so."""
    fetcher.MemoryRecords = Batches
    fetcher.PartitionRecords = PartitionRecords


def skipped(offsets: Sequence[int], expected: int | None) -> int:
    """Return how many offsets lie without a message between the one that was expected and the last of these, ascending."""
    first = offsets[0] if expected is None else expected
    return max(0, offsets[-1] + 1 - first - len(offsets))


def offsets(data: memoryview) -> tuple[int, int]:
    """Return the first and the last offset of a batch; of an old format, or of a torn head, the first alone."""
    first = int(struct.unpack_from(">q", data, 0)[0])
    if len(data) < HEAD_BYTES or data[MAGIC_AT] < CURRENT_MAGIC:
        return first, first
    return first, first + int(struct.unpack_from(">i", data, LAST_OFFSET_AT)[0])


def is_empty(data: memoryview) -> bool:
    """Return whether a batch is the shell of one, all of whose messages compaction has removed.

    At one of the end of a transaction aiokafka raises, where Kafka's own consumer passes it over.
    """
    if len(data) < HEAD_BYTES or data[MAGIC_AT] < CURRENT_MAGIC:
        return False
    return bool(struct.unpack_from(">i", data, COUNT_AT)[0] == 0)


def is_bomb(data: memoryview) -> bool:
    """Return whether a batch would unpack to more than `MAX_UNPACKED_BYTES`, or cannot be unpacked; bounded in memory itself."""
    if len(data) <= HEAD_BYTES or data[MAGIC_AT] < CURRENT_MAGIC:
        return False
    codec, packed = data[ATTRIBUTES_AT + 1] & CODEC_MASK, data[HEAD_BYTES:]
    if codec == SNAPPY:
        return snappy_bytes(packed) > MAX_UNPACKED_BYTES
    unpack_into = UNPACK_INTO.get(codec)
    if unpack_into is None:
        return False
    bound = zstd_bytes(packed, MAX_UNPACKED_BYTES) if codec == ZSTD else len(packed) * MOST_RATIO[codec]
    if bound <= MAX_UNPACKED_BYTES:
        return False  # nearly all: it need not be unpacked to know this
    try:
        with mmap(-1, MAX_UNPACKED_BYTES) as room:  # pages of it that nothing is written to take no memory
            unpack_into(packed, room)
    except cramjam.DecompressionError:
        return True
    return False


def zstd_bytes(packed: memoryview, most: int) -> int:
    """Return at most how many bytes a batch of Zstandard unpacks to, more than `most` where its heads do not say.

    A block names its size where it is raw or a run of one byte, and holds at most 128 KiB else. Nothing is unpacked.
    """
    total = at = 0
    try:
        while at < len(packed) and total <= most:
            (magic,) = struct.unpack_from("<I", packed, at)
            if magic & ~0xF == ZSTD_SKIPPED:
                at += 8 + struct.unpack_from("<I", packed, at + 4)[0]
                continue
            if magic != ZSTD_FRAME:
                return most + 1
            flags = packed[at + 4]
            alone = flags >> 5 & 1
            at += 5 + (1 - alone) + (0, 1, 2, 4)[flags & 3] + (alone, 2, 4, 8)[flags >> 6]
            last = 0
            while not last and total <= most:
                (head,) = struct.unpack_from("<I", bytes(packed[at : at + 3]) + b"\0")
                last, kind, size = head & 1, head >> 1 & 3, head >> 3
                total += size if kind in (RAW_BLOCK, RUN_BLOCK) else ZSTD_BLOCK_BYTES
                at += 3 + (1 if kind == RUN_BLOCK else size)
            at += 4 * (flags >> 2 & 1)
    except (struct.error, IndexError):
        return most + 1
    return total


def snappy_bytes(packed: memoryview) -> int:
    """Return how many bytes a batch says that it unpacks to: its unpacker makes room for as many before it begins."""
    if bytes(packed[: len(XERIAL)]) != XERIAL:
        return said_bytes(packed)
    total, at = 0, XERIAL_BYTES
    while at + 4 <= len(packed):
        size = max(0, struct.unpack_from(">i", packed, at)[0])
        total += said_bytes(packed[at + 4 : at + 4 + size])
        at += 4 + size
    return total


def said_bytes(block: memoryview) -> int:
    """Return the bytes that one block of Snappy says; 0 where it says none."""
    try:
        return int(cramjam.snappy.decompress_raw_len(block))
    except cramjam.DecompressionError:
        return 0


def passed_over(partition: str, first: int, last: int, why: str) -> None:
    """Say that messages cannot be read."""
    logger.error("%s: the messages at %d to %d are passed over: %s", partition, first, last, why)
