"""Addresses that a worker may reach for others: those of the public Internet, and hosts that the settings allow by name.

Whoever may write the URL of a webhook or of a feed could otherwise have the worker call what only it can reach: a cloud's
metadata service, a database, a router. The check stands in the resolver that the connection itself uses, so that a name
cannot have another address when it is used than when it was checked. An address written in the URL is checked before it
is used: it is never looked up.
"""

import socket
from collections.abc import Iterable
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from aiohttp.abc import AbstractResolver, ResolveResult

from streams.system.threads import Threads

#: IANA's registry of special-purpose IPv4 addresses (RFC 6890 and its updates), and multicast. The standard library's
#: `is_global` changed between releases of Python 3.11 and takes multicast for global.
SPECIAL_V4 = {
    IPv4Network("0.0.0.0/8"): "an unspecified address",
    IPv4Network("10.0.0.0/8"): "a private address",
    IPv4Network("100.64.0.0/10"): "a carrier's shared address",
    IPv4Network("127.0.0.0/8"): "a loopback address",
    IPv4Network("169.254.0.0/16"): "a link-local address",
    IPv4Network("172.16.0.0/12"): "a private address",
    IPv4Network("192.0.0.0/24"): "a reserved address",
    IPv4Network("192.0.2.0/24"): "a documentation address",
    IPv4Network("192.88.99.0/24"): "a reserved address",
    IPv4Network("192.168.0.0/16"): "a private address",
    IPv4Network("198.18.0.0/15"): "a benchmarking address",
    IPv4Network("198.51.100.0/24"): "a documentation address",
    IPv4Network("203.0.113.0/24"): "a documentation address",
    IPv4Network("224.0.0.0/4"): "a multicast address",
    IPv4Network("240.0.0.0/4"): "a reserved address",
    # public by number, but it is the host's own platform that answers there, in Azure
    IPv4Network("168.63.129.16/32"): "a cloud platform's own address",
}
#: All that is routed globally lies in here; the exceptions within it follow.
GLOBAL_V6 = IPv6Network("2000::/3")
SPECIAL_V6 = {
    IPv6Network("2001::/23"): "a reserved address",
    IPv6Network("2001:db8::/32"): "a documentation address",
    IPv6Network("3fff::/20"): "a documentation address",
}
#: IPv6 outside of the global range, only for the error's sake; what is in none of them is reserved.
LOCAL_V6 = {
    IPv6Network("::/128"): "an unspecified address",
    IPv6Network("::1/128"): "a loopback address",
    IPv6Network("fc00::/7"): "a unique-local address",
    IPv6Network("fe80::/10"): "a link-local address",
    IPv6Network("fec0::/10"): "a site-local address",
    IPv6Network("ff00::/8"): "a multicast address",
}
MAPPED = IPv6Network("::ffff:0:0/96")
TRANSLATED = IPv6Network("64:ff9b::/96")
SIX_TO_FOUR = IPv6Network("2002::/16")

Address = IPv4Address | IPv6Address


class AddressRefused(OSError):
    """A host has no address that may be reached. An `OSError`, for aiohttp keeps those of a resolver."""


def special(address: Address) -> str | None:
    """Return why an address is none of the public Internet, as `a loopback address`; None where it is public.

    An IPv4 address within an IPv6 one (mapped, NAT64, 6to4) is judged itself: it is where the packets go.
    """
    if isinstance(address, IPv4Address):
        return next((what for network, what in SPECIAL_V4.items() if address in network), None)
    inner = wrapped(address)
    if inner is not None:
        what = special(inner)
        return what and f"{what} ({inner}) within IPv6"
    if address not in GLOBAL_V6:
        return next((what for network, what in LOCAL_V6.items() if address in network), "a reserved address")
    return next((what for network, what in SPECIAL_V6.items() if address in network), None)


def wrapped(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that packets to an IPv6 address come to in the end, if it is such a one."""
    number = int(address)
    if address in MAPPED or address in TRANSLATED:
        return IPv4Address(number & 0xFFFFFFFF)
    if address in SIX_TO_FOUR:
        return IPv4Address(number >> 80 & 0xFFFFFFFF)
    return None


def literal(host: str) -> Address | None:
    """Return the address that a URL's host spells, in any of the ways that the C library reads; None for a name."""
    bare = bare_host(host)
    try:
        return ip_address(bare)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(bare))
    except (OSError, UnicodeEncodeError):
        return None


def bare_host(host: str) -> str:
    """Return a host in one spelling: lower-case, without brackets and the root's dot."""
    return host.strip().lower().removeprefix("[").removesuffix("]").rstrip(".")


def without_user(url: str) -> str:
    """Return a URL without the user and the password that it may hold, as it may be shown and stand in records."""
    if "@" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


class Caller(NamedTuple):
    """Who may reach public addresses alone, and the setting that allows others."""

    name: str
    setting: str


def refusal(host: str, address: Address, caller: Caller) -> str | None:
    """Return the error that refuses a caller to reach `address` under the name `host`; None where it is public."""
    what = special(address)
    if what is None:
        return None
    where = bare_host(host)
    named = what if where == str(address) else f"{address}, {what}"
    return f"{where} is {named}, which {caller.name} may not reach; to allow it, add it to {caller.setting}"


class SystemResolver(AbstractResolver):
    """The system's resolver (`getaddrinfo`) on threads of the caller's own."""

    def __init__(self, threads: Threads) -> None:
        self._threads = threads

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of `host`; raises `OSError` where there are none."""
        found = await self._threads.run(
            partial(socket.getaddrinfo, host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        )
        if not found:
            raise OSError(None, "no address")
        return [
            ResolveResult(
                hostname=host,
                # an address of one link only (fe80::1%eth0) carries the link's number
                host=f"{where[0]}%{where[3]}" if len(where) == 4 and where[3] else str(where[0]),
                port=port,
                family=kind,
                proto=proto,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, proto, _, where in found
        ]

    async def close(self) -> None:
        """Do nothing: a thread ends with its lookup."""


class PublicResolver(AbstractResolver):
    """Another resolver's answers without the addresses that may not be reached: those that are neither public nor allowed."""

    def __init__(self, inner: AbstractResolver, caller: Caller, allowance: "Allowance | None" = None) -> None:
        self._inner = inner
        self._caller = caller
        self._allowance = allowance or Allowance((), single=False)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of `host` that may be reached.

        Raises `AddressRefused` where it has addresses but none of these, and `OSError` where it has none: of an empty
        answer aiohttp makes an error that is nobody's.
        """
        found = await self._inner.resolve(host, port, family)
        if not found:
            raise OSError(None, "no address")
        reached = [each for each in found if self._may_be_reached(address_of(each))]
        if not reached:
            raise AddressRefused(refusal(host, address_of(found[0]), self._caller))
        return reached

    def _may_be_reached(self, address: Address) -> bool:
        return special(address) is None or self._allowance.allows_address(address)

    async def close(self) -> None:
        """Close the other resolver."""
        await self._inner.close()


def address_of(result: ResolveResult) -> Address:
    """Return the address in a resolver's answer."""
    return ip_address(result["host"].partition("%")[0])


class Allowance:
    """Hosts and networks that may be reached although their addresses are not public (`intranet.example`, `10.1.0.0/16`).

    A network allows each name with an address in it; with `single` an address without `/` is a network of one. Any other entry
    allows the host of a URL that it equals.
    """

    def __init__(self, entries: Iterable[str], *, single: bool) -> None:
        entries = list(entries)
        self._hosts = frozenset(map(bare_host, entries))
        found = [network(entry) for entry in entries if single or "/" in entry]
        self._networks = [each for each in found if each is not None]

    def allows_host(self, host: str) -> bool:
        """Say whether a host is allowed by its name, whatever its address."""
        return bare_host(host) in self._hosts

    def allows_address(self, address: Address) -> bool:
        """Say whether an address lies in a network that is allowed."""
        return any(address in each for each in self._networks)


def network(text: str) -> IPv4Network | IPv6Network | None:
    """Return the network that an entry of a setting names; None for a host."""
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None
