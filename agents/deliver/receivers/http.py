"""One HTTP POST: over a session of the receiver's own, without redirects, within a time limit, never raising."""

import asyncio
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import NamedTuple

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    ServerDisconnectedError,
    TCPConnector,
)
from aiohttp.abc import AbstractResolver
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from yarl import URL

from agents.deliver.receivers.base import Attempt, NotOurs, require_ours
from agents.deliver.receivers.redaction import Redaction
from streams.network.addresses import AddressRefused
from streams.network.certificates import certificate_fault
from streams.network.http_dates import retry_after

#: Bytes of an answer that are read: a receiver cannot fill our memory.
MAX_ANSWER_BYTES = 4096
#: Characters of a refusal's text that its error repeats.
MAX_REFUSAL = 160
#: Idle connections are closed sooner than Node and uvicorn close theirs (5 s): a POST that meets a connection just being
#: closed fails, and cannot be repeated unasked.
KEEP_ALIVE_SECONDS = 4.0


class Posting(NamedTuple):
    """How POSTs to one receiver are made."""

    url: URL
    redaction: Redaction
    timeout_seconds: float
    #: connections at the same time
    parallel: int
    resolver: AbstractResolver
    #: statuses after which trying again is useless
    final: frozenset[int] = frozenset({HTTPStatus.GONE})
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class LastMoment(TCPConnector):
    """Connections that are given only while the message belongs to this worker; raises `NotOurs` otherwise."""

    async def connect(self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout) -> Connection:  # noqa: ASYNC109 - aiohttp's own
        """Return a connection, a new one or one that was kept."""
        connection = await super().connect(req, traces, timeout)
        try:
            require_ours()
        except NotOurs:
            connection.close()
            raise
        return connection


class Poster:
    """The session of one receiver; opened with the first POST."""

    def __init__(self, posting: Posting) -> None:
        self._posting = posting
        self._session: ClientSession | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"Poster(host={self._posting.url.host!r})"

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Attempt:
        """POST `body` and return the outcome: 2xx is delivered, a redirect is a failure like any other status."""
        if self._closed:
            return Attempt(delivered=False, error="closed: the worker stops")
        limit = self._posting.timeout_seconds
        try:
            async with asyncio.timeout(limit):
                return await self._post(body, headers)
        except TimeoutError:
            return Attempt(delivered=False, error=f"no answer within {limit:g} s")
        except ClientConnectorError as error:
            refused = isinstance(error.os_error, AddressRefused)
            return self._failed(unconnected(error), final=refused)
        except ServerDisconnectedError:
            return self._failed("the connection was closed without an answer")
        except (ClientError, OSError) as error:
            return self._failed(f"{type(error).__name__}: {error}")

    async def close(self) -> None:
        """Close the session; a later POST fails."""
        self._closed = True
        if self._session is not None:
            await self._session.close()

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> Attempt:
        if self._session is None:
            self._session = ClientSession(
                connector=LastMoment(
                    resolver=self._posting.resolver,
                    limit=self._posting.parallel,
                    keepalive_timeout=KEEP_ALIVE_SECONDS,
                ),
                cookie_jar=DummyCookieJar(),
                timeout=ClientTimeout(total=None),  # the limit is around the whole attempt
                auto_decompress=False,
                headers={
                    "Content-Type": "application/json",
                    "User-Agent": f"wirewatch/{version('wirewatch')}",
                    "Accept-Encoding": "identity",
                },
            )
        async with self._session.post(self._posting.url, data=body, headers=headers, allow_redirects=False) as response:
            if 200 <= response.status < 300:
                return Attempt(delivered=True, status=response.status)
            return self._refused(response, await beginning(response))

    def _refused(self, response: ClientResponse, answer: bytes) -> Attempt:
        status = response.status
        error = f"HTTP {status}"
        # the phrase by the number: what the receiver writes there is its own
        with suppress(ValueError):
            error += f" {HTTPStatus(status).phrase}"
        if 300 <= status < 400:
            error += ": redirects are not followed"
        text = self._posting.redaction.hide(answer.decode("utf-8", errors="replace"))
        if text:
            error += f": {text[:MAX_REFUSAL]}"
        return self._failed(error, status, retry_after(response.headers, self._posting.now().timestamp()))

    def _failed(
        self, error: str, status: int | None = None, wait: float | None = None, *, final: bool = False
    ) -> Attempt:
        return Attempt(
            delivered=False,
            final=final or status in self._posting.final,
            status=status,
            error=self._posting.redaction.hide(error),
            retry_after_seconds=wait,
        )


async def beginning(response: ClientResponse) -> bytes:
    """Return the beginning of an answer's body, as far as it came."""
    read = b""
    try:
        while len(read) < MAX_ANSWER_BYTES:
            chunk = await response.content.read(MAX_ANSWER_BYTES - len(read))
            if not chunk:
                break
            read += chunk
    except (ClientError, OSError):
        pass  # the status is the outcome; the body only explains it
    return read


def unconnected(error: ClientConnectorError) -> str:
    """Return why no connection came about."""
    cause = error.os_error
    if isinstance(cause, AddressRefused):
        return str(cause)
    if isinstance(error, ClientConnectorDNSError) or isinstance(cause, socket.gaierror):
        return f"{error.host}: {cause.strerror or cause or 'no address'}"
    if isinstance(error, ClientConnectorCertificateError):
        return certificate_fault(error)
    named = os.strerror(cause.errno) if cause.errno and cause.errno > 0 else str(cause)
    return f"{error.host}:{error.port}: {named}"
