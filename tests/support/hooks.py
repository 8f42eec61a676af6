"""A webhook's other end: a real HTTP server on loopback that notes its requests."""

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import orjson

SECRET = "whsec_YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcywgb2sh"  # for these tests only


@dataclass(frozen=True)
class Receipt:
    """One request: its idempotency id, when it was complete (epoch seconds), its body, and the status of its answer."""

    webhook_id: str
    at: float
    body: dict[str, Any]
    status: int = 200


@dataclass
class Hook:
    """Serves while entered, with `status`, after `delay` seconds; with `hang` it never answers."""

    status: int = 200
    delay: float = 0.0
    hang: bool = False
    receipts: list[Receipt] = field(default_factory=list)

    def __post_init__(self) -> None:
        hook, self._released = self, threading.Event()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.receipts.append(Receipt(self.headers["webhook-id"], time.time(), orjson.loads(body), hook.status))
                if hook.hang:
                    hook._released.wait()
                time.sleep(hook.delay)
                try:
                    self.send_response(hook.status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:
                    self.close_connection = True  # a worker that was killed reads no answer

            def log_message(self, *_: Any) -> None:
                """Print nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_: Any) -> None:
                """Print nothing: connections end with the workers that are killed."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    @property
    def ids(self) -> set[str]:
        """The idempotency ids that were seen."""
        return {receipt.webhook_id for receipt in list(self.receipts)}

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()


def settings_file(receivers: dict[str, Hook], extra: str = "") -> str:
    """Return a settings file with a webhook for each hook, signed with the secret in HOOK_SECRET."""
    tables = [
        f'[receivers.{name}]\ntype = "webhook"\nurl = "{hook.url}"\nsecret_env = "HOOK_SECRET"\n'
        for name, hook in receivers.items()
    ]
    return "\n".join(['[deliver]\nallow_private = ["127.0.0.1"]', extra, *tables])
