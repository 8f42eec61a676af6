"""The account of sources' entries: each that was new ends as one raw message or one dead letter.

It begins at `wirewatch.fetches`, where a poll puts each new entry as a request, and ends where a raw message or a dead
letter says, by its header `ww_request`, which request it settles. A request that is nowhere is on its way while the step
still has to read it, or while its page waits for its domain's turn; else it is missing.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field

import msgspec
from aiokafka import TopicPartition

from agents.fetch.asking import requests
from agents.fetch.asking.requests import REQUEST_HEADER
from agents.fetch.polling.store import PAGE
from streams.message import Message
from streams.records import Dead, decode
from streams.topics import DEAD, FETCHES, RAW


@dataclass
class EntryAccount:
    """How the entries ended. `double`: requests with a raw message and a dead letter, or with two raw messages."""

    entries: int = 0
    raw: int = 0
    dead: Counter[str] = field(default_factory=Counter)
    waiting: int = 0
    missing: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)

    @property
    def balanced(self) -> bool:
        """Whether nothing is missing and nothing is double."""
        return not self.missing and not self.double


async def account_of_entries(
    waiting: Iterable[str],
    offsets: dict[TopicPartition, int],
    read: Callable[[Iterable[str]], AsyncIterator[Message]],
) -> EntryAccount:
    """Reconcile the requests that `read` yields with the raw messages and dead letters.

    `waiting` are the keys of pages that wait, and `offsets` how far the step has read, both from before: what is settled
    while the topics are read is found then.
    """
    account = EntryAccount()
    still = {key.removeprefix(PAGE).partition("#")[0] for key in waiting}
    ends, reasons = await ends_of_requests(read)
    asked = await entries_asked(offsets, read)
    account.entries = len(asked)
    for request, unread in asked.items():
        where = ends.get(request, set())
        if len(where) > 1:
            account.double.append(request)
        elif request in reasons:
            account.dead[reasons[request]] += 1
        elif where:
            account.raw += 1
        elif unread or request in still:
            account.waiting += 1
        else:
            account.missing.append(request)
    return account


async def ends_of_requests(
    read: Callable[[Iterable[str]], AsyncIterator[Message]],
) -> tuple[dict[str, set[str]], dict[str, str]]:
    """Return the raw messages and dead letters of each request, by topic and fetch id, and the reasons of the latter."""
    ends: defaultdict[str, set[str]] = defaultdict(set)
    reasons: dict[str, str] = {}
    async for message in read([RAW.name, DEAD.name]):
        request = message.headers.get(REQUEST_HEADER, b"").decode("utf-8", "replace")
        if not request:
            continue
        ends[request].add(f"{message.topic} {message.fetch_id}")
        if message.topic == DEAD.name:
            reasons[request] = reason_of(message)
    return ends, reasons


async def entries_asked(
    offsets: dict[TopicPartition, int], read: Callable[[Iterable[str]], AsyncIterator[Message]]
) -> dict[str, bool]:
    """Return the requests for entries, each with whether the step, which has read up to `offsets`, has yet to take one."""
    asked: dict[str, bool] = {}
    async for message in read([FETCHES.name]):
        try:
            found = requests.unpack(message.value)
        except msgspec.DecodeError:
            continue  # it has a dead letter of its own
        if found.kind == "entry":
            unread = message.offset >= offsets.get(TopicPartition(message.topic, message.partition), 0)
            asked[found.id] = asked.get(found.id, False) or unread
    return asked


def reason_of(message: Message) -> str:
    """Return the reason of a dead letter."""
    return decode(message.value, Dead).reason


def page_keys(keys: Iterable[tuple[str, bool]]) -> frozenset[str]:
    """Return the keys of pages that wait, of the keys of `wirewatch.polls` in order, each with whether it has a value."""
    found: set[str] = set()
    for key, there in keys:
        if key.startswith(PAGE):
            (found.add if there else found.discard)(key)
    return frozenset(found)
