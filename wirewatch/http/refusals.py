"""Answers that say why a request is refused, and what to do: JSON for programs, a page for who looks by a browser."""

from html import escape
from typing import Any

import orjson
from aiohttp import hdrs, web

from wirewatch.http.answers import STILL_POLICY

JSON, HTML = "application/json", "text/html"
#: Headers that are those of a body in JSON.
OF_THE_BODY = (hdrs.CONTENT_TYPE, hdrs.CONTENT_LENGTH)
#: A page with the worker's refusal; it has no script, no style of others and no picture.
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>wirewatch: {title}</title>
<style>:root {{ color-scheme: light dark; }} body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto;
padding: 0 1.25rem; overflow-wrap: anywhere; }} h1 {{ font-size: 1.25rem; }}</style>
<h1>{title}</h1><p>{message}</p><p><a href="/">To the page of this worker</a></p></html>
"""


def problem(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    """Return an error as JSON, with advice."""
    body: dict[str, Any] = {"error": message}
    return web.Response(body=orjson.dumps(body), status=status, content_type=JSON, headers=headers)


def is_looked_at(request: web.Request) -> bool:
    """Return whether a person opens an address: browsers ask for HTML by its name, programs for anything or for JSON."""
    accepted = {part.partition(";")[0].strip().lower() for part in request.headers.get(hdrs.ACCEPT, "").split(",")}
    return request.method == hdrs.METH_GET and HTML in accepted and JSON not in accepted


def error_in(answer: web.Response) -> str:
    """Return the error that an answer in JSON consists of; empty where it is none, or says more (as health does)."""
    if answer.status < 400 or answer.content_type != JSON:
        return ""
    body = orjson.loads(answer.body if isinstance(answer.body, bytes) else b"{}")
    return str(body["error"]) if list(body) == ["error"] else ""


def as_page(refused: web.Response, said: str) -> web.Response:
    """Return a refusal as a page that says so, with its status and its headers."""
    title = f"{refused.status} {refused.reason}"
    kept = {name: value for name, value in refused.headers.items() if name not in OF_THE_BODY}
    return web.Response(
        text=PAGE.format(title=escape(title), message=escape(said)),
        status=refused.status,
        content_type=HTML,
        headers=kept | {hdrs.VARY: hdrs.ACCEPT, "Content-Security-Policy": STILL_POLICY},
    )
