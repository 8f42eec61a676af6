"""How batches are packed: small messages by Zstandard's first level, large ones by its third, the only one of aiokafka (0.14).

The text of an article goes over six topics, packed anew each time. The first level takes a quarter less time for it and
some 5% more bytes. Pages are packed once and kept for days: for them bytes count.
"""

import sys

from aiokafka.codec import zstd_encode
from aiokafka.record import default_records
from aiokafka.record.util import decode_varint

#: A batch whose first message has more bytes is one of pages.
LARGE_BYTES = 32 * 1024
SMALL_LEVEL, LARGE_LEVEL = 1, 3


def pack(records: bytes) -> bytes:
    """Return the messages of a batch, each behind its length, as one frame of Zstandard."""
    length = decode_varint(records, 0)[0] if records else 0
    packed: bytes = zstd_encode(records, LARGE_LEVEL if length > LARGE_BYTES else SMALL_LEVEL)
    return packed


def install() -> None:
    """Let every producer of this process pack so, in aiokafka's Python and in its compiled part."""
    for name in {default_records.__name__, default_records.DefaultRecordBatchBuilder.__module__}:
        vars(sys.modules[name])["zstd_encode"] = pack
