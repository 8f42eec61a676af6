"""An alert or a digest by mail: HTML and, beside it, our own plain part, since Apprise's leaves out the links.

The mail server is that of the Apprise URL. Apprise sends where mails are to be encrypted.
"""

import smtplib
import ssl
from contextlib import suppress
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr
from typing import TypeGuard

from apprise import NotifyFormat
from apprise.plugins.email.base import NotifyEmail, PGPMode

from agents.deliver import alerts, digests, texts
from agents.deliver.notice import Notice, label_of, public_id
from agents.deliver.receivers.base import require_ours
from streams.network.addresses import bare_host
from streams.records import Digest

SSL, STARTTLS = "ssl", "starttls"


class Subjects(EmailPolicy):
    """How a mail is written: its subject keeps all blanks, and begins on the line of its name.

    Python's own policy folds a subject at a blank between two encoded words, which readers then leave out.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header as lines."""
        if name.lower() != "subject":
            return super().fold_binary(name, value)
        written = Header(value, header_name=name).encode(linesep=self.linesep)
        return f"{name}: {written}{self.linesep}".encode("ascii")


POLICY = Subjects()


def takes_parts(service: object) -> TypeGuard[NotifyEmail]:
    """Return whether a service is a mail server to which a mail of ours can go as it is."""
    return type(service) is NotifyEmail and service.pgp_mode == PGPMode.NONE


def mail(notice: Notice, service: NotifyEmail, page: str) -> EmailMessage:
    """Return the mail. One that is sent again has the same Message-ID, so that clients show it once.

    Of a URL with `?format=text` it is the plain part alone.
    """
    made, label = EmailMessage(POLICY), label_of(notice)
    made["Subject"] = texts.subject(notice)
    made["From"] = address(*service.from_addr)
    made["To"] = ", ".join(address(*target) for target in service.targets)
    if service.cc:
        made["Cc"] = ", ".join(address(service.names.get(each), each) for each in sorted(service.cc))
    if service.reply_to:
        made["Reply-To"] = ", ".join(sorted(service.reply_to))
    domain = str(service.from_addr[1]).rpartition("@")[2]
    made["Message-ID"] = f"<{public_id(notice)}@{domain}>"
    made["Date"] = format_datetime(label.at)
    made["List-Id"] = f"<{label.name}.{label.kind}.{domain}>"
    made["Auto-Submitted"] = "auto-generated"
    for name, value in service.headers.items():  # `?+X-Name=value` of the URL
        made[name] = value
    text, html = parts(notice, page)
    made.set_content(text)
    if service.resolve_format() is not NotifyFormat.TEXT:
        made.add_alternative(html, subtype="html")
    return made


def parts(notice: Notice, page: str) -> tuple[str, str]:
    """Return a message as plain text, with links in it, and as HTML whose paragraphs have the direction of their letters."""
    if isinstance(notice, Digest):
        return digests.message(notice, "text", page), digests.html(notice, page)
    html = alerts.body(notice, "html", page).replace("<p>", '<p dir="auto">')  # what is a stranger's is escaped
    return alerts.body(notice, "text", page) + "\n", html


def send(notice: Notice, service: NotifyEmail, delivered_to: set[str], page: str) -> None:
    """Send the mail to all of its addresses but those that have it, and add those that take it now. Blocks.

    Raises `OSError`, `smtplib.SMTPException`, `ValueError` or `NotOurs`; not for a server that has taken the mail and then says
    no more: everybody would get it again.
    """
    context = ssl.create_default_context()
    if not service.verify_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    to = [str(target[1]) for target in service.targets] + sorted({*service.cc, *service.bcc})
    to = [each for each in to if each not in delivered_to]
    if not to:
        return
    service.throttle()  # type: ignore[no-untyped-call] # as Apprise does before each message
    server = connected(service, context)
    try:
        if service.secure_mode == STARTTLS:
            server.starttls(context=context)
        if service.user and service.password:
            server.login(service.user, service.password)
        made = mail(notice, service, page)
        require_ours()
        refused = server.send_message(made, str(service.from_addr[1]), to)
        delivered_to.update(each for each in to if each not in refused)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()
    if refused:
        raise smtplib.SMTPRecipientsRefused(refused)


def connected(service: NotifyEmail, context: ssl.SSLContext) -> smtplib.SMTP:
    """Return the mail server, connected."""
    host = bare_host(service.smtp_host)  # of a URL, in which an IPv6 address stands in brackets
    port, seconds = service.port or 0, service.socket_connect_timeout
    if service.secure_mode == SSL:
        return smtplib.SMTP_SSL(host, port, timeout=seconds, context=context)
    return smtplib.SMTP(host, port, timeout=seconds)


def address(name: object, where: object) -> str:
    """Return an address with its name, if it has one."""
    return formataddr((str(name) if name else None, str(where)))
