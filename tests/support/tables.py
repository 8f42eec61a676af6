"""Tables of texts beside the tests."""

from pathlib import Path


def rows_of(path: Path) -> list[list[str]]:
    """Return the rows of a table: columns between tabs, without the lines of comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]
