"""Mails: one a file (.eml), or many in one (.mbox), as mail programs and archives of lists keep them.

A newsletter or a press release is an article: its text is the first part in HTML, else the first in plain text.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import IO

from agents.fetch.files.encodings import text_of
from agents.fetch.files.found import Found, Reading, Refusal
from agents.fetch.files.mhtml import HTML, MAX_BYTES, MAX_DEPTH, MAX_PARTS, address, parts, split, time_of, unpacked
from agents.fetch.files.opening import READ_ERRORS
from streams.records import Raw

MAILS = (".eml", ".mbox")
#: The line before a mail of an mbox, behind a blank one; a line of a mail that would look like it has `>` before it.
BETWEEN = b"From "
#: Bytes of a line that are read at once.
LINE_BYTES = 1 << 16
#: Characters of a title that are kept.
MAX_TITLE = 1_000
#: Characters of an id that are kept.
MAX_ID = 200


def read_mails(file: IO[bytes], name: str, source: str, changed_at: datetime, reading: Reading) -> Iterator[Found]:
    """Yield the raw record of each mail of a file; `source`: of one without a sender, `changed_at`: without a date."""
    number = 0
    try:
        for number, (mail, size) in enumerate(mails_in(file, reading), 1):
            where = name if number == 1 and not mail.startswith(BETWEEN) else f"{name}, mail {number}"
            if size > MAX_BYTES:
                yield Refusal(where, "too_large", f"{size} bytes; the limit of a mail is {MAX_BYTES}", size_bytes=size)
            else:
                yield mail_or_refusal(mail, where, reading, source, changed_at)
    except READ_ERRORS as error:
        yield Refusal(f"{name}, mail {number + 1}", "unreadable", f"the file breaks off here: {error}")


def mails_in(file: IO[bytes], reading: Reading) -> Iterator[tuple[bytes, int]]:
    """Yield each mail of a file, at most a byte more of it than `MAX_BYTES`, and its size."""
    kept, size, blank = bytearray(), 0, True
    while line := file.readline(LINE_BYTES):
        reading.progress(len(line))
        if blank and line.startswith(BETWEEN) and size:
            yield bytes(kept), size
            kept, size = bytearray(), 0
        blank = not line.strip()
        size += len(line)
        if len(kept) <= MAX_BYTES:
            kept += line[1:] if line.startswith(b">") and line.lstrip(b">").startswith(BETWEEN) else line
    if kept.strip():
        yield bytes(kept), size


def mail_or_refusal(mail: bytes, where: str, reading: Reading, source: str, changed_at: datetime) -> Found:
    """Return the raw record of a mail, or a refusal: Python's parsers of mails may raise anything."""
    try:
        return mail_in(mail, where, reading, source, changed_at)
    except Exception as error:  # noqa: BLE001 - the next mail is read
        return Refusal(where, "unreadable", f"{type(error).__name__}: {error}", size_bytes=len(mail))


def mail_in(mail: bytes, where: str, reading: Reading, source: str, changed_at: datetime) -> Found:
    """Return the raw record of a mail."""
    head, body = split(mail.partition(b"\n")[2] if mail.startswith(BETWEEN) else mail)
    found = text_part(head, body)
    if found is None:
        return Refusal(where, "no_content", "the mail has no part in HTML or plain text", size_bytes=len(mail))
    kind, content = found
    if len(content) > reading.max_bytes:
        return Refusal(where, "too_large", f"over {reading.max_bytes} bytes", size_bytes=len(content))
    sent = time_of(head["Date"])
    url = address(head["Archived-At"] and str(head["Archived-At"]).strip(" <>"))
    named = str(head["Message-ID"] or "").strip(" <>\r\n\t")
    return Raw(
        id=named if named and len(named) <= MAX_ID and named.isprintable() else None,
        url=url,
        source=reading.source or (None if url else host_of_sender(head) or source),
        fetched_at=min(sent, datetime.now(UTC)) if sent is not None else changed_at,
        content_type="text/html" if kind in HTML else "text/plain",
        content=content,
        title=header_text(head["Subject"])[:MAX_TITLE] or None,
        published_at=sent.isoformat() if sent is not None else None,
    )


def text_part(head: Message, body: bytes) -> tuple[str, str] | None:
    """Return the kind and the text of the part that a mail is read by; None where it has none."""
    plain: tuple[str, str] | None = None
    for part, content in parts(head, body, MAX_DEPTH, iter(range(MAX_PARTS))):
        kind = part.get_content_type()
        if kind not in (*HTML, "text/plain") or part.get_content_disposition() == "attachment":
            continue
        if (content := unpacked(part, content) or b"").strip():
            text = text_of(content, part.get_content_charset())
            if kind in HTML:
                return kind, text
            plain = plain or (kind, text)
    return plain


def host_of_sender(head: Message) -> str:
    """Return the host of a sender's address; an empty text where there is none."""
    host = parseaddr(header_text(head["From"]))[1].rpartition("@")[2].lower()
    return host if "." in host and host.isprintable() else ""


def header_text(value: object) -> str:
    """Return a header's text: unfolded, its words decoded (RFC 2047)."""
    text = " ".join(str(value or "").split())
    try:
        return " ".join(str(make_header(decode_header(text))).split())
    except (MessageError, LookupError, ValueError):  # a charset that nobody knows, base64 that is none
        return text
