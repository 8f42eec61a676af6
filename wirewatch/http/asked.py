"""Parameters of requests: the query string's are those that the OpenAPI document gives their route."""

from aiohttp import hdrs, web

from wirewatch.http.guards import Handler
from wirewatch.http.history.parameters import ParameterError, require_known
from wirewatch.http.openapi import PART
from wirewatch.http.operations import OPERATIONS
from wirewatch.http.refusals import problem

#: The operations whose parameters are checked, by method and path.
CHECKED = {(each.method, PART.sub(r"{\1}", each.path)): each for each in OPERATIONS if each.is_strict}


@web.middleware
async def known_parameters(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a parameter that a route does not have, or has twice: passed over, it would answer another question."""
    method = hdrs.METH_GET if request.method == hdrs.METH_HEAD else request.method
    resource = request.match_info.route.resource
    operation = CHECKED.get((method.lower(), resource.canonical)) if resource is not None else None
    if operation is not None:
        try:
            require_known(request.query, operation.asks)
        except ParameterError as error:
            return problem(400, str(error))
    return await handler(request)
