"""Records of sources as pollers take them."""

import pytest

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
