"""Web archives (WARC), and collections of them (WACZ): their pages as raw records."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from agents.fetch.files.encodings import text_of
from agents.fetch.files.found import Found, Reading, Refusal, name_of
from agents.fetch.files.packings import BEGIN_BYTES, GZIP, GZIP_MAGIC, packing_of
from agents.fetch.files.passed_over import type_of, why_no_page
from streams.errors import MissingExtra
from streams.records import Raw

#: Bytes of the rest of a record that are read at once.
PIECE = 1 << 16
#: Bytes of a record's heads together, and of a line that does not end: a packed one has gigabytes, and warcio keeps it whole.
#: Browsers and crawlers take less from a server, so no page that was fetched ends its archive here.
MAX_HEAD, MAX_LINE = 8 << 20, 1 << 18
#: Characters of an error that are said, and what stands before the file's own bytes in it, or is one of them.
MOST_SAID, BYTES = 200, re.compile(r"first line:|[^ -~]")
#: Times by which zip may pack an archive of a collection that gzip has packed already, and one that it has not. Beyond them a
#: kilobyte would unpack to a gigabyte.
MOST_TWICE, MOST_ONCE = 10, 200


def opened_archive(file: io.BufferedReader) -> IO[bytes]:
    """Return a web archive's bytes for `read_archive`: packed with gzip still, which warcio takes off record by record."""
    packing = packing_of(file.peek(BEGIN_BYTES))
    return file if packing is None or packing is GZIP else cast("IO[bytes]", packing.open(file))


def read_archive(archive: IO[bytes], name: str, reading: Reading) -> Iterator[Found]:
    """Yield the pages of a web archive: responses with status 200 and HTML or plain text, unpacked up to the limit.

    An archive that breaks off is refused at the record where it does, so that nobody takes a part of a crawl for the whole.
    """
    try:
        records = records_of(archive)
    except ImportError as error:
        raise MissingExtra("archives", "warcio", f"web archives ({name})") from error
    read = number = of_warc = 0
    try:
        for number, record in enumerate(records, 1):
            at = archive.tell()
            reading.progress(max(0, at - read))
            read = max(read, at)
            of_warc += record.format == "warc"  # warcio takes anything else for a record of the older .arc
            if record.format != "warc" and record.rec_type != "response":
                continue
            yield from found_in(record, f"{name}#{number}", reading)
    except Exception as error:  # noqa: BLE001 - warcio raises what its parsers raise; the file is broken from here on
        behind = f"behind record {number}" if number else "at its beginning"
        said = f"the file is damaged {behind}, and what follows is not read: {type(error).__name__}: {without_bytes(error)}"
        yield Refusal(name, "unreadable", said)
        return
    if records.cut:
        yield Refusal(name, "unreadable", f"the file breaks off behind record {number}, and may have had more")
    elif not of_warc:
        yield Refusal(name, "unreadable", "holds no record of a web archive")


def without_bytes(error: Exception) -> str:
    """Return an error's message up to the thousands of the file's bytes that warcio repeats in it."""
    return BYTES.split(str(error), maxsplit=1)[0][:MOST_SAID].rstrip(" ,:")


def records_of(archive: IO[bytes]) -> Any:
    """Return warcio's iterator; behind the last record its `cut` says whether the file ended within another one."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - an extra
    from warcio.bufferedreaders import DecompressingBufferedReader  # noqa: PLC0415

    class Lines(DecompressingBufferedReader):  # type: ignore[misc] # warcio has no types
        left = MAX_HEAD

        def readline(self, length: int | None = None) -> bytes:
            line: bytes = super().readline(min(length or MAX_HEAD, MAX_HEAD))
            self.left -= len(line)
            if self.left < 0 or (len(line) > MAX_LINE and not line.endswith(b"\n")):
                raise ValueError(f"a record's head has over {MAX_LINE} bytes in a line, or over {MAX_HEAD} in all")
            return line

    class Records(ArchiveIterator):  # type: ignore[misc]
        cut = False

        def __init__(self, file: IO[bytes]) -> None:
            super().__init__(file)
            self.reader = Lines(self.fh)

        def _next_record(self, next_line: bytes | None) -> Any:
            self.cut = bool(next_line)  # a head begins here: to warcio one that is cut is the end of the file
            self.reader.left = MAX_HEAD
            record = super()._next_record(next_line)
            self.cut = False
            return record

        def _consume_blanklines(self) -> tuple[bytes | None, int]:
            self.reader.left = MAX_HEAD
            found: tuple[bytes | None, int] = super()._consume_blanklines()
            return found

        def _raise_invalid_gzip_err(self) -> None:
            """Read on where gzip has packed the whole file, not each record: replay alone needs their places in it."""

        def close(self) -> None:
            unpacking = self.reader and self.reader.decompressor
            self.cut = self.cut or (bool(unpacking) and not unpacking.eof)
            super().close()

    return Records(archive)


def found_in(record: Any, where: str, reading: Reading) -> Iterator[Found]:
    """Yield a record's page or its refusal; nothing for a record without a page."""
    try:
        kind = why_no_page(record)
        found = None if kind else page_of(record, where, reading.max_bytes)
    except Exception as error:  # noqa: BLE001 - a date, a charset or packing that nobody knows; the next is read
        kind, found = "", Refusal(where, "unreadable", f"{type(error).__name__}: {error}")
    if missing := missing_of(record):
        yield Refusal(where, "unreadable", f"the file breaks off in this record: {missing}")
    elif found is None:
        reading.passed_over(kind)
    else:
        yield found


def missing_of(record: Any) -> str:
    """Name the part of a record that its file lacks; empty for none."""
    if record.format == "warc" and not (record.rec_headers.get_header("Content-Length") or "").isdigit():
        return "its head is not whole"
    while getattr(record.raw_stream, "limit", 0):
        if not record.raw_stream.read(PIECE):
            return f"{record.raw_stream.limit} bytes of it are missing"
    return ""


def read_collection(path: Path, reading: Reading) -> Iterator[Found]:
    """Yield the pages of the web archives in a .wacz file, a zip archive that has them in `archive/` (WACZ 1.1)."""
    where = name_of(path)
    try:
        with zipfile.ZipFile(path) as collection:
            held = [each for each in collection.infolist() if each.filename.endswith((".warc", ".warc.gz"))]
            if not held:
                yield Refusal(where, "unreadable", "holds no web archive (archive/*.warc.gz)")
            for each in held:
                name = f"{where}/{each.filename}"
                with collection.open(each) as archive:
                    most = MOST_TWICE if archive.read(2) == GZIP_MAGIC else MOST_ONCE
                    archive.seek(0)
                    if each.file_size > most * max(each.compress_size, 1):
                        yield Refusal(name, "too_large", f"unpacks to over {most} times its size")
                        continue
                    yield from read_archive(archive, name, reading)
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
