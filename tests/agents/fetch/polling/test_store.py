"""Records of sources as pollers take them."""

import msgspec
import pytest

from agents.fetch.asking.budget import DomainState
from agents.fetch.polling.store import Store
from streams.errors import InvalidRecord
from streams.records import Source, encode

FEED = encode(Source(name="a", url="https://a.example/feed"))


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b"{", "unexpected end"),
        (FEED.replace(b'"a"', b'"b"'), "has the name b"),
        (FEED.replace(b'"name"', b'"nom"'), "nom"),
    ],
)
def test_a_wrong_source_is_refused_and_the_one_before_stays(value: bytes, why: str) -> None:
    """So whoever follows the topic counts it."""
    store = Store()
    with pytest.raises(InvalidRecord, match=f"source a is wrong: .*{why}"):
        store.take_source("a", value)
    assert store.take_source("a", FEED)
    with pytest.raises(InvalidRecord, match="the one in force before stays"):
        store.take_source("a", value)
    assert not store.take_source("a", FEED)


def test_the_state_of_a_domain_is_read_and_a_spoilt_one_is_none() -> None:
    """The next owner keeps the pause that a server asked for; what cannot be read costs only that."""
    paused = DomainState("a.example", paused_until=90.0, pauses=2, reason="429")
    store = Store()
    store.domains |= {"a.example": msgspec.msgpack.encode(paused), "b.example": b"\xc1"}

    assert store.domain("a.example") == paused
    assert store.domain("b.example") is None
    assert store.domain("c.example") is None
