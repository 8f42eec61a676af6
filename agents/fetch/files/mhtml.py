"""Pages that a browser saved as MHTML (RFC 2557): a mail with the page as one part and its pictures as others."""

import base64
import binascii
import quopri
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from typing import NamedTuple

#: Bytes of a file that are read: pictures are most of it.
MAX_BYTES = 1 << 26
#: Most bytes of a part's head.
MAX_HEAD = 1 << 16
#: Most levels of parts within parts.
MAX_DEPTH = 3
#: Most parts of a file that are looked at: a page has some hundred pictures.
MAX_PARTS = 5_000
HTML = ("text/html", "application/xhtml+xml")
#: Lines between a head and what it is of.
BLANK = (b"\r\n\r\n", b"\n\n")


class SavedPage(NamedTuple):
    """The page in a file of MHTML: its bytes and charset, its address and when it was saved, where the file says so."""

    content: bytes
    charset: str | None
    url: str | None
    saved_at: datetime | None


def page_in(mail: bytes) -> SavedPage | None:
    """Return the page of an MHTML file, the first of several frames; None for a file without a page."""
    head, body = split(mail)
    for part, content in parts(head, body, MAX_DEPTH, iter(range(MAX_PARTS))):
        if part.get_content_type() in HTML and (plain := unpacked(part, content)) is not None:
            addresses = (address(head["Snapshot-Content-Location"]), address(part["Content-Location"]))
            url = next(filter(None, addresses), None)
            return SavedPage(plain, part.get_content_charset(), url, time_of(head["Date"]))
    return None


def split(part: bytes) -> tuple[Message, bytes]:
    """Split a part into its head and its content."""
    ends = [(at, len(blank)) for blank in BLANK if (at := part.find(blank, 0, MAX_HEAD)) >= 0]
    end, size = min(ends, default=(0, 0))
    return BytesHeaderParser().parsebytes(part[:end]), part[end + size :]


def parts(head: Message, body: bytes, depth: int, left: Iterator[int]) -> Iterator[tuple[Message, bytes]]:
    """Yield the parts that are in no other: itself, where it has none. `left`: as many more are looked at."""
    boundary = head.get_boundary() if head.get_content_maintype() == "multipart" else None
    if not boundary or not depth:
        yield head, body
        return
    mark = b"--" + boundary.encode("utf-8", "replace")
    for piece in (b"\n" + body).split(b"\n" + mark, MAX_PARTS)[1:]:
        if piece.startswith(b"--") or next(left, None) is None:
            return
        yield from parts(*split(piece.lstrip(b"\r\n")), depth - 1, left)


def unpacked(part: Message, content: bytes) -> bytes | None:
    """Decode a part's content by its transfer encoding; None where it is broken."""
    match str(part["Content-Transfer-Encoding"] or "").strip().lower():
        case "base64":
            try:
                return base64.b64decode(content)
            except binascii.Error:
                return None
        case "quoted-printable":
            return quopri.decodestring(content)
    return content


def address(value: str | None) -> str | None:
    """Return the address of the web in a header, which may be folded."""
    url = "".join(str(value or "").split())
    return url if url.lower().startswith(("http://", "https://")) else None


def time_of(value: str | None) -> datetime | None:
    """Return the time in a header, in UTC where it has no zone; None for any other."""
    try:
        found = parsedate_to_datetime(str(value))
    except (ValueError, OverflowError):  # numbers that no calendar has
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
