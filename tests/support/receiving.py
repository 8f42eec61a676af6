"""The other end of a delivery, on loopback: an HTTP endpoint that keeps its requests, and a table of names."""

import asyncio
import base64
import socket
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import NamedTuple, Self

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

#: Secrets of the tests: 32 bytes each.
SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, 01").decode()
OLDER_SECRET = "whsec_" + base64.b64encode(b"an older one of the same size 02").decode()


class Received(NamedTuple):
    """One request: headers by lower-case name."""

    path: str
    headers: dict[str, str]
    body: bytes


async def taken(request: web.Request) -> web.StreamResponse:
    """Answer that all is well."""
    return web.Response(status=204)


class Endpoint:
    """An HTTP server on 127.0.0.1 that keeps its requests and answers each with `answer`."""

    def __init__(self, answer: Answer = taken, port: int = 0) -> None:
        self.answer = answer
        self.received: list[Received] = []
        self.arrived = asyncio.Event()
        self._port = port
        # without a handler's cancellation, one that hangs would hold up the end of its test
        self._runner = web.AppRunner(self._app(), handler_cancellation=True, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._port

    def url(self, path: str = "/hook", host: str = "127.0.0.1") -> str:
        """Return a URL of it."""
        return f"http://{host}:{self._port}{path}"

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._take)
        return app

    async def _take(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.received.append(Received(request.path_qs, headers, await request.read()))
        self.arrived.set()
        return await self.answer(request)


class DnsTable(AbstractResolver):
    """A resolver that knows the names of a table, each with its addresses; `lookups` counts."""

    def __init__(self, **addresses: list[str]) -> None:
        self._addresses = {name.replace("_", "."): found for name, found in addresses.items()}
        self.lookups = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a name; raises `OSError` where it is not in the table."""
        self.lookups += 1
        if host.rstrip(".") not in self._addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses[host.rstrip(".")]
        ]

    async def close(self) -> None:
        """Do nothing."""


class Dripping:
    """A TCP server on 127.0.0.1 that answers each connection with header after header and never ends."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.port = 0
        self.connections = 0
        self.connected = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._drip, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()

    async def _drip(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.append(task)
        self.connections += 1
        self.connected.set()
        try:
            writer.write(b"HTTP/1.1 200 OK\r\n")
            while True:
                writer.write(b"x-more: to come\r\n")
                await writer.drain()
                await asyncio.sleep(0.02)
        except (asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()
