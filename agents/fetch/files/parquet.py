"""Tables in Parquet, read in a process of their own: on some damaged files pyarrow's C++ ends the process that reads them.

The process writes parts to its output, pickled: the names of the columns, the rows of each batch, and how the table ends.
"""

import pickle
import resource
import subprocess
import sys
from collections.abc import Generator, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from agents.fetch.files.columns import Columns

#: Rows that are in memory together, and bytes of a column that are read at once.
BATCH_ROWS, BUFFER_BYTES = 64, 1 << 20


class Rows(NamedTuple):
    """Rows of a table, in the order of the columns that are read, and their share of the file's bytes."""

    cells: list[tuple[Any, ...]]
    size: int


class End(NamedTuple):
    """The reason of a refusal and its error where a table breaks off; both are empty where it was read to its end."""

    reason: str = ""
    error: str = ""


def parts_of(path: Path, max_bytes: int) -> Generator[list[str] | Rows | End, None, None]:
    """Yield the parts of a table up to its first end, as another process reads them."""
    command = [sys.executable, "-P", "-c", f"from {__name__} import main; main()", str(path), str(max_bytes)]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        assert child.stdout is not None
        try:
            part: list[str] | Rows | End | None = None
            while not isinstance(part, End):
                try:
                    part = pickle.load(child.stdout)  # noqa: S301 - a process of our own wrote it
                except (EOFError, pickle.UnpicklingError):
                    part = End("unreadable", f"its reader ended with {child.wait()}: the file is damaged")
                yield part
        finally:
            child.kill()


def read(path: str, max_bytes: int) -> Iterator[list[str] | Rows | End]:
    """Yield the parts of a table, read in this process; an end only where it breaks off."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    from pyarrow import parquet  # noqa: PLC0415

    try:
        with parquet.ParquetFile(path, buffer_size=BUFFER_BYTES, pre_buffer=False) as file:
            names = file.schema_arrow.names
            yield names
            if said := bomb(file.metadata, max_bytes):
                yield End("too_large", said)
            elif Columns(names).hold_articles:
                wanted = wanted_of(names)
                share = Path(path).stat().st_size / max(1, file.metadata.num_rows)
                for batch in file.iter_batches(BATCH_ROWS, columns=wanted):
                    cells = [as_python(batch.column(name), pa) for name in wanted]
                    yield Rows(list(zip(*cells, strict=True)), round(share * batch.num_rows))
    except (pa.ArrowException, OSError, ValueError) as error:
        yield End("unreadable", str(error))
    except Exception as error:  # noqa: BLE001 - a day of no calendar, a zone that nobody knows
        yield End("unreadable", f"{type(error).__name__}: {error}")


def wanted_of(names: list[str]) -> list[str]:
    """Return the names of the columns that are read, each once."""
    return list(dict.fromkeys(names[place] for place in Columns(names).places.values()))


def bomb(metadata: Any, max_bytes: int) -> str:
    """Say that a column unpacks to more than its rows may hold; empty where none does."""
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        for column in map(group.column, range(group.num_columns)):
            size, rows = column.total_uncompressed_size, group.num_rows
            if size > max_bytes * max(1, rows):
                return f"{column.path_in_schema} unpacks to {size} bytes in {rows} rows; a row may have {max_bytes}"
    return ""


def as_python(column: Any, arrow: Any) -> list[Any]:
    """Return a column's values: texts as bytes, for not all are UTF-8, and times to the microsecond."""
    if arrow.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if arrow.types.is_string(column.type):
        column = column.cast(arrow.binary())
    elif arrow.types.is_large_string(column.type):
        column = column.cast(arrow.large_binary())
    elif arrow.types.is_timestamp(column.type):
        column = column.cast(arrow.timestamp("us", tz=column.type.tz), safe=False)
    values: list[Any] = column.to_pylist()
    return values


def main() -> None:
    """Write the parts of the table that the command line names to standard output."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for part in chain(read(sys.argv[1], int(sys.argv[2])), [End()]):
        pickle.dump(part, sys.stdout.buffer)
    sys.stdout.flush()
