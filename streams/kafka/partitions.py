"""The partition of a key, as Kafka's own clients choose it: murmur2, which aiokafka (0.14) computes byte by byte.

An article has one key on every topic, so that the latest keys are remembered: it was 5% of a worker's own process.
"""

import random
import struct
from collections.abc import Sequence
from functools import lru_cache

SEED, FACTOR, MASK = 0x9747B28C, 0x5BD1E995, 0xFFFFFFFF
#: Keys that are remembered, and how long one may be for that.
MOST_KEYS, LONGEST_KEY = 8192, 200


def choose_partition(key: bytes | None, known: Sequence[int], available: Sequence[int]) -> int:
    """Return the partition of a key among all that are known, in ascending order; without a key any that is available."""
    if key is None:
        return random.choice(available or known)
    hashed = remembered(key) if len(key) <= LONGEST_KEY else murmur2(key)
    return known[(hashed & 0x7FFFFFFF) % len(known)]


def murmur2(key: bytes) -> int:
    """Return the 32-bit MurmurHash2 of a key, with the seed of Kafka's clients."""
    found = SEED ^ len(key)
    whole = len(key) & ~3
    for (word,) in struct.iter_unpack("<I", key[:whole]):
        mixed = word * FACTOR & MASK
        found = found * FACTOR & MASK ^ (mixed ^ mixed >> 24) * FACTOR & MASK
    if whole < len(key):
        found = (found ^ int.from_bytes(key[whole:], "little")) * FACTOR & MASK
    found = (found ^ found >> 13) * FACTOR & MASK
    return found ^ found >> 15


remembered = lru_cache(MOST_KEYS)(murmur2)
