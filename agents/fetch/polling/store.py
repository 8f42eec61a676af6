"""The states of a worker's own domains: `wirewatch.polls` in memory.

Three kinds of record, told apart by the first letters of their keys: `s:` a source's state, `d:` a domain's budget, `p:` a
page that waits for its domain's turn. A source's state stays packed; it is some 1 kB, and its
name is one string in all tables.
"""

import logging
from collections.abc import Callable
from sys import intern

import msgspec

from agents.fetch.asking import requests
from agents.fetch.asking.budget import DomainState
from agents.fetch.asking.requests import Request
from agents.fetch.source import state
from agents.fetch.source.state import PollState
from streams.errors import InvalidRecord
from streams.records import Source, decode, unpacked

logger = logging.getLogger("wirewatch.fetch")

SOURCE, DOMAIN, PAGE = "s:", "d:", "p:"
domain_encoder = msgspec.msgpack.Encoder()
domain_decoder = msgspec.msgpack.Decoder(DomainState)
#: Characters of a name in an error.
MOST_NAME = 100


def read_domain(value: bytes) -> DomainState:
    """Return a domain's state; raise `msgspec.DecodeError` for other bytes."""
    return unpacked(domain_decoder, value)


READERS: dict[str, Callable[[bytes], object]] = {SOURCE: state.unpack, DOMAIN: read_domain, PAGE: requests.unpack}


class Store:
    """Sources in force, and their states. Every poller has all sources, and the states of its partitions."""

    def __init__(self) -> None:
        self.sources: dict[str, Source] = {}
        self.states: dict[str, bytes] = {}
        self.domains: dict[str, bytes] = {}
        self.pages: dict[str, bytes] = {}

    def restore(self, key: str, value: bytes | None) -> None:
        """Take back one record of `wirewatch.polls`."""
        kind, name = key[:2], key[2:]
        table = {SOURCE: self.states, DOMAIN: self.domains, PAGE: self.pages}.get(kind)
        if table is None:
            raise InvalidRecord("invalid_record", f"no record of wirewatch.polls is called {key[:100]!r}")
        if value is None:
            table.pop(name, None)
            return
        try:
            READERS[kind](value)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InvalidRecord("invalid_record", f"{key[:100]!r} of wirewatch.polls: {error}") from error
        table[intern(name)] = value

    def take_source(self, name: str, value: bytes | None) -> bool:
        """Take one record of `news.sources`; return whether something has changed.

        Raises `InvalidRecord` for a wrong one; the one in force before stays.
        """
        if value is None:
            return self.sources.pop(name, None) is not None
        try:
            source = decode(value, Source)
            error = "" if source.name == name else f"its record has the name {source.name[:MOST_NAME]}"
        except InvalidRecord as wrong:
            error = wrong.error
        if error:
            kept = "; the one in force before stays" if name in self.sources else ""
            raise InvalidRecord("invalid_record", f"source {name[:MOST_NAME]} is wrong{kept}: {error}")
        before = self.sources.get(name)
        self.sources[intern(name)] = source
        return before != source

    def state(self, name: str) -> PollState:
        """Return a source's state; a fresh one where there is none, or none that can be read."""
        value = self.states.get(name)
        if value is None:
            return PollState()
        try:
            return state.unpack(value)
        except msgspec.DecodeError:
            logger.exception("the state of source %s cannot be read; it is polled as a new one", name)
            return PollState()

    def page(self, identifier: str) -> Request | None:
        """Return a page that waits; None where there is none of this id."""
        value = self.pages.get(identifier)
        try:
            return None if value is None else requests.unpack(value)
        except msgspec.DecodeError:
            logger.exception("the page %s cannot be read", identifier)
            return None

    def domain(self, name: str) -> DomainState | None:
        """Return another owner's state of a domain."""
        value = self.domains.get(name)
        try:
            return None if value is None else read_domain(value)
        except msgspec.DecodeError:
            logger.exception("the budget of %s cannot be read", name)
            return None
