"""Files packed with gzip, bzip2, xz or zstd: how they are told, and their bytes, unpacked piece by piece."""

import bz2
import gzip
import io
import lzma
import re
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import IO, TYPE_CHECKING, NamedTuple, Protocol

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

GZIP_MAGIC = b"\x1f\x8b"
#: Bytes of a packed file that are read at once, and bytes that are unpacked of them at once.
PACKED_BYTES, UNPACKED_BYTES = 1 << 16, 1 << 16
#: Memory that one file of xz may ask for: twice what `xz -9` packs with. A stranger's could ask for four gigabytes.
XZ_MEMORY = 128 << 20
#: The same for zstd, as a power of two: what `zstd` itself grants where `--long` or `--memory` does not say otherwise.
ZSTD_WINDOW = 27
#: What reading raises where a packed file is cut off or damaged, besides `OSError`.
BROKEN = (EOFError, zlib.error, lzma.LZMAError, zstd.ZstdError)


class Decompressor(Protocol):
    """Unpacks one stream, as those of `bz2`, `lzma` and `zstd` do."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes out of what was given."""

    @property
    def unused_data(self) -> bytes:
        """The bytes behind the end of the stream."""

    def decompress(self, data: "ReadableBuffer", max_length: int = -1) -> bytes:
        """Take packed bytes, and return up to so many unpacked ones."""


class Packing(NamedTuple):
    """How files are packed: the end of their names, their beginning, and a reader of what is in them."""

    suffix: str
    begin: re.Pattern[bytes]
    open: Callable[[IO[bytes]], io.RawIOBase]


class GzipReader(io.RawIOBase):
    """What a file of gzip holds, as far as it is whole: `gzip` alone drops its last block when the file breaks off."""

    def __init__(self, packed: IO[bytes]) -> None:
        self._gzip = gzip.GzipFile(fileobj=packed)

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill `buffer` as far as one read of the packed file does."""
        view = memoryview(buffer)
        unpacked = self._gzip.read1(len(view))
        view[: len(unpacked)] = unpacked
        return len(unpacked)


class StreamsReader(io.RawIOBase):
    """What a file of one or more streams of bzip2, xz or zstd holds, one behind the other.

    The readers of `bz2` and `lzma` take what is no stream behind the first for the end; here it is an error.
    """

    def __init__(self, packed: IO[bytes], begin: Callable[[], Decompressor]) -> None:
        self._packed = packed
        self._begin = begin
        self._stream = begin()

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def tell(self) -> int:
        """Return how many bytes of the packed file have been read."""
        return self._packed.tell()

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill `buffer` with what comes out next; raise `EOFError` for a file that is cut off."""
        view = memoryview(buffer)
        while True:
            data = b""
            if self._stream.eof:
                if not (data := self._following()):
                    return 0
                self._stream = self._begin()
            elif self._stream.needs_input and not (data := self._packed.read(PACKED_BYTES)):
                raise EOFError("it ended before the end-of-stream marker was reached")
            if unpacked := self._stream.decompress(data, len(view)):
                view[: len(unpacked)] = unpacked
                return len(unpacked)

    def _following(self) -> bytes:
        """Return what stands behind a stream and the zeros that xz may pad it with; nothing at the end of the file."""
        data = self._stream.unused_data
        while not (data := data.lstrip(b"\0")):
            if not (data := self._packed.read(PACKED_BYTES)):
                break
        return data


def bzip2_reader(packed: IO[bytes]) -> io.RawIOBase:
    """Return a reader of what a file of bzip2 holds."""
    return StreamsReader(packed, bz2.BZ2Decompressor)


def xz_reader(packed: IO[bytes]) -> io.RawIOBase:
    """Return a reader of what a file of xz holds."""
    return StreamsReader(packed, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY))


def zstd_reader(packed: IO[bytes]) -> io.RawIOBase:
    """Return a reader of what a file of zstd holds."""
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW}
    return StreamsReader(packed, lambda: zstd.ZstdDecompressor(options=options))


GZIP = Packing(".gz", re.compile(re.escape(GZIP_MAGIC)), GzipReader)
#: bzip2 by its first block too, or its end where it holds nothing: a text may begin with its three letters. zstd by its frames,
#: or by those of other programs that it passes over.
PACKINGS = (
    GZIP,
    Packing(".bz2", re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"), bzip2_reader),
    Packing(".xz", re.compile(rb"\xfd7zXZ\x00"), xz_reader),
    Packing(".zst", re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"), zstd_reader),
)
#: Bytes by which a packing is told.
BEGIN_BYTES = 10


def plain_name(name: str) -> str:
    """Return a file's name in lower case without the end that says how it is packed."""
    name = name.lower()
    for packing in PACKINGS:
        name = name.removesuffix(packing.suffix)
    return name


def packing_of(begin: bytes) -> Packing | None:
    """Return how a file is packed by its first `BEGIN_BYTES`, whatever its name; None where it is not."""
    return next((packing for packing in PACKINGS if packing.begin.match(begin)), None)


def without_packing(file: io.BufferedReader) -> io.BufferedReader:
    """Return a reader of a file's bytes, unpacked where it begins as a packed one; reading may raise `BROKEN`, `OSError`."""
    packing = packing_of(file.peek(BEGIN_BYTES))
    return file if packing is None else io.BufferedReader(packing.open(file), UNPACKED_BYTES)


def begin_of(packed: bytes, count: int) -> bytes:
    """Return up to so many bytes of what a packed file's beginning holds; itself where it is not packed."""
    packing, unpacked = packing_of(packed), b""
    if packing is None:
        return packed[:count]
    with suppress(OSError, *BROKEN):
        unpacked = io.BufferedReader(packing.open(io.BytesIO(packed)), count).read(count)
    return unpacked
