"""A mail server on loopback, and the messages that it took."""

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.real_kafka import free_port


class Mailbox:
    """Keeps the messages that a mail server takes; refuses while `refuses` is set."""

    def __init__(self) -> None:
        self.mails: list[tuple[Envelope, EmailMessage]] = []
        self.refuses = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail."""
        if self.refuses:
            return "554 not today"
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append((envelope, message))
        return "250 taken"

    @contextmanager
    def served(self) -> Iterator[str]:
        """Run a mail server for it; give its Apprise URL, without addresses."""
        port = free_port()
        server = Controller(self, hostname="127.0.0.1", port=port)
        server.start()
        try:
            yield f"mailto://127.0.0.1:{port}"
        finally:
            server.stop()
