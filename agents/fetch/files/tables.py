"""Tables of articles: CSV with any delimiter, packed or not, and Parquet; a row is a raw record.

Memory is that of a row, of a batch of rows in Parquet. What is no row of the table is refused with its line, and the rest
goes on; a row without a text is a record without content, which the step clean refuses.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from agents.fetch.files.columns import TIMES, Columns, raw_of, time_of
from agents.fetch.files.encodings import text_of
from agents.fetch.files.found import Found, Reading, Refusal, broken_off, changed_at, name_of, with_progress
from agents.fetch.files.opening import READ_ERRORS, other_form, peekable
from agents.fetch.files.parquet import End, Rows, parts_of, wanted_of
from agents.fetch.files.row_lines import SAMPLE_BYTES, RowLines, RowTooLong
from streams.errors import InvalidRecord, MissingExtra

#: Delimiters that a head is tried with; the one by which most columns are known is the table's.
DELIMITERS = ",\t;|"
#: A head that is longer is none.
MAX_HEAD_BYTES = 1 << 20
#: Stands between the cells of a row while they are decoded together; no text has it.
BETWEEN = "\x1f"
#: A cell that is an address and nothing else.
URL = re.compile(r"https?://[^\s,;|]{1,4000}\Z")


@dataclass(frozen=True)
class Table:
    """A table's file: its name, the source of rows that name none, and its time."""

    name: str
    source: str
    changed_at: datetime

    def found(self, columns: Columns, cells: Sequence[Any], where: str, reading: Reading, size: int = 0) -> Found:
        """Return a row's raw record, or why it is none. `where`: the row's place."""
        values = columns.values(cells)
        try:
            return raw_of(values, self.source, self.changed_at, where, reading)
        except InvalidRecord as error:
            return Refusal(where, error.reason, error.error, size_bytes=size)
        except RecursionError:  # a list in a list in a list
            return Refusal(where, "invalid_record", "a value is nested too deep", size_bytes=size)


@dataclass(frozen=True)
class Head:
    """The form of a table's rows, by its first line."""

    columns: Columns
    width: int
    delimiter: str

    def trimmed(self, cells: list[str]) -> list[str]:
        """Return a row without the empty cells with which spreadsheets end it."""
        while len(cells) > self.width and not cells[-1]:
            cells.pop()
        return cells

    def wrong(self, cells: list[str], lines: int) -> str:
        """Say that a row has more or fewer cells than the head, and how many lines were read as that row."""
        over = f" over {lines} lines" if lines > 1 else ""
        said = f"a row of {len(cells)} cells{over} in a table of {self.width} columns"
        return f"{said}: a quote or a delimiter in it may not be quoted"

    def fits(self, cells: list[str]) -> bool:
        """Return whether cells are a row beyond doubt: as many as the head has, with its address and times."""
        places = self.columns.places
        if len(self.trimmed(cells)) != self.width or not (places.keys() & {"url", *TIMES}):
            return False
        if "url" in places and not URL.match(cells[places["url"]]):
            return False
        return all(time_of(cells[places[field]], None) for field in TIMES if field in places)


def table_of(path: Path, source: str | None) -> Table:
    """Describe a table's file; its name is the source of rows where none is given."""
    return Table(name_of(path), source or name_of(Path(path.name.partition(".")[0])) or "table", changed_at(path))


def read_table(path: Path, reading: Reading) -> Iterator[Found]:
    """Yield the raw records of a table's rows. Raises `MissingExtra`."""
    table = table_of(path, reading.source)
    if path.suffix.lower() == ".parquet":
        yield from read_parquet(path, table, reading)
        return
    with path.open("rb", buffering=SAMPLE_BYTES) as file:
        plain = peekable(file)
        yield from with_progress(plain, reading, partial(read_csv, plain, table))


def read_csv(file: IO[bytes], table: Table, reading: Reading) -> Iterator[Found]:
    """Yield the raw records of a table in CSV. A row with more or fewer cells than the head is refused."""
    plain = peekable(file)
    if form := other_form(plain, table=True):
        yield Refusal(table.name, "unreadable", form)
        return
    lines = RowLines(plain, reading.max_bytes)
    try:
        names, delimiter = head_of(lines)
        columns = Columns(names)
        if not columns.hold_articles:
            yield Refusal(table.name, "unreadable", columns.missing())
            return
        reading.noted(table.name, str(columns))
        csv.field_size_limit(max(csv.field_size_limit(), reading.max_bytes))
        rows = csv.reader(lines, delimiter=delimiter)
        head = Head(columns, len(names), delimiter)
        yield from rows_of(rows, lines, head, table, reading)
    except READ_ERRORS as error:
        yield broken_off(table.name, lines.number, error)


def head_of(lines: RowLines) -> tuple[list[str], str]:
    """Return the names of a table's columns, and its delimiter; no name for a file without a head."""
    lines.begin()
    try:
        line = next((each for each in lines if each.strip()), "")
    except RowTooLong:
        line = ""
    if not line or len(line) > MAX_HEAD_BYTES:
        return [], DELIMITERS[0]
    names, _, delimiter = head_in(line, decoded=lines.decoded)
    return names, delimiter


def head_in(line: str, *, decoded: bool = False) -> tuple[list[str], Columns, str]:
    """Return the names of columns in a line, those that are known, and the delimiter by which most are known.

    `decoded`: the line is text, and not bytes as Latin-1.
    """
    line = line if decoded else text_of(line.encode("latin-1"))
    heads = [(next(csv.reader([line], delimiter=each), []), each) for each in DELIMITERS]
    found = [(names, Columns(names), delimiter) for names, delimiter in heads]
    return max(found, key=lambda head: len(head[1].places))


def rows_of(rows: Iterator[list[str]], lines: RowLines, head: Head, table: Table, reading: Reading) -> Iterator[Found]:
    """Yield the raw records of the rows behind the head."""
    while True:
        first, read, ended = lines.begin(), lines.read, True
        where, refusal = f"{table.name}:{first}", None
        cells: list[str] = []
        try:
            cells = head.trimmed(next(rows))
        except StopIteration:
            return
        except RowTooLong as error:
            said = f"the row from this line on is over the limit with {error.size} bytes: a quote may not be closed"
            ended = error.ended
            refusal = Refusal(
                where, "too_large", said + ", and nothing behind it is read" * (not ended), None, error.size
            )
        except csv.Error as error:
            refusal = Refusal(where, "invalid_record", f"no row of CSV: {error}", size_bytes=lines.size)
        if not refusal and len(cells) != head.width and any(cells):
            refusal = Refusal(where, "invalid_record", head.wrong(cells, lines.taken), size_bytes=lines.size)
        if lines.taken > 1 and (refusal or not lines.is_strict(head.delimiter)):
            size, count = lines.size, lines.taken
            if place := lines.go_back(head.delimiter, head.fits):
                said = f"a quote is not closed: {count} lines would be one row; the next row is read from line {first + place} on"
                refusal, ended = Refusal(where, "invalid_record", said, size_bytes=size), True
        reading.progress(lines.read - read)
        if refusal:
            yield refusal
        elif any(cells):
            yield table.found(head.columns, cells if lines.decoded else decoded(cells), where, reading, lines.size)
        if not ended:
            return


def decoded(cells: list[str]) -> list[str]:
    """Return the cells of a row that hold bytes as Latin-1 in the row's encoding."""
    row = BETWEEN.join(cells)
    if row.isascii():
        return cells
    whole = text_of(row.encode("latin-1")).split(BETWEEN)
    return whole if len(whole) == len(cells) else [text_of(cell.encode("latin-1")) for cell in cells]


def read_parquet(path: Path, table: Table, reading: Reading) -> Iterator[Found]:
    """Yield the raw records of a table in Parquet."""
    if find_spec("pyarrow") is None:
        raise MissingExtra("parquet", "pyarrow", f"Parquet files ({table.name})")
    columns, number = Columns([]), 0
    with closing(parts_of(path, reading.max_bytes)) as parts:
        for part in parts:
            if isinstance(part, Rows):
                for cells in part.cells:
                    number += 1
                    yield table.found(columns, cells, f"{table.name}:{number}", reading)
                reading.progress(part.size)
            elif isinstance(part, End):
                if part.reason == "too_large":
                    yield Refusal(table.name, part.reason, part.error)
                elif part.reason:
                    said = f"the table breaks off here: {part.error}"
                    yield Refusal(f"{table.name}:{number + 1}", part.reason, said)
            else:
                columns = Columns(part)
                if not columns.hold_articles:
                    yield Refusal(table.name, "unreadable", columns.missing())
                    return
                reading.noted(table.name, str(columns))
                columns = Columns(wanted_of(part))
