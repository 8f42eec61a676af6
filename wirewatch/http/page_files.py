"""The page's own files: read once, and answered with an ETag, so that a browser that has them asks for no bytes again."""

from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files

from aiohttp import web

from wirewatch.http.answers import respond

#: The page loads its own style and script, asks its own worker, and nothing else: no inline code, no frames, no forms.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json"}


def page_files() -> Mapping[str, tuple[bytes, str]]:
    """Return the files by path, each with its content type."""
    folder = files("wirewatch.http").joinpath("page")
    found = {}
    for file in folder.iterdir():
        kind = KINDS.get("." + file.name.rpartition(".")[2])
        if kind is not None:
            found["/" if file.name == "page.html" else f"/{file.name}"] = (file.read_bytes(), kind)
    return found


def version_of(found: Mapping[str, tuple[bytes, str]]) -> str:
    """Return a name for the page's files as they are: others have another one."""
    names = sorted(found)
    return sha256(b"\0".join(part for name in names for part in (name.encode(), found[name][0]))).hexdigest()[:16]


#: They are the same for everybody and hold no news: they need no token.
FILES = page_files()
VERSION = version_of(FILES)


async def page_file(request: web.Request) -> web.StreamResponse:
    """Return the page, its style, its map or one of its scripts."""
    body, kind = FILES[request.path]
    response = await respond(request, body, kind)
    response.headers["Content-Security-Policy"] = POLICY
    return response
