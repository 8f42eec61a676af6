"""Addresses: webhooks reach the public Internet and hosts allowed by name, however an address is written."""

import ipaddress
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.deliver.receivers.base import Receiver
from agents.deliver.settings import CALLER
from streams.errors import SettingsError
from streams.network.addresses import (
    SPECIAL_V4,
    AddressRefused,
    PublicResolver,
    SystemResolver,
    literal,
    special,
    wrapped,
)
from streams.records import Alert
from streams.system.threads import Threads
from tests.support.receiving import DnsTable, Endpoint

Open = Callable[..., Receiver]
MakeAlert = Callable[..., Alert]

PUBLIC = ["1.1.1.1", "172.32.0.1", "100.128.0.1", "169.253.0.1", "2606:4700:4700::1111", "2001:4860:4860::8888"]
PUBLIC_WRAPPED = ["::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1"]

REFUSED = {
    "0.0.0.0": "unspecified",
    "0.1.2.3": "unspecified",
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "10.0.0.1": "private",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.168.1.1": "private",
    "169.254.169.254": "link-local",
    "100.64.0.1": "carrier",
    "100.100.100.200": "carrier",
    "192.0.0.192": "reserved",
    "192.0.2.1": "documentation",
    "198.18.0.1": "benchmarking",
    "224.0.0.1": "multicast",
    "239.255.255.250": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "reserved",
    "168.63.129.16": "cloud",
    "::": "unspecified",
    "::1": "loopback",
    "fe80::1": "link-local",
    "fc00::1": "unique-local",
    "fd00:ec2::254": "unique-local",
    "fec0::1": "site-local",
    "ff02::1": "multicast",
    "2001:db8::1": "documentation",
    "2001::1": "reserved",
    "100::1": "reserved",
    "::127.0.0.1": "reserved",
    "64:ff9b:1::a00:1": "reserved",
    "::ffff:127.0.0.1": "loopback",
    "::ffff:10.0.0.1": "private",
    "::ffff:169.254.169.254": "link-local",
    "64:ff9b::7f00:1": "loopback",
    "64:ff9b::a9fe:a9fe": "link-local",
    "2002:7f00:1::": "loopback",
    "2002:c0a8:101::1": "private",
}

#: Ways to write 127.0.0.1 in a URL, and others that mean the same machine.
SPELLINGS = [
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "0x7f.1",
    "0x7f000001",
    "0X7F.0.0.0x1",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "0",
    "0.0.0.0",
    "１２７.0.0.1",
    "127。0。0。1",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[fe80::1%25lo]",
]


async def test_name_without_an_address_is_a_failed_attempt(webhook: Open, alert: MakeAlert) -> None:
    """An answer of the resolver that holds no address is a failure like any other, tried again later."""
    attempt = await webhook("http://hooks.test:9/x", resolver=DnsTable(hooks_test=[])).send(alert(), 1)

    assert (attempt.delivered, attempt.final) == (False, False)
    assert attempt.error == "hooks.test: no address"


@pytest.mark.parametrize(("address", "what"), REFUSED.items())
async def test_a_name_with_such_an_address_is_refused(webhook: Open, alert: MakeAlert, address: str, what: str) -> None:
    """Each class of address is refused, for good, with its name and the setting that would allow it."""
    table = DnsTable(hooks_test=[address])

    attempt = await webhook("http://hooks.test:9/x", resolver=table).send(alert(), 1)

    assert (attempt.delivered, attempt.final, attempt.status) == (False, True, None)
    assert attempt.error is not None
    assert "hooks.test is " in attempt.error and what in attempt.error
    assert "deliver.allow_private" in attempt.error


@pytest.mark.parametrize(("address", "what"), REFUSED.items())
def test_such_an_address_in_the_url_stops_the_start(webhook: Open, address: str, what: str) -> None:
    """An address that stands in the URL needs no lookup to be refused."""
    host = f"[{address}]" if ":" in address else address

    with pytest.raises(SettingsError, match="allow_private") as caught:
        webhook(f"http://{host}:9/x", allow_private=[])

    assert what in str(caught.value) and "receivers.desk" in str(caught.value)


@pytest.mark.parametrize("host", SPELLINGS)
def test_odd_spellings_stop_the_start(webhook: Open, host: str) -> None:
    """Whatever the C library or a client reads as an address is judged as that address."""
    with pytest.raises(SettingsError, match="deliver.allow_private"):
        webhook(f"http://{host}:9/x", allow_private=["hooks.test"])


@pytest.mark.parametrize("host", ["134744072", "8.8.2056", "0x8.8.8.8", "8.8.8.8."])
def test_an_odd_spelling_of_a_public_address_is_corrected(webhook: Open, host: str) -> None:
    """It is told how to write it: HTTP clients do not agree on such spellings."""
    if host.endswith("."):
        webhook(f"http://{host}/x")
        return
    with pytest.raises(SettingsError, match=r"write it as 8\.8\.8\.8"):
        webhook(f"http://{host}/x")


@pytest.mark.parametrize("spelling", ["0x7f.1", "127.0.0.1", "localhost"])
async def test_what_the_system_makes_of_a_name_is_checked(spelling: str) -> None:
    """The system's own resolver stands behind the check, with all that it understands."""
    with pytest.raises(AddressRefused, match="loopback"):
        await PublicResolver(SystemResolver(Threads("resolve", 1)), CALLER).resolve(spelling, 80)


async def test_a_name_that_is_allowed_is_reached(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """A host in deliver.allow_private is reached at its private address, in any spelling of its name."""
    table = DnsTable(hooks_test=["127.0.0.1"])

    for host in ("hooks.test", "HOOKS.test", "hooks.test."):
        receiver = webhook(endpoint.url(host=host), resolver=table, allow_private=["Hooks.Test"])
        assert (await receiver.send(alert(), 1)).delivered
    assert len(endpoint.received) == 3


@pytest.mark.parametrize("names", [["127.0.0.1"], ["test"], ["other.test"], ["xhooks.test"], []])
async def test_only_the_urls_own_host_counts(
    webhook: Open, endpoint: Endpoint, alert: MakeAlert, names: list[str]
) -> None:
    """Neither a name's address in the list nor a domain above it allows it."""
    table = DnsTable(hooks_test=["127.0.0.1"])

    attempt = await webhook(endpoint.url(host="hooks.test"), resolver=table, allow_private=names).send(alert(), 1)

    assert attempt.final and endpoint.received == []


@pytest.mark.parametrize(
    ("address", "networks", "reached"),
    [
        ("127.0.0.1", ["10.0.0.0/8", "127.0.0.0/8"], True),
        ("127.0.0.1", ["127.0.0.1/32"], True),
        ("127.0.0.1", ["127.0.0.2/32", "10.0.0.0/8"], False),
        ("::ffff:127.0.0.1", ["127.0.0.0/8"], False),  # by its own spelling alone
    ],
)
async def test_a_network_allows_the_names_in_it(
    webhook: Open, endpoint: Endpoint, alert: MakeAlert, address: str, networks: list[str], reached: bool
) -> None:
    """A name is reached at an address of a network in deliver.allow_private, and no other one."""
    table = DnsTable(hooks_test=[address])
    receiver = webhook(endpoint.url(host="hooks.test"), resolver=table, allow_private=networks)

    attempt = await receiver.send(alert(), 1)

    assert (attempt.delivered, attempt.final, len(endpoint.received)) == (reached, not reached, int(reached))


async def test_a_network_allows_the_address_in_a_url(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """An address that stands in the URL may lie in a network that is allowed; outside of it the start stops."""
    receiver = webhook(endpoint.url(host="127.0.0.1"), allow_private=["127.0.0.0/24"])

    assert (await receiver.send(alert(), 1)).delivered
    with pytest.raises(SettingsError, match="deliver.allow_private"):
        webhook("http://127.0.1.1:9/x", allow_private=["127.0.0.0/24"])


async def test_only_public_addresses_of_a_mixed_answer_are_used() -> None:
    """A name with public and private addresses is reached at the public ones."""
    table = DnsTable(hooks_test=["10.0.0.1", "1.1.1.1", "::1", "2606:4700:4700::1111", "::ffff:10.0.0.1"])

    found = await PublicResolver(table, CALLER).resolve("hooks.test", 443)

    assert [each["host"] for each in found] == ["1.1.1.1", "2606:4700:4700::1111"]


async def test_a_name_is_looked_up_once(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """The address that was checked is the one that is used: a second answer (DNS rebinding) is never asked for."""
    table = DnsTable(hooks_test=["127.0.0.1"])

    await webhook(endpoint.url(host="hooks.test"), resolver=table, allow_private=["hooks.test"]).send(alert(), 1)
    refused = DnsTable(hooks_test=["127.0.0.1"])
    await webhook(endpoint.url(host="hooks.test"), resolver=refused).send(alert(), 1)

    assert (table.lookups, refused.lookups) == (1, 1)
    assert len(endpoint.received) == 1


@pytest.mark.parametrize("address", PUBLIC + PUBLIC_WRAPPED)
def test_public_addresses_are_allowed(address: str) -> None:
    """The neighbours of the special ranges, and public addresses within IPv6, are public."""
    assert special(ipaddress.ip_address(address)) is None


@given(st.one_of(st.ip_addresses(), st.sampled_from(list(SPECIAL_V4)).flatmap(lambda n: st.ip_addresses(network=n))))
def test_nothing_is_public_that_the_standard_library_takes_for_local(address: IPv4Address | IPv6Address) -> None:
    """A second opinion: an address that we let pass is global to `ipaddress` too."""
    if special(address) is None:
        judged = (wrapped(address) if isinstance(address, IPv6Address) else None) or address
        assert judged.is_global and not judged.is_multicast and not judged.is_loopback


@given(st.ip_addresses(v=4))
def test_an_address_within_ipv6_is_judged_like_itself(address: IPv4Address) -> None:
    """Mapped, translated and 6to4 addresses are refused exactly where the IPv4 address is."""
    number = int(address)
    for inside in (number | 0xFFFF << 32, number | 0x64FF9B << 96, 0x2002 << 112 | number << 80 | 1):
        assert (special(IPv6Address(inside)) is None) == (special(address) is None)


@given(st.ip_addresses(), st.booleans())
def test_every_address_is_read_back(address: IPv4Address | IPv6Address, dot: bool) -> None:
    """An address in a URL is seen as one, with and without brackets and the root's dot."""
    host = f"[{address}]" if address.version == 6 else f"{address}{'.' if dot else ''}"
    assert literal(host) == address


@pytest.mark.parametrize("name", ["example.org", "127.example.org", "0x7f", "deadbeef.org", "1.2.3.4.5", "a", ""])
def test_names_are_no_addresses(name: str) -> None:
    """A host that the C library does not read as an address is a name; `0x7f` alone it does read."""
    assert (literal(name) is not None) == (name == "0x7f")


def test_the_table_of_special_addresses_has_no_overlaps() -> None:
    """Each IPv4 address has one class, so that the error names the right one."""
    networks: list[IPv4Network] = list(SPECIAL_V4)
    assert not [(a, b) for i, a in enumerate(networks) for b in networks[i + 1 :] if a.overlaps(b)]
