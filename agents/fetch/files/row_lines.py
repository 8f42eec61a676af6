"""The lines of a table in CSV, row by row; behind a quote that is not closed, the line that begins a row again."""

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator

from agents.fetch.files.opening import MOST_LIMITS, UTF_16, unpacked

#: A quote within a cell as databases and Spark write it, where others double it.
ESCAPED = re.compile(rb"""\\"[^",;\t|\r\n]""")
#: Bytes of a table that are searched for one.
SAMPLE_BYTES = 1 << 16
#: Most lines of a row with a quote that is not closed, for its beginning to be known.
ROW_LINES = 1_000
#: Most characters that are read twice for that.
TWICE = 1 << 26


class RowTooLong(Exception):
    """A row over the limit: its bytes, and whether its line has ended."""

    def __init__(self, size: int, *, ended: bool) -> None:
        super().__init__(size)
        self.size = size
        self.ended = ended


class RowLines:
    """The lines of a table, for `csv.reader`; raises `RowTooLong` where those of one row are over the limit together."""

    def __init__(self, file: io.BufferedReader, max_bytes: int) -> None:
        plain = unpacked(file)
        #: whether the lines are text already, and not bytes as Latin-1
        self.decoded = plain.peek(2).startswith(UTF_16)
        self._escaped = bool(ESCAPED.search(plain.peek(SAMPLE_BYTES)))
        encoding = "utf-16" if self.decoded else "latin-1"
        self._text = io.TextIOWrapper(plain, encoding, errors="replace", newline="")
        self._max_bytes = max_bytes
        #: lines read, of which given back ones are not; bytes of the row; bytes of the file
        self.number = self.size = self.read = 0
        self._row: list[str | RowTooLong] = []
        self._again: deque[str | RowTooLong] = deque()
        self._left = TWICE

    def begin(self) -> int:
        """Begin a row; return the number of its first line."""
        self._row.clear()
        self.size = 0
        return self.number + 1

    @property
    def taken(self) -> int:
        """The lines of the row."""
        return len(self._row)

    def __iter__(self) -> "RowLines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._next()
        self.number += 1
        self._row.append(line)
        if isinstance(line, RowTooLong):
            raise RowTooLong(self.size + line.size, ended=line.ended)
        self.size += len(line)
        if self.size > self._max_bytes:
            raise RowTooLong(self.size, ended=True)
        return self._plain(line)

    def _next(self) -> "str | RowTooLong":
        """Return the next line of the file; of one over the limit its size."""
        line = self._text.readline(self._max_bytes + 1)
        if not line:
            raise StopIteration
        size = len(line)
        if size > self._max_bytes:
            piece = line
            while piece and not self._whole(piece) and size <= MOST_LIMITS * self._max_bytes:
                piece = self._text.readline(self._max_bytes + 1)
                size += len(piece)
        self.read += size
        return RowTooLong(size, ended=size <= MOST_LIMITS * self._max_bytes) if size > self._max_bytes else line

    def _plain(self, line: str) -> str:
        """Return a line whose quotes are doubled."""
        return line.replace('\\"', '""') if self._escaped else line

    def is_strict(self, delimiter: str) -> bool:
        """Return whether the row is written by the rules: behind a quote is a delimiter or the end, and each quote is closed."""
        return bool(first_row(self._from(0, more=False), delimiter))

    def go_back(self, delimiter: str, begins: Callable[[list[str]], bool]) -> int:
        """Give back the lines from the first one, behind the row's first, at which a row of its own begins.

        Return its place in the row; 0 where there is none. `begins` tells a row by its cells. A file costs no more than `TWICE`
        by it, however many of its quotes are open.
        """
        for place in range(1, len(self._row)):
            if self._left <= 0:
                break
            row = first_row(self._from(place, more=True), delimiter)
            if row and begins(row):
                back = self._row[place:]
                self._left -= sum(len(each) for each in back if isinstance(each, str))
                self._again.extendleft(reversed(back))
                self.number -= len(back)
                return place
        return 0

    def _from(self, place: int, *, more: bool) -> Iterator[str]:
        """Yield the row's lines from a place on, and then some `more` of the file."""
        for line in self._row[place : place + ROW_LINES]:
            if isinstance(line, RowTooLong):
                return
            self._left -= len(line) if more else 0
            yield self._plain(line)
        while more and len(self._row) - place < ROW_LINES and self._left > 0:
            try:
                line = next(self)
            except (StopIteration, RowTooLong):
                return
            self._left -= len(line)
            yield line

    def _whole(self, line: str) -> bool:
        """Return whether a piece ends its line: a full one that ends with a carriage return may be cut before the line feed."""
        return line.endswith("\n") or (line.endswith("\r") and len(line) <= self._max_bytes)


def first_row(lines: Iterator[str], delimiter: str) -> list[str]:
    """Return the cells of the first row, where it is written by the rules; none else."""
    try:
        return next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []
