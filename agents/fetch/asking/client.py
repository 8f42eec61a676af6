"""One request to a server that nobody trusts: without redirects, within bounds, under our own name.

- Redirects are not followed here: each is a request of its own, with a budget and a check of its own.
- The address is checked as the socket is made, whatever spelling of it or name for it the URL has (`connecting`).
- The body is read in pieces and unpacked up to a bound; the whole request has a time limit, however slowly it drips.
- The bodies of all requests together have a bound (`room`).
- No cookies, no referrer, no disguise: the user agent says who we are and whom to write to.
"""

import asyncio
import errno
import os
import re
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import responses
from importlib.metadata import version

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientError,
    ClientPayloadError,
    ClientResponse,
    ClientResponseError,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    ServerDisconnectedError,
)
from aiohttp.abc import AbstractResolver
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from agents.fetch.asking.connecting import HOST, MOST_BYTES, AnswerTooLongError, Connector
from agents.fetch.asking.robots import PRODUCT
from agents.fetch.asking.room import Room
from agents.fetch.asking.unpacking import PackingError, TooLargeError, Unpacker
from agents.fetch.source.health import FailureKind
from streams.network.addresses import (
    Address,
    AddressRefused,
    Allowance,
    Caller,
    SystemResolver,
    bare_host,
    literal,
    refusal,
    without_user,
)
from streams.network.certificates import certificate_fault
from streams.system.threads import Threads

#: Polls, to addresses that are not public.
CALLER = Caller("polls", "fetch.allow_private")
ACCEPT_FEED = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.8, */*;q=0.1"
ACCEPT_ROBOTS = "text/plain, */*;q=0.1"
#: Most bytes of a header: servers exist whose policies take 9 kB in one line.
MOST_HEADER_BYTES = 16 * 1024
#: Most headers of an answer, 8 MiB together.
MOST_HEADERS = 512
#: So much of the body of an error is read, to tell a challenge from a refusal.
MOST_ERROR_BYTES = 16 * 1024
#: Look-ups beyond those of the requests that are under way: of requests that were given up, whose threads cannot be ended.
SPARE_LOOKUPS = 56
#: Longer addresses in `Link` headers are nobody's.
MOST_LINK_CHARS = 2048
#: More of `Link` headers, together, is no list of a page's links: it would take the event loop's time.
MOST_LINKS_CHARS = 32 * 1024
#: So many blanks in a row stand in no `Link` header: reading them takes time by the square of their number.
BLANKS = re.compile(r"\s{64}")

#: How walls for robots begin, in lower case.
CHALLENGES = (b"just a moment", b"cf-chl", b"challenge-platform", b"captcha", b"enable javascript and cookies")


class RequestFailed(Exception):
    """A request without a usable answer: of which kind, and why, in one sentence."""

    def __init__(self, kind: FailureKind, error: str) -> None:
        super().__init__(error)
        self.kind: FailureKind = kind
        self.error = error


class IdentityNeeded(Exception):
    """The body cannot be unpacked: the request is to be made once more, without packing."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request to make: a GET, or where there is a `form`, its POST.

    `max_bytes` bounds the unpacked body; `cut` takes the beginning of a larger one. `identity` asks for a body that is not
    packed.
    """

    url: str
    max_bytes: int
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: str = ACCEPT_FEED
    cut: bool = False
    identity: bool = False
    form: Mapping[str, str] | None = None

    @property
    def sent_headers(self) -> dict[str, str]:
        """Its headers as they are sent."""
        packing = "identity" if self.identity else "gzip, deflate"
        return {"Accept": self.accept, "Accept-Encoding": packing, **self.headers}


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer. Header names are in lower case; `body` is unpacked; `wire_bytes` is its packed size.

    `url` has no password: relative addresses are joined to it, and it stands in records.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str = ""
    wire_bytes: int = 0
    seconds: float = 0.0
    #: addresses in `Link` headers by their relation; of each the first
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Guard:
    """Which addresses may be reached: public ones once there is a contact, and private ones that are allowed.

    `allow_private` holds hosts and networks (`intranet.example`, `10.1.0.0/16`).
    """

    contact: str = ""
    allow_private: Sequence[str] = ()
    allowance: Allowance = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "allowance", Allowance(self.allow_private, single=True))

    def check(self, host: str, address: Address) -> None:
        """Raise `AddressRefused` where an address may not be reached under the name `host`."""
        refused = refusal(host, address, CALLER)
        if refused is None:
            if not self.contact:
                raise AddressRefused(
                    f"{bare_host(host)}: set fetch.contact (a web or mail address) before it is polled"
                )
            return
        if self.allowance.allows_host(host) or self.allowance.allows_address(address):
            return
        raise AddressRefused(refused)


def user_agent(contact: str) -> str:
    """Return who we are: the name that robots.txt knows, the version, and whom to write to."""
    where = f"+{contact}" if contact.startswith(("http://", "https://")) else contact
    return f"{PRODUCT}/{version('wirewatch')} ({where})" if contact else f"{PRODUCT}/{version('wirewatch')}"


class Client:
    """Makes requests over connections of its own; opened with the first one."""

    def __init__(
        self,
        guard: Guard,
        *,
        timeout_seconds: float = 30.0,
        parallel: int = 200,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        room: Room | None = None,
    ) -> None:
        self._guard = guard
        self._timeout = timeout_seconds
        self._parallel = parallel
        self._resolver = resolver
        self._tls = tls
        self._room = room or Room()
        self._session: ClientSession | None = None

    async def send(self, request: HttpRequest) -> Answer:
        """Return the answer to one request, redirects included as they are; raise `RequestFailed` or `IdentityNeeded`."""
        host = URL(request.url).raw_host or ""
        token = HOST.set(host)
        most = MOST_BYTES.set(2 * request.max_bytes + MOST_HEADER_BYTES * (MOST_HEADERS + 1))
        try:
            spelled = literal(host)
            if spelled is not None:  # aiohttp takes some spellings of an address for no address at all
                self._guard.check(host, spelled)
            async with asyncio.timeout(self._timeout):
                return await self._send(request)
        except TimeoutError as error:
            raise RequestFailed("timeout", f"no complete answer within {self._timeout:g} s") from error
        except ClientConnectorError as error:
            raise unconnected(error) from error
        except (ClientSSLError, ssl.SSLError) as error:
            raise RequestFailed("tls", f"{host}: {error}"[:300]) from error
        except (ServerDisconnectedError, ClientPayloadError) as error:
            raise RequestFailed("broken", "the connection broke off before the answer was whole") from error
        except AddressRefused as error:
            raise RequestFailed("address", str(error)) from error
        except AnswerTooLongError as error:
            raise RequestFailed(
                "too_large", "an answer without an end: more around its body than it may have"
            ) from error
        except ClientResponseError as error:  # of the parser; as it has it, it is the server's own "400"
            raise RequestFailed("broken", f"its answer is no proper HTTP: {fault_of(error)}") from error
        except (ClientError, HttpProcessingError, OSError, ValueError) as error:
            raise RequestFailed("broken", f"{type(error).__name__}: {error}"[:300]) from error
        finally:
            HOST.reset(token)
            MOST_BYTES.reset(most)

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _send(self, request: HttpRequest) -> Answer:
        started = time.monotonic()
        method = "GET" if request.form is None else "POST"
        async with self._opened().request(
            method, URL(request.url), headers=request.sent_headers, data=request.form, allow_redirects=False
        ) as response:
            peer = (
                response.connection.transport.get_extra_info("peername")
                if (response.connection is not None and response.connection.transport is not None)
                else None
            )
            body, wire = await self._body(response, request)
            return Answer(
                without_user(request.url),
                response.status,
                {name.lower(): value for name, value in reversed(list(response.headers.items()))},
                body,
                str(peer[0]) if peer else "",
                wire,
                time.monotonic() - started,
                links_of(response) if response.status == 200 else {},
            )

    async def _body(self, response: ClientResponse, request: HttpRequest) -> tuple[bytes, int]:
        """Return the unpacked body and its size on the wire; of an error or a redirect only the beginning."""
        wanted = response.status == 200
        bound = request.max_bytes if wanted else MOST_ERROR_BYTES
        wire = 0
        try:
            unpacker = Unpacker(response.headers.get("Content-Encoding", ""), bound)
            async for piece in response.content.iter_chunked(64 * 1024):
                wire += len(piece)
                await self._room.wait()
                before = len(unpacker.body)
                try:
                    unpacker.feed(piece)
                finally:
                    self._room.add(len(unpacker.body) - before)
            return unpacker.end(), wire
        except TooLargeError as error:
            response.close()
            if request.cut or not wanted:
                return bytes(unpacker.body[:bound]), wire
            raise RequestFailed("too_large", f"more than {request.max_bytes:,} bytes") from error
        except PackingError as error:
            response.close()
            if not wanted:
                return b"", wire
            if request.identity:
                raise RequestFailed("broken", str(error)) from error
            raise IdentityNeeded(str(error)) from error

    def _opened(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(
                connector=Connector(
                    self._guard,
                    self._resolver or SystemResolver(Threads("resolve-fetch", self._parallel + SPARE_LOOKUPS)),
                    limit=self._parallel,
                    ttl_dns_cache=300,
                    keepalive_timeout=15,
                    ssl=self._tls or True,
                ),
                cookie_jar=DummyCookieJar(),
                timeout=ClientTimeout(total=None, sock_connect=min(self._timeout, 15.0)),
                auto_decompress=False,
                max_line_size=MOST_HEADER_BYTES,
                max_field_size=MOST_HEADER_BYTES,
                max_headers=MOST_HEADERS,
                headers={"User-Agent": user_agent(self._guard.contact)},
            )
        return self._session


def is_challenge(answer: Answer) -> bool:
    """Return whether an answer is a wall for robots: it is about us as such, not about how often we ask."""
    if "cf-mitigated" in answer.headers:
        return True
    beginning = answer.body[:4096].lower()
    return any(sign in beginning for sign in CHALLENGES)


def refusal_text(answer: Answer) -> str:
    """Return how a server refused, in one sentence."""
    if is_challenge(answer):
        return f"HTTP {answer.status}, a challenge for robots"
    return f"HTTP {answer.status} {responses.get(answer.status, '')}".rstrip()


def links_of(response: ClientResponse) -> dict[str, str]:
    """Return the addresses of an answer's `Link` headers by their relations; none where they are too long or blank."""
    found: dict[str, str] = {}
    given = response.headers.getall("Link", ())
    if sum(map(len, given)) > MOST_LINKS_CHARS or any(map(BLANKS.search, given)):
        return found
    try:
        for link in response.links.values():
            for relation in str(link.get("rel", "")).lower().split():
                found.setdefault(relation, str(link["url"])[:MOST_LINK_CHARS])
    except (ValueError, KeyError):  # the header is no list of links
        return found
    return found


def fault_of(error: ClientResponseError) -> str:
    """Return why an answer could not be parsed, in a few words and without its bytes."""
    return error.message.partition(":")[0].strip()[:100] or "nothing that can be read"


def unconnected(error: ClientConnectorError) -> RequestFailed:
    """Return why no connection came about."""
    cause: BaseException | None = error.os_error
    while cause is not None:
        if isinstance(cause, AddressRefused):
            return RequestFailed("address", str(cause))
        if isinstance(cause, socket.gaierror):
            return RequestFailed("dns", f"{error.host}: {cause.strerror or 'no address'}")
        if isinstance(cause, BaseExceptionGroup):
            cause = cause.exceptions[0]
            continue
        cause = cause.__cause__
    if isinstance(error, ClientConnectorCertificateError):
        return RequestFailed("tls", certificate_fault(error)[:300])
    if isinstance(error.os_error, ssl.SSLError):
        reason = (error.os_error.reason or str(error.os_error)).replace("_", " ").lower()
        return RequestFailed("tls", f"{error.host}:{error.port}: TLS fails: {reason}"[:300])
    number = error.os_error.errno  # asyncio says "Connect call failed" and the address again
    reason = (
        os.strerror(number)
        if number is not None and number in errno.errorcode
        else error.os_error.strerror or str(error.os_error)
    )
    return RequestFailed("connect", f"{error.host}:{error.port}: {reason}"[:300])
