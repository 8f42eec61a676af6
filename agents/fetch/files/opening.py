"""The bytes and lines of a file, packed or not, with a byte order mark or without; files that are not read."""

import codecs
import io
import os
import shlex
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from agents.fetch.files.packings import BROKEN, begin_of, plain_name, without_packing
from streams.errors import InputError

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: The command that writes lines in UTF-16 as they are read.
TO_UTF_8 = "iconv -f UTF-16 -t UTF-8"
#: Ends of names of the tables that are read.
TABLES = (".csv", ".tsv", ".parquet")
#: Ends of names of other tables.
OTHER_TABLES = (".feather", ".arrow", ".xlsx", ".xls", ".ods", ".sqlite", ".db")
A_TABLE = "a table of articles is read as a file named *.csv, *.tsv or *.parquet, where the step `clean` comes first"
AS_TABLE = "write its articles as CSV or Parquet, and give that file"
AS_HTML = "save it as HTML, and give that file"
#: How files begin that hold no lines at all, what they are, and what is to be done with them.
OTHER_KINDS = (
    (b"PAR1", "a Parquet file", A_TABLE),
    (b"PK\x03\x04", "a zip archive", "unpack it into a folder (`unzip -d FOLDER …`), and give that or a file in it"),
    (b"ARROW1", "an Arrow file", AS_TABLE),
    (b"SQLite format 3", "an SQLite database", AS_TABLE),
    (b"%PDF-", "a PDF document", "take the page that it was made of"),
    (b"From: <Saved by", "a page that a browser saved as MHTML", "give the file, named *.mhtml"),
    (b"MIME-Version:", "a mail or a page saved as MHTML", "give the file, named *.eml or *.mhtml"),
    (b"bplist00", "a web archive of Safari", AS_HTML),
    (b"\xd0\xcf\x11\xe0", "a document of an office program", AS_HTML),
)
#: Where a tar archive has its mark, and what is done with one.
TAR_MARK, TAR_PLACE = b"ustar", 257
TAR_NAMES = (".tar", ".tgz", ".tbz2", ".txz", ".tzst")
A_TAR = "a tar archive, which is not read: unpack it into a folder (`tar -xf FILE -C FOLDER`), and give that or a file in it"
#: A line of more than so many limits is passed over with all that follows it in its file.
MOST_LIMITS = 128
STDIN = "<stdin>"
MAGIC_BYTES = max(len(magic) for magic, _, _ in OTHER_KINDS)
#: Longer lines are cut. Far above what a step takes (`clean.max_page_bytes`), so that a refused record keeps its id.
MAX_LINE_BYTES = 1 << 26
#: Raised by reading a file that is cut off, damaged or gone.
READ_ERRORS = (OSError, *BROKEN)


def opened(file: IO[bytes]) -> IO[bytes]:
    """Return the plain bytes of a file: unpacked where it begins as a packed one, whatever its name; without a BOM.

    Editors and spreadsheets of Windows begin a file with a byte order mark, which is no part of the first record.
    Reading may raise `READ_ERRORS`. Raises `InputError` for another kind or encoding, of which no line could be a record.
    """
    plain = peekable(file)
    check_form(plain)
    plain = unpacked(plain)
    with suppress(*READ_ERRORS):  # raised again by who reads on
        if is_tar(plain.peek(TAR_PLACE + len(TAR_MARK)), ""):  # of bzip2 the packed bytes did not tell
            raise InputError(f"{name_of(file)} is {A_TAR}")
    return plain


def unpacked(plain: io.BufferedReader) -> io.BufferedReader:
    """Return a reader of the bytes of a file, unpacked where it is packed, without a byte order mark of UTF-8."""
    plain = without_packing(plain)
    if plain.peek(len(codecs.BOM_UTF8)).startswith(codecs.BOM_UTF8):
        plain.read(len(codecs.BOM_UTF8))
    return plain


def check_form(file: io.BufferedReader) -> None:
    """Raise `InputError` for a file that `other_form` knows, without reading on."""
    if form := other_form(file):
        raise InputError(f"{name_of(file)} is {form}")


def other_form(file: io.BufferedReader, *, table: bool = False) -> str | None:
    """Return which of `OTHER_KINDS` a file is, or that it is in UTF-16, with advice, without reading on; None for none.

    `table`: it is to be read as one, which may be in UTF-16, and cannot come over standard input.
    """
    begin = file.peek(MAGIC_BYTES)
    if is_tar(begin, name_of(file)):
        return A_TAR
    if table and begin.startswith(UTF_16):
        return None
    suffix = Path(name_of(file)).suffix.lower()
    if not table and suffix in OTHER_TABLES and not begin.lstrip().startswith(b"{"):
        return f"a table, which is not read here: {AS_TABLE}"
    if begin.startswith(UTF_16):
        return f"UTF-16, which is not read: {piped(TO_UTF_8, file)}"
    for magic, form, advice in OTHER_KINDS:
        if begin.startswith(magic):
            return f"{form}, which is not read: {advice}"
    if not table and suffix in TABLES and not begin.lstrip().startswith(b"{"):
        return f"a table, which is not read here: {A_TABLE}"
    return None


def is_tar(begin: bytes, name: str) -> bool:
    """Return whether a file is a tar archive, packed or not, by its beginning or its name: bzip2 gives nothing of few bytes."""
    if plain_name(name).endswith(TAR_NAMES):
        return True
    return begin_of(begin, TAR_PLACE + len(TAR_MARK)).startswith(TAR_MARK, TAR_PLACE)


def is_table(path: Path) -> bool:
    """Return whether a file is to be read as a table: by its name, unless it holds lines of JSON all the same."""
    if not plain_name(path.name).endswith(TABLES):
        return False
    with suppress(*READ_ERRORS), path.open("rb") as file:
        return not unpacked(file).peek(1).lstrip().startswith(b"{")
    return True


def name_of(file: IO[bytes]) -> str:
    """Return a file's name, for an error."""
    name = getattr(file, "name", STDIN)
    return "standard input" if name == STDIN else str(name)


def piped(command: str, file: IO[bytes]) -> str:
    """Return the advice to write a file anew on its way into standard input."""
    name = getattr(file, "name", STDIN)
    written = f"… | {command}" if name == STDIN else f"{command} {shlex.quote(str(name))}"
    return f"write it anew on the way, as in `{written} | wirewatch … -`"


def peekable(file: IO[bytes]) -> io.BufferedReader:
    """Return a reader that can be looked into without reading on."""
    return file if isinstance(file, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", file))


def bounded_lines(lines: IO[bytes], max_bytes: int) -> Iterator[tuple[bytes, int]]:
    """Yield each line and its size; of one over the limit only the beginning.

    One of `MOST_LIMITS` limits is the last: a few megabytes unpack to so many that the next file would wait for hours.
    """
    while line := lines.readline(max_bytes + 1):
        size = len(line)
        while not line.endswith(b"\n") and (more := lines.readline(max_bytes + 1)):
            size += len(more)
            line = line if size <= max_bytes else line[:4096]
            if more.endswith(b"\n"):
                break
            if size > MOST_LIMITS * max_bytes:
                yield line, size
                return
        yield line, size


class Lines:
    """The lines of a file, to the end or to where it breaks off; `check` raises then, after the last whole line.

    Of a line longer than `max_bytes` only so much and one byte more is kept: a packed file can hold one without an end.
    """

    def __init__(self, file: IO[bytes], max_bytes: int = MAX_LINE_BYTES) -> None:
        self._file = file
        self._max_bytes = max_bytes
        self._read = 0
        self._broken: Exception | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            lines = opened(self._file)
            while line := lines.readline(self._max_bytes + 1):
                more = line
                while len(more) > self._max_bytes and not more.endswith(b"\n"):
                    more = lines.readline(self._max_bytes + 1)
                self._read += 1
                yield line
        except READ_ERRORS as error:
            self._broken = error

    def passed_over(self) -> str:
        """Say nothing: no line is passed over."""
        return ""

    def columns(self) -> str:
        """Say nothing: there is no table."""
        return ""

    def share(self) -> float | None:
        """Return how much of the file has been read, from 0 to 1; None for a pipe, and where the file has been closed."""
        with suppress(OSError, ValueError):
            number = self._file.fileno()  # a reader's own place would be moved where another thread asks for it
            if size := os.fstat(number).st_size:
                return min(1.0, os.lseek(number, 0, os.SEEK_CUR) / size)
        return None

    def check(self) -> None:
        """Raise `InputError` for a file that broke off."""
        if self._broken is not None:
            raise InputError(
                f"{name_of(self._file)} breaks off after line {self._read}: {self._broken}"
            ) from self._broken
