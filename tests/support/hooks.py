"""A webhook's other end: a real HTTP server on loopback that notes its requests."""

import socket
import threading
import time
from collections.abc import Mapping
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


def settings_file(receivers: Mapping[str, Hook | str], extra: str = "") -> str:
    """Return a settings file with a webhook for each hook or URL, signed with the secret in HOOK_SECRET."""
    tables = [
        f'[receivers.{name}]\ntype = "webhook"\nurl = "{hook if isinstance(hook, str) else hook.url}"\n'
        'secret_env = "HOOK_SECRET"\n'
        for name, hook in receivers.items()
    ]
    return "\n".join(['[deliver]\nallow_private = ["127.0.0.1"]', extra, *tables])


class DemoReceivers:
    """Receivers of a worker in operation: one takes alerts, one is down, one wants no more. Serve while entered."""

    #: Sources on loopback are asked soon and often.
    POLITE = """[fetch]
allow_private = ["127.0.0.1"]
domain_delay_seconds = 0.1
first_poll_seconds = 0.5
state_write_seconds = 1
"""

    def __init__(self) -> None:
        self.taking, self.gone = Hook(), Hook(status=410)
        # the port of the receiver that is down is held, not listened at: else the demo might be given it
        self._held = socket.socket()

    def settings(self) -> str:
        """Return the settings of a worker that has them, and asks sources on loopback."""
        down = f"http://127.0.0.1:{self._held.getsockname()[1]}/nobody"
        receivers: dict[str, Hook | str] = {"taking": self.taking, "gone": self.gone, "down": down}
        return settings_file(receivers, f"first_wait_seconds = 0.2\n{self.POLITE}")

    def __enter__(self) -> Self:
        self._held.bind(("127.0.0.1", 0))
        self.taking.__enter__()
        self.gone.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.gone.__exit__(kind, error, traceback)
        self.taking.__exit__(kind, error, traceback)
        self._held.close()
