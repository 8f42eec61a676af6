"""Answers with an ETag, packed where the client takes it."""

import re
from hashlib import sha256
from typing import Any

from aiohttp import ETag, hdrs, web

#: The path of the API, before that of each of its routes.
PREFIX = "/api/v1"
#: Of HTML that a worker writes: it has a style of its own, and loads and runs nothing.
STILL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: The weight of a coding that a client does not take.
NOTHING = re.compile(r"q\s*=\s*0(?:\.0{0,3})?")


async def respond(request: web.Request, body: bytes, kind: str) -> web.StreamResponse:
    """Return an answer with its ETag, packed where the client takes it; 304 where it has it already."""
    tag = ETag(sha256(body).hexdigest()[:32])
    given: tuple[ETag, ...] = request.if_none_match or ()
    headers: dict[str, Any] = {"Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if kind == "text/html":
        headers["Content-Security-Policy"] = STILL_POLICY
    if any(each.value in (tag.value, "*") for each in given):
        response = web.Response(status=304, headers=headers)
    else:
        response = web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)
        pack(request, response)
    response.etag = tag
    return response


def pack(request: web.Request, response: web.Response) -> None:
    """Let an answer be packed with gzip where the client takes it."""
    if takes_gzip(", ".join(request.headers.getall(hdrs.ACCEPT_ENCODING, []))):
        response.enable_compression(web.ContentCoding.gzip)


def takes_gzip(accepted: str) -> bool:
    """Return whether a client takes gzip, by its `Accept-Encoding`: `gzip;q=0` says that it does not."""
    weights: dict[str, bool] = {}
    for each in accepted.lower().split(","):
        coding, *parameters = (part.strip() for part in each.split(";"))
        weights[coding] = not any(map(NOTHING.fullmatch, parameters))
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", False)))
