"""Bodies that are packed to more than they are."""

import gzip

import pytest

from agents.fetch.asking.unpacking import MOST_MEMBERS, TooLargeError, Unpacker


def fed(piece: bytes, times: int) -> bytes:
    """Return a body that came in equal pieces."""
    unpacker = Unpacker("gzip", 1_000_000)
    for _ in range(times):
        unpacker.feed(piece)
    return unpacker.end()


def test_members_are_one_body_wherever_they_are_cut() -> None:
    """A server that packs each part by itself sends each by itself; padding behind the last is nothing."""
    packed = b"".join(gzip.compress(b"part %d " % number) for number in range(5)) + b"\0" * 10
    for size in (1, 2, 7, 26, 27, 28, 1000):
        unpacker = Unpacker("gzip", 1_000_000)
        for at in range(0, len(packed), size):
            unpacker.feed(packed[at : at + size])
        assert unpacker.end() == b"part 0 part 1 part 2 part 3 part 4 "


def test_nothing_without_an_end_is_too_large() -> None:
    """Empty members of gzip unpack to nothing, however many come; a body of some members is whole."""
    assert fed(gzip.compress(b"") + gzip.compress(b"ab"), 1000) == b"ab" * 1000
    with pytest.raises(TooLargeError):
        fed(gzip.compress(b"") * 3000, 100)


def test_a_layer_within_another_has_a_bound_of_its_own() -> None:
    """Some kilobytes unpack to megabytes that unpack to nothing: blocks of deflate without a byte, or members."""
    header, block = gzip.compress(b"", mtime=0)[:10], b"\0\0\0\xff\xff"
    for inner in (header + block * 500_000, gzip.compress(b"") * (MOST_MEMBERS + 1)):
        with pytest.raises(TooLargeError):
            fed(gzip.compress(gzip.compress(inner)), 1)
