"""Answers with an ETag, packed where the client takes it."""

from hashlib import sha256
from typing import Any

from aiohttp import ETag, web

#: The path of the API, before that of each of its routes.
PREFIX = "/api/v1"


async def respond(request: web.Request, body: bytes, kind: str) -> web.StreamResponse:
    """Return an answer with its ETag, packed where the client takes it; 304 where it has it already."""
    tag = ETag(sha256(body).hexdigest()[:32])
    given: tuple[ETag, ...] = request.if_none_match or ()
    headers: dict[str, Any] = {"Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if kind == "text/html":
        headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
    if any(each.value in (tag.value, "*") for each in given):
        response = web.Response(status=304, headers=headers)
    else:
        response = web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)
        response.enable_compression()
    response.etag = tag
    return response
