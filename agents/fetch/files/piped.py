"""Files without a name, as standard input brings them: the first line tells their kind."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

from agents.fetch.files.archives import read_archive
from agents.fetch.files.documents import MAX_BYTES, articles_in_text, articles_of, read_document
from agents.fetch.files.found import Found, Reading, Refusal
from agents.fetch.files.opening import READ_ERRORS, opened, peekable
from agents.fetch.files.own_lines import OF_RAW, parsed, read_own_lines, with_own_fields
from agents.fetch.files.reading import BROKEN_OFF, Kind, page_in, read_lines
from agents.fetch.files.row_lines import SAMPLE_BYTES
from agents.fetch.files.tables import Table, head_in, read_csv
from streams.errors import InputError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

NAME = "standard input"
#: The source of rows and pages that name none.
SOURCE = "standard-input"
HTML = re.compile(rb"(?:<!--.{0,400}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
#: Columns by which a first line is a table's head, where none of them is a text.
KNOWN = 2


class Pipe:
    """A nameless file, read up to its first line: its kind, and all its bytes.

    Raises `InputError` for a form that is not read, and for one that breaks off in its first line.
    """

    def __init__(self, file: IO[bytes], max_bytes: int) -> None:
        try:
            plain = peekable(opened(file))
            line = begin = plain.readline(max_bytes + 1)
            while line and not line.strip() and len(begin) <= max_bytes:
                line = plain.readline(max_bytes + 1)
                begin += line
            self.kind = kind_by(line.strip(), max_bytes)
            if self.kind == "table":  # how it writes quotes is looked for in so much of it
                begin += plain.read(SAMPLE_BYTES)
            self._articles = list[Any]()
            if self.kind == "document":
                begin += plain.read(MAX_BYTES + 1 - len(begin))
                self._articles = articles_in_text(begin) or []
                self.kind = "document" if self._articles else "lines"
        except READ_ERRORS as error:
            raise InputError(f"{NAME} breaks off in its first line: {error}") from error
        #: all bytes, unpacked
        self.whole = io.BufferedReader(RejoinedFile(begin, plain), SAMPLE_BYTES)

    def found(self, reading: Reading) -> Iterator[Found]:
        """Yield the records. Raises `MissingExtra`."""
        table = Table(NAME, reading.source or SOURCE, datetime.now(UTC))
        match self.kind:
            case "table":
                yield from read_csv(self.whole, table, reading)
            case "own_lines":
                yield from read_own_lines(self.whole, table, reading)
            case "document":
                yield from read_document(self._articles, table, reading)
            case "page":
                yield page_in(self.whole.read(reading.max_bytes + 1), table, reading)
            case "archive":
                yield from read_archive(self.whole, NAME, reading)
            case _:
                yield from read_lines(self.whole, NAME, reading)


def read_piped(file: IO[bytes], reading: Reading) -> Iterator[Found]:
    """Yield the records of a file without a name. Raises `MissingExtra`."""
    try:
        pipe = Pipe(file, reading.max_bytes)
    except InputError as error:
        yield Refusal(NAME, "unreadable", str(error))
    else:
        yield from pipe.found(reading)


def kind_by(line: bytes, max_bytes: int) -> Kind:
    """Return how a file is read that begins with a line."""
    if line.startswith(b"WARC/"):
        return "archive"
    if HTML.match(line):
        return "page"
    if line.startswith((b"{", b"[")):
        if len(line) <= max_bytes and with_own_fields(line):
            return "own_lines"
        return "document" if may_be_document(line) else "lines"
    _, columns, _ = head_in(line.decode("latin-1"))
    return "table" if columns.hold_articles or len(columns.places) >= KNOWN else "lines"


def may_be_document(line: bytes) -> bool:
    """Return whether a document begins with a line: it is no record, and either has articles itself or ends within a value."""
    fields = parsed(line)
    if isinstance(fields, dict):
        return not OF_RAW & fields.keys() and articles_of(fields) is not None
    return line.startswith(b"[") or fields.startswith(BROKEN_OFF)


class RejoinedFile(io.RawIOBase):
    """A file from its beginning, though a part of it has been read already."""

    def __init__(self, begin: bytes, rest: io.BufferedReader) -> None:
        self._begin = memoryview(begin)
        self._rest = rest
        self._at = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._at

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill `buffer` as far as one read of the file does."""
        view = memoryview(buffer)
        piece = self._begin[: len(view)] or self._rest.read1(len(view))
        self._begin = self._begin[len(view) :]
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
