"""Bounds on connections: how many there are, and how long one may take to ask and to be answered.

A connection that sends no whole request in time is closed, and so is one that takes too long to read its answer; event
streams have a limit of their own (`FeedRoutes`). Where all places are taken, the connection that has been quiet longest
makes room, so that health answers however many strangers hold connections open.
"""

import asyncio
import resource
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any

import orjson
from aiohttp import hdrs, web
from aiohttp.http import RawRequestMessage
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from wirewatch.http.metrics import HttpMetrics

#: The longest query; one of 200 terms has some 4,000 characters.
MAX_QUERY_CHARACTERS = 4_000
#: The longest address: a query in any script, of whose characters an address writes four bytes as `%F0%9F%8C%8A`.
MAX_ADDRESS_BYTES = 12 * MAX_QUERY_CHARACTERS + 2_000
#: File descriptors that stay for Kafka, child processes and files.
RESERVED_FILES = 256
#: What a sender of a long body may expect before it sends it.
KNOWN_EXPECTATION = "100-continue"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Limits:
    """Connections in all and of one address (0: any number); seconds for a request and for its answer."""

    connections: int = 1_000
    per_address: int = 200
    request_seconds: float = 10.0
    answer_seconds: float = 60.0
    idle_seconds: float = 15.0

    def within_files(self) -> "Limits":
        """Return the same with no more connections than this process may have files for."""
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = max(16, soft - RESERVED_FILES if soft > 2 * RESERVED_FILES else soft // 2)
        if most >= self.connections:
            return self
        return Limits(most, self.per_address, self.request_seconds, self.answer_seconds, self.idle_seconds)


class Connections:
    """All open connections, the one that has been quiet longest first."""

    def __init__(self, limits: Limits, metrics: HttpMetrics) -> None:
        self.limits = limits
        self.metrics = metrics
        self._open: OrderedDict[Connection, str] = OrderedDict()
        self._of_address: Counter[str] = Counter()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._open)

    def admit(self, connection: "Connection", address: str) -> bool:
        """Take a new connection; where all places are taken, close a quiet one or return False."""
        limits = self.limits
        if limits.per_address and self._of_address[address] >= limits.per_address and not self._make_room(address):
            return False
        if len(self._open) >= limits.connections and not self._make_room(None):
            return False
        self._open[connection] = address
        self._of_address[address] += 1
        self.metrics.connections.set(len(self._open))
        return True

    def _make_room(self, address: str | None) -> bool:
        for connection, its_address in self._open.items():
            if not connection.streams and address in (None, its_address):
                self.metrics.refused.labels("connections").inc()
                connection.end()
                return True
        return False

    def moved(self, connection: "Connection") -> None:
        """Note that a connection has brought a request."""
        if connection in self._open:
            self._open.move_to_end(connection)

    def forget(self, connection: "Connection") -> None:
        """Let a connection go."""
        address = self._open.pop(connection, None)
        if address is not None:
            self._of_address[address] -= 1
            if not self._of_address[address]:
                del self._of_address[address]
            self.metrics.connections.set(len(self._open))


class Connection(web.RequestHandler):
    """One connection, with its timers."""

    def __init__(self, server: web.Server, connections: Connections) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(
            server,
            loop=loop,
            access_log=None,  # type: ignore[arg-type]
            keepalive_timeout=connections.limits.idle_seconds,
            max_line_size=MAX_ADDRESS_BYTES,
            auto_decompress=False,  # else every body is unpacked, however large, also one that nobody reads
        )
        self._connections = connections
        self._limits = connections.limits
        self._timer: asyncio.TimerHandle | None = None
        self._stranger: asyncio.Transport | None = None
        self._refused = False
        self.streams = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or answer that there is no place."""
        assert isinstance(transport, asyncio.Transport)
        self._stranger = transport
        peer = transport.get_extra_info("peername")
        if not self._connections.admit(self, stranger_of(str(peer[0])) if peer else ""):
            self._refused = True
            self._connections.metrics.refused.labels("connections").inc()
            transport.write(BUSY)
            transport.close()
            return
        super().connection_made(transport)
        self._wait(self._limits.request_seconds)

    def data_received(self, data: bytes) -> None:
        """Take the bytes of a request, unless the connection was refused."""
        if not self._refused:
            super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget the connection."""
        self._cancel()
        self._connections.forget(self)
        if not self._refused:
            super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer bytes that are no request as every other error; a stranger's, they are counted and not logged."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        self._connections.metrics.refused.labels("malformed").inc()
        long = f"the address or a header is too long; a query of {MAX_QUERY_CHARACTERS} characters has room"
        body = orjson.dumps({"error": long if isinstance(exc, LineTooLong) else "this is no HTTP request"})
        safe = {"X-Content-Type-Options": "nosniff"}  # no middleware sees this answer
        response = web.Response(status=status, body=body, content_type="application/json", headers=safe)
        response.force_close()
        return response

    def begin(self) -> None:
        """Note that a whole request has come: its answer has its own time."""
        self._connections.moved(self)
        self._wait(self._limits.answer_seconds)

    def stream(self) -> None:
        """Let the answer take as long as it does: it is a stream of events."""
        self.streams = True
        self._cancel()

    def end(self) -> None:
        """Close the connection at once."""
        self._cancel()
        self._connections.forget(self)
        if self._stranger is not None:
            self._stranger.abort()

    def _wait(self, seconds: float) -> None:
        self._cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._expire)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        self.end()
        self._connections.metrics.refused.labels("slow").inc()


class LimitedSite(web.TCPSite):
    """A site whose connections are bounded."""

    def __init__(self, runner: web.AppRunner, host: str, port: int, connections: Connections) -> None:
        super().__init__(runner, host, port)
        self._connections = connections

    async def start(self) -> None:
        """Listen."""
        await web.BaseSite.start(self)
        server = self._runner.server
        assert server is not None
        server.request_factory = without_expectations(server.request_factory)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(server, self._connections), self._host, self._port, backlog=self._backlog
        )


def stranger_of(address: str) -> str:
    """Return whom an address stands for: of IPv6 its network of 64 bits, all of whose addresses one host may take."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))


def without_expectations(make: Callable[..., web.BaseRequest]) -> Callable[..., web.BaseRequest]:
    """Return the maker of requests, which passes over an expectation that nobody knows.

    aiohttp answers it with 417 by itself, in plain text, before names and token are checked.
    """

    def made(message: RawRequestMessage, *rest: Any) -> web.BaseRequest:
        if message.headers.get(hdrs.EXPECT, KNOWN_EXPECTATION).lower() != KNOWN_EXPECTATION:
            headers = message.headers.copy()
            del headers[hdrs.EXPECT]
            message = message._replace(headers=type(message.headers)(headers))
        return make(message, *rest)

    return made


def begin(request: web.BaseRequest) -> None:
    """Note for a request's connection that the request has come."""
    if isinstance(request.protocol, Connection):
        request.protocol.begin()


def stream(request: web.BaseRequest) -> None:
    """Note for a request's connection that its answer is a stream of events."""
    if isinstance(request.protocol, Connection):
        request.protocol.stream()
