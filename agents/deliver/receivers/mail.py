"""A digest by mail: HTML and, beside it, our own plain part, since Apprise's leaves out the links.

The mail server is that of the Apprise URL. Apprise sends where mails are to be encrypted.
"""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import TypeGuard

from apprise.plugins.email.base import NotifyEmail, PGPMode

from agents.deliver.digests import html, message, subject
from agents.deliver.notice import public_id
from streams.records import Digest

SSL, STARTTLS = "ssl", "starttls"


def takes_parts(service: object) -> TypeGuard[NotifyEmail]:
    """Tell whether a service is a mail server to which a mail of ours can go as it is."""
    return type(service) is NotifyEmail and service.pgp_mode == PGPMode.NONE


def mail(digest: Digest, service: NotifyEmail) -> EmailMessage:
    """Return the mail. One that is sent again has the same Message-ID, so that clients show it once."""
    made = EmailMessage()
    made["Subject"] = subject(digest)
    made["From"] = address(*service.from_addr)
    made["To"] = ", ".join(address(*target) for target in service.targets)
    if service.cc:
        made["Cc"] = ", ".join(address(service.names.get(each), each) for each in sorted(service.cc))
    if service.reply_to:
        made["Reply-To"] = ", ".join(sorted(service.reply_to))
    domain = str(service.from_addr[1]).rpartition("@")[2]
    made["Message-ID"] = f"<{public_id(digest)}@{domain}>"
    made["Date"] = format_datetime(digest.at)
    made["List-Id"] = f"<{digest.name}.digest.{domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(message(digest, "text"))
    made.add_alternative(html(digest), subtype="html")
    return made


def send(digest: Digest, service: NotifyEmail) -> None:
    """Send the mail to all of its addresses; raises `OSError` or `smtplib.SMTPException`. Blocks."""
    context = ssl.create_default_context()
    if not service.verify_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    to = [str(target[1]) for target in service.targets] + sorted({*service.cc, *service.bcc})
    server = connected(service, context)
    with server:
        if service.secure_mode == STARTTLS:
            server.starttls(context=context)
        if service.user and service.password:
            server.login(service.user, service.password)
        refused = server.send_message(mail(digest, service), str(service.from_addr[1]), to)
    if refused:
        raise smtplib.SMTPRecipientsRefused(refused)


def connected(service: NotifyEmail, context: ssl.SSLContext) -> smtplib.SMTP:
    """Return the mail server, connected."""
    seconds = service.socket_connect_timeout
    if service.secure_mode == SSL:
        return smtplib.SMTP_SSL(service.smtp_host, service.port or 0, timeout=seconds, context=context)
    return smtplib.SMTP(service.smtp_host, service.port or 0, timeout=seconds)


def address(name: object, where: object) -> str:
    """Return an address with its name, if it has one."""
    return formataddr((str(name) if name else None, str(where)))
