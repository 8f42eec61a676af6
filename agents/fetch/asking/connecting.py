"""Connections to servers that nobody trusts: to addresses that may be reached, for no more bytes than an answer may have.

The body of an answer is bounded where it is read. What stands around it is not: provisional answers without an end (`100
Continue`), empty lines before the first one, notes at each piece of a body.
"""

import socket
from contextvars import ContextVar
from functools import partial
from ipaddress import ip_address
from typing import Any, Protocol

from aiohttp import AddrInfoType, ClientError, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler

from streams.network.addresses import Address, AddressRefused, address_of

#: The host that the connection being made is for; the check of its address needs it.
HOST: ContextVar[str] = ContextVar("HOST", default="")
#: The bytes that the answer being asked for may have, with all that stands around its body.
MOST_BYTES: ContextVar[int] = ContextVar("MOST_BYTES", default=1 << 30)


class AnswerTooLongError(ClientError):
    """An answer has more bytes around its body than any needs."""


class Check(Protocol):
    """Says which addresses may be reached: `Guard` of `agents.fetch.asking.client`."""

    def check(self, host: str, address: Address) -> None:
        """Raise `AddressRefused` where an address may not be reached under the name `host`."""


class Connection(ResponseHandler):
    """A connection that ends when an answer has more bytes than it may have."""

    #: for a server that speaks before it was asked
    _left = 1 << 16

    def set_response_params(self, **given: Any) -> None:
        """Begin to count with each request."""
        self._left = MOST_BYTES.get()
        super().set_response_params(**given)

    def data_received(self, data: bytes) -> None:
        """Take bytes of an answer."""
        self._left -= len(data)
        if self._left >= 0:
            super().data_received(data)
            return
        error = AnswerTooLongError()
        if self._payload is not None:
            self._payload.set_exception(error)
        self._parser = self._payload = None  # else the end of the connection would be the error
        self.set_exception(error)
        if self.transport is not None:
            self.transport.abort()


class Connector(TCPConnector):
    """Makes such connections; each address is checked as its socket is made, whatever spelling of it or name for it was asked."""

    def __init__(self, guard: Check, resolver: AbstractResolver, **given: Any) -> None:
        super().__init__(resolver=Reachable(resolver, guard), socket_factory=self._socket, **given)
        self._guard = guard
        connection: type[ResponseHandler] = Connection
        self._factory = partial(connection, loop=self._loop)

    def _socket(self, info: AddrInfoType) -> socket.socket:
        family, kind, proto, _, where = info
        self._guard.check(HOST.get(), ip_address(str(where[0]).partition("%")[0]))
        made = socket.socket(family=family, type=kind, proto=proto)
        made.setblocking(False)
        return made


class Reachable(AbstractResolver):
    """Another resolver's answers without the addresses that may not be reached.

    A socket would be refused them too, but of several refusals asyncio makes one error that does not say why.
    """

    def __init__(self, inner: AbstractResolver, guard: Check) -> None:
        self._inner = inner
        self._guard = guard

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of `host` that may be reached. Raise `AddressRefused` where it has only others."""
        reached: list[ResolveResult] = []
        refused: OSError = socket.gaierror(socket.EAI_NONAME, "no address")
        for found in reversed(await self._inner.resolve(host, port, family)):
            try:
                self._guard.check(host, address_of(found))
                reached.insert(0, found)
            except AddressRefused as error:
                refused = error
        if not reached:
            raise refused
        return reached

    async def close(self) -> None:
        """Close the other resolver."""
        await self._inner.close()
