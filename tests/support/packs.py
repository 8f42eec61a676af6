"""Packs bytes as each packing that is read, for tests."""

import bz2
import gzip
import lzma
import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: Packs by the end of a file's name.
PACKS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstd.compress}

__all__ = ["PACKS", "zstd"]
