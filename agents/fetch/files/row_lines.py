"""The lines of a table in CSV, row by row."""

import io
import re

from agents.fetch.files.opening import MOST_LIMITS, UTF_16, unpacked

#: A quote within a cell as databases and Spark write it, where others double it; bytes of a table that are searched for one.
ESCAPED = re.compile(rb"""\\"[^",;\t|\r\n]""")
SAMPLE_BYTES = 1 << 16


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
        self.number = self.size = 0

    def __iter__(self) -> "RowLines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._max_bytes + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.size += len(line)
        if self.size > self._max_bytes:
            while not self._whole(line) and self.size <= MOST_LIMITS * self._max_bytes:
                line = self._text.readline(self._max_bytes + 1)
                self.size += len(line)
                if not line:
                    break
            raise RowTooLong(self.size, ended=self.size <= MOST_LIMITS * self._max_bytes)
        return line.replace('\\"', '""') if self._escaped else line

    def _whole(self, line: str) -> bool:
        """Tell whether a piece ends its line: a full one that ends with a carriage return may be cut before the line feed."""
        return line.endswith("\n") or (line.endswith("\r") and len(line) <= self._max_bytes)
