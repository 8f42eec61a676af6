"""The account of entries: raw, dead, waiting, missing and double, each told apart."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime

from aiokafka import TopicPartition

from agents.fetch.asking import requests
from agents.fetch.asking.requests import REQUEST_HEADER, Request, poll_request
from streams.message import Message
from streams.records import Dead, encode
from streams.topics import DEAD, FETCHES, RAW
from wirewatch.operating.audit import reconcile
from wirewatch.operating.entries import account_of_entries, page_keys
from wirewatch.steps import STEPS

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def request(name: str, offset: int, **fields: object) -> Message:
    """Return the message of a request."""
    value = requests.pack(Request(id=name, source="s", fetched_at=NOW, **fields))  # type: ignore[arg-type]
    return Message(FETCHES.name, 0, offset, b"a.example", value, {"ce_id": name.encode()}, 0.0)


def raw(name: str, fetch_id: str = "") -> Message:
    """Return a raw message that settles a request."""
    headers = {"ce_id": (fetch_id or name).encode(), REQUEST_HEADER: name.encode()}
    return Message(RAW.name, 0, 0, b"k", b"{}", headers, 0.0)


def dead(name: str, reason: str) -> Message:
    """Return a dead letter that settles a request."""
    record = Dead(id=name, fetch_id=name, step="fetch", reason=reason, error="x", size_bytes=0)
    headers = {"ce_id": name.encode(), REQUEST_HEADER: name.encode()}
    return Message(DEAD.name, 0, 0, b"k", encode(record), headers, 0.0)


async def test_each_entry_ends_once_or_is_on_its_way_or_missing() -> None:
    """A request written twice is one; a poll that was asked for is none; a page passed on waits under its request."""
    messages = [
        *(request(name, offset) for offset, name in enumerate(["raw", "again", "dead", "both", "waits", "lost"])),
        request("unread", 10),
        request("again", 7),
        request("moved", 6, hops=["http://a.example/1"]),
        Message(FETCHES.name, 0, 8, b"a.example", requests.pack(poll_request("s", NOW)), {}, 0.0),
        Message(FETCHES.name, 0, 9, b"a.example", b"no request", {}, 0.0),
        *(raw("raw"), raw("again"), raw("again"), raw("both"), dead("both", "gone"), dead("dead", "robots")),
        *(raw("twice", "one"), raw("twice", "two"), request("twice", 5)),
        Message(RAW.name, 0, 1, b"k", b"{}", {"ce_id": b"pushed"}, 0.0),
    ]

    async def read(topics: Iterable[str]) -> AsyncIterator[Message]:
        for message in messages:
            if message.topic in topics:
                yield message

    waiting = page_keys([("p:waits", True), ("p:moved#1", True), ("p:lost", True), ("p:lost", False), ("s:s", True)])
    account = await account_of_entries(waiting, {TopicPartition(FETCHES.name, 0): 10}, read)
    assert account.entries == 9
    assert account.raw == 2
    assert account.dead == {"robots": 1}
    assert account.waiting == 3
    assert account.missing == ["lost"]
    assert sorted(account.double) == ["both", "twice"]
    assert not account.balanced


async def test_what_comes_while_the_topics_are_read_is_on_its_way() -> None:
    """An entry that waited becomes a raw message between two topics: it is in one of the accounts."""
    messages = [request("late", 0)]

    async def read(topics: Iterable[str]) -> AsyncIterator[Message]:
        wanted = list(topics)
        for message in messages:
            if message.topic in wanted:
                yield message
        if RAW.name in wanted and len(messages) == 1:
            messages.append(raw("late"))

    account = await reconcile(STEPS, frozenset(["late"]), {TopicPartition(FETCHES.name, 0): 1}, read)

    assert not account.settled
