"""Answers that say why a request is refused, and what to do."""

from typing import Any

import orjson
from aiohttp import web


def problem(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    """Return an error as JSON, with advice."""
    body: dict[str, Any] = {"error": message}
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json", headers=headers)
