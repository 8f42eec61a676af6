"""Checks on every request, and headers on every answer.

421   the `Host` is none of the worker's names: a page elsewhere whose name was bound anew to this address asks
401   a token is set, and the request does not bring it; health and the page's own files need none
"""

import hmac
from collections.abc import Awaitable, Callable, Collection, Iterable
from ipaddress import ip_address
from typing import Any

from aiohttp import hdrs, web

from wirewatch.http import connections
from wirewatch.http.metrics import HttpMetrics
from wirewatch.http.refusals import as_page, error_in, is_looked_at, problem

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
#: Paths that need no token, beside the page's own files: probes; and pushes, which have a token of their own.
OPEN_PATHS = {"/health/live", "/health/ready", "/push"}
#: Hubs have tokens of their own, in their paths.
HUB_PATH = "/websub/"
NO_SNIFF = "X-Content-Type-Options"
#: Of a path that is not there, the characters that the answer has.
MAX_PATH_SHOWN = 100
RESOURCE_POLICY = "Cross-Origin-Resource-Policy"


class Names:
    """The names by which a worker may be asked; `more` is one that counts besides those of the settings."""

    def __init__(self, bind: str, names: Iterable[str], more: str = "") -> None:
        given = frozenset(name.lower().rstrip(".") for name in names)
        self._any = not given and not is_loopback(bind)
        self._names = given | LOOPBACK_NAMES | ({more.lower()} if more else frozenset())

    def admit(self, host: str | None) -> bool:
        """Return whether a `Host` is one of the names, or an address: only a name can be bound anew.

        On a loopback address without names of its own only loopback counts. Elsewhere, where no names are set, any.
        """
        if self._any or host is None:
            return True
        name = name_of(host)
        return name in self._names or is_address(name)


def is_loopback(bind: str) -> bool:
    """Return whether an address to listen on is this machine's own."""
    return bind.lower() == "localhost" or (is_address(bind) and ip_address(bind).is_loopback)


def is_address(name: str) -> bool:
    """Return whether a host is an IP address, not a name."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def name_of(host: str) -> str:
    """Return the name in a `Host`: lower case, without port, brackets and a closing dot."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0].rstrip(".") if host.count(":") == 1 else host.rstrip(".")


class Token:
    """The one token that articles, metrics, status and feeds need where it is set."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    def __bool__(self) -> bool:
        """Return whether one is set."""
        return bool(self._token)

    def admits(self, request: web.Request) -> bool:
        """Return whether a request brings the token, where one is set; compared in constant time."""
        same = [hmac.compare_digest(token.encode("utf-8", "replace"), self._token) for token in tokens_of(request)]
        return not self._token or any(same)


def tokens_of(request: web.Request) -> list[str]:
    """Return the tokens that a request brings, in its header and its address."""
    scheme, _, bearer = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    given = [bearer.strip()] if scheme.lower() == "bearer" else []
    return given + request.query.getall("token", [])


def guard(names: Names, token: Token, metrics: HttpMetrics, page: Collection[str] = ()) -> Any:
    """Return the middleware that checks every request; `page`: the paths of the page's own files."""
    open_paths = OPEN_PATHS.union(page)

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        connections.begin(request)
        if not names.admit(request.headers.get(hdrs.HOST)):
            metrics.refused.labels("host").inc()
            return problem(421, "this worker has another name: set worker.http_names to those by which it may be asked")
        open_path = request.path in open_paths or request.path.startswith(HUB_PATH)
        if not open_path and not token.admits(request):
            metrics.refused.labels("token").inc()
            said = "this is not the worker's token" if any(tokens_of(request)) else "this worker needs its token"
            return problem(
                401,
                f"{said}: `Authorization: Bearer TOKEN`, or `?token=TOKEN`",
                {hdrs.WWW_AUTHENTICATE: 'Bearer realm="wirewatch"'},
            )
        return await handler(request)

    return guarded


@web.middleware
async def show(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a browser that opens an address with a page where others get an error in JSON."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        response = error
    if isinstance(response, web.Response) and is_looked_at(request) and (said := error_in(response)):
        return as_page(response, said)
    if isinstance(response, web.HTTPException):
        raise response
    return response


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a request that no route takes as JSON with advice, like every other error."""
    try:
        return await handler(request)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as error:
        if error.content_type == "application/json":
            raise
        allowed = {str(hdrs.ALLOW): error.headers[hdrs.ALLOW]} if hdrs.ALLOW in error.headers else None
        return problem(error.status, nobody_answers(request), allowed)


def nobody_answers(request: web.Request) -> str:
    """Return the text for a request that no route takes."""
    place = f"{request.method} {request.path[:MAX_PATH_SHOWN]}"
    return f"nothing answers {place}: /api/v1/openapi.json has all that is answered"


async def harden(_: web.Request, response: web.StreamResponse) -> None:
    """Add to every answer: it is of its declared type, no other site's pages may embed it, and no link tells its address."""
    response.headers.setdefault(NO_SNIFF, "nosniff")
    response.headers.setdefault(RESOURCE_POLICY, "same-origin")
    response.headers.setdefault("Referrer-Policy", "no-referrer")  # the token may stand in it
