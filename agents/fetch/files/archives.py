"""Web archives (WARC), and collections of them (WACZ): their pages as raw records."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from agents.fetch.files.encodings import text_of
from agents.fetch.files.found import Found, Reading, Refusal, name_of
from agents.fetch.files.passed_over import type_of, why_no_page
from streams.errors import MissingExtra
from streams.records import Raw


def read_archive(archive: IO[bytes], name: str, reading: Reading) -> Iterator[Found]:
    """Yield the pages of a web archive: responses with status 200 and HTML or plain text, unpacked up to the limit."""
    try:
        from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtra("archives", "warcio", f"web archives ({name})") from error
    read = records = 0
    try:
        for number, record in enumerate(ArchiveIterator(archive), 1):
            at = archive.tell()
            reading.progress(max(0, at - read))
            read = max(read, at)
            records += record.format == "warc"  # warcio takes anything else for a record of the older .arc
            if record.format != "warc" and record.rec_type != "response":
                continue
            where = f"{name}#{number}"
            try:
                kind = why_no_page(record)
                found = None if kind else page_of(record, where, reading.max_bytes)
            except Exception as error:  # noqa: BLE001 - a date, a charset or packing that nobody knows; the next is read
                found = Refusal(where, "unreadable", f"{type(error).__name__}: {error}")
            if found is None:
                reading.passed_over(kind)
            else:
                yield found
    except Exception as error:  # noqa: BLE001 - warcio raises what its parsers raise; the file is broken from here on
        yield Refusal(name, "unreadable", f"{type(error).__name__}: {error}")
        return
    if not records:
        yield Refusal(name, "unreadable", "holds no record of a web archive")


def read_collection(path: Path, reading: Reading) -> Iterator[Found]:
    """Yield the pages of the web archives in a .wacz file, a zip archive that has them in `archive/` (WACZ 1.1)."""
    where = name_of(path)
    try:
        with zipfile.ZipFile(path) as collection:
            names = [name for name in collection.namelist() if name.endswith((".warc", ".warc.gz"))]
            if not names:
                yield Refusal(where, "unreadable", "holds no web archive (archive/*.warc.gz)")
            for name in names:
                with collection.open(name) as archive:
                    yield from read_archive(archive, f"{where}/{name}", reading)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:  # RuntimeError: one with a password
        yield Refusal(where, "unreadable", str(error) or type(error).__name__)


def page_of(record: Any, where: str, max_bytes: int) -> Found:
    """Return the raw record of one response that is a page."""
    kind = type_of(record)
    url = record.rec_headers.get_header("WARC-Target-URI")
    content = record.content_stream().read(max_bytes + 1)
    if len(content) > max_bytes:
        return Refusal(where, "too_large", f"unpacks to more than {max_bytes} bytes", url, len(content))
    charset = re.search(r"charset=[\"']?([\w-]+)", kind)
    return Raw(
        url=url,
        fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
        content_type="text/plain" if kind.startswith("text/plain") else "text/html",
        content=text_of(content, charset[1] if charset else None),
    )
