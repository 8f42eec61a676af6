"""Registrable domains: the part of a host that one owner answers for, and so with one budget.

The public suffix list comes with the package publicsuffixlist (the code and the list are under MPL-2.0); nothing is
downloaded. Only its ICANN part counts: `a.blogspot.com` and `b.blogspot.com` have different authors and one owner, whose
servers bear the requests of both.
"""

from functools import lru_cache

from aiokafka.partitioner import murmur2
from publicsuffixlist import PublicSuffixList
from yarl import URL

from streams.network.addresses import literal

#: Hosts whose domain is remembered: looking one up takes some microseconds, and a poll asks for it several times.
MOST_HOSTS = 4096
#: URLs and partitions that are remembered: those of the sources and pages that are in work.
MOST_URLS = 256


@lru_cache(maxsize=1)
def suffixes() -> PublicSuffixList:
    """Return the public suffix list, read once."""
    return PublicSuffixList(only_icann=True)


@lru_cache(maxsize=MOST_HOSTS)
def registrable(host: str) -> str:
    """Return the registrable domain of a host, in lower case and Punycode.

    An address is its own domain, in its usual spelling; so is a name without a suffix (`localhost`), and a suffix.
    """
    bare = host.strip().lower().rstrip(".")
    address = literal(bare)
    if address is not None:
        return str(address)
    found: str | None = suffixes().privatesuffix(bare)
    return found or bare


@lru_cache(maxsize=MOST_URLS)
def domain_of(url: str) -> str:
    """Return the registrable domain of a URL; an empty string where it has no host."""
    try:
        host = URL(url).raw_host
    except ValueError:
        return ""
    return registrable(host) if host else ""


@lru_cache(maxsize=MOST_URLS)
def partition_of(domain: str, partitions: int) -> int:
    """Return the partition that a key of this name goes to, as Kafka's own clients put it (murmur2)."""
    return int(murmur2(domain.encode()) & 0x7FFFFFFF) % partitions
