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
    """Keeps the messages that a mail server takes; refuses while `refuses` is set, and addresses that are `unknown`."""

    def __init__(self) -> None:
        self.mails: list[tuple[Envelope, EmailMessage]] = []
        self.refuses = False
        self.unknown: set[str] = set()
        #: what is answered to whoever has sent a mail and says goodbye
        self.goodbye = "221 Bye"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take an address."""
        if address in self.unknown:
            return "450 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer a goodbye."""
        return self.goodbye

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
    def served(self, address: str = "127.0.0.1") -> Iterator[str]:
        """Run a mail server for it on an address of loopback; give its Apprise URL, without the addresses of people."""
        port = free_port()
        server = Controller(self, hostname=address, port=port)
        server.start()
        try:
            yield f"mailto://[{address}]:{port}" if ":" in address else f"mailto://{address}:{port}"
        finally:
            server.stop()
