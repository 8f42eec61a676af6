"""Tables of articles as files: Parquet (extra `[parquet]`), CSV, and JSON lines.

A writer takes records as JSON, in bytes, and writes its file beside `path`; `close` puts it in its place, whole. JSON
lines are the records themselves, with the flat columns added: every command that reads records reads them.
"""

import csv
import io
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol, get_args

import orjson

from streams.errors import MissingExtra, OutputError, SettingsError
from wirewatch.tables.columns import COLUMNS, REGION, TOPIC, Row, Type, row
from wirewatch.tables.exclusive import open_alone

Format = Literal["parquet", "csv", "jsonl"]
FORMATS: tuple[Format, ...] = get_args(Format)
#: Rows that are turned into columns together: some 20 MB of texts.
ROWS_TOGETHER = 5_000
#: A cell that a spreadsheet would compute, or run as a program of its machine: `=HYPERLINK(…)`, `+cmd|…`, `@SUM(…)`. A title of
#: a score, of degrees below zero or of an account is none.
FORMULA = re.compile(r"\s*(?:=|[+@\-](?=[^(|\n]{0,200}[(|]))")
#: The same behind a semicolon: a spreadsheet of a country that writes its decimals with a comma parts the cell there.
PARTED_FORMULA = re.compile(rf";(?={FORMULA.pattern})")
#: Flat columns that are added to the records of JSON lines.
ADDED = ("country", "countries", "topic", "topic_id", "topic_ids")


class Sink(Protocol):
    """The form of a file: writes records, and the file's end."""

    def write(self, records: Iterable[bytes]) -> None:
        """Write records."""

    def finish(self) -> None:
        """Write the end."""


class TableFile:
    """A file that is written under another name, and has its own once it is whole. Raises `OutputError`."""

    def __init__(self, path: Path, form: Format) -> None:
        self._path = path
        self._unfinished = path.with_name(f".{path.name}.unfinished")
        try:
            self._file = open_alone(self._unfinished, path)
            self._file.truncate()
        except OSError as error:
            raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error
        try:
            self._sink = SINKS[form](self._file)
        except BaseException:
            self.abandon()
            raise

    def write(self, records: Iterable[bytes]) -> None:
        """Write records."""
        try:
            self._sink.write(records)
        except OSError as error:
            raise OutputError(f"{self._path} cannot be written: {error.strerror or error}") from error

    def close(self) -> None:
        """Write the end, and put the file in its place."""
        try:
            self._sink.finish()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._unfinished.replace(self._path)
            self._file.close()
        except OSError as error:
            raise OutputError(f"{self._path} cannot be written: {error.strerror or error}") from error

    def abandon(self) -> None:
        """Leave no file."""
        self._unfinished.unlink(missing_ok=True)
        self._file.close()


class JsonLines:
    """Records, a line each."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, records: Iterable[bytes]) -> None:
        """Write records, each with its flat columns."""
        self._file.writelines(with_columns(record) + b"\n" for record in records)

    def finish(self) -> None:
        """Do nothing: the last line is the end."""


def with_columns(record: bytes) -> bytes:
    """Return a record with the flat columns behind its fields."""
    data = orjson.loads(record)
    found = row(data)
    if found["kind"] != "tagged":
        return record
    return orjson.dumps({**data, **{name: found[name] for name in ADDED}, "story_id": found["story"]})


class Csv:
    """Comma-separated values with a head, in UTF-8: lists joined by `; `, nested columns as JSON.

    An apostrophe stands before a text that a spreadsheet would take for a formula.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lines = io.StringIO(newline="")
        self._writer = csv.writer(self._lines, lineterminator="\r\n")
        self._writer.writerow(column.name for column in COLUMNS)

    def write(self, records: Iterable[bytes]) -> None:
        """Write a line for each record."""
        for record in records:
            found = row(orjson.loads(record))
            self._writer.writerow(cell(found[column.name], column.type) for column in COLUMNS)
            if self._lines.tell() > 1 << 20:
                self._flush()

    def finish(self) -> None:
        """Write the rest."""
        self._flush()

    def _flush(self) -> None:
        self._file.write(self._lines.getvalue().encode("utf-8"))
        self._lines.seek(0)
        self._lines.truncate()


def cell(value: Any, type_: Type) -> str:
    """Return a value as it stands in CSV; null and an empty list are nothing."""
    if value is None or value == []:
        return ""
    if type_ in ("text", "texts"):
        text = "; ".join(value) if type_ == "texts" else str(value)
        text = PARTED_FORMULA.sub(";'", text)
        return f"'{text}" if FORMULA.match(text) else text
    if type_ in ("regions", "topics"):
        return orjson.dumps(value).decode()
    return value.isoformat() if type_ in ("time", "day") else str(value)


class Parquet:
    """Apache Parquet, packed with zstd; lists and nested columns are lists and structs."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            import pyarrow as pa  # noqa: PLC0415 - an extra
            from pyarrow import parquet  # noqa: PLC0415
        except ImportError as error:
            raise MissingExtra("parquet", "pyarrow", "Parquet files") from error
        self._arrow = pa
        self._schema = schema(pa)
        self._writer = parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._rows: list[Row] = []

    def write(self, records: Iterable[bytes]) -> None:
        """Keep rows, and write them in groups."""
        for record in records:
            self._rows.append(row(orjson.loads(record)))
            if len(self._rows) == ROWS_TOGETHER:
                self._flush()

    def finish(self) -> None:
        """Write the rest, and the file's own index."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
            self._rows = []


def schema(arrow: Any) -> Any:
    """Return the schema of a Parquet file."""
    text, number = arrow.string(), arrow.float64()
    region = {"score": number, "inferred": arrow.bool_(), "latitude": number, "longitude": number}
    region["geonames_id"] = arrow.int64()
    types = {
        "text": text,
        "texts": arrow.list_(text),
        "integer": arrow.int64(),
        "time": arrow.timestamp("us", tz="UTC"),
        "day": arrow.date32(),
        "regions": arrow.list_(arrow.struct([(name, region.get(name, text)) for name in REGION])),
        "topics": arrow.list_(
            arrow.struct([(name, {"level": arrow.int64(), "score": number}.get(name, text)) for name in TOPIC])
        ),
    }
    return arrow.schema([(column.name, types[column.type]) for column in COLUMNS])


SINKS: dict[Format, Callable[[BinaryIO], Sink]] = {"parquet": Parquet, "csv": Csv, "jsonl": JsonLines}


def format_of(path: Path, given: str | None) -> Format:
    """Return the format that is wanted, else that of a file's name. Raises `SettingsError` where neither says it."""
    wanted = given or path.suffix.lstrip(".").lower()
    for form in FORMATS:
        if form == wanted:
            return form
    raise SettingsError(f"{path.name} does not say its format: give --format {', '.join(FORMATS)}")
