"""A small publisher on loopback: a feed with an article and a teaser whose page has the rest, and a feed that is gone."""

import threading
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from tests.support.flow import page

TEXT = "The harbour council voted on Tuesday to widen the eastern channel, after months of debate over its cost. " * 20


class Paper:
    """Serves while it is entered; `url(path)` is an address of its own."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str = "/feed") -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self._server.server_port}{path}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, body = {
            "/": ("text/html", "<title>Paper</title><link rel=alternate type=application/rss+xml href=/feed>"),
            "/feed": ("application/rss+xml", self._feed()),
            "/teaser": ("text/html", page("The ferry line", [TEXT, TEXT.replace("Tuesday", "Friday")])),
        }.get(self.path, ("", ""))
        self.send_response(200 if body else 410 if self.path == "/gone" else 404)
        self.send_header("Content-Type", kind or "text/plain")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def _feed(self) -> str:
        here = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        date = format_datetime(datetime.now(UTC))
        items = f"<item><title>The channel</title><link>{here}/whole</link><pubDate>{date}</pubDate>"
        items += f"<description>{TEXT}</description></item>"
        items += f"<item><title>The ferry line</title><link>{here}/teaser</link><pubDate>{date}</pubDate></item>"
        return f'<rss version="2.0"><channel><title>Paper</title><link>{here}</link>{items}</channel></rss>'

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name that the base class gives it
        """Keep quiet."""
